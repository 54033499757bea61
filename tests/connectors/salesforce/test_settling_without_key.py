"""Settling what carried no key, over real HTTP: upserts sent again, and jobs looked up by their ids."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.connectors.salesforce.keyed_groups import (
    change,
    count,
    fresh,
    group,
    new,
    renamed,
    statuses,
)

from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.connectors.salesforce.recovering import recovery_of
from actwright.errors import OrgError
from actwright.org.effect import Effect, EffectGroup
from actwright.org.record_id import record_id
from actwright.testing import Faults


@pytest.fixture
def faults(local_org: str) -> Iterator[Faults]:
    """Arm faults in the local org, and leave none behind."""
    armed = Faults(lambda: local_org)
    yield armed
    armed.clear()


def upsert(key: str, name: str, **more: object) -> Effect:
    """Return an upsert of an account under an external id."""
    made = Effect(
        id="u", action_id="u", operation="UPSERT", object="Account", key_field="External_Key__c"
    )
    changes = (change("External_Key__c", key), change("Name", name))
    return made.model_copy(update={"changes": changes, **more})  # fmt: skip


class TestUpserts:
    """Without a key, a group of upserts may be sent again: its external ids keep it from happening twice."""

    @pytest.mark.parametrize("fault", ["lose_answer", "lose_request"])
    def test_sent_again_it_happened_once(
        self, alice: SalesforceOrg, faults: Faults, fault: str
    ) -> None:
        """Whether the first try happened or not, one record stands there, and its id is known."""
        key = fresh()
        one = group(alice, upsert(key, key))
        getattr(faults, fault)(path="*/composite")
        assert statuses(alice.send(one)) == ["unknown"]
        settled = alice.settle(one, since=datetime.now(UTC))
        [row] = alice.soql(f"SELECT Id FROM Account WHERE External_Key__c = '{key}'")
        outcome = settled.outcome.outcomes[0]
        assert (settled.by, outcome.status, outcome.created) == ("key", "done", True)
        assert outcome.record_id == row["Id"]
        assert f"({row['Id']})" in settled.evidence[0]

    @pytest.mark.parametrize(
        ("fault", "told"),
        [("lose_answer", ("key", "done")), ("lose_request", ("nobody", "unknown"))],
    )
    def test_of_a_run_that_is_to_end_nothing_is_sent_again(
        self, alice: SalesforceOrg, faults: Faults, fault: str, told: tuple[str, str]
    ) -> None:
        """What stands there as written happened; what does not may still be on its way, which a person decides."""
        key = fresh()
        one = group(alice, upsert(key, key))
        getattr(faults, fault)(path="*/composite")
        alice.send(one)
        settled = alice.settle(one, since=datetime.now(UTC), resend=False)
        assert (settled.by, settled.outcome.outcomes[0].status) == told
        assert settled.ask_again is False
        rows = alice.soql(f"SELECT Id FROM Account WHERE External_Key__c = '{key}'")
        assert len(rows) == (fault == "lose_answer")

    def test_a_change_that_happened_is_not_made_again(self, alice: SalesforceOrg) -> None:
        """The version it was planned on is gone, and the record holds what it wrote: it happened."""
        key = fresh()
        made = alice.send(group(alice, upsert(key, key))).outcomes[0].record_id
        stale = upsert(key, f"{key} 2", record_id=made, version="2020-01-01T00:00:00Z")
        plain = stale.model_copy(update={"version": None})
        assert alice.send(group(alice, plain)).committed
        settled = alice.settle(group(alice, stale), since=datetime.now(UTC))
        assert (settled.by, statuses(settled.outcome)) == ("key", ["done"])
        for since in (None, datetime.now(UTC) + timedelta(hours=1)):
            stood = alice.settle(group(alice, stale), since=since)
            assert (stood.by, statuses(stood.outcome)) == ("nobody", ["unknown"])

    def test_a_record_of_somebody_elses_is_a_persons_question(self, alice: SalesforceOrg) -> None:
        """Under the key stands a record with other values: nothing is claimed, and the evidence shows it."""
        key = fresh()
        alice.send(group(alice, upsert(key, "another")))
        beside = upsert(f"{key} 2", key, id="v")
        settled = alice.settle(group(alice, upsert(key, key), beside))
        assert (settled.by, settled.ask_again, statuses(settled.outcome)) == ("nobody", False, ["unknown"] * 2)  # fmt: skip
        assert "duplicate value found" in settled.evidence[0]
        assert settled.evidence[1].startswith(
            f"Account of u: there is one with External_Key__c '{key}': 001"
        )
        assert "by Alice Archer" in settled.evidence[1]
        assert (
            settled.evidence[2]
            == f"Account of v: no record with External_Key__c '{key} 2' is to be found."
        )

    def test_an_answer_lost_again_is_asked_for_again(
        self, alice: SalesforceOrg, faults: Faults
    ) -> None:
        """Still undecided; the next time decides."""
        key = fresh()
        one = group(alice, upsert(key, key))
        faults.lose_answer(path="*/composite", times=2)
        alice.send(one)
        since = datetime.now(UTC)
        undecided = alice.settle(one, since=since)
        # The second try met the first one's record, and that answer was lost too.
        assert (undecided.by, undecided.ask_again) == ("nobody", True)
        assert undecided.evidence[-1].startswith("If it did not happen")
        assert statuses(alice.settle(one, since=since).outcome) == ["done"]

    def test_what_somebody_changed_meanwhile_is_not_written_over(
        self, alice: SalesforceOrg
    ) -> None:
        """In a collection no version can be pinned: a change that may have happened is not sent again."""
        key = fresh()
        made = alice.send(group(alice, upsert(key, key))).outcomes[0].record_id or ""
        again = upsert(key, f"{key} 2", record_id=made, version="2020-01-01T00:00:00Z")
        many = group(alice, again, carrier="collections")
        alice.send(group(alice, renamed(made, key, f"{key} of hers")))
        settled = alice.settle(many, since=datetime.now(UTC))
        assert (settled.by, statuses(settled.outcome)) == ("nobody", ["unknown"])
        assert count(alice, f"{key} of hers") == 1
        for carrier, version, by in (
            ("graph", again.version, "nobody"),
            ("composite", None, "nobody"),
            ("composite", again.version, "key"),
        ):
            one = group(alice, again.model_copy(update={"version": version}), carrier=carrier)
            assert recovery_of(one, ("no ledger",)).by == by
        fresh_one = group(alice, upsert(key, key), carrier="graph")
        assert recovery_of(fresh_one, ("no ledger",)).by == "key"
        apart = fresh_one.model_copy(update={"atomic": False})
        assert recovery_of(apart, ("no ledger",)).by == "nobody"


class TestJobs:
    """A bulk job is known to the org by its id."""

    @pytest.fixture
    def job(self, alice: SalesforceOrg) -> EffectGroup:
        """Return a group for a job."""
        name = fresh()
        rows = (new(f"{name} {n}", f"r{n}", ref=None) for n in range(3))
        return group(alice, *rows, carrier="bulk", atomic=False)

    def test_one_never_opened_wrote_nothing(self, alice: SalesforceOrg, job: EffectGroup) -> None:
        """There is nothing to ask the org about."""
        settled = alice.settle(job)
        assert (settled.by, set(statuses(settled.outcome))) == ("job", {"not_sent"})
        assert alice.recovery(job).by == "job"

    def test_one_left_open_is_given_up(self, alice: SalesforceOrg, job: EffectGroup) -> None:
        """Whoever had opened it cannot close it any more."""
        opened = alice._client.open_job(
            {"object": "Account", "operation": "insert", "contentType": "CSV", "lineEnding": "LF"}
        )
        assert opened is not None
        key = str(opened.json()["id"])  # type: ignore[index,call-overload]  # a job is an object
        settled = alice.settle(job, job_id=key)
        assert (settled.by, set(statuses(settled.outcome))) == ("job", {"not_sent"})
        assert settled.outcome.job_id == key
        again = alice.settle(job, job_id=key)
        assert (again.by, set(statuses(again.outcome))) == ("job", {"not_sent"})
        with pytest.raises(OrgError):
            alice._client.set_job_state(key, "UploadComplete")

    def test_one_that_ran_tells_what_became_of_each_row(
        self, alice: SalesforceOrg, job: EffectGroup
    ) -> None:
        """The results read later are those read at once."""
        told: list[str] = []
        outcome = alice.send(job, submitted=told.append)
        settled = alice.settle(job, job_id=told[0])
        assert (settled.by, settled.outcome.outcomes) == ("job", outcome.outcomes)
        assert all(str(each.record_id) in settled.evidence[0] for each in outcome.outcomes)
        assert outcome.committed

    def test_one_the_org_forgot_is_a_persons_question(
        self, alice: SalesforceOrg, job: EffectGroup
    ) -> None:
        """After a week the org knows it no more: what is there is shown."""
        settled = alice.settle(job, job_id=record_id("750000000000001"))
        assert (settled.by, settled.ask_again) == ("nobody", False)
        assert "no bulk job" in settled.evidence[0]

    @pytest.mark.parametrize(("kind", "operation"), [("Contact", "insert"), ("Account", "delete")])
    def test_one_of_somebody_elses_is_let_alone(
        self, alice: SalesforceOrg, job: EffectGroup, kind: str, operation: str
    ) -> None:
        """A job that does something else is neither believed nor given up."""
        opened = alice._client.open_job(
            {"object": kind, "operation": operation, "contentType": "CSV", "lineEnding": "LF"}
        )
        assert opened is not None
        key = str(opened.json()["id"])  # type: ignore[index,call-overload]  # a job is an object
        settled = alice.settle(job, job_id=key)
        assert (settled.by, settled.ask_again) == ("nobody", False)
        assert "is none of this group's" in settled.evidence[0]
        assert alice._client.job(key).json()["state"] == "Open"  # type: ignore[index,call-overload]  # as above
