"""Code checked before it is kept: the lint, and then its types against the stubs."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from actwright.errors import SandboxError, SandboxLimitError
from actwright.inert import inert
from actwright.sandbox.failures import failure, limit_reached
from actwright.sandbox.finding import MOST_FINDINGS, Finding
from actwright.sandbox.limits import SandboxLimits
from actwright.sandbox.pool import Sandbox
from actwright.sandbox.surface import STUB_HEAD, Surface
from actwright.sandbox.syntax import lint

if TYPE_CHECKING:
    from pydantic_monty import FunctionSnapshot, MontySession

_CLOCK: Final = datetime(2000, 1, 1, tzinfo=UTC)
_EXISTING_ERRORS: Final = (
    ("ImportError", "Exception"),
    ("ModuleNotFoundError", "ImportError"),
    ("PermissionError", "OSError"),
    ("FileNotFoundError", "OSError"),
    ("FileExistsError", "OSError"),
    ("IsADirectoryError", "OSError"),
    ("NotADirectoryError", "OSError"),
    ("UnboundLocalError", "NameError"),
    ("UnicodeDecodeError", "ValueError"),
    ("UnicodeEncodeError", "ValueError"),
)
_EXISTING: Final = """\
def map(function: Any, /, *iterables: Any) -> list[Any]: ...
def filter(function: Any, iterable: Any, /) -> list[Any]: ...
def format(value: Any, spec: str = "", /) -> str: ...
def getattr(value: Any, name: str, default: Any = ..., /) -> Any: ...
def hasattr(value: Any, name: str, /) -> bool: ...
def setattr(value: Any, name: str, to: Any, /) -> None: ...
def open(*args: Any, **kwargs: Any) -> Any: ...
"""
"""The names the type checker of 1.4.0 does not know, though they exist; what may not be used is refused by the lint."""


def check(
    source: str,
    *,
    entry: str,
    signature: str,
    surface: Surface,
    limits: SandboxLimits | None = None,
    sandbox: Sandbox | None = None,
) -> tuple[Finding, ...]:
    """Return what is wrong with code, in the order of its lines; none, where it may run.

    The types are looked at where the lint finds nothing. Nothing of the code is called.

    Args:
        source: The code.
        entry: The function that is to be called.
        signature: The ``def`` line it must have: ``def act(case_id: str) -> dict[str, Any]``.
        surface: What the code may call.
        limits: The ceilings it will run under.
        sandbox: Whose workers check the types; without it, one is opened for this check and closed again.

    Raises:
        SandboxUnavailableError: There is no sandbox here.
    """
    limits = limits or (sandbox.limits if sandbox else SandboxLimits())
    if len(source.encode(errors="replace")) > limits.source_bytes:
        return (Finding("source_bytes", str(limit_reached("source_bytes", limits)), 0, 0),)
    found = lint(source, entry=entry, surface=surface, signature=signature)
    if found:
        return found
    with Sandbox(limits=limits, workers=1) if sandbox is None else nullcontext(sandbox) as lent:
        return _typed(source, surface, lent)


def _typed(source: str, surface: Surface, sandbox: Sandbox) -> tuple[Finding, ...]:
    import pydantic_monty as monty  # noqa: PLC0415 - an extra

    with sandbox.session(surface, now=_CLOCK, typed=_stubs(surface)) as session:
        try:
            _defined(session, source)
        except monty.MontyTypingError as error:
            return _findings(error.display())
        except monty.MontyError as error:
            return (_whole(failure(error, sandbox.limits)),)
    return ()


def _defined(session: MontySession, source: str) -> None:
    """Let the worker read the code: its types are checked, its imports made, its functions defined."""
    import pydantic_monty as monty  # noqa: PLC0415 - an extra

    snapshot = session.feed_start(source, print_callback=monty.CollectString(1))
    while isinstance(snapshot, monty.FunctionSnapshot) and _about_imports(snapshot):
        snapshot = snapshot.resume_auto()


def _about_imports(snapshot: FunctionSnapshot) -> bool:
    return snapshot.is_os_function and snapshot.function_name in {"import", "import_stubs"}


def _stubs(surface: Surface) -> str:
    classes = "".join(f"class {name}({base}): ...\n" for name, base in _EXISTING_ERRORS)
    return f"{STUB_HEAD}\n{surface.types}\n{classes}{_EXISTING}"


def _findings(report: str) -> tuple[Finding, ...]:
    """Return what the type checker reports. Its messages quote the code, and are as little to be believed."""
    found = [
        Finding(
            f"type_{each['code']}".replace("-", "_"),
            inert(each["message"], limit=300),
            each["location"]["row"],
            each["location"]["column"],
        )
        for each in json.loads(report)
    ]
    return tuple(found[:MOST_FINDINGS])


def _whole(error: SandboxError) -> Finding:
    if isinstance(error, SandboxLimitError):
        text = "The code is too intricate to have its types worked out; write it in simpler steps."
        return Finding("intricate", text, 0, 0)
    return Finding(error.error_code, str(error), 0, 0)
