"""Actions of a reply, each compiled into an action of the plan, with everything that is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from actwright.blueprints.argument import Argument, LookupArgument, ValueArgument
from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.guardrail import MaxRowsParams
from actwright.blueprints.plan import ForEach, PlannedAction
from actwright.org.query import JsonScalar
from actwright.planning.bounds.forbidden import Forbidden
from actwright.planning.bounds.forbidding import Forbidding, Write
from actwright.planning.model.reply import ReplyAction, ReplyForEach
from actwright.planning.model.reply_arguments import Arguments, Extraction, Place
from actwright.planning.model.reply_blueprints import ChosenBlueprint, ReplyFault
from actwright.planning.model.reply_conditions import Given, texts
from actwright.planning.words.matching import FieldIndex

MOST_ROWS = 1_000
"""The most rows an action planned by a model may repeat over, where its blueprint sets no lower ceiling."""

_NAMING = frozenset({"=", "IN", "LIKE"})
_SHOWN = 80
_SOURCE = 300


@dataclass(frozen=True)
class Sketch:
    """One action on its way into the plan.

    Attributes:
        id: Its id in the plan.
        chosen: Its blueprint.
        arguments: The arguments that are known.
        extractions: Values that have yet to be taken out of a text.
        depends_on: The actions it waits for, by their ids in the plan.
        for_each: The rows it repeats over.
    """

    id: str
    chosen: ChosenBlueprint
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    extractions: tuple[Extraction, ...] = ()
    depends_on: tuple[str, ...] = ()
    for_each: ForEach | None = None

    def planned(self) -> PlannedAction:
        """Return the action, its arguments in the order of the blueprint's inputs."""
        inputs = self.chosen.blueprint.inputs
        known = {
            each.api_name: self.arguments[each.api_name]
            for each in inputs
            if each.api_name in self.arguments
        }
        return PlannedAction(
            id=self.id,
            blueprint=self.chosen.blueprint,
            arguments=known,
            depends_on=self.depends_on,
            for_each=self.for_each,
        )

    def place(self, wanted: ActionInput) -> Place:
        """Return the place of an argument for ``wanted``."""
        return Place(self.id, self.chosen, wanted)

    def open_inputs(self) -> Iterator[ActionInput]:
        """Yield the inputs that are required and have no value yet."""
        extracted = {each.input.api_name for each in self.extractions}
        id_input = self.chosen.blueprint.id_input
        for each in self.chosen.blueprint.inputs:
            bound = self.for_each is not None and each is id_input
            if each.required and each.api_name not in {*self.arguments, *extracted} and not bound:
                yield each

    def made_up(self) -> Iterator[tuple[ActionInput, JsonScalar]]:
        """Yield the inputs that get a value only the model stands for, with the value; an emptied field has none."""
        for each in self.chosen.blueprint.inputs:
            argument = self.arguments.get(each.api_name)
            if isinstance(argument, ValueArgument) and argument.provenance == "model":
                yield each, argument.value

    def with_argument(self, name: str, argument: Argument) -> Sketch:
        """Return the sketch with one more argument."""
        return replace(self, arguments={**self.arguments, name: argument})

    def without(self, name: str) -> Sketch:
        """Return the sketch without the argument for an input."""
        kept = {key: each for key, each in self.arguments.items() if key != name}
        extracted = tuple(each for each in self.extractions if each.input.api_name != name)
        return replace(self, arguments=kept, extractions=extracted)


class Actions:
    """Compiles actions; keeps what is wrong with them, all of it."""

    def __init__(self, arguments: Arguments) -> None:
        self._arguments = arguments
        self.faults: list[str] = []

    def sketched(self, said: ReplyAction, action_id: str, chosen: ChosenBlueprint) -> Sketch:
        """Return one action with every argument that could be compiled; the rest is among the faults."""
        sketch = Sketch(action_id, chosen, depends_on=self._depends(said, action_id))
        sketch = replace(sketch, for_each=self._for_each(said, chosen))
        self._check_names(said, chosen)
        for each in said.arguments:
            name = chosen.input_name(each.name)
            wanted = chosen.blueprint.input(name) if name else None
            if wanted is None:
                continue
            try:
                made = self._arguments.compiled(each, sketch.place(wanted))
            except ReplyFault as fault:
                self.faults.append(str(fault))
                continue
            if isinstance(made, Extraction):
                sketch = replace(sketch, extractions=(*sketch.extractions, made))
            else:
                sketch = sketch.with_argument(wanted.api_name, made)
        self._check_row_id(said, sketch)
        return _with_defaults(sketch)

    def _check_names(self, said: ReplyAction, chosen: ChosenBlueprint) -> None:
        known = [each.api_name for each in chosen.blueprint.inputs]
        names = [(each.name, chosen.input_name(each.name)) for each in said.arguments]
        for name, found in names:
            if found is None:
                self.faults.append(
                    f"{said.id}: {chosen.key} has no input {name[:_SHOWN]!r}; its inputs: {', '.join(known[:60])}"
                )
        counts = Counter(found for _, found in names if found)
        self.faults += [f"{said.id}: two values for {each}" for each, n in counts.items() if n > 1]

    def _depends(self, said: ReplyAction, action_id: str) -> tuple[str, ...]:
        ids = self._arguments.ids
        unknown = [each for each in said.depends_on if each not in ids]
        self.faults += [
            f"{said.id}: it depends on {each[:_SHOWN]!r}, which is no action" for each in unknown
        ]
        known = dict.fromkeys(ids[each] for each in said.depends_on if each in ids)
        if action_id in known:
            self.faults.append(f"{said.id}: it depends on itself")
        return tuple(each for each in known if each != action_id)

    def _for_each(self, said: ReplyAction, chosen: ChosenBlueprint) -> ForEach | None:
        if said.for_each is None:
            return None
        try:
            return self._rows(said.for_each, chosen, f"{said.id}.forEach")
        except ReplyFault as fault:
            self.faults.append(str(fault))
            return None

    def _rows(self, said: ReplyForEach, chosen: ChosenBlueprint, place: str) -> ForEach:
        schema = self._arguments.conditions.visible(said.object, place)
        if chosen.blueprint.id_input is None or schema.name != chosen.schema.name:
            raise ReplyFault(
                f"{place}: only an update or delete of {chosen.schema.name} repeats, over {chosen.schema.name} records"
            )
        where = self._arguments.conditions.read(schema, said.where, place)
        ceiling = row_ceiling(chosen)
        if not 1 <= said.limit <= ceiling:
            raise ReplyFault(f"{place}: the limit {said.limit} is not between 1 and {ceiling}")
        return ForEach(object=schema.name, where=where, limit=said.limit)

    def _check_row_id(self, said: ReplyAction, sketch: Sketch) -> None:
        wanted = sketch.chosen.blueprint.id_input
        if said.for_each is not None and wanted is not None and wanted.api_name in sketch.arguments:
            self.faults.append(
                f"{said.id}: with forEach the rows give {wanted.api_name}; leave it out"
            )


