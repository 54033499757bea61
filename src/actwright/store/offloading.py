"""Offloading: a large text is kept in the blob store, and the row of the store holds its size and its hash."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NoReturn

from actwright.canonical import canonical_text
from actwright.document import parse_json
from actwright.errors import ActwrightError, DocumentError, DocumentLostError, StoreError
from actwright.store.blobs import Blobs

OFFLOADED = "offloaded"
"""The one key of what a row holds in place of a text that is kept outside."""

THRESHOLD = 64 * 1024
"""A canonical text with more bytes than this is offloaded."""

_MOST_BYTES = 4
"""That many a character has in UTF-8."""

_LONGEST_REFERENCE = 200

_MARK = f'{{"{OFFLOADED}":'
_log = logging.getLogger(__name__)


def is_reference(text: str) -> bool:
    """Tell whether what a row holds is a reference to a blob."""
    return text.startswith(_MARK)


def referred_to(data: object) -> str | None:
    """Return the SHA-256 that written data refers to in place of its content, or None where it is no reference."""
    match data:
        case {"offloaded": {"bytes": int(), "sha256": str(digest), **more}, **others} if not (
            more or others
        ):
            return digest
    return None


def reference_to(content: bytes) -> dict[str, Any]:
    """Return what a row holds in place of a content that is kept outside."""
    return {OFFLOADED: {"bytes": len(content), "sha256": sha256(content).hexdigest()}}


def reference_text(text: str) -> str:
    """Return the same of a text, as the row holds it."""
    return canonical_text(reference_to(text.encode()))


@dataclass(slots=True)
class Offloading:
    """Large texts on their way out of the rows and back.

    Attributes:
        blobs: Where they are kept; None keeps everything in the rows.
        failed: Whether the blob store failed in this process, so that something large stayed in its row.
        reads_only: Whether nothing more goes there, since others use the store who could not read it.
    """

    blobs: Blobs | None
    failed: bool = False
    reads_only: bool = False

    def takes(self, text: str) -> bool:
        """Tell whether a canonical text is kept outside."""
        if self.blobs is None or self.reads_only or len(text) * _MOST_BYTES <= THRESHOLD:
            return False
        return len(text.encode()) > THRESHOLD

    def kept(self, text: str, *, where: str = "the journal") -> str:
        """Return what the row holds of a text, after storing what is kept outside.

        Where the blob store fails, the row holds all of it: nothing is lost, and the log says so.

        Args:
            text: The canonical text.
            where: What it stays in where it cannot go out, for the log.
        """
        if self.blobs is None or not self.takes(text):
            return text
        content = text.encode()
        try:
            self.blobs.put(content)
        except (ActwrightError, OSError) as error:
            self.failed = True
            _log.warning("%d bytes stay in %s: %s", len(content), where, error)
            return text
        return canonical_text(reference_to(content))

    def whole(self, text: str, *, where: str) -> str:
        """Return the text that a row holds, or refers to.

        Args:
            text: What the row holds.
            where: What is read, for the message.

        Raises:
            DocumentLostError: The text is missing from the blob store, or is not what was stored there.
        """
        if not is_reference(text):
            return text
        digest = _digest_in(text, where)
        if digest is None:
            raise DocumentLostError(f"The data of {where} refers to nothing.", where=where)
        try:
            return self.content_of(digest).decode()
        except (StoreError, UnicodeDecodeError) as error:
            _lost(where, digest, error)

    def content_of(self, digest: str) -> bytes:
        """Return the content with that SHA-256, held against it.

        Raises:
            StoreError: It is missing, is not what was stored, or there is no blob store.
        """
        if self.blobs is None:
            raise StoreError("no blob store is set up")
        try:
            content = self.blobs.get(digest)
        except OSError as error:
            raise StoreError(str(error)) from error
        if sha256(content).hexdigest() != digest:
            raise StoreError("it is not what was stored")
        return content


def reason_of(error: Exception) -> str:
    """Return why a blob cannot be read, without where, and without the full stop."""
    told = error.message if isinstance(error, ActwrightError) else str(error)
    return told.removesuffix(".")


def place_of_blob(digest: str, error: Exception) -> str:
    """Return which blob cannot be read, and where it was looked for, as far as the error tells."""
    looked = error.where if isinstance(error, ActwrightError) else None
    return f"blob {digest} in {looked}" if looked else f"blob {digest}"


def _digest_in(reference: str, where: str) -> str | None:
    try:
        return referred_to(parse_json(reference, where=where, largest=_LONGEST_REFERENCE))
    except DocumentError:
        return None


def _lost(where: str, digest: str, error: Exception) -> NoReturn:
    raise DocumentLostError(
        f"{where[:1].upper()}{where[1:]} cannot be read: {reason_of(error)}.",
        where=place_of_blob(digest, error),
        hint="`actwright doctor` tells whether the blob store is there; what is lost of it comes back from a backup.",
    ) from error
