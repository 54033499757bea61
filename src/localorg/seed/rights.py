"""The permission sets of the demo org, and the object and field permissions in them.

Rights are written as letters: ``R`` read, ``C`` create, ``E`` edit, ``D`` delete, ``V`` view all records and
``M`` modify all records. Every field that takes field-level security gets a row, as on the platform: read with
the object, edit where the object can be written and the field too, less the exceptions named here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from localorg.schema.catalogue import Catalogue
from localorg.schema.model import FieldDef, ObjectDef
from localorg.seed.people import PROFILES, system_rights
from localorg.seed.row import Ref, Row

_SALES = ("Account", "Campaign", "Contact", "Contract", "Event", "Lead", "Opportunity", "Order")
_SALES_WORK = (*_SALES, "Quote", "Task")
_SHARED_WORK = dict.fromkeys(("Case", "Pricebook2", "Product2"), "RCE")

_RIGHTS: Mapping[str, Mapping[str, str]] = {
    "admin": dict.fromkeys((*_SALES_WORK, *_SHARED_WORK), "RCEDVM"),
    "alice": dict.fromkeys(_SALES_WORK, "RCED") | _SHARED_WORK,
    "bob": dict.fromkeys(_SALES_WORK, "RCE") | _SHARED_WORK,
    "carol": dict.fromkeys(("Account", "Case", "Contact", "Task"), "RCE") | {"Opportunity": "R"},
    "dana": dict.fromkeys((*_SALES_WORK, *_SHARED_WORK), "RV"),
}
"""User alias -> object -> rights of the user's profile."""

_READ_ONLY_FIELDS = {"alice": {"Opportunity.Amount"}, "bob": {"Opportunity.Amount"}}
"""Fields a profile may read and not edit although it may edit the object."""

AMOUNT_EDITOR = "Sales_Amount_Editor"
"""The permission set that lets a sales person edit ``Opportunity.Amount``."""


LEDGER_USER = "Actwright_Ledger"
"""The permission set that lets a person's runs keep their keys in the org's ledger."""

LEDGER_USERS = ("admin", "alice", "bob")
"""Who has it; the others' runs have to do without."""

_LEDGER = "Actwright_Ledger__c"


def rights_rows(catalogue: Catalogue) -> Iterator[Row]:
    """Yield permission sets, their assignments, then object and field permissions."""
    for alias, label in PROFILES.items():
        yield _profile_set(alias, label)
        yield _assignment(f"set_{alias}", alias)
    yield from _amount_editor()
    yield from ledger_rows(catalogue)
    for alias, rights in _RIGHTS.items():
        for name, letters in rights.items():
            yield _object_permission(alias, name, letters)
    for alias, rights in _RIGHTS.items():
        yield from _field_permissions(catalogue, alias, rights)


def _profile_set(alias: str, label: str) -> Row:
    return "PermissionSet", {
        "Id": Ref(f"set_{alias}"),
        "Name": f"{label.replace(' ', '_')}_Profile",
        "Label": label,
        "ProfileId": Ref(f"profile_{alias}"),
        "IsOwnedByProfile": True,
        "IsCustom": alias not in {"admin", "dana"},
        "Type": "Profile",
        **system_rights(alias),
    }


def _assignment(permission_set: str, alias: str) -> Row:
    return "PermissionSetAssignment", {
        "Id": Ref(f"assignment_{permission_set}_{alias}"),
        "PermissionSetId": Ref(permission_set),
        "AssigneeId": Ref(alias),
    }


def _amount_editor() -> Iterator[Row]:
    yield (
        "PermissionSet",
        {
            "Id": Ref("set_amount"),
            "Name": AMOUNT_EDITOR,
            "Label": "Sales Amount Editor",
            "Description": "Lets a sales person edit the amount of an opportunity.",
            "Type": "Regular",
        },
    )
    yield _assignment("set_amount", "alice")
    yield _field_permission("set_amount", "Opportunity", "Amount", edit=True)


def ledger_rows(catalogue: Catalogue) -> Iterator[Row]:
    """Yield the permission set of the ledger, who has it, and what it permits: nobody deletes what was written."""
    yield (
        "PermissionSet",
        {
            "Id": Ref("set_ledger"),
            "Name": LEDGER_USER,
            "Label": "Actwright Ledger",
            "Description": "Lets a person's runs keep their keys in the ledger.",
            "Type": "Regular",
        },
    )
    for alias in LEDGER_USERS:
        yield _assignment("set_ledger", alias)
    yield _object_permission("ledger", _LEDGER, "RCE")
    for field in _secured(catalogue.objects[_LEDGER]):
        yield _field_permission("set_ledger", _LEDGER, field.name, edit=True)


def _object_permission(owner: str, name: str, letters: str) -> Row:
    return "ObjectPermissions", {
        "Id": Ref(f"object_{owner}_{name}"),
        "ParentId": Ref(f"set_{owner}"),
        "SobjectType": name,
        "PermissionsRead": "R" in letters,
        "PermissionsCreate": "C" in letters,
        "PermissionsEdit": "E" in letters,
        "PermissionsDelete": "D" in letters,
        "PermissionsViewAllRecords": "V" in letters,
        "PermissionsModifyAllRecords": "M" in letters,
    }


def _field_permissions(
    catalogue: Catalogue, alias: str, rights: Mapping[str, str]
) -> Iterator[Row]:
    read_only = _READ_ONLY_FIELDS.get(alias, set())
    for target in catalogue.objects.values():
        letters = rights.get(target.permissions_from or target.name)
        if letters is None:
            continue
        for field in _secured(target):
            writable = field.createable or field.updateable
            edit = "E" in letters and writable and f"{target.name}.{field.name}" not in read_only
            yield _field_permission(f"set_{alias}", target.name, field.name, edit=edit)


def _secured(target: ObjectDef) -> Iterator[FieldDef]:
    return (each for each in target.fields if each.permissionable)


def _field_permission(permission_set: str, name: str, field: str, *, edit: bool) -> Row:
    return "FieldPermissions", {
        "Id": Ref(f"field_{permission_set}_{name}.{field}"),
        "ParentId": Ref(permission_set),
        "SobjectType": name,
        "Field": f"{name}.{field}",
        "PermissionsRead": True,
        "PermissionsEdit": edit,
    }
