"""The describe of an object, and of the org, as one user sees them.

Nothing here is stored: each answer is computed from the catalogue and the user's access, so that a change of
permissions is a change of the describe. A field that the user cannot read is absent, as is an object; what the
user cannot write is marked so.
"""

from __future__ import annotations

from collections.abc import Sequence

from localorg.describe_field import Json, describe_field
from localorg.permissions import Access
from localorg.record_types import MASTER, RecordType
from localorg.schema.catalogue import Catalogue
from localorg.schema.model import ObjectDef

_MERGEABLE = frozenset({"Account", "Case", "Contact", "Lead"})
_NEVER = ("customSetting", "deepCloneable", "deprecatedAndHidden", "hasSubtypes", "isInterface")
_ABSENT = (
    "associateEntityType",
    "associateParentEntity",
    "defaultImplementation",
    "extendedBy",
    "extendsInterfaces",
    "implementedBy",
    "implementsInterfaces",
)


def describe(
    object_def: ObjectDef,
    access: Access,
    base_url: str,
    api_version: str,
    record_types: Sequence[RecordType] = (),
) -> dict[str, Json]:
    """Return the full describe of one object for the user of ``access``.

    Args:
        object_def: The object, one of ``access.catalogue``.
        access: The rights of the user who asks.
        base_url: Scheme and host of this org, without a trailing slash; the record page links start with it.
        api_version: The version in the request's path, ``62.0`` or ``v62.0``.
        record_types: The object's record types for that user, without the master.
    """
    fields: list[Json] = [
        describe_field(object_def, each, access)
        for each in object_def.fields
        if access.field_readable(object_def.name, each.name)
    ]
    return _summary(object_def, access, api_version) | {
        "actionOverrides": [],
        "childRelationships": _child_relationships(object_def, access),
        "compactLayoutable": not object_def.setup,
        "fields": fields,
        "listviewable": None,
        "lookupLayoutable": None,
        "namedLayoutInfos": [],
        "networkScopeFieldName": None,
        "recordTypeInfos": _record_types(object_def, record_types, api_version),
        "searchLayoutable": not object_def.setup,
        "sobjectDescribeOption": "FULL",
        "supportedScopes": _scopes(object_def),
        "urls": _urls(object_def, api_version) | _page_urls(object_def, base_url, api_version),
    }


def describe_global(catalogue: Catalogue, access: Access, api_version: str) -> dict[str, Json]:
    """Return the describe of the org: every object that the user may read, without fields."""
    readable = (each for each in catalogue.objects.values() if access.can(each.name, "read"))
    return {
        "encoding": "UTF-8",
        "maxBatchSize": 200,
        "sobjects": [_global_entry(each, access, api_version) for each in readable],
    }


def _global_entry(object_def: ObjectDef, access: Access, api_version: str) -> dict[str, Json]:
    return _summary(object_def, access, api_version) | {"urls": _urls(object_def, api_version)}


def _summary(object_def: ObjectDef, access: Access, api_version: str) -> dict[str, Json]:
    """The part that the global describe and the full one share."""
    name = object_def.name
    business = not (object_def.setup or object_def.virtual)
    summary: dict[str, Json] = {
        "activateable": False,
        "createable": access.can(name, "create"),
        "custom": object_def.custom,
        "deletable": access.can(name, "delete"),
        "feedEnabled": business,
        "isSubtype": False,
        "keyPrefix": object_def.key_prefix or None,
        "label": object_def.label,
        "labelPlural": object_def.label_plural,
        "layoutable": business,
        "mergeable": name in _MERGEABLE and access.can(name, "delete"),
        "mruEnabled": business,
        "name": name,
        "queryable": access.can(name, "read"),
        "replicateable": not object_def.virtual,
        "retrieveable": not object_def.virtual,
        "searchable": business,
        "triggerable": business,
        "undeletable": _recoverable(object_def) and access.can(name, "delete"),
        "updateable": access.can(name, "edit"),
        "urls": _urls(object_def, api_version),
    }
    return summary | dict.fromkeys(_NEVER, False) | dict.fromkeys(_ABSENT)


def _recoverable(object_def: ObjectDef) -> bool:
    return object_def.field("IsDeleted") is not None


def _urls(object_def: ObjectDef, api_version: str) -> dict[str, Json]:
    root = f"/services/data/v{api_version.removeprefix('v')}/sobjects/{object_def.name}"
    return {"sobject": root, "describe": f"{root}/describe", "rowTemplate": f"{root}/{{ID}}"}


def _page_urls(object_def: ObjectDef, base_url: str, api_version: str) -> dict[str, Json]:
    root = f"/services/data/v{api_version.removeprefix('v')}/sobjects/{object_def.name}"
    return {
        "approvalLayouts": f"{root}/describe/approvalLayouts",
        "compactLayouts": f"{root}/describe/compactLayouts",
        "defaultValues": f"{root}/defaultValues?recordTypeId&fields",
        "layouts": f"{root}/describe/layouts",
        "listviews": f"{root}/listviews",
        "quickActions": f"{root}/quickActions",
        "uiDetailTemplate": f"{base_url}/{{ID}}",
        "uiEditTemplate": f"{base_url}/{{ID}}/e",
        "uiNewRecord": f"{base_url}/{object_def.key_prefix}/e",
    }


def _child_relationships(object_def: ObjectDef, access: Access) -> list[Json]:
    return [
        {
            "cascadeDelete": each.field.deleted_with_parent,
            "childSObject": each.child.name,
            "deprecatedAndHidden": False,
            "field": each.field.name,
            "junctionIdListNames": [],
            "junctionReferenceTo": [],
            "relationshipName": each.name,
            "restrictedDelete": each.field.restricted_delete,
        }
        for each in access.catalogue.children(object_def.name)
        if access.field_readable(each.child.name, each.field.name)
    ]


def _record_types(
    object_def: ObjectDef, record_types: Sequence[RecordType], api_version: str
) -> list[Json]:
    """The record types, and the master, which is the user's default where no other is."""
    master = RecordType(
        id=MASTER,
        name="Master",
        developer_name="Master",
        active=True,
        available=True,
        default=not any(each.default for each in record_types),
        definition=None,
    )
    return [_record_type(object_def, each, api_version) for each in (*record_types, master)]


def _record_type(
    object_def: ObjectDef, record_type: RecordType, api_version: str
) -> dict[str, Json]:
    layouts = f"/services/data/v{api_version.removeprefix('v')}/sobjects/{object_def.name}"
    return {
        "active": record_type.active,
        "available": record_type.available,
        "defaultRecordTypeMapping": record_type.default,
        "developerName": record_type.developer_name,
        "master": record_type.id == MASTER,
        "name": record_type.name,
        "recordTypeId": record_type.id,
        "urls": {"layout": f"{layouts}/describe/layouts/{record_type.id}"},
    }


def _scopes(object_def: ObjectDef) -> list[Json]:
    plural = object_def.label_plural.lower()
    scopes: list[Json] = [{"label": f"All {plural}", "name": "everything"}]
    if object_def.field("OwnerId") is not None:
        scopes.append({"label": f"My {plural}", "name": "mine"})
    return scopes
