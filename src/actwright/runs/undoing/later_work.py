"""Later work: what became of a run's records since, which taking the run back must not sweep away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from actwright.canonical import digest
from actwright.checkpoints.reading.cascade import with_cascades
from actwright.checkpoints.reading.pointers import Pointer, Pointers, pointers_to
from actwright.checkpoints.wording.effect_words import in_a_sentence, plain_value
from actwright.errors import RefusedError
from actwright.inert import inert
from actwright.org.effect import Cascade, Effect, FieldChange
from actwright.org.ports import OrgReader, RecordRead, RecordSnapshot
from actwright.org.value import FieldValue, same_value, utc_text
from actwright.runs.undoing.accomplished import Accomplished

CHANGED = "was changed since"
IN_USE = "is in use by now"
"""How reasons begin that a person can set aside."""

_HELD = "is kept: what is left as it is still points to it."
_MADE_AT, _MADE_BY, _WRITTEN_BY = "CreatedDate", "CreatedById", "LastModifiedById"
_SAVING = timedelta(seconds=2)
"""How long after a record is written its own automation may still write to it."""


@dataclass(frozen=True, slots=True)
class LaterWork:
    """What a run's records look like by now.

    Attributes:
        reader: The org, for its schema.
        standing: The records that are still there, by id.
        under: The children the org would delete with each record that the run created, by its id.
        pointers: What points to those records and would stay when they go.
        made: The ids of all records that the run created.
        wide: Why a record cannot be deleted here, by its id, where more would go with it than can be looked over.
    """

    reader: OrgReader
    standing: Mapping[str, RecordSnapshot]
    under: Mapping[str, tuple[Cascade, ...]]
    pointers: Pointers = field(default_factory=Pointers)
    made: Collection[str] = ()
    wide: Mapping[str, str] = field(default_factory=dict)

    def why_left(
        self,
        done: Accomplished,
        pointing: Collection[Accomplished],
        *,
        still_held: bool,
        also_moved: bool,
    ) -> str | None:
        """Return why a record is left as it is: it is gone, already as it was, or somebody has worked on it; else None.

        Args:
            done: What the run did to it.
            pointing: What points to it and is taken back before it.
            still_held: Whether something points to it that is not taken back.
            also_moved: Whether somebody's later work is set back too.
        """
        settled = self.settled(done) or self.wide.get(done.record_id)
        if settled is not None or also_moved:
            return settled
        record = self.standing[done.record_id]
        return (
            self._other_value(done, record)
            or (self._written_later(done, record) if done.created else None)
            or (self._children(done, pointing) if done.created else None)
            or (_HELD if done.created and still_held else None)
            or self.in_use(done, pointing)
        )

    def settled(self, done: Accomplished) -> str | None:
        """Return that there is nothing left to take back of a record, in words; None where there is."""
        if done.effect.kind != "record":
            return None
        record = self.standing.get(done.record_id)
        if record is None:
            return "is gone, or you may no longer see it."
        if not done.created and self._as_before(done, record):
            return "is as it was before the run."
        return None

    def held_by(self, done: Accomplished) -> set[str]:
        """Return the ids of the records a record points to, among them values of the fields the run wrote to it."""
        record = self.standing.get(done.record_id)
        values = record.values if record else {}
        written = {str(values[one.field]) for one in done.effect.changes if one.field in values}
        return written | self.pointers.targets(done.record_id, iter(self.under))

    def in_use(self, done: Accomplished, before: Collection[Accomplished]) -> str | None:
        """Return which records of others point to a new one, and would no longer do so without it; None where none does.

        Args:
            done: What the run did to it.
            before: What is taken back before it.
        """
        if not done.created:
            return None
        freed = {(each.record_id, one.field) for each in before for one in each.effect.changes}
        written = {each.record_id for each in before}

        def spared(one: Pointer) -> bool:
            """Tell whether it is the run's own, or no longer points there by then."""
            freed_too = one.follows and one.record_id in written
            return one.record_id in self.made or (one.record_id, one.field) in freed or freed_too

        words = self.pointers.words(done.record_id, spared)
        return f"{IN_USE}: {words}." if words else None

    def overwritten(self, done: Accomplished) -> str | None:
        """Return what of somebody's later work goes when a record is taken back all the same; None where nothing does.

        Args:
            done: What the run did to it.
        """
        record = self.standing.get(done.record_id)
        if record is None:
            return None
        moved = [each for each in done.effect.changes if self._moved(done, record, each)]
        if not moved:
            return self._written_later(done, record) if done.created else None
        values = (
            f"{inert(each.label, limit=80)} is {in_a_sentence(standing, 'before')}"
            for each in moved
            for standing in (
                each.model_copy(update={"before": record.values[each.field], "before_text": None}),
            )
        )
        return f"{CHANGED}: {', '.join(values)}."

    def _moved(self, done: Accomplished, record: RecordSnapshot, change: FieldChange) -> bool:
        """Tell whether a field holds another value by now than the run had left there."""
        if change.field not in record.values:
            return False
        now = record.values[change.field]
        restored = not done.created and same_value(now, change.before)
        return not restored and not same_value(now, done.left_behind(change))

    def _as_before(self, done: Accomplished, record: RecordSnapshot) -> bool:
        return all(
            each.field in record.values and same_value(record.values[each.field], each.before)
            for each in done.effect.changes
        )

    def _other_value(self, done: Accomplished, record: RecordSnapshot) -> str | None:
        for change in done.effect.changes:
            label = inert(change.label, limit=80)
            if change.field not in record.values:
                return f"may have been changed since: {label} is hidden from you."
            now, left = record.values[change.field], done.left_behind(change)
            if self._moved(done, record, change):
                told = (plain_value(each, change.family) for each in (now, left))
                return f"{CHANGED}: {label} is {', the run had left '.join(told)}."
        return None

    def _written_later(self, done: Accomplished, record: RecordSnapshot) -> str | None:
        """Return why a new record is no longer as the run left it: whoever completed it would lose their work."""
        writer, maker = record.values.get(_WRITTEN_BY), record.values.get(_MADE_BY)
        if writer is not None and maker is not None and writer != maker:
            return f"{CHANGED}, by somebody else than who made it."
        left = _left_at(done, record)
        if left is not None and _moment(record.version) - left > _SAVING:
            return f"{CHANGED}, on {record.version}; the run had left it on {utc_text(left)}."
        return None

    def _children(self, done: Accomplished, pointing: Collection[Accomplished]) -> str | None:
        for cascade in self.under.get(done.record_id, ()):
            own = sorted(
                {each.record_id for each in pointing if each.effect.object == cascade.object}
            )
            if cascade.records != digest(own):
                return (
                    f"{CHANGED}: with it would go {cascade.count:,} {inert(cascade.label, limit=80)}, "
                    "not all of which the run made."
                )
        return None


