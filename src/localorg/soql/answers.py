"""Queries answered: the rows of a statement in the platform's JSON, parents and children nested."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from localorg.cursors import BATCH
from localorg.errors import ApiError
from localorg.session import Session
from localorg.sharing import bind_access
from localorg.soql.ast import FieldPath, Query
from localorg.soql.compiler import (
    Children,
    Compiled,
    ParentFilter,
    compile_query,
)
from localorg.soql.lexer import syntax_error
from localorg.soql.parser import parse
from localorg.soql.selection import Output, Parent
from localorg.soql.virtual import user_record_access
from localorg.wire import address_value, wire_value

Record = dict[str, object]
_CHUNK = 500


def run_query(
    session: Session, source: str, *, include_deleted: bool = False, batch: int = BATCH
) -> Record:
    """Answer a query as the ``query`` resource does, with the first batch of its records.

    Args:
        session: Who asks.
        source: The query's text.
        include_deleted: Whether deleted records are among the rest.
        batch: How many records one answer holds.

    Raises:
        ApiError: The query is malformed or names what the user may not see.
    """
    query = parse(source)
    if query.source.lower() == "userrecordaccess":
        records = user_record_access(session, source, query)
        return _first(session, records, batch)
    bind_access(session)
    compiled = compile_query(session, source, query, include_deleted=include_deleted)
    rows = _execute(session, compiled)
    if compiled.counts:
        total = rows[0][0] if query.limit is None else min(rows[0][0], query.limit)
        return {"totalSize": total, "done": True, "records": []}
    records = [_record(session, compiled, row) for row in rows]
    for children in compiled.children:
        _attach(session, source, children, dict(zip(_ids(rows), records, strict=True)))
    return _first(session, records, batch)


def flat_query(session: Session, source: str, *, include_deleted: bool = False) -> Compiled:
    """Compile a query whose every value is one cell: no aggregates, child relationships or addresses.

    Raises:
        ApiError: The query is malformed, not flat, or names what the user may not see.
    """
    compiled = compile_query(session, source, parse(source), include_deleted=include_deleted)
    compound = any(each.field.type == "address" for each in compiled.outputs)
    if compiled.aggregated or compiled.children or compound:
        message = (
            "a bulk query selects single fields: no aggregates, sub-selects or compound addresses"
        )
        raise ApiError(400, "FUNCTIONALITYNOTENABLED", message)
    return compiled


def run_flat(session: Session, compiled: Compiled) -> Iterator[list[object]]:
    """Yield every row of a flat query, its values in the order selected."""
    bind_access(session)
    for row in _execute(session, compiled):
        yield [_value(each, row) for each in compiled.outputs]


def _first(session: Session, records: Sequence[Record], batch: int) -> Record:
    return session.cursors.first(session.user_id, session.resource("query"), records, batch)


def _execute(session: Session, compiled: Compiled) -> Sequence[sqlite3.Row]:
    try:
        return session.connection.execute(compiled.sql, compiled.parameters).fetchall()
    except (sqlite3.OperationalError, OverflowError) as error:
        message = "the query is too complicated for the local org: use fewer or shorter conditions"
        raise ApiError(400, "QUERY_TOO_COMPLICATED", message) from error


def _ids(rows: Sequence[sqlite3.Row]) -> list[str]:
    return [str(row["id"]) for row in rows]


def _record(session: Session, compiled: Compiled, row: sqlite3.Row) -> Record:
    if compiled.aggregated:
        record: Record = {"attributes": {"type": "AggregateResult"}}
        return record | {each.names[0]: _value(each, row) for each in compiled.outputs}
    record = {"attributes": attributes(session, compiled.definition.name, str(row["id"]))}
    parents = {each.names: each for each in compiled.parents}
    for output in compiled.outputs:
        place = record
        for depth, name in enumerate(output.names[:-1], 1):
            if name not in place:
                place[name] = _parent(session, parents.get(output.names[:depth]), row)
            inner = place[name]
            if not isinstance(inner, dict):
                break
            place = inner
        else:
            place[output.names[-1]] = _value(output, row)
    return record


def _parent(session: Session, parent: Parent | None, row: sqlite3.Row) -> Record | None:
    """Return a parent without its fields, or None where there is none.

    The one relationship that joins nothing is the row's own ``UserRecordAccess``.
    """
    if parent is None:
        return {"attributes": attributes(session, "UserRecordAccess", str(row["id"]))}
    record_id = row[parent.column]
    if record_id is None:
        return None
    definition = session.catalogue.by_prefix(str(record_id)[:3])
    name = definition.name if definition else "Name"
    found = attributes(session, name, str(record_id))
    return {"attributes": found | {"type": "Name"} if parent.polymorphic else found}


def attributes(session: Session, name: str, record_id: str) -> dict[str, str]:
    """Return the ``attributes`` of a record: its object and its address."""
    return {"type": name, "url": session.resource("sobjects", name, record_id)}


def _value(output: Output, row: sqlite3.Row) -> object:
    if output.field.type == "address":
        return address_value({wire: row[name] for wire, name in output.columns.items()})
    value = row[output.columns[""]]
    return None if value is None else wire_value(output.field, value)


def _attach(session: Session, source: str, children: Children, parents: dict[str, Record]) -> None:
    """Put under each parent the rows of one subquery, or null where there are none."""
    name = str(children.relationship.name)
    found: dict[str, list[Record]] = {each: [] for each in parents}
    ids = list(parents)
    for start in range(0, len(ids), _CHUNK):
        wanted = ParentFilter(children.relationship.field, tuple(ids[start : start + _CHUNK]))
        compiled = compile_query(session, source, _child_query(source, children), parents=wanted)
        for row in _execute(session, compiled):
            found[str(row["parent"])].append(_record(session, compiled, row))
    for parent_id, record in parents.items():
        record[name] = _page(found[parent_id], children.query)


def _child_query(source: str, children: Children) -> Query:
    query = children.query
    if query.group or not all(isinstance(each, FieldPath) for each in query.select):
        message = "a sub-select of a relationship selects fields only"
        raise syntax_error(source, query.position, message)
    return Query(
        query.select,
        children.relationship.child.name,
        query.where,
        query.group,
        query.order,
        position=query.position,
    )


def _page(records: list[Record], query: Query) -> Record | None:
    start = query.offset or 0
    kept = records[start:] if query.limit is None else records[start : start + query.limit]
    return {"totalSize": len(kept), "done": True, "records": kept} if kept else None
