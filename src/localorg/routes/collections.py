"""Resources of up to 200 records at once: create, read, change, upsert, delete; each row answers for itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Final, TypeVar

from localorg.database import savepoint
from localorg.deletion import delete
from localorg.errors import ApiError, invalid_json, not_found
from localorg.exchange import Call, Reply, Route
from localorg.ids import require_id
from localorg.records import create, locate, object_of, read, update
from localorg.schema.model import ObjectDef
from localorg.session import Session
from localorg.upserts import upsert, upsert_field

MAX_ROWS: Final = 200
MAX_CHUNKS: Final = 10
"""Runs of rows of one object in a call; sorted rows make one run an object."""
MAX_READ: Final = 2000

Parts = Mapping[str, str]
Result = dict[str, object]
T = TypeVar("T")


def post_rows(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Create records."""

    def one(row: Result) -> Result:
        return _saved(create(session, _object(session, row), _fields(row)))

    body = call.fields()
    return _each(session, _records(body), one, all_or_none=body.get("allOrNone") is True)


def patch_rows(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Change records, each named by its ``Id``."""

    def one(row: Result) -> Result:
        fields = _fields(row)
        record_id = require_id(str(_take(fields, "Id", "Id not specified in an update call")))
        update(session, _object(session, row), record_id, fields)
        return _saved(record_id)

    body = call.fields()
    return _each(session, _records(body), one, all_or_none=body.get("allOrNone") is True)


def upsert_rows(session: Session, call: Call, parts: Parts) -> Reply:
    """Create or change records of one object, each named by the key field in it."""
    definition = object_of(session, parts["object"])
    field = upsert_field(session, definition, parts["field"])

    def one(row: Result) -> Result:
        if _object(session, row) is not definition:
            raise invalid_json(f"every record of this call must be of type {definition.name}")
        fields = _fields(row)
        missing = f"{definition.name}.{field.name} not specified"
        done = upsert(session, definition, field, _take(fields, field.name, missing), fields)
        return _saved(done.record_id) | {"created": done.created}

    body = call.fields()
    return _each(session, _records(body), one, all_or_none=body.get("allOrNone") is True)


def delete_rows(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Delete the records of the parameter ``ids``."""

    def one(text: str) -> Result:
        record_id = require_id(text)
        definition = session.catalogue.by_prefix(record_id[:3])
        if definition is None or not session.access.can(definition.name, "read"):
            raise not_found()
        delete(session, definition, record_id)
        return _saved(record_id)

    ids = call.parameter("ids").split(",")
    all_or_none = call.query.get("allOrNone", "false").lower() == "true"
    return _each(session, _limited(ids, lambda each: each[:3]), one, all_or_none=all_or_none)


def get_rows(session: Session, call: Call, parts: Parts) -> Reply:
    """Answer the records of the parameter ``ids`` with those of ``fields``."""
    wanted = [call.parameter(name).split(",") for name in ("ids", "fields")]
    return _answer(session, parts["object"], *wanted)


def read_rows(session: Session, call: Call, parts: Parts) -> Reply:
    """Answer the records named by ``ids`` in the body, where a URL would be too long."""
    body = call.fields()
    return _answer(session, parts["object"], _texts(body, "ids"), _texts(body, "fields"))


def _answer(session: Session, name: str, ids: Sequence[str], fields: Sequence[str]) -> Reply:
    """Answer records in the order asked for, null for what is absent or hidden."""
    if len(ids) > MAX_READ:
        raise _too_many(MAX_READ)
    definition = object_of(session, name)
    names = [each.strip() for each in fields]
    return Reply(200, [_found(session, definition, require_id(each), names) for each in ids])


def _found(
    session: Session, definition: ObjectDef, record_id: str, names: list[str]
) -> dict[str, object] | None:
    try:
        row = locate(session, definition, record_id).row
    except ApiError:
        return None
    return read(session, definition, row, names)


def _each(
    session: Session, rows: Sequence[T], one: Callable[[T], Result], *, all_or_none: bool
) -> Reply:
    with savepoint(session.connection) as mark:
        results = [_result(session, row, one) for row in rows]
        if all_or_none and not all(each["success"] for each in results):
            mark.abandon()
    return Reply(200, [_rolled_back(each) for each in results] if mark.abandoned else results)


def _result(session: Session, row: T, one: Callable[[T], Result]) -> Result:
    try:
        with savepoint(session.connection):
            return one(row)
    except ApiError as error:
        return {"success": False, "errors": error.rows()}


def _saved(record_id: str) -> Result:
    return {"id": record_id, "success": True, "errors": []}


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
    return _limited(rows, _type)


def _limited(rows: list[T], kind: Callable[[T], object]) -> list[T]:
    """Return rows that are neither too many nor in too many runs of one kind."""
    if len(rows) > MAX_ROWS:
        raise _too_many(MAX_ROWS)
    if sum(1 for _ in groupby(rows, kind)) > MAX_CHUNKS:
        message = (
            f"Cannot have more than {MAX_CHUNKS} chunks in a single operation."
            " Please rearrange the data to reduce chunking."
        )
        raise ApiError(400, "LIMIT_EXCEEDED", message)
    return rows


def _too_many(most: int) -> ApiError:
    message = f"record limit reached. cannot submit more than {most} records in this call"
    return ApiError(400, "EXCEEDED_ID_LIMIT", message)


def _type(row: Result) -> object:
    attributes = row.get("attributes")
    name = attributes.get("type") if isinstance(attributes, dict) else None
    return name.lower() if isinstance(name, str) else None


def _object(session: Session, row: Result) -> ObjectDef:
    name = _type(row)
    if not isinstance(name, str):
        raise invalid_json("each record needs its object in attributes.type")
    return object_of(session, name)


def _fields(row: Result) -> Result:
    return {name: value for name, value in row.items() if name != "attributes"}


def _take(fields: Result, name: str, missing: str) -> object:
    """Take a field out, in whatever case it is written."""
    written = next((each for each in fields if each.lower() == name.lower()), "")
    value = fields.pop(written, None)
    if value in {None, ""}:
        raise ApiError(400, "MISSING_ARGUMENT", missing, [])
    return value


def _texts(body: Mapping[str, object], name: str) -> list[str]:
    values = body.get(name)
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise invalid_json(f"{name} must be a list of texts")
    return values


def _reads(_call: Call) -> bool:
    """Reading by a body changes nothing."""
    return True


ROUTES: Final = (
    Route("POST", "/composite/sobjects", post_rows),
    Route("PATCH", "/composite/sobjects", patch_rows),
    Route("DELETE", "/composite/sobjects", delete_rows),
    Route("GET", "/composite/sobjects/{object}", get_rows),
    Route("POST", "/composite/sobjects/{object}", read_rows, _reads),
    Route("PATCH", "/composite/sobjects/{object}/{field}", upsert_rows),
)
"""The routes of collections."""
