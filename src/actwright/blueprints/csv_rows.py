"""CSV files of blueprints: one blueprint a row, or a static resource whose cell holds the JSON of many."""

from __future__ import annotations

import base64
import binascii
import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from actwright.canonical import Json
from actwright.document import largest_document, parse_json, plain_name
from actwright.errors import DocumentError

WHOLE_COLUMNS = ("Body", "Blueprint", "Json")
"""Columns whose cell holds a whole document: an object, or an array of entries; ``Body`` may be Base64."""

TEXT_COLUMNS = (
    *("key", "name", "actionName", "label", "category", "targetSObject", "target", "operation"),
    *("summary", "checkpoint", "description"),
)
"""Columns whose cell is a text."""

LIST_COLUMNS = ("keyFields", "tags", "aliases", "synonyms")
"""Columns whose cell is a list, separated by semicolons."""

JSON_COLUMNS = ("inputs", "guardrails", "fls", "enum", "numericPositive", "pii", "sharing")
"""Columns whose cell is JSON; ``sharing`` may be a plain word, too."""

_FIELDS = {each.lower(): each for each in (*TEXT_COLUMNS, *LIST_COLUMNS, *JSON_COLUMNS)}


def csv_documents(path: Path) -> Iterator[tuple[str, str, Json]]:
    """Yield place, key (empty where the row has none) and document of every row.

    Raises:
        DocumentError: The file is missing, too large, no CSV in UTF-8, or has a column nobody knows.
    """
    header, rows = _rows(path)
    whole = next((each for each in header if each.lower() in _whole_names()), None)
    if whole is None:
        _check_columns(header, path)
    for number, row in rows:
        where = f"{path}, line {number}"
        if whole is not None:
            yield where, "", parse_json(_plain(row[whole]), where=where)
        else:
            document = _document(row, where)
            key = document.pop("key", document.get("name", ""))
            yield where, key if isinstance(key, str) else "", document


def _whole_names() -> frozenset[str]:
    return frozenset(each.lower() for each in WHOLE_COLUMNS)


def _rows(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """Return the header, and the rows that hold anything, with the line each ends on."""
    lines = _lines(path)
    if len(lines) < 2:  # noqa: PLR2004 - a header, and a row
        raise _broken("it has no row below its header", str(path))
    header = [each.strip() for each in lines[0][1]]
    if len({each.lower() for each in header}) < len(header):
        raise _broken("two columns have one name", str(path))
    for number, cells in lines[1:]:
        if len(cells) != len(header):
            raise _broken(
                f"{len(cells)} cells under {len(header)} columns", f"{path}, line {number}"
            )
    return header, [(at, dict(zip(header, cells, strict=True))) for at, cells in lines[1:]]


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    csv.field_size_limit(largest_document)
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        return [(reader.line_num, each) for each in reader if any(cell.strip() for cell in each)]
    except csv.Error as error:
        raise _broken(f"it is no CSV: {error}", f"{path}, line {reader.line_num}") from error


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(largest_document + 1)
        if len(content) > largest_document:
            raise _broken(f"it is larger than {largest_document // 2**20} MiB", str(path))
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _broken("it is not in UTF-8", str(path)) from error
    except (OSError, ValueError) as error:
        raise _broken(f"{getattr(error, 'strerror', None) or error}", str(path)) from error


def _broken(reason: str, where: str) -> DocumentError:
    return DocumentError(
        f"The file cannot be read: {reason}.", where=where, hint="Correct it, and import it again."
    )


def _check_columns(header: list[str], path: Path) -> None:
    unknown = [each for each in header if each.lower() not in _FIELDS]
    if unknown:
        known = ", ".join((*WHOLE_COLUMNS, *_FIELDS.values()))
        raise DocumentError(
            f"The column {plain_name(unknown[0])!r} is unknown; known: {known}.",
            where=str(path),
            hint="Rename it or take it out; a column nobody reads may have been a guardrail.",
        )


def _plain(cell: str) -> str:
    """Return the text of a static resource's body, which an export writes as Base64."""
    text = cell.strip()
    if text[:1] in {"{", "["}:
        return text
    try:
        return base64.b64decode(text, validate=True).decode("utf-8-sig")
    except (binascii.Error, ValueError):
        return text


def _document(row: Mapping[str, str], where: str) -> dict[str, Json]:
    document: dict[str, Json] = {}
    for column, cell in row.items():
        name, text = _FIELDS[column.lower()], cell.strip()
        if not text:
            continue
        if name in LIST_COLUMNS:
            document[name] = [each.strip() for each in text.split(";") if each.strip()]
        elif name in TEXT_COLUMNS or (name == "sharing" and text[0] not in '{["'):
            document[name] = text
        else:
            document[name] = parse_json(text, where=f"{where}, column {column}")
    return document
