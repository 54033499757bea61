"""The personal values of a planning call: what a plan put into personal fields, and what may be one where none is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from actwright.blueprints.argument import FromArgument, LookupArgument, ValueArgument
from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.plan import ForEach, Plan, PlannedAction
from actwright.errors import ActwrightError
from actwright.org.query import Condition, JsonScalar
from actwright.org.schema import ObjectSchema
from actwright.planning.model.reply_values import is_long
from actwright.planning.words.lexicon import ORDINARY, VERBS
from actwright.telemetry.log.free_texts import (
    CALENDAR,
    USUAL,
    WORD,
    is_free_text,
    is_small,
    words_of,
)
from actwright.telemetry.log.personal_fields import is_personal, is_personal_name

Labelled = tuple[str, str]
"""A value, and the label that stands for it."""

_NEAR = 8
"""How far before a word the end of a sentence is looked for."""
_OPENING = USUAL | set(VERBS)
"""Words a sentence begins with."""


@dataclass(frozen=True, slots=True)
class Personal:
    """What to take out of the texts of one planning call.

    Attributes:
        values: Each value with the label that stands for it, such as ``Contact.Name``.
        phrases: Words of the goal that values were read from, likewise.
        plain: The words the plan put into fields that hold no personal data, and no text of anybody's own.
        free: The texts it put into fields that take anybody's own.
    """

    values: dict[str, str] = field(default_factory=dict)
    phrases: dict[str, str] = field(default_factory=dict)
    plain: set[str] = field(default_factory=set)
    free: set[str] = field(default_factory=set)

    def with_more(self, values: Mapping[str, str]) -> Personal:
        """Return the same, and these values with their labels where nothing better is known of them."""
        return Personal({**values, **self.values}, self.phrases, self.plain, self.free)


class PlanValues:
    """Finds the values of personal fields in plans.

    Args:
        describe: Tells the types of an object's fields; where it cannot, each of its texts counts as personal.
    """

    def __init__(self, describe: Callable[[str], ObjectSchema]) -> None:
        self._describe = describe

    def of(self, plan: Plan) -> Personal:
        """Return the personal values of a plan."""
        found = Personal()
        for action in plan.actions:
            found.values.update(self._of_action(plan, action))
            found.phrases.update(self._phrases(action))
            found.plain.update(self._plain(plan, action))
            found.free.update(_free(plan, action))
        for name, value in plan.data.items():
            if is_personal_name(name) and isinstance(value, str) and not is_long(value):
                found.values.setdefault(value, f"data {name}")
        return found

    def _of_action(self, plan: Plan, action: PlannedAction) -> Iterator[Labelled]:
        for each in action.blueprint.inputs:
            argument = action.arguments.get(each.api_name)
            if isinstance(argument, LookupArgument):
                yield from self._of_conditions(argument.lookup.object, argument.lookup.where)
            elif argument is not None and self._holds(action, each):
                value = _literal(plan, argument)
                if value:
                    yield value, _label(action, each)
        if action.for_each is not None:
            yield from self._of_rows(action.for_each)

    def _phrases(self, action: PlannedAction) -> Iterator[Labelled]:
        """Yield the words of the goal that personal values were read from."""
        for each in action.blueprint.inputs:
            argument = action.arguments.get(each.api_name)
            if argument is None or isinstance(argument, FromArgument) or not argument.source:
                continue
            if isinstance(argument, LookupArgument):
                named = self._of_conditions(argument.lookup.object, argument.lookup.where)
                label = next((label for _, label in named), "")
            else:
                label = _label(action, each) if self._holds(action, each) else ""
            if label and not argument.source.startswith("data "):
                yield argument.source, label

    def _plain(self, plan: Plan, action: PlannedAction) -> Iterator[str]:
        """Yield the words of what is no personal data: names of deals, picklist values, states."""
        for each in action.blueprint.inputs:
            argument = action.arguments.get(each.api_name)
            if isinstance(argument, LookupArgument):
                yield from self._plain_conditions(argument.lookup.object, argument.lookup.where)
            elif argument is not None and not is_free_text(each) and not self._holds(action, each):
                yield from words_of(_literal(plan, argument) or "")
        if action.for_each is not None:
            yield from self._plain_conditions(action.for_each.object, action.for_each.where)

    def _plain_conditions(self, object_name: str, where: Sequence[Condition]) -> Iterator[str]:
        for each in where:
            if not self._is(object_name, each.field):
                yield from words_of(str(each.value))

    def _holds(self, action: PlannedAction, each: ActionInput) -> bool:
        object_name = action.blueprint.target_s_object or ""
        return self._is(object_name, each.field_api_name, each.data_type)

    def _of_rows(self, rows: ForEach) -> Iterator[Labelled]:
        yield from self._of_conditions(rows.object, rows.where)
        for row in rows.rows or ():
            for name, value in row.items():
                if isinstance(value, str) and self._is(rows.object, name):
                    yield value, f"{rows.object}.{name}"

    def _of_conditions(
        self, object_name: str, conditions: Sequence[Condition]
    ) -> Iterator[Labelled]:
        for each in conditions:
            values = each.value if isinstance(each.value, tuple) else (each.value,)
            if self._is(object_name, each.field):
                label = f"{object_name}.{each.field}"
                yield from ((str(value).strip("%"), label) for value in values if value is not None)

    def _is(self, object_name: str, path: str, kind: str = "") -> bool:
        return is_personal(object_name, path, kind or self._kind(object_name, path))

    def _kind(self, object_name: str, path: str) -> str:
        if "." in path or not object_name:
            return ""
        try:
            field = self._describe(object_name).field(path)
        except ActwrightError:
            return "email"
        return field.type if field else ""


def doubtful_words(
    goal: str, data: Mapping[str, JsonScalar], known: Iterable[str], plain: Collection[str] | None
) -> tuple[str, ...]:
    """Return the words of goal and data that may be personal, as far as anybody can tell.

    Args:
        goal: The goal's words.
        data: Its named data; of long texts, no model is shown more than the length.
        known: Texts that hold no word of any person or record, such as the prompt's own. A word they say is not
            doubtful, unless it is written with a capital here and not there.
        plain: The words a plan put into fields that hold no personal data; then a word in small letters is not
            doubtful either, unless its script has no others. None where there is no plan, or questions are open.
    """
    usual = (
        {word for text in known for word in words_of(text)}
        | USUAL
        | CALENDAR
        | ORDINARY
        | set(VERBS)
    )
    said = (goal, *(each for each in data.values() if isinstance(each, str) and not is_long(each)))
    words = dict.fromkeys(each for text in said for each in _mentions(text, usual))
    if plain is None:
        return tuple(words)
    return tuple(each for each in words if each not in plain and not is_small(each))


def _mentions(text: str, usual: Collection[str]) -> Iterator[str]:
    """Yield the words of a text that are not usual; the first one of a sentence may be so without its capital."""
    for found in WORD.finditer(text):
        word = found[0]
        opens = text[max(found.start() - _NEAR, 0) : found.start()].rstrip()[-1:] in {
            "",
            ".",
            "!",
            "?",
        }
        if word not in usual and not (opens and word.lower() in _OPENING):
            yield word


def _free(plan: Plan, action: PlannedAction) -> Iterator[str]:
    """Yield the texts an action puts into fields that take a person's own; of long data, no model is shown any."""
    for each in action.blueprint.inputs:
        argument = action.arguments.get(each.api_name)
        if is_free_text(each) and isinstance(argument, (ValueArgument, FromArgument)):
            text = _literal(plan, argument)
            if text and not is_long(text):
                yield text


def _label(action: PlannedAction, each: ActionInput) -> str:
    return f"{action.blueprint.target_s_object or action.blueprint.name}.{each.field_api_name}"


def _literal(plan: Plan, argument: ValueArgument | FromArgument) -> str | None:
    if isinstance(argument, ValueArgument):
        value = argument.value
    else:
        value = plan.data.get(argument.data_name or "")
    return None if value is None else str(value)
