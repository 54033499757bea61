"""Export and import: whatever goes out comes in again word for word, and a file that is not whole changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from tests.kept_runs import Kept, SteppingClock, intended, rows, settled, unguarded

from actwright.errors import (
    DocumentError,
    JournalDamagedError,
    JournalUnknownError,
    NotFoundError,
    StoreError,
)
from actwright.runs.record.chain import COLUMNS, hash_of
from actwright.runs.record.event import GENESIS
from actwright.runs.undoing.decision import UndoDecisions
from actwright.store.database import Transaction
from actwright.store.documents import claim
from actwright.store.offloading import reference_text
from actwright.store.sqlite import SqliteDatabase

TABLES = {
    "journal": "SELECT * FROM journal ORDER BY run_id, seq",
    "run": "SELECT * FROM run ORDER BY run_id",
    "document": "SELECT kind, id, parent, body, at FROM document ORDER BY kind, id",
    "claim": "SELECT kind, key, holder FROM claim ORDER BY kind, key",
    "seal": "SELECT * FROM seal ORDER BY number",
}
DOCUMENT = "INSERT INTO document (kind, id, parent, body, at) VALUES (?, ?, NULL, ?, 'then')"

Lines = list[bytes]


def full(kept: Kept) -> Kept:
    """Fill a store: two runs with their documents, one with large data and long numbers, under a seal."""
    kept.run("run_1", settled(), settled(2, note="x" * 70_000, count=2**60, gone=None))
    kept.journal.append(
        "run_1",
        [("run_ended", {"envelope": {"success": True}, "status": "completed"})],
        actor="al",
        after=kept.journal.head("run_1"),
    )
    kept.run("run_2")
    with kept.database.write() as transaction:
        for run_id in ("run_1", "run_2"):
            for kind, short in (("plan", "plan"), ("preview", "prv"), ("confirmation", "cnf")):
                transaction.execute(DOCUMENT, (kind, f"{short}_{run_id}", '{"id":"x"}'))
                if kind != "plan":
                    key = f"{short}_{run_id}"
                    claim(transaction, kind, key, holder=run_id, at="then")
        transaction.execute(DOCUMENT, ("plan", "plan_of_nobody", "{}"))
    kept.sealing.seal()
    return kept


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """Give an export of a full store."""
    (tmp_path / "from").mkdir()
    source = Kept(SqliteDatabase(tmp_path / "from" / "a.db"), tmp_path / "from", SteppingClock())
    full(source).exporting.to_file(tmp_path / "runs.jsonl")
    yield tmp_path / "runs.jsonl"
    source.database.close()


def contents(kept: Kept, *but: str) -> dict[str, object]:
    """Return what is in the tables that an export is about."""
    return {name: rows(kept.database, sql) for name, sql in TABLES.items() if name not in but}


def rewritten(path: Path, change: Callable[[Lines], Lines]) -> Path:
    """Change the lines of an export, and give it a last line that fits again."""
    lines = change(path.read_bytes().splitlines(keepends=True)[:-1])
    digest = sha256(b"".join(lines)).hexdigest()
    trailer = {"trailer": {"lines": len(lines), "sha256": digest}}
    path.write_bytes(b"".join(lines) + json.dumps(trailer).encode() + b"\n")
    return path


def swapped(old: str, new: str, number: int | None = None) -> Callable[[Lines], Lines]:
    """Return a change of a text in one line, or in all."""

    def change(lines: Lines) -> Lines:
        return [
            each.replace(old.encode(), new.encode()) if number in {None, at} else each
            for at, each in enumerate(lines, start=1)
        ]

    return change


def test_what_goes_out_comes_in_word_for_word(kept: Kept, file: Path, tmp_path: Path) -> None:
    """Events, documents, used answers and seals, into either database; twice changes nothing more."""
    source = Kept(SqliteDatabase(tmp_path / "from" / "a.db"), tmp_path / "from", SteppingClock())
    kept.key = source.key
    first = kept.importing.from_file(file)
    assert (first.runs, first.events, first.documents, first.seals) == (2, 8, 6, 1)
    assert contents(kept, "document") == contents(source, "document")
    assert kept.journal.events("run_1") == source.journal.events("run_1")
    assert kept.verify().whole
    before = contents(kept)
    again = kept.importing.from_file(file)
    assert (again.runs, again.present, again.events, again.seals) == (0, 2, 0, 0)
    assert contents(kept) == before
    (tmp_path / "again").mkdir()
    kept.exporting.to_file(tmp_path / "again" / "runs.jsonl")
    assert (tmp_path / "again" / "runs.jsonl").read_bytes().splitlines()[1:-1] == (
        file.read_bytes().splitlines()[1:-1]
    )


def test_one_run_goes_out_alone(kept: Kept, small: Kept, tmp_path: Path) -> None:
    """With its own documents, and without the seals; an unknown run is refused."""
    full(kept)
    out = kept.exporting.to_file(tmp_path / "one.jsonl", ["run_2"])
    assert (out.runs, out.events) == (1, 4)
    assert out.sha256 == sha256((tmp_path / "one.jsonl").read_bytes()).hexdigest()
    taken = small.importing.from_file(tmp_path / "one.jsonl")
    assert (taken.runs, taken.documents, taken.seals) == (1, 3, 0)
    with pytest.raises(NotFoundError):
        kept.exporting.to_file(tmp_path / "none.jsonl", ["run_9"])
    assert not (tmp_path / "none.jsonl").exists()


def test_a_run_that_went_on_goes_on_here(kept: Kept, tmp_path: Path, small: Kept) -> None:
    """Where the store has its beginning, only the rest is written."""
    head = kept.run("run_1", intended())
    kept.exporting.to_file(tmp_path / "early.jsonl")
    kept.journal.append("run_1", [settled()], actor="al", after=head)
    kept.exporting.to_file(tmp_path / "late.jsonl")
    small.importing.from_file(tmp_path / "early.jsonl", unfinished=True)
    taken = small.importing.from_file(tmp_path / "late.jsonl", unfinished=True)
    assert (taken.extended, taken.events) == (1, 1)
    assert small.importing.from_file(tmp_path / "early.jsonl").present == 1
    assert small.journal.events("run_1") == kept.journal.events("run_1")


def test_a_run_that_has_not_ended_needs_a_word(kept: Kept, tmp_path: Path, small: Kept) -> None:
    """Two stores would carry it out: it is refused, with the way out."""
    kept.run("run_1", intended())
    kept.exporting.to_file(tmp_path / "runs.jsonl")
    with pytest.raises(StoreError, match="run_1 has not ended") as refused:
        small.importing.from_file(tmp_path / "runs.jsonl")
    assert "--unfinished" in str(refused.value.hint)
    assert rows(small.database, TABLES["journal"]) == []


@pytest.mark.parametrize(
    ("change", "line", "told"),
    [
        (swapped('"groupId":"g1"', '"groupId":"g9"'), 3, "event 2 (group_settled) was changed"),
        (swapped('"actor":"al"', '"actor":"me"', 6), 6, "run_2: event 1 (run_started) was changed"),
        (lambda lines: [*lines[:2], *lines[3:]], 3, "run_1: event 2 is missing"),
        (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], 3, "run_1: event 2 is missing"),
        (lambda lines: [*lines[:3], lines[6], *lines[3:]], 4, "run_2: event 1 is missing"),
        (lambda lines: [*lines[:3], lines[5], *lines[3:]], 5, "run_1 goes on here"),
        (swapped("xxxxxxxx", "xxxxxxyx", 4), 4, "The data of event 3 of run_1 was edited"),
        (swapped('"content"', '"other"', 4), 4, "no line of an exported journal"),
        (swapped('"events":8', '"events":9', 1), None, "more or fewer events"),
        (lambda lines: [*lines[1:], lines[0]], 1, "This is no exported journal"),
        (lambda lines: [*lines, lines[0]], 17, "stands in the wrong place"),
        (lambda lines: [*lines[:9], b"{}\n", *lines[9:]], 10, "stands in the wrong place"),
        (lambda lines: [*lines[:9], b"[1]\n", *lines[9:]], 10, "no line of an exported journal"),
        (lambda lines: [*lines[:9], b"\xff\n", *lines[9:]], 10, "no line of an exported journal"),
        (swapped('"id":"plan_run_1"', '"id":"plan_x"'), 10, "No run of the file refers to"),
    ],
)  # fmt: skip
def test_an_edited_file_is_refused_with_its_line(
    small: Kept, file: Path, change: Callable[[Lines], Lines], line: int | None, told: str
) -> None:
    """Edited, cut in the middle, reordered, foreign: also with a last line that fits; nothing is taken in."""
    path = rewritten(file, change)
    with pytest.raises(JournalDamagedError) as refused:
        small.importing.from_file(path)
    assert told in str(refused.value)
    assert str(refused.value.where) == (f"{path}, line {line}" if line else str(path))
    assert all(not each for each in contents(small).values())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda content: content.replace(b'"al"', b'"me"', 1), "was changed"),
        (lambda content: content.replace(b'"at":"then"', b'"at":"thus"', 1), "The file was edited"),
        (lambda content: content[: content.rindex(b'{"trailer"')], "cut off"),
        (lambda content: content[:-40], "no line"),
        (lambda content: content + b"{}\n", "behind the last line"),
        (lambda content: content.replace(b'"lines":16', b'"lines":15'), "16 are here"),
        (lambda _: b"", "cut off"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(
    small: Kept, file: Path, change: Callable[[bytes], bytes], told: str
) -> None:
    """Whatever stands in it."""
    file.write_bytes(change(file.read_bytes()))
    with pytest.raises(JournalDamagedError, match=told):
        small.importing.from_file(file)
    assert all(not each for each in contents(small).values())


def test_a_broken_line_is_named_once_with_its_column(small: Kept, file: Path) -> None:
    """The line of the file, not that of the text within it too."""
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(lines[0] + lines[1][:40])
    with pytest.raises(JournalDamagedError) as refused:
        small.importing.from_file(file)
    assert str(refused.value).count(", line ") == 1
    assert f"{file}, line 2, column " in str(refused.value.where)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (swapped('"format":2', '"format":3', 1), "has format 3"),
        (swapped('"format":2', '"format":0', 1), "has format 0"),
        (swapped('"kind":"group_settled"', '"kind":"group_flown"', 3), "'group_flown' in form 1"),
        (swapped('"version":1', '"version":9', 3), "in form 9"),
    ],
)
def test_a_newer_file_is_refused(
    small: Kept, file: Path, change: Callable[[Lines], Lines], told: str
) -> None:
    """With the way out."""
    with pytest.raises(JournalUnknownError, match=told) as refused:
        small.importing.from_file(rewritten(file, change))
    assert "Upgrade" in str(refused.value.hint)
    assert all(not each for each in contents(small).values())


def test_a_file_of_the_form_before_is_taken_in(small: Kept, file: Path) -> None:
    """Form 1 knew no line of what is left out; all else is the same."""
    taken = small.importing.from_file(rewritten(file, swapped('"format":2', '"format":1', 1)))
    assert (taken.runs, taken.events, taken.left_out) == (2, 8, ())


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (
            "UPDATE journal SET data = replace(data, 'g1', 'g9') WHERE run_id = 'run_1' AND seq = 2",
            "event 2 (group_settled) was changed after it was written, or is another run's",
        ),
        (
            "DELETE FROM journal WHERE run_id = 'run_1' AND seq = 4",
            "event 4 is missing, with all that came behind it",
        ),
        (
            "DELETE FROM journal WHERE run_id = 'run_1'",
            "event 1 is missing, with all that came behind it",
        ),
        (
            "UPDATE run SET hash = 'x' WHERE run_id = 'run_1'",
            "the run was written anew up to event 4, as the register shows",
        ),
        (
            "DELETE FROM run WHERE run_id = 'run_1'",
            "the register does not know it: it was written past the program",
        ),
        (
            "UPDATE run SET (seq, hash) = (SELECT seq, hash FROM journal WHERE run_id = 'run_1' AND seq = 2) WHERE run_id = 'run_1'",
            "event 3 was written past the program",
        ),
        (
            "UPDATE run SET seq = -3 WHERE run_id = 'run_1'",
            "the run was written anew up to event -3, as the register shows",
        ),
    ],
)
def test_a_damaged_run_keeps_no_other_from_being_exported(
    kept: Kept, small: Kept, tmp_path: Path, damage: str, told: str
) -> None:
    """It is left out, the file names it with its first bad event, and what is sound comes in elsewhere."""
    full(kept)
    kept.tamper(damage)
    out = kept.exporting.to_file(tmp_path / "runs.jsonl")
    assert (out.runs, out.events) == (1, 4)
    assert [str(each) for each in out.left_out] == [f"run_1: {told}"]
    small.key = kept.key
    taken = small.importing.from_file(tmp_path / "runs.jsonl")
    assert (taken.runs, taken.events, taken.documents, taken.seals) == (1, 4, 3, 1)
    assert taken.left_out == out.left_out
    assert small.journal.events("run_2") == kept.journal.events("run_2")
    assert [each.split(",")[0] for each in small.faults()] == ["run_1: event 1 is missing"]


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        ("group_settled", '{"groupId": "g1","outcomes":[]}', "says what no group_settled can"),
        ("group_settled", '{"groupId":', "The document is no JSON"),
        ("group_settled", "[1]", "breaks its contract"),
        ("group_settled", '{"groupId":"g1","groupId":"g2"}', "stands there twice"),
        ("run_started", '{"goal":5}', "says what no run_started can"),
        ("run_started", '{"planId":["a"]}', "says what no run_started can"),
    ],
)
def test_what_no_store_would_take_in_is_left_out(
    small: Kept, tmp_path: Path, kind: str, text: str, told: str
) -> None:
    """Also where somebody made the chain and the register fit again: the file can always be taken in."""
    full(small)
    with unguarded(small.database) as execute:
        last = GENESIS
        for row in execute(f"SELECT {COLUMNS} FROM journal WHERE run_id = 'run_2'").fetchall():
            data, before = text if row[3] == kind else row[6], last
            last = hash_of(row[0], row[1], row[2], row[3], row[4], row[5], data, before)
            execute(
                "UPDATE journal SET data = ?, prev_hash = ?, hash = ? WHERE run_id = 'run_2' AND seq = ?",
                (data, before, last, row[1]),
            )
        execute("UPDATE run SET hash = ? WHERE run_id = 'run_2'", (last,))
    out = small.exporting.to_file(tmp_path / "runs.jsonl")
    assert [each.run_id for each in out.left_out] == ["run_2"]
    assert told in out.left_out[0].what
    other = SqliteDatabase(tmp_path / "other.db")
    taken = Kept(other, tmp_path, SteppingClock()).importing.from_file(tmp_path / "runs.jsonl")
    assert (taken.runs, taken.left_out) == (1, out.left_out)
    other.close()


def test_what_cannot_be_read_is_left_out(small: Kept, tmp_path: Path) -> None:
    """Text that is none, of an event, of a document and of a note of an archive, each by name."""
    full(small)
    small.tamper(
        "UPDATE journal SET data = CAST(x'7bff7d' AS TEXT) WHERE run_id = 'run_1' AND seq = 2",
        "UPDATE document SET body = CAST(x'7bff7d' AS TEXT) WHERE id = 'plan_run_2'",
        "INSERT INTO archived (run_id, seq, hash, at, file, file_sha256) VALUES ('rün', 0, '', '', '', '')",
    )
    out = small.exporting.to_file(tmp_path / "runs.jsonl")
    assert (out.runs, out.events) == (1, 4)
    assert [(each.run_id, each.document) for each in out.left_out] == [
        (None, None),
        ("run_1", None),
        (None, "plan_run_2"),
    ]
    told = [str(each) for each in out.left_out]
    assert all(
        name in text for name, text in zip(("rün", "run_1", "plan_run_2"), told, strict=True)
    )


def test_a_store_that_cannot_be_read_at_all_is_no_damaged_run(
    small: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written then, so that nobody takes an empty file for what could be saved."""
    full(small)
    read, opened = small.database.read, list[None]()

    def failing() -> AbstractContextManager[Transaction]:
        opened.append(None)
        if len(opened) > 3:
            raise StoreError("The server is gone.")
        return read()

    monkeypatch.setattr(small.database, "read", failing)
    with pytest.raises(StoreError, match="The server is gone"):
        small.exporting.to_file(tmp_path / "runs.jsonl")
    assert not (tmp_path / "runs.jsonl").exists()


