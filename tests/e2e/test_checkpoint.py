"""The checkpoint people want, end to end: many records in one transaction, a deep preview, and the way back."""

from __future__ import annotations

import pytest
from tests.scenario import Rest, sign_in

from actwright import Actwright, Preview
from actwright.errors import RefusedError
from actwright.testing import LocalOrg

CONTOSO = "Close every Contoso opportunity older than 90 days as lost"


@pytest.fixture(scope="module")
def admin(shared_org: LocalOrg) -> Rest:
    """Give the administrator's own view of the org."""
    return sign_in(shared_org.url)


@pytest.fixture
def app(shared_org: LocalOrg) -> Actwright:
    """Give Alice's Actwright."""
    return shared_org.as_user()


def _stages(admin: Rest) -> dict[str, str]:
    rows = admin.rows("SELECT Name, StageName FROM Opportunity WHERE Account.Name = 'Contoso'")
    return {each["Name"]: each["StageName"] for each in rows}


def _previewed(app: Actwright, goal: str, *, deep: bool = False) -> Preview:
    outcome = app.plan(goal)
    assert outcome.plan is not None, outcome
    return app.preview(outcome.plan, deep=deep)


def test_contoso_is_closed_in_one_transaction_and_taken_back(app: Actwright, admin: Rest) -> None:
    """The rows are previewed, changed all together, and each gets its own old stage back."""
    before = _stages(admin)
    preview = _previewed(app, CONTOSO)
    (bound,) = preview.rows
    assert (bound.found, len(preview.groups), preview.groups[0].atomic) == (7, 1, True)
    envelope = app.run(preview, app.confirm(preview, approver="Alice Archer"))
    assert envelope.success, envelope.errors
    after = _stages(admin)
    moved = {name for name in after if after[name] != before[name]}
    assert len(moved) == 7
    assert {after[name] for name in moved} == {"Closed Lost"}
    back = app.preview(app.undo(str(envelope.run_id)), allow_delete=True)
    assert app.run(back, app.confirm(back, approver="Alice Archer")).success
    assert _stages(admin) == before


def test_a_validation_rule_speaks_before_anybody_confirms(app: Actwright, admin: Rest) -> None:
    """The rule's own message is an issue of the action, nothing was written, and nobody can say yes."""
    preview = _previewed(app, "Change the amount of Acme Renewal to 20000000", deep=True)
    (issue,) = preview.blocked
    assert issue.code == "org_would_refuse"
    assert "10,000,000" in issue.message
    assert admin.field("Opportunity", "Acme Renewal", "Amount") == 120_000
    with pytest.raises(RefusedError):
        app.confirm(preview, approver="Alice Archer")


def test_a_duplicate_is_shown_with_its_record(app: Actwright, admin: Rest) -> None:
    """A rule that merely warns stops the plan until somebody means it; the other record is named."""
    contacts = admin.count("Contact")
    known = admin.rows("SELECT Id, Email FROM Contact WHERE Email != null LIMIT 1")[0]
    outcome = app.plan(f"create a contact Jane Roe at Contoso with email {known['Email']}")
    assert outcome.plan is not None, outcome
    preview = app.preview(outcome.plan, deep=True)
    (issue,) = preview.blocked
    assert issue.code == "duplicate_found"
    assert [each.record_id for each in issue.duplicates] == [known["Id"]]
    assert admin.count("Contact") == contacts
    meant = app.preview(outcome.plan, deep=True, allow_duplicates=True)
    assert meant.blocked == ()
    assert "duplicate" in meant.question.lower()
    assert app.run(meant, app.confirm(meant, approver="Alice Archer")).success
    assert admin.count("Contact") == contacts + 1
