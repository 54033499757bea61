"""Grants, previews and plans made without an org, for what is decided by them alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from tests.checkpoints.edited_plans import DEAL, plan_made
from tests.scenario import action, blueprint, lookup, value

from actwright.blueprints.plan import Plan
from actwright.checkpoints.confirmation import Confirmation, Covered
from actwright.checkpoints.confirmations import Confirmations
from actwright.checkpoints.credentials.approvers import Approvers
from actwright.checkpoints.drawn import drawn_by
from actwright.checkpoints.grants.covering import Used
from actwright.checkpoints.grants.grant import Grant
from actwright.checkpoints.grants.ledger import Grants
from actwright.checkpoints.grants.proposing import proposed
from actwright.checkpoints.preview import Cost, Preview, PreviewedAction
from actwright.document import validated
from actwright.errors import ActwrightError, InputError
from actwright.guardrails.policy.approval import ApprovalNeed
from actwright.org.effect import Effect, EffectGroup, FieldChange
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.store.database import Database
from actwright.store.sqlite import SqliteDatabase

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HERE = OrgIdentity(id="00D", url="https://acme.example")
ALICE = RunningUser(id="005", username="alice@acme.example", name="Alice")
_MONEY = {"apiName": "Amount", "dataType": "Currency"}

PLAN = plan_made(
    action(
        "a1",
        blueprint("UPDATE", "Opportunity", "Id", "StageName", "NextStep", _MONEY),
        Id=lookup("Opportunity", "Name", "Acme Renewal"),
        StageName=value("Closed Won"),
    )
)
SHOWN = PreviewedAction(
    action_id="a1",
    blueprint=PLAN.actions[0].blueprint.name,
    label="Close",
    implementation="standard.update",
    implementation_kind="standard",
)


def change(name: str = "StageName", after: object = "Closed Won", **more: object) -> FieldChange:
    """Return a change of one field, as the goal asks for it."""
    made = {"field": name, "label": name, "provenance": "goal", "after": after, **more}
    return FieldChange.model_validate(made)


def money(amount: float | str, name: str = "Amount", **more: object) -> FieldChange:
    """Return the change of an amount."""
    return change(name, Decimal(str(amount)), family="decimal", unit="money", **more)


def effect(number: int = 1, *changes: FieldChange, **more: object) -> Effect:
    """Return an update of an opportunity."""
    given = {
        "id": f"a1.{number}",
        "action_id": "a1",
        "operation": "UPDATE",
        "object": "Opportunity",
        "record_id": DEAL,
        "changes": changes or (change(),),
        **more,
    }
    return Effect.model_validate(given)


def preview(*effects: Effect, plan: Plan = PLAN, key: str = "0" * 20, **more: Any) -> Preview:
    """Return a preview of these effects, on an org that is not local."""
    group = EffectGroup(id="g1", org="00D", effects=effects or (effect(),))
    made = Preview(
        id=f"prv_{key}",
        plan_id=plan.id,
        goal=plan.goal,
        at="2026-11-21T12:00:00Z",
        actions=(SHOWN,),
        groups=(group,),
        question="Do it?",
        cost=Cost(preview_calls=1, apply_calls=1, writes=len(group.effects)),
        running_user=ALICE,
        org=HERE,
        policy_version="built-in-2",
        digest=key * 3,
    )
    return made.model_copy(update=more)


def granted(*effects: Effect, uses: int = 3, **ceilings: object) -> Grant:
    """Return the grant that a preview of these effects would propose, with other ceilings where some are given."""
    made = proposed(preview(*effects), PLAN, approver="Ann", now=NOON, uses=uses)
    return with_ceilings(made, **ceilings)


def with_ceilings(grant: Grant, **ceilings: object) -> Grant:
    """Return the same grant under other ceilings, as if a person had made it so."""
    whole = grant.ceilings.model_dump(by_alias=False) | ceilings
    made = {**grant.model_dump(exclude={"id"}, by_alias=False), "ceilings": whole}
    return validated(Grant, made, where="the grant", error=InputError)


def unused(**more: Any) -> Used:
    """Return what there is of a grant that nobody has used."""
    return Used(**{"now": NOON, **more})


def need(people: int = 1, *who: str, keys: bool = True) -> ApprovalNeed:
    """Return what a policy asks of a confirmation."""
    return ApprovalNeed(people=people, who=who, keys=keys)


@dataclass
class MovedClock:
    """A clock that shows what a test sets it to, forwards or back."""

    moment: datetime = NOON

    def now(self) -> datetime:
        """Return the moment it shows."""
        return self.moment

    def move(self, **by: float) -> None:
        """Move it on, or back."""
        self.moment += timedelta(**by)


@dataclass
class Desk:
    """A store with its approvers, grants and confirmations, and a clock."""

    folder: Path
    clock: MovedClock = field(default_factory=MovedClock)
    runs: int = 0
    given: Database | None = None

    @cached_property
    def store(self) -> Database:
        """The store."""
        return self.given or SqliteDatabase(self.folder / "actwright.db")

    @cached_property
    def approvers(self) -> Approvers:
        """Whose keys count."""
        return Approvers(self.store, self.clock)

    @cached_property
    def grants(self) -> Grants:
        """What was granted."""
        return Grants(self.store, self.clock, self.approvers)

    @cached_property
    def answers(self) -> Confirmations:
        """Who said what."""
        return Confirmations(self.store, self.clock)

    def key(self, name: str, *roles: str, plans: bool = False) -> str:
        """Register somebody, and return their key."""
        kind = "plan" if plans else "approve"
        return self.approvers.add(name, by="root", kind=kind, roles=roles)[1]  # type: ignore[arg-type]  # one of the two

    def make(self, *effects: Effect, uses: int = 3, **ceilings: object) -> Grant:
        """Store a grant."""
        return self.grants.make(granted(*effects, uses=uses, **ceilings))

    def covered(self, shown: Preview, grant: Grant) -> Confirmation:
        """Return the yes of a grant to a preview, whether it covers it or not."""
        drawn = drawn_by(shown.effects)
        begins = shown.run_id is None
        covered = Covered(grant_id=grant.id, root=grant.root, drawn=drawn, begins=begins)
        return self.answers.record_covered(shown, covered)

    def start(self, shown: Preview, yes: Confirmation, *, run_id: str = "") -> str:
        """Do with the store what the beginning of a run does, and return the run's id."""
        self.answers.check(yes, shown)
        self.runs += 1
        begun = run_id or f"run_{self.runs}"
        with self.store.write() as transaction:
            self.answers.consume(transaction, yes, shown, run_id=begun)
        return begun

    def use(self, grant: Grant, *effects: Effect) -> str:
        """Begin a run of these effects by a grant."""
        shown = preview(*effects, key=f"{self.runs:020}")
        return self.start(shown, self.covered(shown, grant))

    def sign(self, shown: Preview, *keys: str) -> Sequence[Confirmation]:
        """Let the holders of some keys say yes."""
        return [self.answers.record(shown, key=each) for each in keys]

    def edit(self, kind: str, change_it: Callable[[dict[str, Any]], None]) -> None:
        """Edit the newest stored document of a kind, as somebody with the file could."""
        with sqlite3.connect(self.folder / "actwright.db") as stranger:
            stranger.execute("DROP TRIGGER IF EXISTS document_no_update")
            key, body = stranger.execute(
                "SELECT id, body FROM document WHERE kind = ? ORDER BY seq DESC", (kind,)
            ).fetchone()
            document = json.loads(body)
            change_it(document)
            changed = (json.dumps(document), key)
            stranger.execute("UPDATE document SET body = ? WHERE id = ?", changed)
        stranger.close()

    def close(self) -> None:
        """Close the store."""
        self.store.close()


def json_of(grant: Grant) -> Mapping[str, Any]:
    """Return a grant as it stands in a file."""
    return grant.model_dump(mode="json")


def refused(act: Callable[[], object]) -> str:
    """Return the code with which something is refused."""
    with pytest.raises(ActwrightError) as caught:
        act()
    return caught.value.error_code
