"""Resources of up to 200 records at once: create, change, delete; each row answers for itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from localorg.database import savepoint
from localorg.deletion import delete
from localorg.errors import ApiError, invalid_json, not_found
from localorg.exchange import Call, Reply, Route
from localorg.ids import require_id
from localorg.records import create, object_of, update
from localorg.schema.model import ObjectDef
from localorg.session import Session

MAX_ROWS: Final = 200

Parts = Mapping[str, str]
Result = dict[str, object]
T = TypeVar("T")


def post_rows(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Create records."""

    def one(row: Result) -> str:
        return create(session, _object(session, row), _fields(row))

    body = call.fields()
    return _each(session, _records(body), one, all_or_none=body.get("allOrNone") is True)


def patch_rows(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Change records, each named by its ``Id``."""

    def one(row: Result) -> str:
        names = {name.lower(): name for name in row}
        record_id = require_id(str(row.get(names.get("id", ""), "")))
        fields = {k: v for k, v in _fields(row).items() if k.lower() != "id"}
        update(session, _object(session, row), record_id, fields)
        return record_id

    body = call.fields()
    return _each(session, _records(body), one, all_or_none=body.get("allOrNone") is True)


def delete_rows(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Delete the records of the parameter ``ids``."""

    def one(text: str) -> str:
        record_id = require_id(text)
        definition = session.catalogue.by_prefix(record_id[:3])
        if definition is None or not session.access.can(definition.name, "read"):
            raise not_found()
        delete(session, definition, record_id)
        return record_id

    ids = call.parameter("ids").split(",")
    all_or_none = call.query.get("allOrNone", "false").lower() == "true"
    return _each(session, _limited(ids), one, all_or_none=all_or_none)


def _each(session: Session, rows: list[T], one: Callable[[T], str], *, all_or_none: bool) -> Reply:
    with savepoint(session.connection) as mark:
        results = [_result(session, row, one) for row in rows]
        if all_or_none and not all(each["success"] for each in results):
            mark.abandon()
    return Reply(200, [_rolled_back(each) for each in results] if mark.abandoned else results)


def _result(session: Session, row: T, one: Callable[[T], str]) -> Result:
    try:
        with savepoint(session.connection):
            return {"id": one(row), "success": True, "errors": []}
    except ApiError as error:
        return {"success": False, "errors": [error.row()]}


def _rolled_back(result: Result) -> Result:
    if not result["success"]:
        return result
    error = ApiError(
        400,
        "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        "Record rolled back because not all records were valid and the request was using AllOrNone header",
    )
    return {"success": False, "errors": [error.row()]}


def _records(body: Mapping[str, object]) -> list[Result]:
    rows = body.get("records")
    if not isinstance(rows, list) or not all(isinstance(each, dict) for each in rows):
        raise invalid_json("records must be a list of objects")
    return _limited(rows)


def _limited(rows: list[T]) -> list[T]:
    if len(rows) > MAX_ROWS:
        raise ApiError(400, "EXCEEDED_ID_LIMIT", f"record limit reached: at most {MAX_ROWS} rows")
    return rows


def _object(session: Session, row: Result) -> ObjectDef:
    attributes = row.get("attributes")
    name = attributes.get("type") if isinstance(attributes, dict) else None
    if not isinstance(name, str):
        raise invalid_json("each record needs its object in attributes.type")
    return object_of(session, name)


def _fields(row: Result) -> Result:
    return {name: value for name, value in row.items() if name != "attributes"}


ROUTES: Final = (
    Route("POST", "/composite/sobjects", post_rows),
    Route("PATCH", "/composite/sobjects", patch_rows),
    Route("DELETE", "/composite/sobjects", delete_rows),
)
"""The routes of collections."""
