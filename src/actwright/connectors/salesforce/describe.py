"""Describe JSON in, the house's schema types out."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence

from actwright.connectors.salesforce.answer import OrgJson, mapping, rows, text, unreadable
from actwright.org.schema import (
    ChildLink,
    FieldSchema,
    ObjectSchema,
    ObjectSummary,
    PicklistValue,
    RecordType,
)

_COMPOUND = frozenset({"address", "location", "complexvalue"})
_AUDIT = frozenset({"CreatedById", "LastModifiedById"})
"""Fields by which everything points to people; left out, since they are most of what a user's describe holds."""


def is_compound(field: FieldSchema) -> bool:
    """Tell whether a field is made of others and holds no scalar, such as ``BillingAddress``."""
    return field.type in _COMPOUND


def object_schema(document: OrgJson) -> ObjectSchema:
    """Return the schema in an object's describe.

    Raises:
        OrgProtocolError: The document is no describe.
    """
    body = mapping(document, "describe")
    described = rows(body.get("fields"), "describe.fields")
    controllers = {text(each.get("name"), "describe.fields.name"): each for each in described}
    return ObjectSchema(
        name=text(body.get("name"), "describe.name"),
        label=_words(body, "label"),
        label_plural=_words(body, "labelPlural"),
        key_prefix=_words(body, "keyPrefix"),
        fields=tuple(_field(each, controllers) for each in described),
        createable=_flag(body, "createable"),
        updateable=_flag(body, "updateable"),
        deletable=_flag(body, "deletable"),
        queryable=_flag(body, "queryable"),
        custom=_flag(body, "custom"),
        custom_setting=_flag(body, "customSetting"),
        record_types=tuple(_record_types(body)),
        cascades=tuple(_child_links(body, cascading=True)),
        lookups=tuple(
            each for each in _child_links(body, cascading=False) if each.field not in _AUDIT
        ),
    )


def object_summaries(document: OrgJson) -> tuple[ObjectSummary, ...]:
    """Return the objects in a global describe.

    Raises:
        OrgProtocolError: The document is no global describe.
    """
    body = mapping(document, "sobjects")
    return tuple(_summary(each) for each in rows(body.get("sobjects"), "sobjects"))


def _record_types(body: Mapping[str, OrgJson]) -> Iterator[RecordType]:
    """Yield the record types the person may see; one that is switched off is available to nobody.

    Some objects have no record types and still list one, without an id.
    """
    for each in rows(_list(body, "recordTypeInfos"), "describe.recordTypeInfos"):
        if each.get("recordTypeId") is None:
            continue
        yield RecordType(
            id=text(each["recordTypeId"], "describe.recordTypeInfos.recordTypeId"),
            name=_words(each, "name"),
            developer_name=_words(each, "developerName"),
            available=_flag(each, "available") and each.get("active") is not False,
            default=_flag(each, "defaultRecordTypeMapping"),
            master=_flag(each, "master"),
        )


def _child_links(body: Mapping[str, OrgJson], *, cascading: bool) -> Iterator[ChildLink]:
    """Yield the named child relationships whose records are deleted with their parent, or those that are not."""
    for each in rows(_list(body, "childRelationships"), "describe.childRelationships"):
        child, field = each.get("childSObject"), each.get("field")
        named = isinstance(child, str) and isinstance(field, str) and child and field
        if named and _flag(each, "cascadeDelete") == cascading:
            yield ChildLink(str(child), str(field))


def _summary(body: Mapping[str, OrgJson]) -> ObjectSummary:
    return ObjectSummary(
        name=text(body.get("name"), "sobjects.name"),
        label=_words(body, "label"),
        label_plural=_words(body, "labelPlural"),
        key_prefix=_words(body, "keyPrefix"),
        createable=_flag(body, "createable"),
        updateable=_flag(body, "updateable"),
        deletable=_flag(body, "deletable"),
        queryable=_flag(body, "queryable"),
        custom=_flag(body, "custom"),
    )


