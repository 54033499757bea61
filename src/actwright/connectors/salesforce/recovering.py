"""How a group could be settled: by the org's ledger where the user may write to it, and else by what the group is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from actwright.clock import Clock
from actwright.connectors.salesforce.describe_cache import TTL
from actwright.connectors.salesforce.graph import MOST_NODES
from actwright.connectors.salesforce.ledger import (
    ABANDONED,
    COMMITTED,
    CONTENT,
    CREATED,
    KEY,
    LEDGER,
    RUN,
    STATUS,
)
from actwright.errors import NotFoundError
from actwright.org.batch import links
from actwright.org.effect import Effect, EffectGroup
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.org.settlement import Recovery
from actwright.org.setup_objects import is_setup_object

_MOST_KINDS = 15
_MOST_DEPTH = 15
_ROOM = 2
"""Requests of the ledger in one transaction."""

_KEY_LENGTH = 255
_CONTENT_LENGTH = 64
_IDS_LENGTH = 32_000
"""Characters that hold the ids of a thousand records."""


def shortcomings(schema: ObjectSchema) -> tuple[str, ...]:
    """Return what keeps a ledger from being used, in sentences; nothing where the user may keep rows in it."""
    return tuple(_shortcomings(schema))


def _shortcomings(schema: ObjectSchema) -> Iterator[str]:
    if not (schema.createable and schema.updateable and schema.queryable):
        yield f"You may not create, read and edit records of {LEDGER}."
        return
    for name in (KEY, RUN, STATUS, CONTENT, CREATED):
        found = schema.field(name)
        if found is None:
            yield f"{LEDGER}.{name} is hidden from you or does not exist."
        elif not (found.createable and found.updateable):
            yield f"You may not write {LEDGER}.{name}."
        else:
            yield from _misshapen(found)


def _misshapen(found: FieldSchema) -> Iterator[str]:
    if found.name == KEY and not (found.unique and found.external_id):
        yield f"{LEDGER}.{KEY} is not unique and an external id, so that it proves nothing."
    if found.name == KEY and found.length < _KEY_LENGTH:
        yield f"{LEDGER}.{KEY} takes {found.length} characters, and has to take {_KEY_LENGTH}."
    if found.name == CREATED and found.length < _IDS_LENGTH:
        yield f"{LEDGER}.{CREATED} is too short for the ids of a thousand records."
    if found.name == CONTENT and found.length < _CONTENT_LENGTH:
        yield f"{LEDGER}.{CONTENT} takes {found.length} characters, and has to take {_CONTENT_LENGTH}."
    if found.name == STATUS and found.picklist_values:
        offered = {each.value for each in found.active_values}
        yield from (
            f"{LEDGER}.{STATUS} does not offer {each!r}."
            for each in (COMMITTED, ABANDONED)
            if each not in offered
        )


@dataclass
class LedgerAccess:
    """Knows whether the user may use the org's ledger; an org without one is asked again after some minutes.

    Attributes:
        describe: Looks the ledger up; what it costs is no part of a plan's calls.
        clock: The time.
    """

    describe: Callable[[], ObjectSchema]
    clock: Clock
    _absent_at: datetime | None = field(default=None, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def lacking(self) -> tuple[str, ...]:
        """Return why the ledger cannot be used, in sentences; nothing where it can.

        Raises:
            OrgError: The org cannot be asked.
        """
        with self._lock:
            if self._absent_at is not None and self.clock.now() - self._absent_at < TTL:
                return (_ABSENT,)
            self._absent_at = None
            try:
                return shortcomings(self.describe())
            except NotFoundError:
                self._absent_at = self.clock.now()
                return (_ABSENT,)

    def refresh(self) -> None:
        """Forget that there was none."""
        with self._lock:
            self._absent_at = None


_ABSENT = f"The org has no object {LEDGER} that you may see."


def recovery_of(group: EffectGroup | None, lacking: Sequence[str]) -> Recovery:
    """Return how a group could be settled, given what the ledger lacks; without a group, how most could."""
    if group is not None and group.carrier == "bulk":
        return Recovery(by="job", reason="A bulk job is known to the org by its id.")
    if group is not None and any(each.kind != "record" for each in group.effects):
        return Recovery(by="nobody", reason="An override acts by itself, and keeps no record here.")
    why_not = lacking[0] if lacking else _no_place(group)
    if why_not is None:
        return Recovery(by="ledger", reason="The org keeps a ledger of what was committed.")
    if group is not None and _repeatable(group):
        return Recovery(by="key", reason="Upserts under a unique key may be sent again.")
    return Recovery(by="nobody", reason=why_not)


def _no_place(group: EffectGroup | None) -> str | None:
    """Return why a group cannot carry a row of the ledger; None where it can."""
    if group is None:
        return None
    if any(is_setup_object(each.object) for each in group.effects):
        return "Users, groups and permissions cannot change in one transaction with the ledger."
    if group.carrier == "graph" and not all(_has_room(each) for each in _parts(group)):
        return "The group leaves no room for the ledger; preview the plan again."
    needed = len(group.effects) + _ROOM * max(1, len(group.parts))
    if group.carrier == "graph" and needed > MOST_NODES:
        return "The group leaves no room for the ledger; preview the plan again."
    if not (group.atomic or group.carrier == "graph"):
        return "Its writes are no one transaction."
    return None


def _parts(group: EffectGroup) -> list[list[Effect]]:
    effects = {each.id: each for each in group.effects}
    parts = group.parts or (tuple(effects),)
    return [[effects[each] for each in part if each in effects] for part in parts]


def _has_room(part: Sequence[Effect]) -> bool:
    """Tell whether a graph has room for the ledger: an object more, and a request behind the last create."""
    return len({each.object for each in part}) < _MOST_KINDS and _depth(part) < _MOST_DEPTH


def _depth(part: Sequence[Effect]) -> int:
    """Return how many requests link to each other one behind the other; a circle counts as its length."""
    creators = {each.ref: each for each in part if each.ref}
    depths = {each.id: 1 for each in part}
    for _ in part:
        before = dict(depths)
        for each in part:
            own = [depths[creators[ref].id] for ref in links(each) if ref in creators]
            depths[each.id] = min(1 + max(own, default=0), len(part))
        if depths == before:
            break
    return max(depths.values())


def _repeatable(group: EffectGroup) -> bool:
    """Tell whether sending a group twice is sending it once: every write is an upsert that can only happen once.

    One that makes a record meets the first one's under its key. One that changes a record has to pin its version, which
    only a request of its own can: else it would write over what somebody has changed since the first try.
    """
    return group.atomic and all(
        each.operation == "UPSERT"
        and each.change(each.key_field or "") is not None
        and (each.record_id is None or (group.carrier == "composite" and bool(each.version)))
        for each in group.effects
    )
