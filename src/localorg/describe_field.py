"""One field of a describe, as one user sees it."""

from __future__ import annotations

from base64 import b64encode
from typing import TypeAlias

from localorg.permissions import Access
from localorg.schema.model import FieldDef, LookupFilter, ObjectDef, PicklistValue

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
"""A JSON value."""

_SOAP_TYPES = {
    "id": "tns:ID",
    "reference": "tns:ID",
    "boolean": "xsd:boolean",
    "int": "xsd:int",
    "double": "xsd:double",
    "currency": "xsd:double",
    "percent": "xsd:double",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "time": "xsd:time",
    "address": "urn:address",
}
"""Describe type -> SOAP type; all others are ``xsd:string``."""

_UNGROUPABLE = frozenset({"address", "currency", "datetime", "double", "percent"})
_ADDRESS_PARTS = ("Street", "City", "State", "PostalCode", "Country")
_NAME_PARTS = frozenset({"FirstName", "LastName", "Salutation"})
_INT_DIGITS = 8
_BYTES_PER_CHARACTER = 3
_BITMAP_BITS = 24
"""Bitmaps come in threes of bytes, so that their Base64 needs no padding."""
_NEVER = (
    "aiPredictionField",
    "deprecatedAndHidden",
    "displayLocationInDecimal",
    "encrypted",
    "formulaTreatNullNumberAsZero",
    "highScaleNumber",
    "htmlFormatted",
    "writeRequiresMasterRead",
)
_ABSENT = (
    "calculatedFormula",
    "defaultValueFormula",
    "inlineHelpText",
    "mask",
    "maskType",
    "referenceTargetField",
    "relationshipOrder",
)


def describe_field(object_def: ObjectDef, field: FieldDef, access: Access) -> dict[str, Json]:
    """Return the describe of ``field``, its write flags folded with the user's rights."""
    described: dict[str, Json] = {
        "createable": access.field_createable(object_def.name, field.name),
        "updateable": access.field_updateable(object_def.name, field.name),
        "compoundFieldName": _compound(object_def, field),
        "extraTypeInfo": _extra_type(object_def, field),
    }
    described |= _identity(field) | _sizes(field) | _query_flags(field) | _reference(field)
    described |= _choices(object_def, field)
    return described | dict.fromkeys(_NEVER, False) | dict.fromkeys(_ABSENT)


def _identity(field: FieldDef) -> dict[str, Json]:
    return {
        "name": field.name,
        "label": field.label,
        "type": field.type,
        "soapType": _SOAP_TYPES.get(field.type, "xsd:string"),
        "autoNumber": field.auto_number is not None,
        "caseSensitive": field.case_sensitive,
        "calculated": field.calculated,
        "custom": field.custom,
        "defaultValue": field.default,
        "defaultedOnCreate": field.defaulted_on_create,
        "nameField": field.name_field,
        "nillable": field.nillable,
        "permissionable": field.permissionable,
        "unique": field.unique,
    }


def _sizes(field: FieldDef) -> dict[str, Json]:
    whole = field.type in {"id", "reference"}
    return {
        "length": field.length,
        "byteLength": field.length if whole else field.length * _BYTES_PER_CHARACTER,
        "digits": _INT_DIGITS if field.type == "int" else 0,
        "precision": field.precision,
        "scale": field.scale,
    }


def _query_flags(field: FieldDef) -> dict[str, Json]:
    queryable = field.filterable and field.sortable
    return {
        "aggregatable": field.filterable and field.type not in {"address", "boolean"},
        "externalId": field.external_id,
        "filterable": field.filterable,
        "groupable": queryable and field.type not in _UNGROUPABLE,
        "idLookup": field.id_lookup,
        "queryByDistance": field.type == "address",
        "searchPrefilterable": field.type == "reference" and field.filterable,
        "sortable": field.sortable,
    }


def _reference(field: FieldDef) -> dict[str, Json]:
    polymorphic = len(field.reference_to) > 1
    return {
        "cascadeDelete": field.deleted_with_parent,
        "namePointing": polymorphic,
        "polymorphicForeignKey": polymorphic,
        "referenceTo": list(field.reference_to),
        "relationshipName": field.relationship_name,
        "filteredLookupInfo": _lookup_filter(field.lookup_filter),
        "restrictedDelete": field.restricted_delete,
    }


def _lookup_filter(rule: LookupFilter | None) -> Json:
    """What a describe tells of a lookup filter: the fields of the record it compares, and not what it asks for."""
    if rule is None:
        return None
    controlling: list[Json] = [ours for _, ours in rule.same]
    return {
        "controllingFields": controlling,
        "dependent": bool(controlling),
        "optionalFilter": False,
    }


def _choices(object_def: ObjectDef, field: FieldDef) -> dict[str, Json]:
    governing = object_def.field(field.controller) if field.controller else None
    return {
        "controllerName": field.controller,
        "dependentPicklist": field.controller is not None,
        "picklistValues": [_picklist_value(each, governing) for each in field.picklist],
        "restrictedPicklist": field.restricted_picklist,
    }


def _picklist_value(value: PicklistValue, governing: FieldDef | None) -> dict[str, Json]:
    return {
        "active": value.active,
        "defaultValue": value.default,
        "label": value.label,
        "validFor": _bitmap(value, governing) if governing else None,
        "value": value.value,
    }


def _bitmap(value: PicklistValue, governing: FieldDef) -> str:
    """Return a bit for each value of the controlling field, the first one the highest of the first byte."""
    bits = [each.value in (value.valid_for or ()) for each in governing.picklist]
    padded = bits + [False] * (-len(bits) % _BITMAP_BITS)
    number = int("".join("1" if each else "0" for each in padded), 2)
    return b64encode(number.to_bytes(len(padded) // 8)).decode()


def _compound(object_def: ObjectDef, field: FieldDef) -> str | None:
    """The compound field that this one is a part of (``BillingCity`` -> ``BillingAddress``)."""
    if _person_name(object_def, field) and field.name != "Name":
        return "Name"
    for part in _ADDRESS_PARTS:
        whole = object_def.field(f"{field.name.removesuffix(part)}Address")
        if field.name.endswith(part) and whole is not None and whole.type == "address":
            return whole.name
    return None


def _extra_type(object_def: ObjectDef, field: FieldDef) -> str | None:
    if field.type == "textarea":
        return "plaintextarea"
    return "personname" if _person_name(object_def, field) else None


def _person_name(object_def: ObjectDef, field: FieldDef) -> bool:
    whole = object_def.field("Name")
    if object_def.field("LastName") is None or whole is None or whole.createable:
        return False
    return field.name == "Name" or field.name in _NAME_PARTS