def _field(
    body: Mapping[str, OrgJson], controllers: Mapping[str, Mapping[str, OrgJson]]
) -> FieldSchema:
    controller = body.get("controllerName")
    governing = controllers.get(controller) if isinstance(controller, str) else None
    return FieldSchema(
        name=text(body.get("name"), "describe.fields.name"),
        label=_words(body, "label"),
        type=text(body.get("type"), "describe.fields.type"),
        length=_count(body, "length"),
        precision=_count(body, "precision"),
        scale=_count(body, "scale"),
        nillable=_flag(body, "nillable"),
        createable=_flag(body, "createable"),
        updateable=_flag(body, "updateable"),
        defaulted_on_create=_flag(body, "defaultedOnCreate"),
        restricted_picklist=_flag(body, "restrictedPicklist"),
        picklist_values=_picklist(body, governing),
        controller_name=controller if isinstance(controller, str) else None,
        reference_to=tuple(
            text(each, "describe.fields.referenceTo") for each in _list(body, "referenceTo")
        ),
        relationship_name=_words(body, "relationshipName") or None,
        name_field=_flag(body, "nameField"),
        calculated=_flag(body, "calculated"),
        auto_number=_flag(body, "autoNumber"),
        unique=_flag(body, "unique"),
        external_id=_flag(body, "externalId"),
        id_lookup=_flag(body, "idLookup"),
        filterable=_flag(body, "filterable"),
        permissionable=_flag(body, "permissionable"),
        custom=_flag(body, "custom"),
        filtered_lookup=_filtered(body),
    )


def _filtered(body: Mapping[str, OrgJson]) -> bool:
    """Tell whether the org refuses records its lookup filter leaves out; an optional filter only hides them."""
    found = body.get("filteredLookupInfo")
    return isinstance(found, dict) and not _flag(found, "optionalFilter")


def _picklist(
    body: Mapping[str, OrgJson], governing: Mapping[str, OrgJson] | None
) -> tuple[PicklistValue, ...]:
    entries = rows(_list(body, "picklistValues"), "describe.fields.picklistValues")
    choices = None if governing is None else _controlling_values(governing)
    return tuple(_choice(each, choices) for each in entries)


def _choice(body: Mapping[str, OrgJson], choices: Sequence[str] | None) -> PicklistValue:
    value = text(body.get("value"), "describe.fields.picklistValues.value")
    return PicklistValue(
        value=value,
        label=_words(body, "label") or value,
        active=_flag(body, "active"),
        default=_flag(body, "defaultValue"),
        valid_for=None if choices is None else _valid_for(body.get("validFor"), choices),
    )


def _controlling_values(governing: Mapping[str, OrgJson]) -> Sequence[str]:
    """Return what the bits of ``validFor`` stand for: a checkbox's two states, or a picklist's values."""
    if governing.get("type") == "boolean":
        return ("false", "true")
    entries = rows(_list(governing, "picklistValues"), "describe.fields.picklistValues")
    return [text(each.get("value"), "describe.fields.picklistValues.value") for each in entries]


def _valid_for(bitmap: OrgJson, choices: Sequence[str]) -> tuple[str, ...]:
    """Read the base64 bitmap: bit n, from the left, says whether the value goes with the n-th controlling value."""
    try:
        bits = base64.b64decode(bitmap, validate=True) if isinstance(bitmap, str) else b""
    except binascii.Error as error:
        raise unreadable("describe.fields.picklistValues.validFor") from error
    return tuple(
        value
        for place, value in enumerate(choices)
        if place // 8 < len(bits) and bits[place // 8] & (0x80 >> place % 8)
    )


def _words(body: Mapping[str, OrgJson], key: str) -> str:
    value = body.get(key)
    return "" if value is None else text(value, f"describe.{key}")


def _flag(body: Mapping[str, OrgJson], key: str) -> bool:
    return body.get(key) is True


def _count(body: Mapping[str, OrgJson], key: str) -> int:
    value = body.get(key)
    return value if isinstance(value, int) else 0


def _list(body: Mapping[str, OrgJson], key: str) -> list[OrgJson]:
    value = body.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise unreadable(f"describe.{key}")
    return value
