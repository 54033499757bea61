"""Rows and related records over a real local org: every query the planner makes up is one the org answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from actwright.connectors.salesforce.auth import ClientCredentials
from actwright.connectors.salesforce.connect import connect
from actwright.connectors.salesforce.embedded import EmbeddedLocalOrg
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.org.query import RecordQuery
from actwright.planning.planner import PlanningRequest


class NoonClock:
    """Noon in UTC today."""

    def now(self) -> datetime:
        """Return noon."""
        return datetime.now(UTC).replace(hour=12)


@pytest.fixture(scope="module")
def served_org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SalesforceOrg]:
    """Serve the demo org, and log alice in."""
    home = tmp_path_factory.mktemp("rows")
    with EmbeddedLocalOrg(home) as local:
        org = connect(local.url, ClientCredentials("alice", "localorg"), cache_dir=home / "alice")
        yield org
        org.close()


COUNTS = [
    ("close every opportunity of Acme older than 10 days as lost", 2),
    ("Close every Contoso opportunity older than 90 days as lost", 7),
    ("reassign all open cases of Acme to Bob", 1),
    ("assign every unassigned case to Bob", 2),
    ("assign every case in the Billing queue to Carol", 1),
    ("reassign all cases assigned to Carol to Bob", 3),
    ("mark all my open tasks as completed", 1),
    ("delete all tasks of Acme Renewal", 1),
    ("set the priority of all open cases of Acme and Globex to low", 2),
    ("close all open opportunities except Acme Renewal as lost", 14),
    ('set the next step of all opportunities over 40k to "Call"', 10),
    ('set the next step of all opportunities without a next step to "Call"', 17),
    ("assign every new lead from Proseware to Bob", 1),
    ("set the lead source of every opportunity in Prospecting or Qualification to Web", 7),
    ("add all contacts of Acme to the campaign Spring Launch with status Sent", 3),
    ("create a follow-up task for every open opportunity of Acme", 2),
    ("close all cases not modified since 2020-01-01 or so", None),
]


@pytest.mark.parametrize(("goal", "count"), COUNTS, ids=[each[0][:60] for each in COUNTS])
def test_the_org_finds_the_rows_that_were_counted(
    goal: str, count: int | None, served_org: SalesforceOrg, planner: Any, library: Any
) -> None:
    """The query of the plan, asked again, gives as many rows as the plan says; what is unclear gives no plan."""
    outcome = planner.plan(PlanningRequest(goal, library, served_org, NoonClock()))
    if count is None:
        assert outcome.plan is None
        return
    assert outcome.refusal is None
    rows = outcome.plan.actions[0].for_each
    (found,) = served_org.query([RecordQuery(object=rows.object, where=rows.where)])
    assert len(found) == count
    assert any(f"is done for {count} " in each for each in outcome.plan.assumptions)


RELATED = [
    ("create a task for Acme Renewal's main contact: call back", "the main contact John Smith"),
    ("assign case 00001002 to the owner of Globex Pilot", "the owner Alice Archer"),
    ("set the priority of Acme's open case to low", "the case 00001001"),
    ("create a task for the contact of case 00001002: x", "the contact Anna Smith"),
    ("assign case 00001002 to me", "alice@demo.localorg.example"),
]


@pytest.mark.parametrize(("goal", "told"), RELATED, ids=[each[0][:60] for each in RELATED])
def test_the_org_finds_related_records(
    goal: str, told: str, served_org: SalesforceOrg, planner: Any, library: Any
) -> None:
    """A relation is one lookup the org answers with exactly one record."""
    outcome = planner.plan(PlanningRequest(goal, library, served_org, NoonClock()))
    assert outcome.questions == ()
    assert any(told in each for each in outcome.plan.assumptions)
