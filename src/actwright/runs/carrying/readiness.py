"""Readiness: the last look before a group is sent. Drift, lost permissions and changed rules all stop it here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from actwright.actions.factory import Factory
from actwright.blueprints.plan import Plan
from actwright.checkpoints.digest import digest_of
from actwright.checkpoints.drift import appeared, drift, joined, pointed
from actwright.checkpoints.groups.arranging import owners
from actwright.checkpoints.policing import Policing
from actwright.checkpoints.preview import Preview, PreviewedAction
from actwright.checkpoints.reading.cascade import with_cascades
from actwright.checkpoints.reading.contexts import effect_contexts
from actwright.checkpoints.reading.pointers import with_pointers
from actwright.checkpoints.reading.snapshot import Snapshots, located, take_again
from actwright.checkpoints.resolving.acting import broken_promises
from actwright.checkpoints.resolving.steady import SteadyReader
from actwright.clock import Clock
from actwright.errors import (
    ConfirmationForeignError,
    DocumentEditedError,
    DriftError,
    PlanError,
    RefusedError,
)
from actwright.guardrails.issue import Issue, blocking
from actwright.guardrails.verdict import judge
from actwright.org.effect import Effect, EffectGroup
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.ports import AccessExplainer, Org, OrgReader


@dataclass(frozen=True, slots=True)
class Readiness:
    """What the last look found: the records as they stand, drift, and refusals."""

    snapshots: Snapshots
    drift: tuple[Issue, ...]
    refusals: tuple[Issue, ...]

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Everything that keeps the group from being sent."""
        return (*self.refusals, *self.drift)


@dataclass(frozen=True, slots=True)
class LastLook:
    """Looks at the org again for one preview."""

    org: Org
    factory: Factory
    clock: Clock
    explainer: AccessExplainer | None = None
    allow_opaque: frozenset[str] = frozenset()
    policing: Policing = field(default_factory=Policing)

    def check_preview(self, plan: Plan, preview: Preview) -> None:
        """Make sure that a preview is whole, of this plan, org and person, and meant the code that is here now.

        Raises:
            PlanError: It would do nothing, or belongs to another plan.
            DocumentEditedError: Its digest is not that of its effects.
            ConfirmationForeignError: It was made for another org or another person.
            DriftError: An action would be carried out by other code than was shown.
            PolicyChangedError: It was judged by another policy than holds now.
        """
        self.check_place(plan, preview)
        self.policing.check_version(preview)
        self.check_implementations(plan, preview)

    def check_place(self, plan: Plan, preview: Preview, *, run_id: str = "") -> None:
        """Make sure that a preview is whole, and of this plan, org and person.

        Args:
            plan: The plan.
            preview: The preview.
            run_id: The run that has begun with it, where one has.

        Raises:
            PlanError: It would do nothing, or belongs to another plan.
            DocumentEditedError: Its digest is not that of its effects.
            ConfirmationForeignError: It was made for another org or another person.
        """
        if not preview.groups or not plan.actions:
            raise PlanError("The plan has no actions; nothing was done.", code="plan_empty")
        if preview.plan_id != plan.id:
            raise PlanError(f"{preview.id} is the preview of another plan, {preview.plan_id}.")
        _check_digest(preview)
        if run_id:
            check_same_person(preview, self.org, run_id)
        if not is_here(preview, self.org):
            raise ConfirmationForeignError(
                f"{preview.id} was made for {whose(preview.running_user, preview.org)}, "
                f"this is {whose(self.org.user, self.org.identity)}.",
                hint="Preview the plan again as this person on this org.",
            )

    def at(self, plan: Plan, preview: Preview, group: EffectGroup) -> Readiness:
        """Read the group's records and the person's rights again.

        Raises:
            ImplementationError: An override that acts by itself is gone, or promises nothing any more.
            DriftError: Other generated code stands behind the group than was shown.
            RefusedError: The generated code behind the group was revoked.
            OrgError: The org cannot be asked.
        """
        self._check_generated(plan, preview, group)
        self.org.refresh()
        reader = SteadyReader(self.org)
        records = tuple(each for each in group.effects if each.kind == "record")
        snapshots = take_again(reader, records, whole=group.carrier != "bulk")
        moved = (
            *drift(records, snapshots),
            *appeared(records, located(reader, records)),
            *joined(records, with_cascades(reader, records)),
            *_pointed(plan, preview, records, reader),
            *broken_promises(group.effects, plan, self.factory, reader),
        )
        other_policy = self.policing.changed(preview)
        if other_policy:
            return Readiness(snapshots, (*other_policy, *moved), ())
        contexts = effect_contexts(
            plan,
            preview.actions,
            group.effects,
            snapshots,
            reader=reader,
            clock=self.clock,
            allow_opaque=self.allow_opaque,
        )
        refusals = (
            *blocking(judge(contexts, self.explainer)),
            *self.policing.still(plan, preview, contexts, reader),
        )
        return Readiness(snapshots, moved, _beyond(moved, refusals, group, reader))

    def check_implementations(self, plan: Plan, preview: Preview) -> None:
        """Make sure that the code which was shown is the code that is here now.

        Raises:
            DriftError: An action would be carried out by other code than was shown.
            RefusedError: Generated code that was shown has been revoked since.
        """
        for shown in preview.actions:
            self._check_implementation(plan, shown)

    def _check_generated(self, plan: Plan, preview: Preview, group: EffectGroup) -> None:
        """Make sure that the generated code behind a group may still be used: it can be revoked while a run goes on."""
        acting = {owner for each in group.effects for owner in owners(each)}
        for shown in preview.actions:
            if shown.implementation_kind == "generated" and shown.action_id in acting:
                self._check_implementation(plan, shown)

    def _check_implementation(self, plan: Plan, shown: PreviewedAction) -> None:
        action = plan.action(shown.action_id)
        chosen = self.factory.resolve(action.blueprint) if action else None
        if chosen is not None and chosen.withheld:
            raise RefusedError(
                f"{shown.label} was previewed with {shown.implementation}, which may not be used any more: "
                f"{chosen.withheld}",
                where=shown.action_id,
                hint=f"Look at it: actwright actions show {shown.blueprint}",
                code="generated_revoked",
            )
        if chosen is None or chosen.name != shown.implementation:
            raise DriftError(
                f"{shown.label} was previewed with {shown.implementation}, "
                f"now {chosen.name if chosen else 'nothing'} would carry it out.",
                where=shown.action_id,
                hint="Preview the plan again.",
                code="drift_implementation",
            )


