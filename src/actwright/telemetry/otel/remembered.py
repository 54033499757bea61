"""Remembered spans: by what they were about, so that a later span can be linked to them, and a text be told behind them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

from opentelemetry.trace import Link, SpanContext

_MOST: Final = 2_000


class Remembered:
    """The newest spans of this process by the ids of their documents; older ones are forgotten."""

    def __init__(self) -> None:
        self._spans: OrderedDict[str, SpanContext] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, document_id: str, span: SpanContext) -> None:
        """Keep a span under the id of what it was about."""
        with self._lock:
            self._spans[document_id] = span
            self._spans.move_to_end(document_id)
            if len(self._spans) > _MOST:
                self._spans.popitem(last=False)

    def of(self, document_id: str) -> SpanContext | None:
        """Return the newest span about a document, or None."""
        with self._lock:
            return self._spans.get(document_id)

    def links(self, document_ids: Iterable[str]) -> list[Link]:
        """Return links to the spans of documents, as far as they are remembered, each once."""
        found = (self.of(each) for each in document_ids)
        spans = {each.span_id: each for each in found if each is not None}
        return [Link(each) for each in spans.values()]
