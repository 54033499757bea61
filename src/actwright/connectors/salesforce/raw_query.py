"""A person's own query, in SOQL: sent as it is, escaped as one part of a URL, and answered as plain rows."""

from __future__ import annotations

from collections.abc import Mapping

from actwright.connectors.salesforce.answer import OrgJson, mapping
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.questions import all_rows, ask
from actwright.errors import InputError
from actwright.org.ports import Row

_ABOUT = "attributes"


def raw_rows(client: OrgClient, soql: str) -> list[Row]:
    """Return the rows of a query, all pages of it, without the org's notes about each row.

    ``SELECT COUNT()`` has no rows; it is answered with one row that holds ``count``.

    Raises:
        InputError: The query is empty or too long for a URL.
        OrgError: The org cannot be asked, or refuses the query.
    """
    if not soql.strip():
        raise InputError(
            "The query is empty.", where="query", hint="SELECT Name FROM Account LIMIT 5"
        )
    (body,) = ask(client, [soql])
    rows = [_plain_row(client, each) for each in all_rows(client, body)]
    total = mapping(body, "query").get("totalSize")
    return [{"count": total}] if not rows and total else rows


def _plain_row(client: OrgClient, row: Mapping[str, OrgJson]) -> Row:
    return {name: _plain(client, value) for name, value in row.items() if name != _ABOUT}


def _plain(client: OrgClient, value: OrgJson) -> OrgJson:
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("records"), list) and "totalSize" in value:
        return [_plain_row(client, each) for each in all_rows(client, value)]
    return _plain_row(client, value)
