"""Staging: what goes out before, between and behind the overrides that act by themselves.

Such an override shares no transaction. It goes out as late as it can: what does not wait for it is written before, so
that what can be rolled back is tried first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actwright.checkpoints.groups.arranging import Needs, owners
from actwright.errors import RefusedError
from actwright.org.batch import links
from actwright.org.effect import Effect


def staged(effects: Sequence[Effect], needs: Needs) -> tuple[tuple[Effect, ...], ...]:
    """Return the effects in stages, in the order they go out in; one that acts by itself is a stage of its own.

    Args:
        effects: In the order of their actions.
        needs: By action, the actions it waits for.

    Raises:
        RefusedError: Writes that belong together would have to go out both before and behind such an override.
    """
    waiting = [each for each in effects if each.kind != "record"]
    if not waiting:
        return (tuple(effects),) if effects else ()
    awaited = _Awaited(effects, needs)
    left = [each for each in effects if each.kind == "record"]
    stages: list[tuple[Effect, ...]] = []
    done: set[str] = set()
    while True:
        ready = [each for each in left if awaited.by(each) <= done]
        stages += [tuple(ready)] if ready else []
        left = [each for each in left if not awaited.by(each) <= done]
        if not waiting:
            return tuple(stages)
        following = next((each for each in waiting if awaited.by(each) <= done), None)
        if following is None:
            raise _crossing(waiting[0])
        waiting.remove(following)
        stages.append((following,))
        done.add(following.action_id)


class _Awaited:
    """Which overrides that act by themselves come before each effect, directly or through others.

    Actions whose writes link to each other, or were brought together into one, count as one.
    """

    def __init__(self, effects: Sequence[Effect], needs: Needs) -> None:
        self._unit = _together(effects)
        self._alone = {each.action_id for each in effects if each.kind != "record"}
        self._before: dict[str, set[str]] = {}
        for action, others in needs.items():
            known = self._before.setdefault(self._root(action), set())
            known |= {self._root(each) for each in others} - {self._root(action)}
        self._found: dict[str, frozenset[str]] = {}

    def by(self, effect: Effect) -> frozenset[str]:
        """Return the actions that must have acted before an effect goes out."""
        unit = self._root(effect.action_id)
        if unit not in self._found:
            self._found[unit] = frozenset(self._reached(unit) & self._alone)
        return self._found[unit]

    def _reached(self, unit: str) -> set[str]:
        reached: set[str] = set()
        pending = [unit]
        while pending:
            more = self._before.get(pending.pop(), set()) - reached
            reached |= more
            pending += more
        return reached

    def _root(self, action: str) -> str:
        return self._unit.get(action, action)


def _together(effects: Sequence[Effect]) -> Mapping[str, str]:
    """Return by action the one that stands for all whose writes must share a transaction with its own."""
    creators = {each.ref: each.action_id for each in effects if each.ref}
    unit: dict[str, str] = {}
    for effect in effects:
        linked = [creators[each] for each in links(effect) if each in creators]
        actions = (*owners(effect), *linked)
        members = {unit.setdefault(each, each) for each in actions}
        if len(members) > 1:
            chosen = unit[effect.action_id]
            unit = {key: chosen if each in members else each for key, each in unit.items()}
    return unit


def _crossing(effect: Effect) -> RefusedError:
    return RefusedError(
        f"{effect.action_id!r} acts by itself, and writes that belong together would have to go out before and behind it.",
        where=effect.action_id,
        hint=f"Split the plan: what {effect.action_id!r} waits for, and what waits for it.",
        code="link_across_groups",
    )
