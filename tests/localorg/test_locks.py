"""Row locks: a row held refuses every writer, and so do its children."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from localorg.testing import Client


@pytest.fixture
def account(admin: Client) -> Iterator[str]:
    """Return an account that is held; every lock is let go afterwards."""
    record = admin.create("Account", Name="Held")
    assert admin.request("POST", "/localorg/locks", {"ids": [record]}).status_code == 204
    yield record
    admin.request("DELETE", "/localorg/locks")


def refused(answer: Any) -> bool:
    """Tell whether an answer is the refusal of a held row."""
    return bool(answer[0]["errorCode"] == "UNABLE_TO_LOCK_ROW")


def test_a_held_row_cannot_be_written(admin: Client, account: str) -> None:
    """Neither changed nor deleted; the message names it, and reading goes on."""
    for method, body in (("PATCH", {"Site": "s"}), ("DELETE", None)):
        answer = admin.request(method, f"/sobjects/Account/{account}", body).json()
        assert refused(answer)
        assert answer[0]["message"].endswith(f"or 1 records: {account}")
    assert admin.request("GET", f"/sobjects/Account/{account}").status_code == 200


def test_the_children_of_a_held_row_cannot_be_written(admin: Client, account: str) -> None:
    """A contact can neither join a held account nor, being of it, be changed."""
    joining = admin.request("POST", "/sobjects/Contact", {"LastName": "X", "AccountId": account})
    assert refused(joining.json())
    admin.request("DELETE", "/localorg/locks")
    child = admin.create("Contact", LastName="X", AccountId=account)
    admin.request("POST", "/localorg/locks", {"ids": [account]})
    assert refused(admin.request("PATCH", f"/sobjects/Contact/{child}", {"Title": "T"}).json())


def test_one_held_row_of_a_collection_answers_for_itself(admin: Client, account: str) -> None:
    """The others are written."""
    free = admin.create("Account", Name="Free")
    records = [
        {"attributes": {"type": "Account"}, "Id": each, "Site": "s"} for each in (free, account)
    ]
    first, second = admin.request("PATCH", "/composite/sobjects", {"records": records}).json()
    assert first["success"]
    assert second["errors"][0]["statusCode"] == "UNABLE_TO_LOCK_ROW"


def test_locks_are_told_and_let_go(admin: Client, account: str) -> None:
    """The list names the rows held; after a release the row is written again."""
    assert account in admin.request("GET", "/localorg/locks").json()["ids"]
    assert admin.request("DELETE", "/localorg/locks").status_code == 204
    assert admin.request("GET", "/localorg/locks").json() == {"ids": []}
    written = admin.request("PATCH", f"/sobjects/Account/{account}", {"Site": "s"})
    assert written.status_code == 204


@pytest.mark.parametrize("body", [{}, {"ids": "x"}, {"ids": ["nope"]}, {"ids": [], "times": 1}])
def test_a_lock_that_makes_no_sense_is_refused(admin: Client, body: dict[str, object]) -> None:
    """Ids are a list of record ids, and nothing else is taken."""
    assert admin.request("POST", "/localorg/locks", body).status_code == 400


def test_locks_take_view_setup(bob: Client) -> None:
    """Nobody else can hold rows."""
    assert bob.request("POST", "/localorg/locks", {"ids": []}).status_code == 403
