"""Deciding: a person says yes or no to a preview, or edits it until they can, and sees at once what that changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from actwright.cli.choices import MOST_ROWS, Choice, Edit, choices, read_edit
from actwright.cli.render.differences import choices as shown_choices
from actwright.cli.render.differences import difference as shown_difference
from actwright.cli.render.issues import issues
from actwright.cli.render.previews import question
from actwright.cli.render.values import Voice
from actwright.cli.showing import called, person_locale, shown_preview
from actwright.errors import (
    ActwrightError,
    ConfirmationForeignError,
    OpenQuestionsError,
    PlanningError,
)

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.app import Actwright
    from actwright.blueprints.plan import Plan
    from actwright.checkpoints.preview import Preview
    from actwright.cli.terminal import Terminal

_YES = frozenset({"y", "yes"})
_NO = frozenset({"", "n", "no", "nope", "cancel", "stop", "quit"})
_EDIT = frozenset({"e", "edit"})
_BACK = frozenset({"b", "back"})
MASS_CHANGE = "mass_change"
"""The code of the issue that says how many records are more than usual."""


def decided(app: Actwright, terminal: Terminal, preview: Preview) -> tuple[Preview, bool]:
    """Return the preview a person has decided on, edited or not, and whether they said yes to it.

    Only ``y`` or ``yes`` is a yes, and for many records only their number; what is neither that nor a no nor leads to
    an edit is asked again. Where stdout is no terminal, or carries JSON, the preview is shown beside the question, so
    that nobody says yes to the unseen.

    Args:
        app: What edits and previews.
        terminal: Where the person sits.
        preview: What they are asked about. Where it is blocked, it can be edited, and nothing else.

    Raises:
        InterruptedQuestionError: The person broke it off.
    """
    if not terminal.shows_people:
        terminal.aside(*shown_preview(app, preview))
    seen, edited = [preview], True
    while True:
        word = terminal.ask(_prompt(seen, edited=edited)).casefold().rstrip(".!")
        edited = True
        if word in _EDIT:
            changed = _edited(app, terminal, seen[-1])
            edited = changed is not None
            seen += [changed] if changed is not None else []
        elif word in _BACK and len(seen) > 1:
            left = seen.pop()
            terminal.aside(*_told(app, left, seen[-1]))
        elif word in _NO or _is_yes(word, seen[-1]):
            return seen[-1], word not in _NO
        else:
            terminal.aside(Text(_unclear(word, seen)))


def changed_preview(app: Actwright, preview: Preview, edit: Edit) -> Preview:
    """Return the preview that an edit makes of another one; the other stays as it was.

    Args:
        app: What edits and previews.
        preview: The preview to edit.
        edit: What is to be changed; words are understood after all else is done.

    Raises:
        ConfirmationForeignError: The preview was made in another org than the one an edit would be previewed in.
        PlanError: The edit does not fit the plan.
        PlanningError: The words were not understood, or leave something to be asked.
        OrgError: The org cannot be asked.
    """
    here = app.org.identity
    if preview.org.id != here.id:
        raise foreign(preview, called(here))
    made = preview
    if edit.without or edit.values:
        made = app.edit(made, without=edit.without, values=edit.values)
    return _answered(app, made, edit.words) if edit.words else made


def foreign(preview: Preview, here: str) -> ConfirmationForeignError:
    """Return the refusal to go on with a preview in another org than its own.

    Args:
        preview: The preview.
        here: What the other org is called.
    """
    made_for = "local" if preview.org.local else preview.org.url.rstrip("/")
    return ConfirmationForeignError(
        f"{preview.id} was made for {called(preview.org)}, not for {here}.",
        where="--org",
        hint=f"Say --org {made_for}, or preview the plan in that org.",
    )


def difference_of(app: Actwright, old: Preview, new: Preview) -> Iterable[RenderableType]:
    """Return what lies between two previews, as people see it.

    Raises:
        ConfigError: The settings name a locale that does not exist.
    """
    from actwright.checkpoints.editing.difference import difference  # noqa: PLC0415 - slow to import

    voice = Voice(person_locale(app.settings, new.running_user), new.org)
    return shown_difference(difference(old, new), voice)


def _answered(app: Actwright, preview: Preview, words: str) -> Preview:
    """Return the preview of the plan that planning makes of a person's words about another one."""
    outcome = app.respond(preview, words)
    if outcome.refusal is not None:
        refused = outcome.refusal
        raise PlanningError(refused.message, hint=refused.hint, code=refused.code)
    if outcome.plan is None or outcome.questions:
        asked = " ".join(each.text for each in outcome.questions) or "Nothing was understood."
        raise OpenQuestionsError(asked, hint="Say it again, with what is open said too.")
    return app.edit(preview, plan=outcome.plan)


