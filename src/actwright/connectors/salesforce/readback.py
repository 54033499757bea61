"""Reading back: what the org holds now of what a group would have written, for a person to decide by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from actwright.canonical import decimal_text
from actwright.errors import NotFoundError
from actwright.inert import inert
from actwright.org.batch import verb_of
from actwright.org.effect import Effect, EffectGroup, FieldChange
from actwright.org.outcome import EffectOutcome, GroupOutcome
from actwright.org.ports import OrgReader, Record
from actwright.org.query import Condition, Ordering, RecordQuery
from actwright.org.record_id import record_id
from actwright.org.schema import ObjectSchema
from actwright.org.value import Family, FieldValue

MOST_SHOWN: Final = 20
"""Effects of one group that are read back for a person."""

_MOST_COMPARED = 200
"""Effects of one group that are compared one by one."""

_MOST_ALIKE = 5
_MOST_FIELDS = 20
_LONGEST_COMPARED = 255
_CLOCKS_APART = timedelta(minutes=5)
"""How far this machine's clock and the org's may be apart where a record is to be taken for one of ours."""

_SHOWN_BEFORE = timedelta(days=1)
"""How long before the call records are shown to a person: a clock that is wrong must hide none."""

_COMPARABLE: frozenset[Family] = frozenset({"string", "id", "date", "datetime", "boolean"})
_AUDIT = ("CreatedDate", "LastModifiedDate", "LastModifiedById")

BOTH_WAYS: Final = (
    "If it happened, the run goes on behind it; if you say so and it did not, it is never done.",
    "If it did not happen, it may be sent anew; if you say so and it did, it is done twice.",
)
"""What each of the two answers of a person would mean."""


@dataclass(frozen=True, slots=True)
class Readback:
    """Reads back what groups would have written.

    Attributes:
        reader: The org, with the rights of the person the group was sent for.
    """

    reader: OrgReader

    def evidence(self, group: EffectGroup, since: datetime | None) -> tuple[str, ...]:
        """Return what is there now, a sentence an effect, and what each of the two answers would mean.

        Raises:
            OrgError: The org cannot be asked.
        """
        shown = [each for each in group.effects if each.kind == "record"][:MOST_SHOWN]
        found = self._found(shown, since and since - _SHOWN_BEFORE)
        lines = [self._sentence(each, found[each.id], since) for each in shown]
        left = len(group.effects) - len(shown)
        more = [f"{left:,} further changes were not read back."] if left else []
        return (*lines, *more, *BOTH_WAYS)

    def as_written(self, group: EffectGroup, since: datetime | None) -> GroupOutcome | None:
        """Return the group as done where each record holds all that was to be written, by this user and since then.

        None where that is not so, where it cannot be told, or where nobody knows when it was sent: a record that stood
        so before is none of the group's.

        Raises:
            OrgError: The org cannot be asked.
        """
        fields = max(len(each.changes) for each in group.effects)
        if since is None or len(group.effects) > _MOST_COMPARED or fields > _MOST_FIELDS:
            return None
        found = self._found(group.effects, None)
        ids = {each.ref: found[each.id][0].id for each in group.effects if found[each.id]}
        standing = [
            _stands(each, found[each.id], ids, self.reader.user.id, since - _CLOCKS_APART)
            for each in group.effects
        ]
        if not all(standing):
            return None
        outcomes = tuple(_done(each, found[each.id][0]) for each in group.effects)
        return GroupOutcome(group_id=group.id, outcomes=outcomes, api_calls=1)

    def created_ids(self, group: EffectGroup, since: datetime | None) -> Mapping[str, str]:
        """Return the new record of each create of a group known to have happened, where exactly one can be it.

        Without the time it was sent at an older record might be taken for it, so that none is.

        Raises:
            OrgError: The org cannot be asked.
        """
        if since is None:
            return {}
        made = [each for each in group.effects if verb_of(each) == "POST"][:_MOST_COMPARED]
        found = self._found(made, since - _CLOCKS_APART)
        alone = {key: rows[0].id for key, rows in found.items() if len(rows) == 1}
        return {key: one for key, one in alone.items() if list(alone.values()).count(one) == 1}

    def _found(
        self, effects: Sequence[Effect], earliest: datetime | None
    ) -> Mapping[str, Sequence[Record]]:
        """Return the records that could be what each effect speaks of, by effect id."""
        queries = {each.id: self._query(each, earliest) for each in effects}
        asked = {key: query for key, query in queries.items() if query is not None}
        answers = dict(zip(asked, self.reader.query(list(asked.values())), strict=True))
        return {each.id: answers.get(each.id, ()) for each in effects}

    def _query(self, effect: Effect, earliest: datetime | None) -> RecordQuery | None:
        """Return the question for an effect's records; None where the object is hidden by now."""
        try:
            schema = self.reader.describe(effect.object)
        except NotFoundError:
            return None
        fields = tuple(dict.fromkeys(_fields(effect, schema)))
        if effect.record_id is not None:
            known = Condition(field="Id", value=record_id(effect.record_id))
            return RecordQuery(object=schema.name, fields=fields, where=(known,), limit=1)
        where = tuple(self._alike(effect, schema, earliest))
        newest = Ordering(field="CreatedDate", descending=True)
        order = (newest,) if schema.field("CreatedDate") else ()
        return RecordQuery(
            object=schema.name, fields=fields, where=where, order=order, limit=_MOST_ALIKE
        )

    def _alike(
        self, effect: Effect, schema: ObjectSchema, earliest: datetime | None
    ) -> Iterator[Condition]:
        """Yield what a new record would have to hold."""
        key = effect.change(effect.key_field or "")
        if key is not None:
            yield _equal(key)
            return
        if schema.field("CreatedById"):
            yield Condition(field="CreatedById", value=self.reader.user.id)
        if schema.field("CreatedDate") and earliest is not None:
            moment = earliest.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            yield Condition(field="CreatedDate", operator=">=", value=moment)
        for each in effect.changes:
            found = schema.field(each.field)
            if found and found.filterable and _tells_apart(each, found.family):
                yield _equal(each)

    def _sentence(self, effect: Effect, rows: Sequence[Record], since: datetime | None) -> str:
        label = inert(effect.object_label or effect.object, limit=80)
        key = effect.change(effect.key_field or "") if effect.record_id is None else None
        if key is not None:
            return _under(f"{label} of {effect.id}", key, rows)
        if effect.record_id is None:
            return _made(f"{label} of {effect.id}", rows, self.reader.user.name, since)
        name = f" {inert(effect.record_name, limit=80)!r}" if effect.record_name else ""
        called = f"{label}{name} ({effect.record_id})"
        if not rows:
            return f"{called} is gone, or hidden from you."
        if effect.operation == "DELETE":
            return f"{called} is still there{_changed(rows[0])}."
        return f"{called} {_held(effect, rows[0])}: {_values(effect, rows[0])}{_changed(rows[0])}."


