"""From actions to effect groups: what is brought together, kept apart, or refused."""

from __future__ import annotations

import pytest
from tests.scenario import (
    Rest,
    action,
    amount,
    blueprint,
    confirmed,
    lookup,
    new_deal,
    plan_of,
    previewed,
    task,
    value,
    win,
)

from actwright import Actwright
from actwright.canonical import Json
from actwright.errors import RefusedError
from actwright.testing import LocalOrg


def person(key: str, email: str, last_name: str) -> dict[str, Json]:
    """Return the action that creates or changes the contact with that address."""
    entry = blueprint(
        "UPSERT",
        "Contact",
        {"apiName": "Email", "required": True},
        "LastName",
        keyFields=["Email"],
    )
    return action(key, entry, Email=value(email), LastName=value(last_name))


def keyed(key: str, external_key: str, name: str) -> dict[str, Json]:
    """Return the action that creates or changes the account with that external key."""
    entry = blueprint(
        "UPSERT",
        "Account",
        {"apiName": "External_Key__c", "required": True},
        "Name",
        keyFields=["External_Key__c"],
    )
    return action(key, entry, External_Key__c=value(external_key), Name=value(name))


def gone(key: str, target: str, name: str) -> dict[str, Json]:
    """Return the action that deletes the record of that name."""
    return action(key, blueprint("DELETE", target, "Id"), Id=lookup(target, "Name", name))


def test_two_writes_to_one_record_become_one_where_they_agree(app: Actwright, deal: str) -> None:
    """The second action's fields join the first one's, and a value given twice alike is one."""
    preview = previewed(app, win(name=deal), win("again", deal), amount("a", deal, 5))
    assert preview.blocked == ()
    assert [each.also_for for each in preview.effects] == [("again", "a")]
    assert [each.field for each in preview.effects[0].changes] == ["StageName", "Amount"]


def test_two_writes_that_contradict_each_other_are_refused(app: Actwright, deal: str) -> None:
    """The error names both actions and the field."""
    with pytest.raises(RefusedError) as caught:
        previewed(app, amount("a", deal, 5), amount("b", deal, 6))
    assert caught.value.error_code == "field_written_twice"
    assert "'a' and 'b' give Amount different values" in str(caught.value)


def test_an_update_and_a_delete_of_one_record_are_refused(app: Actwright, deal: str) -> None:
    """They cannot be one write."""
    with pytest.raises(RefusedError) as caught:
        previewed(app, amount("a", deal, 5), gone("b", "Opportunity", deal), allow_delete=True)
    assert caught.value.error_code == "record_written_twice"


def test_a_delete_needs_leave_and_then_keeps_what_was_there(app: Actwright, admin: Rest) -> None:
    """Without leave it is refused; with it, the preview shows the record, noughts included, and it goes."""
    deal = new_deal(admin, Amount=0)
    refused = previewed(app, gone("d", "Opportunity", deal))
    assert [each.code for each in refused.blocked] == ["delete_not_allowed"]
    preview, yes = confirmed(app, gone("d", "Opportunity", deal), allow_delete=True)
    before = {each.field: each.before for each in preview.effects[0].changes}
    assert before["Amount"] == 0
    assert before["Name"] == deal
    assert not preview.undo[0].possible
    before_calls = app.org.api_calls
    assert app.run(preview, yes).success
    assert app.org.api_calls - before_calls <= preview.cost.apply_calls
    assert admin.rows(f"SELECT Id FROM Opportunity WHERE Name = '{deal}'") == []


def test_more_writes_than_one_plain_call_takes_still_are_one_transaction(app: Actwright) -> None:
    """Twenty-three go out one by one, twenty-four as collections; both happen whole or not at all."""
    few = previewed(app, *(task(f"t{place}") for place in range(23)))
    many = previewed(app, *(task(f"t{place}") for place in range(24)))
    assert [(each.carrier, each.atomic) for each in few.groups] == [("composite", True)]
    assert [(each.carrier, each.atomic) for each in many.groups] == [("collections", True)]
    assert (few.blocked, many.blocked) == ((), ())


def test_writes_beyond_the_hard_ceiling_are_refused_with_the_number(shared_org: LocalOrg) -> None:
    """The setting is the ceiling, whatever carries the writes."""
    app = shared_org.as_user(settings={"max_writes": 2})
    assert previewed(app, task("a"), task("b")).blocked == ()
    with pytest.raises(RefusedError, match="3 writes") as caught:
        previewed(app, task("a"), task("b"), task("c"))
    assert caught.value.error_code == "too_many_writes"


def test_setup_and_data_never_share_a_group(shared_org: LocalOrg) -> None:
    """A queue and an account go out in two calls, whatever the case their objects are written in."""
    app = shared_org.as_user("admin")
    entry = blueprint("CREATE", "group", "Name", "DeveloperName", "Type")
    queue = action(
        "queue", entry, Name=value("Night"), DeveloperName=value("Night"), Type=value("Queue")
    )
    preview = previewed(app, queue, action("acc", "account_create", Name=value("Daylight")))
    assert [[each.object for each in group.effects] for group in preview.groups] == [
        ["Account"],
        ["Group"],
    ]
    assert preview.cost.apply_calls == 4


