"""The deep check: the org tries each effect group without committing it, and what it would refuse becomes an issue.

An org tells of one refusal at a time, or of those in one request, and takes back the rest unseen. So what was refused
is taken out, with what links to it, and the rest is tried again, in few rounds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from actwright.checkpoints.deep.refusals import refusal_issues
from actwright.checkpoints.preview import DeepCheck
from actwright.clock import Clock, timestamp
from actwright.errors import OrgProtocolError, RefusedError
from actwright.guardrails.issue import Issue
from actwright.org.effect import Effect, EffectGroup
from actwright.org.outcome import EffectOutcome, GroupOutcome
from actwright.org.ports import Rehearsal

MOST_ROUNDS = 5
"""How often one group is tried, each time without what the org refused before."""

MOST_CALLS = 25
"""Calls after which no further round is begun."""

LEFT_BEHIND = (
    "All of it was taken back, but not what the org's automation does outside the transaction: mails, "
    "callouts and platform events it sends at once may have gone out, and auto-numbers it gave out leave gaps."
)
_EACH_ALONE = "Each transaction was tried by itself, as if those before it had not happened."
_ANY_ORDER = "What goes out as a graph is tried in an order the org chooses: a write it did not come to shows no refusal."
_ONLY_THE_ORG = frozenset({"lookup_filter_unchecked", "record_type_unchecked"})
"""Warnings of what only the org can check."""


def rehearsed(
    rehearsal: Rehearsal, groups: Sequence[EffectGroup], clock: Clock
) -> tuple[DeepCheck, tuple[Issue, ...]]:
    """Let the org try each group without committing it.

    Args:
        rehearsal: The way to the org; used only here, where a person asked for it.
        groups: What would be sent.
        clock: The time.

    Returns:
        What was tried, and an issue for each effect the org would refuse.

    Raises:
        OrgError: The org cannot be asked, or refused a call as a whole. Nothing was written.
        OrgProtocolError: The org's answer does not prove that nothing was written.
    """
    course = _Course(rehearsal, any_order=any(each.carrier == "graph" for each in groups))
    issues = [issue for group in groups for issue in course.try_group(group)]
    check = DeepCheck(
        at=timestamp(clock.now()),
        api_calls=course.calls,
        rounds=course.rounds,
        complete=course.complete,
        said=tuple(course.said(groups)),
    )
    return check, tuple(issues)


def settled(issues: Sequence[Issue], check: DeepCheck | None) -> tuple[Issue, ...]:
    """Return the issues without the warnings that a complete check has answered: the org accepted, or has refused."""
    if check is None or not check.complete:
        return tuple(issues)
    return tuple(each for each in issues if each.code not in _ONLY_THE_ORG)


@dataclass
class _Course:
    """The rehearsals of one preview as they go."""

    rehearsal: Rehearsal
    any_order: bool
    """Whether the org may have come to what fails before it came to a write."""
    calls: int = 0
    rounds: int = 0
    untried: Counter[str] = field(default_factory=Counter)
    """How many writes got no answer, by why."""

    @property
    def complete(self) -> bool:
        """Whether every effect got its answer."""
        return not self.untried and not self.any_order

    def said(self, groups: Sequence[EffectGroup]) -> Iterator[str]:
        """Yield what to know about the check."""
        yield from (f"{_writes(count)} no answer: {why}" for why, count in self.untried.items())
        if not self.calls:
            return
        if len(groups) > 1 or any(each.parts for each in groups):
            yield _EACH_ALONE
        if self.any_order:
            yield _ANY_ORDER
        yield LEFT_BEHIND

    def try_group(self, group: EffectGroup) -> list[Issue]:
        """Return the issues of one group, round after round."""
        if group.carrier == "opaque":
            self.untried[_BY_ITSELF] += len(group.effects)
            return []
        issues: list[Issue] = []
        left: EffectGroup | None = group
        for number in range(1, MOST_ROUNDS + 1):
            if left is None:
                return issues
            if self.calls >= MOST_CALLS:
                break
            try:
                outcome = self.rehearsal.rehearse(left)
            except RefusedError as error:
                self.untried[error.message] += len(left.effects)
                return issues
            self.calls += outcome.api_calls
            self.rounds = max(self.rounds, number)
            refused = _refused(left, outcome)
            issues += [issue for each in refused for issue in refusal_issues(*each)]
            if not refused:
                return issues
            left = self._without(left, {effect.id for effect, _ in refused})
        if left is not None:
            self.untried[_ROUNDS_RAN_OUT] += len(left.effects)
        return issues

    def _without(self, group: EffectGroup, refused: set[str]) -> EffectGroup | None:
        """Return the group without what was refused and what links to it; None where nothing is left."""
        gone = _with_dependants(group, refused)
        if len(gone) > len(refused):
            self.untried[_LINKED] += len(gone) - len(refused)
        effects = tuple(each for each in _unseen_first(group, refused) if each.id not in gone)
        if not effects:
            return None
        parts = (tuple(each for each in part if each not in gone) for part in group.parts)
        return group.model_copy(
            update={"effects": effects, "parts": tuple(each for each in parts if each)}
        )


_ROUNDS_RAN_OUT = (
    "the org kept refusing others first; take out or mend what it refused, and preview again."
)
_BY_ITSELF = "an override that acts by itself was not tried."
_LINKED = "they link to records the org would not create."


def _refused(group: EffectGroup, outcome: GroupOutcome) -> list[tuple[Effect, EffectOutcome]]:
    """Return what the org would refuse, and why.

    Raises:
        OrgProtocolError: The outcome is none a rehearsal can have.
    """
    effects = {each.id: each for each in group.effects}
    told = [each.effect_id for each in outcome.outcomes]
    statuses = {each.status for each in outcome.outcomes}
    if sorted(told) != sorted(effects) or not statuses <= {"failed", "rolled_back"}:
        raise OrgProtocolError(
            "A rehearsal came back without the proof that nothing was written.",
            where=f"group {group.id}",
            hint="Look at the plan's records before anything else is done.",
        )
    return [(effects[each.effect_id], each) for each in outcome.outcomes if each.status == "failed"]


def _unseen_first(group: EffectGroup, refused: set[str]) -> list[Effect]:
    """Return the effects with those rows first that the org had not come to.

    It stops at the collection that holds what it refuses. Rows of one action have no order among themselves, so that
    those behind the last refused one may change places with those before it; all else stays where it stands.
    """
    effects = list(group.effects)
    last = max(place for place, each in enumerate(effects) if each.id in refused)
    row = _row_of(effects[last])
    start, end = last, last + 1
    while row and start > 0 and _row_of(effects[start - 1]) == row:
        start -= 1
    while row and end < len(effects) and _row_of(effects[end]) == row:
        end += 1
    return [*effects[:start], *effects[last + 1 : end], *effects[start : last + 1], *effects[end:]]


def _row_of(effect: Effect) -> tuple[str, str, str] | None:
    """Return which rows an effect is one of; None where its place among them could matter."""
    if effect.ref or effect.also_for or any(each.linked_to for each in effect.changes):
        return None
    return effect.action_id, effect.object, effect.operation


def _with_dependants(group: EffectGroup, gone: set[str]) -> set[str]:
    """Return the ids of effects that are gone, with all that link to them, directly or through others."""
    found = set(gone)
    while True:
        refs = {each.ref for each in group.effects if each.id in found and each.ref}
        more = {
            each.id
            for each in group.effects
            if each.id not in found and any(change.linked_to in refs for change in each.changes)
        }
        if not more:
            return found
        found |= more


def _writes(count: int) -> str:
    return f"{count:,} write{'' if count == 1 else 's'} got"
