"""One document of a file on its way into a store."""

from __future__ import annotations

from collections.abc import Container

from actwright.document import validated
from actwright.errors import DocumentError
from actwright.runs.keeping.export_lines import DocumentLine
from actwright.runs.keeping.put_back import PutBack
from actwright.runs.undoing.decision import UNDO_DECISION, UndoDecision
from actwright.store.database import Transaction
from actwright.store.documents import canonical_text, stored_json
from actwright.store.offloading import is_reference, reference_text

_IN_ROWS = frozenset({"confirmation", UNDO_DECISION})
"""Whoever reads these reads rows, and asks no blob store."""


def decision_fault(document: DocumentLine, runs: Container[str]) -> str | None:
    """Return why a decision of an undo cannot be one that was made of a run, or None.

    Args:
        document: What the file has of it.
        runs: The runs the file has.
    """
    if document.parent is None or document.parent not in runs:
        return f"No run of the file refers to the {document.kind} {document.id}."
    try:
        read = stored_json(document.body, where=document.id)
        said = validated(UndoDecision, read, where=document.id)
    except DocumentError as error:
        return f"The {document.kind} {document.id} says what no decision can: {error.message}"
    same = (said.id, said.run_id, said.at) == (document.id, document.parent, document.at)
    if not same or canonical_text(said) != document.body:
        return f"The {document.kind} {document.id} does not say what its line says."
    return None


def document_fault(
    document: DocumentLine, referred: Container[tuple[str, str]], runs: Container[str]
) -> str | None:
    """Return why a document is none of a file's runs, or None.

    Args:
        document: What the file has of it.
        referred: Kind and id of the documents that the runs of the file refer to.
        runs: These runs.
    """
    if document.kind == UNDO_DECISION:
        return decision_fault(document, runs)
    if (document.kind, document.id) not in referred:
        return f"No run of the file refers to the {document.kind} {document.id}."
    lacking = is_reference(document.body)
    return f"The {document.kind} {document.id} lacks its text." if lacking else None


def write_document(
    transaction: Transaction, putting: PutBack, document: DocumentLine
) -> bool | None:
    """Write a document; False where the store has the very same already, None where it has another under its id.

    Args:
        transaction: Where it is written.
        putting: Where large ones go.
        document: What the file has of it.
    """
    key = (document.kind, document.id)
    row = transaction.execute("SELECT body FROM document WHERE kind = ? AND id = ?", key).fetchone()
    body = _kept(putting, document, lost=row is not None and is_reference(row[0]))
    if row is not None:
        return False if row[0] in {document.body, reference_text(document.body)} else None
    transaction.execute(
        "INSERT INTO document (kind, id, parent, body, at) VALUES (?, ?, ?, ?, ?)",
        (*key, document.parent, body, document.at),
    )
    return True


def _kept(putting: PutBack, document: DocumentLine, *, lost: bool) -> str:
    """Return what the row holds. What was lost of the blob store comes back, also where the row is there."""
    if document.kind in _IN_ROWS:
        return document.body
    return putting.text(document.body, where=f"the store's row of {document.id}", known=lost)