def test_data_that_waits_for_setup_goes_after_it(shared_org: LocalOrg) -> None:
    """A failed setup action keeps back the data action that depends on it."""
    app = shared_org.as_user("admin")
    entry = blueprint("CREATE", "group", "Name", "DeveloperName", "Type")
    queue = action(
        "queue", entry, Name=value("Dusk"), DeveloperName=value("Dusk"), Type=value("Queue")
    )
    later = action("acc", "account_create", Name=value("Dawn"))
    later["dependsOn"] = ["queue"]
    preview = previewed(app, queue, later)
    assert [[each.object for each in group.effects] for group in preview.groups] == [
        ["Group"],
        ["Account"],
    ]


def test_an_upsert_shows_the_record_its_key_matches(app: Actwright, admin: Rest) -> None:
    """A key that matches is a change with before-values, one that does not is a new record."""
    admin.call("POST", "/sobjects/Account", {"Name": "Keyed", "External_Key__c": "K-1"})
    preview, yes = confirmed(app, keyed("known", "K-1", "Kept"), keyed("new", "K-2", "Nobody"))
    known, new = preview.effects
    assert known.change("Name").before == "Keyed"  # type: ignore[union-attr]  # it is there
    assert known.version is not None
    assert new.record_id is None
    before = app.org.api_calls
    assert app.run(preview, yes).success
    assert app.org.api_calls - before == preview.cost.apply_calls
    rows = admin.rows("SELECT Name FROM Account WHERE External_Key__c IN ('K-1', 'K-2')")
    assert sorted(each["Name"] for each in rows) == ["Kept", "Nobody"]


def test_an_upsert_that_would_create_needs_a_unique_key(app: Actwright) -> None:
    """Where nothing matches and the org could not refuse a twin, the preview refuses."""
    email = "nobody.yet@acme.example"
    plan = plan_of(app, person("new", email, "Nobody"), goal=f"keep {email} as Nobody")
    preview = app.preview(plan)
    assert [each.code for each in preview.blocked] == ["upsert_key_not_unique"]


def test_an_upsert_whose_key_matches_several_is_refused(app: Actwright, admin: Rest) -> None:
    """Nobody guesses which of two records is meant."""
    twin = {"LastName": "Twin", "Email": "twin@acme.example", "OwnerId": app.org.user.id}
    rule = "/localorg/rules/Contact.Contact_Same_Email"
    admin.call("PUT", rule, {"mode": "off"})
    for _ in range(2):
        admin.call("POST", "/sobjects/Contact", twin)
    admin.call("PUT", rule, {"mode": "alert"})
    with pytest.raises(RefusedError) as caught:
        previewed(app, person("up", "twin@acme.example", "One"))
    assert caught.value.error_code == "upsert_ambiguous"


def test_two_upserts_of_one_key_are_refused(app: Actwright) -> None:
    """The record they would create is one and the same."""
    preview = previewed(
        app, person("a", "same@acme.example", "A"), person("b", "SAME@acme.example", "B")
    )
    assert "record_written_twice" in {each.code for each in preview.blocked}


def test_an_update_that_names_no_field_is_an_issue(app: Actwright, deal: str) -> None:
    """A record that is looked up and then not changed would be an empty write."""
    entry = blueprint("UPDATE", "Opportunity", "Id", "NextStep")
    preview = previewed(app, action("a", entry, Id=lookup("Opportunity", "Name", deal)))
    assert [each.code for each in preview.blocked] == ["nothing_to_write"]


def test_how_each_effect_is_undone_is_said(app: Actwright, deal: str) -> None:
    """An update is set back, a create is deleted."""
    preview = previewed(app, win(name=deal), task())
    assert [each.possible for each in preview.undo] == [True, True]
    assert preview.undo[0].text == f"Set Stage of Opportunity {deal} back to the values before."
    assert preview.undo[1].text == "Delete the Task it created."


def test_hostile_names_are_shown_inert(app: Actwright, admin: Rest) -> None:
    """Escape codes and reversed text in a record's name reach neither question nor drift."""
    name = "Evil\x1b[31m \u202egnp.exe"
    fields = {
        "Name": name,
        "StageName": "Prospecting",
        "CloseDate": "2027-01-01",
        "OwnerId": app.org.user.id,
    }
    found = admin.call("POST", "/sobjects/Opportunity", fields)["id"]
    entry = blueprint("UPDATE", "Opportunity", "Id", "NextStep")
    named = lookup("Opportunity", "Name", name)
    preview, yes = confirmed(app, action("a", entry, Id=named, NextStep=value("x\x9by")))
    assert "\x1b" not in preview.question
    assert "\u202e" not in preview.question
    admin.call("PATCH", f"/sobjects/Opportunity/{found}", {"NextStep": "\x1b]0;pwned\x07"})
    told = app.run(preview, yes).model_dump_json()
    assert "\\u001b" not in told.partition('"results"')[0]
    assert "\x1b" not in told
    assert "\u202e" not in told.partition('"results"')[0]
