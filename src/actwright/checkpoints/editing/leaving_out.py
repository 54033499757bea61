"""Leaving out: actions, single values and single rows that a person takes out of a plan, and what follows from it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.plan import Plan, PlannedAction
from actwright.checkpoints.editing.plan_names import action_named, input_named
from actwright.checkpoints.editing.spared_rows import sparing
from actwright.checkpoints.preview import Preview
from actwright.document import plain_name
from actwright.errors import PlanError
from actwright.inert import inert
from actwright.org.effect import Effect

_SHOWN = 80


@dataclass
class LeftOut:
    """What is to be taken out of a plan.

    Attributes:
        actions: Ids of whole actions.
        inputs: Names of inputs, by the id of an action that stays.
        rows: Ids of records, by the id of a repeated action that stays.
    """

    actions: set[str] = field(default_factory=set)
    inputs: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=dict)

    def rest(self, plan: Plan) -> tuple[PlannedAction, ...]:
        """Return the actions that stay, without the inputs and rows that do not.

        Raises:
            PlanError: Nothing would be left, of the plan or of one action.
        """
        gone = self.actions.union(dependants(plan, self.actions))
        kept = tuple(_less(each, self) for each in plan.actions if each.id not in gone)
        if not kept:
            raise PlanError(
                "Nothing would be left of the plan.",
                where=", ".join(sorted(self.actions)),
                hint="Answer no instead.",
                code="edit_empty",
            )
        return kept

    def told(self, plan: Plan) -> Iterator[str]:
        """Yield what was left out, in words; of records no more than how many."""
        names = {each.id: f"{each.id} ({inert(each.blueprint.label)})" for each in plan.actions}
        chosen = [names[each.id] for each in plan.actions if each.id in self.actions]
        along = [names[each] for each in dependants(plan, self.actions)]
        if chosen:
            why = f"; with it, since it needs it: {', '.join(along)}" if along else ""
            yield f"left out: {', '.join(chosen)}{why}"
        for key, inputs in self.inputs.items():
            yield f"left out of {names[key]}: {', '.join(inputs)}"
        for key, rows in self.rows.items():
            yield f"left out of {names[key]}: {len(rows)} {'row' if len(rows) == 1 else 'rows'}"


def dependants(plan: Plan, action_ids: Collection[str]) -> tuple[str, ...]:
    """Return the ids of the other actions that need one of these, by however many steps, in the plan's order."""
    gone = set(action_ids)
    for each in plan.order():
        if each.needs & gone:
            gone.add(each.id)
    return tuple(each.id for each in plan.actions if each.id in gone - set(action_ids))


def left_out(plan: Plan, names: Collection[str], preview: Preview | None) -> LeftOut:
    """Return what names mean: ``a1``, a blueprint's name, ``a1.Amount``, or ``a1.3`` for a row of the preview.

    Args:
        plan: The plan.
        names: What to leave out; what is named twice counts once.
        preview: The preview people look at, which knows the rows behind the effects.

    Raises:
        PlanError: A name means nothing in the plan, or what it cannot do without.
    """
    left = LeftOut()
    rows = _rows(plan, preview)
    for name in dict.fromkeys(names):
        head, dot, rest = name.partition(".")
        if name in rows:
            _leave_effect(left, plan, rows[name])
        elif not dot or any(each.blueprint.name == name for each in plan.actions):
            left.actions.add(action_named(plan, name).id)
        elif rest.isdigit():
            _leave_effect(left, plan, _one_effect(name, preview))
        else:
            action = action_named(plan, head)
            left.inputs.setdefault(action.id, []).append(_optional(action, rest).api_name)
    return left


def _rows(plan: Plan, preview: Preview | None) -> dict[str, Effect]:
    """Return the effect of each row that an action was bound to, by its id."""
    repeated = {each.id for each in plan.actions if each.for_each}
    effects = preview.effects if preview else ()
    return {each.id: each for each in effects if each.action_id in repeated and each.record_id}


def _leave_effect(left: LeftOut, plan: Plan, effect: Effect) -> None:
    """Leave out all that one effect does: also what other actions write to its record along with it."""
    for key in (effect.action_id, *effect.also_for):
        action = action_named(plan, key)
        if action.for_each is not None and effect.record_id is not None:
            left.rows.setdefault(key, []).append(effect.record_id)
        else:
            left.actions.add(key)


def _one_effect(name: str, preview: Preview | None) -> Effect:
    """Return the effect with that id, which is the only one of its action.

    Raises:
        PlanError: There is no such effect, or it is one of several.
    """
    head = name.partition(".")[0]
    own = [each for each in preview.effects if each.action_id == head] if preview else []
    if [each.id for each in own] == [name]:
        return own[0]
    raise PlanError(
        f"The preview has no row {name[:_SHOWN]!r} that could be left out.",
        where=plain_name(name),
        hint=f"Its effects of {plain_name(head)}: {', '.join(each.id for each in own[:5]) or 'none'}.",
        code="edit_unknown",
    )


def _optional(action: PlannedAction, name: str) -> ActionInput:
    """Return the input whose value is to be left out.

    Raises:
        PlanError: There is none, it has no value, the action cannot do without it, or the blueprint would set it again.
    """
    wanted = input_named(action, name)
    where = f"{action.id}.{wanted.api_name}"
    if wanted.required:
        raise PlanError(
            f"{wanted.label} is required, so {action.id} cannot do without it.",
            where=where,
            hint=f"Set another value, or leave {action.id} out.",
            code="edit_required",
        )
    if wanted.default is not None:
        raise PlanError(
            f"{wanted.label} cannot be left out: without a value the blueprint sets {wanted.default!r}.",
            where=where,
            hint=f"Set another value: --set {where}=VALUE; an empty one empties the field.",
            code="edit_defaulted",
        )
    if wanted.api_name not in action.arguments:
        raise PlanError(
            f"{wanted.label} has no value in {action.id} that could be left out.",
            where=where,
            hint=f"It has values for: {', '.join(action.arguments) or 'nothing'}.",
            code="edit_unknown",
        )
    return wanted


def _less(action: PlannedAction, left: LeftOut) -> PlannedAction:
    gone, rows = left.inputs.get(action.id, []), left.rows.get(action.id, [])
    if rows:
        action = sparing(action, rows)
    if not gone:
        return action
    arguments = {key: value for key, value in action.arguments.items() if key not in gone}
    written = [each for each in action.blueprint.inputs if each.is_field]
    own = action.blueprint.id_input
    if not any(each.api_name in arguments for each in written if each is not own):
        raise PlanError(
            f"Nothing would be left of {action.id}.",
            where=f"{action.id}.{gone[-1]}",
            hint=f"Leave {action.id} out as a whole.",
            code="edit_empty",
        )
    return action.model_copy(update={"arguments": arguments})