def decided(kept: Kept, run_id: str = "run_1") -> UndoDecisions:
    """Let a person decide on what one run did."""
    made = UndoDecisions(kept.database, kept.clock)
    made.record(run_id, ["a1.1"], "resolved", who="Ann", why="Set right by hand")
    return made


def test_what_was_decided_of_an_undo_goes_where_its_run_goes(
    kept: Kept, small: Kept, tmp_path: Path
) -> None:
    """With the run alone too, and only with its own; the same may come again, also to a run that was there before."""
    full(kept)
    kept.exporting.to_file(tmp_path / "before.jsonl")
    small.importing.from_file(tmp_path / "before.jsonl")
    said = decided(kept)
    decided(kept, "run_2")
    kept.exporting.to_file(tmp_path / "one.jsonl", ["run_1"])
    assert small.importing.from_file(tmp_path / "one.jsonl").documents == 1
    here = UndoDecisions(small.database, small.clock)
    assert here.of("run_1") == said.of("run_1") != {}
    assert here.of("run_2") == {}
    assert small.importing.from_file(tmp_path / "one.jsonl").documents == 0
    kept.exporting.to_file(tmp_path / "all.jsonl")
    assert small.importing.from_file(tmp_path / "all.jsonl").documents == 1
    assert here.of("run_2") == said.of("run_2") != {}


