"""Subjects: the actions of a plan and their values, by the words people use for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from actwright.blueprints.argument import LookupArgument, ValueArgument
from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.plan import Plan, PlannedAction
from actwright.errors import NotFoundError
from actwright.org.schema import FieldSchema
from actwright.planning.words.lexicon import DETERMINERS
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.objects import ObjectIndex
from actwright.planning.words.scope import Scope
from actwright.planning.words.text import Token, camel_words, pieces, stem, stems

_EVERY = frozenset({"both", "all", "every", "each", "any", "either"})
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_NOISE = frozenset(
    {"action", "step", "part", "one", "ones", "record", "change", "update", "value", "field"}
    | {"at", "for", "now", "anymore", "thing", "new", "that", "of", "to"}
)

_MOST_INPUTS = 12
_UNSAID = DETERMINERS | _NOISE | _EVERY
"""Words that are skipped where something is named."""


@dataclass(frozen=True)
class Subject:
    """One action of a plan, and what its object's fields are called.

    Attributes:
        action: The action.
        index: The fields of its object.
    """

    action: PlannedAction
    index: FieldIndex

    @property
    def object(self) -> str:
        """The API name of the action's object."""
        return self.index.schema.name

    def input_for(self, field: FieldSchema) -> ActionInput | None:
        """Return the input that is written to a field, or None."""
        bound = (each for each in self.action.blueprint.inputs if each.is_field)
        wanted = field.name.lower()
        return next((each for each in bound if each.field_api_name.lower() == wanted), None)

    def inputs(self) -> str:
        """Return what people call the inputs that are written to fields, in a row."""
        named = [each.label for each in self.action.blueprint.inputs if each.is_field]
        more = f" and {len(named) - _MOST_INPUTS} more" if len(named) > _MOST_INPUTS else ""
        return f"{', '.join(named[:_MOST_INPUTS])}{more}"

    def given(self) -> Iterator[tuple[ActionInput, FieldSchema]]:
        """Yield the inputs that have a value, with their fields; what names the record itself is none of them."""
        for each in self.action.blueprint.inputs:
            field = self.index.schema.field(each.field_api_name) if each.is_field else None
            named = each is self.action.blueprint.id_input
            if field is not None and each.api_name in self.action.arguments and not named:
                yield each, field

    def open(self) -> Iterator[FieldSchema]:
        """Yield the fields of the inputs that have no value yet."""
        for each in self.action.blueprint.inputs:
            field = self.index.schema.field(each.field_api_name) if each.is_field else None
            if field is not None and each.api_name not in self.action.arguments:
                yield field

    @cached_property
    def words(self) -> frozenset[str]:
        """The stems of what the action is called, does, and is about."""
        blueprint = self.action.blueprint
        spoken = [*stems(blueprint.label), *map(stem, camel_words(blueprint.name))]
        for each in self.action.arguments.values():
            if isinstance(each, ValueArgument) and isinstance(each.value, str):
                spoken += stems(each.value)
            if isinstance(each, LookupArgument):
                values = (str(one.value) for one in each.lookup.where)
                spoken += [one for value in values for one in stems(value)]
        return frozenset(spoken)


def seen(plan: Plan, fields: Callable[[str], FieldIndex]) -> Iterator[Subject]:
    """Yield the actions on objects that the person sees; the others can be named by their ids only.

    Args:
        plan: The plan.
        fields: Gives an object's fields by their words.
    """
    for action in plan.actions:
        name = action.blueprint.target_s_object
        try:
            index = fields(name) if name else None
        except NotFoundError:
            continue
        if index is not None:
            yield Subject(action, index)


