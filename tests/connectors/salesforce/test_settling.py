"""Settling against a scripted org: ledgers that lie, hide or half work, and jobs that contradict themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.connectors.salesforce.keyed_groups import (
    change,
    group,
    new,
    renamed,
    statuses,
)
from tests.connectors.salesforce.scripted_org import (
    ORG_ID,
    USER_ID,
    Reply,
    ScriptedOrg,
    Seen,
    composite,
    described,
    fault,
)

from actwright.connectors.salesforce.auth import Session
from actwright.connectors.salesforce.bulk_job import JobPatience
from actwright.connectors.salesforce.bulk_settling import BulkSettler
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.ledger import content_of, keys_of, ledger_key
from actwright.connectors.salesforce.limits import NO_PATIENCE, Limits
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.connectors.salesforce.readback import Readback
from actwright.errors import OrgProtocolError, OrgRefusedError, OrgUnreachableError
from actwright.org.effect import Effect, EffectGroup
from actwright.org.record_id import record_id
from actwright.org.settlement import left_of, same_for_all

MADE, ROW = record_id("001000000000001"), record_id("a00000000000001")
OTHER = record_id("005000000000009")
PROBE = "/composite/sobjects"
TAKEN = {
    "success": False,
    "errors": [{"statusCode": "DUPLICATE_VALUE", "message": "duplicate value found"}],
}
LOCKED = {
    "success": False,
    "errors": [{"statusCode": "UNABLE_TO_LOCK_ROW", "message": "unable to obtain access"}],
}
IN = {"success": True, "id": ROW, "errors": []}


@pytest.fixture
def org(scripted: ScriptedOrg) -> Iterator[SalesforceOrg]:
    """Return an org over the scripted server, with accounts and a ledger."""
    empty = {"records": [], "done": True}
    scripted.on("POST", "/composite", composite((200, empty), (200, empty)))
    created: dict[str, object] = {"name": "CreatedDate", "type": "datetime"}
    scripted.on("GET", "/Account/describe", Reply(body=described("Account", "001", created)))
    scripted.on("GET", "/Actwright_Ledger__c/describe", Reply(body=ledger()))
    session = Session("T", scripted.url, ORG_ID, USER_ID)
    found = SalesforceOrg(OrgClient(session, limits=Limits(read_seconds=0.5), patience=NO_PATIENCE))
    yield found
    found.close()


def ledger(of: str = "Key__c", **more: object) -> dict[str, object]:
    """Return the describe of a ledger, one field of which is otherwise."""
    fields: list[dict[str, object]] = [
        {"name": "Key__c", "type": "string", "length": 255, "unique": True, "externalId": True},
        {"name": "Run__c", "type": "string", "length": 255},
        {"name": "Status__c", "type": "picklist"},
        {"name": "Content__c", "type": "string", "length": 64},
        {"name": "Created_Ids__c", "type": "textarea", "length": 131_072},
    ]
    changed = [each | more if each["name"] == of else each for each in fields]
    return described("Actwright_Ledger__c", "a00", *changed)


COMMITTED_ONLY = {"value": "committed", "label": "committed", "active": True, "defaultValue": False}


def rows(*found: dict[str, object]) -> Reply:
    """Return rows of the ledger."""
    return Reply(body={"records": list(found), "done": True, "totalSize": len(found)})


def ledger_row(
    status: str, created: object = None, key: str = "k:1", **by: object
) -> dict[str, object]:
    """Return one row of the ledger, the user's own unless ``by`` says otherwise."""
    row = {"Id": ROW, "Key__c": key, "Status__c": status, "Created_Ids__c": created}
    row |= {"Content__c": content_of((new("x"),))}
    return row | {"CreatedById": USER_ID, "LastModifiedById": USER_ID} | by


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (ledger_row("committed", f"0={MADE}"), ("ledger", "done", MADE)),
        (ledger_row("abandoned"), ("ledger", "not_sent", None)),
        (ledger_row("whatever"), ("nobody", "unknown", None)),
        (ledger_row("committed", CreatedById=OTHER), ("nobody", "unknown", None)),
        (ledger_row("committed", LastModifiedById=OTHER), ("nobody", "unknown", None)),
        (ledger_row("abandoned", CreatedById=OTHER), ("nobody", "unknown", None)),
        (ledger_row("abandoned", LastModifiedById=None), ("nobody", "unknown", None)),
        (ledger_row("committed", Content__c=content_of((new("y"),))), ("nobody", "unknown", None)),
        (ledger_row("committed", Content__c=None), ("nobody", "unknown", None)),
        (ledger_row("abandoned", Content__c=None), ("ledger", "not_sent", None)),
        (ledger_row("committed", CreatedById=USER_ID[:15]), ("ledger", "done", None)),
        (ledger_row("committed", key="K:1"), ("nobody", "unknown", None)),
    ],
)
def test_a_taken_key_means_what_its_row_says(
    org: SalesforceOrg,
    scripted: ScriptedOrg,
    row: dict[str, object],
    expected: tuple[str, str, str | None],
) -> None:
    """Only our own words count, and only those of the row under this very key."""
    scripted.on("POST", PROBE, Reply(body=[TAKEN]))
    scripted.on("GET", "/query", rows(row))
    settled = org.settle(group(org, new("x")), "k:1")
    outcome = settled.outcome.outcomes[0]
    assert (settled.by, outcome.status, outcome.record_id) == expected
    assert settled.ask_again == (row["Key__c"] != "k:1")
    if OTHER in row.values():
        assert settled.evidence[0].endswith("in a row that somebody else has written or changed.")
    [probe] = scripted.seen(PROBE)
    assert probe.json["records"] == [
        {
            "attributes": {"type": "Actwright_Ledger__c"},
            "Key__c": "k:1",
            "Run__c": "k",
            "Status__c": "abandoned",
        }
    ]


