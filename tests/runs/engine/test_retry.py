"""Trying again: what passes by itself, at growing distances, with chance left out of none of them."""

from __future__ import annotations

import pytest

from actwright.errors import (
    ActwrightError,
    OrgAuthenticationError,
    OrgBusyError,
    OrgRefusedError,
    OrgTimeoutError,
    OrgUnreachableError,
)
from actwright.org.outcome import EffectOutcome, EffectStatus, Fault, GroupOutcome
from actwright.runs.engine.retry import Retrying, is_locked_out, is_passing


def test_waits_grow_and_are_jittered_downwards() -> None:
    """One, three and nine seconds at most, a quarter less at least; and never more than before the last try of all."""
    most = Retrying(attempts=4, random=lambda: 0.0)
    least = Retrying(attempts=4, random=lambda: 1.0)
    assert [most.wait(each) for each in (1, 2, 3, 4, 9)] == [1, 3, 9, 9, 9]
    assert [least.wait(each) for each in (1, 2, 3)] == [0.75, 2.25, 6.75]
    assert [most.allows(each) for each in (1, 2, 3, 4)] == [True, True, True, False]


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (OrgBusyError("busy"), True),
        (OrgUnreachableError("gone"), True),
        (OrgTimeoutError("late"), True),
        (OrgAuthenticationError("who"), False),
        (OrgRefusedError("no"), False),
        (None, False),
    ],
)
def test_only_what_passes_by_itself_is_tried_again(
    error: ActwrightError | None, *, passes: bool
) -> None:
    """A refusal stays a refusal."""
    assert is_passing(error) is passes


@pytest.mark.parametrize(
    ("statuses", "code", "locked"),
    [
        (["failed", "rolled_back"], "UNABLE_TO_LOCK_ROW", True),
        (["failed"], "REQUIRED_FIELD_MISSING", False),
        (["failed", "done"], "UNABLE_TO_LOCK_ROW", False),
        (["unknown"], "UNABLE_TO_LOCK_ROW", False),
    ],
)
def test_a_lock_is_tried_again_only_where_nothing_happened(
    statuses: list[EffectStatus], code: str, *, locked: bool
) -> None:
    """What is done in part, or in doubt, is not."""
    fault = Fault(code=code, message="m")
    outcomes = tuple(
        EffectOutcome(
            effect_id=str(place), status=each, faults=(fault,) if each == "failed" else ()
        )
        for place, each in enumerate(statuses)
    )
    assert is_locked_out(GroupOutcome(group_id="g", outcomes=outcomes)) is locked
