"""Arguments: every shape a plan may give them in, what each becomes, and why one cannot be resolved."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.scenario import (
    Rest,
    action,
    blueprint,
    carried_out,
    lookup,
    new_deal,
    plan_of,
    previewed,
    task,
    value,
    win,
)

from actwright import Actwright, Preview
from actwright.actions.implementation import ResolvedArgument
from actwright.canonical import Json
from actwright.errors import OpenQuestionsError, PlanError
from actwright.testing import LocalOrg


def argument(preview: Preview, key: str, name: str) -> ResolvedArgument:
    """Return one resolved argument."""
    shown = preview.action(key)
    assert shown is not None
    return next(each for each in shown.arguments if each.input == name)


def asked(app: Actwright, goal: str, *actions: dict[str, Json]) -> Preview:
    """Return the preview of a plan for a goal, whose words its ids are."""
    return app.preview(plan_of(app, *actions, goal=goal))


def issue(preview: Preview, key: str) -> tuple[str, str | None]:
    """Return code and field of an action's first blocking issue."""
    found = next(each for each in preview.blocked if each.action_id == key)
    return found.code, found.field


def test_each_shape_becomes_a_typed_value_with_its_provenance(app: Actwright) -> None:
    """A literal, named data, a default, a lookup and an output tell where they came from."""
    entry = blueprint("UPDATE", "Account", "Id", "Description", {"apiName": "Phone"})
    plan = plan_of(
        app,
        task(
            ActivityDate=value("2026-12-01"),
            Description={"from": "data.note"},
            WhatId=lookup("Account", "Name", "Globex"),
        ),
        action(
            "globex",
            entry,
            Id=lookup("Account", "Name", "Globex"),
            Description=value("made up", "model"),
        ),
        task("second", OwnerId={"from": "data.owner"}, WhatId={"from": "actions.globex.output.id"}),
        data={"note": "ring twice", "owner": app.org.user.id},
        goal="whatever was asked, by 2026-12-01",
    )
    preview = app.preview(plan)
    assert preview.blocked == ()
    told = {
        (key, name): argument(preview, key, name).provenance
        for key, name in [
            ("task", "ActivityDate"),
            ("task", "Description"),
            ("task", "Status"),
            ("task", "WhatId"),
            ("globex", "Description"),
            ("second", "WhatId"),
        ]
    }
    assert list(told.values()) == ["goal", "data", "default", "lookup", "model", "output"]
    assert argument(preview, "task", "WhatId").text == "Globex"
    assert argument(preview, "second", "WhatId").value == argument(preview, "globex", "Id").value


def test_a_field_read_from_a_record_says_so(app: Actwright) -> None:
    """A lookup that takes another field than the id has the provenance ``record``."""
    preview = previewed(app, task(Description=lookup("Account", "Name", "Globex", take="Website")))
    found = argument(preview, "task", "Description")
    assert (found.provenance, found.value) == ("record", "https://www.globex.example")


def test_a_zero_read_from_a_record_is_a_value(app: Actwright, admin: Rest) -> None:
    """Nought is not nothing."""
    name = new_deal(admin, Amount=0)
    entry = blueprint("UPDATE", "Opportunity", "Id", {"apiName": "Amount", "dataType": "Currency"})
    other = new_deal(admin)
    preview = previewed(
        app,
        action(
            "a",
            entry,
            Id=lookup("Opportunity", "Name", other),
            Amount=lookup("Opportunity", "Name", name, take="Amount"),
        ),
    )
    assert preview.effects[0].changes[0].after == Decimal(0)


def test_an_output_that_nothing_puts_out_is_refused_by_name(app: Actwright) -> None:
    """What hands out effects puts out the id of its record, and nothing else."""
    plan = plan_of(app, task(), task("later", Description={"from": "actions.task.output.Subject"}))
    with pytest.raises(PlanError) as caught:
        app.preview(plan)
    assert caught.value.error_code == "output_unknown"
    assert caught.value.where == "later.Description"


def test_a_lookup_that_finds_none_or_several_is_an_issue(app: Actwright) -> None:
    """Both name the lookup; several also give the ids to choose from."""
    contact = lookup("Contact", "LastName", "Smith")
    preview = previewed(
        app, task("none", WhatId=lookup("Account", "Name", "Nope")), task("many", WhoId=contact)
    )
    assert issue(preview, "none") == ("lookup_not_found", "WhatId")
    assert issue(preview, "many") == ("lookup_ambiguous", "WhoId")
    hint = preview.blocked[1].hint or ""
    assert hint.count("003") == 2


