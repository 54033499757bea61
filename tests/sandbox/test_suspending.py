"""Suspended runs: whole, of one exact call, for one resumption, and of no newer interpreter."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.errors import SuspensionError
from actwright.sandbox import Call, Capability, Opaque, Parameter, Sandbox, Surface, Value
from actwright.sandbox.suspending import call_digest, resumable, sealed

if TYPE_CHECKING:
    from pydantic_monty import FunctionSnapshot

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = bytes(range(32))
CODE = 'import org\n\nx = 20\ny = org.update("001", {"Amount": x})\nx + y\n'
CALL = Call("org", "update", {"record": "001", "values": {"Amount": 20}})
ORG = Surface(
    (
        Capability(
            "org",
            "update",
            (Parameter("record", "str"), Parameter("values", "dict[str, Any]")),
            "int",
            "",
        ),
    )
)


def _waiting(sandbox: Sandbox, code: str, then: Callable[[FunctionSnapshot], bytes]) -> bytes:
    """Run code up to its call, and return what is made of it there."""
    import pydantic_monty as monty  # noqa: PLC0415 - as the sandbox itself does

    with sandbox.session(ORG, now=NOW) as session:
        snapshot = session.feed_start(code, print_callback=monty.CollectString(1000))
        while isinstance(snapshot, monty.FunctionSnapshot) and snapshot.is_os_function:
            snapshot = snapshot.resume_auto()
        assert isinstance(snapshot, monty.FunctionSnapshot)
        return then(snapshot)


@pytest.fixture(scope="module")
def document(sandbox: Sandbox) -> bytes:
    """Return a run that waits at a call, sealed."""
    return _waiting(sandbox, CODE, lambda snapshot: sealed(snapshot, CALL, key=KEY))


@pytest.fixture
def taken() -> set[str]:
    """Return the ids that were claimed: none yet."""
    return set()


class Untouched:
    """A session that must not be reached."""

    def load_snapshot(self, *_: object, **__: object) -> None:
        """Fail the test."""
        raise AssertionError("the interpreter was given what should have been refused")


def _refused(document: bytes) -> None:
    """Hold that a document is refused before it is claimed and before the interpreter sees it."""
    taken: list[str] = []
    with pytest.raises(SuspensionError):
        resumable(
            document,
            Untouched(),  # type: ignore[arg-type] # no session on purpose
            call=CALL,
            key=KEY,
            surface=ORG,
            claim=lambda which: not taken.append(which),  # type: ignore[func-returns-value] # appended, and claimed
        )
    assert taken == []


def _resumed(
    sandbox: Sandbox,
    document: bytes,
    taken: set[str] | None = None,
    *,
    call: Call = CALL,
    key: bytes = KEY,
    surface: Surface = ORG,
) -> object:
    import pydantic_monty as monty  # noqa: PLC0415 - as the sandbox itself does

    claimed = set() if taken is None else taken

    def claim(which: str) -> bool:
        fresh = which not in claimed
        claimed.add(which)
        return fresh

    with sandbox.session(surface, now=NOW) as session:
        snapshot = resumable(document, session, call=call, key=key, surface=surface, claim=claim)
        done = snapshot.resume({"return_value": 22})
        assert isinstance(done, monty.MontyComplete)
        return done.output


def test_a_run_goes_on_in_another_session(
    sandbox: Sandbox, document: bytes, taken: set[str]
) -> None:
    """It waits at the very call it was sealed at, and comes to its end."""
    assert _resumed(sandbox, document, taken) == 42
    assert len(taken) == 1


def test_a_run_goes_on_once(sandbox: Sandbox, document: bytes, taken: set[str]) -> None:
    """The second resumption finds its id claimed."""
    _resumed(sandbox, document, taken)
    with pytest.raises(SuspensionError, match="resumed before"):
        _resumed(sandbox, document, taken)


def test_nothing_of_it_can_be_read(document: bytes) -> None:
    """Source and values are encrypted; what stands in the open is an id, a version and a digest."""
    assert b"Amount" not in document
    assert b"update" not in document
    assert call_digest(CALL).encode() in document


@given(place=st.integers(min_value=0), flip=st.integers(1, 255))
def test_any_changed_byte_is_noticed(document: bytes, place: int, flip: int) -> None:
    """Wherever it is edited, it is refused before the interpreter sees it, and nothing is claimed."""
    edited = bytearray(document)
    edited[place % len(document)] ^= flip
    _refused(bytes(edited))


@given(length=st.integers(min_value=0))
def test_a_cut_one_is_noticed(document: bytes, length: int) -> None:
    """However much of it is missing, it is refused."""
    _refused(document[: length % len(document)])


@given(document=st.binary(max_size=200))
def test_what_is_no_suspended_run_is_noticed(document: bytes) -> None:
    """Any other bytes are refused, also behind the right beginning."""
    _refused(document)
    _refused(b"actwright-suspended-1\n" + document)


@pytest.mark.parametrize(
    "call",
    [
        Call("org", "update", {"record": "999", "values": {"Amount": 20}}),
        Call("org", "update", {"record": "001", "values": {"Amount": 21}}),
        Call("org", "update", {"record": "001", "values": {"Amount": Decimal(20)}}),
        Call("org", "delete", {"record": "001", "values": {"Amount": 20}}),
        Call("svc", "update", {"record": "001", "values": {"Amount": 20}}),
        Call("org", "update", {"record": "001"}),
    ],
)
def test_a_yes_to_another_call_resumes_nothing(
    sandbox: Sandbox, document: bytes, taken: set[str], call: Call
) -> None:
    """It goes on only for the call that was said yes to, to the last value."""
    with pytest.raises(SuspensionError, match="another call"):
        _resumed(sandbox, document, taken, call=call)
    assert taken == set()


def test_a_foreign_key_opens_nothing(sandbox: Sandbox, document: bytes) -> None:
    """What another key sealed is as good as edited."""
    with pytest.raises(SuspensionError, match="another key"):
        _resumed(sandbox, document, key=os.urandom(32))
    with pytest.raises(SuspensionError, match="32 bytes"):
        _resumed(sandbox, document, key=b"short")


def test_the_call_it_names_is_looked_at_again(sandbox: Sandbox) -> None:
    """One that was sealed for a harmless call, and waits at another, is refused after loading too."""
    lying = _waiting(
        sandbox,
        CODE.replace("001", "999"),
        lambda snapshot: sealed(snapshot, CALL, key=KEY),
    )
    with pytest.raises(SuspensionError, match="than it says"):
        _resumed(sandbox, lying)


def test_a_call_that_is_no_longer_offered_is_refused(sandbox: Sandbox, document: bytes) -> None:
    """What may be called is asked of today's surface."""
    with pytest.raises(SuspensionError, match="may not be made"):
        _resumed(sandbox, document, surface=Surface())


