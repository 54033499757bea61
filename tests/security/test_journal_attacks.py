"""Somebody who wants the record to say something else: in the store, by a file, by a key."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from tests.kept_runs import Kept, SteppingClock, ended, intended, rows, settled, started

from actwright.canonical import canonical_bytes
from actwright.errors import JournalDamagedError, SealError, StoreError
from actwright.runs.engine.record import Record
from actwright.runs.engine.store import PrivateStore
from actwright.runs.keeping.seal_key import SealKey
from actwright.runs.keeping.sealing import Sealing
from actwright.runs.keeping.taken_run import TakenRun
from actwright.runs.keeping.verifying import verify
from actwright.runs.record.chain import Walk, hash_of
from actwright.runs.record.event import GENESIS
from actwright.runs.record.journal import Entry
from actwright.runs.record.rebuilding import rebuild
from actwright.store.database import Database
from actwright.store.sqlite import SqliteDatabase


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """Give a store with one sealed run."""
    made = Kept(SqliteDatabase(tmp_path / "a.db"), tmp_path, SteppingClock())
    made.run("run_1")
    made.sealing.seal()
    return made


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET actor = 'mallory'",
        "DELETE FROM journal",
        "UPDATE seal SET body = '{}'",
        "DELETE FROM seal",
        "UPDATE archived SET hash = 'x'",
    ],
)
def test_sql_alone_changes_no_record(database: Database, tmp_path: Path, statement: str) -> None:
    """The triggers of both databases refuse it, whoever asks."""
    kept = Kept(database, tmp_path, SteppingClock())
    kept.run("run_1")
    kept.sealing.seal()
    with kept.database.write() as transaction:
        transaction.execute("INSERT INTO archived VALUES ('run_0', 1, 'h', 'a', 'f', 's')")
    with pytest.raises(StoreError), kept.database.write() as transaction:
        transaction.execute(statement)
    assert len(rows(kept.database, "SELECT * FROM journal")) == 4


def test_a_rewritten_history_with_seals_of_ones_own_is_found_out(
    kept: Kept, tmp_path: Path
) -> None:
    """All made anew, journal, register and seals, with another key: the public key kept elsewhere tells."""
    public = kept.key.public
    kept.tamper("DELETE FROM journal", "DELETE FROM run", "DELETE FROM seal")
    kept.run("run_1", settled(), ended("failed"))
    mallory = SealKey(tmp_path / "mallory.key")
    mallory.make()
    Sealing(kept.database, kept.clock, mallory).seal()
    (fault,) = verify(kept.database, kept.journal.offloading, public=public).faults
    assert str(fault).startswith("seal 1 was signed with another key")


def test_a_seal_without_a_key_proves_nothing(kept: Kept) -> None:
    """Where there is no public key at all, a sealed store is not called whole."""
    kept.key.path.unlink()
    assert kept.faults() == ["seal 1 cannot be checked: there is no public key for it"]


def test_a_signature_of_something_else_is_no_seal(kept: Kept) -> None:
    """What the key signed for another purpose does not pass for a seal."""
    ((hash_,),) = rows(kept.database, "SELECT hash FROM seal")
    kept.tamper(f"UPDATE seal SET signature = '{kept.key.read().sign(hash_.encode())}'")
    assert kept.faults() == ["seal 1 has a signature that was not made with its key"]


@pytest.mark.parametrize("body", ["{}", "[]", "no json", '{"number":1}'])
def test_a_seal_that_says_nothing_is_named(kept: Kept, body: str) -> None:
    """Whatever its body is, with a hash that fits: a fault, not a traceback; and nothing is sealed behind it."""
    digest = sha256(body.encode()).hexdigest()
    kept.tamper(f"UPDATE seal SET body = '{body}', hash = '{digest}'")
    assert any(each.startswith("seal 1 cannot be read") for each in kept.faults())
    kept.run("run_2")
    with pytest.raises(SealError):
        kept.sealing.seal()
    assert len(rows(kept.database, "SELECT * FROM seal")) == 1


def forged(
    entries: list[Entry],
    *,
    content: object = None,
    further: Sequence[dict[str, object]] = (),
    **documents: str,
) -> bytes:
    """Return an export of a run that never was, whose chain is right in itself."""
    lines: list[dict[str, object]] = []
    prev_hash = GENESIS
    for seq, (kind, data) in enumerate(entries, start=1):
        version = 2 if kind == "run_ended" else 1
        text = canonical_bytes(data).decode()
        hash_ = hash_of("run_f", seq, "at", kind, version, "m", text, prev_hash)
        event = {"runId": "run_f", "seq": seq, "at": "at", "kind": kind, "version": version}
        told = {**event, "actor": "m", "data": data, "prevHash": prev_hash, "hash": hash_}
        lines.append({"event": told if content is None else {**told, "content": content}})
        prev_hash = hash_
    lines += [
        {"document": {"kind": kind, "id": key, "body": "{}", "at": "at"}}
        for kind, key in documents.items()
    ]
    lines += further
    header = {"actwright": "journal", "format": 1, "at": "at", "runs": 1, "events": len(entries)}
    body = b"".join(
        json.dumps(each).encode() + b"\n"
        for each in ({"header": {**header, "complete": False}}, *lines)
    )
    trailer = {"lines": len(lines) + 1, "sha256": sha256(body).hexdigest()}
    return body + json.dumps({"trailer": trailer}).encode() + b"\n"


def test_a_yes_cannot_be_smuggled_in(kept: Kept, tmp_path: Path) -> None:
    """An imported confirmation is used up by the run it came with, and one without a run is refused."""
    path = tmp_path / "forged.jsonl"
    path.write_bytes(forged([started("run_f"), ended()], confirmation="cnf_run_f"))
    assert kept.importing.from_file(path).documents == 1
    claims = rows(kept.database, "SELECT kind, key, holder FROM claim ORDER BY kind")
    assert claims == [
        ("confirmation", "cnf_run_f", "run_f"),
        ("preview", "prv_run_f", "run_f"),
    ]
    path.write_bytes(forged([started("run_f"), ended()], confirmation="cnf_other"))
    with pytest.raises(JournalDamagedError, match="No run of the file refers to"):
        kept.importing.from_file(path)


def test_a_run_that_would_be_carried_out_is_not_taken_in(kept: Kept, tmp_path: Path) -> None:
    """A forged run that has not ended would be driven on by the next worker: it needs somebody's word."""
    path = tmp_path / "forged.jsonl"
    path.write_bytes(forged([started("run_f"), intended()]))
    with pytest.raises(StoreError, match="has not ended"):
        kept.importing.from_file(path)
    assert len(rows(kept.database, "SELECT * FROM run")) == 1


