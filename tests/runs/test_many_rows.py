"""Runs over many rows: few calls, all or none where that was said, and each row that stood in the way named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias
from uuid import uuid4

import pytest
from tests.scenario import Rest, action, amount, blueprint, new_deal, plan_of, sign_in, texts, value

from actwright import Actwright, Confirmation, Preview
from actwright.canonical import Json
from actwright.checkpoints.groups import packing
from actwright.testing import LocalOrg

RATE = blueprint("UPDATE", "Lead", "Id", {"apiName": "Rating", "dataType": "Picklist"})


@pytest.fixture(scope="module")
def alice(shared_org: LocalOrg) -> Rest:
    """Give Alice's own session."""
    return sign_in(shared_org.url, "alice")


class Batch:
    """Leads of Alice's that no other test touches."""

    def __init__(self, rest: Rest, count: int) -> None:
        self.rest = rest
        self.company = f"Rows {uuid4().hex[:8]}"
        records = [
            {"attributes": {"type": "Lead"}, "LastName": f"L{place:04}", "Company": self.company}
            for place in range(count)
        ]
        chunks = [records[start : start + 200] for start in range(0, count, 200)]
        answers = [
            answer
            for chunk in chunks
            for answer in rest.call("POST", "/composite/sobjects", {"records": chunk})
        ]
        self.ids = [str(each["id"]) for each in answers]

    def rated(self) -> int:
        """Return how many of them have the new rating."""
        return len(self.rest.rows(f"SELECT Id FROM Lead WHERE Company = '{self.company}' AND Rating = 'Hot'"))  # fmt: skip

    def confirmed(self, app: Actwright, *, apart: bool = False) -> tuple[Preview, Confirmation]:
        """Return the preview of rating all of them, and the yes to it."""
        where: Json = [{"field": "Company", "value": self.company}]
        planned: dict[str, Json] = {
            "id": "rate",
            "blueprint": RATE,
            "arguments": {"Rating": value("Hot")},
            "forEach": {"object": "Lead", "limit": 1_000, "where": where},
        }
        preview = app.preview(plan_of(app, planned), apart=apart)
        assert preview.blocked == ()
        return preview, app.confirm(preview, approver="Alice")


Hold: TypeAlias = Callable[..., None]


@pytest.fixture
def held(admin: Rest) -> Iterator[Hold]:
    """Give a way to hold rows, and let them go afterwards."""

    def hold(*ids: str) -> None:
        admin.call("POST", "/localorg/locks", {"ids": list(ids)})

    yield hold
    admin.call("DELETE", "/localorg/locks")


def test_two_hundred_changes_take_three_calls(app: Actwright, alice: Rest) -> None:
    """A look, one transaction, a look; the log counts them, and progress is told."""
    batch = Batch(alice, 200)
    preview, yes = batch.confirmed(app)
    before = app.org.api_calls
    told: list[int] = []
    envelope = app.run(preview, yes, progress=told.append)
    assert envelope.success, envelope
    assert app.org.api_calls - before == preview.cost.apply_calls == 3
    assert envelope.logs[0] == "Changed 200 Lead records: Rating -> Hot."
    assert (batch.rated(), told) == (200, [200])
    assert len(envelope.results[0].record_ids) == 200


def test_a_locked_row_takes_all_of_its_transaction_back(app: Actwright, alice: Rest, held: Hold) -> None:  # fmt: skip
    """The row somebody else holds is named, the others are merely rolled back, and nothing is written."""
    batch = Batch(alice, 40)
    preview, yes = batch.confirmed(app)
    held(batch.ids[7])
    envelope = app.run(preview, yes)
    assert (envelope.stopped_by, batch.rated()) == ("org_refused", 0)
    (issue,) = envelope.results[0].issues
    assert issue.record_id == batch.ids[7]
    assert envelope.errors[0].startswith("Lead L0007: UNABLE_TO_LOCK_ROW")
    assert "rolled back whole" in (envelope.hint or "")


def test_every_row_that_moved_on_is_named(app: Actwright, admin: Rest, alice: Rest) -> None:
    """A deleted row and a changed one are told by name and id before anything is sent."""
    batch = Batch(alice, 40)
    preview, yes = batch.confirmed(app)
    admin.call("DELETE", f"/sobjects/Lead/{batch.ids[3]}")
    admin.call("PATCH", f"/sobjects/Lead/{batch.ids[5]}", {"Rating": "Cold"})
    envelope = app.run(preview, yes)
    found = {each.record_id: each.code for each in envelope.results[0].issues}
    assert found == {batch.ids[3]: "drift_gone", batch.ids[5]: "drift_field"}
    assert "L0003 is gone" in texts(envelope.errors)
    assert batch.rated() == 0


