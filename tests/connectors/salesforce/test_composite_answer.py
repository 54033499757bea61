"""Answers to a composite: done, failed, rolled back, or unknown; never more than the answer proves."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from tests.connectors.salesforce.scripted_org import (
    ORG_ID,
    USER_ID,
    Reply,
    ScriptedOrg,
    composite,
    described,
)

from actwright.connectors.salesforce.auth import Session
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.limits import Limits
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.errors import InputError, OrgUnreachableError
from actwright.org.effect import Effect, EffectGroup, FieldChange
from actwright.org.outcome import GroupOutcome
from actwright.org.record_id import record_id

NEW, OLD = record_id("001000000000009"), record_id("001000000000001")
CREATED = (201, {"id": NEW, "success": True, "errors": []})
UPDATED = (204, None)
HALTED = (400, [{"errorCode": "PROCESSING_HALTED", "message": "rolled back"}])
REFUSED = (
    400,
    [{"statusCode": "REQUIRED_FIELD_MISSING", "message": "Required", "fields": ["Name"]}],
)
NAME = FieldChange(field="Name", label="Name", after="x", provenance="goal")


@pytest.fixture
def org(scripted: ScriptedOrg) -> Iterator[SalesforceOrg]:
    """Return an org over the scripted server, with Account and short patience."""
    empty = {"records": [], "done": True}
    scripted.on("POST", "/composite", composite((200, empty), (200, empty)))
    scripted.on("GET", "/Account/describe", Reply(body=described("Account", "001", {"name": "Key__c", "type": "string", "externalId": True, "unique": True})))  # fmt: skip
    session = Session("T", scripted.url, ORG_ID, USER_ID)
    found = SalesforceOrg(OrgClient(session, limits=Limits(read_seconds=0.3)))
    yield found
    found.close()


def _group(*, atomic: bool = True) -> EffectGroup:
    create = Effect(id="new", action_id="a", operation="CREATE", object="Account", changes=(NAME,))
    update = create.model_copy(update={"id": "old", "operation": "UPDATE", "record_id": OLD})
    return EffectGroup(id="g", org=ORG_ID, effects=(create, update), atomic=atomic)


def _statuses(outcome: GroupOutcome) -> list[str]:
    return [each.status for each in outcome.outcomes]


def test_a_committed_group_is_done(org: SalesforceOrg, scripted: ScriptedOrg) -> None:
    """Each effect has its record's id, and the new one is marked as created."""
    scripted.on("POST", "/composite", composite(CREATED, UPDATED))
    outcome = org.send(_group())
    assert outcome.committed
    assert outcome.api_calls == 1
    assert [(each.record_id, each.created) for each in outcome.outcomes] == [
        (NEW, True),
        (OLD, False),
    ]


@pytest.mark.parametrize(
    ("parts", "statuses", "code"),
    [
        ((REFUSED, HALTED), ["failed", "rolled_back"], "REQUIRED_FIELD_MISSING"),
        ((HALTED, REFUSED), ["rolled_back", "failed"], "PROCESSING_HALTED"),
        (((412, None), HALTED), ["failed", "rolled_back"], "PRECONDITION_FAILED"),
        (((300, ["/a", "/b"]), HALTED), ["failed", "rolled_back"], "MULTIPLE_CHOICES"),
        (((500, "?"), HALTED), ["failed", "rolled_back"], "HTTP_500"),
    ],
)
def test_the_culprit_failed_and_the_rest_was_rolled_back(
    org: SalesforceOrg,
    scripted: ScriptedOrg,
    parts: tuple[tuple[int, object], ...],
    statuses: list[str],
    code: str,
) -> None:
    """Both shapes of a fault are read, and a stale version has a code of its own."""
    scripted.on("POST", "/composite", composite(*parts))
    outcome = org.send(_group())
    assert _statuses(outcome) == statuses
    assert outcome.outcomes[0].faults[0].code == code


