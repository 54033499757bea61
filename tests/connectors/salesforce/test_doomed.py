"""A call that cannot commit is the only call a rehearsal can make: whatever takes its end away, nothing is sent."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.connectors.salesforce.scripted_org import ScriptedOrg

from actwright.connectors.salesforce import doomed, rehearsal
from actwright.connectors.salesforce.auth import Session
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.doomed import (
    DoomedComposite,
    DoomedGraphs,
    check_composite,
    check_graphs,
    impossible,
)
from actwright.errors import RefusedError

DATA = "/services/data/v66.0"
OBJECT = f"{DATA}/sobjects/Account"
ROW = {"method": "PATCH", "url": f"{OBJECT}/001000000000001AAA", "referenceId": "e0", "body": {"Name": "x"}}  # fmt: skip
ROWS = {"method": "PATCH", "url": f"{DATA}/composite/sobjects", "referenceId": "c0", "body": {"allOrNone": True, "records": []}}  # fmt: skip
GONE = {"method": "DELETE", "url": f"{DATA}/composite/sobjects?ids=001000000000001AAA,001000000000002AAA&allOrNone=true", "referenceId": "c1"}  # fmt: skip
Body = dict[str, Any]


def _composite(*requests: Body) -> Body:
    return copy.deepcopy(
        {
            "allOrNone": True,
            "collateSubrequests": False,
            "compositeRequest": [*requests, *impossible(OBJECT)],
        }
    )


def _graphs(*requests: Body) -> Body:
    graph = {"graphId": "p0", "compositeRequest": [*requests, *impossible(OBJECT)]}
    return copy.deepcopy({"graphs": [graph]})


def test_what_ends_in_both_impossible_requests_may_be_sent() -> None:
    """Rows, collections and deletes are all let through, in a composite; rows in a graph."""
    check_composite(_composite(ROW, ROWS, GONE))
    check_graphs(_graphs(ROW))


def _with(**given: object) -> Callable[[Body], None]:
    return lambda body: body.update(given)


def _without(*places: int) -> Callable[[Body], None]:
    def apply(body: Body) -> None:
        kept = enumerate(body["compositeRequest"], start=-3)
        body["compositeRequest"] = [each for place, each in kept if place not in places]

    return apply


def _changed(place: int, **given: object) -> Callable[[Body], None]:
    return lambda body: body["compositeRequest"][place].update(given)


def _before(*requests: object) -> Callable[[Body], None]:
    return lambda body: body.update(compositeRequest=[*requests, *body["compositeRequest"]])


_KEEPS = {**ROWS, "body": {"allOrNone": False}}
_KEEPS_DELETES = {**GONE, "url": f"{DATA}/composite/sobjects?ids=1&allOrNone=False"}
_TAMPERED: dict[str, Callable[[Body], None]] = {
    "not all or none": _with(allOrNone=False),
    "all or none as text": _with(allOrNone="true"),
    "all or none as a number": _with(allOrNone=1),
    "all or none left out": lambda body: body.pop("allOrNone"),
    "collated": _with(collateSubrequests=True),
    "collation left out": lambda body: body.pop("collateSubrequests"),
    "no requests": _with(compositeRequest=[]),
    "requests of another shape": _with(compositeRequest={"0": ROW}),
    "a request of another shape": _before("x"),
    "without the second": _without(-1),
    "without the first": _without(-2),
    "without both": _without(-2, -1),
    "nothing to try": _without(-3),
    "in another order": lambda body: body["compositeRequest"].reverse(),
    "a request behind them": lambda body: body["compositeRequest"].append(
        {**ROW, "referenceId": "e9"}
    ),
    "one reference twice": _before(ROW),
    "a reference of theirs": _changed(0, referenceId="never1"),
    "a record that may exist": _changed(-2, url=f"{OBJECT}/001000000000001AAA"),
    "a read for a change": _changed(-2, method="GET"),
    "a change of nothing": _changed(-2, body={}),
    "a create that may succeed": _changed(-1, body={"Name": "x"}),
    "an upsert for a create": _changed(-1, url=f"{OBJECT}/Key__c/1"),
    "an action": _changed(0, url=f"{DATA}/actions/standard/emailSimple"),
    "a way out of the rows": _changed(0, url=f"{OBJECT}/../../tooling/executeAnonymous"),
    "code of the org": _changed(0, url="/services/apexrest/sobjects/Account"),
    "another host": _changed(0, url=f"https://elsewhere{OBJECT}"),
    "a collection that keeps what succeeds": _before(_KEEPS),
    "a delete that keeps what succeeds": _before(_KEEPS_DELETES),
    "a collection that does not say": _before({**ROWS, "body": {"records": []}}),
    "a collection that says it elsewhere": _before(
        {**ROWS, "url": f"{ROWS['url']}?allOrNone=false"}
    ),
    "a delete that does not say": _before({**GONE, "url": f"{DATA}/composite/sobjects?ids=1"}),
    "a delete that spells it out": _before(
        {**GONE, "url": f"{DATA}/composite/sobjects?ids=1&allOrNone=%66alse"}
    ),
    "a delete that says both": _before(
        {**GONE, "url": f"{DATA}/composite/sobjects?ids=1&allOrNone=true&allornone=false"}
    ),
    "more than a call holds": _before(*({**ROW, "referenceId": f"x{n}"} for n in range(23))),
}


@pytest.mark.parametrize("tampered", _TAMPERED.values(), ids=_TAMPERED.keys())
def test_a_composite_that_could_commit_is_refused(tampered: Callable[[Body], None]) -> None:
    """Each way of taking the end away, or its force, is noticed."""
    body = _composite(ROW)
    tampered(body)
    with pytest.raises(RefusedError):
        check_composite(body)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"graphs": []},
        {"graphs": ["x"]},
        {"graphs": [{"graphId": "p0", "compositeRequest": [ROW]}]},
        {"graphs": [*_graphs(ROW)["graphs"], {"graphId": "p1", "compositeRequest": [ROW]}]},
        {"graphs": [{"graphId": "p0", "compositeRequest": [*impossible(OBJECT)]}]},
        {"graphs": _graphs(ROWS)["graphs"]},
        {"graphs": _graphs(*({**ROW, "referenceId": f"e{n}"} for n in range(499)))["graphs"]},
        {"graphs": _graphs(ROW)["graphs"] * 15},
    ],
)
def test_graphs_one_of_which_could_commit_are_refused(body: Body) -> None:
    """Every single graph must end in what fails, and the call must hold them all."""
    with pytest.raises(RefusedError):
        check_graphs(body)


@given(st.lists(st.sampled_from([ROW, ROWS, GONE, *impossible(OBJECT)]), max_size=6))
def test_no_mixture_of_requests_passes_but_one_with_its_end(requests: list[Body]) -> None:
    """Whatever the requests are, only those that end in both impossible ones, and hold something to try, may go."""
    body = {"allOrNone": True, "collateSubrequests": False, "compositeRequest": requests}
    names = [each["referenceId"] for each in requests]
    fine = (
        names[-2:] == ["never1", "never2"]
        and len(names) == len(set(names)) > 2
        and not {"never1", "never2"} & set(names[:-2])
    )
    if fine:
        check_composite(body)
    else:
        with pytest.raises(RefusedError):
            check_composite(body)


def test_a_rehearsal_robbed_of_its_end_is_never_sent(
    scripted: ScriptedOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the impossible requests are not added, or are taken out before sending, no byte leaves the machine."""
    client = OrgClient(Session("T", scripted.url))
    call, graphs = DoomedComposite([ROW], OBJECT), DoomedGraphs({"p0": [ROW]}, OBJECT)
    body: Any = call._body
    body["compositeRequest"].pop()
    with pytest.raises(RefusedError, match="could have been carried out"):
        call.send(client)
    several: Any = graphs._body
    several["graphs"][0]["compositeRequest"] = [ROW]
    with pytest.raises(RefusedError, match="could have been carried out"):
        graphs.send(client, {})
    monkeypatch.setattr(doomed, "impossible", lambda _path: ())
    with pytest.raises(RefusedError):
        DoomedComposite([ROW], OBJECT)
    with pytest.raises(RefusedError):
        DoomedGraphs({"p0": [ROW]}, OBJECT)
    assert scripted.requests == []


def test_a_rehearsal_has_no_other_way_to_the_org() -> None:
    """The rehearsal's own module never calls what sends a body: only a call that checked its end does."""
    source = inspect.getsource(rehearsal)
    assert "_write(" not in source.replace("rows_write(", "")
    assert source.count(".send(self.client") == 2
    assert inspect.getsource(doomed).count("_write(") == 2
