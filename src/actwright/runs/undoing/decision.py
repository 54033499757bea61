"""Decisions: what a person says of things that were not taken back, and why. Kept for good, never changed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field

from actwright.clock import Clock, timestamp
from actwright.contract import Contract
from actwright.document import validated
from actwright.errors import InputError
from actwright.inert import inert
from actwright.store.database import Database
from actwright.store.documents import Documents

Verdict = Literal["resolved", "ignored"]
"""``resolved``: it was set right by hand. ``ignored``: it is to stay as it is."""

UNDO_DECISION = "undo_decision"
"""The kind of document a decision is stored as; its parent is the run."""

_LONGEST_WHY = 500
_LONGEST_NAME = 120


class UndoDecision(Contract):
    """What one person said of things a run did that were not taken back."""

    id: str = Field(pattern=r"^udc_[0-9a-f]{20}$")
    run_id: str
    effects: tuple[str, ...] = Field(min_length=1)
    verdict: Verdict
    who: str
    login: str = ""
    """The login name of the account it was said from."""
    why: str
    at: str

    def __str__(self) -> str:
        verb = "resolved by" if self.verdict == "resolved" else "left for good by"
        return f'was {verb} {inert(self.who, limit=80)}: "{inert(self.why, limit=200)}".'


class UndoDecisions:
    """The decisions of one store."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._documents = Documents(database, UNDO_DECISION)
        self._clock = clock

    def record(
        self,
        run_id: str,
        effects: Sequence[str],
        verdict: Verdict,
        *,
        who: str,
        why: str,
        login: str = "",
    ) -> UndoDecision:
        """Store what a person says.

        Raises:
            InputError: It is not said who says so, or why, or of what; or at too great length.
            StoreError: The store cannot be written.
        """
        made = UndoDecision(
            id=f"udc_{secrets.token_hex(10)}",
            run_id=run_id,
            effects=_some(effects),
            verdict=verdict,
            who=_said(who, "who", _LONGEST_NAME),
            login=login,
            why=_said(why, "why", _LONGEST_WHY),
            at=timestamp(self._clock.now()),
        )
        self._documents.add(made.id, made, at=made.at, parent=run_id)
        return made

    def runs(self) -> frozenset[str]:
        """Return the runs of whose effects some were decided on."""
        return frozenset(self._documents.parents())

    def of(self, run_id: str) -> Mapping[str, UndoDecision]:
        """Return the decisions on a run's effects; on each the newest counts.

        Raises:
            DocumentError: One of them was damaged.
        """
        found: dict[str, UndoDecision] = {}
        for each in self._documents.of(run_id):
            decision = validated(UndoDecision, each.json(), where=each.id)
            found |= dict.fromkeys(decision.effects, decision)
        return found


def _some(effects: Sequence[str]) -> tuple[str, ...]:
    if not effects:
        raise InputError(
            "Nothing is left to decide on.", where="effects", hint="actwright undo --list"
        )
    return tuple(dict.fromkeys(effects))


def _said(text: str, where: str, most: int) -> str:
    said = inert(text, limit=most + 1)
    if not said or len(said) > most:
        raise InputError(
            f"A decision on what was not taken back needs to say {where}, in up to {most} characters.",
            where=where,
            hint='Say so: --why "..."' if where == "why" else "Say --as NAME.",
        )
    return said
