"""The steady reader: schemas asked once, and what several will ask asked together."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.checkpoints.row_scene import DealOrg, deal_org

from actwright.checkpoints.resolving.steady import SteadyReader
from actwright.errors import InputError, NotFoundError
from actwright.org.ports import Record, RecordRead
from actwright.org.query import Condition, JsonScalar, RecordQuery


@pytest.fixture
def org() -> DealOrg:
    """Give an org of three deals."""
    found = deal_org()
    found.add(3)
    return found


def named(value: JsonScalar, field: str = "Name") -> RecordQuery:
    """Return the query for one deal."""
    return RecordQuery(object="Opportunity", where=(Condition(field=field, value=value),))


def test_each_schema_is_asked_once_hidden_ones_too(org: DealOrg) -> None:
    """However many rows ask for it."""
    reader = SteadyReader(org)
    for _ in range(3):
        assert reader.describe("Task").name == "Task"
        with pytest.raises(NotFoundError):
            reader.describe("Nowhere")
    assert org.described == ["Task", "Nowhere"]
    assert reader.objects() is reader.objects()


def test_everything_else_goes_through(org: DealOrg) -> None:
    """It is the org's own answer, for the same person, with the calls it took."""
    reader = SteadyReader(org)
    assert (reader.identity, reader.user) == (org.identity, org.user)
    assert reader.count(named("Deal 1")) == 1
    key = str(org.rows["Opportunity"][0]["Id"])
    assert key in reader.read([RecordRead("Opportunity", (key,), ())])
    with pytest.raises(NotFoundError):
        reader.picklist_values("Opportunity", "012")
    assert reader.api_calls == org.api_calls == 2


def test_what_was_asked_ahead_costs_no_second_call(org: DealOrg) -> None:
    """The others are still asked, and all answers come in order."""
    reader = SteadyReader(org)
    reader.ask_ahead([named("Deal 1"), named("Deal 2")])
    found = reader.query([named("Deal 3"), named("Deal 2"), named("Deal 1"), named("Deal 3")])
    ids = [str(each["Id"]) for each in org.rows["Opportunity"]]
    assert [each[0].id for each in found] == [ids[2], ids[1], ids[0], ids[2]]
    assert org.api_calls == 2
    assert len(org.asked) == 3


def test_one_query_is_not_worth_asking_ahead(org: DealOrg) -> None:
    """Whoever wants it asks by itself."""
    SteadyReader(org).ask_ahead([named("Deal 1"), named("Deal 1")])
    assert org.api_calls == 0


def test_conditions_that_python_holds_alike_are_two_questions(org: DealOrg) -> None:
    """A true is no 1."""
    reader = SteadyReader(org)
    reader.ask_ahead([named(value=True, field="IsClosed"), named(1, "IsClosed")])
    assert len(org.asked) == 2


def test_nothing_is_kept_where_one_query_is_refused(
    org: DealOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each then is asked by whoever wants it, who learns what is wrong with it."""
    whole = org.query

    def query(queries: Sequence[RecordQuery]) -> Sequence[Sequence[Record]]:
        if any(each.where[0].field == "Bogus" for each in queries):
            raise InputError("no field Bogus")
        return whole(queries)

    monkeypatch.setattr(org, "query", query)
    reader = SteadyReader(org)
    reader.ask_ahead([named("Deal 1"), named("x", "Bogus")])
    assert len(reader.query([named("Deal 1")])[0]) == 1
    with pytest.raises(InputError, match="Bogus"):
        reader.query([named("x", "Bogus")])
