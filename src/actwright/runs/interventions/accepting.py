"""Accepting: an intervention is judged against the run as it stands, and written behind it, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from actwright.blueprints.plan import Plan
from actwright.checkpoints.archive import Archive
from actwright.checkpoints.credentials.approvers import Approvers
from actwright.checkpoints.preview import Preview
from actwright.clock import Clock
from actwright.errors import (
    ConfirmationError,
    InterventionError,
    JournalConflictError,
    RunError,
)
from actwright.runs.interventions import granting, signing
from actwright.runs.interventions.granting import Circumstances, Grant, Granted
from actwright.runs.interventions.intervention import DECISIONS, Intervention, InterventionAction
from actwright.runs.interventions.objection import open_objection
from actwright.runs.interventions.scene import Scene
from actwright.runs.interventions.table import driven_on, refusal_of
from actwright.runs.record.event import JournalEvent
from actwright.runs.record.folding import fold
from actwright.runs.record.journal import Entry, Journal
from actwright.runs.record.state import RunState

_TRIES: Final = 50
"""How often a run may move on while somebody steps in, before that is given up."""

_MOST_REFUSED: Final = 20
"""Refused keys that are put on the record of one objection; nobody fills a journal by guessing."""

_GRANTS: Mapping[InterventionAction, Grant] = {
    "retry": granting.retry,
    "retry_with_inputs": granting.retry_with_inputs,
    "skip_stage": granting.skip_stage,
    "force_branch": granting.force_branch,
    "abort_flow": granting.end,
    "cancel": granting.end,
    "confirm_continue": granting.confirm_continue,
    "provide_clarification": granting.provide_clarification,
    "override": signing.file,
    "uphold": signing.sign,
    "dismiss": signing.sign,
    "modify": signing.sign,
}

_ASKED: Final = ("target", "also", "inputs", "answer", "records", "confirmation_id")
"""Fields of an intervention its event tells as they were asked for."""

Preparation = Callable[[Scene, Granted], Mapping[str, object]]
"""What has to succeed before anything is written; what it returns stands in the event."""

HandOver = Callable[[Sequence[Entry]], None]
"""What writes the events of an intervention together with the use of a confirmation."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """An intervention that was accepted.

    Attributes:
        state: The run after it.
        data: What its event tells.
        repeated: Whether that event was there already, under the same key.
    """

    state: RunState
    data: Mapping[str, object]
    repeated: bool = False


class Interventions:
    """Where people step into the runs of one store.

    Args:
        journal: The runs.
        plans: The plans they carry out.
        previews: The previews they carry out.
        approvers: Who may decide objections.
        clock: The time.
    """

    def __init__(
        self,
        journal: Journal,
        plans: Archive[Plan],
        previews: Archive[Preview],
        approvers: Approvers,
        clock: Clock,
    ) -> None:
        self._journal = journal
        self._plans = plans
        self._previews = previews
        self._approvers = approvers
        self._clock = clock

    def accept(
        self,
        run_id: str,
        wanted: Intervention,
        *,
        signing_key: str | None = None,
        prepare: Preparation | None = None,
        hand_over: HandOver | None = None,
    ) -> Accepted:
        """Judge an intervention, and write it behind the run; where the run moves on meanwhile, judge it again.

        Args:
            run_id: The run.
            wanted: What is wanted.
            signing_key: An approver's key, for a decision on an objection. It is written nowhere.
            prepare: Called once it is known to apply, before anything is written.
            hand_over: Called instead of writing where a confirmation is to be used with it.

        Raises:
            InterventionError: It does not apply; nothing was changed, but that a refused key is on the record.
            JournalConflictError: The run moved on again and again.
            JournalDamagedError: Its journal is not as it was written; nothing is written behind that.
            NotFoundError: There is no such run.
        """
        for _ in range(_TRIES):
            scene = self._scene(run_id)
            known = _repeated(scene, wanted)
            if known is not None:
                self._check_same_signer(scene, wanted, known, signing_key)
                return Accepted(scene.state, known, repeated=True)
            try:
                return self._write(
                    scene, *self._judged(scene, wanted, signing_key, prepare), hand_over
                )
            except JournalConflictError:
                continue
            except (ConfirmationError, RunError):
                said = self._said_meanwhile(run_id, wanted, hand_over)
                if said is None:
                    raise
                return said
        raise JournalConflictError(
            f"{run_id} moved on {_TRIES} times while {wanted.action} was judged; nothing was changed.",
            where=run_id,
            hint="Say it again.",
        )

    def _said_meanwhile(
        self, run_id: str, wanted: Intervention, hand_over: HandOver | None
    ) -> Accepted | None:
        """Return the intervention whose confirmation was used up by the very same one, said at the same moment."""
        if hand_over is None or wanted.confirmation_id is None:
            return None
        scene = self._scene(run_id)
        known = _repeated(scene, wanted)
        return None if known is None else Accepted(scene.state, known, repeated=True)

    def _judged(
        self,
        scene: Scene,
        wanted: Intervention,
        signing_key: str | None,
        prepare: Preparation | None,
    ) -> tuple[str, Granted]:
        """Return who acts, and what the intervention entails, its own event's whole data included."""
        refusal = refusal_of(scene.state, wanted)
        if refusal is not None:
            raise InterventionError(refusal, where=scene.state.id, hint=driven_on(scene.state))
        around = self._circumstances(wanted, signing_key)
        self._check_key(scene, wanted, around)
        granted = _GRANTS[wanted.action](scene, wanted, around)
        more = prepare(scene, granted) if prepare else {}
        told = {**_told(wanted), **granted.data, **more}
        return around.signer.name if around.signer else wanted.actor, replace(granted, data=told)

    def _write(
        self, scene: Scene, actor: str, granted: Granted, hand_over: HandOver | None
    ) -> Accepted:
        run_id, data = scene.state.id, dict(granted.data)
        entries: list[Entry] = [("intervened", data), *granted.entries]
        if granted.asks == "confirmation" and hand_over:
            hand_over([("intervened", data | {"by": actor})])
        else:
            self._journal.append(run_id, entries, actor=actor, after=scene.events[-1].head)
        return Accepted(fold(self._journal.events(run_id)), data)

    def _circumstances(self, wanted: Intervention, signing_key: str | None) -> Circumstances:
        now = self._clock.now()
        if wanted.action == "override":
            return Circumstances(now, self._approvers.active())
        if wanted.action in DECISIONS:
            signer = self._approvers.holder_of(signing_key or "")
            return Circumstances(now, self._approvers.active(), signer)
        return Circumstances(now)

    def _check_key(self, scene: Scene, wanted: Intervention, around: Circumstances) -> None:
        """Refuse a key that cannot sign, and put that on the record without the key.

        Raises:
            InterventionError: It cannot.
        """
        if wanted.action not in DECISIONS:
            return
        refusal = signing.refusal_of_key(scene, around)
        if refusal is None:
            return
        objection = open_objection(scene.events)
        if objection is not None and objection.refused < _MOST_REFUSED:
            told = {"action": wanted.action, "why": wanted.why, "refused": refusal}
            self._write(scene, wanted.actor, Granted(told), None)
        raise InterventionError(
            f"{scene.state.id}: {refusal}",
            where=scene.state.id,
            hint=f"actwright override list {scene.state.id}",
            code="signature_refused",
        )

    def _check_same_signer(
        self, scene: Scene, wanted: Intervention, known: Mapping[str, object], secret: str | None
    ) -> None:
        """Refuse to take somebody's signature for one more by another person, who uses the same idempotency key.

        Raises:
            InterventionError: It is another person, or nobody at all.
        """
        if wanted.action not in DECISIONS:
            return
        signer = self._approvers.holder_of(secret or "")
        if signer is None or signer.id != known.get("signer"):
            raise _key_used(scene, wanted, known)

    def _scene(self, run_id: str) -> Scene:
        events = self._journal.whole(run_id)
        state = fold(events)
        plan, preview = self._plans.get(state.plan_id), self._previews.get(state.preview_id)
        return Scene(state, events, plan, preview)


def _told(wanted: Intervention) -> dict[str, object]:
    """Return what an intervention's event tells of what was asked for; what was left out is not told."""
    asked = wanted.model_dump(mode="json", include=set(_ASKED), exclude_defaults=True)
    return {
        "action": wanted.action,
        "key": wanted.key,
        "why": wanted.why,
        "content": wanted.content,
        **asked,
    }


def _repeated(scene: Scene, wanted: Intervention) -> Mapping[str, object] | None:
    """Return what the event under the same key tells, or None where there is none.

    Raises:
        InterventionError: It was another intervention.
    """
    known = next(filter(lambda each: _is_under(each, wanted.key), scene.events), None)
    if known is None:
        return None
    if known.data.get("content") != wanted.content:
        raise _key_used(scene, wanted, known.data)
    return known.data


def _key_used(scene: Scene, wanted: Intervention, known: Mapping[str, object]) -> InterventionError:
    return InterventionError(
        f"{scene.state.id}: the key {wanted.key} was used for another intervention, {known['action']}.",
        where=wanted.key,
        hint="Use a new key for a new intervention.",
        code="intervention_key_used",
    )


def _is_under(event: JournalEvent, key: str) -> bool:
    return event.kind == "intervened" and event.data.get("key") == key
