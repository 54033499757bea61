"""Observation: what the records look like after the commit, and what the org changed beside the plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from actwright.actions.implementation import label_of
from actwright.checkpoints.groups.grouping import MOST_OBSERVED
from actwright.checkpoints.reading.snapshot import watched
from actwright.checkpoints.resolving.steady import SteadyReader
from actwright.errors import ActwrightError
from actwright.org.effect import Effect, EffectGroup
from actwright.org.outcome import GroupOutcome
from actwright.org.ports import OrgReader, RecordRead, RecordSnapshot
from actwright.org.value import same_value
from actwright.runs.record.envelope import SideChange, SideChanges

_LAST_WRITER = "LastModifiedById"


@dataclass(frozen=True, slots=True)
class Observation:
    """What a look after the commit has found.

    Attributes:
        changes: What changed beside the plan.
        versions: The version each record has now, by record id.
        warning: What could not be read again, in words.
    """

    changes: SideChanges
    versions: Mapping[str, str]
    warning: str | None = None

    def event_data(self) -> dict[str, object]:
        """Return the data of the ``group_observed`` event."""
        seen = [each.model_dump(mode="json") for found in self.changes.values() for each in found]
        told = {"warning": self.warning} if self.warning else {}
        return {"sideChanges": seen, "versions": dict(self.versions), **told}


def observe(
    reader: OrgReader,
    group: EffectGroup,
    outcome: GroupOutcome,
    before: Mapping[str, RecordSnapshot],
) -> Observation:
    """Look at the records of a group again.

    Args:
        reader: The org.
        group: What was sent.
        outcome: What became of it.
        before: The records as the last look found them, by id.
    """
    written = _written(group, outcome)
    seen = dict(islice(written.items(), MOST_OBSERVED))
    steady = SteadyReader(reader)
    try:
        after = steady.read(_reads(steady, seen, whole=group.carrier != "bulk")) if seen else {}
    except ActwrightError as error:
        warning = f"The records were written, but could not be read again: {error.message}"
        return Observation({}, {}, warning)
    found = {
        effect.id: _compared(steady, effect, before.get(record_id), after[record_id])
        for record_id, effect in seen.items()
        if record_id in after
    }
    changed = {effect_id: changes for effect_id, changes in found.items() if changes}
    versions = {record_id: each.version for record_id, each in after.items()}
    return Observation(changed, versions, _unseen(len(written), len(seen), len(seen) - len(found)))


def _unseen(written: int, looked: int, gone: int) -> str | None:
    """Return in words what was not seen again: what nobody looked for, and what was looked for in vain."""
    told = (
        f"Of {written:,} records written, {looked:,} were read again." if looked < written else ""
    )
    if gone:
        them = "it is gone, or hidden" if gone == 1 else "they are gone, or hidden"
        told += f" {gone:,} of the records written could not be read again: {them} from you."
    return told.strip() or None


def _written(group: EffectGroup, outcome: GroupOutcome) -> dict[str, Effect]:
    """Return the effects that left a record behind, by that record's id."""
    results = {each.effect_id: each for each in outcome.outcomes}
    written: dict[str, Effect] = {}
    for effect in group.effects:
        result = results.get(effect.id)
        record_id = effect.record_id or (result.record_id if result else None)
        if result and result.status == "done" and record_id and effect.operation != "DELETE":
            written[record_id] = effect
    return written


def _reads(reader: OrgReader, written: Mapping[str, Effect], *, whole: bool) -> list[RecordRead]:
    """Return what to read again: all that automation may touch, or only what was written."""
    ids: dict[str, list[str]] = defaultdict(list)
    fields: dict[str, list[str]] = defaultdict(list)
    for record_id, effect in written.items():
        known = reader.describe(effect.object)
        ids[effect.object].append(record_id)
        fields[effect.object] += [each.field for each in effect.changes if known.field(each.field)]
    return [
        RecordRead(name, tuple(ids[name]), _fields(reader, name, fields[name], whole=whole))
        for name in ids
    ]


def _fields(
    reader: OrgReader, object_name: str, written: Sequence[str], *, whole: bool
) -> tuple[str, ...]:
    planned = watched(reader, object_name, written) if whole else tuple(dict.fromkeys(written))
    return (*planned, *_writer(reader, object_name))


def _writer(reader: OrgReader, object_name: str) -> tuple[str, ...]:
    return (_LAST_WRITER,) if reader.describe(object_name).field(_LAST_WRITER) else ()


def _compared(
    reader: OrgReader, effect: Effect, before: RecordSnapshot | None, after: RecordSnapshot
) -> tuple[SideChange, ...]:
    """Return what differs beside the plan: from the old record, or from an empty one for a new record."""
    schema = reader.describe(effect.object)
    changes = []
    mine = after.values.get(_LAST_WRITER, reader.user.id) == reader.user.id
    for name, value in after.values.items():
        planned = effect.change(name)
        linked = planned is not None and planned.linked_to is not None
        if before is None:
            expected = planned.after if planned else None
            ignored = linked or value is False
        else:
            expected = planned.after if planned else before.values.get(name)
            ignored = linked
        if ignored or name == _LAST_WRITER or same_value(value, expected):
            continue
        field = schema.field(name)
        changes.append(
            SideChange(
                object=effect.object,
                record_id=after.id,
                field=name,
                label=label_of(field) if field else name,
                before=expected if planned or before is None else before.values.get(name),
                after=value,
                cause="automation" if mine else "another user",
                after_text=reader.user.name if value == reader.user.id else None,
            )
        )
    return tuple(changes)
