"""The deep preview over a real local org: its rules speak before anybody confirms, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

import pytest
from tests.scenario import API, Rest, action, blueprint, lookup, plan_of, value

from actwright import Actwright, Preview
from actwright.canonical import Json
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.errors import OrgProtocolError
from actwright.testing import LocalOrg

pytestmark = pytest.mark.xdist_group("deep")

WATCHED = ("Account", "Contact", "Opportunity", "Task", "Case")


@pytest.fixture
def kept(app: Actwright, admin: Rest) -> Iterator[Actwright]:
    """Give Alice's Actwright, and hold the org to what it held before."""

    def state() -> list[Any]:
        return [
            admin.rows(f"SELECT Id, SystemModstamp FROM {each} ORDER BY Id") for each in WATCHED
        ]

    before = state()
    yield app
    assert state() == before


def _deep(app: Actwright, *actions: Mapping[str, Any], allow_duplicates: bool = False) -> Preview:
    said = [str(each["Email"]["value"]) for one in actions if "Email" in (each := one["arguments"])]
    plan = plan_of(app, *actions, goal=" ".join(["whatever was asked for", *said]))
    return app.preview(plan, deep=True, allow_duplicates=allow_duplicates)


def _codes(preview: Preview, *prefixes: str) -> list[tuple[str, str | None, str | None, str]]:
    wanted = prefixes or ("org_", "duplicate_", "picklist_", "record_type_", "lookup_")
    return [
        (each.code, each.action_id, each.field, each.severity)
        for each in preview.issues
        if each.code.startswith(wanted)
    ]


def _amount(to: Json, key: str = "a1", name: str = "Acme Renewal") -> dict[str, Json]:
    entry = blueprint("UPDATE", "Opportunity", "Id", {"apiName": "Amount", "dataType": "Currency"})
    return action(key, entry, Id=lookup("Opportunity", "Name", name), Amount=value(to))


def _contact(email: str, key: str = "a1") -> dict[str, Json]:
    entry = blueprint("CREATE", "Contact", "LastName", "Email")
    return action(key, entry, LastName=value("Twin"), Email=value(email))


def test_a_validation_rule_speaks_before_the_confirmation(kept: Actwright) -> None:
    """The rule's own words are an error of the action; the same plan without the deep check has none."""
    preview = _deep(kept, _amount(20_000_000))
    (issue,) = (each for each in preview.issues if each.code == "org_would_refuse")
    assert (issue.action_id, issue.field, issue.severity) == ("a1", "Amount", "error")
    assert "deal desk" in issue.message
    assert preview.blocked
    assert preview.deep is not None
    assert preview.deep.complete
    assert not kept.preview(plan_of(kept, _amount(20_000_000))).blocked


def test_what_the_org_accepts_is_complete_and_free_of_issues(kept: Actwright) -> None:
    """A plan the org would carry out has no issue more, and the check says what it may have left behind."""
    preview = _deep(kept, _amount(77_000), _contact(f"{uuid4().hex}@new.example", "a2"))
    assert not preview.blocked
    assert preview.deep is not None
    assert (preview.deep.complete, preview.deep.rounds) == (True, 1)
    assert any("mails" in each for each in preview.deep.said)


def test_a_duplicate_rule_shows_the_record_it_matched(kept: Actwright, admin: Rest) -> None:
    """The twin is an error with the record found; a person who allows duplicates gets past the rule."""
    (found,) = admin.rows("SELECT Id, Name, Email FROM Contact WHERE Email != null LIMIT 1")
    preview = _deep(kept, _contact(found["Email"]))
    (issue,) = (each for each in preview.issues if each.code == "duplicate_found")
    (match,) = issue.duplicates
    assert (match.record_id, match.name) == (found["Id"], found["Name"])
    assert "--allow-duplicates" in (issue.hint or "")
    assert not _deep(kept, _contact(found["Email"]), allow_duplicates=True).blocked


def test_several_refusals_are_told_in_rounds(kept: Actwright, admin: Rest) -> None:
    """One call tells of one refusal; the rest is tried again without it, so that both are shown."""
    (found,) = admin.rows("SELECT Id, Email FROM Contact WHERE Email != null LIMIT 1")
    preview = _deep(kept, _amount(20_000_000), _contact(found["Email"], "a2"))
    assert _codes(preview, "org_", "duplicate_") == [
        ("org_would_refuse", "a1", "Amount", "error"),
        ("duplicate_found", "a2", None, "error"),
    ]
    assert preview.deep is not None
    assert preview.deep.rounds == 2


def test_what_is_refused_here_is_not_sent_there(kept: Actwright) -> None:
    """A plan with errors of its own is not rehearsed."""
    bad = action("a1", blueprint("CREATE", "Contact", "Email"), Email=value("x@y.example"))
    preview = _deep(kept, bad)
    assert preview.blocked
    assert preview.deep is not None
    assert (preview.deep.complete, preview.deep.api_calls) == (False, 0)


