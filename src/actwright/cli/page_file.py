"""Page files: what ``--html`` writes for a browser, over nobody's file but an earlier page's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actwright.cli.output import write_text
from actwright.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

_OURS = b'<meta name="generator" content="Actwright">'
_HEAD = 2_000
"""Bytes of a page in which its maker stands."""


def write_page(page: str, path: Path) -> None:
    """Write a page into a file.

    Raises:
        InputError: There is such a file, and it is no page of ours; or it cannot be written.
    """
    if path.is_file() and path.stat().st_size and not is_page(path):
        raise InputError(
            "The file is there already, and is no page of Actwright's.",
            where=str(path),
            hint="Give another name, or delete the file first.",
            code="file_exists",
        )
    write_text(page, path)


def is_page(path: Path) -> bool:
    """Tell whether a file is a page that ``--html`` wrote."""
    try:
        with path.open("rb") as file:
            return _OURS in file.read(_HEAD)
    except OSError:
        return False
