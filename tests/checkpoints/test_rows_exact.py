"""Rows to the last one: how they are found or handed in, and why an action has none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from tests.checkpoints.row_scene import (
    STAGE,
    DealOrg,
    deal_org,
    handed,
    open_deals,
    plan_for,
    repeated,
)
from tests.scenario import action, blueprint, value

from actwright.canonical import Json
from actwright.checkpoints.limits import Limits
from actwright.checkpoints.resolving.rows import (
    Binding,
    bind,
    is_row_bound,
    row_queries,
    with_ceiling,
)
from actwright.errors import InputError, PlanError, RefusedError, ValueInvalidError
from actwright.guardrails.issue import Issue
from actwright.org.ports import Record
from actwright.org.query import RecordQuery

NOTHING: list[Json] = [{"field": "Name", "value": "nobody"}]
NEXT: Mapping[str, Json] = {"apiName": "NextStep"}


def bound(org: DealOrg, for_each: Json, limits: Limits | None = None) -> Binding:
    """Return the rows of an action that changes deals."""
    plan = plan_for(repeated(for_each, StageName=value("x")))
    return bind(plan, org, limits or Limits())["a"]


def issue(org: DealOrg, for_each: Json, limits: Limits | None = None) -> Issue:
    """Return why an action has no rows."""
    found = bound(org, for_each, limits)
    assert (found.rows, found.issue is None) == ((), False)
    assert found.issue is not None
    return found.issue


def test_rows_are_found_with_what_people_call_them() -> None:
    """Values stand under lower-cased names, the id among them."""
    org = deal_org()
    (key,) = org.add(1)
    found = bound(org, open_deals())
    assert (found.found_by_query, found.said, found.issue) == (True, "open", None)
    (row,) = found.rows
    assert (row.id, row.name, row.values["id"], row.values["name"]) == (key, "Deal 1", key, "Deal 1")  # fmt: skip
    org.rows["Opportunity"][0]["Name"] = None
    assert bound(org, open_deals()).rows[0].name is None


def test_rows_are_said_with_the_names_behind_ids_at_no_further_call() -> None:
    """The names come with the rows; where they cannot be had, the rows come without."""
    org = deal_org()
    account = org.rows["Account"][0]
    key = str(account["Id"])
    org.add(1, AccountId=key)
    asked = open_deals(where=[{"field": "AccountId", "value": key}])
    found = bound(org, asked)
    assert (found.said, org.api_calls) == (f"of {account['Name']}", 1)
    whole = org.query

    def query(queries: Sequence[RecordQuery]) -> Sequence[Sequence[Record]]:
        if any(each.object == "Account" for each in queries):
            raise ValueInvalidError("Odd.")
        return whole(queries)

    org.query = query  # type: ignore[method-assign]  # the org's own refusal
    without = bound(org, asked)
    assert (len(without.rows), without.issue) == (1, None)
    assert key in without.said


def test_rows_that_are_handed_in_ask_for_nothing() -> None:
    """They have no name of their own, and say where they come from."""
    org = deal_org()
    (key,) = org.add(1)
    found = bound(org, handed({"Id": key[:15], "stageName": "y"}))
    assert (found.found_by_query, found.said) == (False, "the rows that were handed in")
    assert (found.rows[0].id, found.rows[0].name) == (key, None)
    assert dict(found.rows[0].values) == {"id": key, "stagename": "y"}
    assert bound(org, handed({"Id": key}, source="list.csv")).said == "list.csv"
    assert (org.asked, org.api_calls) == ([], 0)


def test_only_rows_that_are_asked_for_make_a_query() -> None:
    """Rows handed in, rows of a hidden object and actions without rows make none."""
    org = deal_org()
    (key,) = org.add(1)
    hidden: Json = {"object": "Secret__c", "where": [{"field": "Name", "value": "x"}], "limit": 5}
    task = blueprint("CREATE", "Task", "Subject")
    plan = plan_for(
        repeated(open_deals(), key="a", StageName=value("x")),
        repeated(handed({"Id": key}), key="b", StageName=value("x")),
        action("c", task, Subject=value("x")),
        action("d", task, Subject=value("x")) | {"forEach": hidden},
    )
    assert [each.object for each in row_queries(plan, org, Limits())] == ["Opportunity"]
    assert list(bind(plan, org, Limits())) == ["b", "a", "d"]


def test_a_hidden_object_is_the_same_refusal_however_its_rows_come() -> None:
    """It names the object and the person, and says by what they were to be found."""
    org = deal_org()
    asked: Json = {"object": "Secret__c", "where": [{"field": "Name", "value": "x"}], "limit": 5}
    given: Json = {"object": "Secret__c", "rows": [{"Name": "x"}], "limit": 5, "source": "list.csv"}
    task = action("a", blueprint("CREATE", "Task", "Subject"), Subject=value("x"))
    for for_each, said in ((asked, "called x"), (given, "list.csv")):
        found = bind(plan_for(task | {"forEach": for_each}), org, Limits())["a"]
        assert found.said == said
        assert found.issue is not None
        assert (found.issue.code, found.issue.object) == ("object_not_visible", "Secret__c")
        assert (found.issue.guardrail, found.issue.action_id) == ("BASELINE", "a")
        assert f"not visible to {org.user.username}" in found.issue.message


def test_no_row_says_what_was_looked_for() -> None:
    """By the conditions where they were asked for, by the action where they were handed in."""
    found = issue(deal_org(), open_deals())
    assert (found.code, found.object) == ("rows_none", "Opportunity")
    assert found.message == "No Opportunity you can see fits: open."
    assert issue(deal_org(), handed()).message == "No row was handed in for a."


def test_too_many_rows_are_counted_and_none_is_bound() -> None:
    """The ceiling itself is allowed; the issue has both numbers."""
    org = deal_org()
    keys = org.add(3)
    assert len(bound(org, open_deals(limit=3)).rows) == 3
    rows: list[Json] = [{"Id": each} for each in keys]
    assert len(bound(org, handed(*rows, limit=3)).rows) == 3
    for for_each in (open_deals(limit=2), handed(*rows, limit=2)):
        found = issue(org, for_each)
        assert (found.code, found.object) == ("too_many_rows", "Opportunity")
        assert found.message == "3 Opportunities match, and the action takes at most 2. None was bound."  # fmt: skip


def test_the_hard_ceiling_is_a_refusal_with_its_place() -> None:
    """A plan may not raise it, however the rows come; exactly as many are allowed."""
    org = deal_org()
    keys = org.add(3)
    rows: list[Json] = [{"Id": each} for each in keys]
    for for_each in (open_deals(), handed(*rows)):
        assert len(bound(org, for_each, Limits(most_writes=3)).rows) == 3
        with pytest.raises(RefusedError) as caught:
            bound(org, for_each, Limits(most_writes=2))
        assert caught.value.where == "a.forEach"
    with pytest.raises(RefusedError):
        bound(org, open_deals(limit=3), Limits(most_writes=2))


def test_the_orgs_own_count_is_told_where_more_match_than_were_read() -> None:
    """Only as many as could be taken are read, and one more."""
    org = deal_org()
    org.add(9)
    assert "9 Opportunities match" in issue(org, open_deals(limit=5)).message
    assert [each.limit for each in org.asked] == [6]


def test_what_cannot_be_asked_is_told_with_its_place() -> None:
    """The org's words, where it found the fault, and its hint or ours."""
    org = deal_org()

    def refusing(error: InputError) -> Issue:
        def query(queries: object) -> Any:  # noqa: ARG001  the port's
            raise error

        org.query = query  # type: ignore[method-assign]  # the org's own refusal
        return issue(org, open_deals())

    plain = refusing(ValueInvalidError("Odd."))
    assert (plain.code, plain.object) == ("rows_invalid", "Opportunity")
    assert (plain.message, plain.hint) == ("The rows cannot be bound: Odd.", "Say the rows by other fields.")  # fmt: skip
    placed = refusing(ValueInvalidError("Odd.", where="X.Y", hint="Mend it."))
    assert (placed.message, placed.hint) == ("The rows cannot be bound: Odd. (X.Y)", "Mend it.")