def test_a_line_without_end_is_refused(kept: Kept, tmp_path: Path) -> None:
    """Deeply nested or endless: an error with the line."""
    path = tmp_path / "deep.jsonl"
    path.write_bytes(b'{"header":' + b"[" * 100_000 + b"\n")
    with pytest.raises(JournalDamagedError) as refused:
        kept.importing.from_file(path)
    assert str(refused.value.where).endswith("line 1")


def offloaded(**more: object) -> dict[str, object]:
    """Return a reference to data that is somewhere else."""
    return {"offloaded": {"bytes": 2, "sha256": sha256(b"{}").hexdigest(), **more}}


@pytest.mark.parametrize(
    ("entries", "content", "why"),
    [
        ([started("run_f", goal={"a": 1}), ended()], None, "says what no run_started can"),
        ([started("run_f"), ("run_ended", {"envelope": []})], None, "says what no run_ended can"),
        ([started("run_f"), ended(done=2**70)], None, "says what no run_ended can"),
        ([started("run_f", deadline="soon")], None, "says what no run_started can"),
        ([started("run_f"), ("run_waiting", {"until": "1 o'clock"})], None, "says what no run_waiting can"),
        ([started("run_f"), ("intervened", {"becomes": ["paused"]}), ended()], None, "no intervened can"),
        ([("run_started", {"offloaded": 5})], {}, "was edited"),
        ([("run_started", offloaded(more=1))], {}, "was edited"),
        ([("run_started", offloaded())], {"a": 1}, "was edited"),
        ([("run_started", offloaded())], None, "lacks its data"),
    ],
)  # fmt: skip
def test_an_event_of_another_form_is_refused(
    kept: Kept, tmp_path: Path, entries: list[Entry], content: object, why: str
) -> None:
    """Whatever a forged file puts where text, a number or a reference belongs: an error with the line."""
    path = tmp_path / "forged.jsonl"
    path.write_bytes(forged(entries, content=content))
    with pytest.raises(JournalDamagedError, match=why) as refused:
        kept.importing.from_file(path)
    assert "forged.jsonl, line " in str(refused.value.where)
    assert len(rows(kept.database, "SELECT * FROM run")) == 1


