"""Settling: how an org can tell what became of a group whose answer was lost, and what it told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from actwright.contract import Contract
from actwright.org.effect import EffectGroup
from actwright.org.outcome import EffectOutcome, EffectStatus, GroupOutcome

LEDGER_OBJECT: Final = "Actwright_Ledger__c"
"""What an org calls the ledger. Runs write it, and nobody else."""

_MOST_TOLD: Final = 20
"""Records that are told by their ids."""

SettledBy = Literal["ledger", "key", "job", "nobody"]
"""What tells: the org's ledger row under the group's key; sending again what an external id makes the same; the bulk
job's own id; or nobody, so that a person has to."""


class Recovery(Contract):
    """How a group could be settled, asked before it is sent; it belongs into the journal with the group's intent.

    A group may carry a key only where ``by`` is ``ledger``, and only such a group may be settled by its key: a key that
    never travelled with the group could be written afterwards, and would prove nothing.
    """

    by: SettledBy
    reason: str
    """Why so, in a sentence for people."""


class Settlement(Contract):
    """What became of a group whose answer was lost."""

    outcome: GroupOutcome
    """``done``, ``failed``, ``rolled_back`` or ``not_sent`` where it is decided; ``unknown`` where it is not."""
    by: SettledBy
    evidence: tuple[str, ...] = ()
    """What was found, in sentences; for ``nobody`` enough for a person to decide by."""
    ask_again: bool = False
    """Whether asking again later may still decide it: a row is locked, the answer was lost again, a job still runs."""

    @property
    def decided(self) -> bool:
        """Whether no effect of the group is in doubt any more."""
        return all(each.status != "unknown" for each in self.outcome.outcomes)


def same_for_all(
    group: EffectGroup, status: EffectStatus, *, api_calls: int = 0, job_id: str | None = None
) -> GroupOutcome:
    """Return an outcome that is the same for every effect of a group."""
    outcomes = tuple(EffectOutcome(effect_id=each.id, status=status) for each in group.effects)
    return GroupOutcome(group_id=group.id, outcomes=outcomes, api_calls=api_calls, job_id=job_id)


def records_in_words(outcomes: Iterable[EffectOutcome]) -> str:
    """Return the ids of the records of what was done, as the end of a sentence; of many the first, and how many more."""
    ids = [each.record_id for each in outcomes if each.status == "done" and each.record_id]
    if not ids:
        return ""
    more = len(ids) - _MOST_TOLD
    told = ", ".join(ids[:_MOST_TOLD]) + (f" and {more:,} more" if more > 0 else "")
    return f" ({told})"


def left_of(group: EffectGroup, outcome: GroupOutcome) -> EffectGroup | None:
    """Return the group without the effects that are done; None where nothing is left to send.

    A call of several transactions may have been settled in part: sent again whole, it would do some of it twice.
    """
    done = {each.effect_id for each in outcome.outcomes if each.status == "done"}
    effects = tuple(each for each in group.effects if each.id not in done)
    if not effects:
        return None
    parts = (tuple(each for each in part if each not in done) for part in group.parts)
    return group.model_copy(
        update={"effects": effects, "parts": tuple(each for each in parts if each)}
    )
