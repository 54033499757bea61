"""Up to 200 rows in one call."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from localorg.testing import Client


def rows(*names: str | None) -> list[dict[str, object]]:
    """Return accounts to create; one without a name is refused."""
    return [{"attributes": {"type": "Account"}, "Name": name} for name in names]


def post(client: Client, records: object, *, whole: bool) -> list[dict[str, Any]]:
    """Create records and return their results."""
    body = {"allOrNone": whole, "records": records}
    results: list[dict[str, Any]] = client.request("POST", "/composite/sobjects", body).json()
    return results


def test_each_row_answers_for_itself(admin: Client) -> None:
    """Without allOrNone good rows are stored and bad ones say why, with ``statusCode``."""
    good, bad = post(admin, rows("Collected", None), whole=False)
    assert (good["success"], bad["success"]) == (True, False)
    assert bad["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    assert admin.query(f"SELECT Name FROM Account WHERE Id = '{good['id']}'")


def test_all_or_none_stores_nothing(admin: Client) -> None:
    """With allOrNone one bad row takes the others back."""
    name = f"Back {uuid4().hex}"
    good, bad = post(admin, rows(name, None), whole=True)
    assert good["errors"][0]["statusCode"] == "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    assert bad["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    assert admin.query(f"SELECT Id FROM Account WHERE Name = '{name}'") == []


def test_rows_are_changed_and_deleted_by_id(admin: Client) -> None:
    """Updates name each row by its id; deletes take a list of ids."""
    ids = [each["id"] for each in post(admin, rows("One", "Two"), whole=True)]
    changes = [{"attributes": {"type": "Account"}, "id": each, "Site": "s"} for each in ids]
    changed = admin.request("PATCH", "/composite/sobjects", {"records": changes}).json()
    assert [each["success"] for each in changed] == [True, True]
    params = {"ids": ",".join([*ids, "bad"]), "allOrNone": "false"}
    deleted = admin.request("DELETE", "/composite/sobjects", params=params).json()
    assert [each["success"] for each in deleted] == [True, True, False]


@pytest.mark.parametrize("records", [None, {}, [1], [{"Name": "x"}] * 201])
def test_a_malformed_collection_is_refused(admin: Client, records: object) -> None:
    """Records are a list of at most 200 objects."""
    response = admin.request("POST", "/composite/sobjects", {"records": records})
    assert response.status_code == 400
