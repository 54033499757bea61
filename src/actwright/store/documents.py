"""Documents: immutable rows of canonical JSON, by kind and id. A claim on one can be made once."""

from __future__ import annotations

from dataclasses import dataclass

from actwright.canonical import Json, canonical_bytes, plain
from actwright.contract import Contract
from actwright.document import parse_json
from actwright.errors import StoreError
from actwright.store.database import Database, Row, Transaction
from actwright.store.offloading import Offloading, reference_text

_LARGEST_STORED = 512 * 1024 * 1024
"""A preview of 50,000 records has its place here; what comes from outside is held to a fraction of that."""

_INLINE = Offloading(None)
"""Keeps everything in its row."""


@dataclass(frozen=True, slots=True)
class Document:
    """One stored document, and when it was stored.

    Attributes:
        kind: What kind of document.
        id: Its id.
        row: What its row holds: its canonical JSON text, or a reference to a blob that holds it.
        at: When it was stored.
        offloading: Reads what is kept in the blob store; None where nothing is.
    """

    kind: str
    id: str
    row: str
    at: str
    offloading: Offloading | None = None

    @property
    def body(self) -> str:
        """Its canonical JSON text, read from the blob store where it is kept there.

        Raises:
            DocumentLostError: It is not there any more, or not as it was kept.
        """
        return (self.offloading or _INLINE).whole(self.row, where=f"the {self.kind} {self.id}")

    def json(self) -> Json:
        """Return what the document holds.

        Raises:
            DocumentError: Its text was damaged.
            DocumentLostError: It is kept in the blob store, and not there any more, or not as it was kept.
        """
        return stored_json(self.body, where=self.id)


def canonical_text(contract: Contract) -> str:
    """Return a contract as the canonical JSON text it is stored and compared by."""
    return canonical_bytes(contract.model_dump(mode="json")).decode()


def stored_json(text: str, *, where: str) -> Json:
    """Return the JSON value in a text the store holds.

    Raises:
        DocumentError: The text was damaged.
    """
    return plain(parse_json(text, where=where, largest=_LARGEST_STORED))


