"""Documents written to files beside stdout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from actwright.cli.wire import document_text
from actwright.errors import InputError

if TYPE_CHECKING:
    from actwright.contract import Contract


def write_copy(document: Contract, path: Path | None) -> None:
    """Write a copy of a document to a file, where one was asked for.

    Raises:
        InputError: The file cannot be written.
    """
    if path is not None:
        write_text(document_text(document.model_dump(mode="json")), path)


def write_text(text: str, path: Path) -> None:
    """Write text to a file.

    Raises:
        InputError: The file cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"The file cannot be written: {reason}.",
            where=str(path),
            hint="The document is in the store all the same; use its id.",
            code="file_unwritable",
        ) from error
