"""Documents written to files beside stdout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from actwright.cli.wire import document_text
from actwright.errors import InputError

if TYPE_CHECKING:
    from actwright.contract import Contract

_STORED = "The document is in the store all the same; use its id."
_ELSEWHERE = "Name a file in a folder that is there and may be written to."


def write_copy(document: Contract, path: Path | None) -> None:
    """Write a copy of a document to a file, where one was asked for.

    Raises:
        InputError: The file cannot be written.
    """
    if path is not None:
        write_text(document_text(document.model_dump(mode="json")), path, hint=_STORED)


def check_new(path: Path, hint: str) -> None:
    """Refuse to write over a file that somebody may still want.

    Args:
        path: The file.
        hint: What to do where it is there already.

    Raises:
        InputError: There is one.
    """
    if path.exists():
        raise InputError(
            "The file is there already, and nothing is written over it.",
            where=str(path),
            hint=hint,
            code="file_exists",
        )


def write_text(text: str, path: Path, *, hint: str = _ELSEWHERE) -> None:
    """Write text to a file.

    Args:
        text: What to write.
        path: The file.
        hint: What to do where it cannot be written.

    Raises:
        InputError: The file cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise unwritable(path, error, hint=hint) from error


def unwritable(path: Path, error: Exception, *, hint: str = _ELSEWHERE) -> InputError:
    """Return what is raised where a file cannot be written, with why and what to do."""
    reason = getattr(error, "strerror", None) or error
    return InputError(
        f"The file cannot be written: {reason}.",
        where=str(path),
        hint=hint,
        code="file_unwritable",
    )