class Documents:
    """The documents of one kind.

    Args:
        database: The store.
        kind: What kind.
        offloading: Keeps the large ones outside; all stay in their rows where left out.
    """

    def __init__(self, database: Database, kind: str, offloading: Offloading | None = None) -> None:
        self._database = database
        self._kind = kind
        self._offloading = offloading or _INLINE

    def add(self, key: str, contract: Contract, *, at: str, parent: str | None = None) -> None:
        """Store a document under ``key``; the very same document may be stored again.

        Raises:
            StoreError: Another document stands under that key.
        """
        body = canonical_text(contract)
        # Before the transaction, so that nobody who writes waits for a slow bucket.
        kept = self._offloading.kept(body, where=f"the store's row of {self._kind} {key}")
        with self._database.write() as transaction:
            self._insert(transaction, (self._kind, key, parent, kept, at), body)

    def put(
        self,
        transaction: Transaction,
        key: str,
        contract: Contract,
        *,
        at: str,
        parent: str | None = None,
    ) -> None:
        """Do as `add`, inside a transaction of the caller's; a large one stays in its row.

        Raises:
            StoreError: Another document stands under that key.
        """
        body = canonical_text(contract)
        self._insert(transaction, (self._kind, key, parent, body, at), body)

    def _insert(self, transaction: Transaction, row: Row, body: str) -> None:
        added = transaction.execute(
            "INSERT INTO document (kind, id, parent, body, at) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            row,
        )
        if not added.rowcount and not self._stands(transaction, str(row[1]), body):
            raise StoreError(f"Another {self._kind} already stands under {row[1]!r}.")

    def _stands(self, transaction: Transaction, key: str, body: str) -> bool:
        """Tell whether the very same document is stored, wherever its text is kept."""
        found = transaction.execute(
            "SELECT body FROM document WHERE kind = ? AND id = ?", (self._kind, key)
        )
        return str(found.fetchone()[0]) in {body, reference_text(body)}

    def get(self, key: str) -> Document | None:
        """Return the document stored under ``key``, or None; every id is printable ASCII."""
        with self._database.read() as connection:
            return self.find(connection, key)

    def find(self, transaction: Transaction, key: str) -> Document | None:
        """Return the same, as it stands in a transaction of the caller's."""
        if not (key.isascii() and key.isprintable()):
            return None
        row = transaction.execute(
            "SELECT kind, id, body, at FROM document WHERE kind = ? AND id = ?", (self._kind, key)
        ).fetchone()
        return self._document(row) if row else None

    def latest_of(self, parent: str) -> Document | None:
        """Return the newest document that belongs to ``parent``, or None."""
        with self._database.read() as connection:
            return self.latest_within(connection, parent)

    def latest_within(self, transaction: Transaction, parent: str) -> Document | None:
        """Return the same, as it stands in a transaction of the caller's."""
        row = transaction.execute(
            "SELECT kind, id, body, at FROM document WHERE kind = ? AND parent = ? "
            "ORDER BY seq DESC LIMIT 1",
            (self._kind, parent),
        ).fetchone()
        return self._document(row) if row else None

    def of(self, parent: str) -> tuple[Document, ...]:
        """Return every document that belongs to ``parent``, oldest first."""
        with self._database.read() as connection:
            return self.within(connection, parent)

    def within(self, transaction: Transaction, parent: str) -> tuple[Document, ...]:
        """Return the same, as it stands in a transaction of the caller's."""
        rows = transaction.execute(
            "SELECT kind, id, body, at FROM document WHERE kind = ? AND parent = ? ORDER BY seq",
            (self._kind, parent),
        ).fetchall()
        return tuple(map(self._document, rows))

    def newest(self, *, limit: int) -> tuple[Document, ...]:
        """Return the newest documents of the kind, newest first.

        Args:
            limit: How many at most.
        """
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT kind, id, body, at FROM document WHERE kind = ? ORDER BY seq DESC LIMIT ?",
                (self._kind, max(limit, 0)),
            ).fetchall()
        return tuple(map(self._document, rows))

    def newest_of(self, parent: str, *, limit: int, since: str, among: int) -> tuple[Document, ...]:
        """Return the newest documents that belong to ``parent``, newest first.

        Args:
            parent: What they belong to.
            limit: How many to return at most.
            since: Older ones are passed over; a timestamp.
            among: Passed over is also what is not among that many newest documents of the kind.
        """
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT kind, id, body, at FROM document AS found "
                "WHERE kind = ? AND parent = ? AND at >= ? AND ("
                "SELECT count(*) FROM document AS newer WHERE newer.kind = found.kind AND newer.seq > found.seq"
                ") < ? ORDER BY seq DESC LIMIT ?",
                (self._kind, parent, since, among, max(limit, 0)),
            ).fetchall()
        return tuple(map(self._document, rows))

    def _document(self, row: Row) -> Document:
        kind, key, held, at = row
        return Document(kind, key, held, at, self._offloading)

    def parents(self) -> tuple[str, ...]:
        """Return what the documents belong to, each once, in no order."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT DISTINCT parent FROM document WHERE kind = ? AND parent IS NOT NULL",
                (self._kind,),
            ).fetchall()
        return tuple(str(row[0]) for row in rows)

    def recent(self, limit: int) -> tuple[Document, ...]:
        """Return the newest documents, newest first, at most ``limit`` of them."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT kind, id, body, at FROM document WHERE kind = ? ORDER BY seq DESC LIMIT ?",
                (self._kind, max(limit, 0)),
            ).fetchall()
        return tuple(map(self._document, rows))


def claim(transaction: Transaction, kind: str, key: str, *, holder: str, at: str) -> bool:
    """Claim ``key`` for ``holder`` inside a transaction; False where somebody claimed it before."""
    made = transaction.execute(
        "INSERT INTO claim (kind, key, holder, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (kind, key, holder, at),
    )
    return made.rowcount == 1


def holder_of(database: Database, kind: str, key: str) -> str | None:
    """Return who claimed ``key``, or None."""
    with database.read() as transaction:
        return holder_within(transaction, kind, key)


def holder_within(transaction: Transaction, kind: str, key: str) -> str | None:
    """Do as `holder_of`, inside an open transaction."""
    row = transaction.execute(
        "SELECT holder FROM claim WHERE kind = ? AND key = ?", (kind, key)
    ).fetchone()
    return str(row[0]) if row else None
