"""Staging: where copies stand on their way to their place, and what becomes of those a killed process left."""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from actwright.errors import StoreError

_PREFIX = ".actwright-staging-"
_STALE_SECONDS = 24 * 3600
"""Longer than any copy takes: what is older belongs to a process that is no more."""


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """Give an empty folder inside another one, which goes at the end; what a killed process left there goes before.

    Args:
        folder: Where it is made, on the disk the copies are for; made where missing.

    Raises:
        StoreError: Nothing can be made there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder, _PREFIX)
        made = TemporaryDirectory(dir=folder, prefix=_PREFIX)
    except OSError as error:
        raise StoreError(
            f"Nothing can be written there: {error.strerror or error}.",
            where=str(folder),
            hint="Name another place, or make room there; nothing was left behind.",
        ) from error
    with made as path:
        yield Path(path)


def sweep(folder: Path, prefix: str) -> None:
    """Remove what a killed process of this account left a day ago or earlier.

    Args:
        folder: Where it was at work.
        prefix: How the names of what it makes on the way begin.
    """
    oldest = time.time() - _STALE_SECONDS
    for each in folder.glob(f"{prefix}*"):
        with suppress(OSError):
            found = each.lstat()
            if found.st_mtime >= oldest or found.st_uid != os.getuid():
                continue
            if stat.S_ISDIR(found.st_mode):
                shutil.rmtree(each)
            else:
                each.unlink()