def _pointed(
    plan: Plan, preview: Preview, records: Sequence[Effect], reader: OrgReader
) -> tuple[Issue, ...]:
    """Return what others have led since the preview to records that an undo deletes."""
    if plan.planner.undoes is None:
        return ()
    return pointed(records, with_pointers(reader, records, preview.effects))


def _beyond(
    moved: Sequence[Issue], refusals: Sequence[Issue], group: EffectGroup, reader: OrgReader
) -> tuple[Issue, ...]:
    """Return the refusals that are not merely the echo of a record that is gone."""
    visible = {each.name for each in reader.objects()}
    gone = [each for each in moved if each.code == "drift_gone" and each.object in visible]
    lost = {each.record_id for each in gone}
    alone = Counter(owner for each in group.effects for owner in owners(each))
    actions = {
        owner
        for each in group.effects
        if each.record_id in lost
        for owner in owners(each)
        if alone[owner] == 1
    }
    return tuple(
        each for each in refusals if each.record_id not in lost and each.action_id not in actions
    )


def is_here(preview: Preview, reader: OrgReader) -> bool:
    """Tell whether a preview was made on the org of a reader, with the rights of its person."""
    here = (*_place(reader.identity), reader.user.id)
    return (*_place(preview.org), preview.running_user.id) == here


def check_same_person(newest: Preview, reader: OrgReader, run_id: str) -> None:
    """Refuse to go on with a run on another org, or with the rights of another person than it was begun with.

    Args:
        newest: The preview of the run's newest stage.
        reader: The org one is on now, with the rights one has.
        run_id: The run.

    Raises:
        ConfirmationForeignError: It is another one.
    """
    if not is_here(newest, reader):
        raise ConfirmationForeignError(
            f"{run_id} is carried out as {whose(newest.running_user, newest.org)}, "
            f"this is {whose(reader.user, reader.identity)}.",
            where=run_id,
            hint=f"{_same_place(newest, reader)}; anybody may say the yes.",
            code="run_foreign",
        )


def _same_place(newest: Preview, reader: OrgReader) -> str:
    """Return what to say on the command line to be where a run is carried out, and as whom."""
    person = f"--as {newest.running_user.username}"
    if _place(newest.org) == _place(reader.identity):
        return f"Say {person}"
    return f"Say --org {'local' if newest.org.local else newest.org.url} and {person}"


def whose(user: RunningUser, org: OrgIdentity) -> str:
    """Return in words as whom, and on which org."""
    return f"{user.username} on {_called(org)}"


def _place(org: OrgIdentity) -> tuple[str, bool, str]:
    """Return what makes an org the same; a local org we started has another port each time."""
    return org.id, org.local, "" if org.local else org.url


def _called(org: OrgIdentity) -> str:
    return f"the local org {org.id}" if org.local else org.url


def _check_digest(preview: Preview) -> None:
    if digest_of(preview) != preview.digest:
        raise DocumentEditedError(
            f"{preview.id} was changed: its digest is not that of its effects.",
            hint="Preview the plan again.",
        )
