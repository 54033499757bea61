"""Later work: what became of a run's records since, which taking the run back must not sweep away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from actwright.canonical import digest
from actwright.checkpoints.reading.cascade import with_cascades
from actwright.checkpoints.wording.effect_words import in_a_sentence, plain_value
from actwright.inert import inert
from actwright.org.effect import Cascade, Effect, FieldChange
from actwright.org.ports import OrgReader, RecordRead, RecordSnapshot
from actwright.org.value import FieldValue, same_value
from actwright.runs.accomplished import Accomplished

CHANGED = "was changed since"
"""How every reason begins that a person can set aside."""

_MADE_AT, _MADE_BY, _WRITTEN_BY = "CreatedDate", "CreatedById", "LastModifiedById"
_SAVING = timedelta(seconds=2)
"""How long after a record is made its own automation may still write to it."""


@dataclass(frozen=True, slots=True)
class LaterWork:
    """What a run's records look like by now.

    Attributes:
        reader: The org, for its schema.
        standing: The records that are still there, by id.
        under: The children the org would delete with each record that the run created, by its id.
    """

    reader: OrgReader
    standing: Mapping[str, RecordSnapshot]
    under: Mapping[str, tuple[Cascade, ...]]

    def why_left(
        self, done: Accomplished, taken_back: Collection[Accomplished], *, also_moved: bool
    ) -> str | None:
        """Return why a record is left as it is: it is gone, already as it was, or somebody has worked on it; else None.

        Args:
            done: What the run did to it.
            taken_back: What is taken back before it.
            also_moved: Whether somebody's later work is set back too.
        """
        record = self.standing.get(done.record_id)
        if record is None:
            return "is gone, or you may no longer see it."
        if not done.created and self._as_before(done, record):
            return "is as it was before the run."
        if also_moved:
            return None
        return (
            self._other_value(done, record)
            or (self._written_later(record) if done.created else None)
            or (self._children(done, taken_back) if done.created else None)
        )

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
            return self._written_later(record) if done.created else None
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

    def _written_later(self, record: RecordSnapshot) -> str | None:
        """Return why a new record is no longer as the run made it: whoever completed it would lose their work."""
        writer, maker = record.values.get(_WRITTEN_BY), record.values.get(_MADE_BY)
        if writer is not None and maker is not None and writer != maker:
            return f"{CHANGED}, by somebody else than who made it."
        made = record.values.get(_MADE_AT)
        if made is not None and _moment(record.version) - _moment(made) > _SAVING:
            return f"{CHANGED}, on {record.version}; the run had made it on {made}."
        return None

    def _children(self, done: Accomplished, taken_back: Collection[Accomplished]) -> str | None:
        for cascade in self.under.get(done.record_id, ()):
            own = sorted(
                each.record_id
                for each in taken_back
                if each.effect.object == cascade.object and _under(each, done)
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
        RefusedError: More children would go with a record than can be looked over.
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
    under = {str(each.record_id): each.also_deletes for each in with_cascades(reader, gone)}
    return LaterWork(reader, standing, under)


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


def _under(child: Accomplished, parent: Accomplished) -> bool:
    """Tell whether the run itself hung one record under another."""
    return any(
        each.linked_to is not None and child.links.get(each.linked_to) == parent.record_id
        for each in child.effect.changes
    )


def _moment(value: FieldValue) -> datetime:
    return datetime.fromisoformat(str(value))
