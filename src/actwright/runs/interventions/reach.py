"""The reach of leaving something out: what else cannot be done then, because it needs it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from actwright.org.batch import links
from actwright.org.effect import EffectGroup
from actwright.runs.interventions.scene import Scene, actions_of, named


@dataclass(frozen=True, slots=True)
class Reach:
    """What goes with some groups that are left out.

    Attributes:
        groups: Everything left out, in order, with what was to be left out in the first place.
        later: Actions of later waves that can never be previewed then.
    """

    groups: tuple[EffectGroup, ...]
    later: tuple[str, ...]


def reach_of(scene: Scene, left_out: Iterable[EffectGroup]) -> Reach:
    """Return all that cannot be done where these groups are not, directly or by way of others."""
    out = {each.id: each for each in left_out}
    while True:
        lost = _lost_actions(scene, out.values())
        more = [
            each
            for each in scene.open_groups()
            if each.id not in out and _needs(each, lost, out.values())
        ]
        if not more:
            break
        out |= {each.id: each for each in more}
    shown = {each for group in scene.preview.groups for each in actions_of(group)}
    previewed = {each.action_id for each in scene.preview.actions}
    return Reach(
        groups=tuple(each for each in scene.preview.groups if each.id in out),
        later=tuple(
            each.id
            for each in scene.plan.actions
            if each.id in lost and each.id not in shown | previewed
        ),
    )


def skipped(scene: Scene, wanted: Iterable[EffectGroup], also: Collection[str]) -> Reach:
    """Return what is left out where ``wanted`` is, with what the person named besides.

    Raises:
        InterventionError: Something else cannot be done then, and the person has not named it.
    """
    first = tuple(wanted)
    reach = reach_of(scene, first)
    inside = [each for each in reach.groups if each not in first]
    unnamed = [each.id for each in inside if not {each.id, *actions_of(each)}.intersection(also)]
    unnamed += [each for each in reach.later if each not in also]
    if unnamed:
        raise scene.refused(
            f"what needs {named(each.id for each in first)} cannot be done without it: {named(unnamed)}.",
            hint="Name what is to be left out besides, with --also for each; or retry.",
        )
    return reach


def _lost_actions(scene: Scene, out: Iterable[EffectGroup]) -> frozenset[str]:
    """Return the actions of groups that are left out, and those that wait for them."""
    lost = {each for group in out for each in actions_of(group)}
    for action in scene.plan.order():
        if action.needs & lost:
            lost.add(action.id)
    return frozenset(lost)


def _needs(group: EffectGroup, lost: Collection[str], out: Iterable[EffectGroup]) -> bool:
    """Tell whether a group carries out a lost action, or links to a record that is not created."""
    missing = {each.ref for other in out for each in other.effects if each.ref}
    linked = {ref for each in group.effects for ref in links(each)}
    return not actions_of(group).isdisjoint(lost) or not linked.isdisjoint(missing)