def test_a_row_one_may_not_see_decides_nothing(org: SalesforceOrg, scripted: ScriptedOrg) -> None:
    """The key is taken and its row hidden: committed or abandoned, nobody can tell."""
    scripted.on("POST", PROBE, Reply(body=[TAKEN]))
    scripted.on("GET", "/query", rows())
    settled = org.settle(group(org, new("x")), "k:1")
    assert (settled.by, settled.ask_again, statuses(settled.outcome)) == ("nobody", True, ["unknown"])  # fmt: skip
    assert "you may not see" in settled.evidence[0]
    assert settled.evidence[-1].startswith("If it did not happen")


NOT_ALLOWED = {
    "success": False,
    "errors": [{"statusCode": "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "message": "not now"}],
}


@pytest.mark.parametrize(
    "refusal",
    [Reply(body=[NOT_ALLOWED]), fault(400, "INVALID_TYPE"), Reply(body=[LOCKED])],
)
def test_a_key_that_cannot_be_written_is_looked_for(
    org: SalesforceOrg, scripted: ScriptedOrg, refusal: Reply
) -> None:
    """The right to write it was taken away: a row that is there proves the commit; a missing one proves nothing."""
    scripted.on("POST", PROBE, refusal)
    one = group(org, new("x"))
    scripted.on("GET", "/query", rows(ledger_row("committed", f"0={MADE}")))
    assert statuses(org.settle(one, "k:1").outcome) == ["done"]
    for nothing in (rows(), fault(400, "INVALID_TYPE")):
        scripted.on("GET", "/query", nothing)
        settled = org.settle(one, "k:1")
        assert (settled.by, statuses(settled.outcome)) == ("nobody", ["unknown"])
        assert settled.ask_again == (refusal.body == [LOCKED])
        assert "could not be written into Actwright_Ledger__c" in settled.evidence[0]
        assert settled.evidence[-1].startswith("If it did not happen")


def test_evidence_that_cannot_be_had_is_no_reason_to_fall_over(
    org: SalesforceOrg, scripted: ScriptedOrg
) -> None:
    """The question stays open, and the person is told that nothing could be read."""
    scripted.on("POST", PROBE, Reply(body=[LOCKED]))
    scripted.on("GET", "FROM%20Account", fault(500, "UNKNOWN_EXCEPTION"))
    scripted.on("GET", "FROM%20Actwright", rows())
    settled = org.settle(group(org, new("x")), "k:1")
    assert (settled.by, settled.ask_again) == ("nobody", True)
    assert settled.evidence[1].startswith("What is there now could not be read")
    assert settled.evidence[-1].startswith("If it did not happen")


@pytest.mark.parametrize(
    "created", ["0=@{e0.id}", None, "", f"7={MADE}", "0=001000000000001ZZZ", 7, f"0={ROW}"]
)
def test_ids_an_org_did_not_write_down_are_looked_for(
    org: SalesforceOrg, scripted: ScriptedOrg, created: object
) -> None:
    """The row proves the commit all the same; the one record that can be it gives the id, else there is none."""
    one = group(org, new("x"))
    account: dict[str, object] = {"Id": MADE, "Name": "x"}
    for found, expected in ((rows(account), MADE), (rows(), None)):
        scripted.on("POST", PROBE, Reply(body=[TAKEN]))
        scripted.on("GET", "FROM%20Account", found)
        scripted.on("GET", "FROM%20Actwright", rows(ledger_row("committed", created)))
        settled = org.settle(one, "k:1", since=datetime(2026, 11, 21, tzinfo=UTC))
        outcome = settled.outcome.outcomes[0]
        assert (settled.by, outcome.status, outcome.created) == ("ledger", "done", True)
        assert outcome.record_id == expected
        assert (
            "CreatedDate%20%3E%3D%202026-11-20T23%3A55" in scripted.seen("FROM%20Account")[-1].path
        )
    assert org.settle(one, "k:1").outcome.outcomes[0].record_id is None


@pytest.mark.parametrize(
    "answer",
    [
        Reply(body=[]),
        Reply(body=[IN, IN]),
        Reply(body={"success": True}),
        Reply(body=b"<html>"),
        Reply(500, b"oops"),
        Reply(drop=True),
    ],
)
def test_no_answer_is_taken_for_a_yes(
    org: SalesforceOrg, scripted: ScriptedOrg, answer: Reply
) -> None:
    """Twice in a row without a word on the key: undecided, ask again."""
    scripted.on("POST", PROBE, answer)
    settled = org.settle(group(org, new("x")), "k:1")
    assert (settled.by, settled.ask_again, statuses(settled.outcome)) == ("nobody", True, ["unknown"])  # fmt: skip
    assert len(scripted.seen(PROBE)) == 2


@pytest.mark.parametrize(
    "told", [{"success": True}, {"success": True, "id": ROW, "errors": [{}]}, {}]
)
def test_half_a_yes_is_none(
    org: SalesforceOrg, scripted: ScriptedOrg, told: dict[str, object]
) -> None:
    """Without an id, or with errors, a row is not in."""
    scripted.on("POST", PROBE, Reply(body=[told]))
    scripted.on("GET", "/query", rows())
    settled = org.settle(group(org, new("x")), "k:1")
    assert (settled.by, settled.ask_again, statuses(settled.outcome)) == ("nobody", False, ["unknown"])  # fmt: skip


def written(*bodies: tuple[int, object]) -> Callable[[Seen], Reply]:
    """Return a composite's answer: the ledger's row, the writes, the ids."""
    return composite(*bodies)


OPENED, CLOSED = (201, {"id": ROW, "success": True, "errors": []}), (204, None)
CREATED = (201, {"id": MADE, "success": True, "errors": []})
HALTED = (400, [{"errorCode": "PROCESSING_HALTED", "message": "rolled back"}])
REFUSED = (400, [{"errorCode": "REQUIRED_FIELD_MISSING", "message": "Run__c", "fields": []}])


@pytest.mark.parametrize(
    ("bodies", "expected"),
    [
        ((OPENED, CREATED, CLOSED), "done"),
        ((REFUSED, HALTED, HALTED), "failed"),
        ((HALTED, HALTED, REFUSED), "failed"),
        ((HALTED, REFUSED, HALTED), "failed"),
        ((HALTED, CREATED, HALTED), "unknown"),
        ((OPENED, REFUSED, CLOSED), "unknown"),
        ((REFUSED, REFUSED, HALTED), "unknown"),
        ((HALTED, HALTED, HALTED), "unknown"),
        ((OPENED, CREATED, HALTED), "unknown"),
    ],
)
def test_row_and_writes_fare_alike_or_nothing_is_believed(
    org: SalesforceOrg,
    scripted: ScriptedOrg,
    bodies: tuple[tuple[int, object], ...],
    expected: str,
) -> None:
    """One transaction happens or does not; an answer that says otherwise is no answer."""
    assert org.recovery(group(org, new("x"))).by == "ledger"
    scripted.on("POST", "/composite", written(*bodies))
    outcome = org.send(group(org, new("x")), key="k:1").outcomes[0]
    assert outcome.status == expected
    if bodies[0] == REFUSED and expected == "failed":
        assert outcome.faults[0].message == "The org's ledger refused the key: Run__c"


def test_the_ledger_stands_around_the_writes(org: SalesforceOrg, scripted: ScriptedOrg) -> None:
    """Its row is the first request, the new ids are the last; a group that creates nothing needs no last one."""
    scripted.on("POST", "/composite", written(OPENED, CREATED, CLOSED))
    org.send(group(org, new("x")), key="k:1")
    requests: Any = scripted.seen("/composite")[-1].json["compositeRequest"]
    first, _, last = requests
    assert (first["method"], first["body"]["Key__c"]) == ("POST", "k:1")
    assert first["body"]["Status__c"] == "committed"
    assert last["url"].endswith("/sobjects/Actwright_Ledger__c/@{ledger.id}")
    assert last["body"] == {"Created_Ids__c": "0=@{e0.id}"}
    scripted.on("POST", "/composite", written(OPENED, (204, None)))
    assert org.send(group(org, renamed(MADE, "a", "b")), key="k:1").committed


def test_a_taken_key_whose_row_cannot_be_read_is_unknown(
    org: SalesforceOrg, scripted: ScriptedOrg
) -> None:
    """A send that collides learns from the row; where that cannot be read, nothing is claimed."""
    taken = (400, [{"errorCode": "DUPLICATE_VALUE", "message": "duplicate value found"}])
    scripted.on("POST", "/composite", written(taken, HALTED, HALTED))
    for answer in (fault(403, "REQUEST_LIMIT_EXCEEDED"), rows(), Reply(body=b"<html>")):
        scripted.on("GET", "/query", answer)
        assert statuses(org.send(group(org, new("x")), key="k:1")) == ["unknown"]


def test_nothing_that_breaks_behind_a_collision_is_taken_for_not_sent(
    org: SalesforceOrg, scripted: ScriptedOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first try committed, and the schema cannot be had any more: unknown, and never an error."""
    taken = (400, [{"errorCode": "DUPLICATE_VALUE", "message": "duplicate value found"}])
    scripted.on("POST", "/composite", written(taken, HALTED, HALTED))
    scripted.on("GET", "/query", rows(ledger_row("committed", f"0={MADE}")))

    def gone(*_: object) -> None:
        raise OrgUnreachableError("no connection")

    monkeypatch.setattr("actwright.connectors.salesforce.sending.believed", gone)
    assert statuses(org.send(group(org, new("x")), key="k:1")) == ["unknown"]


def test_a_unique_value_of_the_business_is_a_failure(
    org: SalesforceOrg, scripted: ScriptedOrg
) -> None:
    """Another record holds the value a plan writes: that is no key of the ledger's, and nothing has happened."""
    other = (400, [{"errorCode": "DUPLICATE_VALUE", "message": "duplicate value found: Name"}])
    scripted.on("POST", "/composite", written(HALTED, other, HALTED))
    outcome = org.send(group(org, new("x")), key="k:1").outcomes[0]
    assert (outcome.status, outcome.faults[0].code) == ("failed", "DUPLICATE_VALUE")
    assert not scripted.seen("/query")


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        (ledger(unique=False), "proves nothing"),
        (ledger(externalId=False), "proves nothing"),
        (ledger(length=80), "has to take 255"),
        (ledger(createable=False), "may not write Actwright_Ledger__c.Key__c"),
        (ledger(updateable=False), "may not write Actwright_Ledger__c.Key__c"),
        (ledger(name="Other__c"), "Actwright_Ledger__c.Key__c is hidden"),
        (ledger(of="Content__c", length=32), "takes 32 characters, and has to take 64"),
        (ledger(of="Content__c", name="Other__c"), "Actwright_Ledger__c.Content__c is hidden"),
        (ledger(of="Created_Ids__c", length=255), "too short for the ids"),
        (ledger(of="Status__c", picklistValues=[COMMITTED_ONLY]), "does not offer 'abandoned'"),
        ({**ledger(), "createable": False}, "may not create, read and edit"),
        ({**ledger(), "updateable": False}, "may not create, read and edit"),
    ],
)
def test_a_ledger_that_is_not_what_it_should_be_is_none(
    org: SalesforceOrg, scripted: ScriptedOrg, schema: dict[str, object], why: str
) -> None:
    """Every field has to be there and writable, and the key unique: else it proves nothing, and the reason is told."""
    scripted.on("GET", "/Actwright_Ledger__c/describe", Reply(body=schema))
    how = org.recovery()
    assert how.by == "nobody"
    assert why in how.reason


def test_an_org_without_a_ledger_is_asked_once_in_a_while(
    org: SalesforceOrg, scripted: ScriptedOrg
) -> None:
    """The answer is kept until the schema is refreshed, and costs none of a plan's calls."""
    scripted.on("GET", "/Actwright_Ledger__c/describe", fault(404, "NOT_FOUND"))
    before = org.api_calls
    assert {org.recovery().by for _ in range(3)} == {"nobody"}
    assert len(scripted.seen("/Actwright_Ledger__c/describe")) == 1
    scripted.on("GET", "/Actwright_Ledger__c/describe", Reply(body=ledger()))
    org.refresh()
    assert org.recovery().by == "ledger"
    assert org.api_calls == before


def test_keys_are_bounded_and_apart() -> None:
    """A plain key stands as it is, any other as its hash; each part of a call has one of its own."""
    assert ledger_key("run_1:1:g1:1") == "run_1:1:g1:1"
    odd = ["a" * 256, "Run", " run", "run'x", "@{e0.id}", "run\n", "", "é"]
    hashed = [ledger_key(each) for each in odd]
    assert len(set(hashed)) == len(odd)
    assert {len(each) for each in hashed} == {len("sha256:") + 64}
    several = EffectGroup(
        id="g", org=ORG_ID, effects=(new("x", "a"), new("y", "b")), parts=(("a",), ("b",))
    )
    assert keys_of(several, "k") == ("k:0", "k:1")


@pytest.mark.parametrize(
    "other",
    [
        renamed(ROW, "a", "b"),
        renamed(MADE, "a", "c"),
        renamed(MADE, "a", "b", operation="DELETE"),
        renamed(MADE, "a", "b", object="Contact"),
        renamed(MADE, "a", "b", changes=(change("Site", "b"),)),
        renamed(MADE, "a", "b", changes=(change("Name", linked_to="b"),)),
        renamed(MADE, "a", "b", changes=(change("Name", "b"), change("Site", "b"))),
    ],
)
def test_a_row_stands_for_exactly_what_was_sent(other: Effect) -> None:
    """Another record, object, field, value or link is something else; what it is called for tracing is not."""
    one = renamed(MADE, "a", "b")
    assert content_of((one,)) != content_of((other,))
    assert content_of((one, other)) != content_of((other, one))
    assert content_of((one,)) == content_of((renamed(MADE, "z", "b", key="e7"),))


def test_what_is_left_of_a_group() -> None:
    """Done effects are taken out, and parts that are empty then; nothing left is None."""
    whole = EffectGroup(
        id="g", org=ORG_ID, effects=(new("x", "a"), new("y", "b")), parts=(("a",), ("b",))
    )
    half = same_for_all(whole, "not_sent")
    done = half.outcomes[0].model_copy(update={"status": "done"})
    left = left_of(whole, half.model_copy(update={"outcomes": (done, half.outcomes[1])}))
    assert left is not None
    assert ([each.id for each in left.effects], left.parts) == (["b"], (("b",),))
    assert left_of(whole, same_for_all(whole, "done")) is None


def test_a_job_that_is_another_one_is_no_answer(org: SalesforceOrg, scripted: ScriptedOrg) -> None:
    """An org that speaks of another job has said nothing."""
    scripted.on("GET", "/jobs/ingest", Reply(body={"id": "750000000000002AAA", "state": "Open"}))
    job = group(org, new("x"), carrier="bulk", atomic=False)
    with pytest.raises(OrgProtocolError):
        org.settle(job, job_id=record_id("750000000000001"))


@pytest.mark.parametrize(
    ("processed", "failed", "by"),
    [
        (0, Reply(body=b"sf__Id,sf__Error,Name\n"), "job"),
        (0, Reply(500, b"oops"), "nobody"),
        (0, Reply(body=b'sf__Id,sf__Error,Name\n,"X:y:--",z\n'), None),
        (1, Reply(body=b""), "nobody"),
        (None, Reply(body=b""), "nobody"),
    ],
)
def test_a_job_given_up_is_only_nothing_if_all_of_it_says_so(
    org: SalesforceOrg, scripted: ScriptedOrg, processed: object, failed: Reply, by: str | None
) -> None:
    """Rows that were begun, or results that cannot be read, leave it open; nobody claims that nothing happened."""
    key = record_id("750000000000001")
    told = {"id": key, "state": "Aborted", "object": "Account", "operation": "insert"}
    scripted.on("GET", "/jobs/ingest", Reply(body=told | {"numberRecordsProcessed": processed}))
    for kind in ("successfulResults", "unprocessedrecords"):
        scripted.on("GET", kind, Reply(body=b"Name\n"))
    scripted.on("GET", "failedResults", failed)
    job = group(org, new("x"), carrier="bulk", atomic=False)
    if by is None:
        with pytest.raises(OrgProtocolError):
            org.settle(job, job_id=key)
        return
    settled = org.settle(job, job_id=key)
    assert (settled.by, settled.decided) == (by, by == "job")


def test_a_job_that_still_runs_or_may_not_be_asked_for_is_left_open(
    org: SalesforceOrg, scripted: ScriptedOrg
) -> None:
    """It is asked again later; a right that is gone is an error, and no forgotten job."""
    key, job = record_id("750000000000001"), group(org, new("x"), carrier="bulk", atomic=False)
    told = {"id": key, "state": "InProgress", "object": "Account", "operation": "insert"}
    scripted.on("GET", "/jobs/ingest", Reply(body=told))
    readback, hurried = Readback(org), JobPatience(deadline=0.0)
    settled = BulkSettler(org._client, org.describe, readback, hurried).settle(job, key, None)
    assert (settled.by, settled.ask_again, settled.decided) == ("nobody", True, False)
    assert settled.evidence == (f"The bulk job {key} has not ended yet.",)
    done = told | {"state": "JobComplete", "numberRecordsProcessed": 1}
    scripted.on("GET", "/jobs/ingest", Reply(body=done))
    scripted.on("GET", "Results", Reply(500, b"oops"))
    settled = org.settle(job, job_id=key)
    assert (settled.by, settled.ask_again, settled.decided) == ("nobody", True, False)
    scripted.on("GET", "/jobs/ingest", fault(403, "INSUFFICIENT_ACCESS"))
    with pytest.raises(OrgRefusedError):
        org.settle(job, job_id=key)
