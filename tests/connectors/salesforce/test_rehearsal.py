"""Rehearsals: a real local org tries everything and keeps nothing, and an org that might have kept it is told on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import pytest
from tests.connectors.salesforce.scripted_org import (
    ORG_ID,
    Reply,
    ScriptedOrg,
    Seen,
    composite,
    described,
    fault,
)

from actwright.connectors.salesforce.auth import Session
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.describe import object_schema
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.connectors.salesforce.rehearsal import Rehearser
from actwright.errors import InputError, OrgProtocolError, OrgRefusedError, RefusedError
from actwright.org.effect import Effect, EffectGroup, FieldChange
from actwright.org.outcome import EffectOutcome
from actwright.org.ports import Rehearsal
from actwright.org.record_id import record_id

WATCHED = ("Account", "Contact", "Opportunity", "Task", "Case", "Contract")
HALTED = (400, [{"errorCode": "PROCESSING_HALTED", "message": "rolled back"}])
NEVER = (404, [{"errorCode": "NOT_FOUND", "message": "no such record"}])
CAR = record_id("a01000000000001")


def _change(field: str, after: Any = None, family: str = "string", **more: str) -> FieldChange:
    return FieldChange.model_validate(
        {"field": field, "label": field, "after": after, "family": family, "provenance": "goal"}
        | more
    )


def _effect(name: str, operation: str, target: str, *changes: FieldChange, **more: Any) -> Effect:
    given = {"id": name, "action_id": name.partition(".")[0], "operation": operation}
    return Effect.model_validate(given | {"object": target, "changes": changes} | more)


def _group(org: SalesforceOrg, *effects: Effect, **more: Any) -> EffectGroup:
    return EffectGroup(id="g1", org=org.identity.id, effects=effects, **more)


def _rows(org: SalesforceOrg, soql: str) -> list[dict[str, Any]]:
    return list(org.soql(soql))


def _state(org: SalesforceOrg) -> dict[str, list[dict[str, Any]]]:
    return {
        each: _rows(org, f"SELECT Id, SystemModstamp FROM {each} ORDER BY Id") for each in WATCHED
    }


@pytest.fixture
def kept(alice: SalesforceOrg) -> Iterator[SalesforceOrg]:
    """Give the org, and hold it to what it held before: no row made, changed or gone."""
    before = _state(alice)
    yield alice
    assert _state(alice) == before


def _deals(org: SalesforceOrg, count: int) -> list[str]:
    return [
        str(each["Id"]) for each in _rows(org, f"SELECT Id FROM Opportunity ORDER BY Id LIMIT {count}")
    ]  # fmt: skip


def _repriced(ids: Sequence[str], amount: Callable[[int], int]) -> tuple[Effect, ...]:
    return tuple(
        _effect(f"a1.{place}", "UPDATE", "Opportunity", _change("Amount", amount(place), "decimal"), record_id=each)
        for place, each in enumerate(ids)
    )  # fmt: skip


def _told(outcomes: Sequence[EffectOutcome]) -> list[tuple[str, str]]:
    return [(each.status, each.faults[0].code if each.faults else "") for each in outcomes]


def test_what_would_work_is_tried_and_taken_back(kept: SalesforceOrg) -> None:
    """A change, a linked pair of creates and a delete would all work; the org holds what it held."""
    (deal,) = _deals(kept, 1)
    version = str(_rows(kept, f"SELECT LastModifiedDate FROM Opportunity WHERE Id = '{deal}'")[0]["LastModifiedDate"])  # fmt: skip
    (task,) = (each["Id"] for each in _rows(kept, "SELECT Id FROM Task ORDER BY Id LIMIT 1"))
    group = _group(
        kept,
        _effect("a1.1", "UPDATE", "Opportunity", _change("Amount", 5, "decimal"), record_id=deal, version=version),
        _effect("a2.1", "CREATE", "Account", _change("Name", "Rehearsed"), ref="a2"),
        _effect("a3.1", "CREATE", "Contact", _change("LastName", "R"), _change("AccountId", None, "id", linked_to="a2")),
        _effect("a4.1", "DELETE", "Task", record_id=task, version="2999-01-01T00:00:00Z"),
    )  # fmt: skip
    rehearsal: Rehearsal = kept
    outcome = rehearsal.rehearse(group)
    assert _told(outcome.outcomes) == [("rolled_back", "")] * 4
    assert outcome.api_calls == 1


def test_a_validation_rule_speaks_before_anything_is_written(kept: SalesforceOrg) -> None:
    """The rule's own message and field come back, and what stood beside it would have worked."""
    first, second = _deals(kept, 2)
    group = _group(kept, *_repriced([first, second], lambda place: [5, 20_000_000][place]))
    fine, refused = kept.rehearse(group).outcomes
    assert _told([fine, refused]) == [
        ("rolled_back", ""),
        ("failed", "FIELD_CUSTOM_VALIDATION_EXCEPTION"),
    ]
    assert refused.faults[0].fields == ("Amount",)
    assert "deal desk" in refused.faults[0].message


