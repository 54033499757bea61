"""The calls of stepping in: interventions, objections and who decides them, and the timers of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Protocol, cast

from actwright.calls.traced import traced
from actwright.checkpoints.confirmation import Confirmation
from actwright.checkpoints.credentials.approvers import Approvers
from actwright.checkpoints.preview import Preview
from actwright.errors import InterventionError
from actwright.org.query import JsonScalar
from actwright.runs.interventions.accepting import Accepted, Interventions
from actwright.runs.interventions.granting import Granted
from actwright.runs.interventions.intervention import Intervention, InterventionAction
from actwright.runs.interventions.objection import Objection, objections
from actwright.runs.interventions.scene import Scene
from actwright.runs.interventions.timers import Due, Timers, due
from actwright.runs.interventions.witness import Witness
from actwright.runs.record.folding import fold
from actwright.runs.record.journal import Entry
from actwright.wiring import Wiring

_GOES_ON: frozenset[InterventionAction] = frozenset(
    {
        "retry",
        "retry_with_inputs",
        "skip_stage",
        "force_branch",
        "confirm_continue",
        "provide_clarification",
    }
)
"""What lets a run go on by its own word, so that it has to be a run of this org; anybody may stop any run."""


class Continuing(Protocol):
    """What previews what a run would go on with, and takes the yes to it."""

    def continuation_preview(
        self,
        run_id: str,
        *,
        inputs: Mapping[str, JsonScalar] | None = None,
        target: str | None = None,
    ) -> Preview:
        """Preview what a run would go on with."""
        ...

    def confirm_continued(
        self, run_id: str, confirmation: Confirmation, *, before: Sequence[Entry] = ()
    ) -> None:
        """Use the yes to a run's next part up."""
        ...


class InterveningCalls(Wiring):
    """What people do to runs that are under way; `Actwright` adds the rest."""

    @cached_property
    def approvers(self) -> Approvers:
        """Who may decide objections."""
        return Approvers(self._database, self.clock)

    @traced("intervene")
    def intervene(
        self, run_id: str, intervention: Intervention, *, signing_key: str | None = None
    ) -> Accepted:
        """Step into a run: accepted once, written with who and why; or refused, and nothing is changed.

        What changes an effect is previewed first, and the event names the preview (``previewId``): the run stays as it
        is until somebody has said yes to it. Nothing is driven on by this; `resume` does that. What comes after the run's
        time is over is too late, whether or not anybody has looked at the run since.

        Args:
            run_id: The run.
            intervention: What is wanted, by whom, and why. The same key again is the same intervention.
            signing_key: An approver's key, for ``uphold``, ``dismiss`` and ``modify``. It is written nowhere.

        Raises:
            NotFoundError: There is no such run.
            InterventionError: It does not apply to the run as it stands, or the key may not sign.
            InputError: A value, an id or an action does not fit.
            ConfirmationError: It hands in a confirmation that is no yes to this.
            OrgError: It needs the org, and that cannot be asked.
        """
        Timers(self.journal, self.clock).look(run_id)
        accepted = Interventions(
            self.journal, self.plans, self.previews, self.approvers, self.clock
        ).accept(
            run_id,
            intervention,
            signing_key=signing_key,
            prepare=lambda scene, granted: self._prepared(scene, intervention, granted),
            hand_over=lambda entries: self._confirmed(run_id, intervention, entries),
        )
        if accepted.state.status in {"queued", "running"} and not accepted.repeated:
            self.wakes.wake(run_id, org=accepted.state.org)
        return accepted

    def objections(self, run_id: str) -> tuple[Objection, ...]:
        """Return every objection to a run, oldest first.

        Raises:
            NotFoundError: There is no such run.
        """
        return objections(self.journal.events(run_id))

    def due(self, run_id: str) -> tuple[Due, ...]:
        """Return the timers of a run whose moment has come, and that have not been fired.

        Raises:
            NotFoundError: There is no such run.
        """
        return due(fold(self.journal.events(run_id)), self.clock.now())

    def fire(self, run_id: str) -> tuple[Due, ...]:
        """Fire the timers of a run whose moment has come, each once, and return them.

        A run that is to end by one of them ends when it is driven on; `resume` does that.

        Raises:
            NotFoundError: There is no such run.
        """
        return Timers(self.journal, self.clock).fire(run_id)

    def _prepared(
        self, scene: Scene, intervention: Intervention, granted: Granted
    ) -> Mapping[str, object]:
        """Return what an event tells beside what was asked for: the preview it needs a yes to."""
        if intervention.action in _GOES_ON:
            self._check_own(scene)
        if intervention.action == "provide_clarification":
            Witness(self.org, self.journal, self._factory).check(scene, intervention, granted)
        continuing = cast("Continuing", self)
        if granted.asks == "inputs":
            made = continuing.continuation_preview(scene.state.id, inputs=intervention.inputs)
            return {"previewId": made.id}
        if granted.asks == "branch":
            made = continuing.continuation_preview(scene.state.id, target=granted.target)
            return {"previewId": made.id}
        return {}

    def _confirmed(self, run_id: str, intervention: Intervention, entries: Sequence[Entry]) -> None:
        confirmation = self.confirmations.get(intervention.confirmation_id or "")
        continuing = cast("Continuing", self)
        continuing.confirm_continued(run_id, confirmation, before=entries)

    def _check_own(self, scene: Scene) -> None:
        """Refuse to go on with a run of another org.

        Raises:
            InterventionError: It is one.
        """
        here = self.org.identity
        if here.id != scene.state.org:
            raise InterventionError(
                f"{scene.state.id} is a run of the org {scene.state.org}, and this is {here.id}.",
                where=scene.state.id,
                hint="Say --org with that org's address; only cancel, abort_flow and override work from anywhere.",
                code="run_foreign",
            )