def looked_up(done: Sequence[Accomplished], reader: OrgReader) -> LaterWork:
    """Return what became of what a run did.

    Raises:
        NotFoundError: An object is hidden by now.
        OrgError: The org cannot be asked.
    """
    standing = reader.read(list(_reads(done, reader)))
    gone = [
        Effect(
            id=each.effect.id,
            action_id=each.effect.action_id,
            operation="DELETE",
            object=each.effect.object,
            record_id=each.record_id,
        )
        for each in done
        if each.created and each.record_id in standing
    ]
    counted, wide = _counted(gone, reader)
    under = {str(each.record_id): each.also_deletes for each in counted}
    new: dict[str, list[str]] = defaultdict(list)
    for each in gone:
        new[each.object].append(str(each.record_id))
    made = frozenset(each.record_id for each in done if each.created)
    return LaterWork(reader, standing, under, pointers_to(new, reader, len(done)), made, wide)


def _counted(
    gone: Sequence[Effect], reader: OrgReader
) -> tuple[tuple[Effect, ...], dict[str, str]]:
    """Return the deletes with the children that would go with them, and why the others cannot be, by record."""
    try:
        return with_cascades(reader, gone), {}
    except RefusedError as error:
        if len(gone) == 1:
            return (), {
                str(gone[0].record_id): f"is kept: {error.message[:1].lower()}{error.message[1:]}"
            }
    half = len(gone) // 2
    first, second = (_counted(each, reader) for each in (gone[:half], gone[half:]))
    return (*first[0], *second[0]), first[1] | second[1]


def _reads(done: Sequence[Accomplished], reader: OrgReader) -> Iterator[RecordRead]:
    """Yield what to read: the fields written, and of new records who wrote to them last, as far as the person sees them."""
    ids: dict[str, dict[str, None]] = defaultdict(dict)
    fields: dict[str, dict[str, None]] = defaultdict(dict)
    for each in done:
        ids[each.effect.object][each.record_id] = None
        fields[each.effect.object] |= dict.fromkeys(one.field for one in each.effect.changes)
        if each.created:
            fields[each.effect.object] |= dict.fromkeys((_MADE_AT, _MADE_BY, _WRITTEN_BY))
    for name, members in ids.items():
        schema = reader.describe(name)
        seen = tuple(each for each in fields[name] if schema.field(each) is not None)
        yield RecordRead(name, tuple(members), seen)


def _left_at(done: Accomplished, record: RecordSnapshot) -> datetime | None:
    """Return when the run left a new record: by the version it saw, else by when it was made or written to again."""
    if done.version is not None:
        return _moment(done.version)
    if len(done.keys) > 1 and done.at:
        return _moment(done.at)
    made = record.values.get(_MADE_AT)
    return None if made is None else _moment(made)


def _moment(value: FieldValue) -> datetime:
    return datetime.fromisoformat(str(value))
