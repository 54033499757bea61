"""Spared rows: single rows taken out of an action that is repeated for many."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.blueprints.plan import ForEach, PlannedAction
from actwright.errors import PlanError
from actwright.org.query import Condition
from actwright.org.record_id import is_record_id, record_id

_MOST_VALUES = 200
"""How many values one condition holds."""

_MOST_CONDITIONS = 20


def sparing(action: PlannedAction, record_ids: Sequence[str]) -> PlannedAction:
    """Return the action without some of its rows: a query gets a condition more, rows handed in get fewer.

    Args:
        action: An action with a ``forEach``.
        record_ids: The ids of the rows to leave out.

    Raises:
        PlanError: No row would be left, or the query cannot leave out that many.
    """
    each = action.for_each
    if each is None:
        return action
    narrowed = _asked(each, record_ids) if each.rows is None else _handed(each, record_ids)
    if narrowed is None:
        raise PlanError(
            f"Nothing would be left of {action.id}.",
            where=f"{action.id}.forEach",
            hint=f"Leave {action.id} out as a whole.",
            code="edit_empty",
        )
    if len(narrowed.where) > _MOST_CONDITIONS:
        raise PlanError(
            f"{len(record_ids)} rows are more than can be left out of {action.id} one by one.",
            where=f"{action.id}.forEach",
            hint="Narrow the goal instead, so that its conditions leave them out.",
            code="edit_too_many",
        )
    return action.model_copy(update={"for_each": narrowed})


def narrowed_to(action: PlannedAction, conditions: Sequence[Condition]) -> PlannedAction:
    """Return the action for those of its rows only that meet further conditions.

    Args:
        action: An action.
        conditions: What the rows have to meet besides; none leaves the action as it is.

    Raises:
        PlanError: The rows are not told by conditions, or by too many of them.
    """
    each = action.for_each
    if not conditions:
        return action
    if each is None or each.rows is not None:
        raise PlanError(
            f"No condition can narrow {action.id}.",
            where=f"{action.id}.forEach",
            hint="Leave single rows out instead.",
            code="edit_unknown",
        )
    where = tuple(dict.fromkeys((*each.where, *conditions)))
    if len(where) > _MOST_CONDITIONS:
        raise PlanError(
            f"{len(where)} conditions are more than the rows of {action.id} can be told by.",
            where=f"{action.id}.forEach",
            hint="Narrow the goal instead.",
            code="edit_too_many",
        )
    return action.model_copy(update={"for_each": each.model_copy(update={"where": where})})


def still_sparing(action: PlannedAction, before: Sequence[PlannedAction]) -> PlannedAction:
    """Return an action without the rows that a person had left out of one like it.

    Args:
        action: An action of a plan that was made anew.
        before: The actions of the plan the person had edited.

    Raises:
        PlanError: The query cannot leave out that many.
    """
    ids = [
        str(value)
        for each in before
        if _alike(each, action) and each.for_each is not None
        for one in each.for_each.where
        if _is_exception(one)
        for value in _values(one)
    ]
    return sparing(action, ids) if ids else action


def _alike(one: PlannedAction, other: PlannedAction) -> bool:
    if one.for_each is None or other.for_each is None:
        return False
    return one.for_each.object.lower() == other.for_each.object.lower()


def _asked(each: ForEach, record_ids: Sequence[str]) -> ForEach:
    """Return the query with the rows excepted, those of earlier edits among them."""
    own = [one for one in each.where if _is_exception(one)]
    before = [str(value) for one in own for value in _values(one)]
    ids = list(dict.fromkeys([*before, *map(record_id, record_ids)]))
    exceptions = tuple(
        Condition(field="Id", operator="NOT IN", value=tuple(ids[at : at + _MOST_VALUES]))
        for at in range(0, len(ids), _MOST_VALUES)
    )
    others = tuple(one for one in each.where if one not in own)
    return each.model_copy(update={"where": (*others, *exceptions)})


def _is_exception(condition: Condition) -> bool:
    return condition.field.lower() == "id" and condition.operator == "NOT IN"


def _values(condition: Condition) -> tuple[object, ...]:
    return condition.value if isinstance(condition.value, tuple) else (condition.value,)


def _handed(each: ForEach, record_ids: Sequence[str]) -> ForEach | None:
    gone = {record_id(one) for one in record_ids}
    rows = tuple(row for row in each.rows or () if not _named(row.get("Id"), gone))
    return each.model_copy(update={"rows": rows}) if rows else None


def _named(value: object, among: set[str]) -> bool:
    return isinstance(value, str) and is_record_id(value) and record_id(value) in among