def test_an_answer_lost_after_the_try_is_an_alarm_and_nothing_was_written(
    kept: Actwright, admin: Rest
) -> None:
    """The org had done its work when the line went dead: the error names the record, and the record is as it was."""
    (group,) = kept.preview(plan_of(kept, _amount(88_000))).groups
    assert isinstance(kept.org, SalesforceOrg)
    admin.fault(drop=True, after="commit")
    with pytest.raises(OrgProtocolError, match="update of Opportunity Acme Renewal"):
        kept.org.rehearse(group)


def _case(admin: Rest, **values: object) -> str:
    made = admin.call("POST", "/sobjects/Case", {"Subject": uuid4().hex, **values})
    return str(made["id"])


def _case_update(case: str, **values: Json) -> dict[str, Json]:
    entry = blueprint("UPDATE", "Case", "Id", *values)
    given = {name: value(each) for name, each in values.items()}
    return action("a1", entry, Id=value(case, "data"), **given)


def _previewed(app: Actwright, case: str, **values: Json) -> Preview:
    return app.preview(plan_of(app, _case_update(case, **values), data={"case": case}))


def test_the_standing_record_type_and_controlling_value_are_read_and_count(
    shared_org: LocalOrg, admin: Rest
) -> None:
    """Guardrails see the record's own type and controlling value, and refuse what the org would refuse."""
    agent = shared_org.as_user("admin")
    kinds = {each.developer_name: each.id for each in agent.org.describe("Case").own_record_types}
    feature = _case(admin, RecordTypeId=kinds["Feature_Request"], Component__c="Reports")
    support = _case(admin, RecordTypeId=kinds["Support"], Component__c="Portal")
    plain = _case(admin, RecordTypeId=None, Component__c="Portal")
    narrowed = [("picklist_value_not_for_record_type", "a1", "Component__c", "error")]
    misfit = [("picklist_value_not_for_controller", "a1", "Symptom__c", "error")]
    assert _codes(_previewed(agent, feature, Component__c="Portal")) == narrowed
    assert _codes(_previewed(agent, support, Component__c="Portal")) == []
    assert _codes(_previewed(agent, support, Symptom__c="Locked out")) == []
    assert _codes(_previewed(agent, support, Symptom__c="No data")) == misfit
    assert _codes(_previewed(agent, plain, Symptom__c="No data")) == misfit
    written = _previewed(agent, support, Component__c="Integrations", Symptom__c="No data")
    assert _codes(written) == []


def test_what_the_baseline_says_of_types_is_what_the_org_says(
    shared_org: LocalOrg, admin: Rest
) -> None:
    """Every component and symptom over every record type: error here exactly where the org refuses."""
    agent = shared_org.as_user("admin")
    schema = agent.org.describe("Case")
    for kind in schema.own_record_types:
        case = _case(admin, RecordTypeId=kind.id, Component__c="Reports")
        for component in ("Portal", "Reports"):
            for symptom in ("Locked out", "Wrong figures"):
                values: dict[str, Json] = {"Component__c": component, "Symptom__c": symptom}
                here = bool(_previewed(agent, case, **values).blocked)
                assert here == _refused(admin, case, values), (kind.name, values)


def _refused(admin: Rest, case: str, values: Mapping[str, Json]) -> bool:
    never = {"method": "GET", "url": f"{API}/sobjects/Case/500000000000000", "referenceId": "r"}
    change = {"method": "PATCH", "url": f"{API}/sobjects/Case/{case}", "referenceId": "c"}
    body = {"allOrNone": True, "compositeRequest": [{**change, "body": dict(values)}, never]}
    first, _ = admin.call("POST", "/composite", body)["compositeResponse"]
    return bool(first["body"][0]["errorCode"] != "PROCESSING_HALTED")


def test_a_filtered_lookup_is_named_and_the_org_speaks_for_itself(
    shared_org: LocalOrg, admin: Rest
) -> None:
    """Without the deep check it is a warning; with it, the org's own filter refuses."""
    agent = shared_org.as_user("admin")
    ended = admin.call("POST", "/sobjects/Campaign", {"Name": uuid4().hex, "IsActive": False})["id"]
    entry = blueprint("UPDATE", "Opportunity", "Id", {"apiName": "CampaignId", "dataType": "Id"})
    join = action("a1", entry, Id=lookup("Opportunity", "Name", "Acme Renewal"), CampaignId=value(ended, "data"))  # fmt: skip
    plan = plan_of(agent, join, data={"campaign": ended})
    warned = [("lookup_filter_unchecked", "a1", "CampaignId", "warning")]
    assert _codes(agent.preview(plan)) == warned
    refused = [("org_would_refuse", "a1", "CampaignId", "error")]
    assert _codes(agent.preview(plan, deep=True)) == refused