@pytest.mark.parametrize(
    ("rows", "words", "place"),
    [
        ([{"Id": "006000000000001"}, {"StageName": "x"}], "no Id", 1),
        ([{"Id": "006000000000001"}, {"Id": "006000000000001AAA"}], "given twice", 1),
        ([{"Id": "006000000000001"}, {"Name": "x", "name": "y"}], "two spellings", 1),
        ([{"Id": "001000000000001"}], "another object", 0),
    ],
)
def test_a_row_that_cannot_be_meant_is_named_by_its_place(
    rows: Sequence[Json], words: str, place: int
) -> None:
    """Nothing is bound where one of them is wrong."""
    found = issue(deal_org(), handed(*rows))
    assert words in found.message
    assert f"(a.forEach.rows[{place}]" in found.message


def test_what_others_wrote_is_cut_where_it_is_repeated() -> None:
    """A label at 80 characters; a source is told in full, at most 300."""
    org = deal_org()
    (key,) = org.add(1)
    source = "s" * 300
    rows: Json = {"object": "Secret__c", "rows": [{"Name": "x"}], "limit": 5, "source": source}
    task = action("a", blueprint("CREATE", "Task", "Subject"), Subject=value("x"))
    assert bound(org, handed({"Id": key}, source=source)).said == source
    assert bind(plan_for(task | {"forEach": rows}), org, Limits())["a"].said == source
    schema = org.schemas["Opportunity"]
    for count, label in ((80, "L" * 80), (81, f"{'L' * 79}…")):
        named = replace(schema, label="L" * count, label_plural="")
        org.schemas = {**org.schemas, "Opportunity": named}
        assert issue(org, open_deals(limit=9, where=NOTHING)).message.startswith(f"No {label} you")
        both: list[Json] = [{"Id": key}, {"Id": "006000000000009"}]
        assert issue(org, handed(*both, limit=1)).message.startswith(f"2 {label} match")


