"""Bulk: how many rows an action is repeated for today, and what is said of that before anything is planned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actwright.blueprints.plan import ForEach, PlannedAction
from actwright.errors import InputError, PlanningError
from actwright.org.ports import OrgReader
from actwright.org.query import RecordQuery
from actwright.planning.offline.drafting import Draft
from actwright.planning.rows.row_binding import BoundRows

_LONGEST_NOTE = 500


def count_rows(actions: Sequence[PlannedAction], org: OrgReader) -> tuple[int | None, ...]:
    """Return how many rows each action is repeated for today; None for one that is not repeated.

    Only ids are read, and one more of them than the ceiling allows: the preview refuses what goes beyond it.

    Raises:
        PlanningError: An action has no rows, or the org cannot find them by these conditions.
        OrgError: The org cannot be asked.
    """
    wanted = tuple(dict.fromkeys(each.for_each for each in actions if each.for_each is not None))
    found = dict(zip(wanted, _asked(wanted, org), strict=True))
    for each, count in found.items():
        _check(each, count)
    return tuple(found[each.for_each] if each.for_each else None for each in actions)


def rows_told(drafts: Sequence[Draft], counted: Sequence[int | None]) -> Iterator[tuple[str, ...]]:
    """Yield for each action what its rows are, and how many there are today; nothing where it has none."""
    for draft, count in zip(drafts, counted, strict=True):
        yield () if draft.rows is None or count is None else (_told(draft, draft.rows, count),)


def _told(draft: Draft, rows: BoundRows, count: int) -> str:
    limit = draft.action.for_each.limit if draft.action.for_each else count
    records = "1 record" if count == 1 else f"{count} records"
    if count > limit:
        records = f"more than the {limit} records it may be done for"
    note = f"{draft.action.id} is done for every {rows.object} where {rows.said}: {records} today"
    return note[:_LONGEST_NOTE]


def _asked(wanted: Sequence[ForEach], org: OrgReader) -> list[int]:
    queries = [
        RecordQuery(object=each.object, where=each.where, limit=each.limit + 1) for each in wanted
    ]
    try:
        return [len(rows) for rows in org.query(queries)] if queries else []
    except InputError as error:
        raise PlanningError(
            f"The org cannot find rows by these conditions: {error.message[:200]}",
            hint=error.hint or "Say the rows by other fields.",
            code="rows_unclear",
        ) from error


def _check(rows: ForEach, count: int) -> None:
    if count == 0:
        raise PlanningError(
            f"No {rows.object} fits: {_conditions(rows)}. Nothing was planned.",
            hint="Say the records by something else, or check the names and dates.",
            code="no_rows",
        )


def _conditions(rows: ForEach) -> str:
    return ", ".join(f"{each.field} {each.operator} {_shown(each.value)}" for each in rows.where)[
        :300
    ]


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return " or ".join(_shown(each) for each in value)
    return "empty" if value is None else str(value)