def test_without_atomicity_each_effect_stands_for_itself(
    org: SalesforceOrg, scripted: ScriptedOrg
) -> None:
    """A group that need not be atomic may be done in part."""
    scripted.on("POST", "/composite", composite(REFUSED, UPDATED))
    assert _statuses(org.send(_group(atomic=False))) == ["failed", "done"]
    assert scripted.seen("/composite")[-1].json["allOrNone"] is False


OTHER = record_id("001000000000002")
FAULTS = REFUSED[1]
DELETE = Effect(
    id="gone",
    action_id="a",
    operation="DELETE",
    object="Account",
    record_id=OTHER,
    version="2026-01-01T00:00:00Z",
)


@pytest.mark.parametrize(
    "parts",
    [
        (CREATED, (200, FAULTS)),
        (CREATED, (200, {"id": OLD, "success": False, "errors": FAULTS})),
        (CREATED, (200, {"id": OTHER, "success": True, "errors": []})),
        (CREATED, (200, {"id": OLD, "success": True, "created": True, "errors": []})),
        (CREATED, (202, None)),
        (CREATED, (204, "<html>")),
        ((201, {"id": NEW, "success": False, "errors": FAULTS}), UPDATED),
        ((201, {"id": NEW, "success": True, "errors": FAULTS}), UPDATED),
        ((200, {"id": NEW, "success": True, "created": False, "errors": []}), UPDATED),
        ((201, {"id": OLD, "success": True, "errors": []}), UPDATED),
    ],
)
def test_a_success_that_contradicts_itself_is_unknown(
    org: SalesforceOrg, scripted: ScriptedOrg, parts: tuple[tuple[int, object], ...]
) -> None:
    """Errors beside a success, another record, an old record's id for a new one: none of it proves a write."""
    scripted.on("POST", "/composite", composite(*parts))
    assert _statuses(org.send(_group())) == ["unknown", "unknown"]


def test_a_delete_whose_check_read_another_record_is_unknown(
    org: SalesforceOrg, scripted: ScriptedOrg
) -> None:
    """The version that was checked was none of the record deleted."""
    group = EffectGroup(id="g", org=ORG_ID, effects=(DELETE,))
    scripted.on("POST", "/composite", composite((200, {"Id": OTHER}), (204, None)))
    assert org.send(group).committed
    scripted.on("POST", "/composite", composite((200, {"Id": OLD}), (204, None)))
    assert _statuses(org.send(group)) == ["unknown"]


def _parts(*entries: object) -> Reply:
    return Reply(body={"compositeResponse": list(entries)})


DONE_0 = {"referenceId": "e0", "httpStatusCode": 201, "body": CREATED[1]}
DONE_1 = {"referenceId": "e1", "httpStatusCode": 204, "body": None}


@pytest.mark.parametrize(
    "reply",
    [
        Reply(drop=True),
        Reply(delay=0.6),
        Reply(body=b""),
        Reply(body=b"<html>"),
        Reply(body=b'{"compositeResponse": [NaN]}'),
        Reply(body=b'{"compositeResponse": [1e99999999999999999999]}'),
        Reply(body=b'{"compositeResponse": [' + b"[" * 100_000),
        Reply(status=400, body=b'[{"errorCode": 1e99999999999999999999}]'),
        Reply(body=[]),
        Reply(body={}),
        _parts(),
        _parts(DONE_0),
        _parts(DONE_0, DONE_0),
        _parts(DONE_0, {**DONE_1, "referenceId": "e7"}),
        _parts(DONE_0, DONE_1, {**DONE_1, "referenceId": "e2"}),
        _parts(DONE_0, {**DONE_1, "httpStatusCode": "204"}),
        _parts(DONE_0, {"referenceId": "e1"}),
        _parts({**DONE_0, "body": None}, DONE_1),
        _parts({**DONE_0, "body": {"id": "005000000000001AAA"}}, DONE_1),
        _parts({**DONE_0, "body": {"id": "../x"}}, DONE_1),
        _parts(DONE_0, {**DONE_1, "httpStatusCode": 400, "body": REFUSED[1]}),
        _parts({**DONE_0, "httpStatusCode": 400, "body": HALTED[1]}, {**DONE_1, "httpStatusCode": 400, "body": HALTED[1]}),
    ],
)  # fmt: skip
def test_an_answer_that_proves_nothing_leaves_every_effect_unknown(
    org: SalesforceOrg, scripted: ScriptedOrg, reply: Reply
) -> None:
    """Lost, malformed, incomplete or contradictory answers are never read as success or failure, nor sent again."""
    before = len(scripted.seen("/composite"))
    scripted.on("POST", "/composite", reply)
    assert _statuses(org.send(_group())) == ["unknown", "unknown"]
    assert len(scripted.seen("/composite")) == before + 1