def _twin(org: SalesforceOrg) -> tuple[dict[str, Any], Effect]:
    found = _rows(org, "SELECT Id, Name, Email FROM Contact WHERE Email != null ORDER BY Id LIMIT 1")[0]  # fmt: skip
    changes = (_change("LastName", "Twin"), _change("Email", str(found["Email"])))
    return found, _effect("a1.1", "CREATE", "Contact", *changes)


@pytest.mark.parametrize("carrier", ["composite", "collections", "graph"])
def test_a_duplicate_rule_names_the_record_it_matched(kept: SalesforceOrg, carrier: str) -> None:
    """Whatever carries the group, the match is told with its record; a yes to duplicates lets it through."""
    found, twin = _twin(kept)
    (refused,) = kept.rehearse(_group(kept, twin, carrier=carrier)).outcomes
    (match,) = refused.faults[0].duplicates
    assert refused.faults[0].overridable
    assert (match.record_id, match.object, match.rule) == (
        found["Id"],
        "Contact",
        "Contact_Same_Email",
    )
    allowed = _group(kept, twin, carrier=carrier, allow_duplicates=True)
    assert _told(kept.rehearse(allowed).outcomes) == [("rolled_back", "")]
    if carrier != "graph":
        assert match.name == found["Name"]


def test_rows_of_a_collection_answer_each_for_itself(kept: SalesforceOrg) -> None:
    """Of many rows in one call, each refused one is named at once, and none is kept."""
    bad = {3, 17}
    effects = tuple(
        _effect(f"a1.{n}", "CREATE", "Task", _change("Subject", f"t{n}"), _change("ActivityDate", "2999-01-01" if n in bad else "2026-12-01", "date"))
        for n in range(30)
    )  # fmt: skip
    outcome = kept.rehearse(_group(kept, *effects, carrier="collections"))
    assert {n for n, each in enumerate(outcome.outcomes) if each.status == "failed"} == bad
    assert {each.status for each in outcome.outcomes} == {"failed", "rolled_back"}


def test_each_part_of_a_graph_call_is_taken_back_for_itself(kept: SalesforceOrg) -> None:
    """One refused part does not hide that the others would work, and no part is kept."""
    effects = _repriced(_deals(kept, 3), lambda place: 20_000_000 if place == 1 else 7)
    parts = tuple((each.id,) for each in effects)
    outcome = kept.rehearse(_group(kept, *effects, carrier="graph", atomic=False, parts=parts))
    assert [each.status for each in outcome.outcomes] == ["rolled_back", "failed", "rolled_back"]
    assert outcome.api_calls == 1


@pytest.mark.parametrize(
    "more", [{"carrier": "bulk", "atomic": False}, {"atomic": False}, {"carrier": "collections", "atomic": False}]
)  # fmt: skip
def test_what_has_no_transaction_is_never_tried(kept: SalesforceOrg, more: dict[str, Any]) -> None:
    """A job, and rows that stand each for itself, are refused before anything is sent."""
    calls = kept.api_calls
    with pytest.raises(RefusedError):
        kept.rehearse(_group(kept, *_repriced(["006000000000001AAA"], lambda _: 1), **more))
    assert kept.api_calls == calls


def test_a_group_of_another_org_is_never_tried(kept: SalesforceOrg) -> None:
    """The preview's org and the session's must be one."""
    group = _group(kept, *_repriced(["006000000000001AAA"], lambda _: 1))
    with pytest.raises(InputError, match="meant for the org"):
        kept.rehearse(group.model_copy(update={"org": "00D000000000099AAA"}))


def _scripted(scripted: ScriptedOrg, name: str = "Car", *fields: dict[str, object]) -> Rehearser:
    scripted.on("GET", f"/{name}/describe", Reply(body=described(name, "a01", *fields)))
    client = OrgClient(Session("T", scripted.url))
    return Rehearser(client, cache(lambda wanted: object_schema(client.describe(wanted).json())))


def _car(name: str = "Car", **more: Any) -> EffectGroup:
    effect = _effect("a1.1", "UPDATE", name, _change("Name", "x"), record_id=CAR, record_name="Herbie")  # fmt: skip
    return EffectGroup(id="g1", org=ORG_ID, effects=(effect,), **more)


@pytest.mark.parametrize(
    "answer",
    [
        Reply(drop=True),
        Reply(500, "boom"),
        Reply(body="not json"),
        Reply(body={"compositeResponse": []}),
        composite((204, None), NEVER, HALTED),
        composite((204, None), (204, None), (201, {"id": CAR, "success": True})),
        composite(HALTED, HALTED, HALTED),
    ],
    ids=["hung up", "broke", "no json", "empty", "kept it", "kept all", "no cause"],
)
def test_an_org_that_may_have_kept_it_is_told_on(
    scripted: ScriptedOrg, answer: Reply | Callable[[Seen], Reply]
) -> None:
    """Without proof the error names what may have been written, and the call is not made again."""
    scripted.on("POST", "/composite", answer)
    rehearser = _scripted(scripted)
    with pytest.raises(OrgProtocolError, match="may have been written: update of Car Herbie") as told:  # fmt: skip
        rehearser.rehearse(_car())
    assert "Look at those records" in (told.value.hint or "")
    assert len(scripted.seen("/composite")) == 1


