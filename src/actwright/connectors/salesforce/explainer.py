"""Who could grant what a person lacks, asked over an administrator's read-only connection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from actwright.connectors.salesforce.answer import OrgJson, mapping
from actwright.connectors.salesforce.api_name import is_api_name
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.composite_answer import Part
from actwright.connectors.salesforce.literals import quoted
from actwright.connectors.salesforce.questions import all_rows, ask_together
from actwright.inert import inert
from actwright.org.ports import Explanation, Grantor, PermissionAsk

_GRANTED_BY = "Parent.Label, Parent.IsOwnedByProfile, Parent.Profile.Name"
_OBJECT_RIGHTS = {
    "read": "PermissionsRead",
    "create": "PermissionsCreate",
    "edit": "PermissionsEdit",
    "delete": "PermissionsDelete",
}
_FIELD_RIGHTS = {
    "read": "PermissionsRead",
    "create": "PermissionsEdit",
    "edit": "PermissionsEdit",
}


class SalesforceExplainer:
    """Implements `actwright.org.ports.AccessExplainer`.

    Args:
        client: A session of a user who may view setup.
    """

    def __init__(self, client: OrgClient) -> None:
        self._client = client

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def explain(self, asks: Sequence[PermissionAsk]) -> Sequence[Explanation]:
        """Return an explanation for each ask, in order; never raises for a right nobody grants.

        At most one composite call, however many asks.

        Raises:
            OrgError: The org cannot be asked.
        """
        known = [each for each in asks if _speakable(each)]
        fields = {_field_name(each) for each in known if each.field is not None}
        objects = {each.object for each in known if each.field is None}
        queries = [*_field_query(fields), *_object_query(objects)]
        parts = ask_together(self._client, queries) if queries else []
        found = [row for part in parts for row in self._rows(part)]
        return [Explanation(each, _grantors(each, found)) for each in asks]

    def _rows(self, part: Part) -> Iterable[Mapping[str, OrgJson]]:
        """Yield a query's rows; none where the administrator may not see permissions either."""
        return all_rows(self._client, part.body) if part.ok else ()


def _field_query(names: set[str]) -> list[str]:
    if not names:
        return []
    columns = f"Field, PermissionsRead, PermissionsEdit, {_GRANTED_BY}"
    return [f"SELECT {columns} FROM FieldPermissions WHERE Field IN ({_list(names)})"]  # noqa: S608 - quoted


def _object_query(names: set[str]) -> list[str]:
    if not names:
        return []
    columns = ", ".join(["SobjectType", *_OBJECT_RIGHTS.values(), _GRANTED_BY])
    return [f"SELECT {columns} FROM ObjectPermissions WHERE SobjectType IN ({_list(names)})"]  # noqa: S608 - quoted


def _list(names: set[str]) -> str:
    return ",".join(quoted(each) for each in sorted(names))


def _speakable(ask: PermissionAsk) -> bool:
    names = [ask.object] if ask.field is None else [ask.object, ask.field]
    return all(is_api_name(each) for each in names)


def _field_name(ask: PermissionAsk) -> str:
    return f"{ask.object}.{ask.field}"


def _grantors(ask: PermissionAsk, found: Iterable[Mapping[str, OrgJson]]) -> tuple[Grantor, ...]:
    rights = _OBJECT_RIGHTS if ask.field is None else _FIELD_RIGHTS
    key, name = ("SobjectType", ask.object) if ask.field is None else ("Field", _field_name(ask))
    granting = (
        _grantor(row)
        for row in found
        if str(row.get(key, "")).lower() == name.lower()
        and row.get(rights.get(ask.right, "")) is True
    )
    distinct = {each for each in granting if each is not None}
    return tuple(sorted(distinct, key=lambda each: (each.kind, each.name)))


def _grantor(row: Mapping[str, OrgJson]) -> Grantor | None:
    parent = row.get("Parent")
    if not isinstance(parent, dict):
        return None
    if parent.get("IsOwnedByProfile") is True:
        profile = parent.get("Profile")
        name = mapping(profile, "Profile").get("Name") if profile is not None else None
        return Grantor("profile", inert(name)) if isinstance(name, str) else None
    label = parent.get("Label")
    return Grantor("permission set", inert(label)) if isinstance(label, str) else None
