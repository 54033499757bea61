"""Differences as people see them: what an edit added, took away and changed, and the new digest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from actwright.cli.render.grid import grid
from actwright.cli.render.words import aside, heading, line, said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.checkpoints.editing.difference import ChangedField, Difference
    from actwright.cli.choices import Choice
    from actwright.cli.render.values import Voice
    from actwright.guardrails.issue import Issue
    from actwright.org.effect import Effect, FieldChange

_MOST_SHOWN = 20
"""How many effects or values of one kind are spelled out."""

_WHOLE = 4_000
_DOUBTFUL = frozenset({"record", "extract", "model"})
"""Where values come from that neither the person nor the blueprint chose."""


def difference(found: Difference, voice: Voice) -> Iterator[RenderableType]:
    """Yield what lies between two previews, and the digest a yes would now be bound to.

    Args:
        found: The difference.
        voice: How values are told.
    """
    yield line(heading("Difference "), aside(f"{found.old_preview} -> {found.new_preview}"))
    if found.empty:
        yield Text("  The same would happen.", "dim")
    yield from _effects("-", "red", "no longer", found.removed)
    yield from _effects("+", "green", "now", found.added)
    yield from _changed(found.changed, voice)
    yield from _issues("Gone: ", "green", found.issues_gone)
    yield from _issues("New: ", "yellow", found.issues_come)
    yield line("Digest: ", Text(f"{found.old_digest[:12]} -> {found.new_digest[:12]}", "dim"))


def choices(offered: Sequence[Choice], *, more: int = 0) -> Iterator[RenderableType]:
    """Yield what can be left out or set, each under its number.

    Args:
        offered: The choices.
        more: How many rows beside them have no number.
    """
    for number, each in enumerate(offered, start=1):
        inner = "  " if "." in each.name else ""
        told = "bold yellow" if each.provenance in _DOUBTFUL else ""
        value = line(": ", said(each.value, told)) if each.value else Text()
        origin = aside(each.provenance or "", told or "dim")
        yield line(f"{number:>3}  {inner}", said(each.label), value, aside(each.name), origin)
    if more:
        yield Text(f"     and {more} more rows, by the ids of their effects, such as a1.30", "dim")


def _effects(
    sign: str, style: str, what: str, effects: Sequence[Effect]
) -> Iterator[RenderableType]:
    for each in effects[:_MOST_SHOWN]:
        label = said(f"{sign} {each.object_label or each.object}", f"bold {style}")
        name = said(f'"{each.record_name}"' if each.record_name else "", "bold")
        yield line("  ", label, " ", name, aside(f"{each.id}, {what}"))
    yield from _rest(len(effects))


def _changed(fields: Sequence[ChangedField], voice: Voice) -> Iterator[RenderableType]:
    rows = [_row(each, voice) for each in fields[:_MOST_SHOWN]]
    if rows:
        yield Padding(grid(("Where", "Field", "Was", "Is now", "From"), rows), (0, 0, 0, 2))
    yield from _rest(len(fields))


def _row(each: ChangedField, voice: Voice) -> tuple[Text, Text, Text, Text, Text]:
    origin = each.new or each.old
    return (
        said(each.record_name or each.action_id),
        said(each.label),
        said(_after(each.old, voice), "red", limit=_WHOLE),
        said(_after(each.new, voice), "green", limit=_WHOLE),
        said(origin.provenance if origin else "", "dim"),
    )


def _after(change: FieldChange | None, voice: Voice) -> str:
    return voice.side(change, "after") if change is not None else "not written"


def _issues(mark: str, style: str, issues: Sequence[Issue]) -> Iterator[Text]:
    for each in issues[:_MOST_SHOWN]:
        yield line("  ", Text(mark, style), said(each.message, limit=600), aside(f"[{each.code}]"))
    yield from _rest(len(issues))


def _rest(count: int) -> Iterator[Text]:
    if count > _MOST_SHOWN:
        yield Text(f"    and {count - _MOST_SHOWN} more", "dim")