@pytest.mark.parametrize("answer", [Reply(drop=True), Reply(body={"graphs": [{"graphId": "p0", "isSuccessful": True}]})])  # fmt: skip
def test_a_graph_that_may_have_been_kept_is_told_on(scripted: ScriptedOrg, answer: Reply) -> None:
    """The same holds for graphs."""
    scripted.on("POST", "/composite/graph", answer)
    rehearser = _scripted(scripted)
    with pytest.raises(OrgProtocolError, match="may have been written: update of Car Herbie"):
        rehearser.rehearse(_car(carrier="graph"))


def test_a_call_refused_as_a_whole_wrote_nothing(scripted: ScriptedOrg) -> None:
    """The org's own refusal of the call is passed on as what it is."""
    scripted.on("POST", "/composite", fault(400, "LIMIT_EXCEEDED"))
    with pytest.raises(OrgRefusedError):
        _scripted(scripted).rehearse(_car())


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("Ping__e", ()),
        ("PING__E", ()),
        ("Far__x", ()),
        ("Log__b", ()),
        ("LoginEvent", ({"name": "ReplayId", "type": "string"},)),
    ],
)
def test_what_no_transaction_takes_back_is_never_tried(
    scripted: ScriptedOrg, name: str, fields: tuple[dict[str, object], ...]
) -> None:
    """Platform events, external and big objects are written at once; they are refused and nothing is sent."""
    rehearser = _scripted(scripted, name, *fields)
    with pytest.raises(RefusedError, match="is one of the"):
        rehearser.rehearse(_car(name))
    assert scripted.seen("/composite") == []


def test_what_acts_outside_the_org_is_never_tried(scripted: ScriptedOrg) -> None:
    """A call or an opaque effect cannot be taken back by the org."""
    group = _car()
    opaque = group.effects[0].model_copy(update={"kind": "opaque"})
    with pytest.raises(RefusedError, match="outside the org"):
        _scripted(scripted).rehearse(group.model_copy(update={"effects": (opaque,)}))
    assert scripted.requests == []


@pytest.mark.parametrize("carrier", ["composite", "collections", "graph"])
def test_no_carrier_sends_a_transaction_without_its_end(
    scripted: ScriptedOrg, carrier: str
) -> None:
    """Every transaction on the wire ends in both impossible requests, all-or-none, in order."""
    scripted.on("POST", "/composite", Reply(drop=True))
    effects = tuple(
        _effect(f"a{n}.1", "CREATE", "Car", _change("Name", f"x{n}"), ref=f"a{n}") for n in range(6)
    )
    parts = tuple((each.id,) for each in effects) if carrier == "graph" else ()
    group = EffectGroup(id="g1", org=ORG_ID, effects=effects, carrier=carrier, parts=parts, atomic=not parts)  # fmt: skip
    with pytest.raises(OrgProtocolError):
        _scripted(scripted).rehearse(group)
    (seen,) = scripted.seen("/composite")
    body: Any = seen.json
    assert carrier == "graph" or (body["allOrNone"], body["collateSubrequests"]) == (True, False)
    transactions = body.get("graphs", [body])
    assert len(transactions) == (6 if carrier == "graph" else 1)
    for each in transactions:
        names = [part["referenceId"] for part in each["compositeRequest"]]
        assert names[-2:] == ["never1", "never2"]
        assert len(names) > 2


@pytest.mark.parametrize(("count", "size", "calls"), [(498, 83, 2), (75, 1, 6), (28, 2, 1)])
def test_many_parts_go_in_as_many_calls_as_hold_their_ends(
    scripted: ScriptedOrg, count: int, size: int, calls: int
) -> None:
    """No call has more requests than fit, nor more failing graphs than an org looks at before it gives up."""
    scripted.on("POST", "/composite/graph", _all_failed)
    effects = tuple(
        _effect(f"a1.{n}", "CREATE", "Car", _change("Name", f"x{n}")) for n in range(count)
    )
    parts = tuple(tuple(each.id for each in effects[n : n + size]) for n in range(0, count, size))
    group = EffectGroup(id="g1", org=ORG_ID, effects=effects, carrier="graph", parts=parts, atomic=False)  # fmt: skip
    outcome = _scripted(scripted).rehearse(group)
    assert outcome.api_calls == calls
    assert [each.effect_id for each in outcome.outcomes] == [each.id for each in effects]


def _all_failed(seen: Seen) -> Reply:
    body: Any = seen.json
    graphs = [
        {"graphId": graph["graphId"], "isSuccessful": False, "graphResponse": {"compositeResponse": [_failed(each) for each in graph["compositeRequest"]]}}
        for graph in body["graphs"]
    ]  # fmt: skip
    return Reply(body={"graphs": graphs})


def _failed(request: dict[str, Any]) -> dict[str, object]:
    status, body = NEVER if request["referenceId"] == "never1" else HALTED
    return {"referenceId": request["referenceId"], "httpStatusCode": status, "body": body}
