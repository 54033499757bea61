"""The lines of an exported journal: JSON, one thing a line, a header first and a trailer with a hash over all of it."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import IO, Annotated, Any, Literal

from pydantic import Field

from actwright.canonical import canonical_bytes, plain
from actwright.contract import Contract
from actwright.document import parse_json, validated
from actwright.errors import DocumentError, ExportDamagedError, JournalUnknownError
from actwright.runs.keeping.seal import Seal
from actwright.runs.record.chain import Link

_Id = Annotated[str, Field(pattern="^[ -~]{1,200}$")]
_Number = Annotated[int, Field(ge=1, lt=2**63)]

FORMAT = 2
"""The form of the file; a newer one is refused, and an older one is read all the same."""

LEAVES_OUT = 2
"""The first form that can say what is left out."""

_LONGEST = 1024 * 1024 * 1024


class Header(Contract):
    """The first line."""

    actwright: Literal["journal"]
    format: int
    at: str
    """When the export was made."""
    runs: int
    """Runs there were to be exported; each stands in the file, or is named as left out."""
    events: int
    """Their events."""
    complete: bool
    """Whether all runs of its store were to be exported, with the seals."""


class DocumentLine(Contract):
    """A plan, preview or confirmation that a run refers to, or what a person decided of its undo."""

    kind: Literal["plan", "preview", "confirmation", "undo_decision"]
    id: _Id
    parent: str | None = None
    body: str
    """Its canonical JSON, as it was stored."""
    at: str


class EventLine(Contract):
    """One event."""

    run_id: _Id
    seq: _Number
    at: str
    kind: str
    version: int
    actor: str
    data: dict[str, Any]
    """What the journal holds of it: of offloaded data the reference."""
    content: dict[str, Any] | None = None
    """The data a reference stands for."""
    prev_hash: str
    hash: str

    @property
    def link(self) -> Link:
        """The row of the journal."""
        data = canonical_bytes(self.data).decode()
        before = (self.run_id, self.seq, self.at, self.kind, self.version, self.actor)
        return (*before, data, self.prev_hash, self.hash)


class LeftOutLine(Contract):
    """A run or a document that the file has not, since its store does not have it as it was written."""

    run_id: str | None = None
    document: str | None = None
    events: int = Field(default=0, ge=0, lt=2**63)
    """How many events the run has by the register of its store."""
    what: str
    """What is wrong with it, in words."""


class ArchivedLine(Contract):
    """A run that was moved out before."""

    run_id: _Id
    seq: _Number
    hash: str
    at: str
    file: str
    file_sha256: str


class Trailer(Contract):
    """The last line."""

    lines: int
    """How many lines stand above it."""
    sha256: str
    """Over the bytes of these lines."""


class Line(Contract):
    """One line: exactly one of these."""

    header: Header | None = None
    event: EventLine | None = None
    document: DocumentLine | None = None
    left_out: LeftOutLine | None = None
    archived: ArchivedLine | None = None
    seal: Seal | None = None
    trailer: Trailer | None = None

    @property
    def rank(self) -> int:
        """Where in a file it may stand: never behind a line of a higher rank; -1 where it is not one thing."""
        given = [name for name in _ORDER if getattr(self, name) is not None]
        return _ORDER.index(given[0]) if len(given) == 1 else -1


_ORDER = ("header", "event", "document", "left_out", "archived", "seal", "trailer")


class LineWriter:
    """Writes the lines of one export.

    Args:
        out: Where to.
    """

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._hash = sha256()
        self._lines = 0

    def write(self, line: Line) -> None:
        """Write one line."""
        text = canonical_bytes(line.model_dump(mode="json", exclude_none=True)) + b"\n"
        self._hash.update(text)
        self._lines += 1
        self._out.write(text)

    def finish(self) -> None:
        """Write the trailer."""
        self.write(Line(trailer=Trailer(lines=self._lines, sha256=self._hash.hexdigest())))


def read_lines(source: IO[bytes], *, name: str) -> Iterator[tuple[int, Line]]:
    """Yield the lines between header and trailer with their numbers, after the header itself.

    The file is whole only when the last line has been yielded: whoever writes on the way takes it back on an error.

    Args:
        source: The file.
        name: What to call it in an error.

    Raises:
        ExportDamagedError: It is no export, or was edited, cut off or reordered.
        JournalUnknownError: A newer program has written it.
    """
    hashed, rank, number = sha256(), -1, 0
    for number, text in enumerate(iter(lambda: source.readline(_LONGEST), b""), start=1):
        where = f"{name}, line {number}"
        line = _line(text, where, first=number == 1)
        if line.rank < max(rank, 0) or (line.header is not None) != (number == 1):
            raise damaged("This line stands in the wrong place.", where)
        rank = line.rank
        if line.trailer:
            _check_trailer(line.trailer, number - 1, hashed.hexdigest(), where)
            if source.read(1):
                raise damaged("There is something behind the last line.", where)
            return
        hashed.update(text)
        yield number, line
    raise damaged("The file is cut off: its last line is missing.", f"{name}, line {number}")


def damaged(message: str, where: str) -> ExportDamagedError:
    """Return the error of a file that is not what was exported."""
    return ExportDamagedError(
        message, where=where, hint="Export it again; nothing of the file was taken in."
    )


def _line(text: bytes, where: str, *, first: bool) -> Line:
    try:
        value = plain(parse_json(text, where=where, largest=_LONGEST))
        if first:
            _check_format(value, where)
        return validated(Line, value, where=where)
    except DocumentError as error:
        _, found, column = (error.where or "").rpartition(", column ")
        place = f"{where}, column {column}" if found else where
        raise damaged(f"This is no line of an exported journal: {error.message}", place) from error


def _check_format(value: object, where: str) -> None:
    header = value.get("header") if isinstance(value, dict) else None
    if not isinstance(header, dict) or header.get("actwright") != "journal":
        raise damaged("This is no exported journal.", where)
    if header.get("format") not in range(1, FORMAT + 1):
        raise JournalUnknownError(
            f"The file has format {str(header.get('format'))[:20]}, this program knows up to {FORMAT}.",
            where=where,
            hint="Upgrade Actwright: a newer one has written it. Nothing was changed.",
        )


def _check_trailer(trailer: Trailer, lines: int, digest: str, where: str) -> None:
    if trailer.lines != lines:
        raise damaged(f"{trailer.lines} lines were exported, and {lines} are here.", where)
    if trailer.sha256 != digest:
        raise damaged("The file was edited: its lines are not those its last line names.", where)
