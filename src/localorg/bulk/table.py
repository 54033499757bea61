"""CSV as jobs speak it: a header, rows, one delimiter, one line ending."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from localorg.errors import ApiError

DELIMITERS: Final[Mapping[str, str]] = {
    "BACKQUOTE": "`",
    "CARET": "^",
    "COMMA": ",",
    "PIPE": "|",
    "SEMICOLON": ";",
    "TAB": "\t",
}
LINE_ENDINGS: Final[Mapping[str, str]] = {"LF": "\n", "CRLF": "\r\n"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a job writes its tables, by the platform's names."""

    delimiter: str = "COMMA"
    line_ending: str = "LF"

    def line(self, values: Iterable[str]) -> str:
        """Return one line, every value quoted."""
        quoted = ('"' + each.replace('"', '""') + '"' for each in values)
        return DELIMITERS[self.delimiter].join(quoted) + LINE_ENDINGS[self.line_ending]


@dataclass(frozen=True, slots=True)
class Table:
    """A parsed upload: every row is as long as the header."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]


def read_table(text: str, dialect: Dialect) -> Table:
    """Parse an upload.

    Raises:
        ApiError: ``InvalidBatch`` where it is not CSV of the dialect, or a row does not fit the header.
    """
    _check_ending(text, dialect)
    delimiter = DELIMITERS[dialect.delimiter]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [row for row in reader if row]
    except csv.Error as error:
        raise invalid_batch(f"line {reader.line_num}: {error}") from error
    if not rows:
        raise invalid_batch("no header line")
    header, *rest = rows
    for number, row in enumerate(rest, 1):
        if len(row) != len(header):
            raise invalid_batch(f"row {number} has {len(row)} columns, the header {len(header)}")
    return Table(header, rest)


def invalid_batch(message: str) -> ApiError:
    """Return the refusal that fails a whole job."""
    return ApiError(400, "INVALIDBATCH", f"InvalidBatch : {message}")


def _check_ending(text: str, dialect: Dialect) -> None:
    first, found, _ = text.partition("\n")
    ending = "CRLF" if first.endswith("\r") else "LF"
    if found and ending != dialect.line_ending:
        message = f"LineEnding is invalid on user data. Current LineEnding setting is {dialect.line_ending}"
        raise ApiError(400, "CLIENTINPUTERROR", f"ClientInputError : {message}")
