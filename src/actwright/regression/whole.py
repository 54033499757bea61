"""Whole files: what lies in a folder of recordings is there whole or not at all, whoever is interrupted."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile

from actwright.errors import DocumentError

_MODE = 0o644


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step, in place of the one that has its name; the folder is made where missing.

    Raises:
        DocumentError: It cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
            draft = Path(file.name)
            try:
                file.write(content)
                file.close()
                draft.chmod(path.stat().st_mode if path.exists() else _MODE)
                draft.replace(path)
            except BaseException:
                draft.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise DocumentError(
            f"The file cannot be written: {error.strerror or error}.",
            where=str(path),
            hint="Name a folder that may be written to, or make room there.",
        ) from error
