"""The ledger: a small object of the org's, in which a row under a unique key proves that a group has happened.

The row is created by the group's own transaction, so that it is there exactly if the group is. A second try under the
same key collides with it and is taken back whole; a row written alone keeps a late first try from ever happening.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from actwright.canonical import digest
from actwright.connectors.salesforce.collections import RowsWrite
from actwright.connectors.salesforce.draft import PathOf, Write
from actwright.org.batch import verb_of
from actwright.org.effect import Effect, EffectGroup
from actwright.org.outcome import EffectOutcome, Fault
from actwright.org.record_id import record_id
from actwright.org.settlement import LEDGER_OBJECT
from actwright.org.value import digestible

LEDGER: Final = LEDGER_OBJECT
KEY: Final = "Key__c"
RUN: Final = "Run__c"
STATUS: Final = "Status__c"
CONTENT: Final = "Content__c"
CREATED: Final = "Created_Ids__c"
COMMITTED: Final = "committed"
ABANDONED: Final = "abandoned"

KEY_TAKEN: Final = "LEDGER_KEY_TAKEN"
"""The fault of a transaction taken back because its key was in the ledger already."""

DUPLICATE: Final = "DUPLICATE_VALUE"
"""What an org answers where a unique value is there already."""

_OPENING, _CLOSING = "ledger", "ledgerids"
_LONGEST_KEY = 255
PLAIN_KEY: Final = re.compile(r"[a-z0-9_:.\-]{1,255}", re.ASCII)


def ledger_key(key: str, part: int | None = None) -> str:
    """Return a key as the ledger holds it; one that is too long, or that an org might fold or trim, as its hash.

    Args:
        key: What the group is sent under.
        part: The place of the transaction in a group of several.
    """
    whole = key if part is None else f"{key}:{part}"
    if PLAIN_KEY.fullmatch(whole):
        return whole
    return "sha256:" + sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def keys_of(group: EffectGroup, key: str) -> tuple[str, ...]:
    """Return the ledger's key of each transaction of a group, in order."""
    if not group.parts:
        return (ledger_key(key),)
    return tuple(ledger_key(key, place) for place in range(len(group.parts)))


def effects_by_key(group: EffectGroup, key: str) -> Mapping[str, tuple[Effect, ...]]:
    """Return the effects of each transaction of a group by its key in the ledger, in order."""
    effects = {each.id: each for each in group.effects}
    parts = group.parts or (tuple(effects),)
    return {
        name: tuple(effects[each] for each in part)
        for name, part in zip(keys_of(group, key), parts, strict=True)
    }


def content_of(effects: Sequence[Effect]) -> str:
    """Return the SHA-256 over what one transaction writes, in order: objects, records, fields and values.

    A key may come again where a store was brought back from a backup, and stand for something else then.
    """
    return digest(
        [
            [
                each.operation,
                each.object,
                each.record_id,
                [
                    [one.field, one.linked_to, digestible(one.after, one.family)]
                    for one in each.changes
                ],
            ]
            for each in effects
        ]
    )


def row_fields(key: str, status: str) -> dict[str, str]:
    """Return what every new row of the ledger holds."""
    run = key.partition(":")[0]
    return {KEY: key, RUN: run, STATUS: status}


@dataclass(frozen=True, slots=True)
class Entry:
    """The requests that keep the ledger in one transaction: the row first, and last the ids of what was created.

    Salesforce documents that a reference may stand in a request's body; should an org leave one that stands inside a
    longer text as it is, the row still proves the commit, and only the new ids have to be looked for.
    """

    opening: tuple[Mapping[str, object], ...]
    closing: tuple[Mapping[str, object], ...]

    @property
    def references(self) -> tuple[str, ...]:
        """The names of its requests."""
        return tuple(str(each["referenceId"]) for each in (*self.opening, *self.closing))


NO_ENTRY: Final = Entry((), ())
"""A transaction that leaves no row."""


def entry_of(
    key: str | None, effects: Sequence[Effect], writes: Sequence[Write | RowsWrite], path_of: PathOf
) -> Entry:
    """Return the ledger's requests for one transaction; none without a key.

    Args:
        key: As `ledger_key` gave it.
        effects: What the transaction carries out, in the group's own order.
        writes: The same, made ready.
        path_of: Builds a row's path.
    """
    if key is None:
        return NO_ENTRY
    row = {
        "method": "POST",
        "url": path_of(LEDGER),
        "referenceId": _OPENING,
        "body": {**row_fields(key, COMMITTED), CONTENT: content_of(effects)},
    }
    places = {each.id: place for place, each in enumerate(effects)}
    created = "\n".join(f"{places[each]}=@{{{found}}}" for each, found in _created(writes))
    if not created:
        return Entry((row,), ())
    ids = {
        "method": "PATCH",
        "url": f"{path_of(LEDGER)}/@{{{_OPENING}.id}}",
        "referenceId": _CLOSING,
        "body": {CREATED: created},
    }
    return Entry((row,), (ids,))


def _created(writes: Sequence[Write | RowsWrite]) -> Iterator[tuple[str, str]]:
    """Yield each effect that makes a record, and where in the answer the new id stands."""
    for write in writes:
        for row, effect in enumerate(write.effects):
            if verb_of(effect) == "POST":
                place = f"[{row}]" if isinstance(write, RowsWrite) else ""
                yield effect.id, f"{write.reference}{place}.id"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row of the ledger."""

    key: str
    status: str
    content: str
    """What `content_of` gave of the transaction; nothing in a row that was written alone."""
    created: Mapping[int, str]
    """Ids of the records the transaction made, by the place of the effect in it."""
    own: bool
    """Whether the person it is read for wrote it, and nobody else has changed it since."""

    def doubts(self, effects: Sequence[Effect]) -> str:
        """Return why the row proves nothing of the effects sent under its key, in words; empty where it does."""
        if not self.own:
            return "in a row that somebody else has written or changed"
        if self.status == COMMITTED and self.content != content_of(effects):
            return "in a row that stands for something else"
        return "" if self.status in {COMMITTED, ABANDONED} else "which is no word of ours"

    def outcomes(self, effects: Sequence[Effect]) -> tuple[EffectOutcome, ...]:
        """Return what the row proves of the effects sent under its key; ``unknown`` where it proves nothing."""
        if self.doubts(effects):
            return tuple(EffectOutcome(effect_id=each.id, status="unknown") for each in effects)
        if self.status == ABANDONED:
            return tuple(EffectOutcome(effect_id=each.id, status="not_sent") for each in effects)
        return tuple(self._done(place, each) for place, each in enumerate(effects))

    def _done(self, place: int, effect: Effect) -> EffectOutcome:
        made = verb_of(effect) == "POST"
        found = self.created.get(place) if made else effect.record_id
        return EffectOutcome(
            effect_id=effect.id,
            status="done",
            record_id=None if found is None else record_id(found),
            created=made,
        )


def key_refused(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Return the ledger's own faults as the faults of the effects taken back with it."""
    return tuple(
        Fault(
            code=KEY_TAKEN if each.code == DUPLICATE else each.code,
            message=f"The org's ledger refused the key: {each.message}",
        )
        for each in faults
    )