def test_a_day_has_the_runs_whose_undo_was_decided_on_then(small: Kept) -> None:
    """Which may be long after their own day."""
    small.run("run_1")
    small.run("run_2")
    small.clock.moment += timedelta(days=3)
    decided(small)
    assert small.exporting.runs_of(date(2026, 11, 20)) == ("run_1", "run_2")
    assert small.exporting.runs_of(date(2026, 11, 23)) == ("run_1",)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('"parent":"run_1"', '"parent":"run_9"'), "No run of the file refers to"),
        (('"parent":"run_1"', '"parent":"run_2"'), "does not say what its line says"),
        (('\\"verdict\\":\\"resolved\\"', '\\"verdict\\":\\"undone\\"'), "says what no decision can"),
        (('{\\"at\\"', '{ \\"at\\"'), "does not say what its line says"),
        (('"body":"{', '"body":"[{'), "says what no decision can"),
    ],
)  # fmt: skip
def test_a_forged_decision_is_refused(
    kept: Kept, small: Kept, tmp_path: Path, change: tuple[str, str], told: str
) -> None:
    """Of no run, of another run, or of no such form; nothing of the file is taken in."""
    full(kept)
    decided(kept)
    kept.exporting.to_file(tmp_path / "runs.jsonl")
    lines = (tmp_path / "runs.jsonl").read_bytes().splitlines()
    number = next(at for at, each in enumerate(lines, start=1) if b"udc_" in each)
    assert change[0].encode() in lines[number - 1]
    path = rewritten(tmp_path / "runs.jsonl", swapped(*change, number))
    with pytest.raises(JournalDamagedError, match=told) as refused:
        small.importing.from_file(path)
    assert refused.value.where == f"{path}, line {number}"
    assert all(not each for each in contents(small).values())


