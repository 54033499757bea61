"""The calls of using grants: confirming where nobody is asked, and letting the runs they began go on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property
from typing import Protocol, cast

from actwright.blueprints.plan import Plan
from actwright.calls.traced import traced
from actwright.checkpoints.confirmation import Confirmation, Covered
from actwright.checkpoints.credentials.approvers import Approvers
from actwright.checkpoints.drawn import Drawn, drawn_by
from actwright.checkpoints.grants.choosing import chosen, exceeded
from actwright.checkpoints.grants.grant import Grant
from actwright.checkpoints.grants.ledger import Grants
from actwright.checkpoints.grants.outside import Outside
from actwright.checkpoints.preview import Preview
from actwright.checkpoints.superseding import superseded
from actwright.errors import (
    ActwrightError,
    GrantError,
    JournalConflictError,
    OrgError,
    RunError,
)
from actwright.runs.continuing.by_grant import goes_on_by, told_outside
from actwright.runs.record.chain import check_whole
from actwright.runs.record.event import JournalEvent
from actwright.wiring import Wiring


class Waves(Protocol):
    """What previews the next part of a run, and takes the yes to it."""

    def wave(self, run_id: str) -> Preview:
        """Preview the next part of a run."""
        ...

    def confirm_continued(self, run_id: str, confirmation: Confirmation) -> None:
        """Use the yes to a run's next part up."""
        ...


class CoveredCalls(Wiring):
    """What a grant lets happen without a person; `Actwright` adds the rest."""

    def outside_grant(self, preview: Preview | str, grant_id: str) -> tuple[Outside, ...]:
        """Return every ceiling of a grant that a preview exceeds as things stand; none where it is covered.

        Raises:
            NotFoundError: There is no such grant or preview.
            GrantError: The grant has ended, or did not begin the run that the preview goes on with.
        """
        stored = self._preview(preview)
        return self._outside(self._desk.standing(grant_id), stored, self._plan_of(stored))

    @traced("confirm")
    def confirm_by_grant(self, preview: Preview | str, grant_id: str | None = None) -> Confirmation:
        """Confirm a preview by a grant, where nobody is asked. The grant is used up when the run begins, not now.

        Args:
            preview: What is to be carried out; a part of a run only by the grant that began it.
            grant_id: The grant; the one that covers the preview where left out.

        Raises:
            NotFoundError: There is no such grant.
            GrantExceededError: It does not reach that far; the ceilings are named.
            GrantError: It does not stand any more.
            ConfirmationForeignError: No grant covers the preview; the nearest one is named.
            RefusedError: The preview is blocked.
            PolicyChangedError: It was judged by another policy than holds now.
            ConfirmationUsedError: The preview has been carried out already.
        """
        stored = self._preview(preview)
        self.policing.check_version(stored)
        plan = self._plan_of(stored)
        if grant_id is None and stored.run_id is not None:
            grant_id = self._begun_by(stored.run_id)
        if grant_id is None:
            grant = chosen(self._desk, stored, plan)
        else:
            grant = self._desk.standing(grant_id)
        found = self._outside(grant, stored, plan)
        if found:
            raise exceeded(grant, found, stored)
        covered = Covered(
            grant_id=grant.id,
            root=grant.root,
            drawn=drawn_by(stored.effects),
            begins=stored.run_id is None,
        )
        lifetime = timedelta(minutes=self.settings.confirmation_minutes)
        given = self.confirmations.record_covered(stored, covered, lifetime=lifetime)
        for each in superseded(stored, self.previews, self.confirmations):
            self.confirmations.record(each, approver=f"the grant {grant.id}", answer="no")
        return given

    def granted_wave(self, run_id: str) -> bool:
        """Let a run that a grant began go on with its next wave, where the grant covers all of it.

        Where it does not, the run waits for a person as any other does, and its reason names the ceiling.

        Returns:
            Whether the run stands otherwise than it did: it goes on, or its reason was told.

        Raises:
            JournalDamagedError: Its journal is not as it was written.
        """
        events = self.journal.events(run_id)
        grant_id = goes_on_by(events)
        if grant_id is None:
            return False
        check_whole(events)
        waves = cast("Waves", self)
        try:
            grant = self._desk.newest(self._desk.get(grant_id))
            confirmation = self.confirm_by_grant(waves.wave(run_id), grant.id)
            waves.confirm_continued(run_id, confirmation)
        except (OrgError, RunError, JournalConflictError):
            return False
        except ActwrightError as error:
            return self._tell(events, grant_id, error)
        return True

    def _tell(self, events: Sequence[JournalEvent], grant_id: str, error: ActwrightError) -> bool:
        """Put on the record why a run that a grant began waits for a person; False where it moved on meanwhile."""
        last = events[-1]
        try:
            self.journal.append(
                last.run_id,
                [told_outside(last, grant_id, error)],
                actor=f"grant:{grant_id}",
                after=last.head,
            )
        except JournalConflictError:
            return False
        return True

    def _outside(self, grant: Grant, preview: Preview, plan: Plan) -> tuple[Outside, ...]:
        return self._desk.outside(grant, preview, plan, run=self._drawn_before(grant, preview))

    def _drawn_before(self, grant: Grant, preview: Preview) -> Drawn | None:
        """Return what the run has drawn that a preview goes on with; None for a preview that starts one.

        Raises:
            GrantError: Another grant began it, or a person did.
        """
        if preview.run_id is None:
            return None
        begun = self._begun_by(preview.run_id)
        if begun is None or self._desk.get(begun).root != grant.root:
            raise GrantError(
                f"{preview.run_id} was not begun by the grant {grant.id}, which lets nothing of it go on.",
                where=grant.id,
                hint=f"A person has to say yes: actwright confirm {preview.id}",
                code="grant_foreign",
            )
        previews = {
            str(each.data["previewId"])
            for each in self.journal.events(preview.run_id)
            if each.kind in {"run_started", "run_continued"}
        }
        return sum(
            (drawn_by(self.previews.get(each).effects) for each in sorted(previews)), Drawn()
        )

    def _begun_by(self, run_id: str) -> str | None:
        begun = self.journal.events(run_id)[0].data.get("grant")
        return str(begun) if begun else None

    @cached_property
    def _desk(self) -> Grants:
        return Grants(self._database, self.clock, Approvers(self._database, self.clock))

    def _plan_of(self, preview: Preview) -> Plan:
        return self.plans.get(preview.plan_id)

    def _preview(self, preview: Preview | str) -> Preview:
        if isinstance(preview, str):
            return self.previews.get(preview)
        return self.previews.same(preview.model_dump(mode="json"), where=preview.id)
