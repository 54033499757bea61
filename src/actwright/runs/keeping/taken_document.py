"""One document of a file on its way into a store."""

from __future__ import annotations

from actwright.runs.keeping.export_lines import DocumentLine
from actwright.store.database import Transaction
from actwright.store.offloading import Offloading, reference_text


def write_document(
    transaction: Transaction, offloading: Offloading, document: DocumentLine
) -> bool | None:
    """Write a document; False where the store has the very same already, None where it has another under its id.

    Args:
        transaction: Where it is written.
        offloading: Where large ones go.
        document: What the file has of it.
    """
    key, body = (document.kind, document.id), _kept(offloading, document)
    row = transaction.execute("SELECT body FROM document WHERE kind = ? AND id = ?", key).fetchone()
    if row is not None:
        return False if row[0] in {document.body, reference_text(document.body)} else None
    transaction.execute(
        "INSERT INTO document (kind, id, parent, body, at) VALUES (?, ?, ?, ?, ?)",
        (*key, document.parent, body, document.at),
    )
    return True


def _kept(offloading: Offloading, document: DocumentLine) -> str:
    """Return what the row holds. What was lost of the blob store comes back, also where the row is there."""
    if document.kind == "confirmation":
        return document.body  # whoever reads answers reads rows, and asks no blob store
    return offloading.kept(document.body, where=f"the store's row of {document.id}")
