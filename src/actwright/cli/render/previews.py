"""Previews as people see them: every field, old and new, where each value came from, the cost, the way back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from actwright.cli.render.grid import grid
from actwright.cli.render.plans import assumptions
from actwright.cli.render.words import aside, heading, line, said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.blueprints.plan import Plan
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

_LONGEST_QUESTION = 4000


def preview(document: Preview, plan: Plan, words: str = "") -> Iterator[RenderableType]:
    """Yield a preview, with the question a person answers at its end; why it is refused, where it is.

    Args:
        document: The preview.
        plan: The plan it was made of.
        words: The planner's own sentence, where it says more than the actions do.
    """
    yield line(heading("Preview "), said(document.id), aside(f"of {document.plan_id}"))
    for each in document.effects:
        yield from _effect(each)
    yield from _overrides(document)
    yield from assumptions(plan)
    yield from issues(document.issues)
    if document.blocked:
        yield _refused(document)
        return
    yield from _undo(document)
    yield _cost(document)
    if not document.running_user.enforced_by_org:
        yield Text(
            "The org will not enforce this person's own rights: an integration user acts for them.",
            style="yellow",
        )
    yield from question(document)
    if words:
        yield line("The planner's words: ", said(words, "italic"))


def question(document: Preview) -> Iterator[RenderableType]:
    """Yield the question a person answers, and the digest the answer is bound to."""
    yield line(heading("Question: "), said(document.question, limit=_LONGEST_QUESTION))
    yield line("Digest: ", aside(document.digest))


def issues(found: Collection[Issue]) -> Iterator[RenderableType]:
    """Yield what the checks found, errors first."""
    if not found:
        return
    yield heading("Issues")
    for each in sorted(found, key=lambda issue: issue.severity != "error"):
        style = "red" if each.severity == "error" else "yellow"
        place = ".".join(part for part in (each.object, each.field) if part)
        rule = f"[{', '.join(part for part in (each.code, each.guardrail) if part)}]"
        head = line(said(place, "bold"), ": ") if place and place not in each.message else Text()
        mark = Text(f"{each.severity}: ", style)
        yield line(mark, head, said(each.message, style, limit=600), aside(rule))
        if each.hint:
            yield line("  next: ", said(each.hint, limit=600))


def _refused(document: Preview) -> Text:
    first = document.blocked[0].message.rstrip(" .")
    return line(Text("Refused: ", "bold red"), said(first, limit=600), ". Nothing was done.")


def _effect(effect: Effect) -> Iterator[RenderableType]:
    sign, style = _SIGNS[effect.operation]
    label = said(f"{sign} {effect.object_label or effect.object}", f"bold {style}")
    name = said(f'"{effect.record_name}"' if effect.record_name else "", "bold")
    yield line(label, " ", name, aside(effect.record_id or ""), aside(effect.action_id))
    for each in effect.also_deletes:
        yield line(Text("  - with it ", "red"), said(f"{each.count} {each.label}", "bold red"))
    if effect.changes:
        new = effect.operation == "CREATE"
        ordered = effect.changes if new else sorted(effect.changes, key=_unchanged)
        rows = [_change(each, new=new) for each in ordered]
        yield Padding(grid(("Field", "Old", "New", "From"), rows), (0, 0, 0, 2))


def _unchanged(change: FieldChange) -> bool:
    return not change.linked_to and change.before == change.after


def _change(change: FieldChange, *, new: bool) -> tuple[Text, Text, Text, Text]:
    from actwright.checkpoints.question import spoken  # noqa: PLC0415 - slow to import

    before, after = (spoken(change, each, limit=_WHOLE) for each in ("before", "after"))
    told = change.source and change.provenance != "default"
    origin = f"{change.provenance}: {change.source}" if told else change.provenance
    same = not new and _unchanged(change)
    return (
        said(change.label),
        said(
            "" if new else before, "dim" if same or change.before is None else "red", limit=_WHOLE
        ),
        Text("unchanged", "dim") if same else said(after, "green", limit=_WHOLE),
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
