"""Moved rows: records that were changed between being found by a query and being read for the preview."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actwright.checkpoints.reading.standing import Standing
from actwright.checkpoints.resolving.production import Production
from actwright.checkpoints.resolving.rows import BoundRow
from actwright.guardrails.finding import BASELINE
from actwright.guardrails.issue import Issue
from actwright.inert import inert


def moved_issues(productions: Sequence[Production], stands: Standing) -> tuple[Issue, ...]:
    """Return an issue for each row that is no longer the record the query found.

    Such a record may not fit the conditions any more, and what was taken from the row may be old.

    Args:
        productions: What the actions do, and the rows they were bound to.
        stands: The records as they were read afterwards.
    """
    return tuple(
        _moved(each, row)
        for each in productions
        if each.binding is not None and not each.issues
        for row in _changed(each.binding.rows, stands)
    )


def _changed(rows: Sequence[BoundRow], stands: Standing) -> Iterator[BoundRow]:
    for row in rows:
        record = stands.snapshots.records.get(row.id or "")
        if record is not None and row.version and row.version != record.version:
            yield row


def _moved(production: Production, row: BoundRow) -> Issue:
    action = production.resolved.action
    return Issue(
        code="row_moved",
        action_id=action.id,
        object=action.blueprint.target_s_object,
        guardrail=BASELINE,
        message=f"{inert(row.name or row.id or '', limit=80)} was changed while this preview was made.",
        hint="Preview the plan again.",
        record_id=row.id,
    )
