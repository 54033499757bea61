"""``actwright confirm``: a person's answer to one preview."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.approval import approve, approver_of, tell_collected
from actwright.cli.deciding import changed_preview, difference_of, foreign
from actwright.cli.editing import RespondOption, ValuesOption, WithoutOption, said_edit
from actwright.cli.keys import KeyFileOption
from actwright.cli.operands import COLLECTED, preview_of
from actwright.cli.options import (
    GrantOption,
    HomeOption,
    JsonOption,
    OrgOption,
    UserOption,
    YesOption,
)
from actwright.cli.render.previews import question
from actwright.cli.session import opened
from actwright.cli.showing import person_locale, shown_preview
from actwright.cli.terminal import Terminal
from actwright.cli.verdict import kind_of_block
from actwright.errors import ConfirmationRefusedError, InputError

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.checkpoints.confirmation import Confirmation
    from actwright.checkpoints.credentials.collecting import Collected
    from actwright.checkpoints.preview import Preview
    from actwright.cli.choices import Edit
    from actwright.locales import PersonLocale

Operand = Annotated[
    str, typer.Argument(metavar="PREVIEW", help="A preview's id, or a file of one.")
]
NoOption = Annotated[bool, typer.Option("--no", help="Record a no, without asking.")]
MinutesOption = Annotated[
    int | None,
    typer.Option(
        "--for", metavar="MINUTES", min=1, max=10_080, help="How long the yes stays good."
    ),
]


def confirm(
    preview: Operand,
    *,
    no: NoOption = False,
    yes: YesOption = False,
    grant: GrantOption = None,
    key_file: KeyFileOption = None,
    minutes: MinutesOption = None,
    without: WithoutOption = None,
    values: ValuesOption = None,
    respond: RespondOption = None,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a preview, ask, and record the answer: it is good for exactly this preview, once.

    An edit makes a new preview, shows what is different, and asks for that one. Where the policy asks for several
    people, each says yes with a key of their own, and a no of anybody takes all back. Exit code 3 where the answer is
    no, or nobody can be asked.
    """
    edit = said_edit(without, values, respond)
    if no and (yes or edit or grant):
        other = "--yes" if yes else "--grant" if grant else "an edit"
        raise InputError(f"{other} and --no exclude each other.", where="--no")
    terminal = Terminal(as_json=as_json)
    lifetime = timedelta(minutes=minutes) if minutes else None
    with opened(org=org, user=user, home=home) as app:
        document = preview_of(app, preview)
        if org is not None:
            _check_org(document, app.settings.org)
        if not no:
            app.confirmations.check_unspent(document)
        if edit:
            document = _edited(app, document, terminal, edit)
        _show(app, document, terminal, asked=not (yes or no or grant))
        if no:
            answer = app.confirm(document, approver=approver_of(app, document), answer="no")
        else:
            answer = approve(
                app, document, terminal, yes=yes, lifetime=lifetime, grant=grant, key_file=key_file
            )
        found = app.confirmations.collected(app.previews.get(answer.preview_id))
        if answer.answer == "yes":
            tell_collected(terminal, answer.preview_id, found)
        speech = person_locale(app.settings, document.running_user)
    _tell(terminal, answer, found, speech)
    if answer.answer == "no" and not no:
        raise typer.Exit(ConfirmationRefusedError.exit_code)


def _tell(terminal: Terminal, answer: Confirmation, found: Collected, speech: PersonLocale) -> None:
    """Print an answer: for how long a yes is good, whether it is enough, and what can be done next."""
    if terminal.as_json:
        terminal.document({**answer.model_dump(mode="json"), COLLECTED: found.document()})
    if answer.answer == "no":
        terminal.show(f"Recorded: no ({answer.id}).")
        return
    word = "Confirmed" if found.complete else "Signed, and not confirmed yet"
    terminal.show(f"{word}: {answer.id}, good {_good_for(answer, speech)}.")
    terminal.hint(_next(answer, complete=found.complete))


def _next(answer: Confirmation, *, complete: bool) -> str:
    """Return what can be done next: carry it out, or let the others say yes."""
    if complete:
        return f"Next: actwright apply {answer.preview_id}"
    return f"Next: actwright confirm {answer.preview_id} --key-file FILE, by somebody else."


def _edited(app: Actwright, preview: Preview, terminal: Terminal, edit: Edit) -> Preview:
    """Return the preview an edit makes, once the difference was shown."""
    with terminal.busy("Previewing"):
        made = changed_preview(app, preview, edit)
    if not terminal.as_json:
        terminal.show(*difference_of(app, preview, made))
    return made


def _show(app: Actwright, preview: Preview, terminal: Terminal, *, asked: bool) -> None:
    """Show what is answered: whole to whoever is asked, in short to whoever has answered beforehand."""
    if not asked:
        terminal.show(*(() if preview.blocked else question(preview)))
        return
    terminal.show(*shown_preview(app, preview))
    if preview.blocked and not (terminal.as_json or terminal.interactive):
        raise typer.Exit(kind_of_block(preview).exit_code)


def _good_for(answer: Confirmation, speech: PersonLocale) -> str:
    """Return how long a yes is good, and until when by the person's own clock."""
    lasts = datetime.fromisoformat(answer.expires_at) - datetime.fromisoformat(answer.at)
    minutes = round(lasts.total_seconds() / 60)
    noun = "minute" if minutes == 1 else "minutes"
    return f"for {minutes:,} {noun}, until {speech.until(answer.expires_at, since=answer.at)}"


def _check_org(preview: Preview, org: str) -> None:
    """Refuse a yes that was meant for another org than the preview's."""
    made_for = "local" if preview.org.local else preview.org.url.rstrip("/")
    if made_for != org:
        raise foreign(preview, "the local org" if org == "local" else org)
