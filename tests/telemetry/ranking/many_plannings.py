"""A store in which several people plan goals that are alike, without any org."""

from __future__ import annotations

from tests.telemetry.fates.plan_life import PlanLife

from actwright.blueprints.library import load_library
from actwright.blueprints.plan import Plan
from actwright.clock import timestamp
from actwright.planning.ranking.likeness import Likeness
from actwright.store.documents import canonical_text
from actwright.telemetry.log.planning import PlanningRecord
from actwright.telemetry.ranking.evidence import StoredEvidence, learned

GOAL = "close the {} Renewal for 120k and follow up"
ASKED = GOAL.format("Umbrella")
LIKENESS = Likeness(load_library())
NAMES = ("Acme", "Globex", "Initech", "Northwind", "Contoso")


class Plannings:
    """A store in which several people plan goals that are alike.

    Args:
        life: What the plans live through.
    """

    def __init__(self, life: PlanLife) -> None:
        self.life = life
        self._made = 0

    def made(self, user: str, org: str = "local") -> Plan:
        """Store the next plan of somebody, and the record of its planning."""
        goal = GOAL.format(NAMES[self._made % len(NAMES)] + "x" * self._made)
        plan = self.life.planned(goal)
        self.record(plan, user, org)
        return plan

    def record(self, plan: Plan, user: str, org: str = "local") -> None:
        """Store the record of a planning."""
        self._made += 1
        at, like = timestamp(self.life.clock.now()), LIKENESS.of(plan.goal)
        kept = PlanningRecord(
            id=f"planning_{self._made}",
            call="plan",
            at=at,
            session="s",
            user=user,
            org=org,
            goal_digest="0" * 64,
            shape_digest=like,
            plan_id=plan.id,
            blueprints=tuple(each.blueprint.name for each in plan.actions),
        )
        row = (kept.id, at, user, plan.id, like, canonical_text(kept))
        with self.life.database.write() as transaction:
            transaction.execute(
                "INSERT INTO planning (id, at, username, plan_id, shape, body) VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )

    @property
    def evidence(self) -> StoredEvidence:
        """What is learned of all that."""
        life = self.life
        kept = (life.plans, life.previews, life.journal)
        return learned(life.database, life.clock, LIKENESS, kept, org="local")
