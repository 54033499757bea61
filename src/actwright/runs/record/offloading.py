"""Offloading of events: the large data of an event is kept in a blob store, and the journal holds its size and hash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actwright.canonical import canonical_text
from actwright.errors import JournalDamagedError, StoreError
from actwright.runs.record.event import JournalEvent
from actwright.runs.record.happening import Happening
from actwright.store import offloading
from actwright.store.documents import stored_json
from actwright.store.offloading import (
    OFFLOADED,
    is_reference,
    place_of_blob,
    reason_of,
    referred_to,
)

__all__ = ["Offloading", "is_reference", "kept_inline", "text_of"]


def text_of(data: Mapping[str, Any]) -> str:
    """Return the canonical text of an event's data.

    Raises:
        DocumentError: It has no canonical form.
        ValueError: It has the one key that is kept for references.
    """
    if OFFLOADED in data:
        raise ValueError(f"the key {OFFLOADED!r} is kept for references to offloaded data")
    return canonical_text(data)


@dataclass(slots=True)
class Offloading(offloading.Offloading):
    """Large data on its way out of the journal and back."""

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
        try:
            return self.content_of(expected)
        except StoreError as error:
            raise _lost(where, expected, error) from error


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


def _lost(where: str, digest: str, why: StoreError) -> JournalDamagedError:
    return JournalDamagedError(
        f"The data of {where} cannot be read: {reason_of(why)}.",
        where=place_of_blob(digest, why),
        hint="`actwright doctor` tells whether the blob store is there; what is lost of it comes back from a backup.",
    )
