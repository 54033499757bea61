"""The ledger in the local org: unique to the letter, for those who may, in old orgs too, and as the SFDX folder has it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from localorg.database import Database
from localorg.schema.catalogue import load_catalogue
from localorg.seed.demo import demo_rows
from localorg.seed.rights import LEDGER_USERS
from localorg.seeding import store_seed
from localorg.testing import Client, RunningOrg
from localorg.upgrading import grant_ledger

LEDGER = "Actwright_Ledger__c"
FOLDER = Path(__file__).resolve().parents[2] / "salesforce" / "force-app" / "main" / "default"
NAMESPACE = "{http://soap.sforce.com/2006/04/metadata}"


def entry(key: str, status: str = "committed") -> dict[str, str]:
    """Return a row of the ledger."""
    return {"Key__c": key, "Status__c": status}


def test_a_key_is_there_once(alice: Client) -> None:
    """The same key is refused whoever writes it; case tells keys apart, in queries as well."""
    alice.create(LEDGER, **entry("once:k"))
    twin = alice.request("POST", f"/sobjects/{LEDGER}", entry("once:k", "abandoned"))
    assert (twin.status_code, twin.json()[0]["errorCode"]) == (400, "DUPLICATE_VALUE")
    alice.create(LEDGER, **entry("ONCE:K"))
    for where in ("Key__c = 'once:k'", "Key__c IN ('once:k')"):
        found = alice.query(f"SELECT Key__c FROM {LEDGER} WHERE {where}")
        assert [each["Key__c"] for each in found] == ["once:k"]
    described = alice.request("GET", f"/sobjects/{LEDGER}/describe").json()
    [key] = [each for each in described["fields"] if each["name"] == "Key__c"]
    assert (key["unique"], key["externalId"], key["caseSensitive"]) == (True, True, True)


def test_a_key_is_the_keys_of_everybody(alice: Client, bob: Client) -> None:
    """A row one may not see still takes its key."""
    alice.create(LEDGER, **entry("shared:k"))
    assert bob.query(f"SELECT Id FROM {LEDGER} WHERE Key__c = 'shared:k'") == []
    twin = bob.request("POST", f"/sobjects/{LEDGER}", entry("shared:k"))
    assert twin.json()[0]["errorCode"] == "DUPLICATE_VALUE"


@pytest.mark.parametrize(
    "fields", [{"Status__c": "committed"}, {"Key__c": "k"}, entry("k", "maybe")]
)
def test_a_row_needs_key_and_status(alice: Client, fields: dict[str, str]) -> None:
    """Both are required, and the status is one of two words."""
    assert alice.request("POST", f"/sobjects/{LEDGER}", fields).status_code == 400


def test_nobody_deletes_what_was_written(alice: Client) -> None:
    """The permission set gives no right to."""
    made = alice.create(LEDGER, **entry("kept:k"))
    assert alice.request("DELETE", f"/sobjects/{LEDGER}/{made}").status_code == 403


def test_some_have_it_and_some_have_not(org: RunningOrg) -> None:
    """Who lacks the permission set does not see that there is a ledger."""
    seen = {
        alias: org.login(alias).request("GET", f"/sobjects/{LEDGER}/describe").status_code == 200
        for alias in ("admin", "alice", "bob", "carol", "dana")
    }
    assert {alias for alias, there in seen.items() if there} == set(LEDGER_USERS)


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Database]:
    """Return a demo org from before there was a ledger."""
    catalogue = load_catalogue()
    rows = [
        (name, fields)
        for name, fields in demo_rows(datetime.now(UTC).date())
        if "edger" not in str(fields.values())
    ]
    database = Database(str(tmp_path / "old.db"), catalogue)
    with database.write() as connection:
        store_seed(connection, catalogue, rows)
    yield database
    database.close()


def _assigned(connection: sqlite3.Connection) -> set[str]:
    return {
        str(row[0])
        for row in connection.execute(
            'SELECT "Alias" FROM "User" WHERE "Id" IN (SELECT "AssigneeId" FROM "PermissionSetAssignment" '
            'WHERE "PermissionSetId" IN (SELECT "Id" FROM "PermissionSet" WHERE "Name" = ?))',
            ("Actwright_Ledger",),
        )
    }


def test_an_older_org_gets_the_rights_once(old: Database) -> None:
    """At its next start its people have what they would have had; a second start changes nothing."""
    with old.read() as connection:
        assert _assigned(connection) == set()
    for _ in range(2):
        grant_ledger(old)
    with old.read() as connection:
        assert _assigned(connection) == set(LEDGER_USERS)
        count = connection.execute(
            'SELECT count(*) FROM "PermissionSet" WHERE "Name" = ?', ("Actwright_Ledger",)
        )
        assert count.fetchone()[0] == 1


def test_an_org_of_other_people_is_left_alone(tmp_path: Path) -> None:
    """Without the demo's people nobody is given anything."""
    database = Database(str(tmp_path / "empty.db"), load_catalogue())
    grant_ledger(database)
    with database.read() as connection:
        assert connection.execute('SELECT count(*) FROM "PermissionSet"').fetchone()[0] == 0
    database.close()


def _read(path: Path) -> dict[str, str]:
    """Return the leaves of a metadata file by name."""
    root = ET.parse(path).getroot()  # noqa: S314 - our own file
    return {
        each.tag.removeprefix(NAMESPACE): (each.text or "").strip()
        for each in root.iter()
        if not len(each)
    }


def test_the_folder_deploys_what_the_local_org_has() -> None:
    """Every custom field is in both, with its length, and the key is required, unique and tells case apart."""
    definition = load_catalogue().objects[LEDGER]
    folder = FOLDER / "objects" / LEDGER
    deployed = {each.name.split(".")[0]: _read(each) for each in (folder / "fields").iterdir()}
    assert set(deployed) == {each.name for each in definition.fields if each.custom}
    for each in definition.fields:
        if each.custom and each.type != "picklist":
            assert deployed[each.name]["length"] == str(each.length)
    key = deployed["Key__c"]
    assert [key[each] for each in ("caseSensitive", "externalId", "required", "unique")] == ["true"] * 4  # fmt: skip
    status = (folder / "fields" / "Status__c.field-meta.xml").read_text()
    assert status.index("committed</fullName>") < status.index("abandoned</fullName>")
    whole = _read(folder / f"{LEDGER}.object-meta.xml")
    assert (whole["sharingModel"], whole["pluralLabel"]) == ("Private", definition.label_plural)
    # An org whose external sharing model is off refuses to deploy one that names it.
    assert "externalSharingModel" not in whole
    # Salesforce takes these three only together.
    apis = {whole[f"enable{each}"] for each in ("BulkApi", "Sharing", "StreamingApi")}
    assert apis == {"true"}


def test_the_permission_set_gives_what_the_local_org_gives() -> None:
    """Create, read and edit; each field but the required ones, which no permission set may name; no delete."""
    path = FOLDER / "permissionsets" / "Actwright_Ledger.permissionset-meta.xml"
    words = path.read_text()
    definition = load_catalogue().objects[LEDGER]
    secured = {each.name for each in definition.fields if each.permissionable}
    named = {each.split("<")[0] for each in words.split(f"<field>{LEDGER}.")[1:]}
    assert named == secured == {"Run__c", "Content__c", "Created_Ids__c"}
    for right, given in (("Create", "true"), ("Read", "true"), ("Edit", "true"), ("Delete", "false")):  # fmt: skip
        assert f"<allow{right}>{given}</allow{right}>" in words
