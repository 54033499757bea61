"""The organisation, its profiles, roles, users and queues."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from localorg.seed.row import Ref, Row, Value

PROFILES = {
    "admin": "System Administrator",
    "alice": "Sales Manager",
    "bob": "Sales Rep",
    "carol": "Service Agent",
    "dana": "Read Only",
}
"""The profile of each user, by alias."""

_ROLES = (
    ("ceo", "Chief Executive", None),
    ("sales_manager", "Sales Manager", "ceo"),
    ("sales_rep", "Sales Rep", "sales_manager"),
    ("service_agent", "Service Agent", "ceo"),
    ("auditor", "Auditor", "ceo"),
)


class _Person(NamedTuple):
    alias: str
    first: str
    last: str
    title: str
    department: str
    zone: str
    locale: str
    role: str


_USERS = (
    _Person("admin", "Ada", "Admin", "System Administrator", "IT", "GMT", "en_US", "ceo"),
    _Person(
        "alice",
        "Alice",
        "Archer",
        "Sales Manager",
        "Sales",
        "America/New_York",
        "en_US",
        "sales_manager",
    ),
    _Person(
        "bob",
        "Bob",
        "Baxter",
        "Account Executive",
        "Sales",
        "America/Chicago",
        "en_US",
        "sales_rep",
    ),
    _Person(
        "carol",
        "Carol",
        "Chen",
        "Support Engineer",
        "Service",
        "Europe/London",
        "en_GB",
        "service_agent",
    ),
    _Person(
        "dana", "Dana", "Diaz", "Internal Auditor", "Finance", "Europe/Berlin", "de_DE", "auditor"
    ),
)
_QUEUES = (("Tier 2 Support", "Tier_2_Support"), ("Billing", "Billing"))
_SYSTEM_RIGHTS = (
    "PermissionsViewSetup",
    "PermissionsViewAllData",
    "PermissionsModifyAllData",
    "PermissionsManageUsers",
)


def system_rights(alias: str) -> dict[str, bool]:
    """Return the system permissions of the user's profile: all of them for the administrator."""
    return dict.fromkeys(_SYSTEM_RIGHTS, alias == "admin") | {"PermissionsApiEnabled": True}


def people_rows() -> Iterator[Row]:
    """Yield the organisation, then everybody in it, in dependency order."""
    yield "Organization", _organization()
    for alias, name in PROFILES.items():
        yield "Profile", {"Id": Ref(f"profile_{alias}"), "Name": name, **system_rights(alias)}
    for role in _ROLES:
        yield _role(*role)
    yield from (_user(each) for each in _USERS)
    for queue in _QUEUES:
        yield _queue(*queue)


def _organization() -> dict[str, Value]:
    return {
        "Id": Ref("org"),
        "Name": "Actwright Demo",
        "City": "New York",
        "Country": "United States",
        "DefaultLocaleSidKey": "en_US",
        "TimeZoneSidKey": "America/New_York",
        "LanguageLocaleKey": "en_US",
        "OrganizationType": "Developer Edition",
        "InstanceName": "LOCAL",
        "IsSandbox": True,
    }


def _role(key: str, name: str, above: str | None) -> Row:
    return "UserRole", {
        "Id": Ref(f"role_{key}"),
        "Name": name,
        "DeveloperName": name.replace(" ", "_"),
        "ParentRoleId": Ref(f"role_{above}") if above else None,
    }


def _queue(name: str, developer_name: str) -> Row:
    return "Group", {
        "Id": Ref(f"queue_{developer_name.lower()}"),
        "Name": name,
        "DeveloperName": developer_name,
        "Type": "Queue",
        "OwnerId": Ref("admin"),
    }


def _user(person: _Person) -> Row:
    return "User", {
        "Id": Ref(person.alias),
        "Username": f"{person.alias}@demo.localorg.example",
        "Email": f"{person.alias}@demo.localorg.example",
        "Alias": person.alias,
        "CommunityNickname": person.alias,
        "FirstName": person.first,
        "LastName": person.last,
        "Name": f"{person.first} {person.last}",
        "Title": person.title,
        "Department": person.department,
        "TimeZoneSidKey": person.zone,
        "LocaleSidKey": person.locale,
        "LanguageLocaleKey": "en_US",
        "EmailEncodingKey": "UTF-8",
        "IsActive": True,
        "UserType": "Standard",
        "ProfileId": Ref(f"profile_{person.alias}"),
        "UserRoleId": Ref(f"role_{person.role}"),
        "ManagerId": Ref("alice") if person.alias == "bob" else None,
    }
