"""Contradicting: what a reply does, held against what the goal says with the readers that tell where values come from.

What contradicts the goal is a fault, and goes back to the model. An action that nothing in the goal speaks for is no
fault, since words have many forms: it is told, and takes from the confidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from actwright.blueprints.argument import FromArgument, LookupArgument, ValueArgument
from actwright.blueprints.blueprint import ActionInput
from actwright.inert import inert
from actwright.org.schema import FieldSchema
from actwright.planning.model.reply_actions import Sketch
from actwright.planning.model.reply_conditions import Given, texts
from actwright.planning.model.reply_values import ID_TYPES
from actwright.planning.provenance.contrary import CHOICES, COUNTED, Contrary, same, within
from actwright.planning.words.lexicon import VERBS
from actwright.planning.words.text import pieces

_ANY_CHANGE = frozenset({"create", "set", "move", "delete", "assign", "clear"})
"""Manners of verbs that say nothing about which object is meant."""

_SHOWN = 80
_SHORTEST = 3


@dataclass(frozen=True)
class Contradictions:
    """Finds where the actions of one reply contradict the goal.

    Attributes:
        sketches: The actions, answers included.
        contrary: What the goal says.
        given: What the person gave.
        mentioned: The objects the goal names.
        chosen: The actions whose blueprints the person chose.
    """

    sketches: Sequence[Sketch]
    contrary: Contrary
    given: Given
    mentioned: frozenset[str] = frozenset()
    chosen: frozenset[str] = frozenset()

    def faults(self) -> Iterator[str]:
        """Yield what contradicts the goal, a sentence each."""
        yield from self._values()
        for each in self.sketches:
            if each.chosen.blueprint.operation == "DELETE" and not self._deletion_said(each):
                yield f"{each.id}: it deletes a record, and the goal does not say to delete"

    def unasked(self) -> Iterator[str]:
        """Yield a sentence for each action that nothing in the goal or in the data speaks for."""
        for each in self.sketches:
            if each.id not in self.chosen and not self._spoken_for(each):
                yield f"{each.id}: nothing in the goal asks for {each.chosen.blueprint.label}."

    def _values(self) -> Iterator[str]:
        """Yield a fault for each value instead of which the goal says another, which no action writes."""
        for sketch in self.sketches:
            for wanted, argument, field in _unsaid(sketch):
                found = tuple(dict.fromkeys(self._instead(sketch, wanted, argument, field)))
                yield from found

    def _deletion_said(self, sketch: Sketch) -> bool:
        names = frozenset(pieces(each) for one in self.sketches for each in _names(one))
        own = () if sketch.chosen.derived else pieces(sketch.chosen.blueprint.label)[:1]
        return sketch.id in self.chosen or self.contrary.deletes(names, own)

    def _spoken_for(self, sketch: Sketch) -> bool:
        """Tell whether its object, a word of its blueprint's own, a record's name or a value was said."""
        if sketch.chosen.schema.name in self.mentioned or sketch.extractions:
            return True
        for argument in sketch.arguments.values():
            if isinstance(argument, ValueArgument) and argument.provenance in {"goal", "data"}:
                return True
            if isinstance(argument, FromArgument) and argument.action_output is None:
                return True
        named = any(pieces(each) and self.given.says(each) for each in _names(sketch))
        return named or self.contrary.says_any(_own_words(sketch))

    def _instead(
        self, sketch: Sketch, wanted: ActionInput, argument: ValueArgument, field: FieldSchema
    ) -> Iterator[str]:
        value = str(argument.value)
        if field.type in CHOICES:
            said = [
                (other, words)
                for other, words in self.contrary.choices(value, field)
                if not self._claimed(words, sketch) and not self._written(sketch, field, other)
            ]
        elif argument.provenance == "model" and field.type in COUNTED:
            said = self._only_other(sketch, argument, field)
        else:
            said = []
        for other, words in said:
            meant = "" if words == other else f", which is {other[:_SHOWN]}"
            yield (
                f"{sketch.id}.{wanted.api_name}: the goal says {words[:_SHOWN]!r}{meant}, and not {inert(value, limit=_SHOWN)!r};"
                " give what the goal says, or use a blueprint that does"
            )

    def _only_other(
        self, sketch: Sketch, argument: ValueArgument, field: FieldSchema
    ) -> list[tuple[str, str]]:
        """Return the one number or date of the goal where it is another, and no action takes it."""
        every = self.contrary.counted(field)
        said = {
            str(value): words for value, words in every.items() if not self._claimed(words, sketch)
        }
        values = [
            each
            for one in self.sketches
            for each in one.arguments.values()
            if isinstance(each, ValueArgument)
        ]
        taken = any(same(said_value, each.value) for each in values for said_value in every)
        if len(said) != 1 or taken or str(argument.value) in said:
            return []
        return list(said.items())

    def _claimed(self, words: str, sketch: Sketch) -> bool:
        """Tell whether words belong to a record's name, or to a text that the same action writes."""
        names = (each for one in self.sketches for each in _names(one))
        own = (
            each.source or ""
            for each in sketch.arguments.values()
            if isinstance(each, ValueArgument) and each.provenance == "goal"
        )
        return any(within(words, each) for each in (*names, *own))

    def _written(self, sketch: Sketch, field: FieldSchema, value: str) -> bool:
        """Tell whether another action writes a value to the same field: then the goal's words are about that one."""
        for one in self.sketches:
            if one is sketch or one.chosen.schema.name != sketch.chosen.schema.name:
                continue
            for wanted in one.chosen.blueprint.inputs:
                argument = one.arguments.get(wanted.api_name)
                if wanted.field_api_name == field.name and isinstance(argument, ValueArgument):
                    return str(argument.value) == value
        return False


def _own_words(sketch: Sketch) -> frozenset[str]:
    words = (each for each in pieces(sketch.chosen.blueprint.label) if len(each) > _SHORTEST)
    return frozenset(each for each in words if not VERBS.get(each, frozenset()) & _ANY_CHANGE)


def _unsaid(sketch: Sketch) -> Iterator[tuple[ActionInput, ValueArgument, FieldSchema]]:
    """Yield the literals that neither the goal nor the data says, with their fields."""
    for wanted in sketch.chosen.blueprint.inputs:
        argument, field = sketch.arguments.get(wanted.api_name), sketch.place(wanted).field
        if not isinstance(argument, ValueArgument) or field is None:
            continue
        unsaid = wanted.data_type not in ID_TYPES and argument.provenance in {"model", "default"}
        if unsaid and argument.value is not None:
            yield wanted, argument, field


def _names(sketch: Sketch) -> Iterator[str]:
    """Yield the texts that an action finds its records by; who asks is no word of the goal."""
    for argument in sketch.arguments.values():
        if isinstance(argument, LookupArgument):
            where = argument.lookup.where
            if (argument.lookup.object, [each.field for each in where]) != ("User", ["Username"]):
                yield from texts(where)
    if sketch.for_each is not None:
        yield from texts(sketch.for_each.where)
