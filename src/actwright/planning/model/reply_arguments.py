"""Arguments of a reply, each compiled into an argument of the plan, with its provenance computed by us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from actwright.blueprints.argument import Argument, FromArgument, LookupArgument, ValueArgument
from actwright.blueprints.blueprint import ActionInput
from actwright.org.identity import RunningUser
from actwright.org.lookup import Lookup
from actwright.org.query import Condition, JsonScalar
from actwright.org.record_id import is_record_id
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.planning.model.reply import (
    DataArgument,
    ExtractArgument,
    LiteralArgument,
    MeArgument,
    OutputArgument,
    RecordArgument,
    ReplyArgument,
)
from actwright.planning.model.reply_blueprints import ChosenBlueprint, ReplyFault
from actwright.planning.model.reply_conditions import Conditions, texts
from actwright.planning.model.reply_values import ID_TYPES, is_long, typed
from actwright.planning.provenance.evidence import Evidence

_LONGEST_SOURCE = 300
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Extraction:
    """A value that a quarantined call has yet to take out of a text of the named data."""

    action_id: str
    input: ActionInput
    data: str
    what: str


@dataclass(frozen=True, slots=True)
class Place:
    """The input an argument is for."""

    action_id: str
    chosen: ChosenBlueprint
    input: ActionInput

    @property
    def field(self) -> FieldSchema | None:
        """The field the input is bound to, as the person sees it."""
        if not self.input.is_field:
            return None
        return self.chosen.schema.field(self.input.field_api_name)

    @property
    def targets(self) -> tuple[str, ...]:
        """The objects whose records the input may name."""
        named = self.chosen.records.get(self.input.api_name)
        if named is not None:
            return (named,)
        field = self.field
        if self.input is self.chosen.blueprint.id_input or field is None or field.type == "id":
            return (self.chosen.schema.name,)
        return field.reference_to

    def __str__(self) -> str:
        return f"{self.action_id}.{self.input.api_name}"


@dataclass(frozen=True, slots=True)
class Arguments:
    """Compiles the arguments of one reply.

    Attributes:
        data: The named data.
        evidence: Says where literals come from.
        conditions: Reads the conditions of lookups.
        actions: The blueprints of the reply's actions by their ids in the plan, for outputs.
        ids: The reply's own ids of actions, and the plan's.
        user: Whose rights count.
    """

    data: Mapping[str, JsonScalar]
    evidence: Evidence
    conditions: Conditions
    actions: Mapping[str, ChosenBlueprint]
    ids: Mapping[str, str]
    user: RunningUser

    def compiled(self, said: ReplyArgument, place: Place) -> Argument | Extraction:
        """Return the argument for ``place``.

        Raises:
            ReplyFault: What is said does not fit the input, or points to nothing.
        """
        if isinstance(said, LiteralArgument):
            return self._literal(said, place)
        if isinstance(said, DataArgument):
            return self._data(said, place)
        if isinstance(said, OutputArgument):
            return self._output(said, place)
        if isinstance(said, RecordArgument):
            return self._record(said, place)
        if isinstance(said, MeArgument):
            return self._me(place)
        return self._extraction(said, place)

    def _literal(self, said: LiteralArgument, place: Place) -> Argument:
        if said.value is None:
            return self._emptied(place)
        if place.input.data_type in ID_TYPES and not is_record_id(said.value.strip()):
            raise ReplyFault(
                f"{place}: {said.value[:_SHOWN]!r} is no record id; use the kind record"
            )
        value = typed(said.value, place.input, place.field, str(place))
        if value is None:
            raise ReplyFault(f"{place}: the value is blank; leave the input out")
        return self.literal(value, place)

    def literal(self, value: JsonScalar, place: Place) -> ValueArgument:
        """Return a typed value with the provenance it has.

        Raises:
            ReplyFault: It is a record id that nobody gave.
        """
        provenance, source = self.evidence.provenance(value, place.input, place.field)
        if place.input.data_type in ID_TYPES and provenance not in {"goal", "data"}:
            raise ReplyFault(
                f"{place}: the record id {str(value)[:20]!r} stands neither in the goal nor in data; use the kind"
                " record with the person's own words, or ask"
            )
        cut = source[:_LONGEST_SOURCE] if source else None
        return ValueArgument(value=value, provenance=provenance, source=cut)

    def _emptied(self, place: Place) -> Argument:
        if place.chosen.blueprint.operation == "CREATE" or place.input.required:
            raise ReplyFault(
                f"{place}: null empties a field, which is not possible here; leave the input out"
            )
        provenance, source = self.evidence.provenance(None, place.input, place.field)
        return ValueArgument(value=None, provenance=provenance, source=source)

    def _data(self, said: DataArgument, place: Place) -> Argument:
        self._check_data(said.data, place)
        value = self.data[said.data]
        if place.input.data_type in ID_TYPES and not is_record_id(str(value).strip()):
            raise ReplyFault(
                f"{place}: the data {said.data!r} is no record id; use the kind record and its value in a condition"
            )
        kept = self._fitting(said.data, place)
        if kept is None:
            raise ReplyFault(f"{place}: the data {said.data!r} is empty")
        if isinstance(kept, str) and isinstance(value, str) and kept.strip() != value.strip():
            return ValueArgument(value=kept, provenance="data", source=f"data {said.data}")
        return FromArgument(from_=f"data.{said.data}")

    def _fitting(self, name: str, place: Place) -> JsonScalar:
        """Return a piece of data in the input's type; what is wrong with a long text is said without its words."""
        value = self.data[name]
        try:
            return typed(value, place.input, place.field, f"{place}, data {name}")
        except ReplyFault:
            if not is_long(value):
                raise
            raise ReplyFault(
                f"{place}: the text of the data {name!r} does not fit as a {place.input.data_type} as a whole; use the"
                " kind extract, or ask"
            ) from None

    def _check_data(self, name: str, place: Place) -> None:
        if name not in self.data:
            known = ", ".join(sorted(self.data)) or "none"
            raise ReplyFault(
                f"{place}: there is no data {name[:_SHOWN]!r}; there is: {known[:600]}"
            )

    def _output(self, said: OutputArgument, place: Place) -> Argument:
        other = self.ids.get(said.action)
        source = self.actions.get(other or "")
        if other is None or source is None:
            raise ReplyFault(
                f"{place}: there is no action {said.action[:_SHOWN]!r} to take an id from"
            )
        if other == place.action_id:
            raise ReplyFault(f"{place}: an action cannot take its own id")
        if source.blueprint.operation == "DELETE":
            raise ReplyFault(f"{place}: {said.action} deletes its record, so its id is of no use")
        if source.blueprint.operation == "CALL":
            raise ReplyFault(f"{place}: {said.action} is generated, and puts out nothing to take")
        self._check_target(source.schema, place)
        return FromArgument(from_=f"actions.{other}.output.id")

    def _record(self, said: RecordArgument, place: Place) -> Argument:
        schema = self.conditions.visible(said.object, str(place))
        self._check_target(schema, place)
        return self.looked_up(schema, self.conditions.read(schema, said.where, str(place)))

    def looked_up(self, schema: ObjectSchema, where: tuple[Condition, ...]) -> LookupArgument:
        """Return the argument that finds the one record of ``schema`` for which ``where`` holds."""
        words = ", ".join(texts(where))[:_LONGEST_SOURCE]
        return LookupArgument(lookup=Lookup(object=schema.name, where=where), source=words or None)

    def _me(self, place: Place) -> Argument:
        schema = self.conditions.visible("User", str(place))
        self._check_target(schema, place)
        if schema.field("Username") is None:
            raise ReplyFault(f"{place}: the person cannot be looked up; ask for their user's name")
        own = Condition(field="Username", value=self.user.username)
        return LookupArgument(
            lookup=Lookup(object="User", where=(own,)), source="the person who asks"
        )

    @staticmethod
    def _check_target(schema: ObjectSchema, place: Place) -> None:
        if place.input.data_type not in ID_TYPES:
            raise ReplyFault(f"{place}: it takes a {place.input.data_type}, not a record")
        if schema.name not in place.targets:
            allowed = " or ".join(place.targets) or "no record"
            raise ReplyFault(f"{place}: it takes a record of {allowed}, not of {schema.name}")

    def _extraction(self, said: ExtractArgument, place: Place) -> Extraction:
        self._check_data(said.data, place)
        if not isinstance(self.data[said.data], str):
            raise ReplyFault(
                f"{place}: the data {said.data!r} is no text to extract from; use the kind data"
            )
        if place.input.data_type in ID_TYPES:
            raise ReplyFault(
                f"{place}: a record id is never extracted; use the kind record, or ask"
            )
        if not said.what.strip():
            raise ReplyFault(f"{place}: say under `what` which value is wanted")
        return Extraction(place.action_id, place.input, said.data, said.what)
