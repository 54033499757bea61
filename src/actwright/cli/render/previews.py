"""Previews as people see them: every field, old and new, where each value came from, the cost, the way back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from actwright.canonical import decimal_text
from actwright.cli.render.changes import changes, origins
from actwright.cli.render.issues import issues, shown_errors
from actwright.cli.render.plans import assumptions
from actwright.cli.render.values import Voice
from actwright.cli.render.words import aside, heading, here, line, said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.blueprints.plan import Plan
    from actwright.checkpoints.preview import DeepCheck, Preview
    from actwright.locales import PersonLocale
    from actwright.pages.beside import Beside

__all__ = ["issues", "preview", "question"]

_MOST_DECISIONS = 20
_LONGEST_QUESTION = 1_000_000
"""Longer than any: nobody says yes to half a question."""


def preview(
    document: Preview,
    plan: Plan,
    words: str = "",
    *,
    locale: PersonLocale | None = None,
    every: bool = False,
    beside: Beside | None = None,
) -> Iterator[RenderableType]:
    """Yield a preview, with the question a person answers at its end; why it is refused, where it is.

    Args:
        document: The preview.
        plan: The plan it was made of.
        words: The planner's own sentence, where it says more than the actions do.
        locale: How numbers, money and dates are written; the running user's own where left out.
        every: Whether every record of many is shown, rather than a sample.
        beside: What the store knows of it: who has said yes, and who approved the code that carries it out.
    """
    from actwright.pages.beside import (  # noqa: PLC0415 - slow to import
        Beside,
        loud_notices,
        plain_notices,
    )

    known = beside or Beside()
    voice = Voice(locale or _own_locale(document), document.org)
    edited = f"edited from {document.edited_from}" if document.edited_from else ""
    made = aside(f"of {document.plan_id}")
    yield line(heading("Preview "), said(document.id), made, aside(edited))
    if document.run_id:
        yield line("Goes on with ", said(document.run_id), f", as its stage {document.stage}")
    for each in loud_notices(document):
        yield said(f"! {each}", "bold red", limit=600)
    yield from changes(document, voice, every=every)
    yield from _later(document)
    yield from _overrides(document, known)
    yield from origins(document.effects, voice)
    yield from assumptions(plan)
    yield from _deep(document.deep)
    yield from issues(document.issues, document.org)
    yield from _decisions(document)
    if document.blocked:
        yield _refused(document)
        if any(each.guardrail == "POLICY" for each in document.blocked):
            yield line("Which rule decided what: ", said(f"actwright policy explain {document.id}"))
        return
    yield from _undo(document)
    yield from _notices(plain_notices(document))
    yield _cost(document)
    if not document.running_user.enforced_by_org:
        yield Text(
            "The org will not enforce this person's own rights: an integration user acts for them.",
            style="yellow",
        )
    if words and document.planner_words:
        yield line("The planner's words: ", said(words, "italic"))
    yield from _approval(document, known)
    yield from question(document)


def question(document: Preview) -> Iterator[RenderableType]:
    """Yield the digest the answer is bound to, and last the question a person answers."""
    yield line("Digest: ", aside(document.digest))
    yield line(heading("Question: "), said(document.question, limit=_LONGEST_QUESTION))


def _own_locale(document: Preview) -> PersonLocale:
    from actwright.locales import user_locale  # noqa: PLC0415 - slow to import

    user = document.running_user
    return user_locale(user.locale, zone=user.zone)


def _refused(document: Preview) -> Text:
    errors = shown_errors(document.blocked)
    told = "for the error above" if errors == 1 else f"for the {errors:,} errors above"
    return line(Text("Refused", "bold red"), f", {told}. Nothing was done.")


def _overrides(document: Preview, beside: Beside) -> Iterator[RenderableType]:
    """Yield who carries out what is not carried out as usual, and who approved the code."""
    from actwright.pages.beside import carried_out  # noqa: PLC0415 - slow to import

    for each in document.actions:
        if each.implementation_kind != "standard":
            generated = each.implementation_kind == "generated"
            decided = carried_out(each, beside, here)
            yield line(
                Text("! ", "yellow"),
                said(each.action_id),
                f" is carried out by {'generated code' if generated else 'the override'} ",
                said(each.implementation, "bold"),
                said(f": {decided}" if decided else "", limit=800),
                ".",
            )


def _approval(document: Preview, beside: Beside) -> Iterator[RenderableType]:
    """Yield who has to say yes, and who has."""
    from actwright.pages.beside import approval_lines  # noqa: PLC0415 - slow to import

    for each in approval_lines(document, beside):
        yield said(each, "yellow", limit=1000)


def _decisions(document: Preview) -> Iterator[RenderableType]:
    """Yield what the policy decided that no issue tells."""
    from actwright.pages.beside import unsaid  # noqa: PLC0415 - slow to import

    found = unsaid(document)
    if found:
        yield heading("What the policy lets through")
    for each in found[:_MOST_DECISIONS]:
        logged = "" if each.enforced else "only logged: "
        yield line("  ", said(f"{logged}{each.why}", limit=600), aside(each.action_id or ""))
    if len(found) > _MOST_DECISIONS:
        left = len(found) - _MOST_DECISIONS
        yield Text(f"  and {left:,} more: actwright policy explain {document.id}", "dim")


def _later(document: Preview) -> Iterator[RenderableType]:
    """Yield what cannot be previewed yet, with what it waits for."""
    from actwright.checkpoints.wording.later_words import (  # noqa: PLC0415 - slow to import
        later_line,
    )

    if document.later:
        yield heading("Later, and asked about then")
    for each in document.later:
        yield line("  ", said(later_line(each), limit=600))


def _deep(check: DeepCheck | None) -> Iterator[RenderableType]:
    """Yield what the org said when it was let try."""
    if check is None:
        return
    answered = "every write got its answer" if check.complete else "not every write got its answer"
    times = "once" if check.rounds == 1 else f"{check.rounds} times"
    if check.api_calls:
        yield line(heading("Tried in the org "), f"{times}: {answered}.")
    else:
        yield line(heading("Not tried in the org"), ".")
    for each in check.said:
        yield line("  ", said(each, limit=600))


def _undo(document: Preview) -> Iterator[RenderableType]:
    from actwright.pages.summary import undo_summary  # noqa: PLC0415 - slow to import

    found = undo_summary(document)
    if document.undo:
        yield heading("Undo")
    for each in found.impossible:
        yield line(Text("! ", "yellow"), said(each))
    for each in found.ways:
        yield line("  ", said(each))


def _notices(notices: Sequence[str]) -> Iterator[RenderableType]:
    if notices:
        yield heading("How it would be carried out")
    for each in notices:
        yield line("  ", said(each, limit=600))


def _cost(document: Preview) -> Text:
    cost = document.cost
    price = "" if cost.price is None else f"; declared price {decimal_text(cost.price)}"
    return line(
        heading("Cost: "),
        f"{cost.writes:,} {'write' if cost.writes == 1 else 'writes'} in {_calls(document)}; "
        f"{cost.apply_calls} API calls to apply, {cost.preview_calls} spent on this preview{price}.",
    )


def _calls(document: Preview) -> str:
    from actwright.pages.summary import together  # noqa: PLC0415 - slow to import

    count = len(document.groups)
    noun = "call" if count == 1 else "calls"
    if all(each.atomic for each in document.groups):
        return f"{count} atomic {noun}"
    return f"{count} {noun}, {together(document)}"
