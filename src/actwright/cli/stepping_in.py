"""Stepping in from the command line: one intervention made, told, and the run driven on by it."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from actwright.cli.apply import finish
from actwright.cli.approval import applying, approve
from actwright.cli.operands import check_run
from actwright.cli.render.interventions import accepted as shown_accepted
from actwright.cli.showing import shown_preview
from actwright.cli.waves import stages_of, standing_yes, through_waves
from actwright.errors import ConfirmationForeignError, InputError, RunBusyError

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.checkpoints.confirmation import Confirmation
    from actwright.checkpoints.preview import Preview
    from actwright.cli.terminal import Terminal
    from actwright.org.query import JsonScalar
    from actwright.runs.interventions.accepting import Accepted
    from actwright.runs.interventions.intervention import Intervention
    from actwright.runs.record.envelope import OrchestratorResult

RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="A run's id.")]
WhyOption = Annotated[
    str, typer.Option("--why", metavar="TEXT", help="Your reason; it stands on the record.")
]
KeyOption = Annotated[
    str | None,
    typer.Option(
        "--key",
        metavar="KEY",
        help="An idempotency key: the same again changes nothing and returns the same.",
    ),
]
NoDriveOption = Annotated[
    bool,
    typer.Option(
        "--no-drive", help="Only put it on the record; a worker, or resume, carries the run on."
    ),
]
InputsOption = Annotated[
    str | None,
    typer.Option(
        "--inputs",
        metavar="JSON|@FILE",
        help="""New values by ACTION.INPUT, as in '{"a1.Amount": 99000}'.""",
    ),
]


@dataclass(frozen=True, slots=True)
class Stepping:
    """One command that steps into a run.

    Attributes:
        app: The open store.
        terminal: Where it tells what came of it.
        run_id: The run.
        drive: Whether the run is driven on afterwards.
        yes: Whether a preview it needs a yes to is confirmed without asking.
    """

    app: Actwright
    terminal: Terminal
    run_id: str
    drive: bool = True
    yes: bool = False

    def __post_init__(self) -> None:
        """Refuse the id of something that is no run.

        Raises:
            InputError: It is a plan's or a preview's.
        """
        check_run(self.run_id)

    def step_in(self, wanted: Intervention, *, signing_key: str | None = None) -> None:
        """Make the intervention, tell what came of it, drive the run on where it can go on, and exit with its code.

        Raises:
            ActwrightError: It was refused, or the run cannot be driven on.
        """
        came = self.app.intervene(self.run_id, wanted, signing_key=signing_key)
        self.terminal.show(*shown_accepted(came))
        result = self._driven(came) if self.drive else None
        if self.terminal.as_json:
            self.terminal.document(document(came, result))
        if result is not None:
            self.end(result)
        self._tell_next(came)

    def end(self, result: OrchestratorResult) -> NoReturn:
        """Show the envelope of a run that was driven on, and exit with its code."""
        preview = self.app.previews.get(self.app.run_state(self.run_id).preview_id)
        stages = stages_of(self.app, result, preview)
        finish(self.terminal, result, *stages, person=self.app.settings.user)

    def continued(self, preview_id: str) -> OrchestratorResult:
        """Show what the run would go on with, ask for a yes to it unless there is one, and carry it out."""
        preview = self.app.previews.get(preview_id)
        self.terminal.show(*shown_preview(self.app, preview))
        answer = self._said_before(preview) or approve(
            self.app, preview, self.terminal, yes=self.yes
        )
        chosen = self.app.previews.get(answer.preview_id)
        with applying(self.terminal, answer, chosen) as progress:
            result = self.app.go_on(self.run_id, answer, progress=progress)
        return through_waves(self.app, self.terminal, result, yes=self.yes)

    def resumed(self) -> OrchestratorResult:
        """Drive the run on.

        Raises:
            RunBusyError: Another process does.
            ActwrightError: It cannot be driven on here and now.
        """
        total = len(self.app.previews.get(self.app.run_state(self.run_id).preview_id).effects)
        with self.terminal.counting("Applying", total) as progress:
            return self.app.resume(self.run_id, progress=progress)

    def _said_before(self, preview: Preview) -> Confirmation | None:
        """Return the yes that stands to the very same, where somebody has said it to an earlier preview."""
        found = standing_yes(self.app, preview)
        if found is not None:
            self.terminal.hint(
                f"{found.approver} said yes to this already, as {found.preview_id}, at {found.at}."
            )
        return found

    def _driven(self, came: Accepted) -> OrchestratorResult | None:
        """Drive the run on as far as what was accepted lets it go on."""
        preview_id = came.data.get("previewId")
        if isinstance(preview_id, str) and not came.repeated:
            return self.continued(preview_id)
        if came.state.status in {"queued", "running"}:
            return self._left_or_resumed()
        if came.data.get("becomes") == "waiting":
            return self.continued(self.app.wave(self.run_id).id)
        return None

    def _left_or_resumed(self) -> OrchestratorResult | None:
        """Drive the run on, unless that is somebody else's to do: what was accepted stands all the same."""
        try:
            return self.resumed()
        except RunBusyError:
            self.terminal.hint(
                "Another process carries the run out; it takes note of this before its next step."
            )
        except ConfirmationForeignError as error:
            self.terminal.hint(
                f"It is on the record, and nothing carries it out yet: {error.message}"
            )
            person = self.app.run_state(self.run_id).user
            self.terminal.hint(
                f"Next: actwright recover --as {person}, or a worker with that person's rights"
            )
        return None

    def _tell_next(self, came: Accepted) -> None:
        preview_id = came.data.get("previewId")
        if isinstance(preview_id, str) and not self.drive:
            self.terminal.hint(
                f"Next: actwright confirm {preview_id}, then actwright resume {self.run_id} "
                "--action confirm_continue --confirmation ID --why REASON"
            )
        elif came.state.status in {"queued", "running"} and not self.drive:
            self.terminal.hint(f"Next: actwright resume {self.run_id}")
        elif came.state.waiting_for == "override":
            self.terminal.hint(f"Who signed, and who has to: actwright override list {self.run_id}")
        else:
            self.terminal.hint(f"On the record: actwright inspect {self.run_id}")


