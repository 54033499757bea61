"""Nobody deletes children unseen."""

from __future__ import annotations

import pytest
from tests.scenario import Rest, action, blueprint, lookup, new_deal, previewed, texts

from actwright import Actwright
from actwright.canonical import Json
from actwright.checkpoints.reading.cascade import calls_for, with_cascades
from actwright.errors import RefusedError
from actwright.org.effect import Effect
from actwright.org.record_id import record_id


def removal(name: str) -> dict[str, Json]:
    """Return the action that deletes an opportunity by name."""
    entry = blueprint("DELETE", "Opportunity", "Id")
    return action("gone", entry, Id=lookup("Opportunity", "Name", name))


def test_a_delete_shows_the_children_that_go_with_it(app: Actwright) -> None:
    """Preview, question and digest count what the org deletes together with the record."""
    preview = previewed(app, removal("Initech Upgrade"), allow_delete=True)
    going = {each.object: each.count for each in preview.effects[0].also_deletes}
    assert going["Quote"] == 1
    assert going["OpportunityLineItem"] == 2
    assert "and with it" in preview.question
    assert "1 Quote" in preview.question


def test_a_delete_without_children_says_nothing_of_them(app: Actwright, admin: Rest) -> None:
    """A record on which nothing hangs goes alone."""
    preview = previewed(app, removal(new_deal(admin)), allow_delete=True)
    assert preview.effects[0].also_deletes == ()
    assert "with it" not in preview.question


def test_a_child_that_joined_since_the_preview_is_drift(app: Actwright, admin: Rest) -> None:
    """What would go with the record is looked at again, and another count stops the run."""
    name = new_deal(admin)
    preview = previewed(app, removal(name), allow_delete=True)
    yes = app.confirm(preview, approver="Alice")
    deal = admin.rows(f"SELECT Id FROM Opportunity WHERE Name = '{name}'")[0]["Id"]
    admin.call("POST", "/sobjects/Task", {"Subject": "New", "WhatId": deal})
    envelope = app.run(preview, yes)
    assert envelope.stopped_by == "drift"
    assert "1 Task" in texts(envelope.errors)
    assert admin.rows(f"SELECT Id FROM Opportunity WHERE Name = '{name}'")


def test_a_delete_that_takes_too_many_is_refused(app: Actwright, admin: Rest) -> None:
    """More children than anybody could look over are not deleted along."""
    made = admin.call("POST", "/sobjects/Account", {"Name": "Huge"})
    people = [
        {"attributes": {"type": "Contact"}, "LastName": f"P{number}", "AccountId": made["id"]}
        for number in range(201)
    ]
    for start in (0, 200):
        batch = {"allOrNone": True, "records": people[start : start + 200]}
        admin.call("POST", "/composite/sobjects", batch)
    entry = blueprint("DELETE", "Account", "Id")
    gone = action("gone", entry, Id=lookup("Account", "Name", "Huge"))
    with pytest.raises(RefusedError, match="more than 200 Contacts"):
        previewed(app, gone, allow_delete=True)


def test_the_children_of_many_records_are_counted_together(app: Actwright, admin: Rest) -> None:
    """One query a kind of child, however many records go, and each keeps its own."""
    names = [new_deal(admin) for _ in range(3)]
    quoted = ", ".join(f"'{each}'" for each in names)
    found = admin.rows(f"SELECT Id, Name FROM Opportunity WHERE Name IN ({quoted})")
    ids = {each["Name"]: each["Id"] for each in found}
    for name, count in zip(names, (2, 0, 1), strict=True):
        for place in range(count):
            admin.call("POST", "/sobjects/Task", {"Subject": f"T{place}", "WhatId": ids[name]})
    alone = with_cascades(app.org, [doomed(ids[names[0]])])
    together = with_cascades(app.org, [doomed(ids[each]) for each in names])
    counts = [[each.count for each in effect.also_deletes] for effect in together]
    assert counts == [[2], [], [1]]
    assert together[0].also_deletes == alone[0].also_deletes
    assert together[2].also_deletes[0].label == "Task"
    many = [doomed(record_id(f"006{place:012}")) for place in range(200)]
    assert calls_for(app.org, many) == calls_for(app.org, many[:1])


def doomed(key: str) -> Effect:
    """Return the effect of deleting an opportunity."""
    return Effect(
        id=f"d.{key}", action_id="d", operation="DELETE", object="Opportunity", record_id=key
    )
