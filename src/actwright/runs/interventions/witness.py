"""The witness: what the org itself can say of a person's answer, before that is taken for the truth.

A person decides what nobody else can tell. Where the org can tell after all, or an override that acted by itself, it is
asked first; and a record that is to have been created by a group has to be there, and new.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from actwright.actions.factory import Factory
from actwright.errors import OrgError
from actwright.inert import inert
from actwright.org.batch import verb_of
from actwright.org.effect import Effect, EffectGroup
from actwright.org.ports import Org, RecordRead, RecordSnapshot
from actwright.org.record_id import record_id
from actwright.org.settlement import Settlement
from actwright.runs.carrying.performing import Overrides
from actwright.runs.engine.work import Reconciled
from actwright.runs.interventions.elsewhere import Elsewhere
from actwright.runs.interventions.granting import Granted
from actwright.runs.interventions.intervention import Intervention
from actwright.runs.interventions.scene import Scene
from actwright.runs.interventions.written import other_value
from actwright.runs.record.journal import Journal
from actwright.runs.record.step import StepState

_DECIDING: Final = frozenset({"ledger", "job"})
"""How a lost answer was to be settled where asking changes no record of anybody."""

_MADE_AT, _MADE_BY = "CreatedDate", "CreatedById"
_CLOCKS_APART: Final = timedelta(minutes=5)
"""How far this machine's clock and the org's may be apart."""


@dataclass(frozen=True, slots=True)
class Witness:
    """Holds a person's answers against the org.

    Attributes:
        org: The org of the run.
        journal: The runs of the store, for what others of them created.
        factory: Where overrides that act by themselves are found.
    """

    org: Org
    journal: Journal
    factory: Factory

    def check(self, scene: Scene, wanted: Intervention, granted: Granted) -> None:
        """Make sure that the org does not know better than what a person says became of a group.

        Args:
            scene: The run.
            wanted: What the person says.
            granted: What that would entail.

        Raises:
            InterventionError: It does; or a record that is to have been created is not there, is older than that,
                somebody else's or another run's, or holds something else than what was written.
            RecordIdError: An id is that of another object's record.
            JournalDamagedError: What another run created cannot be told any more.
            OrgError: It cannot be asked.
        """
        for kind, data in granted.entries:
            if kind == "group_reconciled":
                self._check_known(scene, data)
                self._check_records(scene, wanted.records, data)

    def _check_known(self, scene: Scene, data: Mapping[str, Any]) -> None:
        step, group = scene.state.step(data["groupId"]), _sent(scene, data)
        if step is None:
            return
        acted = group.carrier == "opaque"
        found = self._told(scene, step, group) if acted else self._settled(step, group)
        if found is None:
            return
        told = {str(each["effectId"]): str(each["status"]) == "done" for each in data["outcomes"]}
        who = "the override" if acted else "the org"
        if found.decided:
            known = {each.effect_id: each.status == "done" for each in found.outcome.outcomes}
            if known != told:
                raise scene.refused(
                    f"{who} can tell by now what became of {group.id}, and it is not that.",
                    hint=f"Let {who} say so: actwright resume {scene.state.id}",
                )
        elif found.ask_again and not all(told.values()):
            raise scene.refused(
                f"{group.id} may still happen, for {who} is not done with it; sent again, it would be done twice.",
                hint=f"In a moment: actwright resume {scene.state.id}",
            )

    def _settled(self, step: StepState, group: EffectGroup) -> Settlement | None:
        """Return what the org says became of a group; None where asking could change somebody's record."""
        if step.recovery not in _DECIDING:
            return None
        key = step.key if step.recovery == "ledger" else None
        return self.org.settle(group, key, step.job_id, since=_sent_at(step))

    def _told(self, scene: Scene, step: StepState, group: EffectGroup) -> Reconciled | None:
        """Return what an override says became of what it did, without doing it again; None where it cannot be asked.

        A person may decide then, for who knows when a service is there again, and where it cannot tell for good.
        """
        overrides = Overrides(scene.plan, self.factory, self.org)
        try:
            return overrides.reconcile(group, step.key, sent_at=_sent_at(step), ends=True)
        except OrgError:
            return None

    def _check_records(
        self, scene: Scene, records: Mapping[str, str], data: Mapping[str, Any]
    ) -> None:
        sent_at = _sent_at(scene.state.step(data["groupId"]))
        made = {key: record_id(each, where=key) for key, each in records.items()}
        created = [each for each in _sent(scene, data).effects if each.id in made]
        if not created:
            return
        standing = self.org.read(list(self._reads(created, made)))
        makers = self._makers(scene, made.values(), sent_at)
        linked = {each.ref: made[each.id] for each in created if each.ref}
        for each in created:
            name = made[each.id]
            why = (
                _amiss(each, standing.get(name), scene.preview.running_user.id, sent_at)
                or _taken(scene, name)
                or (_of(makers.get(name)) if verb_of(each) == "POST" else None)
                or other_value(each, standing[name], linked)
            )
            if why is not None:
                label = inert(each.object_label or each.object, limit=80)
                raise scene.refused(
                    f"{name} cannot be the {label} that {each.id} created: {why}.",
                    hint=f"The evidence names what was found: actwright inspect {scene.state.id}",
                )

    def _makers(
        self, scene: Scene, record_ids: Collection[str], sent_at: datetime | None
    ) -> Mapping[str, str]:
        """Return which other runs made these records, both clocks being as far apart as they may be."""
        begun = sent_at or datetime.fromisoformat(scene.state.started_at)
        return Elsewhere(self.journal).makers(
            record_ids,
            org=scene.state.org,
            since=begun - 2 * _CLOCKS_APART,
            beside=scene.state.id,
        )

    def _reads(self, effects: Sequence[Effect], made: Mapping[str, str]) -> Iterator[RecordRead]:
        for name in dict.fromkeys(each.object for each in effects):
            schema = self.org.describe(name)
            prefixes = (schema.key_prefix,) if schema.key_prefix else ()
            ids = tuple(
                record_id(made[each.id], prefixes=prefixes, where=each.id)
                for each in effects
                if each.object == name
            )
            written = (one.field for each in effects if each.object == name for one in each.changes)
            wanted = dict.fromkeys((_MADE_AT, _MADE_BY, *written))
            yield RecordRead(name, ids, tuple(each for each in wanted if schema.field(each)))


