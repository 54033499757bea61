"""Arguments without an org behind them: what each becomes, and the whole of what is said where one cannot be had."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.checkpoints.row_scene import deal_org, open_deals, plan_for, repeated
from tests.memory_org import MemoryOrg, demo_org
from tests.scenario import action, blueprint, lookup, value

from actwright.actions.implementation import ResolvedArgument
from actwright.canonical import Json
from actwright.checkpoints.resolving.arguments import ArgumentResolver, ResolvedAction
from actwright.errors import PlanError, ValueInvalidError
from actwright.guardrails.issue import Issue

WHAT: dict[str, Json] = {"apiName": "WhatId", "dataType": "Reference", "label": "Related To"}


SUBJECT: Mapping[str, Json] = {"apiName": "Subject", "required": True, "label": "Subject"}


def creating(*inputs: str | Mapping[str, Json], key: str = "a", **arguments: Json) -> Json:
    """Return the action that creates a task."""
    return action(key, blueprint("CREATE", "Task", *(inputs or (SUBJECT,))), **arguments)


def resolved(
    *actions: Json, org: MemoryOrg | None = None, **more: Json
) -> tuple[ResolvedAction, ...]:
    """Return the actions of a plan, resolved."""
    plan = plan_for(*(each for each in actions if isinstance(each, dict)), **more)
    return ArgumentResolver(plan, org or demo_org()).resolve()


def one(*actions: Json, org: MemoryOrg | None = None, data: Json = None) -> ResolvedArgument:
    """Return the only argument of the last action."""
    last = resolved(*actions, org=org, data=data or {})[-1]
    assert last.issues == ()
    (argument,) = last.arguments.values()
    return argument


def issue(*actions: Json) -> Issue:
    """Return the only issue of the last action."""
    (found,) = resolved(*actions)[-1].issues
    return found


def test_a_default_counts_only_where_nothing_was_given() -> None:
    """It comes from the blueprint, by its label; an empty value that was given is no reason for it."""
    status: Mapping[str, Json] = {"apiName": "Status", "default": "Open"}
    entry = blueprint("CREATE", "Task", status, label="Make a task")
    set_for_it = one(action("a", entry))
    assert (set_for_it.value, set_for_it.provenance, set_for_it.source) == (
        "Open",
        "default",
        "Make a task",
    )
    assert one(action("a", entry, Status={"value": None, "provenance": "goal"})).value is None


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_a_required_input_needs_more_than_blanks(empty: str | None) -> None:
    """The issue names the field, and how to give a value."""
    found = issue(creating(Subject={"value": empty, "provenance": "goal"}))
    assert (found.code, found.field, found.object) == ("required_missing", "Subject", "Task")
    assert found.hint == "Give it: -d a.Subject=VALUE."
    assert issue(creating()) == found


def test_nought_and_no_are_values() -> None:
    """A required number or answer that is nought or no is given."""
    kinds: Mapping[str, Json] = {"Number": 0, "Boolean": False}
    for kind, held in kinds.items():
        needed: Mapping[str, Json] = {"apiName": "Subject", "dataType": kind, "required": True}
        assert one(creating(needed, Subject=value(held))).value == held


def test_data_is_taken_by_its_name() -> None:
    """Its source says which; data that nobody gave is an issue that says how to give it."""
    found = one(creating(Subject={"from": "data.note"}), data={"note": "Ring"})
    assert (found.value, found.provenance, found.source) == ("Ring", "data", "data note")
    missing = issue(creating(Subject={"from": "data.note"}))
    assert "the data 'note', which was not given" in missing.message
    assert missing.hint == "Give it: -d note=VALUE."


def account(name: str = "Acme") -> Json:
    """Return the action that creates an account."""
    entry = blueprint("CREATE", "Account", {"apiName": "Name", "required": True})
    return action("acc", entry, Name=value(name))


def linking(source: str = "acc", output: str = "id") -> Json:
    """Return the action that takes another one's output."""
    taken: Json = {"from": f"actions.{source}.output.{output}"}
    return creating(WHAT, key="t", WhatId=taken)


