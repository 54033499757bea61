"""Comparing: two scorecards of one suite, number by number against the noise band, and case by case as plans."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Literal

from actwright.canonical import decimal_text
from actwright.contract import Contract
from actwright.errors import InputError
from actwright.regression.comparing.plan_diff import PlanChange, plan_changes
from actwright.regression.noise import METRICS, MORE_IS_BETTER, Metric, Noise
from actwright.regression.origin import Origin
from actwright.regression.scores.scorecard import CaseResult, Scorecard, Totals, totals_of

Move = Literal["same", "better", "noise", "drop", "unknown"]
"""``noise``: worse, but inside the band; ``drop``: worse beyond it; ``unknown``: one side has no number."""

_MOST_NAMED = 5


class MetricChange(Contract):
    """What became of one number."""

    metric: Metric
    before: str | None
    after: str | None
    allowed: str
    """How much worse it may get."""
    move: Move

    @property
    def words(self) -> str:
        """The metric's name as people read it."""
        return self.metric.replace("_", " ")


class CaseChange(Contract):
    """What became of one case."""

    id: str
    goal: str
    right_before: bool
    right_after: bool
    differences: tuple[str, ...] = ()
    """What is wrong with the later answer."""
    changes: tuple[PlanChange, ...] = ()

    @property
    def grave(self) -> bool:
        """Whether a person could now say yes to what nobody may have meant."""
        return any(each.grave for each in self.changes)


class Compared(Contract):
    """Which scorecard a side is."""

    prompt: str
    version: str
    hash: str
    model: str
    origin: Origin
    suite: str
    at: str


class Comparison(Contract):
    """What lies between two scorecards."""

    before: Compared
    after: Compared
    cases: int
    """How many cases both have: what the numbers are about."""
    metrics: tuple[MetricChange, ...]
    changed: tuple[CaseChange, ...]
    """The cases whose answer or verdict is another one."""
    left_out: tuple[str, ...] = ()
    """Cases only the earlier one has."""
    added: tuple[str, ...] = ()
    """Cases only the later one has."""

    @property
    def same_suite(self) -> bool:
        """Whether both were made with the same suite."""
        return self.before.suite == self.after.suite

    @property
    def turned_wrong(self) -> tuple[str, ...]:
        """The cases that were right and are not any more."""
        return tuple(each.id for each in self.changed if each.right_before and not each.right_after)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is red, a sentence each; nothing where it is not."""
        return tuple(_reasons(self))

    @property
    def red(self) -> bool:
        """Whether the later one is worse beyond the noise band, or anything grave changed."""
        return bool(self.reasons)


def compare(before: Scorecard, after: Scorecard, noise: Noise) -> Comparison:
    """Return what lies between two scorecards, over the cases both have.

    Raises:
        InputError: One is of scripted answers and the other of a live model's, or they share no case.
    """
    if before.origin != after.origin:
        raise InputError(
            f"{before.about} and {after.about} cannot be compared: what a script answered says nothing about a model.",
            hint="Compare scripted with scripted, or live with live.",
            code="origins_mixed",
        )
    old, new = ({case.id: case for case in each.cases} for each in (before, after))
    shared = sorted(old.keys() & new.keys())
    if not shared:
        raise InputError(
            f"{before.about} and {after.about} share no case.",
            hint="Compare two recordings of one suite.",
            code="nothing_shared",
        )
    sides = totals_of([old[each] for each in shared]), totals_of([new[each] for each in shared])
    return Comparison(
        before=_compared(before),
        after=_compared(after),
        cases=len(shared),
        metrics=tuple(_metrics(*sides, after.origin, noise)),
        changed=tuple(_changed((old[each], new[each]) for each in shared)),
        left_out=tuple(sorted(old.keys() - new.keys())),
        added=tuple(sorted(new.keys() - old.keys())),
    )


def drops(
    before: Scorecard, after: Scorecard, noise: Noise, *, accepted: Collection[str] = ()
) -> tuple[str, ...]:
    """Return in what a scorecard is worse than another beyond the noise band; nothing where it is not.

    Args:
        before: The one to measure against.
        after: The one that is measured.
        noise: How far a number may move.
        accepted: Sentences a person has accepted, as `Scorecard.accepted` keeps them; they are left out.

    Where they share no case there is nothing to measure, but that one suite's cases were left out.

    Raises:
        InputError: One is of scripted answers and the other of a live model's.
    """
    if {each.id for each in before.cases}.isdisjoint(each.id for each in after.cases):
        gone = tuple(each.id for each in before.cases) if before.suite == after.suite else ()
        reasons: tuple[str, ...] = (_left_out(gone),) if gone else ()
    else:
        reasons = compare(before, after, noise).reasons
    return tuple(each for each in reasons if each not in accepted)


def _compared(card: Scorecard) -> Compared:
    return Compared(**{name: getattr(card, name) for name in Compared.model_fields})


def _metrics(before: Totals, after: Totals, origin: Origin, noise: Noise) -> Iterator[MetricChange]:
    for metric in METRICS:
        old, new = before.value(metric), after.value(metric)
        if old is None and new is None:
            continue
        room = noise.allowed(metric, origin, before=old or Decimal(0), cases=before.about(metric))
        yield MetricChange(
            metric=metric,
            before=_text(old),
            after=_text(new),
            allowed=decimal_text(room),
            move=_move(metric, old, new, room),
        )


def _move(metric: Metric, old: Decimal | None, new: Decimal | None, room: Decimal) -> Move:
    if old is None or new is None:
        return "unknown"
    worse = old - new if metric in MORE_IS_BETTER else new - old
    if worse == 0:
        return "same"
    if worse < 0:
        return "better"
    return "noise" if worse <= room else "drop"


def _text(value: Decimal | None) -> str | None:
    return None if value is None else decimal_text(value)


def _changed(pairs: Iterator[tuple[CaseResult, CaseResult]]) -> Iterator[CaseChange]:
    for old, new in pairs:
        changes = plan_changes(old.outcome, new.outcome, right=new.right)
        if changes or old.right != new.right:
            yield CaseChange(
                id=new.id,
                goal=new.goal,
                right_before=old.right,
                right_after=new.right,
                differences=new.differences,
                changes=changes,
            )


def _reasons(found: Comparison) -> Iterator[str]:
    for each in found.metrics:
        if each.move == "drop":
            yield f"{each.words}: {each.before} -> {each.after}, where the band is {each.allowed}"
    if found.after.origin == "scripted" and found.turned_wrong:
        yield f"right before and not any more: {_named(found.turned_wrong)}"
    for case in found.changed:
        for change in case.changes:
            if change.grave or change.kind == "checkpoint_lost":
                yield f"{case.id}: {change}"
    if found.left_out and found.same_suite:
        yield _left_out(found.left_out)


def _left_out(ids: Sequence[str]) -> str:
    return f"left out of the same suite: {_named(ids)}"


def _named(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _MOST_NAMED} more" if len(ids) > _MOST_NAMED else ""
    return f"{', '.join(ids[:_MOST_NAMED])}{more}"
