"""Granting: what an intervention that applies entails, as the events that stand behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from actwright.checkpoints.credentials.approvers import Approver
from actwright.org.effect import EffectGroup
from actwright.runs.continuing.going_on_checks import agreed_inputs
from actwright.runs.interventions.clarifying import clarified
from actwright.runs.interventions.intervention import Intervention
from actwright.runs.interventions.reach import Reach, reach_of, skipped
from actwright.runs.interventions.scene import Scene, actions_of
from actwright.runs.interventions.standing import standing_of
from actwright.runs.record.journal import Entry
from actwright.runs.record.step import StepStatus

FAILED: frozenset[StepStatus] = frozenset({"refused", "failed", "not_sent", "partial"})
"""How far a group has come that can be tried again or left out."""

Asks = Literal["", "inputs", "branch", "confirmation"]
"""What has to come before the run goes on: a preview with other values, one that leaves something out, or a yes."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an intervention is judged by, beside the run itself.

    Attributes:
        now: The present moment.
        approvers: Whose keys count.
        signer: Whose key signed, where one did.
    """

    now: datetime
    approvers: Sequence[Approver] = ()
    signer: Approver | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """What an accepted intervention entails.

    Attributes:
        data: What its own event tells beside what was asked for.
        entries: The events behind it.
        asks: What has to come first.
        target: The action to go on with, where a preview is asked for.
    """

    data: Mapping[str, object] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    asks: Asks = ""
    target: str | None = None


Grant = Callable[[Scene, Intervention, Circumstances], Granted]


def retry(scene: Scene, wanted: Intervention, _: Circumstances) -> Granted:
    """Return what trying a group again entails."""
    failed = scene.standing_at(FAILED)
    if not failed and wanted.target is None:
        return Granted(_GOES_ON)
    group = scene.the_one(wanted.target, failed, what="are there to be tried again")
    return Granted(_GOES_ON, (retrying(scene, group),))


def retry_with_inputs(scene: Scene, wanted: Intervention, _: Circumstances) -> Granted:
    """Return what other values entail: a preview, and a yes to it."""
    if not wanted.inputs:
        raise scene.malformed(
            "retry_with_inputs needs new values.",
            hint="""Say --inputs '{"ACTION.INPUT": VALUE}'.""",
        )
    agreed = agreed_inputs(scene.events)
    if agreed is not None and dict(agreed) != wanted.inputs:
        raise scene.refused(
            "approvers have decided on other values, and only those may be tried.",
            hint=f"actwright override list {scene.state.id}",
        )
    return Granted(asks="inputs")


def skip_stage(scene: Scene, wanted: Intervention, _: Circumstances) -> Granted:
    """Return what leaving a group out entails."""
    among = scene.standing_at(FAILED) if wanted.target is None else scene.open_groups()
    group = scene.the_one(wanted.target, among, what="are there to be left out")
    return _without(scene, skipped(scene, [group], wanted.also), wanted)


def force_branch(scene: Scene, wanted: Intervention, _: Circumstances) -> Granted:
    """Return what going on with a named group or action entails."""
    target = wanted.target
    if target is None:
        raise scene.malformed(
            "force_branch needs to know what to go on with.", hint="Say --to GROUP or --to ACTION."
        )
    if agreed_inputs(scene.events) is not None:
        raise scene.refused("approvers have decided on other values, and nothing may be left out.")
    group = scene.find(target)
    if group is None or standing_of(scene.state) == "confirmation":
        return _anew(scene, target, group)
    if scene.state.is_behind(group.id):
        raise scene.refused(f"{group.id} is behind the run, and is not done again.")
    before = _before(scene, group)
    if group in reach_of(scene, before).groups or not _first(scene, group, target):
        return _anew(scene, target, group)
    without = _without(scene, skipped(scene, before, wanted.also), wanted)
    if scene.status(group) not in FAILED:
        return without
    again = retrying(scene, group)
    return Granted(without.data, (*without.entries, again))


def end(scene: Scene, wanted: Intervention, _: Circumstances) -> Granted:
    """Return what ending the run entails."""
    ending = "cancelled" if wanted.action == "cancel" else "aborted"
    told = {"ending": ending, "endingWhy": f"{wanted.actor}: {wanted.why}"}
    return Granted(told | (_GOES_ON if scene.state.status in {"waiting", "paused"} else {}))


def confirm_continue(scene: Scene, wanted: Intervention, _: Circumstances) -> Granted:
    """Return what a yes to go on entails; a checkpoint without anything new to confirm needs no confirmation."""
    if wanted.confirmation_id is not None:
        return Granted(asks="confirmation")
    if (scene.state.status, standing_of(scene.state)) == ("paused", "confirmation"):
        return Granted(_GOES_ON)
    raise scene.refused(
        "what comes next needs a yes of its own.",
        hint="Preview it, confirm it, and say --confirmation ID.",
    )


def provide_clarification(scene: Scene, wanted: Intervention, _: Circumstances) -> Granted:
    """Return what it entails to know what became of a group."""
    if not scene.state.in_doubt:
        raise scene.refused("no group is in doubt.", hint=f"actwright inspect {scene.state.id}")
    group, happened, entry = clarified(scene, wanted)
    again = () if happened or scene.state.ending else (retrying(scene, group),)
    held = standing_of(scene.state) == "override" or len(scene.state.in_doubt) > 1
    return Granted({} if held else _GOES_ON, (entry, *again))


def retrying(scene: Scene, group: EffectGroup) -> Entry:
    """Return the event that lets a group be looked at and sent again; where part of it happened, only the rest is."""
    step = scene.state.step(group.id)
    attempt = step.next_attempt if step else 1
    return (
        "group_retrying",
        {
            "groupId": group.id,
            "stage": scene.stage,
            "attempt": attempt,
            "error": None,
            "until": None,
        },
    )


def _without(scene: Scene, reach: Reach, wanted: Intervention) -> Granted:
    entries: tuple[Entry, ...] = tuple(
        ("group_skipped", {"groupId": each.id, "stage": scene.stage, "why": wanted.why})
        for each in reach.groups
    )
    left_out = {"skipped": [each.id for each in reach.groups], "later": list(reach.later)}
    return Granted(_GOES_ON | left_out, entries)


def _anew(scene: Scene, target: str, group: EffectGroup | None) -> Granted:
    """Return that a new preview has to come first, and the action it begins with.

    Raises:
        InterventionError: There is no such group or action.
    """
    if scene.plan.action(target) is not None:
        return Granted(asks="branch", target=target)
    if group is None:
        raise scene.refused(
            f"there is no group and no action {target[:60]!r} in it.",
            hint=f"actwright show {scene.preview.id}",
        )
    first = next(each.id for each in scene.plan.order() if each.id in actions_of(group))
    return Granted(asks="branch", target=first)


def _before(scene: Scene, group: EffectGroup) -> tuple[EffectGroup, ...]:
    place = scene.preview.groups.index(group)
    return tuple(each for each in scene.open_groups() if each in scene.preview.groups[:place])


def _first(scene: Scene, group: EffectGroup, target: str) -> bool:
    """Tell whether going on with ``target`` means the whole group."""
    inside = [each.id for each in scene.plan.order() if each.id in actions_of(group)]
    return target in {group.id, inside[0]}


_GOES_ON: dict[str, object] = {"becomes": "running"}
