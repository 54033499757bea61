"""What every store keeps to, in a file and on a server: whole transactions, shared commits, rows that never change."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.store.rows import ADD, adding, fill, names, running

from actwright.errors import NotFoundError, StoreError
from actwright.store.database import Database, Transaction
from actwright.store.opening import open_database
from actwright.store.sqlite_tables import APPEND_ONLY, VERSION
from actwright.store.sqlite_watch import SqliteWatch


def test_what_is_written_survives_the_process(database_address: str) -> None:
    """A store closed and opened again holds what it held."""
    for _ in range(2):
        store = open_database(database_address)
        fill(store) if not names(store) else None
        assert names(store) == ["plan_1"]
        store.close()


def test_no_row_is_ever_changed(database: Database) -> None:
    """Triggers hold against anything that reaches the tables with SQL."""
    fill(database)
    for table in APPEND_ONLY:
        for change in (f"UPDATE {table} SET at = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(StoreError, match=f"{table} rows are never changed"):
                database.commit(running(change))


def test_events_leave_the_journal_only_for_an_archive(database: Database) -> None:
    """A run's rows go after the archive says where they are, up to the event it says, and no other run's."""
    fill(database)
    with database.write() as rows:
        for run_id, seq in (("gone", 1), ("gone", 2)):
            rows.execute(
                "INSERT INTO journal VALUES (?, ?, 'a', 'k', 'x', '{}', '0', '1', 1)", (run_id, seq)
            )
    assert database.commit(running("DELETE FROM journal WHERE run_id = 'gone' AND seq = 1")) == 1
    for statement in ("DELETE FROM journal WHERE run_id = 'gone'", "DELETE FROM journal"):
        with pytest.raises(StoreError, match="never changed"):
            database.commit(running(statement))


def test_an_error_inside_a_transaction_takes_it_back(database: Database) -> None:
    """Nothing of a failed transaction stays, and the next one works."""
    for one_way in (database.commit,):
        with pytest.raises(StoreError, match=r"UNIQUE|unique"):
            one_way(_twice)
        with pytest.raises(NotFoundError):
            one_way(_giving_up)
    database.commit(adding("plan_3"))
    assert names(database) == ["plan_3"]


def test_whoever_reads_sees_what_is_committed(database: Database) -> None:
    """Reading waits for no writer, and sees nothing of what is not committed."""
    with database.write() as rows:
        rows.execute(ADD, ("plan_1",))
        assert rows.execute("SELECT count(*) FROM document").fetchone()[0] == 1
        assert names(database) == []
    assert names(database) == ["plan_1"]


def test_reading_cannot_write(database: Database) -> None:
    """What is given for reading refuses to write."""
    with pytest.raises(StoreError, match=r"readonly|read-only"), database.read() as rows:
        rows.execute(ADD, ("plan_1",))
    assert names(database) == []


def test_question_marks_in_texts_are_texts(database: Database) -> None:
    """Only a mark outside a text is a parameter, and no sign of either dialect needs escaping."""
    with database.read() as rows:
        row = rows.execute(
            "SELECT '?', 'it''s ? 100%', CAST(? AS TEXT), '$1', CAST(? AS TEXT)", ("a?%s$1'", "b")
        ).fetchone()
    assert tuple(row) == ("?", "it's ? 100%", "a?%s$1'", "$1", "b")


def test_text_is_ordered_by_bytes(database: Database) -> None:
    """Both dialects order and compare ids alike, whatever the language of the machine."""
    given = ["a", "B", "ä", "Z", "_", "a-b", "ab", "𝄞", "1"]
    for each in given:
        database.commit(adding(each))
    assert names(database) == sorted(given, key=str.encode)


def test_many_threads_lose_nothing(database: Database) -> None:
    """Each caller gets its own answer once its row is there, whoever commits for it."""
    wanted = [f"plan_{number:03}" for number in range(120)]
    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(lambda name: database.commit(adding(name)), wanted)) == wanted
    assert names(database) == wanted


def test_many_coroutines_lose_nothing(database: Database) -> None:
    """The same on an event loop, with several commits of each one after the other."""

    async def chain(number: int) -> list[str]:
        """Commit one after the other."""
        return [await database.acommit(adding(f"{number:02}.{step}")) for step in range(3)]

    async def all_of_them() -> list[list[str]]:
        """Let all chains run at once."""
        return await asyncio.gather(*(chain(number) for number in range(40)))

    wanted = [[f"{number:02}.{step}" for step in range(3)] for number in range(40)]
    assert asyncio.run(all_of_them()) == wanted
    assert names(database) == [each for chain in wanted for each in chain]


def test_a_work_that_fails_takes_nothing_of_the_others_back(database: Database) -> None:
    """In one shared commit each failure is its own caller's, whether SQL, ours or a swallowed one."""

    async def together() -> list[object]:
        """Commit all at once."""
        works = (adding("a"), _twice, adding("b"), _giving_up, _swallowing, adding("c"))
        return await asyncio.gather(
            *(database.acommit(each) for each in works), return_exceptions=True
        )

    a, twice, b, gave_up, swallowed, c = asyncio.run(together())
    assert (a, b, c) == ("a", "b", "c")
    assert isinstance(twice, StoreError)
    assert isinstance(gave_up, NotFoundError)
    assert isinstance(swallowed, StoreError) or database.dialect == "sqlite"
    assert names(database) == ["a", "b", "c"]


