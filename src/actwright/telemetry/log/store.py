"""The log in the store: exchanges, what they said, and plannings, in tables whose rows may be purged."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.canonical import canonical_text
from actwright.model.exchange import Exchange
from actwright.store.database import Database, Transaction
from actwright.telemetry.log.entry import Entry, TextsEntry
from actwright.telemetry.log.planning import PlanningRecord

_EXCHANGE = """INSERT INTO exchange
    (id, conversation, planning, at, username, session, prompt, model, outcome, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""
_TEXTS = """INSERT INTO exchange_text (id, at, body)
    SELECT id, ?, ? FROM exchange WHERE id = ? ON CONFLICT DO NOTHING"""
_PAYLOAD = "INSERT INTO payload (digest, owner) VALUES (?, ?) ON CONFLICT DO NOTHING"
_PLANNING = """INSERT INTO planning (id, at, username, session, plan_id, prompt, model, shape, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""


class StoreSink:
    """Keeps entries in the store.

    Args:
        database: The store.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def name(self) -> str:
        """The store."""
        return self._database.name

    def write(self, entries: Sequence[Entry]) -> None:
        """Keep entries, all of them or none.

        Raises:
            StoreError: They cannot be kept.
        """

        def work(transaction: Transaction) -> None:
            for each in entries:
                _write(transaction, each)

        self._database.commit(work)


def _write(transaction: Transaction, entry: Entry) -> None:
    if isinstance(entry, Exchange):
        _write_exchange(transaction, entry)
    elif isinstance(entry, TextsEntry):
        _write_texts(transaction, entry)
    else:
        _write_planning(transaction, entry)


def _write_exchange(transaction: Transaction, one: Exchange) -> None:
    body = canonical_text(one.model_dump(mode="json"))
    named = (one.id, one.conversation, one.planning, one.at, one.user, one.session)
    transaction.execute(_EXCHANGE, (*named, one.prompt_name, one.model, one.outcome, body))


def _write_texts(transaction: Transaction, texts: TextsEntry) -> None:
    body = canonical_text(texts.document)
    transaction.execute(_TEXTS, (texts.at, body, texts.exchange))
    for digest in texts.contents:
        transaction.execute(_PAYLOAD, (digest, texts.exchange))


def _write_planning(transaction: Transaction, one: PlanningRecord) -> None:
    body = canonical_text(one.model_dump(mode="json"))
    named = (one.id, one.at, one.user, one.session, one.plan_id)
    transaction.execute(_PLANNING, (*named, one.prompt_name, one.model, one.shape_digest, body))
