"""Issues as people see them: what stops a plan before what is to be minded, and the records a duplicate rule found."""

from __future__ import annotations

from collections.abc import Collection, Iterator
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


def issues(found: Collection[Issue], org: OrgIdentity | None = None) -> Iterator[RenderableType]:
    """Yield what the checks found, errors first.

    Args:
        found: The issues.
        org: Where the records they name are linked to.
    """
    from actwright.locales import PersonLocale  # noqa: PLC0415 - slow to import

    if not found:
        return
    voice = Voice(PersonLocale(), org)
    yield heading("Issues")
    ordered = sorted(found, key=lambda issue: issue.severity != "error")
    for each in ordered[:_MOST_SHOWN]:
        yield from _issue(each, voice)
    left = len(ordered) - _MOST_SHOWN
    if left > 0:
        yield Text(f"and {left:,} more issues; --json holds all of them", "dim")


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
    if issue.hint:
        yield line("  next: ", said(issue.hint, limit=600))


def _record(issue: Issue, voice: Voice) -> Text:
    """Return the one record it is about, where the message does not name it already."""
    if not issue.record_id or issue.record_id in issue.message:
        return Text()
    return line("  ", voice.record(issue.record_id, issue.record_id, "dim"))
