"""Previews as people see them: every field, old and new, where each value came from, the cost, the way back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from actwright.cli.render.words import aside, grid, heading, line, said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.checkpoints.preview import Preview
    from actwright.guardrails.issue import Issue
    from actwright.org.effect import Effect, FieldChange

_SIGNS = {
    "CREATE": ("+", "green"),
    "UPDATE": ("~", "yellow"),
    "UPSERT": ("±", "yellow"),
    "DELETE": ("-", "red"),
}


_WHOLE = 200_000
"""More characters than any field holds: nobody says yes to half a text."""


def preview(document: Preview) -> Iterator[RenderableType]:
    """Yield a preview, with the question a person answers at its end."""
    yield line(heading("Preview "), said(document.id), aside(f"of {document.plan_id}"))
    for each in document.effects:
        yield from _effect(each)
    yield from _overrides(document)
    yield from issues(document.issues)
    yield from _undo(document)
    yield _cost(document)
    if not document.running_user.enforced_by_org:
        yield Text(
            "The org will not enforce this person's own rights: an integration user acts for them.",
            style="yellow",
        )
    yield line(heading("Question: "), said(document.question, limit=4000))
    yield line("Digest: ", aside(document.digest))
    if document.planner_words:
        yield line("The planner's words: ", said(document.planner_words, "italic"))


def issues(found: tuple[Issue, ...]) -> Iterator[RenderableType]:
    """Yield what the checks found, errors in red."""
    if not found:
        return
    yield heading("Issues")
    for each in found:
        style = "red" if each.severity == "error" else "yellow"
        place = ".".join(part for part in (each.object, each.field) if part)
        rule = f"[{', '.join(part for part in (each.code, each.guardrail) if part)}]"
        head = line(said(place, "bold"), ": ") if place else Text()
        yield line(Text("! ", style), head, said(each.message, style, limit=600), aside(rule))
        if each.hint:
            yield line("  next: ", said(each.hint, limit=600))


def _effect(effect: Effect) -> Iterator[RenderableType]:
    sign, style = _SIGNS[effect.operation]
    label = said(f"{sign} {effect.object_label or effect.object}", f"bold {style}")
    name = said(f'"{effect.record_name}"' if effect.record_name else "", "bold")
    yield line(label, " ", name, aside(effect.record_id or ""), aside(effect.action_id))
    for each in effect.also_deletes:
        yield line(Text("  - with it ", "red"), said(f"{each.count} {each.label}", "bold red"))
    if effect.changes:
        rows = [_change(each, new=effect.operation == "CREATE") for each in effect.changes]
        yield Padding(grid(("Field", "Old", "New", "From"), rows), (0, 0, 0, 2))


def _change(change: FieldChange, *, new: bool) -> tuple[Text, Text, Text, Text]:
    from actwright.checkpoints.question import spoken  # noqa: PLC0415 - slow to import

    before, after = (spoken(change, each, limit=_WHOLE) for each in ("before", "after"))
    origin = f"{change.provenance}: {change.source}" if change.source else change.provenance
    return (
        said(change.label),
        said("" if new else before, "dim" if change.before is None else "red"),
        said(after, "green"),
        said(origin, "dim"),
    )


def _overrides(document: Preview) -> Iterator[RenderableType]:
    for each in document.actions:
        if each.implementation_kind == "registered":
            yield line(
                Text("! ", "yellow"),
                said(each.action_id),
                " is carried out by the override ",
                said(each.implementation, "bold"),
                ".",
            )


def _undo(document: Preview) -> Iterator[RenderableType]:
    if document.undo:
        yield heading("Undo")
    for each in document.undo:
        yield line("  " if each.possible else Text("! ", "yellow"), said(each.text))


def _cost(document: Preview) -> Text:
    cost = document.cost
    return line(
        heading("Cost: "),
        f"{cost.writes} {'write' if cost.writes == 1 else 'writes'} in {len(document.groups)} atomic "
        f"{'call' if len(document.groups) == 1 else 'calls'}; {cost.apply_calls} API calls to apply, "
        f"{cost.preview_calls} spent on this preview.",
    )
