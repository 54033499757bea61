"""Rows of the org's tables: fetched, inserted, changed. Nothing here asks who may."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime

from localorg.database import quoted, stored_fields
from localorg.ids import further_number, new_id, next_number
from localorg.schema.model import FieldDef, ObjectDef

Row = dict[str, object]

_DELETED = "IsDeleted"


def fetch(connection: sqlite3.Connection, definition: ObjectDef, record_id: str) -> Row | None:
    """Return the row with an 18-character id, deleted or not, or None."""
    return find(connection, definition, "Id", record_id)


def find(
    connection: sqlite3.Connection, definition: ObjectDef, field_name: str, value: object
) -> Row | None:
    """Return one row whose field holds ``value``, or None."""
    found = find_all(connection, definition, field_name, value)
    return found[0] if found else None


def find_all(
    connection: sqlite3.Connection, definition: ObjectDef, field_name: str, value: object
) -> list[Row]:
    """Return the rows whose field holds ``value``, compared as the column compares."""
    rows = connection.execute(
        f"SELECT * FROM {quoted(definition.name)} WHERE {quoted(field_name)} = ?",  # noqa: S608 - catalogue names
        (value,),
    )
    return [dict(each) for each in rows]


def find_text(
    connection: sqlite3.Connection, definition: ObjectDef, field_name: str, text: object
) -> list[Row]:
    """Return the rows, deleted ones left out, whose field holds ``text``, in any case unless case tells them apart."""
    field = definition.field(field_name)
    exact = field is not None and field.case_sensitive
    if exact or not isinstance(text, str) or text.isascii():
        rows = find_all(connection, definition, field_name, text)
    else:
        found = connection.execute(
            f"SELECT * FROM {quoted(definition.name)} WHERE fold({quoted(field_name)}) = ?",  # noqa: S608 - catalogue names
            (text.casefold(),),
        )
        rows = [dict(each) for each in found]
    return [each for each in rows if not is_deleted(each)]


def is_deleted(row: Mapping[str, object]) -> bool:
    """Tell whether a row lies in the recycle bin."""
    return bool(row.get(_DELETED))


def insert(connection: sqlite3.Connection, definition: ObjectDef, row: Row) -> str:
    """Insert a row; give it an id and its generated numbers; return the id."""
    record_id = new_id(connection, definition.key_prefix)
    row["Id"] = record_id
    for field in definition.fields:
        if field.auto_number is not None and not row.get(field.name):
            row[field.name] = _next_auto_number(connection, definition, field)
    columns = [each.name for each in stored_fields(definition) if each.name in row]
    names = ", ".join(map(quoted, columns))
    marks = ", ".join("?" * len(columns))
    connection.execute(
        f"INSERT INTO {quoted(definition.name)} ({names}) VALUES ({marks})",  # noqa: S608 - catalogue names
        [row[each] for each in columns],
    )
    return record_id


def change(
    connection: sqlite3.Connection, definition: ObjectDef, record_id: str, changes: Row
) -> None:
    """Set some fields of a row."""
    if changes:
        assigned = ", ".join(f"{quoted(each)} = ?" for each in changes)
        connection.execute(
            f'UPDATE {quoted(definition.name)} SET {assigned} WHERE "Id" = ?',  # noqa: S608 - catalogue names
            [*changes.values(), record_id],
        )


def remove(connection: sqlite3.Connection, definition: ObjectDef, record_id: str) -> None:
    """Take a row out of its table for good."""
    connection.execute(
        f'DELETE FROM {quoted(definition.name)} WHERE "Id" = ?',  # noqa: S608 - catalogue names
        (record_id,),
    )


def stored_moment(text: object) -> datetime | None:
    """Return a stored date and time, or None where there is none."""
    return datetime.fromisoformat(text).astimezone(UTC) if isinstance(text, str) else None


def _next_auto_number(
    connection: sqlite3.Connection, definition: ObjectDef, field: FieldDef
) -> str:
    """Continue after the highest number stored, which a seed may have given; looked for once."""
    counter = f"{definition.name}.{field.name}"
    number = further_number(connection, counter)
    if number is None:
        number = next_number(connection, counter, _highest(connection, definition, field) + 1)
    width = (field.auto_number or "").count("0")
    return str(number).rjust(width, "0")


def _highest(connection: sqlite3.Connection, definition: ObjectDef, field: FieldDef) -> int:
    column, table = quoted(field.name), quoted(definition.name)
    highest = connection.execute(
        f"SELECT MAX(CAST({column} AS INTEGER)) FROM {table}"  # noqa: S608 - catalogue names
    ).fetchone()[0]
    return int(highest or 0)