def row_ceiling(chosen: ChosenBlueprint) -> int:
    """Return the most rows an action may repeat over: ours, or the blueprint's own where that is lower."""
    params = (each.parsed() for each in chosen.blueprint.guardrails)
    own = [each.max for each in params if isinstance(each, MaxRowsParams)]
    return min([MOST_ROWS, *own])


def _with_defaults(sketch: Sketch) -> Sketch:
    """Return the sketch with the blueprint's constants where nothing else was said."""
    source = f"default of {sketch.chosen.blueprint.label}"[:_SOURCE]
    extracted = {each.input.api_name for each in sketch.extractions}
    for each in sketch.chosen.blueprint.inputs:
        open_still = each.api_name not in sketch.arguments and each.api_name not in extracted
        if each.default is not None and open_still:
            made = ValueArgument(value=each.default, provenance="default", source=source)
            sketch = sketch.with_argument(each.api_name, made)
    return sketch


def write_of(sketch: Sketch, index: FieldIndex) -> Write:
    """Return what an action would do, as far as a goal could forbid it."""
    fields: dict[str, JsonScalar] = {}
    records: list[str] = []
    for each in sketch.chosen.blueprint.inputs:
        argument = sketch.arguments.get(each.api_name)
        extracted = any(one.input.api_name == each.api_name for one in sketch.extractions)
        if each is sketch.chosen.blueprint.id_input:
            records += texts(argument.lookup.where) if isinstance(argument, LookupArgument) else ()
        elif each.is_field and (argument is not None or extracted):
            literal = argument.value if isinstance(argument, ValueArgument) else None
            fields[each.field_api_name] = literal
    if sketch.for_each is not None:
        records += texts(sketch.for_each.where)
    return Write(sketch.chosen.blueprint.operation, fields, index, tuple(records))


def broken(
    sketch: Sketch, index: FieldIndex, forbidding: Forbidding, forbidden: Forbidden
) -> Iterator[str]:
    """Yield a fault for each thing the goal forbids and the action does."""
    write = write_of(sketch, index)
    said = list(forbidding.broken(write))
    if not said:
        words = forbidden.broken(write.operation, write.fields, index, write.records)
        said = [f"the goal says {each[:_SHOWN]!r}, so this must not be done" for each in words]
    if forbidding.nothing_else:
        said += [
            f"the goal says {forbidding.nothing_else!r}, so {name}, whose value it does not say, must not be written"
            for name in (each.api_name for each, _ in sketch.made_up())
        ]
    yield from (f"{sketch.id}: {each}" for each in said)


def unnamed_records(sketch: Sketch, given: Given) -> Iterator[str]:
    """Yield a sentence for each record that is found without a word or an id of the person's own."""
    for name, argument in sketch.arguments.items():
        if not isinstance(argument, LookupArgument):
            continue
        where = argument.lookup.where
        naming = [each for each in where if each.operator in _NAMING]
        own = (argument.lookup.object, [each.field for each in where]) == ("User", ["Username"])
        if not own and not any(given.says(text) for text in texts(naming)):
            said = " and ".join(f"{each.field} {each.operator} {each.value}" for each in where)
            yield f"{sketch.id}.{name} is the one {argument.lookup.object} with {said}; the goal does not name it."


def changes_nothing(sketch: Sketch) -> bool:
    """Tell whether an update would write no field."""
    if sketch.chosen.blueprint.operation != "UPDATE":
        return False
    id_input = sketch.chosen.blueprint.id_input
    written = [each for each in sketch.arguments if id_input is None or each != id_input.api_name]
    return not written and not sketch.extractions


def twice(sketches: Sequence[Sketch]) -> Iterator[str]:
    """Yield a fault for each action that says the same as an earlier one."""
    seen: dict[tuple[object, ...], str] = {}
    for each in sketches:
        said = (
            each.chosen.key,
            *sorted((k, repr(v)) for k, v in each.arguments.items()),
            each.extractions,
            each.for_each,
        )
        if said in seen:
            yield f"{each.id}: it says the same as {seen[said]}"
        seen.setdefault(said, each.id)
