"""Editing: actions, rows and values taken out of a plan or set anew before the yes. Every edit makes a new plan."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from actwright.blueprints.adapters import adapt
from actwright.blueprints.argument import Argument, FromArgument, LookupArgument, ValueArgument
from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.plan import Plan, PlannedAction
from actwright.checkpoints.editing.leaving_out import left_out
from actwright.checkpoints.editing.plan_names import action_named, input_named
from actwright.checkpoints.editing.spared_rows import narrowed_to
from actwright.checkpoints.preview import Preview
from actwright.document import plain_name, validated
from actwright.errors import PlanError, ValueInvalidError
from actwright.org.query import Condition, JsonScalar
from actwright.planning.footprint import dependencies

SOURCE = "edited at the confirmation"
"""Where a value a person set before the yes comes from."""

Reading = Callable[[PlannedAction, ActionInput, str], Argument | None]
"""Reads a text for an input, as a goal's words are read; None where the text is to be taken as it stands."""

_DATA = "edit."
"""How the names begin that such values have among the plan's data."""

_SHOWN = 80


def edited(
    plan: Plan,
    *,
    without: Collection[str] = (),
    values: Mapping[str, JsonScalar] | None = None,
    arguments: Mapping[str, Argument] | None = None,
    narrowed: Mapping[str, Sequence[Condition]] | None = None,
    preview: Preview | None = None,
    read: Reading | None = None,
) -> Plan:
    """Return the plan as a person wants it instead; the plan itself where nothing is to be changed.

    Args:
        plan: The plan; it stays as it was.
        without: What to leave out: an action by its id or its blueprint's name, a value as ``ACTION.INPUT``, one row
            of a repeated action by its effect's id (``a1.3``). What needs an action that is left out goes with it.
        values: New values by ``ACTION.INPUT``. They count as data.
        arguments: New arguments by ``ACTION.INPUT``, such as lookups; they say themselves where they come from.
        narrowed: Conditions that rows must meet besides, by the id of the action that is repeated for them.
        preview: The preview people look at, which knows the rows behind the effects.
        read: Reads a text among the values; without it each is taken as it stands.

    Raises:
        PlanError: There is no such action, input or row, a value does not fit, or nothing would be left; ``where`` is
            the path, and the hint says that the plan stands.
    """
    if not (without or values or arguments or narrowed):
        return plan
    try:
        left = left_out(plan, without, preview)
        kept = tuple(
            narrowed_to(each, (narrowed or {}).get(each.id, ())) for each in left.rest(plan)
        )
        given = _given(plan, kept, [*(values or {}).items(), *(arguments or {}).items()], read)
        actions = tuple(_with(each, given.get(each.id, {})) for each in kept)
        notes = [f"{SOURCE}: {each}" for each in left.told(plan)]
        return _made(plan, actions, given, notes)
    except PlanError as error:
        raise _standing(plan, error) from error


def _given(
    plan: Plan,
    kept: Sequence[PlannedAction],
    values: Sequence[tuple[str, JsonScalar | Argument]],
    read: Reading | None,
) -> dict[str, dict[str, Argument]]:
    """Return the new arguments by action and input, each checked against its type.

    Raises:
        PlanError: An action or an input does not exist or is left out, or a value does not fit.
    """
    given: dict[str, dict[str, Argument]] = {}
    staying = {each.id for each in kept}
    for name, value in values:
        head, dot, rest = name.rpartition(".")
        if not dot or not head or not rest:
            raise PlanError(
                f"{name[:_SHOWN]!r} names no input.",
                where=plain_name(name),
                hint="Write it as ACTION.INPUT=VALUE, such as a1.Amount=99000.",
                code="edit_unknown",
            )
        action = action_named(plan, head)
        wanted = input_named(action, rest)
        where = f"{action.id}.{wanted.api_name}"
        if action.id not in staying or wanted.api_name in given.get(action.id, {}):
            why = "is set twice" if action.id in staying else f"goes with {action.id}"
            raise PlanError(
                f"{where} {why}, so it cannot be set.",
                where=where,
                hint="Name each value once, of an action that stays.",
                code="edit_contradicts",
            )
        said = read(action, wanted, value) if read is not None and isinstance(value, str) else None
        meant = value if said is None else said
        given.setdefault(action.id, {})[wanted.api_name] = _argument(wanted, meant, where)
    return given


