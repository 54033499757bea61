"""Offloading: an event's large data is kept in a blob store, and the journal holds its size and its hash."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from actwright.canonical import canonical_text
from actwright.errors import ActwrightError, JournalDamagedError
from actwright.runs.record.event import OFFLOADED, JournalEvent, reference_to, referred_to
from actwright.runs.record.happening import Happening
from actwright.store.blobs import Blobs
from actwright.store.documents import stored_json

THRESHOLD = 64 * 1024
"""Data whose canonical text has more bytes than this is offloaded."""

_MOST_BYTES = 4
"""That many a character has in UTF-8."""

_MARK = f'{{"{OFFLOADED}":'
_log = logging.getLogger(__name__)


def text_of(data: Mapping[str, Any]) -> str:
    """Return the canonical text of an event's data.

    Raises:
        DocumentError: It has no canonical form.
        ValueError: It has the one key that is kept for references.
    """
    if OFFLOADED in data:
        raise ValueError(f"the key {OFFLOADED!r} is kept for references to offloaded data")
    return canonical_text(data)


def is_reference(text: str) -> bool:
    """Tell whether the written data of an event is a reference to a blob."""
    return text.startswith(_MARK)


@dataclass(slots=True)
class Offloading:
    """Large data on its way out of the journal and back.

    Attributes:
        blobs: Where it is kept; None keeps everything in the journal.
        failed: Whether the blob store failed in this process, so that something large stayed in the journal.
    """

    blobs: Blobs | None
    failed: bool = False

    def takes(self, text: str) -> bool:
        """Tell whether the canonical text of an event's data is kept outside."""
        if self.blobs is None or len(text) * _MOST_BYTES <= THRESHOLD:
            return False
        return len(text.encode()) > THRESHOLD

    def kept(self, text: str) -> str:
        """Return what the journal holds of an event's data, after storing what is kept outside.

        Where the blob store fails, the journal holds all of it: nothing is lost, and the log says so.

        Args:
            text: The canonical text of the data.
        """
        if self.blobs is None or not self.takes(text):
            return text
        content = text.encode()
        try:
            self.blobs.put(content)
        except (ActwrightError, OSError) as error:
            self.failed = True
            _log.warning("%d bytes stay in the journal: %s", len(content), error)
            return text
        return canonical_text(reference_to(content))

    def read(self, text: str, *, run_id: str, seq: int) -> dict[str, Any]:
        """Return the data of an event from what the journal holds of it.

        Raises:
            JournalDamagedError: Its content is missing from the blob store, or is not what was stored there.
            DocumentError: The text was damaged.
        """
        where = f"event {seq} of {run_id}"
        data = _mapping(text, where)
        if not is_reference(text):
            return data
        return _mapping(self.content(data, where=where).decode(), where)

    def content(self, reference: dict[str, Any], *, where: str) -> bytes:
        """Return the bytes a reference stands for, held against its hash.

        Raises:
            JournalDamagedError: They are missing from the blob store, or are not what was stored there.
        """
        expected = referred_to(reference)
        if expected is None:
            raise JournalDamagedError(f"The data of {where} refers to nothing.", where=where)
        if self.blobs is None:
            raise _lost(where, expected, "no blob store is set up")
        try:
            content = self.blobs.get(expected)
        except (ActwrightError, OSError) as error:
            raise _lost(where, expected, str(error)) from error
        if sha256(content).hexdigest() != expected:
            raise _lost(where, expected, "it is not what was stored")
        return content


def kept_inline(happened: Sequence[Happening]) -> tuple[str, ...]:
    """Return a warning for each event whose large data stayed in the journal, since the blob store failed.

    Args:
        happened: What happened; only what was read from the journal tells.
    """
    return tuple(
        f"Event {each.seq} ({each.kind}) is large and stayed in the journal: the blob store did not take it."
        for each in happened
        if isinstance(each, JournalEvent) and each.kept_inline
    )


def _mapping(text: str, where: str) -> dict[str, Any]:
    data = stored_json(text, where=where)
    if not isinstance(data, dict):
        raise JournalDamagedError(f"The data of {where} is no object.", where=where)
    return data


def _lost(where: str, digest: str, why: str) -> JournalDamagedError:
    return JournalDamagedError(
        f"The data of {where} cannot be read: {why}.",
        where=f"blob {digest}",
        hint="Restore that blob from a backup, or point ACTWRIGHT_BLOBS at where it is.",
    )
