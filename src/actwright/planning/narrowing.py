"""Narrowing: an org of which planners see only what a schema snapshot has as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from actwright.errors import InputError, NotFoundError
from actwright.inert import inert
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.ports import OrgReader, Record, RecordRead, RecordSnapshot
from actwright.org.query import RecordQuery
from actwright.org.schema import FieldSchema, ObjectSchema, ObjectSummary, PicklistValue
from actwright.planning.planner import Planner, PlanningOutcome, PlanningRequest
from actwright.planning.snapshots import SchemaSnapshot

_SHOWN = 10
_LONGEST = 255


class NarrowedOrg:
    """An org with the objects and fields that both the person may see and a snapshot has.

    The id and the name of a record stay, so that a record can be named. Records are read with the person's own
    rights, as ever.

    Args:
        org: The org.
        snapshot: What to narrow it to.

    Raises:
        InputError: The person may see nothing of what the snapshot has.
        OrgError: The org cannot be asked.
    """

    def __init__(self, org: OrgReader, snapshot: SchemaSnapshot) -> None:
        self._org = org
        self._snapshot = snapshot
        self._kept = {
            name.lower(): frozenset(map(str.lower, fields))
            for name, fields in snapshot.fields.items()
        }
        self._listed: tuple[Sequence[ObjectSummary], tuple[ObjectSummary, ...]] | None = None
        self._schemas: dict[str, tuple[ObjectSchema, ObjectSchema]] = {}
        self._hidden_fields: dict[str, tuple[str, ...]] = {}
        if not self.objects():
            raise InputError(
                f"Nothing of the schema snapshot is visible to {inert(org.user.username)}.",
                where=snapshot.source,
                hint="Check the names in the snapshot, or make one with `actwright org snapshot`.",
                code="snapshot_foreign",
            )

    @property
    def identity(self) -> OrgIdentity:
        """Which org this is."""
        return self._org.identity

    @property
    def user(self) -> RunningUser:
        """Whose rights count."""
        return self._org.user

    @property
    def api_calls(self) -> int:
        """API calls made so far."""
        return self._org.api_calls

    @property
    def notes(self) -> tuple[str, ...]:
        """What the snapshot has and the person may not see, as far as it was looked at."""
        visible = {each.name.lower() for each in self.objects()}
        objects = [name for name in self._snapshot.fields if name.lower() not in visible]
        hidden = [
            *objects,
            *(f"{name}.{each}" for name, fields in self._hidden_fields.items() for each in fields),
        ]
        if not hidden:
            return ()
        more = f" and {len(hidden) - _SHOWN} more" if len(hidden) > _SHOWN else ""
        named = f"{', '.join(hidden[:_SHOWN])}{more}"
        return (
            f"of the schema snapshot these are not visible to you, or do not exist: {named}"[
                :_LONGEST
            ],
        )

    def objects(self) -> Sequence[ObjectSummary]:
        """Return the objects that are in both.

        Raises:
            OrgError: The org cannot be asked.
        """
        listed = self._org.objects()
        if self._listed is None or self._listed[0] is not listed:
            kept = tuple(each for each in listed if each.name.lower() in self._kept)
            same = self._listed is not None and self._listed[1] == kept
            self._listed = (listed, self._listed[1] if same and self._listed else kept)
        return self._listed[1]

    def describe(self, name: str) -> ObjectSchema:
        """Return an object with the fields that are in both.

        Raises:
            NotFoundError: The object is not in the snapshot, hidden, or does not exist.
            OrgError: The org cannot be asked.
        """
        fields = self._kept.get(name.lower())
        if fields is None:
            raise self._absent(name)
        whole = self._org.describe(name)
        kept = self._schemas.get(whole.name)
        if kept is None or kept[0] is not whole:
            self._hidden_fields[whole.name] = self._absent_fields(whole)
            kept = self._schemas[whole.name] = (whole, _narrowed(whole, fields))
        return kept[1]

    def query(self, queries: Sequence[RecordQuery]) -> Sequence[Sequence[Record]]:
        """Answer queries over objects that are in both.

        Raises:
            NotFoundError: An object is not in the snapshot.
            InputError: A field does not exist for the user, or a value does not fit its field.
            OrgError: The org cannot be asked.
        """
        self._check([each.object for each in queries])
        return self._org.query(queries)

    def count(self, query: RecordQuery) -> int:
        """Return how many rows a query has, of an object that is in both.

        Raises:
            NotFoundError: The object is not in the snapshot.
            InputError: A field does not exist for the user, or a value does not fit its field.
            OrgError: The org cannot be asked.
        """
        self._check([query.object])
        return self._org.count(query)

    def picklist_values(
        self, object_name: str, record_type: str
    ) -> Mapping[str, tuple[PicklistValue, ...]]:
        """Return the values each picklist of an object in both offers for one record type, by field name.

        Raises:
            NotFoundError: The object is not in the snapshot, or the record type does not exist.
            OrgError: The org cannot be asked.
        """
        self._check([object_name])
        return self._org.picklist_values(object_name, record_type)

    def read(self, reads: Sequence[RecordRead]) -> Mapping[str, RecordSnapshot]:
        """Return records of objects that are in both.

        Raises:
            NotFoundError: An object is not in the snapshot.
            OrgError: The org cannot be asked.
        """
        self._check([each.object for each in reads])
        return self._org.read(reads)

    def _check(self, objects: Sequence[str]) -> None:
        strange = next((each for each in objects if each.lower() not in self._kept), None)
        if strange is not None:
            raise self._absent(strange)

    def _absent(self, name: str) -> NotFoundError:
        return NotFoundError(
            f"The schema snapshot does not have the object {name[:80]!r}.",
            where=self._snapshot.source,
            hint="Add it to the snapshot, or plan without one.",
        )

    def _absent_fields(self, schema: ObjectSchema) -> tuple[str, ...]:
        said = self._snapshot.field_names(schema.name) or ()
        return tuple(each for each in said if schema.field(each) is None)


class NarrowedPlanner:
    """Plans with what a schema snapshot leaves of the org, whichever planner does it.

    Args:
        planner: The planner.
        snapshot: What to narrow the org to.
    """

    def __init__(self, planner: Planner, snapshot: SchemaSnapshot) -> None:
        self._planner = planner
        self._snapshot = snapshot

    def plan(self, request: PlanningRequest) -> PlanningOutcome:
        """Return the planner's answer, and say what of the snapshot the person may not see.

        Raises:
            InputError: The person may see nothing of what the snapshot has.
            ModelError: The model gave nothing that can be used.
            OrgError: The org cannot be asked.
        """
        org = NarrowedOrg(request.org, self._snapshot)
        outcome = self._planner.plan(replace(request, org=org))
        return outcome.model_copy(update={"notes": (*outcome.notes, *org.notes)})


def _narrowed(schema: ObjectSchema, fields: frozenset[str]) -> ObjectSchema:
    kept = tuple(each for each in schema.fields if each.name.lower() in fields or _names(each))
    return replace(schema, fields=kept)


def _names(field: FieldSchema) -> bool:
    return field.name_field or field.type.lower() == "id"
