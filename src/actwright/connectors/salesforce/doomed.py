"""A call that cannot commit: transactions that each end in two requests no org can carry out.

Salesforce has no dry run. What it has is all-or-none: one request that fails takes back everything before it. So the
last two requests of each transaction are impossible, each in its own way, and the second only matters where the first
did not fail.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias
from urllib.parse import parse_qs, urlsplit

from actwright.connectors.salesforce.answer import Answer
from actwright.connectors.salesforce.client import OrgClient
from actwright.errors import RefusedError

Request: TypeAlias = Mapping[str, object]
"""One subrequest, as a composite call has it."""

FIRST, SECOND = "never1", "never2"
"""The references of the two impossible requests."""

MOST_REQUESTS = 25
MOST_NODES = 500
MOST_GRAPHS = 14
"""An org takes 75 graphs, and gives up all others once more than fourteen have failed; here every one fails."""
_IMPOSSIBLE_REQUESTS = 2

_NO_RECORD = "000000000000000AAA"
"""The id no record has: object 000, number 0."""
_NO_FIELD = "0NoField"
"""A name no field has: names begin with a letter."""

_NO_RECORD_PATH = re.compile(r"/services/data/v\d\d\d?\.0/sobjects/\w+/" + _NO_RECORD, re.ASCII)
_OBJECT_PATH = re.compile(r"/services/data/v\d\d\d?\.0/sobjects/\w+", re.ASCII)
_ROW_PATH = re.compile(r"/services/data/v\d\d\d?\.0/sobjects/\w+(?:/\w+)?", re.ASCII)
_COLLECTION_PATH = re.compile(
    r"/services/data/v\d\d\d?\.0/composite/sobjects(?:\?[\w=&,%]*)?", re.ASCII
)


class DoomedComposite:
    """One composite call that cannot commit.

    Args:
        requests: What is to be tried, in order.
        object_path: The path of an object of the org, for the impossible requests.

    Raises:
        RefusedError: The call does not hold what makes it fail, or is too large to hold it.
    """

    def __init__(self, requests: Sequence[Request], object_path: str) -> None:
        self._body: Final[dict[str, object]] = {
            "allOrNone": True,
            "collateSubrequests": False,
            "compositeRequest": [*requests, *impossible(object_path)],
        }
        check_composite(self._body)

    def send(self, client: OrgClient) -> Answer | None:
        """Send it once, having looked once more that it cannot commit; None where the answer was lost.

        Raises:
            RefusedError: It could commit. Nothing was sent.
            OrgError: The org refused the call as a whole, or was not reached. Nothing was written.
        """
        check_composite(self._body)
        return client.composite_write(self._body)


class DoomedGraphs:
    """One call of several transactions, a graph each, none of which can commit.

    Args:
        transactions: What is to be tried, by the graph's id.
        object_path: The path of an object of the org, for the impossible requests.

    Raises:
        RefusedError: A graph does not hold what makes it fail, or the call is too large to hold it.
    """

    def __init__(self, transactions: Mapping[str, Sequence[Request]], object_path: str) -> None:
        self._body: Final[dict[str, object]] = {
            "graphs": [
                {"graphId": name, "compositeRequest": [*requests, *impossible(object_path)]}
                for name, requests in transactions.items()
            ]
        }
        check_graphs(self._body)

    def send(self, client: OrgClient, headers: Mapping[str, str]) -> Answer | None:
        """Send it once, having looked once more that it cannot commit; None where the answer was lost.

        Raises:
            RefusedError: It could commit. Nothing was sent.
            OrgError: The org refused the call as a whole, or was not reached. Nothing was written.
        """
        check_graphs(self._body)
        return client.graph_write(self._body, headers=headers)


def impossible(object_path: str) -> tuple[Request, Request]:
    """Return two requests that fail in every org, whoever sends them.

    The first changes a record that cannot exist, and its id, which cannot change. The second creates a record with an
    id of its own, which no create takes, and a field that cannot exist.
    """
    change = {
        "method": "PATCH",
        "url": f"{object_path}/{_NO_RECORD}",
        "referenceId": FIRST,
        "body": {"Id": _NO_RECORD},
    }
    create = {
        "method": "POST",
        "url": object_path,
        "referenceId": SECOND,
        "body": {"Id": _NO_RECORD, _NO_FIELD: True},
    }
    return change, create


def check_composite(body: Mapping[str, object]) -> None:
    """Refuse a composite body that could commit.

    Raises:
        RefusedError: It is not all-or-none and in order, does not end in both impossible requests, or is too large.
    """
    if body.get("allOrNone") is not True or body.get("collateSubrequests") is not False:
        raise _could_commit("it is not all-or-none in the given order")
    requests = _requests(body)
    _check_transaction(requests)
    if len(requests) > MOST_REQUESTS:
        raise _too_large(f"{len(requests)} requests of {MOST_REQUESTS}")


def check_graphs(body: Mapping[str, object]) -> None:
    """Refuse a body of graphs one of which could commit.

    Raises:
        RefusedError: A graph does not end in both impossible requests, or the call is too large.
    """
    graphs = body.get("graphs")
    if not isinstance(graphs, list) or not graphs:
        raise _could_commit("it holds no graph")
    count = 0
    for graph in graphs:
        requests = _requests(graph)
        _check_transaction(requests)
        if any(_COLLECTION_PATH.fullmatch(str(each.get("url"))) for each in requests):
            raise _could_commit("a graph holds a collection")
        count += len(requests)
    if count > MOST_NODES or len(graphs) > MOST_GRAPHS:
        raise _too_large(
            f"{count} of {MOST_NODES} requests in {len(graphs)} of {MOST_GRAPHS} graphs"
        )


def _requests(holder: object) -> list[Request]:
    found = holder.get("compositeRequest") if isinstance(holder, Mapping) else None
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        raise _could_commit("it holds no requests")
    return found


def _check_transaction(requests: Sequence[Request]) -> None:
    if len(requests) <= _IMPOSSIBLE_REQUESTS:
        raise _could_commit("there is nothing to try, or nothing that fails")
    *tried, first, second = requests
    if not (_is_first(first) and _is_second(second)):
        raise _could_commit("it does not end in both of the requests that must fail")
    names = [each.get("referenceId") for each in requests]
    if len(set(names)) != len(names):
        raise _could_commit("two of its requests carry one reference")
    for each in tried:
        _check_tried(each)


def _is_first(request: Request) -> bool:
    return (
        request.get("method") == "PATCH"
        and request.get("referenceId") == FIRST
        and _NO_RECORD_PATH.fullmatch(str(request.get("url"))) is not None
        and request.get("body") == {"Id": _NO_RECORD}
    )


def _is_second(request: Request) -> bool:
    return (
        request.get("method") == "POST"
        and request.get("referenceId") == SECOND
        and _OBJECT_PATH.fullmatch(str(request.get("url"))) is not None
        and request.get("body") == {"Id": _NO_RECORD, _NO_FIELD: True}
    )


def _check_tried(request: Request) -> None:
    """Refuse a request that is no write of rows, or a collection that would keep what succeeds."""
    url = str(request.get("url"))
    if _ROW_PATH.fullmatch(url):
        return
    if _COLLECTION_PATH.fullmatch(url) is None:
        raise _could_commit("one of its requests is no write of records")
    if not _stands_together(request, url):
        raise _could_commit("one of its collections is not all-or-none")


def _stands_together(request: Request, url: str) -> bool:
    """Tell whether a collection says in as many words that all of its rows are written or none; an org assumes neither."""
    if request.get("method") == "DELETE":
        said = parse_qs(urlsplit(url).query, keep_blank_values=True)
        return [name for name in said if name.lower() == "allornone"] == ["allOrNone"] and (
            said["allOrNone"] == ["true"]
        )
    body = request.get("body")
    return isinstance(body, Mapping) and body.get("allOrNone") is True and "?" not in url


def _could_commit(why: str) -> RefusedError:
    return RefusedError(
        f"The rehearsal was not sent, since it could have been carried out: {why}.",
        where="rehearsal",
        hint="Make the preview without --deep, and report this.",
        code="rehearsal_could_commit",
    )


def _too_large(what: str) -> RefusedError:
    return RefusedError(
        f"There is no room for the requests that must fail: {what}.",
        where="rehearsal",
        hint="Split the plan, or make the preview without --deep.",
        code="rehearsal_too_large",
    )
