"""Rows held as if another transaction were writing them, so that a client's tests can meet the refusal.

The platform waits up to ten seconds for such a row; here the refusal comes at once. Writing a child takes the
rows it refers to as well, which is why one locked account stops the writes of all its contacts. The resource is
``/localorg/locks``; it takes a user with View Setup.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from localorg.errors import ApiError

if TYPE_CHECKING:
    from localorg.schema.model import ObjectDef

_PEOPLE: Final = frozenset({"User", "Group", "Profile", "UserRole"})
"""Objects whose rows a reference never locks."""


@dataclass
class Locks:
    """The rows held in this process."""

    _held: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hold(self, record_ids: Iterable[str]) -> None:
        """Hold rows, by their 18-character ids, until they are released."""
        with self._lock:
            self._held.update(record_ids)

    def release(self) -> None:
        """Let every row go."""
        with self._lock:
            self._held.clear()

    @property
    def held(self) -> list[str]:
        """The ids of the rows held, sorted."""
        with self._lock:
            return sorted(self._held)

    def check(self, definition: ObjectDef, row: Mapping[str, object]) -> None:
        """Refuse to write a row that is held, or that refers to one that is.

        Raises:
            ApiError: ``UNABLE_TO_LOCK_ROW``, naming the rows held.
        """
        if not self._held:
            return
        taken = {str(row.get("Id")), *_parents(definition, row)}
        with self._lock:
            met = sorted(taken & self._held)
        if met:
            message = (
                "unable to obtain exclusive access to this record or"
                f" {len(met)} records: {','.join(met)}"
            )
            raise ApiError(400, "UNABLE_TO_LOCK_ROW", message, [])


class AllLocked(Locks):
    """Every row is held by somebody else."""

    def check(self, definition: ObjectDef, row: Mapping[str, object]) -> None:
        """Refuse to write any row.

        Raises:
            ApiError: ``UNABLE_TO_LOCK_ROW``.
        """
        held = row.get("Id") or f"a new {definition.name}"
        message = f"unable to obtain exclusive access to this record or 1 records: {held}"
        raise ApiError(400, "UNABLE_TO_LOCK_ROW", message, [])


def _parents(definition: ObjectDef, row: Mapping[str, object]) -> list[str]:
    return [
        str(row[each.name])
        for each in definition.fields
        if each.type == "reference" and row.get(each.name) and not _PEOPLE & set(each.reference_to)
    ]
