"""What a child does that keeps the journal: one command line, stopped before each thing it changes on the disk."""

from __future__ import annotations

import os
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import IO, Any, cast

from tests.chaos.doomed import Gate

from actwright.cli import entry
from actwright.runs.keeping import exporting, places
from actwright.runs.keeping.export_lines import LineWriter
from actwright.store.database import Transaction
from actwright.store.sqlite import SqliteDatabase
from actwright.store.sqlite_writing import SqliteTransaction

_CHANGES = re.compile(r"\s*(BEGIN IMMEDIATE|INSERT|UPDATE|DELETE|COMMIT)\b")
_FILE_EVENTS = {"os.rename", "os.link", "os.remove", "os.mkdir"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def keep(
    *, arguments: Sequence[str], within: str, gate: str | None, steps: str, piecemeal: bool = False
) -> int:
    """Run a command line; with a gate, stop there before each change, and without one, only note what they are.

    Args:
        arguments: What stands behind the program's name.
        within: The folder in which files are looked at; what is put down for a while is put there, too.
        gate: The gate's folder.
        steps: The file that the changes are noted in where there is no gate.
        piecemeal: Whether nothing is kept together: each statement is committed, each file written under its name.
    """
    tempfile.tempdir = within
    if piecemeal:
        _take_apart()
    tell = _noting(Path(steps)) if gate is None else Gate(Path(gate)).stop
    beside = [steps] if gate is None else [gate]
    _before_statements(tell)
    _before_lines(tell)
    sys.addaudithook(_before_files(tell, within, beside))
    with Path(os.devnull).open("w", encoding="utf-8") as nothing, redirect_stdout(nothing):
        return entry.run(list(arguments))


def _noting(file: Path) -> Callable[[str], None]:
    def note(name: str) -> None:
        with file.open("a", encoding="utf-8") as noted:
            noted.write(f"{name}\n")

    return note


def _before_statements(tell: Callable[[str], None]) -> None:
    """Tell before each statement that begins, changes or commits something."""
    connect: Any = sqlite3.connect

    def traced(statement: str) -> None:
        if found := _CHANGES.match(statement):
            tell(found[1])

    def connecting(*given: Any, **more: Any) -> sqlite3.Connection:
        made: sqlite3.Connection = connect(*given, **more)
        made.set_trace_callback(traced)
        return made

    cast("Any", sqlite3).connect = connecting


def _before_lines(tell: Callable[[str], None]) -> None:
    """Tell before each line of an export: with the ones before it in the file, or on their way."""
    write: Any = LineWriter.write

    def writing(self: Any, line: object) -> None:
        tell("line")
        write(self, line)

    cast("Any", LineWriter).write = writing


def _before_files(
    tell: Callable[[str], None], within: str, beside: Sequence[str]
) -> Callable[[str, tuple[Any, ...]], None]:
    """Return what tells before a file is made, written, renamed or removed; what the gate is made of is left out."""

    def heard(event: str, given: tuple[Any, ...]) -> None:
        changes = event in _FILE_EVENTS or (event == "open" and bool(given[2] & _WRITING))
        if not changes or not isinstance(given[0], (str, bytes)):
            return
        path = os.path.abspath(os.fsdecode(given[0]))  # noqa: PTH100 - no object is made in a hook
        if path.startswith(within) and not path.startswith(tuple(beside)):
            tell(event)

    return heard


def _take_apart() -> None:
    """Do away with what keeps changes together, as a mistake in the program would."""
    cast("Any", SqliteDatabase).write = _writing_apart
    for module in (exporting, places):
        vars(module)["whole_file"] = _written_in_place


@contextmanager
def _writing_apart(database: Any) -> Iterator[Transaction]:
    yield SqliteTransaction(database._connection)


@contextmanager
def _written_in_place(path: Path) -> Iterator[IO[bytes]]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb", buffering=0) as file:
        yield cast("IO[bytes]", file)
