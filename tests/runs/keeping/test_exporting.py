"""Export and import: whatever goes out comes in again word for word, and a file that is not whole changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from tests.kept_runs import Kept, SteppingClock, intended, rows, settled

from actwright.errors import (
    JournalDamagedError,
    JournalUnknownError,
    NotFoundError,
    StoreError,
)
from actwright.store.documents import claim
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


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (swapped('"format":1', '"format":2', 1), "has format 2"),
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
    with pytest.raises(StoreError, match="cannot be read"):
        small.importing.from_file(tmp_path / "none.jsonl")
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        small.exporting.to_file(tmp_path / "file" / "runs.jsonl")