def test_the_event_loop_goes_on_while_a_commit_waits(database: Database) -> None:
    """A slow work holds up nobody else on the loop."""

    def slow(_rows: Transaction) -> float:
        time.sleep(0.15)
        return time.monotonic()

    async def watched() -> tuple[int, float]:
        """Count how often the loop comes round meanwhile."""
        committing = asyncio.ensure_future(database.acommit(slow))
        ticks = 0
        while not committing.done():
            await asyncio.sleep(0.005)
            ticks += 1
        return ticks, committing.result()

    ticks, _ = asyncio.run(watched())
    assert ticks >= 10


def test_a_cancelled_caller_leaves_the_others_alone(database: Database) -> None:
    """Who is cancelled before the commit writes nothing; the next one commits as ever."""

    async def cancelled() -> str:
        """Give up the first one."""
        given_up = asyncio.ensure_future(database.acommit(adding("a")))
        await asyncio.sleep(0)
        given_up.cancel()
        return await database.acommit(adding("b"))

    assert asyncio.run(cancelled()) == "b"
    assert "b" in names(database)


def test_a_work_cannot_commit_within_itself(database: Database) -> None:
    """A commit inside a work would wait for itself; it is a programming error, and told at once."""
    with pytest.raises(RuntimeError, match="inside a transaction"):
        database.commit(lambda _rows: database.commit(adding("a")))
    assert names(database) == []


def test_a_watch_tells_of_writes_by_others(database_address: str) -> None:
    """Silence lasts the time given; a write by another connection wakes at once, and is told once."""
    store, other = open_database(database_address), open_database(database_address)
    watch = store.watch()
    watch.wait(0)
    writer = threading.Timer(0.05, lambda: other.commit(adding("a")))
    writer.start()
    started = time.monotonic()
    assert watch.wait(5)
    assert time.monotonic() - started < 1
    writer.join()
    watch.close()
    other.close()
    store.close()


def test_a_file_that_vanished_is_watched_no_longer(tmp_path: Path) -> None:
    """Its open connections would go on with what nobody else sees; another file in its place is another store."""
    path = tmp_path / "store.db"
    store = open_database(path)
    watch = store.watch()
    path.rename(tmp_path / "elsewhere.db")
    for _ in range(2):
        with pytest.raises(StoreError, match="The store is gone") as gone:
            watch.wait(5)
        assert gone.value.error_code == "store_gone"
        path.touch()
    watch.close()
    store.close()


