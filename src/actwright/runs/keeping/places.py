"""Places for files that are kept: a folder, or a bucket that speaks S3."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from actwright.runs.keeping.staging import sweep
from actwright.runs.keeping.whole_file import DRAFT, unreadable, whole_file
from actwright.store.blobs import bucket_or_folder


class Place(Protocol):
    """Keeps files under names."""

    def has(self, name: str) -> bool:
        """Tell whether there is a file of that name.

        Raises:
            StoreError: The place cannot be reached.
        """
        ...

    def keep(self, name: str, source: Path) -> str:
        """Copy a file there, whole or not at all, and return where it is.

        Raises:
            StoreError: It cannot be written.
        """
        ...


class FolderPlace:
    """A folder.

    Args:
        folder: It is made where missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, name: str) -> bool:
        """Tell whether there is a file of that name."""
        return (self.folder / name).is_file()

    def keep(self, name: str, source: Path) -> str:
        """Copy a file there, and wait for the disk; halves that a killed process left a day ago go."""
        sweep(self.folder, DRAFT)
        path = self.folder / name
        try:
            with source.open("rb") as content, whole_file(path) as out:
                while block := content.read(1024 * 1024):
                    out.write(block)
        except OSError as error:
            raise unreadable(source, error) from error
        return str(path)


def place_at(where: str | Path) -> Place:
    """Return the place of that name; a bucket is not asked before it is used.

    Args:
        where: A folder, or ``s3://bucket/prefix``, which needs the extra ``s3``.

    Raises:
        ConfigError: It is another kind of address, or the extra is not installed.
    """
    place = bucket_or_folder(where, what="Files", setting="--to or daily_export")
    return FolderPlace(place) if isinstance(place, Path) else place
