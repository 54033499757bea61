"""Several transactions in one call: each graph holds subrequests that stand or fall together.

A graph's subrequests are of single rows only, use the answers of those listed before them, and carry no headers
of their own. Up to 500 of them may come in up to 75 graphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from localorg.database import savepoint
from localorg.errors import ApiError, halted, invalid_json
from localorg.exchange import Call, Reply, Route, Router
from localorg.references import names_in
from localorg.routes import rows
from localorg.session import Session
from localorg.subrequests import (
    REDIRECTS,
    Subrequest,
    entry,
    halted_entries,
    make,
    read_subrequests,
)

MAX_GRAPHS: Final = 75
MAX_NODES: Final = 500
MAX_DEPTH: Final = 15
MAX_TYPES: Final = 15
MAX_FAILED: Final = 14
"""The failed graphs after which the rest is not tried."""

INNER: Final = Router(rows.ROUTES)
"""The routes a subrequest of a graph may take."""

_OBJECT: Final = re.compile(r"/services/data/v\d\d\.0/sobjects/([^/?]+)")
_KEYS: Final = frozenset({"graphId", "compositeRequest"})


@dataclass(frozen=True, slots=True)
class Graph:
    """The subrequests of one transaction, in order."""

    graph_id: str
    nodes: Sequence[Subrequest]


def graphs(session: Session, call: Call, parts: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler
    """Answer a graph call; it always succeeds as a whole, its graphs may not.

    Raises:
        ApiError: The call itself is malformed or too large, and no subrequest was made.
    """
    answers: list[dict[str, object]] = []
    for each in _graphs(call.fields()):
        failed = sum(not done["isSuccessful"] for done in answers)
        stopped = failed > MAX_FAILED
        answers.append(_untried(each) if stopped else _carry_out(session, each))
    return Reply(200, {"graphs": answers})


def _graphs(body: Mapping[str, object]) -> list[Graph]:
    entries = body.get("graphs")
    if not isinstance(entries, list) or not entries:
        raise invalid_json("graphs must be a list of graphs")
    if len(entries) > MAX_GRAPHS:
        raise _limit(f"The payload has more than {MAX_GRAPHS} graphs")
    found = [_graph(each) for each in entries]
    if len({each.graph_id for each in found}) < len(found):
        raise invalid_json("Each graph needs a graphId of its own")
    if sum(len(each.nodes) for each in found) > MAX_NODES:
        raise _limit(f"The payload has more than {MAX_NODES} nodes")
    return found


def _graph(entry: object) -> Graph:
    if not isinstance(entry, dict) or set(entry) != _KEYS:
        raise invalid_json("A graph has the keys graphId and compositeRequest, and no others")
    graph_id = entry["graphId"]
    if not isinstance(graph_id, str) or not graph_id:
        raise invalid_json("A graph needs the text graphId")
    graph = Graph(graph_id, read_subrequests(entry["compositeRequest"]))
    _check(graph)
    return graph


def _check(graph: Graph) -> None:
    """Refuse a graph that is too deep or too mixed, or whose nodes have headers."""
    if any(each.headers for each in graph.nodes):
        raise invalid_json(f"Graph {graph.graph_id[:40]!r}: a node cannot have httpHeaders")
    if len(set(_types(graph))) > MAX_TYPES:
        raise _limit(f"Graph {graph.graph_id[:40]!r} has more than {MAX_TYPES} types of nodes")
    if _depth(graph) > MAX_DEPTH:
        raise _limit(f"Graph {graph.graph_id[:40]!r} is deeper than {MAX_DEPTH}")


def _types(graph: Graph) -> Iterator[str]:
    for each in graph.nodes:
        named = _OBJECT.match(each.url)
        yield named[1].lower() if named else each.url


def _depth(graph: Graph) -> int:
    """Return the length of the longest chain of references; those to later nodes do not count."""
    depths: dict[str, int] = {}
    for each in graph.nodes:
        used = {*names_in(each.url), *names_in(each.body)}
        depths[each.reference_id] = 1 + max((depths.get(name, 0) for name in used), default=0)
    return max(depths.values())


def _carry_out(session: Session, graph: Graph) -> dict[str, object]:
    """Make the subrequests of one graph, all or none."""
    results: dict[str, object] = {}
    done: list[dict[str, object]] = []
    with savepoint(session.connection) as mark:
        for each in graph.nodes:
            reply = make(session, INNER, each, results)
            if reply.status >= REDIRECTS:
                mark.abandon()
                return _told(graph, halted_entries(graph.nodes, each, reply), successful=False)
            results[each.reference_id] = reply.body
            done.append(entry(each, reply))
    return _told(graph, done, successful=True)


def _untried(graph: Graph) -> dict[str, object]:
    rest = Reply(400, halted().body())
    return _told(graph, [entry(each, rest) for each in graph.nodes], successful=False)


def _told(graph: Graph, entries: list[dict[str, object]], *, successful: bool) -> dict[str, object]:
    return {
        "graphId": graph.graph_id,
        "graphResponse": {"compositeResponse": entries},
        "isSuccessful": successful,
    }


def _limit(message: str) -> ApiError:
    return ApiError(400, "LIMIT_EXCEEDED", message)


ROUTES: Final = (Route("POST", "/composite/graph", graphs),)
"""The route of graph calls."""
