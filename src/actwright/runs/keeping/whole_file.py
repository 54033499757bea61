"""A file that is there whole or not at all, and then on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from actwright.errors import StoreError

DRAFT = ".new-"
"""How the name of a file begins that is not whole yet."""


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file for writing; it takes its name, and replaces what has it, when all of it is on the disk.

    Args:
        path: Its name; the folder is made where missing. Readable by its owner only.

    Raises:
        StoreError: It cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=DRAFT, delete=False) as file:
            try:
                yield file.file
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        _sync_folder(path.parent)
    except OSError as error:
        raise StoreError(
            f"The file cannot be written: {error.strerror or error}.",
            where=str(path),
            hint="Name another place, or make room there; nothing was left behind.",
        ) from error


def new_file(path: Path, content: bytes) -> None:
    """Write a new file that is there whole or not at all, and then on the disk; readable by its owner only.

    Raises:
        FileExistsError: Something has that name already; it stays as it is.
        OSError: It cannot be written.
    """
    with NamedTemporaryFile(dir=path.parent, prefix=DRAFT) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        os.link(file.name, path)
    _sync_folder(path.parent)


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, as 64 hexadecimal digits.

    Raises:
        StoreError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> StoreError:
    """Return the error of a file that cannot be read."""
    return StoreError(
        f"The file cannot be read: {error.strerror or error}.",
        where=str(path),
        hint="Check its name, and who may read it.",
    )


def _sync_folder(folder: Path) -> None:
    """Put the name itself on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
