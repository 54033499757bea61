"""A goal on the command line: planned, with questions asked in between, and previewed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from actwright.cli.asking import answers
from actwright.cli.plan import answered, next_step, planning_document, planning_exit_code, ready
from actwright.cli.showing import shown_outcome, shown_preview

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.checkpoints.editing.payload import Payload
    from actwright.checkpoints.preview import Preview
    from actwright.cli.preview_terms import PreviewTerms
    from actwright.cli.terminal import Terminal
    from actwright.org.query import JsonScalar
    from actwright.planning.planner import PlanningOutcome


@dataclass(frozen=True, slots=True)
class AskedGoal:
    """What the command line asks for.

    Attributes:
        words: The goal.
        data: Named data beside it.
        answers: Answers to questions that may come up.
        blueprint: The blueprint to plan with; None where the planner chooses.
        schema: The snapshot to plan with; None where the org's own schema is.
    """

    words: str
    data: dict[str, JsonScalar]
    answers: dict[str, str] | str
    blueprint: str | None
    schema: Path | None

    def previewed(
        self, app: Actwright, terminal: Terminal, payload: Payload | None, terms: PreviewTerms
    ) -> Preview:
        """Plan and preview it, and show both; exit where there is nothing to preview.

        Raises:
            ActwrightError: It cannot be planned or previewed.
        """
        planned = self._planned(app, terminal, ask=payload is None)
        if planned.plan is None or not (ready(planned) or payload):
            in_person = payload is None and bool(planned.questions) and terminal.interactive
            _stop(app, terminal, planned, asked=in_person)
        for note in planned.notes:
            terminal.hint(note)
        with terminal.busy("Previewing"):
            preview = app.preview(planned.plan, payload=payload, **terms)
        terminal.show(*shown_preview(app, preview))
        return preview

    def _planned(self, app: Actwright, terminal: Terminal, *, ask: bool) -> PlanningOutcome:
        """Plan, and plan again with the person's answers for as long as questions are open and answered."""
        planned = self._tried(app, terminal, self.data, self.answers)
        while ask and planned.plan is not None and planned.questions and terminal.interactive:
            given = answers(terminal, planned)
            if given is None:
                return planned
            planned = self._tried(app, terminal, given)
        return planned

    def _tried(
        self,
        app: Actwright,
        terminal: Terminal,
        data: dict[str, JsonScalar],
        said: dict[str, str] | str = "",
    ) -> PlanningOutcome:
        """Plan once, with what is known so far."""
        with terminal.progress("Planning") as progress:
            planned = app.plan(
                self.words,
                data=data,
                blueprint=self.blueprint,
                schema=self.schema,
                progress=progress,
            )
            return answered(app, planned, said, self.schema)


def _stop(app: Actwright, terminal: Terminal, planned: PlanningOutcome, *, asked: bool) -> NoReturn:
    """Show why there is nothing to preview, and exit."""
    if terminal.as_json:
        rest = dict.fromkeys(("preview", "confirmation", "envelope"))
        terminal.document({**planning_document(planned), **rest})
    if asked:
        terminal.hint("Not answered; nothing was done.")
    else:
        terminal.show(*shown_outcome(app, planned))
        terminal.hint(next_step(planned))
    raise typer.Exit(planning_exit_code(planned))
