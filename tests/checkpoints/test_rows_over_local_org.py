"""Rows over a real org: the Contoso deals of the demo, bound in few calls."""

from __future__ import annotations

import pytest
from tests.scenario import Rest, action, blueprint, lookup, plan_of, value

from actwright import Actwright, Preview
from actwright.canonical import Json

CONTOSO = "Account.Name = 'Contoso' AND IsClosed = false"


@pytest.fixture
def stage() -> Json:
    """Give the blueprint that sets a deal's stage."""
    return blueprint(
        "UPDATE", "Opportunity", "Id", {"apiName": "StageName", "dataType": "Picklist"}
    )


def previewed_rows(app: Actwright, planned: dict[str, Json], limit: int = 1_000) -> Preview:
    """Return the preview of an action over Contoso's open deals."""
    where: Json = [
        {"field": "Account.Name", "value": "Contoso"},
        {"field": "IsClosed", "value": False},
    ]
    rows: Json = {"object": "Opportunity", "where": where, "limit": limit}
    return app.preview(plan_of(app, planned | {"forEach": rows}))


def test_the_rows_are_those_the_org_has(app: Actwright, admin: Rest, stage: Json) -> None:
    """Ids, names and standing values are the org's own, in two calls once its schema is known."""
    lost = action("a", stage, StageName=value("Closed Lost"))
    previewed_rows(app, lost)
    preview = previewed_rows(app, lost)
    standing = admin.rows(
        f"SELECT Id, Name, StageName FROM Opportunity WHERE {CONTOSO} ORDER BY Id"
    )
    assert len(standing) > 5
    assert [
        (each.record_id, each.record_name, each.changes[0].before) for each in preview.effects
    ] == [(each["Id"], each["Name"], each["StageName"]) for each in standing]
    assert preview.blocked == ()
    assert preview.cost.preview_calls == 2
    assert preview.question.startswith(f"Change {len(standing)} Opportunities (of Contoso, open): ")


def test_rows_that_get_a_looked_up_owner_take_three_calls(app: Actwright) -> None:
    """Rows and lookup together, the records, and the names of old and new owners."""
    entry = blueprint(
        "UPDATE", "Opportunity", "Id", {"apiName": "OwnerId", "dataType": "Reference"}
    )
    moved = action("a", entry, OwnerId=lookup("User", "Alias", "bob"))
    previewed_rows(app, moved)
    preview = previewed_rows(app, moved)
    assert preview.cost.preview_calls == 3
    assert "Bob" in preview.question


def test_too_many_rows_are_counted_by_the_org(app: Actwright, admin: Rest, stage: Json) -> None:
    """Both numbers stand in the refusal."""
    total = len(admin.rows(f"SELECT Id FROM Opportunity WHERE {CONTOSO}"))
    preview = previewed_rows(app, action("a", stage, StageName=value("Closed Lost")), limit=2)
    (issue,) = preview.blocked
    assert issue.code == "too_many_rows"
    assert f"{total} Opportunities match, and the action takes at most 2" in issue.message
