"""Query locators: an answer holds as many records as its caller asks for."""

from __future__ import annotations

from uuid import uuid4

import pytest

from localorg.testing import Client


@pytest.fixture(scope="module")
def name() -> str:
    """Return the name all accounts of this module have."""
    return uuid4().hex


@pytest.fixture
def query(admin: Client, name: str) -> dict[str, str]:
    """Return a query of 401 accounts, made by the first test that asks."""
    params = {"q": f"SELECT Id FROM Account WHERE Site = '{name}'"}
    if admin.query(params["q"]):
        return params
    row = {"attributes": {"type": "Account"}, "Site": name}
    rows = [row | {"Name": f"{name} {number}"} for number in range(401)]
    for start in range(0, 401, 200):
        admin.request("POST", "/composite/sobjects", {"records": rows[start : start + 200]})
    return params


@pytest.mark.parametrize(
    ("wish", "batches"), [(250, [250, 151]), (1, [200, 200, 1]), (9999, [401])]
)
def test_the_wish_is_heard_within_bounds(
    admin: Client, query: dict[str, str], wish: int, batches: list[int]
) -> None:
    """Batches are as large as asked for, at least 200 and at most 2,000, and together they are all."""
    headers = {"Sforce-Query-Options": f"batchSize={wish}"}
    answer = admin.request("GET", "/query", params=query, headers=headers).json()
    found = [answer["records"]]
    while not answer["done"]:
        answer = admin.request("GET", answer["nextRecordsUrl"]).json()
        found.append(answer["records"])
    assert [len(each) for each in found] == batches
    assert len({each["Id"] for batch in found for each in batch}) == answer["totalSize"] == 401


@pytest.mark.parametrize("wish", ["batchSize=many", "size=200", "batchSize=200, x=1"])
def test_a_wish_nobody_understands_is_refused(
    admin: Client, query: dict[str, str], wish: str
) -> None:
    """A header that cannot be read is an error, not the default."""
    headers = {"Sforce-Query-Options": wish}
    refused = admin.request("GET", "/query", params=query, headers=headers)
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, "INVALID_HEADER")


def test_a_locator_belongs_to_its_user(admin: Client, bob: Client, query: dict[str, str]) -> None:
    """Nobody else can follow it, nor can one be made up."""
    headers = {"Sforce-Query-Options": "batchSize=200"}
    url = admin.request("GET", "/query", params=query, headers=headers).json()["nextRecordsUrl"]
    for client, path in ((bob, url), (admin, f"{url}0"), (admin, f"{url}x")):
        assert client.request("GET", path).json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"
