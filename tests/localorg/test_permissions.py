"""Permissions: what the users of the demo org may see and do, folded from real rows in SQLite."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localorg.permissions import SETUP_ONLY, Access, RecordAccess, load_access
from localorg.rights import ObjectRight, Rights
from localorg.schema.catalogue import load_catalogue
from localorg.seed.demo import Ref, Value, demo_rows

CATALOGUE = load_catalogue()
TODAY = dt.date(2030, 1, 15)
RIGHTS = st.builds(ObjectRight, *[st.booleans()] * 6)


@pytest.fixture(scope="module")
def org() -> Iterator[sqlite3.Connection]:
    """A database with the demo rows, each symbolic key standing as its own id."""
    connection = sqlite3.connect(":memory:")
    for each in CATALOGUE.objects.values():
        columns = ", ".join(f'"{field.name}"' for field in each.fields)
        connection.execute(f'CREATE TABLE "{each.name}" ({columns})')
    for name, fields in demo_rows(TODAY):
        store(connection, name, fields)
    yield connection
    connection.close()


def store(connection: sqlite3.Connection, name: str, fields: dict[str, Value]) -> None:
    """Insert one row as it stands."""
    values = [each.key if isinstance(each, Ref) else each for each in fields.values()]
    columns = ", ".join(f'"{field}"' for field in fields)
    marks = ", ".join("?" * len(values))
    connection.execute(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', values)


@pytest.fixture
def users(org: sqlite3.Connection) -> dict[str, Access]:
    """The access of every demo user by alias."""
    aliases = ("admin", "alice", "bob", "carol", "dana")
    return {each: load_access(org, CATALOGUE, each) for each in aliases}


def test_administrator_may_do_everything_the_platform_allows(users: dict[str, Access]) -> None:
    """The administrator edits every field that the platform lets anybody edit."""
    for each in CATALOGUE.objects.values():
        assert users["admin"].can(each.name, "read")
        assert users["admin"].can(each.name, "edit") == each.updateable
        for field in each.fields:
            writable = field.updateable and each.updateable
            assert users["admin"].field_updateable(each.name, field.name) == writable


def test_sales_manager_edits_amount_through_the_permission_set(
    org: sqlite3.Connection, users: dict[str, Access]
) -> None:
    """Alice edits the amount, and only the assigned permission set lets her."""
    assert users["alice"].field_updateable("Opportunity", "Amount")
    granting = org.execute(
        'SELECT "ParentId" FROM "FieldPermissions" '
        'WHERE "Field" = \'Opportunity.Amount\' AND "PermissionsEdit" ORDER BY 1'
    )
    assert [row[0] for row in granting] == ["set_admin", "set_amount"]


def test_sales_rep_reads_amount_and_deletes_nothing(users: dict[str, Access]) -> None:
    """Bob reads the amount, edits the other fields and may delete no record."""
    bob = users["bob"]
    assert bob.field_readable("Opportunity", "Amount")
    assert not bob.field_updateable("Opportunity", "Amount")
    assert not bob.field_createable("Opportunity", "Amount")
    assert bob.field_updateable("Opportunity", "StageName")
    deletable = {each for each in CATALOGUE.objects if bob.can(each, "delete")}
    assert deletable == {
        each.name for each in CATALOGUE.objects.values() if each.permissions_from is not None
    }


def test_service_agent_only_reads_opportunities(users: dict[str, Access]) -> None:
    """Carol works on cases, reads opportunities, and sees no lead at all."""
    carol = users["carol"]
    assert carol.field_updateable("Case", "Escalation_Notes__c")
    assert carol.field_readable("Opportunity", "Amount")
    assert not carol.can("Opportunity", "edit")
    assert not carol.can("Lead", "read")
    assert not carol.field_readable("Lead", "Name")


def test_auditor_reads_every_field_and_writes_none(users: dict[str, Access]) -> None:
    """Dana reads all business data, which the ledger is not, and no write is open to her."""
    dana = users["dana"]
    for each in CATALOGUE.objects.values():
        assert not dana.can(each.name, "create")
        assert not dana.can(each.name, "edit")
        assert not dana.can(each.name, "delete")
        if not each.setup and each.name != "Actwright_Ledger__c":
            assert all(dana.field_readable(each.name, field.name) for field in each.fields)


def test_only_the_administrator_queries_permission_objects(users: dict[str, Access]) -> None:
    """Permission objects take View Setup; users and profiles are open to all."""
    for alias, access in users.items():
        readable = {name for name in SETUP_ONLY if access.can(name, "read")}
        assert readable == (SETUP_ONLY if alias == "admin" else set())
        assert access.view_setup == (alias == "admin")
        assert access.can("User", "read")
        assert access.can("User", "edit") == (alias == "admin")


def test_line_items_follow_their_opportunity(users: dict[str, Access]) -> None:
    """Whoever edits opportunities writes and deletes their line items; whoever reads them reads those."""
    assert users["bob"].can("OpportunityLineItem", "create")
    assert users["bob"].can("OpportunityLineItem", "delete")
    assert users["carol"].can("OpportunityLineItem", "read")
    assert not users["carol"].can("OpportunityLineItem", "create")


def test_names_are_taken_in_any_case(users: dict[str, Access]) -> None:
    """Rights do not depend on how a name is written."""
    assert users["alice"].field_updateable("oPPORTUNITY", "aMOUNT")
    assert not users["bob"].field_updateable("opportunity", "AMOUNT")


def test_everything_unknown_is_refused(org: sqlite3.Connection, users: dict[str, Access]) -> None:
    """An unknown object, field or user opens nothing, not even to the administrator."""
    admin = users["admin"]
    assert not admin.can("Nothing__c", "read")
    assert not admin.field_readable("Account", "Nothing__c")
    assert not admin.view_all("Nothing__c")
    assert not admin.modify_all("Nothing__c")
    assert admin.record_access("Nothing__c", {}).level == "None"
    stranger = load_access(org, CATALOGUE, "' OR 1=1 --")
    assert stranger.rights == Rights(objects={})
    assert not stranger.can("Account", "read")


def test_profile_counts_without_an_assignment_row(org: sqlite3.Connection) -> None:
    """The permission set owned by the user's profile is in force even where no row assigns it."""
    org.execute("SAVEPOINT unassigned")
    org.execute('DELETE FROM "PermissionSetAssignment" WHERE "AssigneeId" = \'alice\'')
    alice = load_access(org, CATALOGUE, "alice")
    org.execute("ROLLBACK TO unassigned")
    assert alice.can("Opportunity", "delete")
    assert not alice.field_updateable("Opportunity", "Amount")