def test_a_new_record_is_linked_to_by_its_action() -> None:
    """The link says what it will be, and counts as a value; the id may be asked for in any case."""
    found = one(account(), linking(output="ID"))
    assert (found.linked_to, found.family, found.provenance) == ("acc", "id", "output")
    assert (found.value, found.text, found.source) == (
        None,
        "the new Account",
        "the record acc creates",
    )
    needed = creating(WHAT | {"required": True}, key="t", WhatId={"from": "actions.acc.output.id"})
    assert one(account(), needed).linked_to == "acc"


def changing(**arguments: Json) -> Json:
    """Return the action that changes an account."""
    entry = blueprint("UPDATE", "Account", "Id", "Description")
    return action("acc", entry, Description=value("x"), **arguments)


def test_the_id_of_a_changed_record_is_taken_from_its_action() -> None:
    """It is known already, keeps its name, and says whose it is; without one there is nothing to take."""
    found = one(changing(Id=lookup("Account", "Name", "Globex")), linking())
    assert found.value is not None
    assert (found.input, found.linked_to, found.text) == ("WhatId", None, "Globex")
    assert (found.provenance, found.source) == ("output", "acc's id")
    assert "has no record" in issue(changing(), linking()).message


@pytest.mark.parametrize("output", ["Name", "success"])
def test_an_action_puts_out_nothing_but_the_id_of_its_record(output: str) -> None:
    """The error names the argument, and the action that puts out nothing else."""
    with pytest.raises(PlanError, match=f"would be '{output}' of 'acc', which puts out") as caught:
        resolved(account(), linking(output=output))
    assert (caught.value.error_code, caught.value.where) == ("output_unknown", "t.WhatId")


def test_the_output_of_many_rows_is_refused_by_name() -> None:
    """There is one for each row, and nobody could tell which is meant."""
    rows = repeated(open_deals(), key="many", StageName=value("Closed Lost"))
    with pytest.raises(PlanError, match="the output of 'many', which is repeated") as caught:
        resolved(rows, linking("many"), org=deal_org())
    assert (caught.value.error_code, caught.value.where) == ("output_of_rows", "t.WhatId")


def test_what_a_row_gives_is_not_resolved_for_all() -> None:
    """The record's own id and what is taken from a row come later; the rest is there."""
    (found,) = resolved(
        repeated(
            open_deals(),
            {"apiName": "NextStep"},
            {"apiName": "StageName"},
            NextStep={"from": "row.Name"},
            StageName=value("x"),
        ),
        org=deal_org(),
    )
    assert (list(found.arguments), found.issues) == (["StageName"], ())


def test_a_looked_up_record_is_called_by_its_name() -> None:
    """Its id comes from a lookup, another field from the record, and either says by which words it was found."""
    by_name = one(creating(WHAT, WhatId=lookup("Account", "Name", "Globex")))
    assert (by_name.provenance, by_name.text) == ("lookup", "Globex")
    assert by_name.source == "Account where Name = 'Globex'"
    site = one(creating(SUBJECT, Subject=lookup("Account", "Name", "Globex", take="Website")))
    assert (site.provenance, site.value, site.text) == (
        "record",
        "https://www.globex.example",
        "Globex",
    )
    small = one(creating(WHAT, WhatId=lookup("Account", "Name", "Globex", take="id")))
    assert (small.provenance, small.value) == ("lookup", by_name.value)


def test_a_source_the_plan_gives_comes_before_the_lookups_own() -> None:
    """The person's words are what people look for; a long lookup is cut at 300 characters."""
    said: Json = {"lookup": {"object": "Account", "where": [{"field": "Name", "value": "Globex"}]}}
    assert isinstance(said, dict)
    assert one(creating(WHAT, WhatId={**said, "source": "the globe"})).source == "the globe"
    org = demo_org()
    org.rows["Account"][0]["Name"] = "N" * 400
    long = one(creating(WHAT, WhatId=lookup("Account", "Name", "N" * 400)), org=org)
    assert len(long.source or "") == 300


