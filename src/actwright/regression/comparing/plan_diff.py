"""Plan diffs: how two answers to one goal differ in what would be done and asked, never in their prose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from actwright.contract import Contract
from actwright.regression.scores.outline import ActionOutline, OutcomeOutline

ChangeKind = Literal[
    "answer_changed",
    "action_added",
    "action_removed",
    "actions_reordered",
    "argument_added",
    "argument_removed",
    "argument_changed",
    "rows_changed",
    "checkpoint_lost",
    "checkpoint_gained",
    "question_added",
    "question_dropped",
    "question_changed",
    "refusal_changed",
]
"""What can differ between two answers."""


class PlanChange(Contract):
    """One way in which an answer differs from an earlier one."""

    kind: ChangeKind
    where: str
    """The action, the input or the question; empty where it is the whole answer."""
    before: str = ""
    after: str = ""
    grave: bool = False
    """Whether a person could now say yes to what was asked about, was refused, or deleted nothing before."""

    def __str__(self) -> str:
        what = self.kind.replace("_", " ")
        told = " -> ".join(filter(None, (self.before, self.after)))
        return f"{what}: {': '.join(filter(None, (self.where, told)))}"


@dataclass(frozen=True, slots=True)
class _Pair:
    """An action that is in both plans, perhaps with other arguments."""

    before: ActionOutline
    after: ActionOutline


def plan_changes(
    before: OutcomeOutline, after: OutcomeOutline, *, right: bool
) -> tuple[PlanChange, ...]:
    """Return how an answer differs from an earlier one to the same goal.

    Args:
        before: The earlier answer.
        after: The later one.
        right: Whether the later one is what its case expects: then nothing about it is grave.
    """
    return tuple(_changes(before, after, right=right))


def _changes(before: OutcomeOutline, after: OutcomeOutline, *, right: bool) -> Iterator[PlanChange]:
    if before.kind != after.kind:
        held = before.kind in {"questions", "refusal"}
        grave = held and after.ready and not right
        yield PlanChange(
            kind="answer_changed", where="", before=_told(before), after=_told(after), grave=grave
        )
    elif before.refusal != after.refusal:
        yield PlanChange(
            kind="refusal_changed", where="", before=before.refusal, after=after.refusal
        )
    yield from _questions(before.questions, after.questions)
    if {before.kind, after.kind} <= {"plan", "questions"}:
        yield from _actions(before, after, right=right)


def _told(outcome: OutcomeOutline) -> str:
    if outcome.kind in {"refusal", "failed"}:
        return f"{outcome.kind} {outcome.refusal}".strip()
    actions = ", ".join(each.blueprint for each in outcome.actions)
    return f"{outcome.kind} ({actions})" if actions else outcome.kind


def _questions(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[PlanChange]:
    for name, reason in before.items():
        if name not in after:
            yield PlanChange(kind="question_dropped", where=name, before=reason)
        elif after[name] != reason:
            yield PlanChange(kind="question_changed", where=name, before=reason, after=after[name])
    for name in sorted(after.keys() - before.keys()):
        yield PlanChange(kind="question_added", where=name, after=after[name])


def _actions(before: OutcomeOutline, after: OutcomeOutline, *, right: bool) -> Iterator[PlanChange]:
    pairs = _paired(before.actions, after.actions)
    kept, stayed = {each.before.id for each in pairs}, {each.after.id for each in pairs}
    for each in before.actions:
        if each.id not in kept:
            yield PlanChange(kind="action_removed", where=each.blueprint, before=_brief(each))
    for each in after.actions:
        if each.id not in stayed:
            grave = each.operation == "DELETE" and after.ready and not right
            yield PlanChange(
                kind="action_added", where=each.blueprint, after=_brief(each), grave=grave
            )
    yield from _order(pairs, before.actions, after.actions)
    same = {each.after.id: each.before.id for each in pairs}
    for pair in pairs:
        yield from _inside(pair, same)
    yield from _checkpoint("the plan", before.checkpoint, after.checkpoint)


def _paired(before: Sequence[ActionOutline], after: Sequence[ActionOutline]) -> tuple[_Pair, ...]:
    """Return the actions that are in both plans: of one blueprint, those that share most arguments."""
    left, pairs = list(after), []
    for one in before:
        alike = [each for each in left if each.blueprint == one.blueprint]
        if alike:
            nearest = max(alike, key=lambda each: _shared(one, each))
            left.remove(nearest)
            pairs.append(_Pair(one, nearest))
    return tuple(pairs)


def _shared(one: ActionOutline, other: ActionOutline) -> int:
    return len(one.arguments.items() & other.arguments.items()) + (one.rows == other.rows)


def _order(
    pairs: Sequence[_Pair], before: Sequence[ActionOutline], after: Sequence[ActionOutline]
) -> Iterator[PlanChange]:
    first = [each.before.id for each in pairs]
    was = [each.blueprint for each in before if each.id in first]
    place = {each.id: at for at, each in enumerate(after)}
    now = sorted(pairs, key=lambda each: place[each.after.id])
    if [each.before.id for each in now] != first:
        yield PlanChange(
            kind="actions_reordered",
            where="",
            before=", ".join(was),
            after=", ".join(each.after.blueprint for each in now),
        )


def _inside(pair: _Pair, same: Mapping[str, str]) -> Iterator[PlanChange]:
    before, after, name = pair.before, pair.after, pair.before.blueprint
    old = _arguments(before, {})
    new = _arguments(after, same)
    for each in sorted(old.keys() | new.keys()):
        if old.get(each) != new.get(each):
            yield _argument(f"{name}.{each}", old.get(each), new.get(each))
    if before.rows != after.rows:
        yield PlanChange(kind="rows_changed", where=name, before=before.rows, after=after.rows)
    yield from _checkpoint(name, before.checkpoint, after.checkpoint)


def _argument(where: str, old: str | None, new: str | None) -> PlanChange:
    if old is None:
        return PlanChange(kind="argument_added", where=where, after=new or "")
    if new is None:
        return PlanChange(kind="argument_removed", where=where, before=old)
    return PlanChange(kind="argument_changed", where=where, before=old, after=new)


def _arguments(action: ActionOutline, same: Mapping[str, str]) -> dict[str, str]:
    """Return what an action is handed, with provenance, and with outputs by the ids of the other plan."""
    return {
        name: " ".join(filter(None, (_renamed(value, same), _origin(action, name))))
        for name, value in action.arguments.items()
    }


def _origin(action: ActionOutline, name: str) -> str:
    return f"({action.origins[name]})" if name in action.origins else ""


def _renamed(value: str, same: Mapping[str, str]) -> str:
    head, _, rest = value.partition(".")
    action, _, output = rest.partition(".")
    known = head == "actions" and output.startswith("output.") and action in same
    return f"actions.{same[action]}.{output}" if known else value


def _checkpoint(where: str, before: str, after: str) -> Iterator[PlanChange]:
    """Yield that a text is gone or has come; how it is worded is prose, and never compared."""
    if before and not after:
        yield PlanChange(kind="checkpoint_lost", where=where, before=before)
    if after and not before:
        yield PlanChange(kind="checkpoint_gained", where=where, after=after)


def _brief(action: ActionOutline) -> str:
    said = ", ".join(f"{name}={value}" for name, value in action.arguments.items())
    rows = f" for {action.rows}" if action.rows else ""
    return f"{said}{rows}"
