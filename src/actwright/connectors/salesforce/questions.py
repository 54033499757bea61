"""SOQL questions sent together, and rows read out of their answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from actwright.connectors.salesforce.answer import OrgJson, mapping, rows, text, unreadable
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.composite_answer import Part, parts_of
from actwright.connectors.salesforce.errors import refusal
from actwright.connectors.salesforce.soql import Column
from actwright.errors import InputError, OrgProtocolError
from actwright.org.record_id import record_id
from actwright.org.schema import ObjectSchema
from actwright.org.value import FieldValue, in_family

MOST_TOGETHER = 5
"""Queries Salesforce takes in one composite call."""

LONGEST_URL = 16_000
"""Characters of a query's path; Salesforce takes 16,384 bytes."""

MOST_PAGES = 500
"""Further pages read of one query; Salesforce puts up to 2,000 rows on a page."""

_NEXT = re.compile(r"/services/data/v[0-9]{2,3}\.0/query/([A-Za-z0-9]{15,18}-[0-9]{1,9})", re.ASCII)


def ask_together(
    client: OrgClient, queries: Sequence[str], *, counted: bool = True
) -> Sequence[Part]:
    """Send queries in as few composite calls as the org allows; return their answers in order, refusals included.

    Raises:
        InputError: A query is too long for a URL.
        OrgError: The org cannot be asked.
    """
    parts: list[Part] = []
    for start in range(0, len(queries), MOST_TOGETHER):
        chunk = queries[start : start + MOST_TOGETHER]
        names = [f"q{place}" for place in range(len(chunk))]
        subrequests = [
            {"method": "GET", "url": bounded_path(client, soql), "referenceId": name}
            for name, soql in zip(names, chunk, strict=True)
        ]
        body = {"allOrNone": False, "collateSubrequests": False, "compositeRequest": subrequests}
        answers = parts_of(client.composite_read(body, counted=counted), names)
        parts += [answers[name] for name in names]
    return parts


def ask(client: OrgClient, queries: Sequence[str]) -> Sequence[OrgJson]:
    """Send queries, a single one by itself and several together; return their bodies in order.

    Raises:
        InputError: A query is too long for a URL.
        OrgError: The org cannot be asked, or refuses one of them.
    """
    if len(queries) == 1:
        bounded_path(client, queries[0])
        return [client.query(queries[0]).json()]
    return [
        accepted(each, f"query {place + 1}")
        for place, each in enumerate(ask_together(client, queries))
    ]


def accepted(part: Part, where: str) -> OrgJson:
    """Return the body of a query's answer.

    Raises:
        OrgRefusedError: The org refused the query.
    """
    if not part.ok:
        raise refusal(part.faults, where)
    return part.body


def bounded_path(client: OrgClient, soql: str) -> str:
    """Return a query's path.

    Raises:
        InputError: It is longer than a URL may be.
    """
    path = client.query_path(soql)
    if len(path) > LONGEST_URL:
        raise InputError(
            f"The query takes {len(path)} characters of a URL; {LONGEST_URL} are allowed.",
            where="query",
            hint="Ask for fewer fields, or compare with fewer values at once.",
        )
    return path


class Pages:
    """The pages of one query and of the children in its rows: each asked for once, and not without end.

    Args:
        client: Asks the org.
    """

    def __init__(self, client: OrgClient) -> None:
        self._client = client
        self._seen: set[str] = set()

    def rows(self, body: OrgJson, most: int | None = None) -> Iterator[Mapping[str, OrgJson]]:
        """Yield the rows of an answer, fetching what it left out.

        Args:
            body: The first page.
            most: How many rows were asked for; None where the query set no limit.

        Raises:
            OrgProtocolError: More rows came than were asked for, or the pages do not end.
            OrgError: The org cannot be asked, or points elsewhere for the rest.
        """
        count = 0
        while True:
            page = mapping(body, "query")
            found = rows(page.get("records"), "query.records")
            count += len(found)
            if most is not None and count > most:
                raise OrgProtocolError(
                    f"The org answered with more rows than the {most} asked for.",
                    where="query.records",
                )
            yield from found
            if page.get("done") is not False or count == most:
                return
            body = self._following(page.get("nextRecordsUrl"))

    def _following(self, url: OrgJson) -> OrgJson:
        locator = _locator(url)
        if locator in self._seen or len(self._seen) >= MOST_PAGES:
            raise OrgProtocolError(
                "The org's answer does not come to an end.",
                where="query.nextRecordsUrl",
                hint=f"Ask for fewer rows with a LIMIT; {MOST_PAGES} further pages are read at most.",
            )
        self._seen.add(locator)
        following = mapping(self._client.more(locator).json(), "query")
        if not following.get("records"):
            raise unreadable("query.records")
        return following


def all_rows(
    client: OrgClient, body: OrgJson, most: int | None = None
) -> Iterator[Mapping[str, OrgJson]]:
    """Yield a query's rows, fetching what the first answer left out.

    Args:
        client: Asks the org.
        body: The first page.
        most: How many rows were asked for; None where the query set no limit.

    Raises:
        OrgProtocolError: More rows came than were asked for, or the pages do not end.
        OrgError: The org cannot be asked, or points elsewhere for the rest.
    """
    return Pages(client).rows(body, most)


def total_size(body: OrgJson) -> int:
    """Return how many rows an answer says there are.

    Raises:
        OrgProtocolError: It does not say.
    """
    found = mapping(body, "query").get("totalSize")
    if isinstance(found, bool) or not isinstance(found, int) or found < 0:
        raise unreadable("query.totalSize")
    return found


def row_id(row: Mapping[str, OrgJson], schema: ObjectSchema) -> str:
    """Return a row's own id.

    Raises:
        OrgProtocolError: It has none, or one of another object.
    """
    prefixes = (schema.key_prefix,) if schema.key_prefix else ()
    try:
        return record_id(text(row.get("Id"), f"{schema.name}.Id"), prefixes=prefixes)
    except InputError as error:
        raise unreadable(f"{schema.name}.Id") from error


def row_value(row: Mapping[str, OrgJson], column: Column) -> FieldValue:
    """Return one column of a row in its family's form; None where a parent on the way is empty.

    Raises:
        OrgProtocolError: The org answered with something the field cannot hold.
    """
    value: OrgJson = dict(row)
    for name in column.path.split("."):
        if value is None:
            return None
        value = mapping(value, column.path).get(name)
    try:
        return in_family(value, column.field.family)
    except (ValueError, ArithmeticError) as error:
        raise OrgProtocolError(
            f"The org's answer holds no {column.field.family} where one belongs.",
            where=column.path,
        ) from error


def _locator(url: OrgJson) -> str:
    found = _NEXT.fullmatch(url) if isinstance(url, str) else None
    if found is None:
        raise unreadable("query.nextRecordsUrl")
    return found[1]
