"""Asking the person: open questions of a plan, and the one question of a preview."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from actwright.cli.render.plans import question as shown
from actwright.cli.render.previews import preview as shown_preview

if TYPE_CHECKING:
    from actwright.blueprints.plan import Question
    from actwright.checkpoints.preview import Preview
    from actwright.cli.terminal import Terminal
    from actwright.org.query import JsonScalar

_YES = frozenset({"y", "yes"})


def answers(terminal: Terminal, questions: Sequence[Question]) -> dict[str, JsonScalar] | None:
    """Return the person's answers by question id, or None where one was left empty.

    Args:
        terminal: Where the person sits.
        questions: What to ask. A number picks a candidate, anything else is the answer itself.
    """
    given: dict[str, JsonScalar] = {}
    for each in questions:
        terminal.aside(*shown(each))
        text = terminal.ask("Answer (empty to stop):")
        if not text:
            return None
        given[each.id] = _picked(each, text)
    return given


def agreed(terminal: Terminal, preview: Preview) -> bool:
    """Return whether the person says yes; everything but ``y`` and ``yes`` is a no.

    Where stdout is no terminal, or carries JSON, the preview is shown beside the question, so that nobody says yes
    to the unseen.
    """
    if not terminal.shows_people:
        terminal.aside(*shown_preview(preview))
    return terminal.ask("Do this? [y/N]").casefold() in _YES


def _picked(question: Question, text: str) -> JsonScalar:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0  # noqa: PLR2004
    if 1 <= number <= len(question.candidates):
        return question.candidates[number - 1].value
    return text
