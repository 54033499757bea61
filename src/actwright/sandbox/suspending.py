"""Runs suspended at a call: sealed, bound to that very call, and resumed once.

The interpreter's own snapshot is neither signed nor encrypted: whoever can edit its bytes can turn an approved call into
another one, and whoever has them can resume them as often as they like. A sealed one cannot be read or edited without
its key, names the call it waits at, and is claimed before it is opened.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from actwright.canonical import canonical_bytes, digest
from actwright.errors import SandboxError, SuspensionError
from actwright.sandbox.calls import Call, bound
from actwright.sandbox.launching import installed
from actwright.sandbox.limits import SandboxLimits
from actwright.sandbox.surface import Surface
from actwright.sandbox.values import Budget, Opaque, Value

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from pydantic_monty import FunctionSnapshot, MontySession

_MAGIC: Final = b"actwright-suspended-1\n"
_NONCE: Final = 12
_LENGTH: Final = struct.Struct(">I")
_LONGEST_HEADER: Final = 4096
_KEY: Final = 32

Claim = Callable[[str], bool]
"""Takes the id of a suspension for good; false where somebody has taken it before."""


@dataclass(frozen=True, slots=True)
class _Header:
    """What stands in the open: authentic, though anybody can read it."""

    id: str
    version: str
    call: str


def call_digest(call: Call) -> str:
    """Return the digest of one exact call: module, name, and every argument.

    Raises:
        SuspensionError: An argument is an opaque handle, which no suspension can keep.
    """
    return digest({"module": call.module, "name": call.name, "arguments": _plain(call.arguments)})


def sealed(snapshot: FunctionSnapshot, call: Call, *, key: bytes) -> bytes:
    """Return a run that waits at a call, sealed.

    Args:
        snapshot: The run, as the interpreter suspended it.
        call: The call it waits at.
        key: 32 secret bytes.

    Raises:
        SuspensionError: The call has an opaque handle among its arguments.
    """
    header = _Header(str(uuid4()), installed().__version__, call_digest(call))
    opening = _opening(header)
    nonce = os.urandom(_NONCE)
    return opening + nonce + _cipher(key).encrypt(nonce, snapshot.dump(), opening)


def resumable(
    document: bytes,
    session: MontySession,
    *,
    call: Call,
    key: bytes,
    surface: Surface,
    claim: Claim,
    limits: SandboxLimits | None = None,
) -> FunctionSnapshot:
    """Load a sealed run into a fresh session, and return it where it waits at the very call that was said yes to.

    Args:
        document: What `sealed` returned.
        session: A fresh session of a worker.
        call: The call that was said yes to.
        key: The key it was sealed with.
        surface: What the code may call.
        claim: Takes its id for good, in the store; it is asked last, when nothing else speaks against it.
        limits: The ceilings its arguments are counted against.

    Raises:
        SuspensionError: It was edited, is another call's, was sealed with another key or by a newer version, or was
            resumed before.
    """
    header, blob = _opened(document, key)
    _check_version(header.version)
    if header.call != call_digest(call):
        raise _invalid("It waits at another call than the one that was confirmed.")
    if not claim(header.id):
        raise _invalid("It was resumed before.")
    return _loaded(session, blob, header, surface, limits or SandboxLimits())


def _loaded(
    session: MontySession, blob: bytes, header: _Header, surface: Surface, limits: SandboxLimits
) -> FunctionSnapshot:
    import pydantic_monty as monty  # noqa: PLC0415 - an extra

    try:
        snapshot = session.load_snapshot(blob, print_callback=monty.CollectString(limits.printed))
    except monty.MontyError as error:
        raise _invalid("The interpreter cannot read it.") from error
    if not isinstance(snapshot, monty.FunctionSnapshot) or snapshot.is_os_function:
        raise _invalid("It waits at no call.")
    budget = Budget(limits.nodes, limits.value_bytes, {})
    try:
        announced = bound(
            snapshot.function_name, snapshot.args, snapshot.kwargs, surface=surface, budget=budget
        )
    except SandboxError as error:
        raise _invalid("It waits at a call that may not be made.") from error
    if call_digest(announced) != header.call:
        raise _invalid("It waits at another call than it says.")
    return snapshot


def _opening(header: _Header) -> bytes:
    text = canonical_bytes({"call": header.call, "id": header.id, "version": header.version})
    return _MAGIC + _LENGTH.pack(len(text)) + text


def _opened(document: bytes, key: bytes) -> tuple[_Header, bytes]:
    """Return header and snapshot of a sealed run that is whole.

    Raises:
        SuspensionError: It is not.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - slow to import

    start = len(_MAGIC) + _LENGTH.size
    if not document.startswith(_MAGIC) or len(document) < start:
        raise _invalid("It is no suspended run.")
    (length,) = _LENGTH.unpack(document[len(_MAGIC) : start])
    end = start + length
    if length > _LONGEST_HEADER or len(document) < end + _NONCE:
        raise _invalid("It was cut short.")
    nonce, rest = document[end : end + _NONCE], document[end + _NONCE :]
    try:
        blob = _cipher(key).decrypt(nonce, rest, document[:end])
    except InvalidTag as error:
        raise _invalid("It was edited, or sealed with another key.") from error
    return _Header(**json.loads(document[start:end])), blob


def _cipher(key: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - slow to import

    if len(key) != _KEY:
        raise _invalid(f"A key has {_KEY} bytes.")
    return AESGCM(key)


def _check_version(version: str) -> None:
    """Refuse what a newer interpreter, or one of another line, has written: it reads such bytes without checking them."""
    ours = _numbers(installed().__version__)
    theirs = _numbers(version)
    if theirs > ours or theirs[0] != ours[0]:
        raise _invalid(
            f"It was suspended by version {version} of the interpreter, and here is {installed().__version__}."
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(each) for each in version.split(".") if each.isdecimal())


def _plain(value: Value) -> object:
    if isinstance(value, Opaque):
        raise _invalid("A call with an opaque handle cannot be suspended.")
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def _invalid(why: str) -> SuspensionError:
    return SuspensionError(
        f"The suspended run cannot be resumed. {why}",
        hint="Start the action again; what it would do is shown anew.",
    )