def _prompt(seen: Sequence[Preview], *, edited: bool) -> str:
    """Return what is asked; behind an edit that came to nothing, that it is about what was there before."""
    count = len(seen[-1].effects)
    what = "Do this?" if edited else "Nothing was edited. Do the plan as it was?"
    if seen[-1].blocked:
        what = (
            "This is refused. [N]"
            if edited
            else "Nothing was edited. This is refused as it was. [N]"
        )
    elif _is_mass(seen[-1]):
        what = f"{what} Type the number of records ({count:,}) to do it. [N]"
    else:
        what = f"{what} [y/N]"
    return f"{what} (e edits{', b goes back' if len(seen) > 1 else ''})"


def _is_yes(word: str, preview: Preview) -> bool:
    """Tell whether a word is a yes; where more records than usual change, only their number is one."""
    if preview.blocked:
        return False
    if _is_mass(preview):
        return word.replace(",", "").strip() == str(len(preview.effects))
    return word in _YES


def _is_mass(preview: Preview) -> bool:
    return any(each.code == MASS_CHANGE for each in preview.issues)


def _unclear(word: str, seen: Sequence[Preview]) -> str:
    """Return why a word is no answer, and which ones are."""
    if word in _BACK:
        return "There is nothing to go back to: nothing was edited yet."
    if seen[-1].blocked:
        return "It is refused, so nobody can say yes to it: answer e to edit it, or n to leave it."
    if _is_mass(seen[-1]):
        count = len(seen[-1].effects)
        return (
            f"It is {count:,} records: type that number to do it, n to leave it, or e to edit it."
        )
    return "Answer y to do it, n to leave it, or e to say what is to be otherwise."


def _edited(app: Actwright, terminal: Terminal, preview: Preview) -> Preview | None:
    """Ask what is to be changed, and show what that makes of the preview; None where nothing came of it."""
    plan = app.plans.get(preview.plan_id)
    offered = choices(preview, plan)
    terminal.aside(*shown_choices(offered, more=_unnumbered(preview, plan, offered)))
    line = terminal.ask(
        "Numbers leave out, NUMBER=VALUE sets, or say it in words (empty: nothing):"
    )
    if not line:
        return None
    try:
        with terminal.busy("Previewing"):
            made = changed_preview(app, preview, read_edit(line, offered))
    except ActwrightError as error:
        terminal.failure(error.message, where=error.where, hint=error.hint)
        return None
    terminal.aside(*_told(app, preview, made))
    return made


def _told(app: Actwright, old: Preview, new: Preview) -> Iterable[RenderableType]:
    """Yield the difference, and what is now asked."""
    yield from difference_of(app, old, new)
    yield from issues(new.issues, new.org)
    if not new.blocked:
        yield from question(new)


def _unnumbered(preview: Preview, plan: Plan, offered: Sequence[Choice]) -> int:
    repeated = [each.id for each in plan.actions if each.for_each]
    rows = [sum(one.action_id == each for one in preview.effects) for each in repeated]
    return sum(max(each - MOST_ROWS, 0) for each in rows) if offered else 0