def test_a_long_lookup_neither_breaks_nor_floods(app: Actwright, admin: Rest) -> None:
    """A name as long as the org allows is looked up, and one far longer is told in a short message."""
    long = "x" * 120
    alice = app.org.user.id
    admin.call("POST", "/sobjects/Account", {"Name": long, "OwnerId": alice})
    conditions: Json = [{"field": "Name", "value": long} for _ in range(6)]
    found: Json = {"lookup": {"object": "Account", "where": conditions, "field": "Id"}}
    assert previewed(app, task(WhatId=found)).blocked == ()
    missing = previewed(app, task(WhatId=lookup("Account", "Name", "y" * 3000)))
    assert len(missing.blocked[0].message) < 500


def test_missing_data_is_asked_for(app: Actwright) -> None:
    """The hint says how to give it."""
    preview = previewed(app, task(Description={"from": "data.note"}))
    assert issue(preview, "task")[0] == "not_found"
    assert "-d note=VALUE" in (preview.blocked[0].hint or "")


def test_a_required_input_without_a_value_is_asked_for(app: Actwright) -> None:
    """Absent, null and blank are all no value."""
    for given in ({}, {"Subject": value(None)}, {"Subject": value("  ")}):
        preview = previewed(app, action("a", "task_create", **given))
        assert issue(preview, "a") == ("required_missing", "Subject")


@pytest.mark.parametrize("given", ["001", "0061", "not an id", "006000000000000000", "\u0660" * 15])
def test_a_malformed_id_is_an_issue_of_its_field(app: Actwright, given: str) -> None:
    """What is no record id is refused before the org is asked for it."""
    preview = asked(app, f"win {given}", action("a", "oppty_closed_won", Id=value(given)))
    assert issue(preview, "a") == ("record_id_invalid", "Id")


def test_an_id_of_another_object_is_refused(app: Actwright, admin: Rest) -> None:
    """An account's id is no opportunity's, and no contact is related to by a user's."""
    account = admin.rows("SELECT Id FROM Account WHERE Name = 'Acme'")[0]["Id"]
    preview = asked(
        app,
        f"win {account}",
        action("a", "oppty_closed_won", Id=value(account)),
        task("b", WhoId=value(account)),
    )
    assert issue(preview, "a") == ("record_id_invalid", "Id")
    assert issue(preview, "b")[1] == "WhoId"
    small = blueprint("UPDATE", "opportunity", "Id", "NextStep")
    lower = asked(app, account, action("c", small, Id=value(account), NextStep=value("x")))
    assert issue(lower, "c") == ("record_id_invalid", "Id")


def test_all_issues_of_all_actions_are_gathered(app: Actwright) -> None:
    """No issue hides behind the first one, nor behind one of an earlier action."""
    preview = asked(
        app,
        "win x",
        action("a", "task_create", ActivityDate=value("soon"), Priority=value("Urgent")),
        action("b", "oppty_closed_won", Id=value("x")),
    )
    assert {(each.action_id, each.field) for each in preview.blocked} >= {
        ("a", "Subject"),
        ("a", "ActivityDate"),
        ("b", "Id"),
    }


def test_a_lookup_that_cannot_be_asked_hides_no_other_issue(app: Actwright, deal: str) -> None:
    """Unknown objects, unknown fields and values that do not fit are issues of their own actions."""
    preview = previewed(
        app,
        task("good", WhatId=lookup("Account", "Name", "Globex")),
        task("hidden", WhatId=lookup("Payroll__c", "Name", "x")),
        task("field", WhatId=lookup("Account", "NoSuchField__c", "x")),
        task("value", WhatId=lookup("Opportunity", "CloseDate", "soon")),
        task("none", WhatId=lookup("Account", "Name", "Nope")),
        win("fine", deal),
    )
    assert [(each.action_id, each.code) for each in preview.blocked] == [
        ("hidden", "object_not_visible"),
        ("field", "lookup_invalid"),
        ("value", "lookup_invalid"),
        ("none", "lookup_not_found"),
    ]
    assert "NoSuchField__c" in preview.blocked[1].message
    assert argument(preview, "good", "WhatId").text == "Globex"


def test_lookups_that_cannot_be_asked_cost_little(app: Actwright) -> None:
    """One bad lookup among many keeps the good ones together."""
    good = [
        task(f"g{place}", Description=lookup("Account", "Name", f"Nobody {place}"))
        for place in range(15)
    ]
    previewed(app, *good)
    before = app.org.api_calls
    previewed(app, *good, task("bad", WhatId=lookup("Account", "NoSuchField__c", "x")))
    assert app.org.api_calls - before <= 5