def document(came: Accepted, result: OrchestratorResult | None) -> dict[str, object]:
    """Return what came of an intervention as JSON-ready data: the run, the event, and the envelope of a drive."""
    return {
        "run": came.state.model_dump(mode="json"),
        "intervention": dict(came.data),
        "repeated": came.repeated,
        "envelope": result.model_dump(mode="json") if result else None,
    }


def wish(app: Actwright, action: str, why: str, **more: object) -> Intervention:
    """Return an intervention by whoever types; what is None is left out.

    Raises:
        InputError: It is malformed.
    """
    from actwright.document import validated  # noqa: PLC0415 - slow to import
    from actwright.runs.interventions.intervention import Intervention  # noqa: PLC0415 - same

    given = {name: value for name, value in more.items() if value is not None}
    asked = {"action": action, "actor": person(app), "why": why, **given}
    return validated(Intervention, asked, where="the intervention", error=InputError)


def person(app: Actwright) -> str:
    """Return who types: the person named with ``--as``, else the account's login name."""
    if app.settings.user:
        return app.settings.user
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "local"


def inputs_of(text: str | None) -> Mapping[str, JsonScalar] | None:
    """Return the new values an option holds, or a file named with ``@``.

    Raises:
        InputError: It is no JSON object, or the file cannot be read.
    """
    if text is None:
        return None
    from actwright.document import parse_json, read_json  # noqa: PLC0415 - slow to import

    where = text.removeprefix("@") if text.startswith("@") else "--inputs"
    found = read_json(Path(where)) if text.startswith("@") else parse_json(text, where="--inputs")
    if not isinstance(found, dict):
        raise InputError(
            "New values are a JSON object.",
            where=where,
            hint="""As in --inputs '{"a1.Amount": 99000}'.""",
        )
    return found  # type: ignore[return-value]  # the contract checks the values
