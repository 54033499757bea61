"""Many rows in few requests: what is sent, and what each row's answer proves."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tests.connectors.salesforce.scripted_org import (
    ORG_ID,
    USER_ID,
    Reply,
    ScriptedOrg,
    Seen,
    composite,
    described,
)

from actwright.connectors.salesforce.auth import Session
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.limits import Limits
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.errors import InputError, OrgError, RefusedError
from actwright.org.effect import Effect, EffectGroup, FieldChange, RecordOperation
from actwright.org.outcome import GroupOutcome
from actwright.org.record_id import record_id

COUNT = 30
IDS = [record_id(f"0010000000000{place:02}") for place in range(1, COUNT + 1)]
NAME = FieldChange(field="Name", label="Name", after="x", provenance="goal")
HALTED = (400, [{"errorCode": "PROCESSING_HALTED", "message": "rolled back"}])
TAKEN_BACK = {
    "success": False,
    "errors": [{"statusCode": "ALL_OR_NONE_OPERATION_ROLLED_BACK", "message": "rolled back"}],
}
LOCKED = {
    "success": False,
    "errors": [{"statusCode": "UNABLE_TO_LOCK_ROW", "message": "unable to obtain", "fields": []}],
}


@pytest.fixture
def org(scripted: ScriptedOrg) -> Iterator[SalesforceOrg]:
    """Return an org over the scripted server, with Account and short patience."""
    empty = {"records": [], "done": True}
    scripted.on("POST", "/composite", composite((200, empty), (200, empty)))
    parent: dict[str, object] = {
        "name": "ParentId",
        "type": "reference",
        "referenceTo": ["Account"],
    }
    scripted.on("GET", "/Account/describe", Reply(body=described("Account", "001", parent)))
    session = Session("T", scripted.url, ORG_ID, USER_ID)
    found = SalesforceOrg(OrgClient(session, limits=Limits(read_seconds=0.5)))
    yield found
    found.close()


def effects(operation: RecordOperation = "UPDATE", count: int = COUNT) -> tuple[Effect, ...]:
    """Return effects on accounts."""
    return tuple(
        Effect(
            id=f"a.{place}",
            action_id="a",
            operation=operation,
            object="Account",
            record_id=None if operation == "CREATE" else IDS[place],
            version=None if operation == "CREATE" else "2026-11-21T12:00:00Z",
            changes=() if operation == "DELETE" else (NAME,),
        )
        for place in range(count)
    )


def group(*members: Effect, **more: object) -> EffectGroup:
    """Return a group that travels as collections."""
    whole = EffectGroup(id="g", org=ORG_ID, effects=members, carrier="collections")
    return whole.model_copy(update=more)


def statuses(outcome: GroupOutcome) -> list[str]:
    """Return the status of each effect."""
    return [each.status for each in outcome.outcomes]


def done(count: int = COUNT) -> list[dict[str, object]]:
    """Return what the org says of rows that succeeded."""
    return [{"id": IDS[place], "success": True, "errors": []} for place in range(count)]


def sent(scripted: ScriptedOrg) -> list[dict[str, object]]:
    """Return the subrequests of the last call."""
    found = scripted.seen("/composite")[-1].json["compositeRequest"]
    assert isinstance(found, list)
    return found


def test_rows_travel_as_one_collection(org: SalesforceOrg, scripted: ScriptedOrg) -> None:
    """Thirty updates are one subrequest, all-or-none inside and outside, with the header for duplicates."""
    scripted.on("POST", "/composite", composite((200, done())))
    told: list[int] = []
    outcome = org.send(group(*effects()), told.append)
    (request,) = sent(scripted)
    assert outcome.committed
    assert [each.record_id for each in outcome.outcomes] == IDS
    assert (request["method"], str(request["url"]).rsplit("/v66.0")[1]) == ("PATCH", "/composite/sobjects")  # fmt: skip
    body = request["body"]
    assert isinstance(body, dict)
    assert body["allOrNone"] is True
    assert body["records"][0] == {"attributes": {"type": "Account"}, "id": IDS[0], "Name": "x"}
    assert request["httpHeaders"] == {
        "Sforce-Duplicate-Rule-Header": "allowSave=false; includeRecordDetails=true; runAsCurrentUser=true"
    }
    assert scripted.seen("/composite")[-1].json["allOrNone"] is True
    assert told == [COUNT]


def test_deletes_name_their_rows_in_the_address(org: SalesforceOrg, scripted: ScriptedOrg) -> None:
    """A collection of deletes has no body."""
    scripted.on("POST", "/composite", composite((200, done())))
    assert org.send(group(*effects("DELETE"))).committed
    (request,) = sent(scripted)
    assert request["method"] == "DELETE"
    assert str(request["url"]).endswith(f"/composite/sobjects?ids={','.join(IDS)}&allOrNone=true")
    assert "body" not in request


def test_a_person_may_save_in_spite_of_warnings(org: SalesforceOrg, scripted: ScriptedOrg) -> None:
    """The header says so on every request that writes values."""
    scripted.on("POST", "/composite", composite((200, done())))
    org.send(group(*effects(), allow_duplicates=True))
    assert "allowSave=true" in str(sent(scripted)[0]["httpHeaders"])


def test_a_parent_and_its_children_are_linked(org: SalesforceOrg, scripted: ScriptedOrg) -> None:
    """The parent has a request of its own, and each child takes its id from the answer."""
    parent = effects("CREATE", 1)[0].model_copy(update={"id": "p", "ref": "new"})
    link = FieldChange(field="ParentId", label="Parent", family="id", linked_to="new", provenance="output")  # fmt: skip
    children = [each.model_copy(update={"changes": (NAME, link)}) for each in effects("CREATE")]
    scripted.on("POST", "/composite", composite((201, {"id": record_id("001000000000099"), "success": True}), (200, done())))  # fmt: skip
    assert org.send(group(parent, *children)).committed
    single, rows = sent(scripted)
    body = rows["body"]
    assert isinstance(body, dict)
    assert {each["ParentId"] for each in body["records"]} == {f"@{{{single['referenceId']}.id}}"}


def test_the_row_at_fault_is_told_from_those_taken_back(
    org: SalesforceOrg, scripted: ScriptedOrg
) -> None:
    """One locked row fails, and the others were merely rolled back."""
    scripted.on("POST", "/composite", composite((200, [LOCKED, *[TAKEN_BACK] * (COUNT - 1)])))
    outcome = org.send(group(*effects()))
    assert statuses(outcome) == ["failed", *["rolled_back"] * (COUNT - 1)]
    assert outcome.outcomes[0].faults[0].code == "UNABLE_TO_LOCK_ROW"


def test_a_collection_refused_as_a_whole_failed_as_a_whole(
    org: SalesforceOrg, scripted: ScriptedOrg
) -> None:
    """An error in place of the rows is the fault of all of them; another's failure is not."""
    refused = (400, [{"errorCode": "EXCEEDED_ID_LIMIT", "message": "too many"}])
    scripted.on("POST", "/composite", composite(refused))
    assert set(statuses(org.send(group(*effects())))) == {"failed"}
    scripted.on("POST", "/composite", composite(HALTED, refused))
    mixed = [*effects("CREATE"), *(e.model_copy(update={"id": f"b{e.id}"}) for e in effects())]
    found = statuses(org.send(group(*mixed)))
    assert found == ["rolled_back"] * COUNT + ["failed"] * COUNT