@pytest.mark.parametrize(
    ("alias", "owner", "expected"),
    [
        ("bob", "bob", RecordAccess(read=True, edit=True, delete=False, transfer=True, all=False)),
        (
            "bob",
            "alice",
            RecordAccess(read=True, edit=True, delete=False, transfer=False, all=False),
        ),
        ("alice", "bob", RecordAccess(read=True, edit=True, delete=True, transfer=True, all=True)),
        (
            "alice",
            "carol",
            RecordAccess(read=True, edit=True, delete=False, transfer=False, all=False),
        ),
        (
            "carol",
            "bob",
            RecordAccess(read=True, edit=False, delete=False, transfer=False, all=False),
        ),
        ("admin", "bob", RecordAccess(read=True, edit=True, delete=True, transfer=True, all=True)),
    ],
)
def test_access_to_a_public_record(
    users: dict[str, Access], alias: str, owner: str, expected: RecordAccess
) -> None:
    """Public read and write lets all edit; deleting takes owning, being above the owner, or modify all."""
    assert users[alias].record_access("Opportunity", {"OwnerId": owner}) == expected


@pytest.mark.parametrize(
    ("alias", "owner", "level"),
    [
        ("alice", "alice", "All"),
        ("alice", "bob", "All"),
        ("bob", "alice", "None"),
        ("bob", None, "None"),
        ("dana", "alice", "Read"),
        ("carol", "carol", "None"),
    ],
)
def test_access_to_a_private_record(
    users: dict[str, Access], alias: str, owner: str | None, level: str
) -> None:
    """A contract is private to its owner and those above, but for view all; without object rights nothing opens."""
    assert users[alias].record_access("Contract", {"OwnerId": owner}).level == level


def test_contact_without_account_is_private(users: dict[str, Access]) -> None:
    """A contact follows its account; one that has none belongs to its owner alone."""
    lonely = {"OwnerId": "carol", "AccountId": None}
    placed = {"OwnerId": "carol", "AccountId": "acme"}
    assert users["bob"].record_access("Contact", lonely).level == "None"
    assert users["carol"].record_access("Contact", lonely).transfer
    assert users["bob"].record_access("Contact", placed, {"OwnerId": "alice"}).edit


def test_child_of_a_private_parent_needs_the_parent(users: dict[str, Access]) -> None:
    """What is controlled by its parent opens with the parent's row."""
    line = {"OrderId": "contoso_order"}
    order = {"OwnerId": "alice", "AccountId": None}
    assert users["bob"].record_access("OrderItem", line, order).level == "None"
    assert users["alice"].record_access("OrderItem", line, order).edit


@given(objects=st.dictionaries(st.sampled_from(sorted(CATALOGUE.objects)), RIGHTS))
def test_no_record_opens_wider_than_its_object(objects: dict[str, ObjectRight]) -> None:
    """Owning a record never gives what the object permission withholds."""
    access = Access("me", CATALOGUE, Rights(objects))
    for name in CATALOGUE.objects:
        record = access.record_access(name, {"OwnerId": "me"})
        assert not record.read or access.can(name, "read")
        assert not record.edit or access.can(name, "edit")
        assert not record.delete or access.can(name, "delete")
        assert not record.all or (record.edit and record.delete)


@given(first=RIGHTS, second=RIGHTS)
def test_union_of_rights_holds_both(first: ObjectRight, second: ObjectRight) -> None:
    """Another permission set only ever adds rights, in either order."""
    union = first | second
    assert union == second | first
    assert union | first == union
    for right in ("read", "create", "edit", "delete", "view_all", "modify_all"):
        assert getattr(union, right) == (getattr(first, right) or getattr(second, right))
