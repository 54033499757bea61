"""The org's schema, kept per org, user and API version, and revalidated rather than asked for again.

Salesforce's ``Last-Modified`` covers permission, profile and label changes too, so a 304 means that this user's
rights on the object are what they were.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

from actwright.clock import Clock
from actwright.connectors.salesforce.answer import Answer, OrgJson, unreadable
from actwright.connectors.salesforce.api_name import is_api_name
from actwright.connectors.salesforce.cache_folder import CacheFolder, Kept
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.describe import object_schema, object_summaries
from actwright.errors import NotFoundError, OrgRefusedError
from actwright.org.schema import ObjectSchema, ObjectSummary

T = TypeVar("T")

TTL = timedelta(minutes=5)
"""How long a document counts as current without asking."""

_HIDDEN = frozenset({"NOT_FOUND", "INVALID_TYPE"})
_GLOBAL = "objects"
_NOT_MODIFIED = 304


class DescribeCache:
    """Answers for the schema from memory, then from disk, then from the org.

    Args:
        client: Asks the org.
        folder: Keeps documents between processes.
        clock: Tells when a document has grown old.
    """

    def __init__(self, client: OrgClient, folder: CacheFolder, clock: Clock) -> None:
        self._client = client
        self._folder = folder
        self._clock = clock
        self._lock = threading.RLock()
        self._objects: Kept[tuple[ObjectSummary, ...]] | None = None
        self._schemas: dict[str, Kept[ObjectSchema]] = {}

    def objects(self) -> Sequence[ObjectSummary]:
        """Return the objects the user may see.

        Raises:
            OrgError: The org cannot be asked.
        """
        with self._lock:
            kept = self._objects or self._folder.read(_GLOBAL, tuple[ObjectSummary, ...])
            self._objects = kept if kept and self._current(kept) else self._fetch_objects(kept)
            return self._objects.document

    def describe(self, name: str, *, counted: bool = True) -> ObjectSchema:
        """Return one object's schema, by name in any case.

        Args:
            name: The object.
            counted: Whether asking for the first time counts as an API call of the plan's.

        Raises:
            NotFoundError: The object is hidden or does not exist.
            OrgError: The org cannot be asked.
        """
        if not is_api_name(name):
            raise _hidden(name)
        with self._lock:
            key = name.lower()
            kept = self._schemas.get(key) or self._folder.read(_file(key), ObjectSchema)
            if kept is None or kept.document.name.lower() != key or not self._current(kept):
                kept = self._fetch_schema(name, kept, counted=counted)
            self._schemas[key] = kept
            return kept.document

    def refresh(self) -> None:
        """Ask the org whether what this process used is still current.

        Raises:
            OrgError: The org cannot be asked.
        """
        with self._lock:
            if self._objects is not None:
                self._objects = self._fetch_objects(self._objects)
            for key, kept in list(self._schemas.items()):
                try:
                    self._schemas[key] = self._fetch_schema(kept.document.name, kept)
                except NotFoundError:
                    del self._schemas[key]

    def _current(self, kept: Kept[T]) -> bool:
        return timedelta(0) <= self._clock.now() - kept.fetched_at < TTL

    def _fetch_objects(
        self, kept: Kept[tuple[ObjectSummary, ...]] | None
    ) -> Kept[tuple[ObjectSummary, ...]]:
        fresh = self._revalidated(kept, self._client.global_describe, object_summaries)
        self._folder.write(_GLOBAL, tuple[ObjectSummary, ...], fresh)
        return fresh

    def _fetch_schema(
        self, name: str, kept: Kept[ObjectSchema] | None, *, counted: bool = True
    ) -> Kept[ObjectSchema]:
        file = _file(name.lower())
        try:
            ask = partial(self._client.describe, name, counted=counted)
            fresh = self._revalidated(kept, ask, object_schema)
        except OrgRefusedError as error:
            if error.org_code not in _HIDDEN:
                raise
            self._folder.drop(file)
            raise _hidden(name) from error
        if fresh.document.name.lower() != name.lower():
            raise unreadable(f"describe {name}")
        self._folder.write(file, ObjectSchema, fresh)
        return fresh

    def _revalidated(
        self,
        kept: Kept[T] | None,
        ask: Callable[[str | None], Answer],
        read: Callable[[OrgJson], T],
    ) -> Kept[T]:
        answer = ask(kept.last_modified if kept else None)
        if answer.status == _NOT_MODIFIED and kept is not None:
            return replace(kept, fetched_at=self._clock.now())
        return Kept(self._clock.now(), answer.header("last-modified"), read(answer.json()))


def _file(key: str) -> str:
    return f"describe-{key}"


def _hidden(name: str) -> NotFoundError:
    return NotFoundError(
        f"The object {name[:40]!r} is hidden from you or does not exist.",
        where="object",
        hint="Check its API name, or ask an administrator for access to it.",
    )
