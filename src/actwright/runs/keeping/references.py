"""References: the documents that events speak of, so that they go where their runs go."""

from __future__ import annotations

from collections.abc import Iterator

REFERRING = ("run_started", "run_continued")
"""Kinds of events that refer to documents."""

_REFERRED = {"planId": "plan", "previewId": "preview", "confirmationId": "confirmation"}
"""By the key in an event's data: the kind of document it names."""


def references(kind: str, data: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Yield kind and id of the documents that an event refers to."""
    if kind in REFERRING:
        yield from ((_REFERRED[key], str(data[key])) for key in _REFERRED if data.get(key))
