"""Snapshots: the records an effect touches or points to, as they stand, read together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from actwright.checkpoints.reading.upsert_keys import matched
from actwright.guardrails.offer import bearing_fields
from actwright.org.effect import Effect, FieldChange
from actwright.org.ports import OrgReader, RecordRead, RecordSnapshot
from actwright.org.value import FieldValue

_MOST_WATCHED_FIELDS = 100
UNWATCHED = frozenset(
    {
        "Id",
        "CreatedById",
        "CreatedDate",
        "IsDeleted",
        "LastActivityDate",
        "LastModifiedById",
        "LastModifiedDate",
        "LastReferencedDate",
        "LastViewedDate",
        "SystemModstamp",
    }
)
"""Fields every write moves; nobody needs to be told."""


@dataclass(frozen=True, slots=True)
class Snapshots:
    """What was read: records by id, and the names of referenced records by id."""

    records: Mapping[str, RecordSnapshot] = field(default_factory=dict)
    references: Mapping[str, str | None] = field(default_factory=dict)


def located(reader: OrgReader, effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Return the effects, every upsert with the id of the record its key matches, or with none.

    Raises:
        RefusedError: A key matches several records.
        OrgError: The org cannot be asked.
    """
    upserts = [each for each in effects if each.operation == "UPSERT" and _has_key(reader, each)]
    if not upserts:
        return tuple(effects)
    ids = matched(reader, upserts)
    return tuple(
        each.model_copy(update={"record_id": ids[each.id]}) if each.id in ids else each
        for each in effects
    )


def take(reader: OrgReader, effects: Sequence[Effect]) -> Snapshots:
    """Read every record the effects write to, and the names of all records they point to or pointed to.

    Raises:
        OrgError: The org cannot be asked.
    """
    records = reader.read(_record_reads(reader, effects))
    references = _names(reader, _referenced(effects, records))
    return Snapshots(records, references)


def take_again(reader: OrgReader, effects: Sequence[Effect], *, whole: bool = True) -> Snapshots:
    """Read the records the effects write to once more, in one call where there are at most 1,000.

    The names of referenced records are taken from the preview: what they are called changes nothing.

    Args:
        reader: The org.
        effects: What would be written.
        whole: Whether to read all fields automation may touch as well, for a comparison afterwards.
    """
    reads = _record_reads(reader, effects)
    if whole:
        reads = [
            RecordRead(each.object, each.ids, watched(reader, each.object, each.fields))
            for each in reads
        ]
    references = {
        str(change.after): change.after_text
        for effect in effects
        for change in effect.changes
        if change.family == "id" and change.after
    }
    return Snapshots(reader.read(reads) if reads else {}, references)


def watched(reader: OrgReader, object_name: str, planned: Sequence[str]) -> tuple[str, ...]:
    """Return the fields to compare before and after a write: the planned ones, then what automation may touch.

    Time stamps nobody can set only say that something was written, and long texts are left alone.
    """
    others = (
        each.name
        for each in reader.describe(object_name).fields
        if each.name not in UNWATCHED
        and each.type not in {"address", "textarea", "location"}
        and (each.updateable or each.type != "datetime")
    )
    return tuple(dict.fromkeys((*planned, *others)))[:_MOST_WATCHED_FIELDS]


def completed(effect: Effect, snapshots: Snapshots) -> Effect:
    """Return the effect with its before-values, version and names filled in."""
    record = snapshots.records.get(effect.record_id or "")
    changes = tuple(_completed(each, record, snapshots.references) for each in effect.changes)
    if record is None:
        return effect.model_copy(update={"changes": changes})
    if effect.operation == "DELETE":
        changes = _gone(changes)
    if effect.operation == "UPSERT":
        changes = tuple(_key_kept(each, effect) for each in changes)
    return effect.model_copy(
        update={
            "changes": changes,
            "version": record.version,
            "record_name": record.name or effect.record_name,
        }
    )


def _key_kept(change: FieldChange, effect: Effect) -> FieldChange:
    """Return the key of a matched record as it stands: it is what was matched on, and is not written."""
    is_key = change.field.lower() == (effect.key_field or "").lower()
    return change.model_copy(update={"after": change.before}) if is_key else change


def _has_key(reader: OrgReader, effect: Effect) -> bool:
    """Tell whether there is a key to ask for; where not, the guardrails say what is missing."""
    key = effect.change(effect.key_field or "")
    return key is not None and key.after is not None and _readable(reader, effect.object, key.field)


def _record_reads(reader: OrgReader, effects: Sequence[Effect]) -> list[RecordRead]:
    ids: dict[str, dict[str, None]] = defaultdict(dict)
    fields: dict[str, dict[str, None]] = defaultdict(dict)
    for effect in effects:
        if effect.record_id:
            ids[effect.object][effect.record_id] = None
            fields[effect.object] |= dict.fromkeys(each.field for each in effect.changes)
    return [
        RecordRead(
            name, tuple(ids[name]), _with_bearing(reader, name, _known(reader, name, wanted))
        )
        for name, wanted in fields.items()
        if _visible(reader, name)
    ]


def _known(reader: OrgReader, object_name: str, wanted: Iterable[str]) -> list[str]:
    schema = reader.describe(object_name)
    return [each for each in wanted if schema.field(each) is not None]


def _with_bearing(reader: OrgReader, object_name: str, written: Sequence[str]) -> tuple[str, ...]:
    """Return the fields written, and those whose standing values decide whether the written ones fit."""
    known = tuple(dict.fromkeys(written))
    return tuple(dict.fromkeys((*known, *bearing_fields(reader.describe(object_name), known))))


def _visible(reader: OrgReader, object_name: str) -> bool:
    return any(each.name == object_name for each in reader.objects())


def _readable(reader: OrgReader, object_name: str, field_name: str) -> bool:
    return _visible(reader, object_name) and bool(reader.describe(object_name).field(field_name))


def _referenced(
    effects: Sequence[Effect], records: Mapping[str, RecordSnapshot]
) -> tuple[str, ...]:
    ids: list[str] = []
    for effect in effects:
        record = records.get(effect.record_id or "")
        for change in effect.changes:
            if change.family != "id":
                continue
            before = record.values.get(change.field) if record else None
            ids += [str(each) for each in (before, change.after) if each]
    return tuple(dict.fromkeys(ids))


def _names(reader: OrgReader, ids: Sequence[str]) -> dict[str, str | None]:
    by_prefix = {each.key_prefix: each.name for each in reader.objects() if each.key_prefix}
    grouped: dict[str, list[str]] = defaultdict(list)
    for each in ids:
        if each[:3] in by_prefix:
            grouped[by_prefix[each[:3]]].append(each)
    reads = [RecordRead(name, tuple(members), ()) for name, members in grouped.items()]
    return {key: record.name for key, record in reader.read(reads).items()} if reads else {}


def _completed(
    change: FieldChange, record: RecordSnapshot | None, names: Mapping[str, str | None]
) -> FieldChange:
    before = _value(record, change.field) if record else None
    return change.model_copy(
        update={
            "before": before,
            "before_text": names.get(str(before)) if change.family == "id" else None,
            "after_text": names.get(str(change.after)) or change.after_text
            if change.family == "id"
            else change.after_text,
        }
    )


def _gone(changes: Sequence[FieldChange]) -> tuple[FieldChange, ...]:
    return tuple(each for each in changes if each.before is not None and each.before is not False)


def _value(record: RecordSnapshot, field_name: str) -> FieldValue:
    return record.values.get(field_name)
