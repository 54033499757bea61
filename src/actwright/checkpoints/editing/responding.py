"""Responding: a person's words about a plan become an edit of it, or a question, or a refusal that says what was not understood."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.blueprints.argument import Argument, LookupArgument, ValueArgument
from actwright.blueprints.plan import Plan, Question
from actwright.checkpoints.editing.edit import edited
from actwright.checkpoints.editing.leaving_out import dependants
from actwright.checkpoints.editing.spared_rows import still_sparing
from actwright.checkpoints.preview import Preview
from actwright.errors import InputError
from actwright.inert import inert
from actwright.planning.planner import PlanningOutcome, PlanningRequest
from actwright.planning.refusals import refused
from actwright.planning.response.response import ResponseReader
from actwright.planning.response.wish import Unclear, Wishes, YesOrNo

NOT_UNDERSTOOD = "response_unclear"
"""The code of the refusal of words that nobody understood."""

ROWS_HANDED_IN = "response_unclear_rows"
"""The same of a plan with rows of its own, which a model could only replace by others."""

AN_ANSWER = "response_answer"
"""The code of the refusal of words that are a yes or a no."""

_SHOWN = 80
_HOW = (
    "Say what to leave out or which value to use, such as 'not a2' or 'close date 15 December'; "
    "or use --without ACTION and --set ACTION.INPUT=VALUE."
)


def responded(
    plan: Plan,
    words: str,
    request: PlanningRequest,
    reader: ResponseReader,
    preview: Preview | None = None,
) -> PlanningOutcome:
    """Return the plan as a person's words want it, without a model; a question or a refusal where they are not clear.

    Nothing of the words is ever dropped: where one part was not understood, nothing is changed.

    Args:
        plan: The plan; it stays as it was.
        words: What the person says about it: "not the task, and use 15 December". Hostile input.
        request: Gives org, person and day; its goal is not read.
        reader: Reads the words.
        preview: The preview the person looks at, whose rows they may call by name.

    Raises:
        OrgError: The org cannot be asked.
    """
    try:
        wishes = reader.wishes(plan, words, request, _rows(plan, preview))
        no_edit = _no_edit(plan, words, wishes)
        if no_edit is not None:
            return no_edit
        if wishes.unclear:
            return PlanningOutcome(questions=tuple(_asked(plan, each) for each in wishes.unclear))
        made = edited(
            plan,
            without=wishes.without,
            arguments=wishes.arguments,
            narrowed=wishes.narrowed,
            preview=preview,
        )
    except InputError as error:
        return refused(error.error_code, error.message, error.hint or _HOW)
    return PlanningOutcome(plan=made, questions=made.questions, notes=tuple(_told(plan, wishes)))


def _rows(plan: Plan, preview: Preview | None) -> dict[str, str]:
    """Return what the rows that actions are repeated for are called, by the ids of their effects."""
    repeated = {each.id for each in plan.actions if each.for_each}
    effects = preview.effects if preview is not None else ()
    return {
        each.id: each.record_name
        for each in effects
        if each.action_id in repeated and each.record_name
    }


def as_edit(plan: Plan, outcome: PlanningOutcome) -> PlanningOutcome:
    """Return what a planner made of a response, its plan marked as edited from the one the person saw.

    Rows the person had left out before stay left out: no planner is told of them, so that none can bring them back.

    Args:
        plan: The plan the person saw.
        outcome: The planner's answer.
    """
    made = outcome.plan
    if made is None:
        return outcome
    planner = made.planner.model_copy(update={"edited_from": plan.id})
    actions = tuple(still_sparing(each, plan.actions) for each in made.actions)
    marked = made.model_copy(update={"planner": planner, "actions": actions})
    return outcome.model_copy(update={"plan": marked})


def _no_edit(plan: Plan, words: str, wishes: Wishes) -> PlanningOutcome | None:
    """Return the refusal of words that ask for no edit: a yes or a no, another action, or what nobody understood."""
    if wishes.answer is not None:
        return _answered(wishes.answer, words)
    if wishes.added:
        return _cannot_add(plan, wishes.added[0])
    if wishes.left or not (wishes or wishes.unclear):
        return _not_understood(plan, next(iter(wishes.left), words))
    return None


def _not_understood(plan: Plan, words: str) -> PlanningOutcome:
    said = f'"{inert(words, limit=_SHOWN)}" was not understood; nothing was changed.'
    return refused(_for_a_model(plan), said, _HOW)


def _cannot_add(plan: Plan, words: str) -> PlanningOutcome:
    """Refuse words that ask for another action, which rules cannot add and a model may."""
    said = f'"{inert(words, limit=_SHOWN)}" cannot be added here; nothing was changed.'
    return refused(
        _for_a_model(plan), said, "Make a new plan that says it too, or one for it alone."
    )


def _for_a_model(plan: Plan) -> str:
    """Return the code of words for a model; another one where the plan holds rows that no planner can be told."""
    handed_in = any(each.for_each and each.for_each.rows is not None for each in plan.actions)
    return ROWS_HANDED_IN if handed_in else NOT_UNDERSTOOD


def _answered(answer: YesOrNo, words: str) -> PlanningOutcome:
    """Refuse words that are a yes or a no: an edit is neither, and nobody confirms by the way."""
    said = f'"{inert(words, limit=_SHOWN)}" asks for no change.'
    how = f"Answer {answer} at the question, or by actwright confirm PREVIEW{' --no' * (answer == 'n')}."
    return refused(AN_ANSWER, said, how)


def _asked(plan: Plan, unclear: Unclear) -> Question:
    """Return what is open as a question; it is answered by responding again."""
    first = str(unclear.candidates[0].value) if unclear.candidates else plan.actions[0].id
    action, _, name = first.partition(".")
    return Question(
        id=f"{action}.{name or 'response'}",
        action_id=action,
        input=name or "response",
        reason="unclear",
        text=inert(unclear.text, limit=500)
        + (" Say which one you mean." if unclear.candidates else ""),
        candidates=unclear.candidates,
    )


def _told(plan: Plan, wishes: Wishes) -> Iterator[str]:
    """Yield what the words were understood as."""
    gone = [each for each in wishes.without if "." not in each]
    for each in wishes.without:
        yield f"Understood: without {each}."
    for each in dependants(plan, gone):
        yield f"With it goes {each}, since it needs it."
    for key, where in wishes.narrowed.items():
        told = " and ".join(f"{each.field} {each.operator} {each.value}" for each in where)
        yield f"Understood: {key} only for those with {inert(told, limit=200)}."
    for name, argument in wishes.arguments.items():
        yield f"Understood: {name} is {inert(_value(argument), limit=_SHOWN)}."


def _value(argument: Argument) -> str:
    if isinstance(argument, LookupArgument):
        where = (f"{each.field} {each.operator} {each.value}" for each in argument.lookup.where)
        return f"the {argument.lookup.object} with {' and '.join(where)}"
    value = argument.value if isinstance(argument, ValueArgument) else argument.from_
    return "(empty)" if value is None else str(value)
