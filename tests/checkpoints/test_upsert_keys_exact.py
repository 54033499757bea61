"""Upsert keys to the letter: which are asked together, how much of an answer is wanted, and what is refused."""

from __future__ import annotations

import pytest
from tests.checkpoints.row_scene import DealOrg
from tests.checkpoints.small_org import DEAL, small_org, writing, written

from actwright.checkpoints.reading.upsert_keys import matched
from actwright.errors import RefusedError
from actwright.org.effect import Effect
from actwright.org.query import Condition


@pytest.fixture
def org() -> DealOrg:
    """Give an org of two deals."""
    return small_org()


def keyed(*keys: object, field: str = "Code", **more: object) -> list[Effect]:
    """Return the upserts of deals with these keys."""
    given = {"operation": "UPSERT", "key_field": field} | more
    return [
        writing(
            None, written(field, each), **given | {"id": f"{given.get('action_id', 'a')}.{place}"}
        )
        for place, each in enumerate(keys)
    ]


def asked(org: DealOrg, keys: list[str]) -> list[int]:
    """Return how many keys each query asks for."""
    matched(org, keyed(*keys))
    values = [each.where[0].value for each in org.asked]
    return [len(each) if isinstance(each, tuple) else 1 for each in values]


def sized(number: int, length: int) -> str:
    """Return a key that takes so many characters of a query's address, quotes and comma included."""
    return f"{number:0{length - 9}}"


def test_one_key_is_one_comparison_and_several_are_a_list(org: DealOrg) -> None:
    """Twice as many rows are wanted as there are keys, so that a second match of any shows."""
    matched(org, keyed("A-1"))
    matched(org, keyed("A-1", "x", "A-1"))
    alone, together = org.asked
    assert alone.where == (Condition(field="Code", value="A-1"),)
    assert together.where == (Condition(field="Code", operator="IN", value=("A-1", "x")),)
    assert (alone.limit, together.limit) == (2, 4)
    assert (alone.object, alone.fields) == ("Deal", ("Id", "Code"))


def test_keys_are_asked_object_by_object_and_field_by_field(org: DealOrg) -> None:
    """Under the field's own name; all questions are one call."""
    people = keyed("ann@acme.example", field="email", object="Person", action_id="p")
    other = keyed("Won", field="Stage", action_id="s")
    matched(org, [*keyed("A-1"), *people, *other])
    named = [(each.object, each.fields[1]) for each in org.asked]
    assert named == [("Deal", "Code"), ("Person", "Email"), ("Deal", "Stage")]
    assert org.api_calls == 1


def test_a_key_that_is_no_text_is_asked_by_itself(org: DealOrg) -> None:
    """The org alone knows how it compares numbers and moments."""
    org.rows["Deal"][0]["Age"] = 7
    found = matched(org, keyed(7, 8, field="Age"))
    assert found == {"a.0": DEAL, "a.1": None}
    assert [each.where for each in org.asked] == [
        (Condition(field="Age", value="7"),),
        (Condition(field="Age", value="8"),),
    ]


def test_a_query_holds_two_hundred_keys(org: DealOrg) -> None:
    """However short they are."""
    assert asked(org, [str(place) for place in range(401)]) == [200, 200, 1]


@pytest.mark.parametrize(
    ("lengths", "parts"),
    [
        ([120] * 100, [100]),
        ([120] * 99 + [121], [99, 1]),
        ([120] * 200, [100, 100]),
        ([120] * 199 + [121], [100, 99, 1]),
        ([13_000, 13_000], [1, 1]),
    ],
)
def test_a_query_holds_twelve_thousand_characters_of_keys(
    org: DealOrg, lengths: list[int], parts: list[int]
) -> None:
    """Quotes and commas count as they are sent; one longer key is still asked, alone."""
    assert asked(org, [sized(place, each) for place, each in enumerate(lengths)]) == parts


def test_a_key_of_several_records_is_told_by_what_people_call_them(org: DealOrg) -> None:
    """The object's label, or its name where it has none."""
    org.rows["Deal"][1]["Code"] = "a-1"
    for label, called in (("Opportunity", "Opportunity"), ("", "Deal")):
        with pytest.raises(RefusedError, match=f"Several {called} records carry the key") as caught:
            matched(org, keyed("A-1", object_label=label))
        assert caught.value.where == "a.Code"


def test_an_org_that_leaves_an_answer_out_is_not_believed(
    org: DealOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody answered is not taken for a new record."""
    monkeypatch.setattr(org, "query", lambda _: [])
    with pytest.raises(ValueError, match="zip"):
        matched(org, keyed("A-1"))
