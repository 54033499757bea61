"""The picklist values one record type offers, as the user interface's own API tells them, kept for a while."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import TypeAlias

from actwright.clock import Clock
from actwright.connectors.salesforce.answer import OrgJson, mapping, rows, text, unreadable
from actwright.connectors.salesforce.api_name import is_api_name
from actwright.connectors.salesforce.cache_folder import CacheFolder, Kept
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.describe_cache import TTL
from actwright.errors import InputError, NotFoundError, OrgRefusedError
from actwright.org.record_id import record_id
from actwright.org.schema import PicklistValue

Offered: TypeAlias = dict[str, tuple[PicklistValue, ...]]
"""By field name."""

_HIDDEN = frozenset({"NOT_FOUND", "INVALID_TYPE", "RESOURCE_NOT_FOUND"})
_WHERE = "picklistFieldValues"


class PicklistCache:
    """Answers from memory, then from disk, then from the org.

    Args:
        client: Asks the org.
        folder: Keeps documents between processes.
        clock: Tells when a document has grown old.
    """

    def __init__(self, client: OrgClient, folder: CacheFolder, clock: Clock) -> None:
        self._client = client
        self._folder = folder
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, Kept[Offered]] = {}
        self._asked: set[str] = set()
        self._trusts_disk = True

    def values(self, object_name: str, record_type: str) -> Mapping[str, tuple[PicklistValue, ...]]:
        """Return the values each picklist of an object offers for one record type, by field name.

        Raises:
            NotFoundError: The object or the record type is hidden or does not exist.
            OrgError: The org cannot be asked.
        """
        name, kind = _checked(object_name, record_type)
        file = f"picklists-{name}-{kind}".lower()
        with self._lock:
            if file not in self._kept or not self._current(self._kept[file]):
                self._kept[file] = self._found(name, kind, file)
            return self._kept[file].document

    def refresh(self) -> None:
        """Forget what was read, so that the next look asks the org, as a revalidation."""
        with self._lock:
            self._kept.clear()
            self._trusts_disk = False

    def _found(self, name: str, kind: str, file: str) -> Kept[Offered]:
        """Return what the folder holds, or what the org tells; asking for what was known before is a revalidation."""
        held = self._folder.read(file, Offered)
        if held is not None and self._trusts_disk and self._current(held):
            return held
        known = held is not None or file in self._asked
        return self._fetched(name, kind, file, counted=not known)

    def _current(self, kept: Kept[Offered]) -> bool:
        return timedelta(0) <= self._clock.now() - kept.fetched_at < TTL

    def _fetched(self, name: str, kind: str, file: str, *, counted: bool) -> Kept[Offered]:
        try:
            answer = self._client.picklist_values(name, kind, counted=counted)
        except OrgRefusedError as error:
            if error.org_code not in _HIDDEN:
                raise
            self._folder.drop(file)
            raise _hidden(name, kind) from error
        self._asked.add(file)
        kept = Kept(self._clock.now(), None, offered(answer.json()))
        self._folder.write(file, Offered, kept)
        return kept


def offered(document: OrgJson) -> Offered:
    """Return the values in an answer, by field name.

    Raises:
        OrgProtocolError: The document is no such answer.
    """
    fields = mapping(mapping(document, _WHERE).get("picklistFieldValues"), _WHERE)
    return {name: _field(mapping(each, f"{_WHERE}.{name}")) for name, each in fields.items()}


def _field(body: Mapping[str, OrgJson]) -> tuple[PicklistValue, ...]:
    controllers = _controllers(body.get("controllerValues"))
    default = body.get("defaultValue")
    standard = default.get("value") if isinstance(default, dict) else None
    return tuple(
        _value(each, controllers, standard) for each in rows(body.get("values"), f"{_WHERE}.values")
    )


def _controllers(body: OrgJson) -> Mapping[int, str] | None:
    """Return the controlling values by the number they are referred to by; None where nothing controls."""
    numbered = mapping(body, f"{_WHERE}.controllerValues") if body is not None else {}
    places = {place: value for value, place in numbered.items() if isinstance(place, int)}
    if len(places) != len(numbered):
        raise unreadable(f"{_WHERE}.controllerValues")
    return places or None


def _value(
    body: Mapping[str, OrgJson], controllers: Mapping[int, str] | None, default: OrgJson
) -> PicklistValue:
    value = text(body.get("value"), f"{_WHERE}.values.value")
    label = body.get("label")
    return PicklistValue(
        value=value,
        label=label if isinstance(label, str) and label else value,
        default=value == default,
        valid_for=None if controllers is None else _valid_for(body.get("validFor"), controllers),
    )


def _valid_for(numbers: OrgJson, controllers: Mapping[int, str]) -> tuple[str, ...]:
    if not isinstance(numbers, list):
        raise unreadable(f"{_WHERE}.values.validFor")
    found = [controllers.get(each) for each in numbers if isinstance(each, int)]
    named = tuple(each for each in found if each is not None)
    if len(named) != len(numbers):
        raise unreadable(f"{_WHERE}.values.validFor")
    return named


def _checked(object_name: str, record_type: str) -> tuple[str, str]:
    try:
        kind = record_id(record_type)
    except InputError as error:
        raise _hidden(object_name, record_type) from error
    if not is_api_name(object_name):
        raise _hidden(object_name, record_type)
    return object_name, kind


def _hidden(name: str, kind: str) -> NotFoundError:
    return NotFoundError(
        f"The record type {kind[:40]!r} of {name[:40]!r} is hidden from you or does not exist.",
        where="record type",
        hint="Check the object's record types, or ask an administrator for access to it.",
    )
