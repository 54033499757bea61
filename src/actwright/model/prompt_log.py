"""The prompt log: the record of every exchange with a model, in the store."""

from __future__ import annotations

from actwright.document import validated
from actwright.model.exchange import Exchange
from actwright.store.database import Database
from actwright.store.documents import Documents


class PromptLog:
    """Keeps exchanges in the store; it holds numbers, names and digests, and no text that was sent or received.

    Args:
        database: The store.
    """

    def __init__(self, database: Database) -> None:
        self._documents = Documents(database, "exchange")

    def record(self, exchange: Exchange) -> None:
        """Keep ``exchange``.

        Raises:
            StoreError: The store cannot be written.
        """
        self._documents.add(exchange.id, exchange, at=exchange.at, parent=exchange.conversation)

    def recent(self, limit: int = 20) -> tuple[Exchange, ...]:
        """Return the newest exchanges, newest first, at most ``limit`` of them.

        Raises:
            StoreError: The store cannot be read.
            DocumentError: A record was damaged.
        """
        return tuple(
            validated(Exchange, each.json(), where=each.id)
            for each in self._documents.recent(limit)
        )
