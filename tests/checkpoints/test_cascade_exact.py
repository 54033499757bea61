"""Cascades to the letter: whose children are counted, up to how many, in how many questions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.checkpoints.row_scene import DealOrg
from tests.checkpoints.small_org import (
    DEAL,
    DEALS,
    LINES,
    SECOND,
    made_field,
    small_org,
    writing,
)

from actwright.checkpoints.reading.cascade import calls_for, with_cascades
from actwright.errors import RefusedError
from actwright.org.effect import Effect
from actwright.org.record_id import record_id
from actwright.org.schema import ChildLink

LINK = made_field("Deal", "reference", filterable=False)


@pytest.fixture
def org() -> DealOrg:
    """Give an org of two deals, on which lines may hang."""
    return small_org()


def lines(org: DealOrg, deal: str, count: int) -> None:
    """Hang so many lines on a deal."""
    rows = org.rows["Line"]
    rows += [{"Id": f"00k{len(rows) + place:015}", "Deal": deal} for place in range(count)]


def gone(*records: str) -> list[Effect]:
    """Return the deletes of deals."""
    return [
        writing(each, id=f"a.{place}", operation="DELETE") for place, each in enumerate(records)
    ]


def counted(org: DealOrg, *records: str) -> list[list[tuple[str, int]]]:
    """Return the label and the count of what goes with each delete."""
    found = with_cascades(org, gone(*records))
    return [[(it.label, it.count) for it in each.also_deletes] for each in found]


def test_each_delete_takes_its_own_children(org: DealOrg) -> None:
    """One is told in the singular; which ones they are is part of what is confirmed."""
    lines(org, DEAL, 1)
    lines(org, SECOND, 2)
    assert counted(org, DEAL, SECOND) == [[("Line", 1)], [("Lines", 2)]]
    (before,) = with_cascades(org, gone(SECOND))[0].also_deletes
    org.rows["Line"].reverse()
    assert with_cascades(org, gone(SECOND))[0].also_deletes == (before,)
    org.rows["Line"][0]["Id"] = "00k000000000999AAA"
    (after,) = with_cascades(org, gone(SECOND))[0].also_deletes
    assert (after.count, after.records == before.records) == (2, False)


def test_only_deletes_take_anything(org: DealOrg) -> None:
    """Nobody is asked where nothing is deleted, or nothing that hangs on others."""
    lines(org, DEAL, 1)
    kept = [writing(DEAL), writing(None, operation="DELETE"), *gone()]
    assert with_cascades(org, kept) == tuple(kept)
    stranger = writing(DEAL, operation="DELETE", object="Gone")
    assert with_cascades(org, [stranger]) == (stranger,)
    assert org.asked == []
    update, delete = with_cascades(org, [writing(DEAL), *gone(DEAL)])
    assert (update.also_deletes, len(delete.also_deletes)) == ((), 1)


def test_a_kind_of_child_nobody_may_see_is_not_asked_for(org: DealOrg) -> None:
    """Neither its object nor its field; what is seen is asked for by its link to the records."""
    with_cascades(org, gone(DEAL))
    (query,) = org.asked
    assert (query.object, query.fields) == ("Line", ("Id", "Deal"))
    assert [(it.field, it.operator, it.value) for it in query.where] == [("Deal", "IN", (DEAL,))]
    assert len(DEALS.cascades) == 3


@pytest.mark.parametrize("muted", [{"queryable": False}, {"fields": (LINK,)}])
def test_a_kind_of_child_that_cannot_be_asked_for_is_not(
    org: DealOrg, muted: dict[str, object]
) -> None:
    """The org refuses questions for views such as a record's activity history, which are no records of their own."""
    org.schemas = {**org.schemas, "Line": replace(LINES, **muted)}  # type: ignore[arg-type]  # flags and fields
    assert counted(org, DEAL) == [[]]
    assert org.asked == []


def test_short_and_long_ids_are_the_same_record(
    org: DealOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first fifteen characters tell records apart, the last of them included."""
    monkeypatch.setattr(org, "_holds", lambda *_: True)
    lines(org, DEAL, 1)
    lines(org, SECOND[:15], 2)
    assert counted(org, DEAL[:15], SECOND) == [[("Line", 1)], [("Lines", 2)]]


def test_two_hundred_children_of_a_kind_can_be_looked_over(org: DealOrg) -> None:
    """One more cannot, and then nothing is deleted; not among others either."""
    lines(org, DEAL, 200)
    assert counted(org, DEAL) == [[("Lines", 200)]]
    assert org.asked[-1].limit == 201
    lines(org, DEAL, 1)
    for records in ((DEAL,), (DEAL, SECOND)):
        with pytest.raises(RefusedError) as caught:
            counted(org, *records)
        assert caught.value.message == "Deleting it would take more than 200 Lines with it."
        assert caught.value.error_code == "delete_too_wide"


def test_two_thousand_children_of_many_records_can_be_looked_over(org: DealOrg) -> None:
    """One more cannot."""
    records = [record_id(f"006{place:012}") for place in range(11)]
    for each in records[:10]:
        lines(org, each, 200)
    assert counted(org, *records) == [[("Lines", 200)]] * 10 + [[]]
    assert org.asked[-1].limit == 2_001
    lines(org, records[10], 1)
    with pytest.raises(RefusedError) as caught:
        counted(org, *records)
    assert (
        caught.value.message == "Deleting these records would take more than 2,000 Lines with them."
    )


@pytest.mark.parametrize(
    ("count", "questions", "calls"),
    [(0, 0, 0), (1, 1, 1), (200, 1, 1), (201, 2, 1), (1_000, 5, 1), (1_001, 6, 2)],
)
def test_two_hundred_records_are_a_question_and_five_questions_a_call(
    org: DealOrg, count: int, questions: int, calls: int
) -> None:
    """Every record is asked about, once."""
    records = [record_id(f"006{place:012}") for place in range(count)]
    assert calls_for(org, gone(*records)) == calls
    with_cascades(org, gone(*records))
    assert len(org.asked) == questions
    asked = [each.where[0].value for each in org.asked]
    assert [key for part in asked if isinstance(part, tuple) for key in part] == records


def test_an_org_that_leaves_an_answer_out_is_not_believed(
    org: DealOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody answered is not taken for nothing."""
    monkeypatch.setattr(org, "query", lambda _: [])
    with pytest.raises(ValueError, match="zip"):
        with_cascades(org, gone(DEAL))


@pytest.mark.parametrize(
    ("child", "counted_too"),
    [
        ("DealShare", False),
        ("DealHistory", False),
        ("DealFeed", False),
        ("Car__Feed", False),
        ("Time_Share__c", True),
    ],
)
def test_what_the_org_keeps_beside_a_record_by_itself_is_not_counted(
    org: DealOrg,
    child: str,
    counted_too: bool,  # noqa: FBT001 - one of two answers
) -> None:
    """Feeds, histories and shares are nobody's work; an object of a person's own is, whatever it is called."""
    books = replace(LINES, name=child, label="Book", label_plural="Books")
    deals = replace(DEALS, cascades=(ChildLink(child, "Deal"),))
    org.schemas = {**org.schemas, child: books, "Deal": deals}
    org.rows[child] = [{"Id": "00k000000000001AAA", "Deal": DEAL}]
    assert counted(org, DEAL) == ([[("Book", 1)]] if counted_too else [[]])
