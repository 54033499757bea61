"""Payloads: long texts kept apart from their records under the hash of what they say, and put back when they are read."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from actwright.canonical import Json
from actwright.errors import StoreError
from actwright.store.blobs import Blobs

_REFERENCE = "payload"
_ABSENT = "[this text is not there]"


class Offloading:
    """Takes the long texts out of one document.

    Args:
        inline: The most bytes of a text that stays where it is.
    """

    def __init__(self, inline: int) -> None:
        self._inline = inline
        self.contents: dict[str, bytes] = {}
        """What was taken out, by SHA-256."""

    def document(self, document: Json) -> Json:
        """Return the document with a reference instead of each long text: ``{"payload": SHA-256}``."""
        if isinstance(document, str):
            return self._text(document)
        if isinstance(document, list):
            return [self.document(each) for each in document]
        if isinstance(document, dict):
            return {name: self.document(each) for name, each in document.items()}
        return document

    def _text(self, text: str) -> Json:
        content = text.encode()
        if len(content) <= self._inline:
            return text
        digest = sha256(content).hexdigest()
        self.contents[digest] = content
        return {_REFERENCE: digest}


class Rehydrating:
    """Puts long texts back into one document; one that is missing or damaged is named and stops nothing.

    Args:
        blobs: Where they are.
    """

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._known: dict[str, str] = {}
        self.missing: list[str] = []
        """What could not be put back, a sentence each."""

    def document(self, document: Json) -> Json:
        """Return the document with its texts."""
        if isinstance(document, list):
            return [self.document(each) for each in document]
        if isinstance(document, dict):
            digest = _reference(document)
            if digest is not None:
                return self._text(digest)
            return {name: self.document(each) for name, each in document.items()}
        return document

    def _text(self, digest: str) -> str:
        if digest not in self._known:
            self._known[digest] = self._read(digest)
        return self._known[digest]

    def _read(self, digest: str) -> str:
        try:
            return self._blobs.get(digest).decode("utf-8", "replace")
        except StoreError as error:
            self.missing.append(error.message)
            return _ABSENT


def _reference(document: Mapping[str, Json]) -> str | None:
    digest = document.get(_REFERENCE)
    return digest if isinstance(digest, str) and len(document) == 1 else None
