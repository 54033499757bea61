"""Asking the person: open questions of a plan, and the one question of a preview."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from actwright.cli.render.plans import MOST_CANDIDATES, question

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.blueprints.blueprint import ActionInput
    from actwright.blueprints.plan import Candidate, Question
    from actwright.cli.terminal import Terminal
    from actwright.org.query import JsonScalar
    from actwright.planning.planner import PlanningOutcome

_YES = frozenset({"y", "yes"})


def answers(terminal: Terminal, planned: PlanningOutcome) -> dict[str, JsonScalar] | None:
    """Return the person's answers by question id, or None where one was left empty.

    Args:
        terminal: Where the person sits.
        planned: What is open. A number picks a candidate, anything else is the answer itself; where only the
            candidates will do, anything else is asked again.
    """
    given: dict[str, JsonScalar] = {}
    for each in planned.questions:
        terminal.aside(*question(each, numbered=True))
        answer = _answer(terminal, each, _input_of(planned, each))
        if answer is None:
            return None
        given[each.id] = answer
    return given


def agreed(terminal: Terminal, shown: Iterable[RenderableType]) -> bool:
    """Return whether the person says yes; everything but ``y`` and ``yes`` is a no.

    Where stdout is no terminal, or carries JSON, the preview is shown beside the question, so that nobody says yes
    to the unseen.
    """
    if not terminal.shows_people:
        terminal.aside(*shown)
    return terminal.ask("Do this? [y/N]").casefold() in _YES


def _answer(terminal: Terminal, asked: Question, wanted: ActionInput | None) -> JsonScalar:
    """Return one answer, None where it was left empty."""
    label = wanted.label if wanted else "Which one"
    how = "number or text" if asked.candidates else "text"
    several = wanted is not None and wanted.data_type == "MultiPicklist"
    fixed = asked.reason == "no_value" or wanted is None
    closed = fixed and 0 < len(asked.candidates) < MOST_CANDIDATES
    while True:
        text = terminal.ask(f"{label}? ({how}, empty stops)")
        if not text:
            return None
        picked = _picked(asked, text)
        if picked is not None:
            return picked.value
        if several or not closed:
            return text
        terminal.aside("That is none of them.")


def _picked(asked: Question, text: str) -> Candidate | None:
    """Return the one candidate of that name or value, in any case, else the one with that number."""
    candidates = asked.candidates[:MOST_CANDIDATES]
    wanted = text.casefold()
    named = [
        each for each in candidates if wanted in (str(each.value).casefold(), each.label.casefold())
    ]
    if len(named) == 1:
        return named[0]
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0  # noqa: PLR2004
    return candidates[number - 1] if 1 <= number <= len(candidates) else None


def _input_of(planned: PlanningOutcome, asked: Question) -> ActionInput | None:
    action = planned.plan.action(asked.action_id) if planned.plan else None
    return action.blueprint.input(asked.input) if action else None
