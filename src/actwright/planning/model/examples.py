"""Examples for a model: made-up goals and their right replies, built from the very blueprints that come near the goal.

Nothing in them is anybody's: the names and values are constants of this module. The same blueprints always give the
same examples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from actwright.blueprints.adapters import DataType
from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.guardrail import EnumParams
from actwright.blueprints.library import LibraryEntry
from actwright.inert import inert
from actwright.model.quoting import quoted
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.planning.model.reply import (
    LiteralArgument,
    PlanReply,
    RecordArgument,
    ReplyAction,
    ReplyArgument,
    ReplyCondition,
    ReplyQuestion,
)
from actwright.planning.words.text import pieces

MOST_EXAMPLES = 4
"""The most examples one request carries."""

_RECORD = "Sample One"
_SAMPLES: Mapping[DataType, str] = {
    "String": "Sample words",
    "TextArea": "Sample words",
    "LongTextArea": "Sample words",
    "Decimal": "12",
    "Double": "12",
    "Number": "12",
    "Currency": "12000",
    "Percent": "40",
    "Integer": "3",
    "Long": "3",
    "Boolean": "true",
    "Date": "2030-01-15",
    "DateTime": "2030-01-15T09:00:00Z",
    "Time": "09:00",
    "Email": "sample@example.com",
    "Phone": "+1 202 555 0100",
    "Url": "https://example.com",
}
_MOST_OPTIONAL = 1


@dataclass(frozen=True, slots=True)
class Example:
    """A made-up goal, and the reply that is right for it."""

    goal: str
    reply: PlanReply

    def text(self) -> str:
        """Return the example on one line of JSON."""
        reply = self.reply.model_dump(mode="json", by_alias=True)
        return quoted({"goal": self.goal, "reply": reply})


def examples(
    entries: Iterable[LibraryEntry], schema: Callable[[str], ObjectSchema | None]
) -> tuple[Example, ...]:
    """Return at most four examples: whole plans for the first blueprints, and one that asks.

    Args:
        entries: The blueprints that come near the goal, nearest first.
        schema: Returns the schema of an object the model is told of, or None.
    """
    made: list[Example] = []
    asking: Example | None = None
    for entry in entries:
        target = schema(entry.blueprint.target_s_object or "")
        sample = _Sample(entry.key, entry.blueprint, target, schema) if target is not None else None
        whole = sample.whole() if sample else None
        if sample is None or whole is None:
            continue
        made.append(whole)
        asking = asking or sample.asking()
        if len(made) == MOST_EXAMPLES - 1:
            break
    return (*made, *([asking] if asking else []))


def examples_text(made: Iterable[Example]) -> str:
    """Return examples as lines of JSON."""
    return "\n".join(each.text() for each in made)


@dataclass(frozen=True)
class _Sample:
    """One blueprint with made-up values."""

    key: str
    blueprint: ActionBlueprint
    schema: ObjectSchema
    others: Callable[[str], ObjectSchema | None]

    def whole(self) -> Example | None:
        """Return a goal that says all that is needed; None where a value cannot be made up."""
        inputs = [each for each in self.blueprint.inputs if self._said(each)]
        optional = [each for each in self.blueprint.inputs if self._may_say(each)][:_MOST_OPTIONAL]
        chosen = [*inputs, *optional]
        made = [(each, self._argument(each)) for each in chosen]
        known = [(each, argument) for each, argument in made if argument is not None]
        if len(known) < len(inputs):
            return None
        words = ", ".join(filter(None, (self._words(each, argument) for each, argument in known)))
        action = self._action(argument for _, argument in known)
        return Example(f"{self._label()}: {words}" if words else self._label(), _plan(action))

    def asking(self) -> Example | None:
        """Return a goal that leaves one required value out, and the reply that asks for it."""
        needed = [each for each in self.blueprint.inputs if self._said(each)]
        if not needed:
            return None
        left = needed[-1]
        arguments = [self._argument(each) for each in needed[:-1]]
        if any(each is None for each in arguments):
            return None
        question = ReplyQuestion(
            action="a1", input=left.api_name, text=f"Which {_plain(left.label)}?", options=()
        )
        action = self._action(each for each in arguments if each is not None)
        reply = PlanReply(
            outcome="questions",
            actions=(action,),
            checkpoint="",
            assumptions=(),
            questions=(question,),
            reason="",
        )
        words = [self._words(*each) for each in zip(needed, arguments, strict=False) if each[1]]
        said = ", ".join(filter(None, words))
        return Example(f"{self._label()}: {said}" if said else self._label(), reply)

    def _said(self, wanted: ActionInput) -> bool:
        return wanted.required and wanted.default is None

    def _may_say(self, wanted: ActionInput) -> bool:
        plain = not wanted.required and wanted.default is None and wanted.is_field
        return plain and wanted.data_type in {"Date", "Currency", "Percent", "String"}

    def _label(self) -> str:
        return inert(self.blueprint.label, limit=80)

    def _action(self, arguments: Iterable[ReplyArgument]) -> ReplyAction:
        return ReplyAction(
            id="a1", blueprint=self.key, arguments=tuple(arguments), depends_on=(), for_each=None
        )

    def _argument(self, wanted: ActionInput) -> ReplyArgument | None:
        if wanted.data_type in {"Id", "Reference"}:
            return self._record(wanted)
        value = self._value(wanted)
        if value is None:
            return None
        return LiteralArgument(name=wanted.api_name, kind="literal", value=value)

    def _record(self, wanted: ActionInput) -> RecordArgument | None:
        field = self.schema.field(wanted.field_api_name)
        is_own = wanted is self.blueprint.id_input
        target = self.schema.name if is_own else self._target(wanted, field)
        if target is None:
            return None
        owner = self.schema if is_own else self.others(target)
        known = owner.name_field if owner is not None else None
        named = known.name if known is not None else "Name"
        where = ReplyCondition(field=named, operator="=", values=(_RECORD,))
        return RecordArgument(name=wanted.api_name, kind="record", object=target, where=(where,))

    def _target(self, wanted: ActionInput, field: FieldSchema | None) -> str | None:
        """Return what a reference is to: the object the blueprint's own words name, else the first it can be."""
        targets = field.reference_to if field is not None else ()
        words = set(
            pieces(
                f"{self.key.replace('_', ' ')} {self.blueprint.label} {wanted.label} {wanted.description}"
            )
        )
        named = (each for each in targets if each.lower() in words)
        return next(named, next(iter(targets), None))

    def _value(self, wanted: ActionInput) -> str | None:
        for each in self.blueprint.guardrails:
            params = each.parsed()
            if isinstance(params, EnumParams) and params.field == wanted.field_api_name:
                return str(params.values[0])
        field = self.schema.field(wanted.field_api_name)
        if field is not None and field.active_values:
            return inert(field.active_values[0].value, limit=80)
        return _SAMPLES.get(wanted.data_type)

    @staticmethod
    def _words(wanted: ActionInput, argument: ReplyArgument | None) -> str:
        if isinstance(argument, RecordArgument):
            return f'"{_RECORD}"'
        if isinstance(argument, LiteralArgument):
            return f"{_plain(wanted.label)} {argument.value}"
        return ""


def _plain(label: str) -> str:
    return inert(label, limit=80).lower()


def _plan(action: ReplyAction) -> PlanReply:
    return PlanReply(
        outcome="plan",
        actions=(action,),
        checkpoint="Does what the goal says, to one record.",
        assumptions=(),
        questions=(),
        reason="",
    )
