"""Graph calls: several transactions in one payload, each whole or not at all."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from localorg.testing import Client

BASE = "/services/data/v68.0/sobjects"


def node(method: str, path: str, name: str, body: object = None, **more: object) -> dict[str, Any]:
    """Return one node of a graph."""
    entry = {"method": method, "url": f"{BASE}/{path}", "referenceId": name, **more}
    return entry if body is None else entry | {"body": body}


def graph(name: str, *nodes: dict[str, Any]) -> dict[str, Any]:
    """Return one graph."""
    return {"graphId": name, "compositeRequest": list(nodes)}


def account(reference: str, name: str) -> dict[str, Any]:
    """Return a node that creates an account."""
    return node("POST", "Account", reference, {"Name": name})


def send(admin: Client, *graphs: dict[str, Any]) -> list[dict[str, Any]]:
    """Make a graph call and return its graphs."""
    response = admin.request("POST", "/composite/graph", {"graphs": list(graphs)})
    assert response.status_code == 200
    answers: list[dict[str, Any]] = response.json()["graphs"]
    return answers


def codes(answer: dict[str, Any]) -> list[str]:
    """Return the error codes of a graph's nodes."""
    nodes = answer["graphResponse"]["compositeResponse"]
    return [each["body"][0]["errorCode"] for each in nodes]


def test_nodes_use_the_answers_before_them(admin: Client) -> None:
    """A child is linked to the parent created in the same graph."""
    name = f"Graph {uuid4().hex}"
    child = node("POST", "Contact", "c", {"LastName": "Doe", "AccountId": "@{a.id}"})
    [answer] = send(admin, graph("g1", account("a", name), child))
    assert (answer["graphId"], answer["isSuccessful"]) == ("g1", True)
    parent, contact = answer["graphResponse"]["compositeResponse"]
    assert (parent["referenceId"], parent["httpStatusCode"]) == ("a", 201)
    found = admin.query(f"SELECT AccountId FROM Contact WHERE Id = '{contact['body']['id']}'")
    assert found[0]["AccountId"] == parent["body"]["id"]


def test_a_failed_graph_takes_only_itself_back(admin: Client) -> None:
    """Its other nodes are halted; the graphs beside it are kept."""
    name = f"Beside {uuid4().hex}"
    bad = graph("bad", account("a", name), node("POST", "Contact", "c", {}), account("b", name))
    failed, kept = send(admin, bad, graph("good", account("a", name)))
    assert (failed["isSuccessful"], kept["isSuccessful"]) == (False, True)
    assert codes(failed) == ["PROCESSING_HALTED", "REQUIRED_FIELD_MISSING", "PROCESSING_HALTED"]
    assert len(admin.query(f"SELECT Id FROM Account WHERE Name = '{name}'")) == 1


def test_after_fifteen_failures_the_rest_is_not_tried(admin: Client) -> None:
    """Fourteen failed graphs are borne; the graph after the fifteenth is halted untried."""
    name = f"Untried {uuid4().hex}"
    bad = [graph(f"bad{n}", node("POST", "Contact", "c", {})) for n in range(15)]
    [*borne, tried] = send(admin, *bad[:14], graph("last", account("a", name)))
    assert (tried["isSuccessful"], any(each["isSuccessful"] for each in borne)) == (True, False)
    [*_, untried] = send(admin, *bad, graph("last", account("a", name)))
    assert codes(untried) == ["PROCESSING_HALTED"]
    assert len(admin.query(f"SELECT Id FROM Account WHERE Name = '{name}'")) == 1


def test_rows_are_changed_and_deleted_too(admin: Client) -> None:
    """Every operation on single rows can be a node."""
    kept, gone = (admin.create("Account", Name="Node") for _ in range(2))
    email = f"{uuid4().hex}@graph.example"
    changed = node("PATCH", f"Account/{kept}", "p", {"Site": "s"})
    upserted = node("PATCH", f"Contact/Email/{email}", "u", {"LastName": "Up"})
    [answer] = send(admin, graph("g", changed, node("DELETE", f"Account/{gone}", "d"), upserted))
    statuses = [each["httpStatusCode"] for each in answer["graphResponse"]["compositeResponse"]]
    assert statuses == [204, 204, 201]


def chain(length: int) -> dict[str, Any]:
    """Return a graph in which each account is the parent of the next."""
    first, *rest = range(length)
    links = [
        node("POST", "Account", f"n{n}", {"Name": "Deep", "ParentId": f"@{{n{n - 1}.id}}"})
        for n in rest
    ]
    return graph("deep", account(f"n{first}", "Deep"), *links)


def test_a_graph_may_be_fifteen_deep(admin: Client) -> None:
    """A chain of fifteen references is carried out, one of sixteen is refused."""
    [answer] = send(admin, chain(15))
    assert answer["isSuccessful"]
    refused = admin.request("POST", "/composite/graph", {"graphs": [chain(16)]})
    assert refused.json()[0]["errorCode"] == "LIMIT_EXCEEDED"


@pytest.mark.parametrize(
    ("graphs", "code"),
    [
        (None, "JSON_PARSER_ERROR"),
        ([], "JSON_PARSER_ERROR"),
        ([{"graphId": "g"}], "JSON_PARSER_ERROR"),
        ([graph("", account("a", "x"))], "JSON_PARSER_ERROR"),
        ([graph("g", account("a", "x")) | {"allOrNone": False}], "JSON_PARSER_ERROR"),
        ([graph("g", account("a", "x"))] * 2, "JSON_PARSER_ERROR"),
        ([graph("g", account("a", "x"), account("a", "x"))], "JSON_PARSER_ERROR"),
        (
            [graph("g", node("POST", "Account", "a", {}, httpHeaders={"If-Match": "x"}))],
            "JSON_PARSER_ERROR",
        ),
        ([graph(f"g{n}", account("a", "x")) for n in range(76)], "LIMIT_EXCEEDED"),
        ([graph("g", *(account(f"a{n}", "x") for n in range(501)))], "LIMIT_EXCEEDED"),
        (
            [graph("g", *(node("GET", f"T{n}/x", f"a{n}") for n in range(16)))],
            "LIMIT_EXCEEDED",
        ),
    ],
)
def test_a_malformed_payload_does_nothing(admin: Client, graphs: object, code: str) -> None:
    """Shape and limits are checked before the first node is made."""
    refused = admin.request("POST", "/composite/graph", {"graphs": graphs})
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, code)


@pytest.mark.parametrize("url", ["/query?q=SELECT+Id+FROM+Account", "/composite/sobjects"])
def test_a_node_is_a_single_row(admin: Client, url: str) -> None:
    """Queries and collections cannot be nodes."""
    entry = {"method": "GET", "url": f"/services/data/v68.0{url}", "referenceId": "q"}
    [answer] = send(admin, graph("g", entry))
    assert codes(answer) == ["NOT_FOUND"]
