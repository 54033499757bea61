"""A person's answers, put where they belong: data named ``a1.CloseDate`` is that input's value, whatever a model says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from actwright.blueprints.argument import Argument, LookupArgument, ValueArgument
from actwright.blueprints.plan import Question
from actwright.org.query import Condition, JsonScalar
from actwright.org.record_id import is_record_id
from actwright.org.schema import ObjectSchema
from actwright.planning.model.reply_actions import Sketch
from actwright.planning.model.reply_arguments import Arguments, Place
from actwright.planning.model.reply_blueprints import ReplyFault
from actwright.planning.model.reply_values import ID_TYPES, typed
from actwright.planning.questions import question
from actwright.planning.words.values import picklist_candidates

_LONGEST_NAME = 255
_LONGEST_TEXT = 400


@dataclass
class Answers:
    """Puts answers into sketches; an answer that does not fit is asked for again.

    Attributes:
        data: The named data, answers among it.
        arguments: Compiles what the answers mean.
        questions: What has to be asked again.
        used: The names of the answers that found their place.
    """

    data: Mapping[str, JsonScalar]
    arguments: Arguments
    questions: list[Question] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def put(self, sketch: Sketch) -> Sketch:
        """Return the sketch with every answer that is about one of its inputs."""
        for name in self._about(sketch):
            wanted = sketch.chosen.blueprint.input(name.partition(".")[2])
            if wanted is None:
                continue
            self.used.add(name)
            place = sketch.place(wanted)
            try:
                made = self._argument(self.data[name], name, place, sketch)
            except ReplyFault as fault:
                options = picklist_candidates(place.field) if place.field is not None else ()
                text = str(fault)[:_LONGEST_TEXT]
                self.questions.append(question(sketch.id, wanted, "unclear", f"{text}.", options))
                sketch = sketch.without(wanted.api_name)
                continue
            sketch = sketch.without(wanted.api_name).with_argument(wanted.api_name, made)
        return sketch

    def _about(self, sketch: Sketch) -> Iterator[str]:
        return (each for each in self.data if each.partition(".")[0] == sketch.id and "." in each)

    def _argument(self, value: JsonScalar, name: str, place: Place, sketch: Sketch) -> Argument:
        if place.input.data_type in ID_TYPES and not is_record_id(str(value).strip()):
            return self._named(str(value).strip(), place, sketch)
        kept = typed(value, place.input, place.field, str(place))
        if kept is None:
            raise ReplyFault(f"{place}: the answer is empty")
        return ValueArgument(value=kept, provenance="data", source=f"data {name}")

    def _named(self, value: str, place: Place, sketch: Sketch) -> Argument:
        """Return the lookup of a record that was answered by its name."""
        schema = self._schema(place, sketch)
        named = schema.name_field
        if named is None or not named.filterable or not 0 < len(value) <= _LONGEST_NAME:
            raise ReplyFault(f"{place}: give the id of the record")
        return self.arguments.looked_up(schema, (Condition(field=named.name, value=value),))

    def _schema(self, place: Place, sketch: Sketch) -> ObjectSchema:
        said = sketch.arguments.get(place.input.api_name)
        if isinstance(said, LookupArgument):
            return self.arguments.conditions.visible(said.lookup.object, str(place))
        if not place.targets:
            raise ReplyFault(f"{place}: give the id of the record")
        return self.arguments.conditions.visible(place.targets[0], str(place))
