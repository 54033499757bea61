"""Why a run did not reach its end, in words that are true of what had been done by then."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from actwright.errors import ActwrightError, DriftError, OrgRefusedError, RefusedError
from actwright.inert import inert
from actwright.org.effect import EffectGroup
from actwright.org.outcome import EffectOutcome, EffectStatus, Fault, GroupOutcome
from actwright.runs.logs import called
from actwright.runs.readiness import Readiness
from actwright.runs.results import remedy_of

UNKNOWN = "outcome_unknown"
"""The ``stopped_by`` of a run whose last answer was lost."""

BROKEN_OFF = "broken_off"
"""The ``stopped_by`` of a run that a defect, or the person, ended while nothing was out."""

MOST_LINES = 20
"""Errors an envelope spells out; the issues of its results hold all of them."""

_LOST = "The org's answer was lost: the changes may have been made. They were not tried again."
_BROKEN_OFF = "The run was broken off; what had been sent by then may have been carried out."
_LOOK = "Look at the records before you do anything again."
_ACTED = "The override broke down: it may have done what it promised. It was not tried again."
_LOOK_OUTSIDE = "Look at what it acts upon before you do anything again."
_AGAIN = "preview the plan again"
_ROLLED_BACK = "This group of changes is atomic and was rolled back whole."


@dataclass(frozen=True, slots=True)
class Stop:
    """What stopped a run: a code of the error tree, messages, and what to do next."""

    code: str
    errors: tuple[str, ...]
    hint: str | None = None
    partial: bool = False
    """Whether some of a group happened, all of it is known, and nothing behind it waits for the rest."""

    @classmethod
    def by(cls, error: ActwrightError) -> Self:
        """Return the stop an error means."""
        return cls(type(error).code, (str(error),), error.hint)

    @classmethod
    def unready(cls, ready: Readiness) -> Self:
        """Return the stop of a group that was not sent: a refusal where there is one, else drift."""
        code = RefusedError.code if ready.refusals else DriftError.code
        lines = bounded([each.message for each in ready.issues])
        return cls(code, lines, ready.issues[0].hint)

    @classmethod
    def after(
        cls, group: EffectGroup, outcome: GroupOutcome, failure: ActwrightError | None
    ) -> Self:
        """Return the stop of a group that was sent, or tried to be, and is not committed."""
        if failure:
            return cls.by(failure)
        if any(each.status == "unknown" for each in outcome.outcomes):
            return cls(UNKNOWN, _lost(group, outcome), _look(group, outcome))
        if group.carrier == "opaque":
            return cls(RefusedError.code, bounded(_lines(group, outcome)), "It was not done.")
        faults = [fault for each in outcome.outcomes for fault in each.faults]
        stale = any(each.code == "PRECONDITION_FAILED" for each in faults)
        return cls(
            DriftError.code if stale else OrgRefusedError.code,
            bounded(_lines(group, outcome)) or ("The org refused the changes.",),
            _way_out(group, faults),
            partial=bool(group.parts),
        )

    @classmethod
    def broken_off(cls, *, out: bool, job: str | None = None) -> Self:
        """Return the stop of a run that a defect, or the person, ended.

        Args:
            out: Whether a group had been sent whose outcome is not known.
            job: The bulk job that carries it, which may go on in the org by itself.
        """
        if not out:
            return cls(BROKEN_OFF, ("The run was broken off between two steps; none was out.",))
        if job is None:
            return cls(UNKNOWN, (_BROKEN_OFF,), _LOOK)
        lines = (_BROKEN_OFF, f"The bulk job {job} may go on in the org by itself.")
        return cls(UNKNOWN, lines, f"Abort it there, or wait for its end. {_LOOK}")

    @classmethod
    def together(cls, stops: Sequence[Self]) -> Self:
        """Return several stops as one: the gravest code, and what all of them say."""
        gravest = next((each for each in stops if each.code == UNKNOWN), stops[0])
        lines = bounded([line for each in stops for line in each.errors])
        return replace(gravest, errors=lines)

    def of_plan(self, plan_id: str) -> Stop:
        """Return the stop with the command in its hint where that says to preview the plan again."""
        return replace(self, hint=with_command(self.hint, plan_id))

    def following(self, done: int, run_id: str, steps: str = "") -> Stop:
        """Return the stop with a hint that says so where ``done`` effects had been carried out before it.

        Args:
            done: How many effects were carried out in all.
            run_id: The run.
            steps: What became of each step, where there are several.
        """
        if not done and not steps:
            return self
        stands = (
            "1 effect has been carried out and stands"
            if done == 1
            else f"{done:,} effects have been carried out and stand"
        )
        first = f"{self.hint.removesuffix('.')}. " if self.hint else ""
        told = "; ".join(each for each in (stands if done else "", steps) if each)
        return replace(self, hint=f"{first}{told}: actwright inspect {run_id}")


def with_command(hint: str | None, plan_id: str) -> str | None:
    """Return a hint that says to preview the plan again with the command that does so."""
    if hint is None or _AGAIN not in hint.casefold():
        return hint
    option = " --allow-duplicates" if "--allow-duplicates" in hint else ""
    return f"{hint.removesuffix('.')}: actwright preview {plan_id}{option}"


def bounded(lines: Sequence[str]) -> tuple[str, ...]:
    """Return lines once each, at most 20 of them, and how many more there are."""
    once = tuple(dict.fromkeys(lines))
    more = len(once) - MOST_LINES
    return once if more <= 0 else (*once[:MOST_LINES], f"And {more:,} more; see the results.")


def steps_taken(groups: Sequence[EffectGroup], outcomes: Mapping[str, EffectOutcome]) -> str:
    """Return in words what became of each of several groups; nothing where there is one."""
    if len(groups) < 2:  # noqa: PLR2004 - several
        return ""
    kinds: dict[str, list[int]] = {}
    for place, group in enumerate(groups, start=1):
        known = (outcomes.get(each.id) for each in group.effects)
        found: set[EffectStatus] = {each.status if each else "not_sent" for each in known}
        kinds.setdefault(_became(group, found), []).append(place)
    told = [f"{_numbered(places)} {what}" for what, places in kinds.items()]
    return f"of {len(groups)} steps, {', '.join(told)}"


def _became(group: EffectGroup, statuses: Collection[EffectStatus]) -> str:
    if "unknown" in statuses:
        return "may have happened"
    if set(statuses) == {"done"}:
        return "happened"
    if set(statuses) == {"not_sent"}:
        return "not sent"
    if "done" in statuses:
        return "happened in part"
    return "rolled back" if group.atomic else "not done"


def _numbered(places: Sequence[int]) -> str:
    """Return places in words, such as ``1, 3 to 5 and 8``."""
    runs: list[list[int]] = []
    for each in places:
        if runs and runs[-1][-1] == each - 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    told = [_run(each) for each in runs]
    *first, last = [word for words in told for word in words]
    return f"{', '.join(first)} and {last}" if first else last


def _run(places: Sequence[int]) -> list[str]:
    if len(places) > 2:  # noqa: PLR2004 - from the third on a span says it shorter
        return [f"{places[0]} to {places[-1]}"]
    return [str(each) for each in places]


def _way_out(group: EffectGroup, faults: Sequence[Fault]) -> str | None:
    """Return what a person can do about the first fault that has a remedy, and that nothing of the group stands."""
    remedy = next((found for each in faults if (found := remedy_of(each))), None)
    told = [_ROLLED_BACK if group.atomic else None, remedy]
    return " ".join(each for each in told if each) or None


def _lines(group: EffectGroup, outcome: GroupOutcome) -> list[str]:
    """Return a line for each fault of what failed itself; of what was only taken back, where nothing else is told."""
    effects = {each.id: each for each in group.effects}
    culprits = [each for each in outcome.outcomes if each.status != "rolled_back" and each.faults]
    told = culprits or [each for each in outcome.outcomes if each.faults]
    return [
        f"{called(effects[each.effect_id])}: {fault.code}: {inert(fault.message, limit=500)}"
        for each in told
        for fault in each.faults
    ]


def _lost(group: EffectGroup, outcome: GroupOutcome) -> tuple[str, ...]:
    if group.carrier == "opaque":
        return _ACTED, *bounded(_lines(group, outcome))
    lost = sum(each.status == "unknown" for each in outcome.outcomes)
    if lost == len(outcome.outcomes):
        return (_LOST,)
    return (
        f"The org did not say what became of {lost:,} of {len(outcome.outcomes):,} changes. They were not tried again.",
        *bounded(_lines(group, outcome)),
    )


def _look(group: EffectGroup, outcome: GroupOutcome) -> str:
    if group.carrier == "opaque":
        return _LOOK_OUTSIDE
    if outcome.job_id is None:
        return _LOOK
    return f"Look the bulk job {outcome.job_id} up in the org before you do anything again."
