"""Arranging effects for large transactions: what waits for what, what belongs together, who stands beside whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from actwright.org.batch import links, verb_of
from actwright.org.effect import Effect

Needs = Mapping[str, frozenset[str]]
"""By action, the actions it waits for."""

Place: TypeAlias = tuple[int, int, int, str, str]
"""Wave, depth, verb, object and parent: where an effect stands among others."""

_VERB_ORDER = {"POST": 0, "PATCH": 1, "DELETE": 2}


def owners(effect: Effect) -> tuple[str, ...]:
    """Return the actions an effect carries out."""
    return (effect.action_id, *effect.also_for)


@dataclass(frozen=True)
class Arrangement:
    """The order effects could go out in, such that nothing goes before what it waits for.

    Attributes:
        effects: All effects of one kind of transaction, data or setup.
        needs: By action, the actions it waits for.
    """

    effects: Sequence[Effect]
    needs: Needs
    _order: dict[str, int] = field(default_factory=dict, init=False)
    _waves: dict[str, int] = field(default_factory=dict, init=False)
    _depths: dict[str, int] = field(default_factory=dict, init=False)
    _ranks: dict[str, int] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._order.update({each.id: place for place, each in enumerate(self.effects)})
        self._number_waves()
        self._number_depths()
        self._rank_deletes()

    def wave(self, effect: Effect) -> int:
        """Return how many actions stand, one behind the other, before the last of those the effect carries out."""
        return max(self._waves.get(each, 0) for each in owners(effect))

    def depth(self, effect: Effect) -> int:
        """Return how many creates stand, one behind the other, before the effect can link to the last of them."""
        return self._depths[effect.id]

    def as_given(self, effects: Iterable[Effect]) -> tuple[Effect, ...]:
        """Return effects in the order of their actions."""
        return tuple(sorted(effects, key=lambda each: self._order[each.id]))

    def sorted(self, effects: Iterable[Effect]) -> tuple[Effect, ...]:
        """Return effects in waves; inside a wave, those alike stand together, and those of one parent too.

        Rows of one parent side by side keep an org from locking that parent in two requests at once.
        """
        return tuple(sorted(effects, key=self.place))

    def place(self, effect: Effect) -> Place:
        """Return what effects are sorted by."""
        verb = _VERB_ORDER[verb_of(effect)]
        depth = self.depth(effect)
        if effect.operation == "DELETE":
            # What goes with its parent is deleted before it, or would be gone when its turn comes.
            depth = self._ranks[effect.object.lower()]
        return (self.wave(effect), depth, verb, effect.object, _parent(effect))

    def _number_waves(self) -> None:
        """Number each action by the longest chain before it; actions without effects count on the way."""
        pending = [owner for each in self.effects for owner in owners(each)]
        while pending:
            action = pending[-1]
            unknown = [
                each for each in self.needs.get(action, frozenset()) if each not in self._waves
            ]
            if unknown:
                pending += unknown
                continue
            pending.pop()
            before = (self._waves[each] for each in self.needs.get(action, frozenset()))
            self._waves[action] = 1 + max(before, default=-1)

    def _rank_deletes(self) -> None:
        """Number the objects of deletes by the longest chain of others below them that they take with them."""
        taken: dict[str, set[str]] = defaultdict(set)
        for each in self.effects:
            if each.operation == "DELETE":
                taken[each.object.lower()] |= {child.object.lower() for child in each.also_deletes}
        self._ranks.update(dict.fromkeys(taken, 0))
        for _ in taken:
            for name, children in taken.items():
                below = [self._ranks[each] for each in children & taken.keys() - {name}]
                self._ranks[name] = min(1 + max(below, default=-1), len(taken))

    def _number_depths(self) -> None:
        creators = {each.ref: each for each in self.effects if each.ref}
        pending = list(self.effects)
        rounds = 0
        while pending:
            waiting = []
            for effect in pending:
                before = [creators[each].id for each in links(effect) if each in creators]
                if all(each in self._depths for each in before):
                    depths = (self._depths[each] for each in before)
                    self._depths[effect.id] = 1 + max(depths, default=-1)
                else:
                    waiting.append(effect)
            rounds += 1
            if len(waiting) == len(pending):
                # A circle of links: the connector refuses it by name, whichever way it stands.
                self._depths.update({each.id: rounds for each in waiting})
                return
            pending = waiting


def components(effects: Sequence[Effect], needs: Needs | None = None) -> list[list[Effect]]:
    """Return the effects that must share a transaction, each group and all groups in the given order.

    Effects belong together where one links to the other, and where one action has effects of several kinds. The rows of
    one action stand for themselves.

    Args:
        effects: In order.
        needs: Where given, an action belongs together with those it waits for.
    """
    groups = _Union()
    creators = {each.ref: each.id for each in effects if each.ref}
    of_action: dict[str, list[Effect]] = defaultdict(list)
    for effect in effects:
        groups.add(effect.id)
        for owner in owners(effect):
            of_action[owner].append(effect)
        for ref in links(effect):
            if ref in creators:
                groups.join(effect.id, creators[ref])
    for action, own in of_action.items():
        awaited = needs.get(action, frozenset()) if needs else frozenset()
        others = [each.id for other in awaited for each in of_action.get(other, ())]
        if others or len({(each.object, each.operation) for each in own}) > 1:
            for each in (*(mine.id for mine in own), *others):
                groups.join(own[0].id, each)
    found: dict[str, list[Effect]] = defaultdict(list)
    for effect in effects:
        found[groups.root(effect.id)].append(effect)
    return list(found.values())


class _Union:
    """Which ids belong together."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}

    def add(self, key: str) -> None:
        self._parents.setdefault(key, key)

    def join(self, one: str, other: str) -> None:
        self._parents[self.root(other)] = self.root(one)

    def root(self, key: str) -> str:
        while self._parents[key] != key:
            self._parents[key] = self._parents[self._parents[key]]
            key = self._parents[key]
        return key


def _parent(effect: Effect) -> str:
    """Return the first record an effect's own would hang on, else the record itself."""
    pointed = (
        str(each.after) for each in effect.changes if each.family == "id" and each.after is not None
    )
    return next(pointed, effect.record_id or "")
