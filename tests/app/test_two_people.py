"""A policy that asks for two people, from its file to the record of the run: by their keys, or under a grant."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.scenario import action, blueprint, lookup, new_deal, plan_of, sign_in, value

from actwright import Actwright, Preview
from actwright.errors import ConfirmationMissingError, GrantExceededError
from actwright.testing import LocalOrg

_SALES = Path(__file__).parents[2] / "examples" / "policies" / "sales.yaml"
_MONEY = {"apiName": "Amount", "dataType": "Currency"}


def big_deal(app: Actwright, name: str) -> Preview:
    """Return the preview of winning a deal that is large enough for the policy to ask for two."""
    given = {
        "Id": lookup("Opportunity", "Name", name),
        "StageName": value("Closed Won", "data"),
        "Amount": value(120000, "data"),
    }
    entry = blueprint("UPDATE", "Opportunity", "Id", "StageName", _MONEY)
    data = {"stage": "Closed Won", "amount": 120000}
    return app.preview(plan_of(app, action("win", entry, **given), data=data))


def test_two_people_or_a_grant_of_theirs(shared_org: LocalOrg) -> None:
    """One is told who is missing; with both it runs; a grant needs the keys of both as well."""
    app, admin = shared_org.as_user(settings={"policy": _SALES}), sign_in(shared_org.url)
    keys = [app.approvers.add(each, by="root")[1] for each in ("Ann", "Bo")]
    first = big_deal(app, new_deal(admin))
    with pytest.raises(ConfirmationMissingError, match="needs the keys of 2 people"):
        app.confirm(first, approver="Alice Archer")
    early = app.run(first, app.confirm(first, key=keys[0]))
    assert (early.run_id, early.stopped_by) == (None, "confirmation_missing")
    done = app.run(first, app.confirm(first, key=keys[1]))
    assert done.success, done.errors
    signed = app.events(done.run_id or "")[0].data["signatures"]
    assert [each["approver"] for each in signed] == ["Ann", "Bo"]

    second = big_deal(app, new_deal(admin))
    grant = app.make_grant(app.propose_grant(second, approver="Ann"), key=keys[0])
    assert {name: int(most) for name, most in grant.ceilings.amounts.items()} == {
        "Opportunity.Amount": 120000
    }
    with pytest.raises(GrantExceededError, match="what 1 signed: Ann"):
        app.confirm_by_grant(second, grant.id)
    app.sign_grant(grant.id, key=keys[1])
    assert app.run(second, app.confirm_by_grant(second, grant.id)).success
