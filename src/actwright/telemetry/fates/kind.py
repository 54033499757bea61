"""What a life comes to: one word, since when, and whose word it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from actwright.checkpoints.confirmation import BY_GRANT, UNATTENDED, Confirmation
from actwright.clock import timestamp
from actwright.telemetry.fates.fate import FateKind
from actwright.telemetry.fates.life import Life, LifeRun


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a plan, in one word.

    Attributes:
        kind: The word.
        at: Since when; empty for a plan nothing came after.
        by: Who said yes or no; empty where nobody did.
        damaged: The ids of answers that cannot be read: who said what is not all known.
    """

    kind: FateKind
    at: str = ""
    by: str = ""
    damaged: tuple[str, ...] = ()

    @property
    def unasked(self) -> bool:
        """Whether no person said yes to it, as far as anybody can tell: a grant did, or nobody was asked."""
        return bool(self.damaged) or self.by.startswith(BY_GRANT) or self.by == UNATTENDED


def told(life: Life, now: datetime) -> Told:
    """Return what became of a plan: the newest thing that happened to it decides, and a run before all else.

    Args:
        life: What came after it.
        now: The present moment, for a yes that was not used in time.
    """
    if life.damaged:
        return replace(_known(life), damaged=tuple(life.damaged))
    answer = life.answers[-1] if life.answers else None
    if life.runs:
        return _of_run(life.runs[-1], _yes_to(life.runs[-1], life.answers))
    edit = life.edits[-1] if life.edits else None
    if edit is not None and (answer is None or answer.at <= edit.at):
        return Told("edited", edit.at)
    if answer is not None:
        return _of_answer(answer, now)
    if life.previews:
        return Told("previewed", life.previews[-1].at)
    return Told("planned")


def _known(life: Life) -> Told:
    """Return what is known of a plan whose answers are not: how its run went, where it has one."""
    return _of_run(life.runs[-1], None) if life.runs else Told("unknown")


def _yes_to(run: LifeRun, answers: Iterable[Confirmation]) -> Confirmation | None:
    """Return the newest yes a run may have begun or gone on with; what people said afterwards is about another one."""
    known = (each for each in answers if each.answer == "yes")
    yes = [each for each in known if not run.since or each.at <= run.since]
    return yes[-1] if yes else None


def _of_run(run: LifeRun, answer: Confirmation | None) -> Told:
    by = answer.approver if answer else ""
    if run.undone_by:
        return Told("undone", run.undone_at, by)
    if not run.ended:
        return Told("confirmed", run.since or (answer.at if answer else ""), by)
    if run.status == "completed":
        return Told("completed", run.since, by)
    return Told("partial" if run.effects_done else "failed", run.since, by)


def _of_answer(answer: Confirmation, now: datetime) -> Told:
    if answer.answer == "no":
        return Told("refused", answer.at, answer.approver)
    if answer.expires_at <= timestamp(now):
        return Told("expired", answer.expires_at, answer.approver)
    return Told("confirmed", answer.at, answer.approver)


TAKEN: frozenset[FateKind] = frozenset({"confirmed", "completed", "partial", "failed", "undone"})
"""The fates of plans somebody said yes to as they stood, and that could be carried out."""

SAID_YES: frozenset[FateKind] = TAKEN | {"expired"}
"""The fates of plans somebody said yes to, in time or not."""

SHARES: Mapping[str, frozenset[FateKind]] = {
    "confirmed": TAKEN,
    "edited": frozenset({"edited"}),
    "refused": frozenset({"refused"}),
    "failed": frozenset({"failed", "partial"}),
    "undone": frozenset({"undone"}),
}
"""What statistics tell shares of, by the fates that count towards each."""
