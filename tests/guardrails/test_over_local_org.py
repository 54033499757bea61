"""The verdict over a real local org, with each person's own rights."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date
from typing import Any

from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.guardrail import GuardrailSpec
from actwright.connectors.salesforce.auth import ClientCredentials
from actwright.connectors.salesforce.connect import explaining
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.guardrails.context import EffectContext
from actwright.guardrails.verdict import judge
from actwright.org.effect import Effect, FieldChange
from actwright.org.ports import RecordRead
from actwright.org.query import Condition, RecordQuery
from actwright.testing import LocalOrg

MakeChange = Callable[..., FieldChange]
Login = Callable[[str], SalesforceOrg]


def write(
    org: SalesforceOrg,
    name: str,
    *changes: FieldChange,
    record: str | None = None,
    operation: str = "UPDATE",
    guardrails: tuple[GuardrailSpec, ...] = (),
) -> EffectContext:
    """Return the context of one write, with the record's id, version and access read from the org."""
    found = None
    if record is not None:
        query = RecordQuery(
            object=name, fields=("Id", "Name"), where=(Condition(field="Name", value=record),)
        )
        ((row,),) = org.query([query])
        reads = [RecordRead(name, (row.id,), tuple(each.field for each in changes))]
        found = org.read(reads).get(row.id)
    document: dict[str, Any] = {"name": "Write", "target_s_object": name, "operation": operation}
    if operation != "CREATE":
        document["inputs"] = (ActionInput(api_name="Id", data_type="Id", required=True),)
    effect = {"id": "a1.1", "action_id": "a1", "operation": operation, "object": name}
    return EffectContext(
        action_id="a1",
        blueprint=ActionBlueprint.model_validate({**document, "guardrails": guardrails}),
        guardrails=guardrails,
        effect=Effect.model_validate(
            {**effect, "record_id": found.id if found else None, "record_name": record}
        ).model_copy(update={"changes": changes}),
        schema=org.describe(name),
        snapshot=found,
        inputs={},
        user=org.user,
        today=date(2026, 11, 24),
        prefixes={each.name: each.key_prefix for each in org.objects()},
    )


def test_bob_may_not_edit_the_amount(
    login: Login, shared_org: LocalOrg, make_change: MakeChange
) -> None:
    """The refusal names the field, and who could grant it, from the org's own permissions."""
    context = write(
        login("bob"),
        "Opportunity",
        make_change("Amount", 99000, 120000),
        record="Acme Renewal",
        guardrails=(GuardrailSpec(type="FLS_EDIT", params={"fields": ["Amount"]}),),
    )
    with closing(explaining(shared_org.url, ClientCredentials("admin", "localorg"))) as explainer:
        (issue,) = judge([context], explainer)
    assert (issue.code, issue.field, issue.guardrail) == (
        "field_not_editable",
        "Amount",
        "BASELINE",
    )
    assert "Sales Amount Editor" in (issue.hint or "")
    assert "edit access to Opportunity.Amount" in (issue.hint or "")


def test_alice_may_edit_the_amount(login: Login, make_change: MakeChange) -> None:
    """The same write by someone who may has no issue."""
    change = make_change("Amount", 99000, 120000)
    sharing = GuardrailSpec(type="SHARING_REQUIRED")
    context = write(
        login("alice"), "Opportunity", change, record="Acme Renewal", guardrails=(sharing,)
    )
    assert judge([context]) == ()


def test_dana_only_reads(login: Login, make_change: MakeChange) -> None:
    """Without the object permission it is the object that is named, and the field it would have been."""
    issues = judge(
        [write(login("dana"), "Opportunity", make_change("Amount", 1, 2), record="Acme Renewal")]
    )
    assert "object_not_editable" in {each.code for each in issues}
    assert all("field-level" not in each.message for each in issues)


def test_a_platform_field_is_nobodys(login: Login, make_change: MakeChange) -> None:
    """A field the platform keeps is refused to the administrator too."""
    change = make_change("CreatedDate", "2026-01-01T00:00:00Z")
    issues = judge([write(login("admin"), "Opportunity", change, record="Acme Renewal")])
    assert [(each.code, each.field) for each in issues] == [("field_read_only", "CreatedDate")]


def test_a_create_names_what_is_missing(login: Login, make_change: MakeChange) -> None:
    """The required fields come from the org's own describe, and so do the picklist's values."""
    context = write(login("alice"), "Opportunity", make_change("Amount", 5), operation="CREATE")
    assert [(each.code, each.field) for each in judge([context])] == [
        ("required_missing", "CloseDate"),
        ("required_missing", "Name"),
        ("required_missing", "StageName"),
    ]
