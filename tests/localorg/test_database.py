"""The database: transactions whole or not at all, and a file that follows the schema."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from localorg.database import MEMORY, Database, metadata_time, savepoint, touch_metadata
from localorg.errors import ApiError
from localorg.ids import parse_id
from localorg.rows import fetch, insert
from localorg.schema.catalogue import load_catalogue

CATALOGUE = load_catalogue()
ACCOUNT = CATALOGUE.objects["Account"]


@pytest.fixture(params=["file", MEMORY])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """An empty org, on disk and in memory."""
    path = MEMORY if request.param == MEMORY else str(tmp_path / "org.db")
    return Database(path, CATALOGUE)


def test_an_exception_takes_the_transaction_back(database: Database) -> None:
    """What a failed request wrote is gone, the counter of ids included."""
    ids = []

    def fail() -> None:
        with database.write() as connection:
            ids.append(insert(connection, ACCOUNT, {"Name": "lost"}))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    [lost] = ids
    with database.write() as connection:
        assert fetch(connection, ACCOUNT, lost) is None
        assert insert(connection, ACCOUNT, {"Name": "kept"}) == lost


def test_savepoints_nest(database: Database) -> None:
    """An inner block can be taken back alone, and an outer one with all it holds."""
    with database.write() as connection:
        with savepoint(connection):
            outer = insert(connection, ACCOUNT, {"Name": "outer"})
            with savepoint(connection) as mark:
                inner = insert(connection, ACCOUNT, {"Name": "inner"})
                mark.abandon()
        assert fetch(connection, ACCOUNT, outer) is not None
        assert inner != outer
        found = connection.execute('SELECT "Name" FROM "Account"').fetchall()
        assert [row["Name"] for row in found] == ["outer"]


@pytest.mark.parametrize("database", ["file"], indirect=True)
def test_the_files_are_their_owners_alone(database: Database, tmp_path: Path) -> None:
    """The file, its log and the log's index may be read by nobody else."""
    with database.write() as connection:
        insert(connection, ACCOUNT, {"Name": "secret"})
    modes = {each.name: each.stat().st_mode & 0o777 for each in tmp_path.iterdir()}
    assert modes == {"org.db": 0o600, "org.db-wal": 0o600, "org.db-shm": 0o600}


def test_an_org_keeps_its_own_ids(tmp_path: Path) -> None:
    """Two orgs never give one id, and one that is opened again goes on with its own."""
    ids = []
    for name in ("a.db", "b.db", "a.db"):
        database = Database(str(tmp_path / name), CATALOGUE)
        with database.write() as connection:
            ids.append(insert(connection, ACCOUNT, {"Name": name}))
        database.close()
    assert ids[0][:9] == ids[2][:9] != ids[1][:9]
    assert len(set(ids)) == 3
    assert all(parse_id(each) == each and each[:3] == "001" for each in ids)


def test_readers_see_one_state(tmp_path: Path) -> None:
    """A read that began before a commit does not see it."""
    database = Database(str(tmp_path / "org.db"), CATALOGUE)
    with database.read() as reader:
        before = reader.execute('SELECT count(*) FROM "Account"').fetchone()[0]
        with database.write() as writer:
            insert(writer, ACCOUNT, {"Name": "new"})
        assert reader.execute('SELECT count(*) FROM "Account"').fetchone()[0] == before
    with database.read() as reader:
        assert reader.execute('SELECT count(*) FROM "Account"').fetchone()[0] == before + 1
    database.close()


def test_the_time_of_metadata_only_moves_on(database: Database) -> None:
    """Each change is dated a second after the last one at least."""
    with database.write() as connection:
        times = []
        for _ in range(5):
            touch_metadata(connection)
            times.append(metadata_time(connection))
    assert times == sorted(set(times))


def test_a_file_gains_the_columns_it_lacks(tmp_path: Path) -> None:
    """A file of an older schema is brought up to date when it is opened."""
    path = tmp_path / "org.db"
    connection = sqlite3.connect(path)
    connection.execute('CREATE TABLE "Account" ("Id" TEXT PRIMARY KEY, "Name" TEXT)')
    connection.execute("""INSERT INTO "Account" VALUES ('001Lo0000000001AAA', 'old')""")
    connection.commit()
    connection.close()
    database = Database(str(path), CATALOGUE)
    assert not database.created
    with database.read() as reader:
        row = fetch(reader, ACCOUNT, "001Lo0000000001AAA")
    assert row is not None
    assert (row["Name"], row["Site"]) == ("old", None)
    database.close()


def test_a_file_locked_elsewhere_is_a_lock_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When another process holds the file too long, the answer is ``UNABLE_TO_LOCK_ROW``."""
    monkeypatch.setattr("localorg.database.BUSY_SECONDS", 0.05)
    path = str(tmp_path / "org.db")
    database = Database(path, CATALOGUE)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(ApiError) as refused, database.write():
        pass
    other.execute("ROLLBACK")
    other.close()
    database.close()
    assert refused.value.code == "UNABLE_TO_LOCK_ROW"


def test_a_commit_that_fails_leaves_no_transaction_behind(tmp_path: Path) -> None:
    """A full disk, here a broken constraint, costs the request and not the org."""
    database = Database(str(tmp_path / "org.db"), CATALOGUE)
    database._writer.execute("PRAGMA foreign_keys = ON")
    with database.write() as connection:
        connection.execute("CREATE TABLE up (id PRIMARY KEY)")
        link = "up REFERENCES up (id) DEFERRABLE INITIALLY DEFERRED"
        connection.execute(f"CREATE TABLE down ({link})")
    with pytest.raises(sqlite3.IntegrityError), database.write() as connection:
        connection.execute("INSERT INTO down VALUES (1)")
    with database.write() as connection:
        assert connection.execute("SELECT count(*) FROM down").fetchone()[0] == 0
    database.close()
