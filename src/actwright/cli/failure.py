"""Failures as people and programs see them: red lines on stderr, or one JSON document on stdout."""

from __future__ import annotations

import secrets
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from actwright.cli.terminal import Terminal
from actwright.errors import ActwrightError

Failure = Mapping[str, str | None]
"""``code``, ``message``, ``where`` and ``hint`` of an error."""


def complain(failure: Failure, *, as_json: bool) -> None:
    """Show a failure: as ``{"error": ...}`` on stdout, or as red lines on stderr."""
    terminal = Terminal(as_json=as_json)
    if as_json:
        terminal.document({"error": dict(failure)})
        return
    terminal.failure(
        failure["message"] or "Something failed.", where=failure["where"], hint=failure["hint"]
    )


def misuse(error: typer.TyperException) -> Failure:
    """Return a mistake in the command line as a failure that names the command's help."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "actwright"
    message = error.format_message().strip() or "A command is missing."
    return {"code": "usage", "message": message, "where": None, "hint": f"{path} --help"}


def crash(error: Exception, arguments: Sequence[str]) -> Failure:
    """Write an unexpected error's traceback to a file, and return a failure that names the file."""
    path = _report(error, _home(arguments))
    return {
        "code": "internal",
        "message": f"Internal error: {type(error).__name__}. This is a bug in Actwright.",
        "where": str(path) if path else None,
        "hint": "Report it with that file." if path else "Report it; no file could be written.",
    }


def _report(error: Exception, home: Path) -> Path | None:
    text = "".join(traceback.format_exception(error))
    for folder in (home / "crashes", Path(tempfile.gettempdir())):
        path = folder / f"actwright-crash-{secrets.token_hex(8)}.txt"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600, exist_ok=False)
            path.write_text(text, encoding="utf-8", errors="replace")
        except OSError:
            continue
        return path
    return None


def _home(arguments: Sequence[str]) -> Path:
    """Return the home folder the command line meant, as well as can be told after a crash."""
    from actwright.settings import load_settings  # noqa: PLC0415 - only after a crash

    try:
        return load_settings({"home": _option(arguments, "--home")}).home
    except ActwrightError:
        return Path(".actwright")


def _option(arguments: Sequence[str], name: str) -> str | None:
    for place, each in enumerate(arguments):
        if each == name:
            return arguments[place + 1] if place + 1 < len(arguments) else None
        if each.startswith(f"{name}="):
            return each.removeprefix(f"{name}=")
    return None