def test_a_row_one_may_no_longer_change_is_named(app: Actwright, admin: Rest, alice: Rest) -> None:
    """A row that went to another owner is a refusal of that row."""
    batch = Batch(alice, 30)
    preview, yes = batch.confirmed(app)
    carol = admin.rows("SELECT Id FROM User WHERE Alias = 'dana'")[0]["Id"]
    admin.call("PATCH", f"/sobjects/Lead/{batch.ids[9]}", {"OwnerId": carol})
    envelope = app.run(preview, yes)
    assert envelope.stopped_by in {"refused", "drift"}
    assert {each.record_id for each in envelope.results[0].issues} == {batch.ids[9]}
    assert batch.rated() == 0


def test_what_stands_is_said_where_the_third_of_five_steps_fails(
    app: Actwright, alice: Rest, held: Hold, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two steps happened, one was rolled back, two were not sent: counts, names and records all say the same."""
    monkeypatch.setattr(packing, "MOST_TOGETHER", 30)
    batch = Batch(alice, 150)
    preview, yes = batch.confirmed(app)
    assert len(preview.groups) == 5
    third = preview.groups[2].effects[4].record_id
    assert third is not None
    held(third)
    envelope = app.run(preview, yes)
    assert not envelope.success
    assert batch.rated() == 60
    assert len(envelope.results[0].record_ids) == 60
    assert "60 effects have been carried out and stand" in (envelope.hint or "")
    assert "of 5 steps: steps 1 and 2 happened, step 3 rolled back, steps 4 and 5 not sent" in (
        envelope.hint or ""
    )
    assert [each.record_id for each in envelope.results[0].issues] == [third]


def test_apart_one_failure_does_not_take_the_others_with_it(app: Actwright, alice: Rest, held: Hold) -> None:  # fmt: skip
    """Two calls of graphs: the locked row fails in the first, and the second is sent all the same."""
    batch = Batch(alice, 100)
    preview, yes = batch.confirmed(app, apart=True)
    assert [len(each.parts) for each in preview.groups] == [75, 25]
    locked = preview.groups[0].effects[2].record_id
    assert locked is not None
    held(locked)
    envelope = app.run(preview, yes)
    assert (envelope.success, batch.rated()) == (False, 99)
    assert envelope.results[0].status == "failed"
    assert "99 effects have been carried out and stand" in (envelope.hint or "")
    assert "step 1 happened in part, step 2 happened" in (envelope.hint or "")


def test_steps_that_do_not_stand_in_a_row_are_told_apart(app: Actwright, alice: Rest, held: Hold) -> None:  # fmt: skip
    """The first and the last of four calls fail in part: what lies between them is not said to have."""
    batch = Batch(alice, 301)
    preview, yes = batch.confirmed(app, apart=True)
    groups = preview.groups
    assert len(groups) == 5
    held(*(str(groups[place].effects[0].record_id) for place in (0, 3)))
    envelope = app.run(preview, yes)
    assert batch.rated() == 299
    assert "of 5 steps: steps 1 and 4 happened in part, steps 2, 3 and 5 happened" in (
        envelope.hint or ""
    )


def test_parts_the_org_gave_up_on_are_not_said_to_have_failed(app: Actwright, alice: Rest, held: Hold) -> None:  # fmt: skip
    """Fourteen failures end a call: the parts behind them were not tried, and no transaction of theirs failed."""
    batch = Batch(alice, 40)
    preview, yes = batch.confirmed(app, apart=True)
    held(*batch.ids[:20])
    envelope = app.run(preview, yes)
    codes = [each.message.split(": ")[1] for each in envelope.results[0].issues]
    assert (codes.count("UNABLE_TO_LOCK_ROW"), codes.count("NOT_TRIED")) == (15, 25)
    assert "PROCESSING_HALTED" not in texts(envelope.errors)
    assert (envelope.hint or "").startswith("Somebody else is changing the same records")


def test_a_record_that_is_gone_after_it_was_written_is_told(
    app: Actwright, alice: Rest, admin: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The org said that it wrote all of them, and one cannot be seen any more: that is a warning, not a silence."""
    batch = Batch(alice, 30)
    preview, yes = batch.confirmed(app)
    send = type(app.org).send

    def gone(org: object, *more: object) -> object:
        outcome = send(org, *more)  # type: ignore[arg-type]  # what the run hands over
        admin.call("DELETE", f"/sobjects/Lead/{batch.ids[3]}")
        return outcome

    monkeypatch.setattr(type(app.org), "send", gone)
    envelope = app.run(preview, yes)
    assert envelope.success
    assert envelope.warnings == (
        "1 of the records written could not be read again: it is gone, or hidden from you.",
    )


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few rows be enough for a bulk job."""
    monkeypatch.setattr(packing, "MOST_BEFORE_BULK", 20)


@pytest.mark.usefixtures("jobs")
def test_a_job_is_on_the_record_before_it_writes(app: Actwright, alice: Rest, held: Hold) -> None:
    """Its id stands between intent and outcome; each row has its own end, and those done stand."""
    batch = Batch(alice, 30)
    preview, yes = batch.confirmed(app)
    held(batch.ids[4], batch.ids[6])
    told: list[int] = []
    envelope = app.run(preview, yes, progress=told.append)
    events = app.events(envelope.run_id or "")
    kinds = [each.kind for each in events]
    assert kinds[2:5] == ["group_intended", "group_submitted", "group_settled"]
    assert events[3].data["jobId"] == events[4].data["jobId"]
    assert (envelope.success, batch.rated(), told[-1]) == (False, 28, 30)
    assert {each.record_id for each in envelope.results[0].issues} == {batch.ids[4], batch.ids[6]}
    assert len(envelope.results[0].record_ids) == 28
    assert "rolled back" not in (envelope.hint or "")


@pytest.mark.usefixtures("jobs")
def test_a_program_stopped_while_a_job_is_out_can_be_carried_on(
    app: Actwright, alice: Rest
) -> None:
    """The job goes on in the org by itself: the record says which, claims nothing, and resuming asks for its end."""
    batch = Batch(alice, 30)
    preview, yes = batch.confirmed(app)

    def stopped(count: int) -> None:
        raise KeyboardInterrupt(count)

    with pytest.raises(KeyboardInterrupt):
        app.run(preview, yes, progress=stopped)
    run = next(each for each in app.runs() if each.preview_id == preview.id)
    (submitted,) = (each for each in app.events(run.id) if each.kind == "group_submitted")
    assert (run.status, run.in_doubt) == ("running", ("g1",))
    step = run.step("g1")
    assert step is not None
    assert step.job_id == submitted.data["jobId"]
    envelope = app.resume(run.id)
    assert (envelope.status, envelope.effects_done, batch.rated()) == ("completed", 30, 30)


@pytest.mark.usefixtures("jobs")
def test_a_text_a_job_would_misread_goes_out_beside_it(app: Actwright, alice: Rest) -> None:
    """One lead whose text is a job's word for nothing is written as a request of its own."""
    entry = blueprint("CREATE", "Lead", "LastName", "Company", "Description")
    company = f"Null {uuid4().hex[:8]}"
    planned = [
        action(
            f"a{place}",
            entry,
            LastName=value("L"),
            Company=value(company),
            Description=value("#N/A" if place == 5 else "-"),
        )
        for place in range(32)
    ]
    preview = app.preview(plan_of(app, *planned))
    assert [(each.carrier, len(each.effects)) for each in preview.groups] == [
        ("composite", 1),
        ("bulk", 31),
    ]
    assert app.run(preview, app.confirm(preview, approver="Alice")).success
    found = alice.rows(f"SELECT Description FROM Lead WHERE Company = '{company}'")
    assert sorted(each["Description"] for each in found) == ["#N/A", *["-"] * 31]


@pytest.mark.usefixtures("jobs")
def test_a_job_whose_results_are_lost_is_looked_up(app: Actwright, admin: Rest, alice: Rest) -> None:  # fmt: skip
    """All rows were written, and nobody heard of it: the job's own id tells."""
    batch = Batch(alice, 30)
    preview, yes = batch.confirmed(app)
    fault = {"match": {"pathContains": "successfulResults"}, "status": 400, "times": 1}
    body = [{"errorCode": "API_DISABLED_FOR_ORG", "message": "no"}]
    admin.call("POST", "/localorg/faults", fault | {"body": body})
    envelope = app.run(preview, yes)
    reconciled = next(each for each in app.events(envelope.run_id or "") if each.kind == "group_reconciled")  # fmt: skip
    assert reconciled.data["by"] == "job"
    assert (envelope.status, envelope.effects_done, batch.rated()) == ("completed", 30, 30)


def test_a_listener_that_breaks_costs_nothing_but_its_news(app: Actwright, alice: Rest) -> None:
    """The outcome of a group that is out is read, whoever cannot hear of it."""
    batch = Batch(alice, 30)
    preview, yes = batch.confirmed(app)

    def broken(count: int) -> None:
        raise BrokenPipeError(count)

    assert app.run(preview, yes, progress=broken).success


def test_apart_what_waits_for_a_part_that_failed_is_not_sent(
    shared_org: LocalOrg, admin: Rest, held: Hold
) -> None:
    """A setup record that waits for one of two deals is left alone where that deal could not be changed."""
    app = shared_org.as_user("admin")
    deals = [new_deal(admin), new_deal(admin)]
    queue = action(
        "queue",
        blueprint("CREATE", "Group", "Name", "DeveloperName", "Type"),
        Name=value("Apart"),
        DeveloperName=value("Apart_queue"),
        Type=value("Queue"),
    )
    waiting: dict[str, Json] = {**queue, "dependsOn": ["a"]}
    plan = plan_of(app, amount("a", deals[0], 5), amount("b", deals[1], 6), waiting)
    preview = app.preview(plan, apart=True)
    assert [each.carrier for each in preview.groups] == ["graph", "composite"]
    yes = app.confirm(preview, approver="Ada")
    held(str(preview.groups[0].effects[0].record_id))
    envelope = app.run(preview, yes)
    assert [each.status for each in envelope.results] == ["failed", "done", "not_run"]
    assert admin.rows("SELECT Id FROM Group WHERE Name = 'Apart'") == []
