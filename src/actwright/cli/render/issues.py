"""Issues as people see them: what stops a plan before what is to be minded, and the records a duplicate rule found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from actwright.cli.render.values import Voice
from actwright.cli.render.words import aside, heading, line, said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.guardrails.issue import Issue
    from actwright.org.identity import OrgIdentity

_MOST_SHOWN = 25
"""How many issues are spelled out; a thousand rows may each have one."""

_MOST_ALIKE = 3
"""How many of those are spelled out that differ only in their record."""

_OF_OBJECTS, _OF_RECORDS = "object_not_", "record_not_"
"""How the codes begin of a right to an object that is missing, and of one to a record."""


def issues(
    found: Collection[Issue], org: OrgIdentity | None = None, *, next_step: str | None = None
) -> Iterator[RenderableType]:
    """Yield what the checks found, errors first; what many records have in common is told for the first few of them.

    Args:
        found: The issues.
        org: Where the records they name are linked to.
        next_step: What is told to do next elsewhere: it is not said again.
    """
    from actwright.locales import PersonLocale  # noqa: PLC0415 - slow to import

    if not found:
        return
    voice = Voice(PersonLocale(), org)
    yield heading("Issues")
    ordered = sorted(_telling(found), key=lambda issue: issue.severity != "error")
    left = 0
    shown = 0
    for alike in _alike(ordered):
        if shown >= _MOST_SHOWN:
            left += len(alike)
            continue
        spelled_out = _spelled_out(alike)[: _MOST_SHOWN - shown]
        shown += len(spelled_out)
        for each in spelled_out:
            yield from _issue(each, voice)
        yield from _rest(alike, len(spelled_out), next_step or "")
    if left > 0:
        yield Text(f"and {left:,} more issues; --json holds all of them", "dim")


def shown_errors(found: Collection[Issue]) -> int:
    """Return how many errors a reader counts: what is word for word the same, or told by another one, is one."""
    return len({each.message for each in _telling(found) if each.severity == "error"})


def _telling(found: Collection[Issue]) -> Iterator[Issue]:
    """Yield the issues that tell anything: where nobody may edit an object at all, no record of it needs one more."""
    whole = {
        (each.action_id, each.object, each.code.removeprefix(_OF_OBJECTS))
        for each in found
        if each.code.startswith(_OF_OBJECTS)
    }
    for each in found:
        right = each.code.removeprefix(_OF_RECORDS)
        if right == each.code or (each.action_id, each.object, right) not in whole:
            yield each


def _alike(found: Collection[Issue]) -> tuple[Sequence[Issue], ...]:
    """Return the issues in kinds: those that find the same about different records, each kind where its first stood."""
    kinds: dict[tuple[object, ...], list[Issue]] = defaultdict(list)
    for place, each in enumerate(found):
        kind = (each.severity, each.code, each.guardrail, each.object, each.field, each.hint)
        kinds[kind if each.record_id else (place,)].append(each)
    return tuple(kinds.values())


def _spelled_out(alike: Sequence[Issue]) -> Sequence[Issue]:
    """Return the first few of one kind; what is word for word the same, once."""
    return tuple({each.message: each for each in reversed(alike)}.values())[::-1][:_MOST_ALIKE]


def _rest(alike: Sequence[Issue], shown: int, next_step: str) -> Iterator[RenderableType]:
    """Yield how many more there are of one kind, and what to do about all of them."""
    more = len(alike) - shown
    if more > 0:
        these = "this" if shown == 1 else "these"
        yield Text(f"  and {more:,} more like {these}; --json holds all of them", "dim")
    hint = alike[0].hint
    if hint and hint.removesuffix(".") not in next_step:
        yield line("  next: ", said(hint, limit=600))


def _issue(issue: Issue, voice: Voice) -> Iterator[RenderableType]:
    style = "red" if issue.severity == "error" else "yellow"
    place = ".".join(part for part in (issue.object, issue.field) if part)
    rule = f"[{', '.join(part for part in (issue.code, issue.guardrail) if part)}]"
    head = line(said(place, "bold"), ": ") if place and place not in issue.message else Text()
    mark = Text(f"{issue.severity}: ", style)
    yield line(
        mark, head, said(issue.message, style, limit=600), _record(issue, voice), aside(rule)
    )
    for each in issue.duplicates:
        name = voice.record(each.name or each.record_id, each.record_id)
        yield line("  = ", said(each.object), " ", name, aside(each.record_id), aside(each.rule))


def _record(issue: Issue, voice: Voice) -> Text:
    """Return the one record it is about, where the message does not name it already."""
    if not issue.record_id or issue.record_id in issue.message:
        return Text()
    return line("  ", voice.record(issue.record_id, issue.record_id, "dim"))
