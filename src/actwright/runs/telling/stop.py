"""Why a run did not reach its end, in words that are true of what had been done by then."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from actwright.errors import (
    ActwrightError,
    ConfirmationMissingError,
    DriftError,
    OrgRefusedError,
    RunError,
)
from actwright.guardrails.issue import Issue
from actwright.inert import inert
from actwright.org.effect import EffectGroup
from actwright.org.outcome import EffectOutcome, EffectStatus, Fault, GroupOutcome
from actwright.runs.engine.work import Ending
from actwright.runs.telling.logs import called
from actwright.runs.telling.results import OVERRIDE_FAILED, remedy_of
from actwright.runs.telling.way_on import created_by, way_on

UNKNOWN = "outcome_unknown"
"""The ``stopped_by`` of a run whose last answer was lost."""

MOST_LINES = 20
"""Errors an envelope spells out; the issues of its results hold all of them."""

_LOST = "The org's answer was lost: the changes may have been made. They were not tried again."
_LOOK = "Look at the records before you do anything again."
_ACTED = "The override broke down: it may have done what it promised. It was not tried again."
_LOOK_OUTSIDE = "Look at what it acts upon before you do anything again."
_AGAIN = "preview the plan again"
_WHOLE = re.compile("(p)review the plan again", re.IGNORECASE)
_ROLLED_BACK = "This group of changes is atomic and was rolled back whole."


@dataclass(frozen=True, slots=True)
class Stop:
    """What stopped a run: a code of the error tree, messages, and what to do next."""

    code: str
    errors: tuple[str, ...]
    hint: str | None = None
    partial: bool = False
    """Whether some of a group happened, all of it is known, and nothing behind it waits for the rest."""
    created: tuple[str, ...] = ()
    """The effects of a group in doubt that would have created a record, as ``GROUP/EFFECT``."""

    @classmethod
    def by(cls, error: ActwrightError) -> Self:
        """Return the stop an error means."""
        return cls(type(error).code, (str(error),), error.hint)

    @classmethod
    def told(cls, error: Mapping[str, str | None]) -> Self:
        """Return the stop an error means, as `told_error` wrote it down."""
        place = f" (at {error['where']})" if error.get("where") else ""
        code = error.get("kind") or error.get("code") or ActwrightError.code
        return cls(code, (f"{error.get('message')}{place}",), error.get("hint"))

    @classmethod
    def unready(cls, code: str, issues: Sequence[Issue]) -> Self:
        """Return the stop of a group that was not sent.

        Args:
            code: What kept it from being sent: a refusal, or drift.
            issues: All that was found.
        """
        hint = issues[0].hint if issues else None
        return cls(code, bounded([each.message for each in issues]), hint)

    @classmethod
    def ending(cls, ending: Ending) -> Self:
        """Return the stop of a run that is ended, or held, for a reason of its own."""
        return cls(ending.code, (_sentence(ending),))

    @classmethod
    def unfinished(cls, reason: str) -> Self:
        """Return the stop of a run that has not ended, and of which no group stands in the way."""
        return cls(RunError.code, (reason or "The run has not ended.",))

    @classmethod
    def waiting(cls, run_id: str) -> Self:
        """Return the stop of a run that waits for a yes to what comes next."""
        return cls(ConfirmationMissingError.code, (), f"actwright resume {run_id}")

    @classmethod
    def after(
        cls, group: EffectGroup, outcome: GroupOutcome, error: Mapping[str, str | None] | None
    ) -> Self:
        """Return the stop of a group that was sent, or tried to be, and is not committed.

        Args:
            group: The group.
            outcome: What became of it.
            error: Why nothing of it was sent, as `told_error` wrote it down; None where it was sent.
        """
        if error:
            return cls.told(error)
        if any(each.status == "unknown" for each in outcome.outcomes):
            look, created = _look(group, outcome), created_by(group, outcome)
            return cls(UNKNOWN, _lost(group, outcome), look, created=created)
        if group.carrier == "opaque":
            told = bounded(_lines(group, outcome)) or (_unsent(group, outcome),)
            return cls(
                OVERRIDE_FAILED, told, "Once nothing stands in its way, preview the plan again."
            )
        faults = [fault for each in outcome.outcomes for fault in each.faults]
        if not faults and {each.status for each in outcome.outcomes} <= {"done", "not_sent"}:
            return cls(RunError.code, (_unsent(group, outcome),), partial=bool(group.parts))
        stale = any(each.code == "PRECONDITION_FAILED" for each in faults)
        return cls(
            DriftError.code if stale else OrgRefusedError.code,
            bounded(_lines(group, outcome)) or ("The org refused the changes.",),
            _way_out(group, faults),
            partial=bool(group.parts),
        )

    @classmethod
    def together(cls, stops: Sequence[Self]) -> Self:
        """Return several stops as one: the gravest code, and what all of them say."""
        gravest = next((each for each in stops if each.code == UNKNOWN), stops[0])
        lines = bounded([line for each in stops for line in each.errors])
        return replace(gravest, errors=lines)

    def held(self, run_id: str, status: str, holding: Mapping[str, Any]) -> Stop:
        """Return the stop of a run that can go on: with what was found of it, and how it goes on.

        Args:
            run_id: The run.
            status: The `RunStatus` it has.
            holding: What the event says that holds it; nothing where none does.
        """
        waits_for = str(holding.get("for", ""))
        objection = [str(holding.get("reason", ""))] if waits_for == "override" else []
        lines = bounded([*objection, *self.errors, *map(str, holding.get("evidence", ()))])
        first = f"{self.hint.removesuffix('.')}. " if self.hint else ""
        if status != "paused":
            return replace(self, errors=lines, hint=f"{first}Then: actwright resume {run_id}")
        doubt, drifted = self.code == UNKNOWN, self.code == DriftError.code
        how = way_on(run_id, waits_for, created=self.created, in_doubt=doubt, drifted=drifted)
        return replace(self, errors=lines, hint=f"{first}{how}")

    @property
    def wants_preview(self) -> bool:
        """Whether its hint says to preview the plan again."""
        return self.hint is not None and _AGAIN in self.hint.casefold()

    def of_plan(self, plan_id: str) -> Stop:
        """Return the stop with the command in its hint where that says to preview the plan again."""
        return replace(self, hint=with_command(self.hint, plan_id))

    def of_rest(self, command: str = "") -> Stop:
        """Return the stop with a hint that says to preview what is left, where it says to preview the plan again.

        Args:
            command: What makes a plan of the rest; none where the run itself goes on with it.
        """
        if self.hint is None or not self.wants_preview:
            return self
        hint = _WHOLE.sub(lambda found: f"{found[1]}review what is left of the plan", self.hint)
        return replace(self, hint=f"{hint.removesuffix('.')}: {command}" if command else hint)

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


def _sentence(ending: Ending) -> str:
    why = f": {ending.reason}" if ending.reason else "."
    told = {"cancelled": f"The run was cancelled{why}", "aborted": f"The run was given up{why}"}
    return told.get(ending.code, ending.reason or "The run did not go on.")


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
    told = [
        f"{'step' if len(places) == 1 else 'steps'} {_numbered(places)} {what}"
        for what, places in kinds.items()
    ]
    return f"of {len(groups)} steps: {', '.join(told)}"


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


def _unsent(group: EffectGroup, outcome: GroupOutcome) -> str:
    """Return what is told of a group that nobody refused, and that is known not to have happened, or not wholly."""
    if any(each.status == "done" for each in outcome.outcomes):
        return f"Step {group.id} happened in part; the rest of it was not sent."
    return f"Step {group.id} was not sent, or did not happen; nothing of it stands."


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
