"""Parting a plan: what can be previewed now, with what is known by now put in, and what has to wait for a later wave.

An argument is *late* where nobody can know it before another action has run: what an override that acts by itself puts
out, and the id of a record that this very plan creates where an override that acts by itself is to be handed it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from actwright.actions.factory import Factory
from actwright.blueprints.argument import Argument, FromArgument, LookupArgument, ValueArgument
from actwright.blueprints.plan import Plan, PlannedAction
from actwright.checkpoints.editing.spared_rows import sparing
from actwright.checkpoints.preview import Awaited, Later
from actwright.checkpoints.resolving.arguments import check_output
from actwright.checkpoints.waves.going_on import GoingOn
from actwright.errors import RefusedError
from actwright.inert import inert
from actwright.org.provenance import Provenance, put_out

_CREATING = frozenset({"CREATE", "UPSERT"})
_MOST_OUTPUTS = 10

Bind: TypeAlias = "Callable[[PlannedAction, str, Argument, Plan, GoingOn], Argument]"
"""Tells what becomes of an action's argument, by its name, where what another action put out is known."""


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a plan that can be previewed now.

    Attributes:
        plan: The plan with only the actions that can be previewed; not to be stored.
        later: The other ones that are left, in order.
    """

    plan: Plan
    later: tuple[Later, ...] = ()


def part_of(plan: Plan, factory: Factory, going_on: GoingOn | None = None) -> Part:
    """Return what of a plan can be previewed now.

    Args:
        plan: The plan, as a whole.
        factory: Which implementation carries out a blueprint.
        going_on: What the run it goes on with has behind it; None before a run has begun.

    Raises:
        PlanError: An argument is to be what no action puts out.
        RefusedError: Nothing is left, an action was done in part, or did not put out what another one needs.
        ImplementationError: An action has no implementation.
    """
    left = _left(plan, going_on)
    later = _later(plan, left, factory)
    if not later and going_on is None:
        return Part(plan)
    now = tuple(each for each in left if each.id not in later)
    if not now:
        raise _nothing_left(going_on)
    order = {each.id: place for place, each in enumerate(plan.actions)}
    actions = tuple(sorted(now, key=lambda each: order[each.id]))
    return Part(plan.model_copy(update={"actions": actions}), tuple(later.values()))


def _left(plan: Plan, going_on: GoingOn | None) -> tuple[PlannedAction, ...]:
    """Return the actions that are not behind the run, in order, with what is known by now in their arguments."""
    ordered = plan.order()
    if going_on is None:
        return ordered
    return tuple(
        left_of(each, plan, going_on, _value) for each in ordered if each.id not in going_on.behind
    )


def _later(plan: Plan, left: Sequence[PlannedAction], factory: Factory) -> Mapping[str, Later]:
    """Return the actions that have to wait, in order: those with late arguments, and what needs them."""
    later: dict[str, Later] = {}
    if not any(_outputs_of(each) for each in left):
        return later
    acting = frozenset(
        each.id for each in left if factory.resolve(each.blueprint).opaque is not None
    )
    for action in left:
        waits = tuple(_awaited(action, plan, acting))
        after = tuple(each for each in later if each in action.needs)
        if waits or after:
            later[action.id] = Later(
                action_id=action.id,
                blueprint=action.blueprint.name,
                label=action.blueprint.label,
                waits_for=waits,
                after=after,
            )
    return later


def _outputs_of(action: PlannedAction) -> Iterator[tuple[str, FromArgument, str, str]]:
    for name, argument in action.arguments.items():
        taken = argument.action_output if isinstance(argument, FromArgument) else None
        if taken is not None and isinstance(argument, FromArgument):
            yield name, argument, *taken


def _awaited(action: PlannedAction, plan: Plan, acting: frozenset[str]) -> Iterator[Awaited]:
    """Yield the late arguments of an action.

    Raises:
        PlanError: One is to be what no action puts out.
    """
    for name, _, source, output in _outputs_of(action):
        wanted, other = action.blueprint.input(name), plan.action(source)
        if wanted is None or other is None:
            continue
        if not _is_late(action, other, output, acting):
            check_output(action, wanted, other, output)
            continue
        yield Awaited(input=name, label=wanted.label, action_id=source, output=output)


def _is_late(
    action: PlannedAction, other: PlannedAction, output: str, acting: frozenset[str]
) -> bool:
    if other.for_each is not None:
        return False
    is_id = output.lower() == "id"
    creates = other.blueprint.operation in _CREATING
    if other.id in acting:
        return creates or not is_id or other.blueprint.id_input is None
    return action.id in acting and is_id and creates


def left_of(action: PlannedAction, plan: Plan, going_on: GoingOn, bound: Bind) -> PlannedAction:
    """Return what is left of an action: without the rows it has been done for, and waiting for nothing that is behind.

    Args:
        action: The action, which is not behind itself.
        plan: Its plan, as a whole.
        going_on: What was behind the run.
        bound: What becomes of each of its arguments.

    Raises:
        RefusedError: It was done in part, and nobody could tell which part is left; or for as many rows as it may be.
        PlanError: Its query cannot leave out that many.
    """
    action = _without_written(action, going_on)
    arguments = {
        name: bound(action, name, argument, plan, going_on)
        for name, argument in action.arguments.items()
    }
    waits = tuple(each for each in action.depends_on if each not in going_on.behind)
    return action.model_copy(update={"arguments": arguments, "depends_on": waits})


def _without_written(action: PlannedAction, going_on: GoingOn) -> PlannedAction:
    """Return an action without the rows it has been done for already; they count against its ceiling.

    Raises:
        RefusedError: It was done in part, and nobody could tell which part is left; or for as many rows as it may be.
        PlanError: Its query cannot leave out that many.
    """
    rows = going_on.in_part.get(action.id)
    if rows is None:
        return action
    if action.for_each is None or action.blueprint.operation in _CREATING or not rows:
        raise RefusedError(
            f"{action.id} was done in part by {going_on.run_id}, and nobody could tell which part of it is left.",
            where=action.id,
            hint="Leave it out and go on behind it, or make a new plan for the rest.",
            code="done_in_part",
        )
    if len(rows) >= action.for_each.limit:
        raise RefusedError(
            f"{action.id} has been done for {len(rows):,} rows by {going_on.run_id}, and may be for no more.",
            where=f"{action.id}.forEach",
            hint="Leave it out and go on behind it, or make a new plan for the rest.",
            code="done_in_part",
        )
    return _with_ceiling(sparing(action, rows), action.for_each.limit - len(rows))


def _with_ceiling(action: PlannedAction, limit: int) -> PlannedAction:
    if action.for_each is None:
        return action
    return action.model_copy(
        update={"for_each": action.for_each.model_copy(update={"limit": limit})}
    )


def _value(
    action: PlannedAction, name: str, argument: Argument, plan: Plan, going_on: GoingOn
) -> Argument:
    taken = argument.action_output if isinstance(argument, FromArgument) else None
    if taken is None or taken[0] not in going_on.behind:
        return argument
    source, output = taken
    other, wanted = plan.action(source), action.blueprint.input(name)
    if other is not None and wanted is not None and other.for_each is not None:
        check_output(action, wanted, other, output)
    key = going_on.put_out(source, output)
    if key is None:
        raise _not_put_out(action, name, source, output, going_on)
    told = f"{source}'s id" if key == "id" else f"what {source} put out as {output}"
    provenance, mixed = put_out(handed_to(other, plan))
    value = going_on.outputs[source][key]
    return ValueArgument(value=value, provenance=provenance, source=told, mixed=mixed)


def handed_to(action: PlannedAction | None, plan: Plan) -> frozenset[Provenance]:
    """Return where all comes from that an action is handed, through other actions too: its outputs may be made of it."""
    found: set[Provenance] = set()
    seen: set[str] = set()
    ahead = [action]
    while ahead:
        each = ahead.pop()
        if each is None or each.id in seen:
            continue
        seen.add(each.id)
        for argument in each.arguments.values():
            found |= _doubts(argument)
            taken = argument.action_output if isinstance(argument, FromArgument) else None
            ahead += [plan.action(taken[0])] if taken else []
    return frozenset(found)


def _doubts(argument: Argument) -> set[Provenance]:
    """Return where an argument comes from, as far as it can be told without resolving it."""
    if isinstance(argument, ValueArgument):
        return {argument.provenance, *argument.mixed}
    if isinstance(argument, LookupArgument):
        return set() if argument.lookup.field.lower() == "id" else {"record"}
    if argument.action_output is not None:
        return {"output"}
    return {"record"} if argument.row_field is not None else set()


def _not_put_out(
    action: PlannedAction, name: str, source: str, output: str, going_on: GoingOn
) -> RefusedError:
    put_out, given = going_on.outputs.get(source, {}), json.dumps({f"{action.id}.{name}": "..."})
    names = ", ".join(inert(each, limit=80) for each in list(put_out)[:_MOST_OUTPUTS])
    return RefusedError(
        f"{action.id} needs {output!r} of {source!r}, which is behind the run and did not put it out; "
        f"it put out: {names or 'nothing'}.",
        where=f"{action.id}.{name}",
        hint=f"Give it a value yourself, or cancel the run: "
        f"actwright resume {going_on.run_id} --action retry_with_inputs --inputs '{given}' --why REASON",
        code="output_missing",
    )


def _nothing_left(going_on: GoingOn | None) -> RefusedError:
    run = going_on.run_id if going_on else "the run"
    return RefusedError(
        f"Nothing of the plan is left to be done: all of it is behind {run}.",
        where=run,
        hint=f"actwright inspect {run}",
        code="nothing_left",
    )
