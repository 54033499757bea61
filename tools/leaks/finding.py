"""What a scan found: where a needle stands, and never what it says; and what was looked through."""

from __future__ import annotations

from dataclasses import dataclass, field

from tools.leaks.needle import Needle


@dataclass(frozen=True, order=True)
class Leak:
    """A needle that stands where it may not.

    Attributes:
        file: The file, seen from where the scan began; or the test whose output it is.
        place: Where in it: a line, or a table, a row and a column.
        what: What stands there, in words that do not repeat it.
    """

    file: str
    place: str
    what: str

    @classmethod
    def of(cls, needle: Needle, file: str, place: str) -> Leak:
        """Return the leak of a needle."""
        return cls(file, place, f"{needle.kind}: {needle.what}")

    def __str__(self) -> str:
        return f"{self.file}, {self.place}: {self.what}"


@dataclass
class Report:
    """What was looked through, and what was found.

    Attributes:
        leaks: What was found.
        stores: How many stores were read.
        rows: How many rows of theirs.
        files: How many files that telemetry, a cassette, a report or a log is in.
        outputs: How many tests' outputs.
        planted: Folders left out because a test planted something in them.
        damaged: What cannot be read: files, and stores, whose bytes were searched for secrets instead.
    """

    leaks: list[Leak] = field(default_factory=list)
    stores: int = 0
    rows: int = 0
    files: int = 0
    outputs: int = 0
    planted: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    @property
    def looked(self) -> bool:
        """Whether there was anything to look through; a scan of nothing proves nothing."""
        return bool(self.stores or self.files or self.outputs)

    def summary(self) -> str:
        """Return one sentence on what was looked through."""
        left_out = f"; {len(self.planted)} folders with planted values left out"
        damaged = f"; {len(self.damaged)} damaged or unreadable files"
        return (
            f"{len(self.leaks)} leaks in {self.stores} stores ({self.rows} rows), {self.files} files and "
            f"{self.outputs} outputs{left_out if self.planted else ''}{damaged if self.damaged else ''}."
        )