def _fields(effect: Effect, schema: ObjectSchema) -> Iterator[str]:
    yield "Id"
    for name in _AUDIT:
        if schema.field(name):
            yield name
    by = schema.field("LastModifiedById")
    if by is not None and by.relationship_name:
        yield f"{by.relationship_name}.Name"
    for each in effect.changes[:_MOST_FIELDS]:
        found = schema.field(each.field)
        if found is not None:
            yield found.name


def _tells_apart(change: FieldChange, family: Family) -> bool:
    """Tell whether a new record can be looked for by a value: it is known by now, short, and compared exactly."""
    told = change.linked_to is None and change.after not in {None, ""}
    return told and family in _COMPARABLE and len(str(change.after)) <= _LONGEST_COMPARED


def _equal(change: FieldChange) -> Condition:
    value = change.after
    exact = decimal_text(value) if isinstance(value, Decimal) else value
    return Condition(field=change.field, value=exact)


def _held(effect: Effect, row: Record) -> str:
    """Say whether a record holds the new values, the old ones, or neither; only what can be compared counts."""
    plain = [each for each in effect.changes[:_MOST_FIELDS] if each.linked_to is None]
    if not plain:
        return "is there, and nothing of this change can be compared"
    now = {each.field: _value(row, each.field) for each in plain}
    compared, whole = len(plain), len(effect.changes)
    where = "" if compared == whole else f", in {compared:,} of {whole:,} fields"
    if all(now[each.field] == each.after for each in plain):
        return f"holds what this change writes{where}"
    if all(now[each.field] == each.before for each in plain):
        return f"holds what stood there before{where}"
    return f"holds neither what this change writes nor what stood there before{where}"