def test_five_of_many_matches_are_offered() -> None:
    """The issue counts them all, and names ids to choose from."""
    org = demo_org()
    twins = [{**org.rows["Account"][0], "Id": f"00100000000{n:04}AAA"} for n in range(7)]
    org.rows["Account"] = twins
    name = str(twins[0]["Name"])
    (found,) = resolved(creating(WHAT, WhatId=lookup("Account", "Name", name)), org=org)[0].issues
    assert found.code == "lookup_ambiguous"
    assert f"Related To: 7 records match Account where Name = '{name}'." in found.message
    offered = ", ".join(str(each["Id"]) for each in twins[:5])
    assert found.hint == f"Give the id of the one you mean: {offered}."


def test_a_lookup_that_cannot_be_asked_keeps_back_its_own_input_only() -> None:
    """A hidden object is a refusal with its own name; a hidden field is wrong in itself; the others are found."""
    org = demo_org()
    whole = org.query

    def query(queries: Any) -> Any:
        for each in queries:
            if any(one.field == "Nope__c" for one in each.where):
                raise ValueInvalidError(
                    "There is no Nope__c.", where="Account.Nope__c", hint="Look."
                )
        return whole(queries)

    org.query = query  # type: ignore[method-assign]  # the org's own refusal
    found = resolved(
        creating(WHAT, key="hidden", WhatId=lookup("Secret__c", "Name", "x")),
        creating(WHAT, key="odd", WhatId=lookup("Account", "Nope__c", "x")),
        creating(WHAT, key="fine", WhatId=lookup("Account", "Name", "Globex")),
        org=org,
    )
    (hidden,), (odd,), fine = (each.issues for each in found)
    assert fine == ()
    assert (hidden.code, hidden.object, hidden.field) == ("object_not_visible", "Secret__c", None)
    assert hidden.guardrail == "BASELINE"
    assert f"looked up in Secret__c, which is not visible to {org.user.username}" in hidden.message
    assert (odd.code, odd.object, odd.field, odd.guardrail) == ("lookup_invalid", "Task", "WhatId", None)  # fmt: skip
    assert odd.message == "Related To cannot be looked up: There is no Nope__c. (Account.Nope__c)"
    assert odd.hint == "Look."


def test_every_input_that_does_not_fit_is_an_issue() -> None:
    """The first fault does not hide the next, nor what does fit."""
    kinds = {"Start": "Date", "End": "Date", "Subject": "String"}
    inputs = [{"apiName": name, "dataType": kind} for name, kind in kinds.items()]
    given = {name: value("someday") for name in kinds}
    (found,) = resolved(action("a", blueprint("CREATE", "Task", *inputs), **given))
    assert [each.field for each in found.issues] == ["Start", "End"]
    assert list(found.arguments) == ["Subject"]


@pytest.mark.parametrize(("extra", "cut"), [(0, ""), (1, "…")])
def test_an_orgs_refusal_of_a_lookup_is_cut_where_it_is_repeated(extra: int, cut: str) -> None:
    """Its words at 300 characters, the place it names at 200."""
    org = demo_org()

    def query(queries: Any) -> Any:  # noqa: ARG001  the port's
        raise ValueInvalidError("m" * (300 + extra), where="w" * (200 + extra))

    org.query = query  # type: ignore[method-assign]  # the org's own refusal
    named = creating(WHAT, WhatId=lookup("Account", "Name", "Globex"))
    (told,) = resolved(named, org=org)[0].issues
    words, place = "m" * (300 - extra) + cut, "w" * (200 - extra) + cut
    assert told.message == f"Related To cannot be looked up: {words} ({place})"
