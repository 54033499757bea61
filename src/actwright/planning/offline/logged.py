"""Logged calls: whoever logs one has made it, so that it is completed and lies behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.reading import Assignment, Problem
from actwright.planning.words.values import Converted, convert

_DONE = "Completed"


def logged_call(
    assignments: Sequence[Assignment], index: FieldIndex, said: str, today: date
) -> list[Assignment]:
    """Return what a logged call holds: completed where nothing else is said, and asked for a day that is still to come.

    Args:
        assignments: What was read so far.
        index: The fields of the call's object.
        said: The verb, as it stands in the goal.
        today: The date in the person's zone.
    """
    whole = (*assignments, *_done(assignments, index, said, today))
    return [_made(each, today) for each in whole]


def _done(
    assignments: Sequence[Assignment], index: FieldIndex, said: str, today: date
) -> Iterator[Assignment]:
    status = index.schema.field("Status")
    if status is None or any(each.field == status or _ahead(each, today) for each in assignments):
        return
    found = convert(status, _DONE, today)
    if isinstance(found, Converted):
        note = f"a call that is logged was made, so its {status.label} is {found.value}"
        yield Assignment(status, said, value=found.value, note=note)


def _made(assignment: Assignment, today: date) -> Assignment:
    """Ask for the day of a call that is logged, where the words say one to come."""
    if not _ahead(assignment, today):
        return assignment
    said = f"{assignment.words[:80]!r} is {assignment.value}, and a call that is logged was made before."
    return replace(assignment, value=None, problem=Problem("unclear", said))


def _ahead(assignment: Assignment, today: date) -> bool:
    """Tell whether it is a day to come, on which nothing was done yet."""
    value = assignment.value if assignment.field.type == "date" else None
    return isinstance(value, str) and value > today.isoformat()