def _stands(
    effect: Effect,
    rows: Sequence[Record],
    ids: Mapping[str | None, str],
    user: str,
    earliest: datetime,
) -> bool:
    """Tell whether an effect's one record holds all of it, last written by this user and not before a moment.

    Args:
        effect: What was to be written.
        rows: The records it could be.
        ids: The records that the group's own effects made, by their refs.
        user: The user's id.
        earliest: When it can have been written at the earliest.
    """
    if len(rows) != 1 or rows[0].values.get("LastModifiedById") not in {None, user}:
        return False
    made = verb_of(effect) == "POST"
    written = rows[0].values.get("CreatedDate" if made else "LastModifiedDate")
    if not _is_since(written, earliest):
        return False
    linked = [each.linked_to for each in effect.changes if each.linked_to]
    return ids.keys() >= set(linked) and all(
        _value(rows[0], each.field) == (ids[each.linked_to] if each.linked_to else each.after)
        for each in effect.changes
    )


def _is_since(written: FieldValue, earliest: datetime) -> bool:
    try:
        return datetime.fromisoformat(str(written)) >= earliest
    except (ValueError, TypeError):
        return False


def _done(effect: Effect, row: Record) -> EffectOutcome:
    made = verb_of(effect) == "POST"
    return EffectOutcome(effect_id=effect.id, status="done", record_id=row.id, created=made)


def _value(row: Record, field: str) -> FieldValue:
    wanted = field.lower()
    return next((value for name, value in row.values.items() if name.lower() == wanted), None)


def _values(effect: Effect, row: Record) -> str:
    shown = [
        f"{inert(each.label, limit=80)} is {_quoted(_value(row, each.field))}"
        for each in effect.changes[:3]
    ]
    return "; ".join(shown) + ("; …" if len(effect.changes) > len(shown) else "")


def _quoted(value: FieldValue) -> str:
    return "empty" if value is None else repr(inert(str(value), limit=80))


def _changed(row: Record) -> str:
    at, by = row.values.get("LastModifiedDate"), row.values.get("LastModifiedBy.Name")
    if at is None:
        return ""
    return f"; last changed {at}" + (f" by {inert(str(by), limit=80)}" if by else "")


def _under(label: str, key: FieldChange, rows: Sequence[Record]) -> str:
    """Say what stands under the key of a record that was to be created, whoever made it."""
    called = f"{inert(key.label, limit=80)} {_quoted(key.after)}"
    if not rows:
        return f"{label}: no record with {called} is to be found."
    found = ", ".join(f"{each.id}, created {_created(each)}{_changed(each)}" for each in rows)
    return f"{label}: there is one with {called}: {found}."


def _made(label: str, rows: Sequence[Record], who: str, since: datetime | None) -> str:
    made = f"made by {inert(who, limit=80)}"
    if since is not None:
        made += f" since {_moment(since - _SHOWN_BEFORE)} (it was sent at {_moment(since)})"
    if not rows:
        return f"{label}: no record like the one to be created, {made}, is to be found."
    found = ", ".join(f"{each.id}, created {_created(each)}" for each in rows)
    more = " at least" if len(rows) == _MOST_ALIKE else ""
    return f"{label}:{more} {len(rows)} like the one to be created, {made}: {found}."


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _created(row: Record) -> str:
    return str(row.values.get("CreatedDate") or "nobody knows when")