@pytest.mark.parametrize("given", [value("00Q000000000001EAA"), lookup("Lead", "LastName", "Doe")])
def test_a_hidden_object_is_a_refusal(shared_org: LocalOrg, given: Json) -> None:
    """Carol does not see leads: changing one is refused as a permission, by id and by name."""
    carol = shared_org.as_user("carol")
    entry = blueprint("UPDATE", "Lead", "Id", "Company")
    found, *rest = asked(
        carol, "change 00Q000000000001EAA", action("a", entry, Id=given, Company=value("x"))
    ).blocked
    assert [each.code for each in rest] in ([], ["record_not_found"])
    assert (found.code, found.guardrail, found.object) == ("object_not_visible", "BASELINE", "Lead")
    assert found.hint is not None
    assert "administrator" in found.hint


def test_an_id_cannot_pass_as_text(app: Actwright) -> None:
    """A blueprint that calls a reference text would let an id pass unseen."""
    entry = blueprint("CREATE", "Task", "Subject", "WhatId")
    made = action("a", entry, Subject=value("x"), WhatId=value("001000000000001", "model"))
    assert issue(previewed(app, made), "a") == ("input_type_wrong", "WhatId")


def test_an_account_and_a_contact_in_it_are_made_in_one_call(app: Actwright, admin: Rest) -> None:
    """The contact is linked to the account that the same call creates."""
    made = [
        action("account", "account_create", Name=value("Hooli")),
        action(
            "contact",
            "contact_create",
            LastName=value("Belson"),
            AccountId={"from": "actions.account.output.id"},
        ),
    ]
    preview = previewed(app, *made)
    assert argument(preview, "contact", "AccountId").linked_to == "account"
    assert preview.cost.writes == 2
    before = app.org.api_calls
    assert carried_out(app, *made).success
    assert app.org.api_calls - before <= 6
    found = admin.rows("SELECT Account.Name FROM Contact WHERE LastName = 'Belson'")
    assert found[0]["Account"]["Name"] == "Hooli"


def test_what_waits_for_an_unresolved_action_is_an_issue_beside_its_cause(
    app: Actwright,
) -> None:
    """The account has no name; the contact says that it waits, and the cause is told as well."""
    preview = previewed(
        app,
        action("account", "account_create"),
        action(
            "contact",
            "contact_create",
            LastName=value("Belson"),
            AccountId={"from": "actions.account.output.id"},
        ),
    )
    assert issue(preview, "account") == ("required_missing", "Name")
    assert issue(preview, "contact") == ("dependency_unresolved", "AccountId")


def test_lookups_are_asked_together(shared_org: LocalOrg, admin: Rest) -> None:
    """Twenty names are one query, and the whole preview three calls at most."""
    names = [new_deal(admin) for _ in range(20)]
    app = shared_org.as_user()
    previewed(app, win(name=names[0]))
    preview = previewed(app, *(win(f"a{place}", each) for place, each in enumerate(names)))
    assert preview.blocked == ()
    assert preview.cost.preview_calls <= 3


def test_lookups_asked_together_find_what_they_find_alone(app: Actwright, admin: Rest) -> None:
    """Names in another case and ids of 15 characters are found in company too."""
    ids = [each["Id"] for each in admin.rows("SELECT Id FROM Account LIMIT 2")]
    by_id = [task(f"i{key[:15]}", WhatId=lookup("Account", "Id", key[:15])) for key in ids]
    by_name = [task(f"n{key}", WhatId=lookup("Account", "name", key)) for key in ("ACME", "globex")]
    preview = asked(app, f"call {ids[0]} and {ids[1]}", *by_id, *by_name)
    assert preview.blocked == ()
    found = [each.change("WhatId") for each in preview.effects]
    assert [each.after for each in found[:2] if each] == ids


def test_open_questions_keep_a_plan_from_its_preview(app: Actwright) -> None:
    """The questions are repeated, with the way to answer them; a payload answers them."""
    asked = {
        "id": "task.Subject",
        "actionId": "task",
        "input": "Subject",
        "reason": "missing",
        "text": "What is to be done?",
    }
    plan = plan_of(app, action("task", "task_create"), questions=[asked])
    with pytest.raises(OpenQuestionsError, match="What is to be done") as caught:
        app.preview(plan)
    assert "-d task.Subject=VALUE" in (caught.value.hint or "")
    assert app.preview(plan, payload={"task": {"Subject": "Ring"}}).blocked == ()