@pytest.mark.parametrize(("extra", "cut"), [(0, ""), (1, "…")])
def test_an_error_is_cut_where_it_is_repeated(extra: int, cut: str) -> None:
    """The org's words at 300 characters, the place it names at 200."""
    org = deal_org()

    def query(queries: object) -> Any:  # noqa: ARG001  the port's
        raise ValueInvalidError("m" * (300 + extra), where="w" * (200 + extra))

    org.query = query  # type: ignore[method-assign]  # the org's own refusal
    message, place = "m" * (300 - extra) + cut, "w" * (200 - extra) + cut
    assert issue(org, open_deals()).message == f"The rows cannot be bound: {message} ({place})"


def test_rows_for_new_records_need_no_id() -> None:
    """Two of them without one are two records, and an id that is given is still checked."""
    task = action("a", blueprint("CREATE", "Task", "Subject"), Subject=value("x"))
    plan = plan_for(task | {"forEach": handed({"Name": "x"}, {"Name": "x"})})
    assert [each.id for each in bind(plan, deal_org(), Limits())["a"].rows] == [None, None]
    wrong = plan_for(task | {"forEach": handed({"Id": "nonsense"})})
    found = bind(wrong, deal_org(), Limits())["a"].issue
    assert found is not None
    assert found.code == "rows_invalid"


def test_what_each_row_gives_itself_is_told_from_what_all_share() -> None:
    """Its own id where it is changed or deleted, and what is taken from it; nothing where no rows are."""
    plan = plan_for(
        repeated(open_deals(), STAGE, NEXT, StageName=value("x"), NextStep={"from": "row.Name"})
    )
    (planned,) = plan.actions
    told = {each.api_name: is_row_bound(planned, each) for each in planned.blueprint.inputs}
    assert told == {"Id": True, "StageName": False, "NextStep": True}
    (single,) = plan_for(action("a", blueprint("UPDATE", "Opportunity", "Id", "Name"))).actions
    assert is_row_bound(single, single.blueprint.inputs[0]) is False


def test_a_ceiling_is_set_for_repeated_actions_only() -> None:
    """The error says what is none, and where."""
    plan = plan_for(
        repeated(open_deals(limit=10), StageName=value("x")),
        action("t", blueprint("CREATE", "Task", "Subject"), Subject=value("x")),
    )
    made = with_ceiling(plan, 50_000)
    assert [each.for_each.limit if each.for_each else None for each in made.actions] == [50_000, None]  # fmt: skip
    with pytest.raises(PlanError, match=r"^0 is no ceiling of rows: ") as caught:
        with_ceiling(plan, 0)
    assert caught.value.where == "a.forEach.limit"