def _upsert(matched: str | None) -> EffectGroup:
    key = FieldChange(field="Key__c", label="Key", after="k", provenance="goal")
    upsert = Effect(id="u", action_id="a", operation="UPSERT", object="Account", record_id=matched, key_field="Key__c", changes=(key, NAME))  # fmt: skip
    return EffectGroup(id="g", org=ORG_ID, effects=(upsert,))


@pytest.mark.parametrize(
    ("matched", "part", "record"), [(None, CREATED, NEW), (OLD[:15], UPDATED, OLD)]
)
def test_an_upsert_tells_whether_it_created(
    org: SalesforceOrg,
    scripted: ScriptedOrg,
    matched: str | None,
    part: tuple[int, object],
    record: str,
) -> None:
    """One whose key had matched nothing made a record, one that had matched changed it."""
    scripted.on("POST", "/composite", composite(part))
    outcome = org.send(_upsert(matched)).outcomes[0]
    assert (outcome.status, outcome.record_id, outcome.created) == ("done", record, matched is None)


def test_any_failure_to_read_an_answer_leaves_every_effect_unknown(
    org: SalesforceOrg, scripted: ScriptedOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even a defect of the reader's own does not pass for an error before the write."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("actwright.connectors.salesforce.composite_answer.parts_of", broken)
    scripted.on("POST", "/composite", composite(CREATED, UPDATED))
    org.describe("Account")
    assert _statuses(org.send(_group())) == ["unknown", "unknown"]


def test_a_group_for_another_org_is_not_sent(org: SalesforceOrg, scripted: ScriptedOrg) -> None:
    """A preview made for the sandbox does not run in production."""
    before = len(scripted.requests)
    with pytest.raises(InputError, match="meant for"):
        org.send(_group().model_copy(update={"org": "00D000000000002EAA"}))
    assert len(scripted.requests) == before


def test_an_org_that_is_gone_got_nothing() -> None:
    """A refused connection is an error, not an open outcome."""
    with ScriptedOrg() as gone:
        empty = {"records": [], "done": True}
        gone.on("POST", "/composite", composite((200, empty), (200, empty)))
        gone.on("GET", "/Account/describe", Reply(body=described("Account", "001")))
        org = SalesforceOrg(OrgClient(Session("T", gone.url, ORG_ID, USER_ID)))
        org.describe("Account")
    org.close()
    with pytest.raises(OrgUnreachableError):
        org.send(_group())


def test_a_message_of_the_org_is_kept_as_it_matters(
    org: SalesforceOrg, scripted: ScriptedOrg
) -> None:
    """Code, message and fields of a fault reach the outcome."""
    scripted.on("POST", "/composite", composite(REFUSED, HALTED))
    fault = org.send(_group()).outcomes[0].faults[0]
    assert json.loads(fault.model_dump_json()) == {
        "code": "REQUIRED_FIELD_MISSING",
        "message": "Required",
        "fields": ["Name"],
        "duplicates": [],
        "overridable": False,
    }
