"""Replies made from a plan: the offline planner's draft of a goal, said in a model's form with its questions."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence

from actwright.blueprints.argument import Argument, FromArgument, LookupArgument, ValueArgument
from actwright.blueprints.derived import derived_key
from actwright.blueprints.library import Library
from actwright.blueprints.plan import PlannedAction, Question
from actwright.org.effect import RecordOperation
from actwright.org.lookup import Lookup
from actwright.planning.model.reply import (
    DataArgument,
    LiteralArgument,
    MeArgument,
    OutputArgument,
    PlanReply,
    RecordArgument,
    ReplyAction,
    ReplyArgument,
    ReplyForEach,
    ReplyQuestion,
)
from actwright.planning.planner import PlanningOutcome
from actwright.regression.suite.scripted_blueprints import narrowest
from actwright.regression.suite.scripted_words import as_text, condition
from actwright.testing.goals import ExpectedQuestion

_BLUEPRINT = "blueprint"
_OPERATIONS: Mapping[str, RecordOperation] = {"CREATE": "CREATE", "DELETE": "DELETE"}
_MOST_OPTIONS = 20


def asking_reply(
    wanted: Sequence[ExpectedQuestion], draft: PlanningOutcome, library: Library
) -> PlanReply:
    """Return the reply that asks what a case expects to be asked.

    Args:
        wanted: The questions of the case.
        draft: What the offline planner makes of the goal: its actions and the names of its open inputs are taken, no
            word of its questions.
        library: The curated blueprints.
    """
    plan = draft.plan
    known = {each.id for each in plan.actions} if plan else set[str]()
    asked = tuple(
        _question(each, draft.questions, known) for each in wanted if not _by_itself(each)
    )
    actions = tuple(_action(each, library, asked) for each in (plan.actions if plan else ()))
    return PlanReply(
        outcome="questions" if asked else "plan",
        actions=actions,
        checkpoint="Do this?",
        assumptions=(),
        questions=asked,
        reason="",
    )


def _by_itself(wanted: ExpectedQuestion) -> bool:
    """Tell whether the compiler asks without being told: a required input that was left out, a record not found."""
    return bool(wanted.reason) and not {"unclear", "no_value"} & {*wanted.reason}


def _question(
    wanted: ExpectedQuestion, drafted: Sequence[Question], known: Container[str]
) -> ReplyQuestion:
    """Return the question as a model asks it: about an action of the reply, else which one is meant at all."""
    one = next((each for each in drafted if each.id in wanted.id), None)
    action, _, name = (one.id if one else wanted.id[0]).partition(".")
    if action not in known:
        action, name = "a1", _BLUEPRINT
    options = one.candidates if one is not None and not name.endswith("Id") else ()
    return ReplyQuestion(
        action=action,
        input=name,
        text=f"Which {name} is meant?",
        options=tuple(as_text(each.value) for each in options[:_MOST_OPTIONS]),
    )


def _action(action: PlannedAction, library: Library, asked: Sequence[ReplyQuestion]) -> ReplyAction:
    rows = action.for_each
    return ReplyAction(
        id=action.id,
        blueprint=_key(action, library, [each.input for each in asked if each.action == action.id]),
        arguments=tuple(_arguments(action)),
        depends_on=(),
        for_each=ReplyForEach(
            object=rows.object,
            where=tuple(condition(each.field, each.operator, each.value) for each in rows.where),
            limit=rows.limit,
        )
        if rows
        else None,
    )


def _key(action: PlannedAction, library: Library, asked: Collection[str]) -> str:
    """Return a blueprint's key; a model asks about an input it can see, which a curated blueprint lists."""
    entry = library.find(action.blueprint.name)
    if entry is not None:
        return entry.key
    name = action.blueprint.target_s_object or ""
    operation = _OPERATIONS.get(action.blueprint.operation, "UPDATE")
    said = dict.fromkeys(action.arguments, "")
    narrow = narrowest(
        library, name, operation, said, rows=action.for_each is not None, asked=asked
    )
    return narrow.key if narrow and asked else derived_key(name, operation)


def _arguments(action: PlannedAction) -> Iterator[ReplyArgument]:
    for name, argument in action.arguments.items():
        made = _argument(name, argument)
        if made is not None:
            yield made


def _argument(name: str, argument: Argument) -> ReplyArgument | None:
    if isinstance(argument, LookupArgument):
        return _record(name, argument.lookup)
    if isinstance(argument, FromArgument):
        if argument.action_output:
            return OutputArgument(name=name, kind="output", action=argument.action_output[0])
        return DataArgument(name=name, kind="data", data=str(argument.data_name))
    return _literal(name, argument)


def _literal(name: str, argument: ValueArgument) -> ReplyArgument | None:
    """Return the value, None where the blueprint or an answer gives it without a word of the model."""
    if argument.provenance in {"default", "data"}:
        return None
    value = argument.value
    return LiteralArgument(
        name=name, kind="literal", value=None if value is None else as_text(value)
    )


def _record(name: str, lookup: Lookup) -> ReplyArgument:
    if (lookup.object, [each.field for each in lookup.where]) == ("User", ["Username"]):
        return MeArgument(name=name, kind="me")
    where = tuple(condition(each.field, each.operator, each.value) for each in lookup.where)
    return RecordArgument(name=name, kind="record", object=lookup.object, where=where)
