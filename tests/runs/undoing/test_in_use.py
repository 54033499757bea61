"""New records that others point to by a plain lookup: undo leaves them, and names what points to them."""

from __future__ import annotations

from itertools import count

import pytest
from tests.scenario import Rest, action, blueprint, carried_out, lookup, value

from actwright import Actwright
from actwright.canonical import Json
from actwright.errors import RefusedError

_NUMBERS = count(1)
_PARENT: dict[str, Json] = {"apiName": "ParentId", "dataType": "Reference"}


@pytest.fixture
def name() -> str:
    """Give a name no other account has."""
    return f"Used {next(_NUMBERS)} Ltd"


def _run(app: Actwright, *actions: dict[str, Json]) -> str:
    done = carried_out(app, *actions)
    assert done.success, done.errors
    return str(done.run_id)


def _new(name: str, key: str = "acc", **more: Json) -> dict[str, Json]:
    return action(key, "account_create", Name=value(name), **more)


def _id(admin: Rest, name: str) -> str:
    return str(admin.rows(f"SELECT Id FROM Account WHERE Name = '{name}'")[0]["Id"])


def _add(admin: Rest, name: str, parent: str) -> None:
    admin.call("POST", "/sobjects/Account", {"Name": name, "ParentId": parent})


def test_what_others_point_to_by_a_lookup_is_left_and_they_are_named(
    app: Actwright, admin: Rest, name: str
) -> None:
    """The org would empty their lookups, or refuse; how many there are of each kind is said, and what helps."""
    run = _run(app, _new(name))
    parent = _id(admin, name)
    _add(admin, f"{name} North", parent)
    _add(admin, f"{name} South", parent)
    admin.call("POST", "/sobjects/Case", {"Subject": "Late", "AccountId": parent})
    with pytest.raises(RefusedError) as caught:
        app.undo(run)
    assert f'"{name}" is in use by now: ' in caught.value.message
    assert "2 Accounts" in caught.value.message
    assert "1 Case" in caught.value.message
    assert "of others point to it." in caught.value.message
    assert "--also-moved" in (caught.value.hint or "")


def test_a_task_of_others_on_it_keeps_a_new_record(app: Actwright, admin: Rest, name: str) -> None:
    """Also by a lookup of many kinds, and also where the org would delete the task with the record."""
    run = _run(app, _new(name))
    late = {"Subject": "Late", "WhatId": _id(admin, name), "OwnerId": app.org.user.id}
    admin.call("POST", "/sobjects/Task", late)
    with pytest.raises(RefusedError, match="with it would go 1 Task, not all"):
        app.undo(run)


def test_a_person_can_have_it_deleted_all_the_same(app: Actwright, admin: Rest, name: str) -> None:
    """The plan warns of what points to it; carried out, the org empties the lookup."""
    run = _run(app, _new(name))
    _add(admin, f"{name} North", _id(admin, name))
    plan = app.undo(run, also_moved=True)
    (warning,) = [each for each in plan.assumptions if each.startswith("Warning: ")]
    assert warning.endswith(
        "is in use by now: 1 Account of others points to it. It is deleted all the same."
    )
    preview = app.preview(plan, allow_delete=True)
    assert app.run(preview, app.confirm(preview, approver="Alice Archer")).success
    assert admin.field("Account", f"{name} North", "ParentId") is None


def test_what_the_run_itself_made_or_led_there_is_no_reason(
    app: Actwright, admin: Rest, name: str
) -> None:
    """A new record that points to it goes before it; one that was led to it is led back before it."""
    admin.call("POST", "/sobjects/Account", {"Name": f"{name} Old", "OwnerId": app.org.user.id})
    entry = blueprint("UPDATE", "Account", "Id", _PARENT)
    to: Json = {"from": "actions.acc.output.id"}
    old = lookup("Account", "Name", f"{name} Old")
    run = _run(app, _new(name), action("mv", entry, Id=old, ParentId=to))
    plan = app.undo(run)
    assert [each.blueprint.operation for each in plan.actions] == ["UPDATE", "DELETE"]
    assert not any("in use" in each for each in plan.assumptions)


def test_a_lookup_others_set_on_a_record_of_the_run_keeps_what_it_points_to(
    app: Actwright, admin: Rest, name: str
) -> None:
    """The one that was led there since is left as changed, so that the other one is still pointed to."""
    run = _run(app, _new(name), _new(f"{name} Two", "two"))
    admin.change("Account", f"{name} Two", ParentId=_id(admin, name))
    with pytest.raises(RefusedError) as caught:
        app.undo(run)
    assert f'"{name} Two" was changed since' in caught.value.message
    assert f'"{name}" is kept: what is left as it is still points to it.' in caught.value.message


def test_what_is_led_there_behind_the_plan_of_the_undo_is_shown_and_held_to(
    app: Actwright, admin: Rest, name: str
) -> None:
    """Behind the plan, the preview asks about it; behind the yes, the last look stops the undo and nothing goes."""
    run = _run(app, _new(name))
    plan, parent = app.undo(run), _id(admin, name)
    before = app.preview(plan, allow_delete=True)
    assert (before.effects[0].in_use, "though" in before.question) == (None, False)
    _add(admin, f"{name} North", parent)
    envelope = app.run(before, app.confirm(before, approver="Alice Archer"))
    assert (envelope.stopped_by, envelope.effects_done) == ("drift", 0)
    assert "and now 1 Account of others points to it." in envelope.errors[0]
    asked = app.preview(plan, allow_delete=True)
    assert "though 1 Account of others points to it" in asked.question
    assert asked.digest != before.digest
    done = app.run(asked, app.confirm(asked, approver="Alice Archer"))
    assert done.success, done.errors
    assert admin.field("Account", f"{name} North", "ParentId") is None