Body = Callable[[], object]


@pytest.mark.parametrize(
    "body",
    [
        lambda: done(COUNT - 1),
        lambda: [*done(), *done(1)],
        lambda: [*done(COUNT - 1), LOCKED],
        lambda: [*done(COUNT - 1), {"id": IDS[0], "success": True, "errors": []}],
        lambda: [*done(COUNT - 1), {"success": True}],
        lambda: [*done(COUNT - 1), {"id": IDS[-1], "success": "true", "errors": []}],
        lambda: [*done(COUNT - 1), {"id": IDS[-1], "success": True, "errors": [{"statusCode": "X"}]}],
        lambda: [*done(COUNT - 1), None],
        lambda: [TAKEN_BACK] * COUNT,
        lambda: {"records": done()},
        lambda: None,
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_leaves_every_row_unknown(
    org: SalesforceOrg, scripted: ScriptedOrg, body: Body
) -> None:
    """Too few rows, too many, of other records, half done, or no rows at all: nothing is guessed, nothing sent again."""
    scripted.on("POST", "/composite", composite((200, body())))
    before = len(scripted.requests)
    assert set(statuses(org.send(group(*effects())))) == {"unknown"}
    assert len([each for each in scripted.requests[before:] if each.method == "POST"]) == 1


def graph(*members: Effect, parts: tuple[tuple[str, ...], ...] = ()) -> EffectGroup:
    """Return a group that travels as graphs."""
    return group(*members, carrier="graph", parts=parts, atomic=not parts)


def graphs(*answers: tuple[bool, tuple[int, object]]) -> Callable[[Seen], Reply]:
    """Return a script that answers each graph with its success, and with one status and body for each request."""

    def answer(seen: Seen) -> Reply:
        asked = seen.json["graphs"]
        assert isinstance(asked, list)
        return Reply(
            body={
                "graphs": [
                    {
                        "graphId": each["graphId"],
                        "isSuccessful": success,
                        "graphResponse": {
                            "compositeResponse": [
                                {"referenceId": r["referenceId"], "httpStatusCode": status, "body": body}
                                for r in each["compositeRequest"]
                            ]
                        },
                    }
                    for each, (success, (status, body)) in zip(asked, answers, strict=True)
                ]
            }
        )  # fmt: skip

    return answer


PARTS = (("a.0",), ("a.1",), ("a.2",))
REFUSED = (400, [{"errorCode": "REQUIRED_FIELD_MISSING", "message": "Required"}])


def test_parts_are_graphs_and_stand_for_themselves(
    org: SalesforceOrg, scripted: ScriptedOrg
) -> None:
    """One part fails, one is done, and one behind too many failures was never tried."""
    script = graphs((False, REFUSED), (True, (204, None)), (False, HALTED))
    scripted.on("POST", "/composite/graph", script)
    found = org.send(graph(*effects(count=3), parts=PARTS))
    assert statuses(found) == ["failed", "done", "not_sent"]
    seen = scripted.seen("/composite/graph")[-1]
    assert "allowSave=false" in seen.headers["Sforce-Duplicate-Rule-Header"]
    asked = seen.json["graphs"]
    assert isinstance(asked, list)
    assert all("httpHeaders" not in r for each in asked for r in each["compositeRequest"])


def test_a_graph_that_contradicts_itself_is_unknown_by_itself(
    org: SalesforceOrg, scripted: ScriptedOrg
) -> None:
    """What is said of the other graphs still counts."""
    script = graphs((True, REFUSED), (True, (204, None)), (False, (204, None)))
    scripted.on("POST", "/composite/graph", script)
    found = org.send(graph(*effects(count=3), parts=PARTS))
    assert statuses(found) == ["unknown", "done", "unknown"]


@pytest.mark.parametrize("reply", [Reply(drop=True), Reply(body={"graphs": []}), Reply(body=[])])
def test_a_lost_graph_answer_is_unknown(
    org: SalesforceOrg, scripted: ScriptedOrg, reply: Reply
) -> None:
    """A hang-up, or an answer without the graphs, proves nothing."""
    scripted.on("POST", "/composite/graph", reply)
    assert set(statuses(org.send(graph(*effects(count=3), parts=PARTS)))) == {"unknown"}


def test_one_graph_that_only_says_halted_is_unknown(
    org: SalesforceOrg, scripted: ScriptedOrg
) -> None:
    """In one transaction something must have failed by itself."""
    scripted.on("POST", "/composite/graph", graphs((False, HALTED)))
    assert set(statuses(org.send(graph(*effects(count=3))))) == {"unknown"}


@pytest.mark.parametrize(
    "bad",
    [
        graph(*effects(count=3), parts=(("a.0",), ("a.1",))),
        graph(*effects(count=3), parts=(("a.0",), ("a.1",), ("a.2", "a.0"))),
        group(*effects(), *effects()),
        group(*effects("CREATE"), effects()[0].model_copy(update={"kind": "opaque"})),
    ],
)
def test_a_group_that_does_not_hold_together_is_not_sent(
    org: SalesforceOrg, scripted: ScriptedOrg, bad: EffectGroup
) -> None:
    """Parts that are not the group's, one record twice, or an effect that is none of the org's."""
    before = len(scripted.seen("/composite"))
    with pytest.raises((InputError, RefusedError, OrgError)):
        org.send(bad)
    assert len(scripted.seen("/composite")) == before


def _created(place: int, name: str, *changes: FieldChange, ref: str | None = None) -> Effect:
    return Effect(
        id=f"n.{place}",
        action_id="n",
        operation="CREATE",
        object=name,
        ref=ref,
        changes=changes,
    )


@pytest.mark.parametrize("carrier", ["collections", "graph"])
def test_the_local_org_links_new_children_to_their_new_parents(
    alice: SalesforceOrg, carrier: str
) -> None:
    """Thirty parents and their children are one call, each child with the id its own parent got."""
    parents = [
        _created(place, "Account", NAME.model_copy(update={"after": f"{carrier} {place}"}), ref=f"p{place}")
        for place in range(30)
    ]  # fmt: skip
    last = FieldChange(field="LastName", label="Last Name", after=f"Of {carrier}", provenance="goal")  # fmt: skip
    children = [
        _created(
            100 + place,
            "Contact",
            last,
            FieldChange(
                field="AccountId",
                label="Account",
                family="id",
                linked_to=f"p{place}",
                provenance="output",
            ),
        )
        for place in range(30)
    ]
    whole = group(*parents, *children, carrier=carrier, org=alice.identity.id)
    outcome = alice.send(whole)
    assert outcome.committed, outcome.outcomes[0]
    assert outcome.api_calls == 1
    rows = alice.soql(f"SELECT AccountId FROM Contact WHERE LastName = 'Of {carrier}'")
    assert sorted(str(each["AccountId"]) for each in rows) == sorted(
        str(each.record_id) for each in outcome.outcomes[:30]
    )


@pytest.mark.parametrize(
    "parts",
    [
        (400, [{"id": each, "success": True, "errors": []} for each in IDS]),
        (200, [{"id": each, "success": True, "created": True, "errors": []} for each in IDS]),
    ],
)
def test_rows_written_by_a_refused_request_or_made_by_a_change_are_unknown(
    org: SalesforceOrg, scripted: ScriptedOrg, parts: tuple[int, object]
) -> None:
    """What the rows say and what was asked, or how it was answered, do not go together."""
    scripted.on("POST", "/composite", composite(parts))
    assert set(statuses(org.send(group(*effects())))) == {"unknown"}


def test_one_id_for_all_new_records_is_unknown(org: SalesforceOrg, scripted: ScriptedOrg) -> None:
    """Thirty creates make thirty records, or the answer is not theirs."""
    told = [{"id": IDS[0], "success": True, "errors": []}] * COUNT
    scripted.on("POST", "/composite", composite((201, told)))
    assert set(statuses(org.send(group(*effects("CREATE"))))) == {"unknown"}