@pytest.mark.parametrize(
    ("version", "opens"), [("1.4.1", False), ("2.0.0", False), ("0.9.0", False), ("1.3.0", True)]
)
def test_an_older_interpreter_reads_nothing_of_a_newer(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, version: str, *, opens: bool
) -> None:
    """A downgrade with suspended runs is refused with both versions; an upgrade within a line is not."""
    import pydantic_monty as monty  # noqa: PLC0415 - as the sandbox itself does

    def then(snapshot: FunctionSnapshot) -> bytes:
        with monkeypatch.context() as patched:
            patched.setattr(monty, "__version__", version)
            return sealed(snapshot, CALL, key=KEY)

    document = _waiting(sandbox, CODE, then)
    if opens:
        assert _resumed(sandbox, document) == 42
    else:
        with pytest.raises(SuspensionError, match=version):
            _resumed(sandbox, document)


def test_what_is_no_snapshot_is_refused_though_it_was_sealed(sandbox: Sandbox) -> None:
    """The interpreter's own refusal comes out as ours."""

    class Fake:
        def dump(self) -> bytes:
            return b"no snapshot"

    document = sealed(Fake(), CALL, key=KEY)  # type: ignore[arg-type] # not the interpreter's on purpose
    with pytest.raises(SuspensionError, match="cannot read"):
        _resumed(sandbox, document)


@pytest.mark.parametrize("argument", [Opaque(1), [Opaque(1)], {"a": Opaque(1)}])
def test_a_handle_cannot_be_suspended(argument: Value) -> None:
    """The host's objects do not survive; a call that holds one has no digest."""
    with pytest.raises(SuspensionError, match="opaque"):
        call_digest(Call("org", "update", {"record": argument}))


def test_equal_numbers_of_other_types_are_other_calls() -> None:
    """A number, a decimal, a text and a truth are told apart."""
    digests = {
        call_digest(Call("a", "b", {"v": value})) for value in (Decimal(1), 1, "1", True, None)
    }
    assert len(digests) == 5