def test_another_decision_of_the_same_id_is_refused(
    kept: Kept, small: Kept, tmp_path: Path
) -> None:
    """The store's own stays as it was said."""
    full(kept)
    said = decided(kept).of("run_1")
    kept.exporting.to_file(tmp_path / "runs.jsonl")
    small.importing.from_file(tmp_path / "runs.jsonl")
    path = rewritten(tmp_path / "runs.jsonl", swapped("Set right by hand", "Set right by me"))
    with pytest.raises(StoreError, match="another undo_decision"):
        small.importing.from_file(path)
    assert UndoDecisions(small.database, small.clock).of("run_1") == said


def test_a_damaged_decision_is_left_out_by_name(kept: Kept, small: Kept, tmp_path: Path) -> None:
    """And everything else goes out, in a file that is taken in."""
    full(kept)
    with kept.database.write() as transaction:
        transaction.execute(
            "INSERT INTO document (kind, id, parent, body, at) VALUES ('undo_decision', 'udc_1', 'run_1', '{}', 'then')"
        )
    out = kept.exporting.to_file(tmp_path / "runs.jsonl")
    assert [each.what[:23] for each in out.left_out] == ["The undo_decision udc_1"]
    assert small.importing.from_file(tmp_path / "runs.jsonl").left_out == out.left_out


