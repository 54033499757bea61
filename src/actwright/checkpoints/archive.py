"""The archive: plans and previews as they were made. A file of one is a copy, and is held against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from actwright.blueprints.plan import Plan
from actwright.canonical import Json, canonical_bytes
from actwright.checkpoints.preview import Preview
from actwright.clock import Clock, timestamp
from actwright.document import validated
from actwright.errors import (
    DocumentEditedError,
    DocumentError,
    DocumentLostError,
    InputError,
    NotFoundError,
    PlanError,
)
from actwright.store.database import Database
from actwright.store.documents import Document, Documents
from actwright.store.offloading import Offloading

Archived = TypeVar("Archived", bound=Plan | Preview)


class Archive(Generic[Archived]):
    """The stored documents of one type.

    Args:
        database: The store.
        model: ``Plan`` or ``Preview``.
        clock: For the time a document was stored.
        offloading: Keeps large documents in the blob store; all stay in the store's rows where left out.
    """

    def __init__(
        self,
        database: Database,
        model: type[Archived],
        clock: Clock,
        offloading: Offloading | None = None,
    ) -> None:
        self._model = model
        self._noun = model.__name__.lower()
        self._clock = clock
        self._documents = Documents(database, self._noun, offloading)

    def add(self, document: Archived) -> Archived:
        """Store a document under its id."""
        at = timestamp(self._clock.now())
        self._documents.add(document.id, document, at=at, parent=_parent(document))
        return document

    def holds(self, key: str) -> bool:
        """Tell whether the store holds a document with that id."""
        return self._documents.get(key) is not None

    def get(self, key: str) -> Archived:
        """Return the document with that id.

        Raises:
            NotFoundError: The store holds none.
            DocumentLostError: It is large, and the blob store does not hold it any more as it was.
        """
        stored = self._documents.get(key)
        if stored is None:
            raise NotFoundError(
                f"There is no {self._noun} {key[:60]!r} in this store.",
                hint=f"Make one with `actwright {self._noun}`, with the same ACTWRIGHT_HOME.",
            )
        return self._read(stored.json(), key)

    def newest(self, limit: int) -> tuple[Archived, ...]:
        """Return the newest documents that this program still reads, newest first.

        Args:
            limit: How many at most.
        """
        return tuple(self._readable(self._documents.newest(limit=limit)))

    def same(self, document: Json, *, where: str) -> Archived:
        """Return the stored document that ``document`` is a copy of.

        Raises:
            DocumentError: It is no such document.
            PlanError: It is a plan that breaks its contract.
            DocumentEditedError: The store holds none under its id, or another.
            DocumentLostError: What it is held against is not in the blob store any more as it was.
        """
        if not isinstance(document, dict) or not isinstance(document.get("id"), str):
            raise DocumentError(
                f"This is no {self._noun}: it has no id.",
                where=where,
                hint=f"Use a file written by `actwright {self._noun} --out`.",
            )
        key = str(document["id"])
        copy = self._read(document, where)
        stored = self._documents.get(key)
        if stored is None or canonical_bytes(copy.model_dump(mode="json")) != stored.body.encode():
            raise DocumentEditedError(
                f"The {self._noun} in the file is not the one stored as {key[:60]!r}: it was edited, "
                "or made elsewhere.",
                where=where,
                hint=f"Make a new {self._noun}; what was confirmed is what is in the store.",
            )
        return copy

    def _readable(self, found: Sequence[Document]) -> Iterator[Archived]:
        for each in found:
            try:
                yield self._read(each.json(), each.id)
            except (InputError, DocumentLostError):
                continue

    def _read(self, document: Json, where: str) -> Archived:
        error: type[InputError] = PlanError if self._model is Plan else DocumentError
        return validated(self._model, document, where=where, error=error)


def _parent(document: Plan | Preview) -> str | None:
    """Return the plan a document came of: a preview's own, and the one a plan was edited from."""
    return document.plan_id if isinstance(document, Preview) else document.planner.edited_from
