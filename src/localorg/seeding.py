"""A seed's rows stored in a fresh org, as they are and without permission checks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from localorg.automation import Save, before_save
from localorg.database import touch_metadata
from localorg.rows import Row, insert
from localorg.schema.catalogue import Catalogue
from localorg.schema.model import ObjectDef
from localorg.seed.row import Ref
from localorg.seed.row import Row as SeedRow
from localorg.session import wire_time

_STAMPS = ("CreatedDate", "LastModifiedDate", "SystemModstamp")
_AUTHORS = ("CreatedById", "LastModifiedById")


def store_seed(
    connection: sqlite3.Connection,
    catalogue: Catalogue,
    rows: Iterable[SeedRow],
    known: Mapping[str, str] | None = None,
) -> None:
    """Insert a seed's rows inside the running write transaction; the first user is their author.

    Args:
        connection: The transaction.
        catalogue: The objects.
        rows: What to insert, each row after those it refers to.
        known: Ids of rows the org has already, by symbolic key; their ``admin`` is the author.

    Raises:
        LookupError: A row names an object, or refers to a row, that is not there before it.
    """
    ids: dict[str, str] = dict(known or {})
    author: str | None = ids.get("admin")
    now = wire_time(datetime.now(UTC))
    for name, fields in rows:
        definition = catalogue.objects[name]
        row = _defaults(definition, author, now)
        key = fields.get("Id")
        given = {k: _resolved(v, ids) for k, v in fields.items() if k != "Id"}
        row |= given
        before_save(Save(definition, row, {}, frozenset(given), now))
        row |= given
        record_id = insert(connection, definition, row)
        if isinstance(key, Ref):
            ids[key.key] = record_id
        if name == "User" and author is None:
            author = record_id
    _adopt(connection, catalogue, author)
    touch_metadata(connection)


def _defaults(definition: ObjectDef, author: str | None, now: str) -> Row:
    row: Row = {each.name: each.default for each in definition.fields if each.default is not None}
    row |= {
        each.name: 0 for each in definition.fields if each.type == "boolean" and not each.default
    }
    row |= {name: now for name in _STAMPS if definition.field(name)}
    row |= {name: author for name in _AUTHORS if definition.field(name)}
    return row


def _resolved(value: object, ids: dict[str, str]) -> object:
    return ids[value.key] if isinstance(value, Ref) else value


def _adopt(connection: sqlite3.Connection, catalogue: Catalogue, author: str | None) -> None:
    """Give the rows that came before the first user their author."""
    for definition in catalogue.objects.values():
        for name in _AUTHORS:
            if definition.field(name) and not definition.virtual:
                connection.execute(
                    f'UPDATE "{definition.name}" SET "{name}" = ? WHERE "{name}" IS NULL',  # noqa: S608 - catalogue names
                    (author,),
                )