def _argument(wanted: ActionInput, given: JsonScalar | Argument, where: str) -> Argument:
    """Return a value as data, or refuse it before any call is spent on it; what is found later is left as it is."""
    if isinstance(given, (LookupArgument, FromArgument)):
        return given
    value = given.value if isinstance(given, ValueArgument) else given
    try:
        typed = adapt(wanted.data_type, value, label=wanted.label)
    except ValueInvalidError as error:
        raise PlanError(
            error.message, where=where, hint=error.hint, code=error.error_code
        ) from error
    if typed is None and wanted.required:
        raise PlanError(
            f"{wanted.label} is required and would be empty.",
            where=where,
            hint="Give it a value.",
            code="edit_required",
        )
    if isinstance(given, ValueArgument):
        return given
    document = {"value": value, "provenance": "data", "source": SOURCE}
    return validated(ValueArgument, document, where=where, error=PlanError)


def _with(action: PlannedAction, given: Mapping[str, Argument]) -> PlannedAction:
    return action.model_copy(update={"arguments": {**action.arguments, **given}})


def _made(
    plan: Plan,
    actions: tuple[PlannedAction, ...],
    given: Mapping[str, Mapping[str, Argument]],
    notes: Sequence[str],
) -> Plan:
    """Return the new plan, held to its whole contract.

    The planner's own sentence and its confidence were about the old one, and stay behind.
    """
    staying = {each.id for each in actions}
    questions = tuple(
        each
        for each in plan.questions
        if each.action_id in staying and each.input not in given.get(each.action_id, {})
    )
    changed = plan.model_copy(
        update={
            "actions": actions,
            "questions": questions,
            "data": _data(plan, actions, given),
            "dependencies": dependencies(actions),
            "checkpoint": "",
            "confidence": None,
            "assumptions": tuple(dict.fromkeys((*_assumed(plan, actions), *notes))),
            "planner": plan.planner.model_copy(update={"edited_from": plan.id}),
        }
    )
    return validated(Plan, changed.model_dump(), where="the edited plan", error=PlanError)


def _data(
    plan: Plan, actions: Sequence[PlannedAction], given: Mapping[str, Mapping[str, Argument]]
) -> dict[str, JsonScalar]:
    """Return the plan's data with the values given now, less those given earlier to what holds them no more."""
    held = {
        f"{_DATA}{each.id}.{name}"
        for each in actions
        for name, argument in each.arguments.items()
        if isinstance(argument, ValueArgument)
    }
    kept = {
        name: value
        for name, value in plan.data.items()
        if not name.startswith(_DATA) or name in held
    }
    added = {
        f"{_DATA}{key}.{name}": argument.value
        for key, arguments in given.items()
        for name, argument in arguments.items()
        if isinstance(argument, ValueArgument)
    }
    return {**kept, **added}


def _assumed(plan: Plan, actions: Sequence[PlannedAction]) -> Iterator[str]:
    """Yield what is still assumed: of values that are gone, and of rows before some were left out, nothing is."""
    gone = _sources(plan.actions) - _sources(actions)
    rows = {each.id: each.for_each for each in actions}
    counted = tuple(
        f"{each.id} is done for " for each in plan.actions if rows.get(each.id) != each.for_each
    )
    for each in plan.assumptions:
        if not each.startswith(counted) and not any(f'"{source}"' in each for source in gone):
            yield each


def _sources(actions: Sequence[PlannedAction]) -> set[str]:
    arguments = (argument for each in actions for argument in each.arguments.values())
    return {
        each.source
        for each in arguments
        if isinstance(each, (ValueArgument, LookupArgument)) and each.source
    }


def _standing(plan: Plan, error: PlanError) -> PlanError:
    """Return why an edit is refused, with what to do instead, and that nothing changed."""
    hint = f"{error.hint} " if error.hint else ""
    return PlanError(
        error.message,
        where=error.where,
        hint=f"{hint}The plan {plan.id} stands as it was.",
        code=error.error_code,
    )
