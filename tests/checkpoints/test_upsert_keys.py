"""Upsert keys: many are matched in one query, and none is guessed."""

from __future__ import annotations

from typing import cast

import pytest
from tests.memory_org import MemoryOrg, demo_org

from actwright.checkpoints.reading.upsert_keys import matched
from actwright.errors import RefusedError
from actwright.org.effect import Effect


def upsert(number: int, key: str, field: str = "Email") -> Effect:
    """Return the upsert of a contact."""
    return Effect.model_validate(
        {
            "id": f"a.{number}",
            "action_id": "a",
            "operation": "UPSERT",
            "object": "Contact",
            "key_field": field,
            "changes": [{"field": field, "label": field, "after": key, "provenance": "data"}],
        }
    )


def people(*emails: str) -> MemoryOrg:
    """Return an org with one contact for each address."""
    demo = demo_org()
    rows: list[dict[str, object]] = [
        {"Id": f"003{place:015}", "Email": each} for place, each in enumerate(emails)
    ]
    return MemoryOrg(demo.rows | {"Contact": rows}, demo.schemas, demo.user)


def test_two_hundred_keys_are_one_query() -> None:
    """Each finds its own record, whatever the case; what nobody has is a new record."""
    org = people(*(f"p{place}@acme.example" for place in range(100)))
    upserts = [upsert(place, f"P{place}@ACME.example") for place in range(200)]
    found = matched(org, upserts)
    assert found["a.7"] == org.rows["Contact"][7]["Id"]
    assert found["a.150"] is None
    assert (org.api_calls, len(org.asked)) == (1, 1)


def test_longer_keys_are_shared_out_over_several_queries() -> None:
    """No query grows past what an address may hold."""
    org = people()
    assert set(matched(org, [upsert(n, f"{n}{'é' * 150}") for n in range(20)]).values()) == {None}
    keys = [cast("tuple[str, ...]", each.where[0].value) for each in org.asked]
    assert sum(len(each) for each in keys) == 20
    assert len(keys) == 2


@pytest.mark.parametrize("others", [0, 5])
def test_a_key_that_several_records_carry_is_refused(others: int) -> None:
    """Alone or among others, nobody guesses which one is meant."""
    org = people("twin@acme.example", "twin@acme.example")
    upserts = [upsert(0, "twin@acme.example"), *(upsert(n, f"o{n}") for n in range(1, others + 1))]
    with pytest.raises(RefusedError) as caught:
        matched(org, upserts)
    assert caught.value.error_code == "upsert_ambiguous"
    assert caught.value.where == "a.Email"


def test_two_upserts_of_one_key_find_the_same_record() -> None:
    """That they collide is told elsewhere."""
    org = people("one@acme.example")
    found = matched(org, [upsert(1, "one@acme.example"), upsert(2, "ONE@acme.example")])
    assert found["a.1"] == found["a.2"] == org.rows["Contact"][0]["Id"]


def test_a_record_the_org_finds_by_its_own_rules_is_not_given_to_another_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An org may hold é and e to be alike: alone it is that key's record, among several nobody can tell whose."""
    org = people("josé@acme.example", "ann@acme.example")
    monkeypatch.setattr(org, "_holds", lambda *_: True)
    org.rows["Contact"].pop()
    assert matched(org, [upsert(1, "jose@acme.example")])["a.1"] is not None
    with pytest.raises(RefusedError):
        matched(org, [upsert(1, "jose@acme.example"), upsert(2, "bob@acme.example")])
