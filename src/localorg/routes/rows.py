"""Resources of single records: create, read, change, delete, and upsert by an external id."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from localorg.deletion import delete
from localorg.errors import ApiError, not_found
from localorg.exchange import Call, Reply, Route
from localorg.ids import require_id
from localorg.records import check_unmodified, create, locate, object_of, read, update
from localorg.schema.model import ObjectDef
from localorg.session import Session
from localorg.upserts import SeveralMatchesError, key_field, matches, upsert

Parts = Mapping[str, str]


def http_date(headers: Mapping[str, str], name: str) -> datetime | None:
    """Return the moment a header names, or None where it is absent or unreadable."""
    try:
        moment = parsedate_to_datetime(headers[name])
    except (KeyError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _unmodified_since(call: Call) -> datetime | None:
    """Return the moment of ``If-Unmodified-Since``; one that cannot be read must not be ignored."""
    moment = http_date(call.headers, "if-unmodified-since")
    if moment is None and "if-unmodified-since" in call.headers:
        raise ApiError(400, "INVALID_HEADER", "If-Unmodified-Since is not an HTTP date")
    return moment


def _record_id(definition: ObjectDef, text: str) -> str:
    record_id = require_id(text)
    if not record_id.startswith(definition.key_prefix):
        raise not_found()
    return record_id


def post_row(session: Session, call: Call, parts: Parts) -> Reply:
    """Create a record."""
    definition = object_of(session, parts["object"])
    record_id = create(session, definition, call.fields())
    return _created(session, definition, record_id)


def get_row(session: Session, call: Call, parts: Parts) -> Reply:
    """Answer one record, with the fields asked for or all."""
    definition = object_of(session, parts["object"])
    found = locate(session, definition, _record_id(definition, parts["id"]))
    check_unmodified(found.row, _unmodified_since(call))
    names = call.query["fields"].split(",") if "fields" in call.query else None
    stripped = None if names is None else [each.strip() for each in names]
    return Reply(200, read(session, definition, found.row, stripped))


def patch_row(session: Session, call: Call, parts: Parts) -> Reply:
    """Change a record, unless it was modified since the moment the caller names."""
    definition = object_of(session, parts["object"])
    record_id = _record_id(definition, parts["id"])
    check_unmodified(locate(session, definition, record_id).row, _unmodified_since(call))
    update(session, definition, record_id, call.fields())
    return Reply(204)


def delete_row(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Delete a record. ``If-Unmodified-Since`` is not honoured here, as on the platform."""
    definition = object_of(session, parts["object"])
    delete(session, definition, _record_id(definition, parts["id"]))
    return Reply(204)


def get_by_key(session: Session, call: Call, parts: Parts) -> Reply:
    """Answer the record an external id names."""
    definition = object_of(session, parts["object"])
    field = key_field(session, definition, parts["field"])
    found = matches(session, definition, field, parts["value"])
    if not found:
        raise not_found()
    if len(found) > 1:
        return _several(session, definition, found)
    return get_row(session, call, {"object": definition.name, "id": found[0]})


def patch_by_key(session: Session, call: Call, parts: Parts) -> Reply:
    """Create the record an external id names, or change the one that exists."""
    definition = object_of(session, parts["object"])
    field = key_field(session, definition, parts["field"])
    payload = call.fields()
    if any(name.lower() == field.name.lower() for name in payload):
        message = f"The {field.name} field should not be specified in the sobject data."
        raise ApiError(400, "INVALID_FIELD", message, [field.name])
    try:
        done = upsert(session, definition, field, parts["value"], payload)
    except SeveralMatchesError as error:
        return _several(session, definition, error.record_ids)
    if done.created:
        return _created(session, definition, done.record_id, created=True)
    return Reply(200, {"id": done.record_id, "success": True, "errors": [], "created": False})


def _several(session: Session, definition: ObjectDef, ids: list[str]) -> Reply:
    return Reply(300, [session.resource("sobjects", definition.name, each) for each in ids])


def _created(
    session: Session, definition: ObjectDef, record_id: str, *, created: bool | None = None
) -> Reply:
    location = session.resource("sobjects", definition.name, record_id)
    body: dict[str, object] = {"id": record_id, "success": True, "errors": []}
    if created is not None:
        body["created"] = created
    return Reply(201, body, {"Location": location})


ROUTES = (
    Route("POST", "/sobjects/{object}", post_row),
    Route("GET", "/sobjects/{object}/{id}", get_row),
    Route("PATCH", "/sobjects/{object}/{id}", patch_row),
    Route("DELETE", "/sobjects/{object}/{id}", delete_row),
    Route("GET", "/sobjects/{object}/{field}/{value}", get_by_key),
    Route("PATCH", "/sobjects/{object}/{field}/{value}", patch_by_key),
)
"""The routes of single records, to be tried after ``/sobjects/{object}/describe``."""
