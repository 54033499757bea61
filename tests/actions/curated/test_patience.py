"""Patience: foreign code is waited for only so long, and keeps nothing from ending."""

from __future__ import annotations

import threading
from contextvars import ContextVar

import pytest

from actwright.actions.curated.patience import Patience, seconds_of
from actwright.errors import ImplementationError

WHO: ContextVar[str] = ContextVar("who", default="nobody")


def test_what_hangs_is_left_behind() -> None:
    """The caller goes on, the thread keeps no process from ending, and the next call is answered."""
    patience, gate = Patience(), threading.Event()
    with pytest.raises(ImplementationError, match=r"did not answer within 0\.05 seconds") as caught:
        patience.call(lambda: gate.wait(20), 0.05, name="mine")
    assert caught.value.error_code == "override_timeout"
    left = [each for each in threading.enumerate() if each.name == "actwright-override"]
    assert left
    assert all(each.daemon for each in left)
    assert patience.call(lambda: 5, 5, name="mine") == 5
    gate.set()


def test_a_thread_is_used_again_and_knows_who_asks() -> None:
    """Calls one after the other share one thread, each in the context of its caller."""
    patience = Patience()
    WHO.set("Ann")
    first = patience.call(lambda: (threading.get_ident(), WHO.get()), 5, name="mine")
    assert first == patience.call(lambda: (threading.get_ident(), WHO.get()), 5, name="mine")
    assert first[1] == "Ann"


@pytest.mark.parametrize("error", [ValueError("x"), TimeoutError("its own")])
def test_an_error_is_the_codes_own(error: Exception) -> None:
    """It arrives as it was raised; one of its own time limits is none of ours."""

    def broken() -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        Patience().call(broken, 5, name="mine")
    assert caught.value is error


@pytest.mark.parametrize("told", [0, -1, "10", float("nan"), float("inf"), True])
def test_a_time_that_is_none_is_refused(told: object) -> None:
    """A time limit is a positive number of seconds."""

    class Odd:
        """Says something odd of itself."""

    odd = Odd()
    assert seconds_of(odd, 7) == 7
    vars(odd)["timeout_seconds"] = told
    with pytest.raises(ImplementationError, match="no number of seconds"):
        seconds_of(odd)
