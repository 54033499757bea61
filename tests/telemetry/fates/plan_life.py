"""A store in which plans are previewed, edited, answered, run and taken back, without any org."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal
from uuid import uuid4

from tests.checkpoints.edited_plans import closing, effect, following, plan_made, preview_made
from tests.kept_runs import SteppingClock, ended, intended, settled, started

from actwright.blueprints.plan import Plan
from actwright.canonical import Json
from actwright.checkpoints.archive import Archive
from actwright.checkpoints.confirmation import Confirmation
from actwright.checkpoints.confirmations import Confirmations
from actwright.checkpoints.editing.edit import edited
from actwright.checkpoints.preview import Preview
from actwright.guardrails.issue import Issue
from actwright.runs.record.journal import Journal
from actwright.store.database import Database
from actwright.store.sqlite import SqliteDatabase
from actwright.telemetry.fates.fates import Fates


class PlanLife:
    """Lets plans live through what people and runs do to them.

    Args:
        database: The store.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = SteppingClock()
        self.plans: Archive[Plan] = Archive(database, Plan, self.clock)
        self.previews: Archive[Preview] = Archive(database, Preview, self.clock)
        self.confirmations = Confirmations(database, self.clock)
        self.journal = Journal(database, self.clock)
        self.fates = Fates(database, self.clock, self.plans, self.previews, self.journal)

    @classmethod
    def at(cls, folder: Path) -> PlanLife:
        """Return one over a new store in a folder."""
        return cls(SqliteDatabase(folder / "actwright.db"))

    def planned(
        self, goal: str = "close the Acme Renewal for 120k and follow up", **more: Json
    ) -> Plan:
        """Store a plan that closes a deal and follows up."""
        return self.plans.add(plan_made(closing(), following(), goal=goal, **more))

    def previewed(self, plan: Plan, issues: Iterable[Issue] = ()) -> Preview:
        """Store a preview of a plan."""
        made = preview_made(effect(), key=uuid4().hex[:20], issues=issues)
        return self.previews.add(made.model_copy(update={"plan_id": plan.id}))

    def answered(self, preview: Preview, answer: Literal["yes", "no"] = "yes") -> Confirmation:
        """Store Alice's answer to a preview."""
        return self.confirmations.record(preview, approver="Alice Archer", answer=answer)

    def edited(self, plan: Plan, **values: Json) -> Plan:
        """Store what a person makes of a plan: ``a1_Amount=99000`` sets that input, None leaves it out."""
        named = {key.replace("_", ".", 1): value for key, value in values.items()}
        left_out = [key for key, value in named.items() if value is None]
        given = {key: value for key, value in named.items() if isinstance(value, (str, int))}
        return self.plans.add(edited(plan, without=left_out, values=given))

    def ran(
        self,
        preview: Preview,
        status: str = "completed",
        *,
        done: int = 1,
        undoes: str | None = None,
        ends: bool = True,
        results: Sequence[Json] = (),
    ) -> str:
        """Write the run of a preview down, from its yes on, and return its id."""
        yes, run_id = self.answered(preview), f"run_{uuid4().hex[:20]}"
        more = {"undoes": undoes} if undoes else {}
        first = started(run_id, previewId=preview.id, planId=preview.plan_id, **more)
        kind, end = ended(status, done=done)
        end["envelope"]["results"] = list(results)
        rest = (intended(), settled(), (kind, end)) if ends else (intended(),)
        self.journal.append(
            run_id,
            [first, *rest],
            actor="Alice Archer",
            after=None,
            also=lambda it: self.confirmations.consume(it, yes, preview, run_id=run_id),
        )
        return run_id