def test_a_file_that_cannot_be_read_any_more_is_told_of(tmp_path: Path) -> None:
    """Whoever watches it is told in the store's own words; one who has stopped watching is merely let go."""
    store = open_database(tmp_path / "store.db")
    watch = store.watch()
    assert isinstance(watch, SqliteWatch)
    watch._connection.close()
    with pytest.raises(StoreError, match="cannot be used"):
        watch.wait(5)
    watch.close()
    assert not watch.wait(5)
    store.close()


def test_a_silent_store_is_watched_in_vain(database_address: str) -> None:
    """Where nothing is written, waiting ends with the time given."""
    if database_address.startswith("postgres"):
        return  # a server's own housekeeping may wake a watch
    store = open_database(database_address)
    watch = store.watch()
    assert not watch.wait(0.03)
    watch.close()
    store.close()


def test_processes_share_a_store(database_address: str) -> None:
    """Several processes make the tables at once and write at once; no row is lost."""
    child = (
        "import sys; from actwright.store.opening import open_database\n"
        "store = open_database(sys.argv[1])\n"
        "for number in range(20):\n"
        f"    store.commit(lambda rows: rows.execute({ADD!r}, (f'{{sys.argv[2]}}_{{number}}',)))\n"
    )
    children = [
        subprocess.Popen([sys.executable, "-c", child, database_address, str(each)])
        for each in range(3)
    ]
    assert [each.wait(60) for each in children] == [0, 0, 0]
    store = open_database(database_address)
    assert len(names(store)) == 60
    store.close()


def test_who_holds_a_name_is_alone_with_it(database: Database) -> None:
    """Reading and then writing under one name never lets two see the same state."""

    def claim_next(rows: Transaction) -> None:
        rows.hold("numbers")
        number = rows.execute("SELECT count(*) FROM document").fetchone()[0]
        rows.execute(ADD, (f"n{number}",))

    def claim_alone(_: int) -> None:
        with database.write() as rows:
            claim_next(rows)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(claim_alone, range(12)))
    assert len(names(database)) == 12


def test_facts_are_told(database: Database) -> None:
    """What the store is: its place without a password, engine, version, size, and that it waits for the disk."""
    facts = database.facts()
    assert facts.name == database.name
    assert facts.engine.startswith(("SQLite 3", "PostgreSQL 1"))
    assert (facts.version, facts.durable) == (VERSION, True)
    assert facts.bytes > 10_000


def test_a_closed_store_says_so(database: Database) -> None:
    """Using a store after it was closed is a store error."""
    database.close()
    with pytest.raises(StoreError, match="closed"):
        names(database)
    with pytest.raises(StoreError, match="closed"):
        database.commit(adding("a"))


def _twice(rows: Transaction) -> None:
    rows.execute(ADD, ("twice",))
    rows.execute(ADD, ("twice",))


def _giving_up(rows: Transaction) -> None:
    rows.execute(ADD, ("given up",))
    raise NotFoundError("it is not there")


async def _acommitted(database: Database) -> str:
    return await database.acommit(adding("plan_9"))


def _swallowing(rows: Transaction) -> None:
    """Go on after a refused statement, as nobody should."""
    try:
        rows.execute("INSERT INTO nowhere VALUES (1)")
    except Exception:  # noqa: BLE001 - the point of it
        return


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork")
def test_a_child_process_does_not_use_what_its_parent_opened(database: Database) -> None:
    """It would share locks and connections it has only copies of: refused at once, and the parent goes on."""
    fill(database)
    child = os.fork()
    if child == 0:
        os._exit(
            sum(1 << place for place, use in enumerate(_USES) if not _is_refused(use, database))
        )
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    database.commit(adding("plan_2"))
    assert names(database) == ["plan_1", "plan_2"]


_USES: tuple[Callable[[Database], object], ...] = (
    names,
    lambda database: database.commit(adding("plan_9")),
    lambda database: asyncio.run(_acommitted(database)),
    fill,
)


def _is_refused(use: Callable[[Database], object], database: Database) -> bool:
    try:
        use(database)
    except StoreError as error:
        return "forked" in str(error)
    return False