def test_what_the_blob_store_lost_is_put_back_and_counted(
    kept: Kept, small: Kept, tmp_path: Path
) -> None:
    """Of an event and of a document; what was there before is not counted."""
    full(kept)
    with kept.database.write() as transaction:
        transaction.execute(DOCUMENT, ("preview", "prv_run_3", '"' + "x" * 70_000 + '"'))
    kept.run("run_3")
    kept.exporting.to_file(tmp_path / "runs.jsonl")
    assert small.importing.from_file(tmp_path / "runs.jsonl").put_back == 0
    assert small.importing.from_file(tmp_path / "runs.jsonl").put_back == 0
    for each in (small.folder / "blobs").rglob("*"):
        if each.is_file():
            each.unlink()
    assert small.faults()
    assert small.importing.from_file(tmp_path / "runs.jsonl").put_back == 2
    assert small.faults() == []


def test_documents_of_a_run_with_a_large_beginning_come_along(
    kept: Kept, small: Kept, tmp_path: Path
) -> None:
    """What its first event refers to stands in the blob store then; its answer is used up all the same."""
    kept.run("run_1", goal="x" * 70_000)
    with kept.database.write() as transaction:
        transaction.execute(DOCUMENT, ("plan", "plan_run_1", "{}"))
    kept.exporting.to_file(tmp_path / "runs.jsonl")
    assert small.importing.from_file(tmp_path / "runs.jsonl").documents == 1
    assert rows(small.database, "SELECT kind, key FROM claim ORDER BY kind") == [
        ("confirmation", "cnf_run_1"),
        ("preview", "prv_run_1"),
    ]


