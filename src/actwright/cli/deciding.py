"""Deciding: a person says yes or no to a preview, or edits it until they can, and sees at once what that changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from actwright.cli.choices import MOST_ROWS, Choice, Edit, choices, read_edit
from actwright.cli.render.differences import choices as shown_choices
from actwright.cli.render.differences import difference as shown_difference
from actwright.cli.render.issues import issues
from actwright.cli.render.previews import question
from actwright.cli.render.values import Voice
from actwright.cli.showing import person_locale, shown_preview
from actwright.errors import ActwrightError, OpenQuestionsError, PlanningError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.app import Actwright
    from actwright.blueprints.plan import Plan
    from actwright.checkpoints.preview import Preview
    from actwright.cli.terminal import Terminal

_YES = frozenset({"y", "yes"})
_EDIT = frozenset({"e", "edit"})
_BACK = frozenset({"b", "back"})
MASS_CHANGE = "mass_change"
"""The code of the issue that says how many records are more than usual."""


def decided(app: Actwright, terminal: Terminal, preview: Preview) -> tuple[Preview, bool]:
    """Return the preview a person has decided on, edited or not, and whether they said yes to it.

    Everything but ``y``, ``yes`` and what leads to an edit is a no. Where stdout is no terminal, or carries JSON, the
    preview is shown beside the question, so that nobody says yes to the unseen.

    Args:
        app: What edits and previews.
        terminal: Where the person sits.
        preview: What they are asked about. Where it is blocked, it can be edited, and nothing else.
    """
    if not terminal.shows_people:
        terminal.aside(*shown_preview(app, preview))
    seen = [preview]
    while True:
        word = terminal.ask(_prompt(seen)).casefold()
        if word in _EDIT:
            changed = _edited(app, terminal, seen[-1])
            seen += [changed] if changed is not None else []
        elif word in _BACK and len(seen) > 1:
            left = seen.pop()
            terminal.aside(*_told(app, left, seen[-1]))
        else:
            said_yes = word in _YES and not seen[-1].blocked and _counted(terminal, seen[-1])
            return seen[-1], said_yes


def changed_preview(app: Actwright, preview: Preview, edit: Edit) -> Preview:
    """Return the preview that an edit makes of another one; the other stays as it was.

    Args:
        app: What edits and previews.
        preview: The preview to edit.
        edit: What is to be changed; words are understood after all else is done.

    Raises:
        PlanError: The edit does not fit the plan.
        PlanningError: The words were not understood, or leave something to be asked.
        OrgError: The org cannot be asked.
    """
    made = preview
    if edit.without or edit.values:
        made = app.edit(made, without=edit.without, values=edit.values)
    return _answered(app, made, edit.words) if edit.words else made


def difference_of(app: Actwright, old: Preview, new: Preview) -> Iterable[RenderableType]:
    """Return what lies between two previews, as people see it.

    Raises:
        ConfigError: The settings name a locale that does not exist.
    """
    from actwright.checkpoints.difference import difference  # noqa: PLC0415 - slow to import

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


def _prompt(seen: Sequence[Preview]) -> str:
    asked = "This is refused. [N]" if seen[-1].blocked else "Do this? [y/N]"
    return f"{asked} (e edits{', b goes back' if len(seen) > 1 else ''})"


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


def _counted(terminal: Terminal, preview: Preview) -> bool:
    """Tell whether the person knows how many records change, where those are more than usual."""
    if not any(each.code == MASS_CHANGE for each in preview.issues):
        return True
    typed = terminal.ask(f"To do it, type the number of records ({len(preview.effects):,}):")
    return typed.replace(",", "").strip() == str(len(preview.effects))
