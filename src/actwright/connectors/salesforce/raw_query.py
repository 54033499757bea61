"""A person's own query, in SOQL: sent as it is, escaped as one part of a URL, and answered as plain rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from actwright.canonical import Json
from actwright.connectors.salesforce.answer import OrgJson, mapping, unreadable
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.questions import Pages, ask
from actwright.errors import InputError, OrgRefusedError
from actwright.org.ports import Row

_ABOUT = "attributes"
_COUNT = re.compile(r"\s*SELECT\s+COUNT\s*\(\s*\)", re.IGNORECASE)
_BADLY_PUT = frozenset(
    {
        "INVALID_FIELD",
        "INVALID_QUERY_FILTER_OPERATOR",
        "INVALID_TYPE",
        "MALFORMED_QUERY",
    }
)
"""The org's codes for a query that is wrong in itself."""


def raw_rows(client: OrgClient, soql: str) -> list[Row]:
    """Return the rows of a query, all pages of it, without the org's notes about each row.

    ``SELECT COUNT()`` has no rows; it is answered with one row that holds ``count``.

    Raises:
        InputError: The query is empty, too long for a URL, or nothing the org understands.
        OrgError: The org cannot be asked, or refuses the query for another reason.
    """
    if not soql.strip():
        raise InputError(
            "The query is empty.", where="query", hint="SELECT Name FROM Account LIMIT 5"
        )
    body = _answered(client, soql)
    total = mapping(body, "query").get("totalSize")
    if _COUNT.match(soql) and isinstance(total, int):
        return [{"count": total}]
    pages = Pages(client)
    try:
        return [_plain_row(pages, each) for each in pages.rows(body)]
    except RecursionError as error:
        raise unreadable("query.records") from error


def _answered(client: OrgClient, soql: str) -> OrgJson:
    try:
        (body,) = ask(client, [soql])
    except OrgRefusedError as refused:
        if refused.org_code not in _BADLY_PUT:
            raise
        raise InputError(
            refused.message,
            where="query",
            hint="Correct the query; `actwright org describe OBJECT` shows the fields you may read.",
            code="query_invalid",
        ) from refused
    return body


def _plain_row(pages: Pages, row: Mapping[str, OrgJson]) -> Row:
    return {name: _plain(pages, value) for name, value in row.items() if name != _ABOUT}


def _plain(pages: Pages, value: OrgJson) -> Json:
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, list):
        return [_plain(pages, each) for each in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("records"), list) and "totalSize" in value:
        return [_plain_row(pages, each) for each in pages.rows(value)]
    return _plain_row(pages, value)


def _number(value: Decimal) -> float | str:
    """Return a decimal as the JSON number that reads back exactly, or as text where none does."""
    number = float(value)
    return number if Decimal(repr(number)) == value else str(value)
