"""The plan cache: templates by the shape of the goal they were made for. Nothing in it runs; it only saves asking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from actwright.canonical import digest
from actwright.clock import Clock, timestamp
from actwright.document import validated
from actwright.errors import InputError
from actwright.planning.cache.template import PlanTemplate
from actwright.store.database import Database
from actwright.store.documents import Document, Documents

LIFETIME = timedelta(hours=24)
"""How long a template is used."""

MOST = 1_000
"""How many templates count, the newest ones; older ones are passed over."""

_TRIED = 8
_LARGEST = 256 * 1024


class PlanCache(Protocol):
    """Keeps templates. It may lose any of them at any time."""

    def templates(self, key: str) -> Sequence[PlanTemplate]:
        """Return the templates kept under ``key``, newest first, a few at most.

        Raises:
            StoreError: The store cannot be read.
        """
        ...

    def keep(self, key: str, template: PlanTemplate) -> None:
        """Keep a template under ``key``.

        Raises:
            StoreError: The store cannot be written.
        """
        ...


class StoredPlanCache:
    """The plan cache of a store: its rows only grow, so the newest count, and what is too old is passed over.

    Args:
        database: The store.
        clock: For the age of templates.
        lifetime: How long a template is used.
        most: How many templates count, over all goals.
    """

    def __init__(
        self, database: Database, clock: Clock, *, lifetime: timedelta = LIFETIME, most: int = MOST
    ) -> None:
        self._documents = Documents(database, "plan_shape")
        self._clock = clock
        self._lifetime = lifetime
        self._most = most

    def templates(self, key: str) -> Sequence[PlanTemplate]:
        """Return the templates kept under ``key``, newest first; one that was damaged is passed over."""
        since = timestamp(self._clock.now() - self._lifetime)
        found = self._documents.newest_of(key, limit=_TRIED, since=since, among=self._most)
        read = (_template(each) for each in found)
        return tuple(each for each in read if each is not None)

    def keep(self, key: str, template: PlanTemplate) -> None:
        """Keep a template under ``key``; one that is larger than a plan of some actions is not kept."""
        content = template.model_dump(mode="json")
        if len(template.model_dump_json()) <= _LARGEST:
            name = f"shape_{digest([key, content])[:20]}"
            self._documents.add(name, template, at=timestamp(self._clock.now()), parent=key)


def _template(document: Document) -> PlanTemplate | None:
    try:
        return validated(PlanTemplate, document.json(), where=document.id)
    except InputError:
        return None
