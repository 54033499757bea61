"""One org's Opportunity as a sales person sees it, and a factory of contexts over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.guardrail import GuardrailSpec
from actwright.guardrails.context import EffectContext
from actwright.guardrails.registry import clear_guardrails
from actwright.org.effect import Effect, FieldChange
from actwright.org.identity import RunningUser
from actwright.org.ports import RecordSnapshot
from actwright.org.schema import FieldSchema, ObjectSchema, PicklistValue

OPPORTUNITY = "006000000000001AAA"
ACCOUNT = "001000000000001AAA"
USER = "005000000000001AAA"


def _field(name: str, type_: str = "string", **flags: Any) -> FieldSchema:
    given: dict[str, Any] = {"label": name, "createable": True, "updateable": True}
    return FieldSchema(name=name, type=type_, **given | flags)


def _values(*names: str) -> tuple[PicklistValue, ...]:
    return tuple(PicklistValue(each, each, active=each != "Retired") for each in names)


_LOCKED = {"createable": False, "updateable": False}
_FIELDS = (
    _field("Id", "id", length=18, nillable=False, permissionable=False, **_LOCKED),
    _field("Name", length=20, nillable=False, permissionable=False, name_field=True),
    _field(
        "StageName",
        "picklist",
        label="Stage",
        nillable=False,
        permissionable=False,
        length=255,
        picklist_values=_values("Prospecting", "Closed Won"),
    ),
    _field("CloseDate", "date", label="Close Date", nillable=False, permissionable=False),
    _field("Amount", "currency", precision=18, scale=2),
    _field("Discount__c", "double", label="Discount", precision=5, scale=2),
    _field("Seats__c", "int", label="Seats"),
    _field(
        "Type",
        "picklist",
        restricted_picklist=True,
        length=255,
        picklist_values=_values("New Business", "Renewal", "Retired"),
    ),
    _field(
        "Tags__c",
        "multipicklist",
        label="Tags",
        restricted_picklist=True,
        length=4099,
        picklist_values=_values("red", "green", "blue"),
    ),
    _field("IsPrivate", "boolean", label="Private", nillable=False, defaulted_on_create=True),
    _field("Contact__c", "email", label="Contact", length=80),
    _field("Meeting__c", "datetime", label="Meeting"),
    _field("Starts__c", "time", label="Starts"),
    _field("Description", "textarea", length=32000),
    _field("Key__c", label="Key", length=30, external_id=True, unique=True),
    _field("AccountId", "reference", label="Account", length=18, reference_to=("Account",)),
    _field("OwnerId", "reference", label="Owner", length=18, reference_to=("User", "Group")),
    _field("Margin__c", "currency", label="Margin", precision=18, scale=2, **_LOCKED),
    _field("CreatedDate", "datetime", label="Created Date", permissionable=False, **_LOCKED),
    _field("Forecast__c", "currency", label="Forecast", calculated=True, **_LOCKED),
    _field("Source__c", label="Source", updateable=False),
)


@pytest.fixture
def opportunity() -> ObjectSchema:
    """Return the object: Margin__c is read-only by field-level security, CreatedDate by the platform."""
    return ObjectSchema(
        name="Opportunity",
        label="Opportunity",
        label_plural="Opportunities",
        key_prefix="006",
        fields=_FIELDS,
        createable=True,
        updateable=True,
        deletable=True,
    )


@pytest.fixture
def read_only(opportunity: ObjectSchema) -> ObjectSchema:
    """Return the object as describe shows it to someone without create, edit and delete permission."""
    fields = tuple(replace(each, createable=False, updateable=False) for each in _FIELDS)
    return replace(opportunity, fields=fields, createable=False, updateable=False, deletable=False)


@pytest.fixture
def snapshot() -> RecordSnapshot:
    """Return the record Acme Renewal, open to the person."""
    return RecordSnapshot(
        object="Opportunity",
        id=OPPORTUNITY,
        version="2026-11-01T00:00:00Z",
        name="Acme Renewal",
        values={},
        editable=True,
        deletable=True,
    )


@pytest.fixture
def make_change(opportunity: ObjectSchema) -> Callable[..., FieldChange]:
    """Return a factory of changes whose family is the field's own, unless told.

    ``after`` goes in unchecked, as a careless override may copy a change.
    """

    def make(field: str, after: Any = None, before: Any = None, **more: Any) -> FieldChange:
        known = opportunity.field(field)
        family = more.pop("family", known.family if known else "string")
        more = {"provenance": "goal", "label": known.label if known else field} | more
        change = FieldChange(field=field, before=before, family=family, **more)
        return change.model_copy(update={"after": after})

    return make


@pytest.fixture
def make_context(
    opportunity: ObjectSchema, snapshot: RecordSnapshot
) -> Callable[..., EffectContext]:
    """Return a factory of contexts: an update of Acme Renewal by bob, unless told."""

    def make(
        *changes: FieldChange,
        operation: str = "UPDATE",
        guardrails: tuple[GuardrailSpec, ...] = (),
        plan_guardrails: tuple[GuardrailSpec, ...] = (),
        inputs: tuple[ActionInput, ...] = (),
        key_fields: tuple[str, ...] = (),
        effect: dict[str, Any] | None = None,
        **more: Any,
    ) -> EffectContext:
        creates = operation == "CREATE"
        action_id = more.pop("action_id", "a1")
        named = ActionInput(api_name="Id", data_type="Id", required=True)
        key = ActionInput(api_name="Key__c", required=True)
        known = {"CREATE": (), "UPSERT": (key,)}.get(operation, (named,))
        blueprint = ActionBlueprint(
            name="Test",
            target_s_object="Opportunity",
            operation=operation,
            inputs=(*known, *inputs),
            key_fields=key_fields or (("Key__c",) if operation == "UPSERT" else ()),
            guardrails=guardrails,
        )
        target = {
            "id": f"{action_id}.1",
            "action_id": action_id,
            "operation": operation,
            "object": "Opportunity",
            "record_id": None if creates else OPPORTUNITY,
            "record_name": None if creates else "Acme Renewal",
        }
        settings: dict[str, Any] = {
            "schema": opportunity,
            "snapshot": None if creates else snapshot,
            "inputs": {},
            "user": RunningUser(id=USER, username="bob", zone="America/Chicago"),
            "today": date(2026, 11, 24),
            "prefixes": {"Opportunity": "006", "Account": "001", "User": "005", "Group": "00G"},
            "references": {ACCOUNT: "Acme", USER: "Bob"},
        }
        return EffectContext(
            action_id=action_id,
            blueprint=blueprint,
            guardrails=(*guardrails, *plan_guardrails),
            effect=Effect.model_validate(target | (effect or {})).model_copy(
                update={"changes": changes}
            ),
            **settings | more,
        )

    return make


@pytest.fixture(autouse=True)
def _only_built_in_guardrails() -> Iterator[None]:
    """Forget what a test registered."""
    yield
    clear_guardrails()
