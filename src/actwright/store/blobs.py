"""Blobs: large results kept beside the store, each under the hash of its own content, and never changed."""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Protocol

from actwright.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from actwright.store.s3 import S3Blobs

_DIGEST = re.compile("[0-9a-f]{64}", re.ASCII)


class Blobs(Protocol):
    """Keeps contents of any size by their SHA-256."""

    def put(self, content: bytes) -> str:
        """Keep a content durably, and return its SHA-256 as 64 hexadecimal digits; the same one may come again.

        Raises:
            StoreError: It could not be kept.
        """
        ...

    def get(self, digest: str) -> bytes:
        """Return the content with that SHA-256, after checking that it is.

        Raises:
            StoreError: It is missing, damaged, or cannot be read.
        """
        ...


class PurgeableBlobs(Blobs, Protocol):
    """Keeps contents that may go again; what a journal speaks of is never among them."""

    def remove(self, digest: str) -> None:
        """Remove the content with that SHA-256; it may be gone already.

        Raises:
            StoreError: It cannot be removed.
        """
        ...


class FileBlobs:
    """Blobs in a folder, in one of 256 folders each.

    Args:
        folder: Where; made where missing, readable by its owner only.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Write a content and wait for the disk; a crash leaves it whole or not there."""
        digest = sha256(content).hexdigest()
        path = self._path(digest)
        try:
            if not _holds(path, content):
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                _write(path, content)
        except OSError as error:
            raise _failed("kept", error, path) from error
        return digest

    def get(self, digest: str) -> bytes:
        """Read a content, and check it."""
        path = self._path(digest)
        try:
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise missing(digest, str(self._folder)) from error
        except OSError as error:
            raise _failed("read", error, path) from error
        return checked(content, digest, str(path))

    def remove(self, digest: str) -> None:
        """Remove a content."""
        path = self._path(digest)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _failed("removed", error, path) from error

    def _path(self, digest: str) -> Path:
        return self._folder / place_of(digest)


def open_blobs(where: str | Path, *, setting: str = "blobs") -> PurgeableBlobs:
    """Return the blob store at a place; nothing is opened before it is first used.

    Args:
        where: A folder, or ``s3://bucket/prefix``, which needs the extra ``s3``.
        setting: Where the text came from, for the message.

    Raises:
        ConfigError: It is another kind of address, or the extra is not installed.
    """
    place = bucket_or_folder(where, what="Blobs", setting=setting)
    return FileBlobs(place) if isinstance(place, Path) else place


def bucket_or_folder(where: str | Path, *, what: str, setting: str) -> S3Blobs | Path:
    """Return the bucket or the folder a text names; neither is looked at before it is used.

    Args:
        where: A folder, or ``s3://bucket/prefix``, which needs the extra ``s3``.
        what: What is to be kept there, for the message.
        setting: Where the text came from, for the message.

    Raises:
        ConfigError: It is another kind of address, or the extra is not installed.
    """
    text = str(where)
    if text.startswith("s3://"):
        from actwright.store.s3 import S3Blobs  # noqa: PLC0415 - an extra, and slow to import

        return S3Blobs(text)
    if "://" in text:
        raise ConfigError(
            f"{what} cannot be kept at {text.partition('://')[0][:20]}://.",
            where=setting,
            hint="Name a folder, or s3://bucket/prefix.",
        )
    return Path(where)


def place_of(digest: str) -> str:
    """Return where a content stands within its blob store: a folder of few, then its hash.

    Raises:
        StoreError: It is no SHA-256, so nothing stands under it.
    """
    if not _DIGEST.fullmatch(digest):
        raise StoreError(f"{digest[:80]!r} is no SHA-256, so no blob has that name.")
    return f"{digest[:2]}/{digest}"


def checked(content: bytes, digest: str, where: str) -> bytes:
    """Return a content that was read, if it is the one that was kept.

    Raises:
        StoreError: It is not.
    """
    if sha256(content).hexdigest() != digest:
        raise StoreError(
            f"The blob {digest[:12]} was changed after it was kept.",
            where=where,
            hint="Bring it back from a backup of the blob store.",
        )
    return content


def missing(digest: str, where: str) -> StoreError:
    """Return the error of a content that is not there."""
    return StoreError(
        f"The blob {digest[:12]} is not there.",
        where=where,
        hint="Check ACTWRIGHT_BLOBS: what runs wrote elsewhere is read from there.",
    )


def _holds(path: Path, content: bytes) -> bool:
    """Tell whether a file is there already and whole; a damaged one is written anew."""
    return path.is_file() and path.read_bytes() == content


def _write(path: Path, content: bytes) -> None:
    with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    _sync(path.parent)
    _sync(path.parent.parent)


def _sync(folder: Path) -> None:
    """Make sure that what was renamed or made in a folder is there after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _failed(what: str, error: OSError, path: Path) -> StoreError:
    return StoreError(
        f"A blob cannot be {what}: {error.strerror or error}.",
        where=str(path),
        hint="Check the folder, the free space and who may write there.",
    )