class Subjects:
    """The actions of one plan, found by words.

    Args:
        plan: The plan.
        subjects: Its actions on objects the person sees.
        objects: The org's objects by their words.
        rows: What the rows that actions are repeated for are called, by the ids of their effects.
    """

    def __init__(
        self,
        plan: Plan,
        subjects: Sequence[Subject],
        objects: ObjectIndex,
        rows: Mapping[str, str],
    ) -> None:
        self.ids = tuple(each.id for each in plan.actions)
        """Every action of the plan, also those whose object the person does not see."""
        self.all = tuple(subjects)
        self._objects = objects
        self._rows = {key: pieces(name) for key, name in rows.items()}

    def named(self, scope: Scope, start: int, stop: int) -> tuple[str, ...]:
        """Return what the words from ``start`` up to ``stop`` name, as an edit names it: ``a2``, ``a1.Amount``.

        Several names where the words could mean any of them and do not say that all are meant: see `meant_all`.
        """
        said = [
            each
            for each in scope.tokens[start:stop]
            if each.kind == "quoted" or each.key not in _UNSAID
        ]
        by_place = self._by_place(scope.tokens[start:stop])
        if by_place is not None:
            return (by_place,)
        if not said:
            return ()
        # A record may bear any name: where it is also the plan's own word for something, nobody knows which is meant.
        meant = self._of_object(said) or self._inputs(said) or self._by_words(said)
        return (*self._of_rows(said), *meant)

    def creates(self, name: str) -> bool:
        """Tell whether a name is that of an action that makes a record, or of one of its values."""
        key = name.partition(".")[0]
        return any(
            each.action.id == key and each.action.blueprint.operation == "CREATE"
            for each in self.all
        )

    def meant_all(self, scope: Scope, start: int, stop: int) -> bool:
        """Tell whether words mean every action they fit: ``both``, ``the tasks``; never where a record bears the name."""
        if any(each in self._rows for each in self.named(scope, start, stop)):
            return False
        if any(scope.key(at) in _EVERY for at in range(start, stop)):
            return True
        tokens = scope.tokens[start:stop]
        mentions = (self._objects.at(tokens, at, len(tokens)) for at in range(len(tokens)))
        plural = (each and stems(each.object.label) != each.words for each in mentions)
        last = scope.key(stop - 1)
        return any(plural) and last.endswith("s")

    def _by_place(self, tokens: Sequence[Token]) -> str | None:
        """Return the action of an id, or of a place in the plan: ``a2``, ``the second action``, ``the last one``."""
        said = [each.key for each in tokens if each.key not in DETERMINERS | _NOISE]
        if len(said) != 1:
            return None
        by_id = next((each for each in self.ids if each.lower() == said[0]), None)
        if by_id is not None or said[0] == "last":
            return by_id or self.ids[-1]
        at = _ORDINALS.index(said[0]) if said[0] in _ORDINALS else len(self.ids)
        return self.ids[at] if at < len(self.ids) else None

    def _of_rows(self, said: Sequence[Token]) -> tuple[str, ...]:
        """Return the rows whose name is just these words, but for those that say nothing."""
        words = tuple(part for each in said for part in each.parts)
        return tuple(
            key
            for key, name in self._rows.items()
            if name and words in {name, tuple(each for each in name if each not in _UNSAID)}
        )

    def _of_object(self, said: Sequence[Token]) -> tuple[str, ...]:
        """Return the actions on an object that the words name, all other words being the action's own."""
        found: dict[str, bool] = {}
        for start in range(len(said)):
            mention = self._objects.at(said, start, len(said))
            if mention is None:
                continue
            rest = [*said[:start], *said[start + mention.length :]]
            for each in self.all:
                if each.object == mention.object.name and _all_in(rest, each.words):
                    narrow = {stem(word) for word in mention.words} <= each.words
                    found[each.action.id] = found.get(each.action.id, False) or narrow
        narrowed = tuple(key for key, narrow in found.items() if narrow)
        return narrowed or tuple(found)

    def _inputs(self, said: Sequence[Token]) -> tuple[str, ...]:
        """Return the values whose field all of the words name, and that an action can do without."""
        return tuple(
            f"{each.action.id}.{wanted.api_name}"
            for each in self.all
            for wanted, field in each.given()
            if not wanted.required and _names(each.index, said, field)
        )

    def _by_words(self, said: Sequence[Token]) -> tuple[str, ...]:
        return tuple(each.action.id for each in self.all if _all_in(said, each.words))


def _all_in(said: Sequence[Token], words: frozenset[str]) -> bool:
    return all(_is_in(part, words) for each in said for part in each.parts)


def _is_in(word: str, words: frozenset[str]) -> bool:
    """Tell whether a word is among stems: ``closing`` is what ``close`` does."""
    done = word.removesuffix("ing") if word.endswith("ing") else ""
    return stem(word) in words or (bool(done) and not words.isdisjoint({done, f"{done}e"}))


def _names(index: FieldIndex, said: Sequence[Token], field: FieldSchema) -> bool:
    found = index.field_at(said, 0, len(said))
    return found is not None and found.field.name == field.name and found.length == len(said)