def _sent(scene: Scene, data: Mapping[str, Any]) -> EffectGroup:
    """Return the group as it was sent: what was done of it before is no part of it."""
    (group,) = (each for each in scene.preview.groups if each.id == data["groupId"])
    told = {each["effectId"] for each in data["outcomes"]}
    parts = (tuple(each for each in part if each in told) for part in group.parts)
    effects = tuple(each for each in group.effects if each.id in told)
    return group.model_copy(
        update={"effects": effects, "parts": tuple(each for each in parts if each)}
    )


def _sent_at(step: StepState | None) -> datetime | None:
    return datetime.fromisoformat(step.sent_at) if step and step.sent_at else None


def _amiss(
    effect: Effect, record: RecordSnapshot | None, user_id: str, sent_at: datetime | None
) -> str | None:
    """Return why a record cannot be what an effect created; None where it can."""
    if record is None:
        return "there is no such record, or you may not see it"
    if verb_of(effect) != "POST":
        return None
    maker, made_at = record.values.get(_MADE_BY), record.values.get(_MADE_AT)
    if maker is not None and maker != user_id:
        return "somebody else has created it"
    if sent_at and made_at and datetime.fromisoformat(str(made_at)) < sent_at - _CLOCKS_APART:
        return f"it was created on {made_at}, before that was sent"
    return None


def _of(run_id: str | None) -> str | None:
    return f"{run_id} created it" if run_id else None


def _taken(scene: Scene, name: str) -> str | None:
    """Return that the run's journal already knows a record as that of another effect; None where it does not."""
    known = any(
        each.get("recordId") == name and each.get("status") == "done"
        for event in scene.events
        if event.kind in {"group_settled", "group_reconciled"}
        for each in event.data.get("outcomes", ())
    )
    return "another effect of this run wrote to it" if known else None
