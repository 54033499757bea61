"""Moving, taking in and copying the journal, killed from outside: all of it happened or nothing, and once more does it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from tests.chaos.doomed import Child, Gate, Zygote
from tests.examples import ALL
from tests.kept_runs import BEGUN, Kept, SteppingClock, ended, intended, rows, settled

from actwright.runs.keeping.whole_file import file_hash
from actwright.store.sqlite import SqliteDatabase

EVERY = 1 if ALL else 12
"""A process is killed before each so-manieth thing it changes; ``make chaos`` takes every one."""

OLD = {"run_1", "run_2"}
BEFORE = (BEGUN + timedelta(days=1)).date().isoformat()
LARGE = "long " * 20_000
"""So much is kept in a file beside the store."""

Told = dict[str, list[tuple[object, ...]]]


@dataclass(frozen=True)
class Errand:
    """One command over a home folder, and where that has to stand afterwards.

    Attributes:
        home: The store's folder.
        places: Other folders that it writes to.
        arguments: The command line.
        zygote: What children are forked from.
    """

    home: Path
    arguments: tuple[str, ...]
    zygote: Zygote

    @property
    def folder(self) -> Path:
        """Everything that it may change."""
        return self.home.parent

    def start(self, gate: Gate | None = None, *, piecemeal: bool = False) -> Child:
        """Let a child do it."""
        return self.zygote.child(
            "tests.chaos.kept_deeds:keep",
            arguments=[*self.arguments, "--home", str(self.home)],
            within=str(self.folder),
            gate=str(gate.folder) if gate else None,
            steps=str(self.folder / "steps"),
            piecemeal=piecemeal,
        )

    def steps(self, *, piecemeal: bool = False) -> list[str]:
        """Do it to the end, and return what it changes, in order."""
        assert self.start(piecemeal=piecemeal).ended() == 0
        noted = self.folder / "steps"
        found = noted.read_text(encoding="utf-8").splitlines()
        noted.unlink()
        return found

    def kill_before(self, place: int, *, piecemeal: bool = False) -> None:
        """Do it up to a place in what it changes, and die there."""
        gate = Gate.at(self.folder / "gate")
        with gate.watched() as reached:
            child = self.start(gate, piecemeal=piecemeal)
            for _, _step in zip(range(place + 1), reached, strict=False):
                pass
            child.kill()
        child.join()
        shutil.rmtree(gate.folder)


Errands = Callable[..., Errand]


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """Give a home with two old sealed runs, one of which is large, and a new one."""
    home = tmp_path / "filled" / "home"
    with opened(home) as kept:
        kept.run("run_1", intended(), settled(said=LARGE), ended())
        kept.run("run_2")
        kept.sealing.seal()
        kept.clock.moment = BEGUN + timedelta(days=2)
        kept.run("run_new")
    return home


@pytest.fixture
def errand(filled: Path, tmp_path: Path, zygote: Zygote) -> Errands:
    """Return what makes an errand over a fresh copy of the filled home, or over an empty one."""
    count = iter(range(10_000))

    def made(*arguments: str, empty: bool = False) -> Errand:
        home = tmp_path / f"errand{next(count)}" / "home"
        if empty:
            home.mkdir(parents=True)
        else:
            shutil.copytree(filled, home)
        told = tuple(each.replace("FOLDER", str(home.parent)) for each in arguments)
        return Errand(home, told, zygote)

    return made


@contextmanager
def opened(home: Path) -> Iterator[Kept]:
    """Open the store of a home."""
    kept = Kept(SqliteDatabase(home / "actwright.db"), home, SteppingClock())
    yield kept
    kept.database.close()


def told(home: Path, *, whole: bool = True) -> Told:
    """Return all that a store holds; it has to verify, where it is whole."""
    with opened(home) as kept:
        assert (kept.faults() == []) is whole
        return {
            table: sorted(rows(kept.database, f"SELECT * FROM {table}"))
            for table in ("journal", "run", "document", "claim", "archived", "seal")
        }


def runs_of(file: Path, home: Path) -> list[tuple[object, ...]]:
    """Return the events that an empty store takes in from a file."""
    with opened(home) as kept:
        kept.importing.from_file(file)
    found = told(home)["journal"]
    shutil.rmtree(home)
    return found


def places(steps: list[str]) -> list[int]:
    """Return the places to be killed at: a sample that has the commit and what comes behind it."""
    return sorted({*range(0, len(steps), EVERY), *range(len(steps) - 3, len(steps))})


def test_killed_while_runs_are_taken_in(errand: Errands, filled: Path, tmp_path: Path) -> None:
    """The store has nothing of the file before the commit and all of it behind; what was begun is taken in again."""
    file = tmp_path / "all.jsonl"
    with opened(filled) as kept:
        kept.exporting.to_file(file)
    command = ("journal", "import", str(file))
    calm = errand(*command, empty=True)
    steps = calm.steps()
    commit, whole = len(steps) - 1 - steps[::-1].index("COMMIT"), told(calm.home)
    assert {"INSERT", "os.rename"} <= set(steps)
    for place in places(steps):
        one = errand(*command, empty=True)
        one.kill_before(place)
        found = told(one.home)
        happened = found == whole
        assert happened or not any(found.values()), f"killed at {place}: {steps[place]}"
        assert happened is (place > commit), f"killed at {place}: {steps[place]}"
        assert one.start().ended() == 0
        assert told(one.home) == whole


def test_killed_while_runs_are_moved_out(errand: Errands, tmp_path: Path) -> None:
    """Each old run is in the store or in a file that the store names; once more moves what is left to move."""
    command = ("journal", "compact", "--before", BEFORE, "--to", "FOLDER/archive", "--undoable")
    before, calm = errand(*command), errand(*command)
    steps, at_first = calm.steps(), told(before.home)
    assert {"line", "os.rename", "DELETE", "COMMIT"} <= set(steps)
    for place in places(steps):
        one = errand(*command)
        one.kill_before(place)
        found = told(one.home)
        happened = found != at_first
        assert happened is (place > steps.index("COMMIT")), f"killed at {place}: {steps[place]}"
        assert one.start().ended() == 0
        check_moved(one, at_first, tmp_path / "elsewhere")


def check_moved(one: Errand, at_first: Told, elsewhere: Path) -> None:
    """Hold a store to having moved the old runs out: all that is gone can be had from the file that it names."""
    found = told(one.home)
    (name, digest), *more = {(row[4], row[5]) for row in found["archived"]}
    assert not more
    file = one.folder / "archive" / str(name)
    assert file_hash(file) == digest
    assert {row[0] for row in found["archived"]} == OLD
    assert {row[0] for row in found["run"]} == {"run_new"}
    assert len(found["seal"]) == len(at_first["seal"]) + 1
    gone = [row for row in at_first["journal"] if row[0] in OLD]
    assert found["journal"] == [row for row in at_first["journal"] if row[0] not in OLD]
    assert runs_of(file, elsewhere) == gone


def test_killed_while_a_backup_is_made(errand: Errands, tmp_path: Path) -> None:
    """There is no backup, or one that holds every run; the store stays as it was, and once more makes one."""
    command = ("journal", "backup", "--to", "FOLDER/kept")
    calm = errand(*command)
    at_first, steps = told(calm.home), calm.steps()
    whole = at_first["journal"]
    # The last file to get its name is the backup: the one before it is a copy on the way.
    named = len(steps) - 1 - steps[::-1].index("os.rename")
    for place in places(steps):
        one = errand(*command)
        one.kill_before(place)
        kept = backups(one)
        assert bool(kept) is (place > named), f"killed at {place}: {steps[place]}"
        assert one.start().ended() == 0
        assert told(one.home) == at_first
        assert len(backups(one)) >= 1
        for each in backups(one):
            assert runs_of(each, tmp_path / "elsewhere") == whole


def backups(one: Errand) -> list[Path]:
    """Return the backups there are; what has no name yet is none."""
    return sorted((one.folder / "kept").glob("actwright-backup-*"))


def test_these_tests_notice_what_is_not_kept_together(errand: Errands) -> None:
    """With each statement committed by itself and files written under their names, a killed process leaves a half."""
    export = ("journal", "export", "--out", "FOLDER/all.jsonl")
    calm, torn = errand(*export), errand(*export)
    steps = calm.steps(piecemeal=True)
    torn.kill_before(len(steps) - 1, piecemeal=True)
    whole, half = (each.folder / "all.jsonl" for each in (calm, torn))
    lines, fewer = (each.read_bytes().splitlines() for each in (whole, half))
    assert lines[1:-1] == fewer[1:]
    calm, torn = (errand("journal", "import", str(whole), empty=True) for _ in range(2))
    steps = calm.steps(piecemeal=True)
    torn.kill_before(len(steps) - 1 - steps[::-1].index("INSERT"), piecemeal=True)
    assert any(told(torn.home, whole=False).values())
