"""Differences: what changed between two generated actions, in their code and in what they may reach."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from actwright.actions.generated.action import GeneratedAction
from actwright.contract import Contract
from actwright.inert import visible


class GeneratedDifference(Contract):
    """What another version may do that the first may not, the other way around, and how the code differs."""

    before: str
    """The id of the first one."""
    after: str
    """The id of the other one."""
    gained: tuple[str, ...] = ()
    """What the other one may reach in addition: ``reads Contact.Email``."""
    lost: tuple[str, ...] = ()
    """What it may not reach any more."""
    code: tuple[str, ...] = ()
    """The code, as a unified diff, line by line; empty where it is the same."""


def difference(before: GeneratedAction, after: GeneratedAction) -> GeneratedDifference:
    """Return what is different between two generated actions."""
    had, has = tuple(reach_of(before)), tuple(reach_of(after))
    lines = unified_diff(
        before.code.splitlines(), after.code.splitlines(), before.id, after.id, lineterm=""
    )
    return GeneratedDifference(
        before=before.id,
        after=after.id,
        gained=tuple(each for each in has if each not in had),
        lost=tuple(each for each in had if each not in has),
        code=tuple(lines),
    )


def reach_of(action: GeneratedAction) -> Iterator[str]:
    """Yield all that the code of an action may reach, a line a field."""
    for read in action.reads:
        for each in read.fields:
            unseen = ", never seeing it" if each in read.opaque else ""
            yield f"reads {read.object}.{each}{unseen}"
    for write in action.writes:
        verb = "creates" if write.operation == "CREATE" else "changes"
        yield from (f"{verb} {write.object}.{each}" for each in write.fields)
    yield from (f"calls {each}" for each in action.calls)


def line_of_code(text: str) -> str:
    """Return a line of code as it stands, a backslash as one; only what cannot be seen is written as an escape."""
    return visible(text, limit=len(text)).replace("\\\\", "\\")