@pytest.mark.parametrize(
    "archived",
    [
        {"runId": "run_1", "seq": 4, "hash": "x"},
        {"runId": "run_1", "seq": 9, "hash": "x"},
        {"runId": "run_9", "seq": 2**70, "hash": "x"},
        {"runId": "run_\u0000", "seq": 1, "hash": "x"},
        {"runId": "run_\u202e", "seq": 1, "hash": "x"},
    ],
)
def test_a_run_of_this_store_is_not_said_to_be_elsewhere(
    kept: Kept, tmp_path: Path, archived: dict[str, object]
) -> None:
    """A smuggled note of an archive would open the journal's guard for that run: it has to be its very head."""
    note: dict[str, object] = {"archived": {**archived, "at": "at", "file": "f", "fileSha256": "x"}}
    path = tmp_path / "forged.jsonl"
    path.write_bytes(forged([started("run_f"), ended()], further=[note]))
    with pytest.raises(JournalDamagedError) as refused:
        kept.importing.from_file(path)
    assert "line 4" in str(refused.value.where)
    assert rows(kept.database, "SELECT * FROM archived") == []


@pytest.mark.parametrize(
    "lie",
    [
        "status = 'failed'",
        "status = 'running', ended_at = NULL",
        "ended_at = '2020-01-01T00:00:00.000Z'",
    ],
)
def test_a_register_that_lies_of_an_end_is_found_out(kept: Kept, lie: str) -> None:
    """The workers' role can write to it; the journal says otherwise, and makes it right again."""
    with kept.database.write() as transaction:
        transaction.execute(f"UPDATE run SET {lie}")
    (fault,) = kept.faults()
    assert fault.startswith("run_1: the register says otherwise than the events: ")
    rebuild(kept.database, kept.journal.offloading)
    assert kept.faults() == []


@pytest.mark.parametrize(
    "lie",
    [
        "ended_at = '2020-01-01T00:00:00.000Z', status = 'completed'",
        "ended_at = updated_at, status = 'completed'",
        "status = 'waiting'",
        "wake_at = '9999-01-01T00:00:00.000Z'",
        "username = 'mallory'",
    ],
)
def test_a_hidden_run_is_found_out(kept: Kept, lie: str) -> None:
    """A run that no worker would find any more is not called whole."""
    kept.run("run_2", intended(), ("group_observed", {"status": "completed"}))
    with kept.database.write() as transaction:
        transaction.execute(f"UPDATE run SET {lie} WHERE run_id = 'run_2'")
    (fault,) = kept.faults()
    assert fault.startswith("run_2: the register says otherwise than the events: ")
    rebuild(kept.database, kept.journal.offloading)
    assert kept.faults() == []


def test_a_damaged_seal_keeps_no_store_from_being_opened(kept: Kept) -> None:
    """Making the register anew reads the seals; one that says nothing is told of by verifying, not by a traceback."""
    kept.tamper("UPDATE seal SET body = 'no json'")
    assert rebuild(kept.database, kept.journal.offloading) == 1
    assert any(each.startswith("seal 1") for each in kept.faults())


def test_an_edited_run_is_not_carried_on(kept: Kept) -> None:
    """Whoever takes a run over reads its whole chain first: nothing is done on the strength of an edited event."""
    kept.run("run_2", intended())
    kept.tamper(
        """UPDATE journal SET data = replace(data, 'alice', 'mallory') WHERE run_id = 'run_2'"""
    )
    store = PrivateStore(kept.journal)
    with pytest.raises(JournalDamagedError, match=r"event 1 .* Nothing was done"):
        asyncio.run(Record.opened(store, kept.clock, "run_2", "al"))


def test_the_end_of_time_is_refused() -> None:
    """A run that waits since the last day there is could be escalated on no day: no fault of the program, either."""
    link = ("run_f", 1, "9999-12-31T23:00:00.000Z", "run_waiting", 1, "m", "{}", GENESIS, "x")
    assert not TakenRun("run_f", Walk("run_f"), 2).take(link, {})
