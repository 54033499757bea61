"""Looking through stores, files and outputs for what may not stand in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from tools.leaks.artifacts import Artifact, artifacts
from tools.leaks.demo_org import personal_needles
from tools.leaks.finding import Leak, Report
from tools.leaks.needle import Needles
from tools.leaks.secrets import secret_needles
from tools.leaks.stores import cells


class Scan:
    """Looks through what it is given, and keeps what it finds in one report."""

    def __init__(self) -> None:
        self.report = Report()

    @cached_property
    def _strict(self) -> Needles:
        return Needles((*secret_needles(), *personal_needles()))

    @cached_property
    def _unrecorded(self) -> Needles:
        """What may not even stand in the record of plans and runs."""
        return self._strict.of({"secret", "handed"})

    @cached_property
    def _secrets(self) -> Needles:
        return self._strict.of({"secret"})

    def below(self, root: Path) -> None:
        """Look through everything below a folder that telemetry, a cassette, a report or a log is in; or one file."""
        base = root.parent if root.is_file() else root
        for each in artifacts(root, self.report.planted):
            name = str(each.path.relative_to(base))
            try:
                self._artifact(each, name)
            except OSError:
                self.report.damaged.append(name)

    def _artifact(self, artifact: Artifact, name: str) -> None:
        if artifact.sort == "store":
            self._store(artifact.path, name)
        else:
            self._file(artifact, name)

    def output(self, test: str, title: str, text: str) -> None:
        """Look through what a test printed or logged; what is printed is for a person, and may name people.

        Args:
            test: The test.
            title: What it is, in pytest's words: ``Captured log call``.
            text: What it says.
        """
        self.report.outputs += 1
        needles = self._strict if " log" in title else self._secrets
        self._add(needles, text.encode(errors="replace"), test, title)

    def _file(self, artifact: Artifact, name: str) -> None:
        needles = self._secrets if artifact.sort == "shown" else self._strict
        data = artifact.data()
        self.report.files += 1
        if any(needles.within(data)):
            for number, line in enumerate(data.split(b"\n"), 1):
                self._add(needles, line, name, f"line {number}")

    def _store(self, path: Path, name: str) -> None:
        rows = set[str]()
        try:
            for each in cells(path):
                needles = self._unrecorded if each.record else self._strict
                self._add(needles, each.data, name, each.place)
                rows.add(each.row)
        except sqlite3.Error:
            self.report.damaged.append(name)
            self._add(self._unrecorded, path.read_bytes(), name, "its bytes")
        self.report.stores += bool(rows)
        self.report.rows += len(rows)

    def _add(self, needles: Needles, data: bytes, file: str, place: str) -> None:
        self.report.leaks += (Leak.of(each, file, place) for each in needles.within(data))


def scan(paths: Iterable[Path]) -> Report:
    """Look through some folders and files, and return what was found."""
    looking = Scan()
    for each in paths:
        looking.below(each)
    return looking.report


def told(report: Report) -> Iterator[str]:
    """Yield the lines that tell a person about a scan."""
    yield from map(str, sorted(report.leaks))
    yield report.summary()
    if report.leaks:
        yield (
            "Nothing of this may be kept: redact it before it is written (docs/telemetry.md, The scan)."
        )
    if not report.looked:
        yield "There was nothing to look through, which proves nothing: name the folder the suite wrote to."