def test_lost_data_is_left_out_by_name_too(kept: Kept, small: Kept, tmp_path: Path) -> None:
    """A blob that is gone costs the runs and the documents that were in it, and nothing else."""
    full(kept)
    with kept.database.write() as transaction:
        reference = reference_text("x" * 70_000)
        transaction.execute(DOCUMENT, ("preview", "prv_run_3", reference))
    kept.run("run_3")
    for each in (kept.folder / "blobs").rglob("*"):
        if each.is_file():
            each.unlink()
    out = kept.exporting.to_file(tmp_path / "runs.jsonl")
    assert (out.runs, out.events) == (2, 8)
    assert [(each.run_id, each.document) for each in out.left_out] == [
        ("run_1", None),
        (None, "prv_run_3"),
    ]
    assert all("cannot be read: " in each.what for each in out.left_out)
    taken = small.importing.from_file(tmp_path / "runs.jsonl")
    assert (taken.runs, taken.left_out) == (2, out.left_out)


def test_a_file_cannot_leave_out_what_it_has(kept: Kept, small: Kept, tmp_path: Path) -> None:
    """The counts of its header hold, with what is left out: nothing goes missing without being named."""
    full(kept)
    kept.tamper("DELETE FROM journal WHERE run_id = 'run_1'")
    kept.exporting.to_file(tmp_path / "runs.jsonl")
    content = (tmp_path / "runs.jsonl").read_bytes()
    for change, told in (
        (swapped('"runId":"run_1"', '"runId":"run_2"', 9), "the file has told of it before"),
        (lambda lines: [*lines[:9], lines[8], *lines[9:]], "the file has told of it before"),
        (lambda lines: [*lines[:8], *lines[9:]], "more or fewer events"),
        (swapped('"events":4', '"events":3', 9), "more or fewer events"),
        (swapped('"format":2', '"format":1', 1), "leaves nothing out"),
        (swapped('"runId":"run_1"', '"document":"plan_x"', 9), "No run of the file refers to"),
    ):
        (tmp_path / "runs.jsonl").write_bytes(content)
        with pytest.raises(JournalDamagedError, match=told):
            small.importing.from_file(rewritten(tmp_path / "runs.jsonl", change))
    assert rows(small.database, TABLES["journal"]) == []


def test_another_run_of_the_same_name_is_refused(small: Kept, file: Path) -> None:
    """What the store has stays; the line where the run begins is named."""
    small.run("run_2", settled())
    before = contents(small)
    with pytest.raises(JournalDamagedError, match="run_2 is another run") as refused:
        small.importing.from_file(file)
    assert str(refused.value.where).endswith("line 6")
    assert contents(small) == before


@pytest.mark.parametrize("table", ["document", "claim"])
def test_what_this_store_knows_otherwise_is_refused(small: Kept, file: Path, table: str) -> None:
    """Another document under an id, or a yes that another run has used."""
    with small.database.write() as transaction:
        if table == "document":
            transaction.execute(DOCUMENT, ("plan", "plan_run_2", "{}"))
        else:
            claim(transaction, "confirmation", "cnf_run_2", holder="run_7", at="then")
    before = contents(small)
    with pytest.raises(StoreError, match=r"This store has another plan|used by another run"):
        small.importing.from_file(file)
    assert contents(small) == before


def test_seals_of_another_key_are_left_out(small: Kept, file: Path) -> None:
    """The runs come in; the store seals them itself."""
    small.key.make()
    taken = small.importing.from_file(file)
    assert (taken.runs, taken.seals, taken.seals_left_out) == (2, 0, 1)
    seal = small.sealing.seal()
    assert seal is not None
    assert len(seal.content().heads) == 2
    assert small.verify().whole


def test_a_missing_file_and_a_full_place_are_named(small: Kept, tmp_path: Path) -> None:
    """Neither is a traceback."""
    with pytest.raises(DocumentError, match="cannot be read"):
        small.importing.from_file(tmp_path / "none.jsonl")
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        small.exporting.to_file(tmp_path / "file" / "runs.jsonl")
