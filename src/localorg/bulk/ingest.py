"""Rows of an upload carried out, a chunk at a time; each row answers for itself and none takes another back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from localorg.bulk.job import Job, add_result, save_job, upload_of
from localorg.bulk.table import Table, invalid_batch, read_table
from localorg.database import savepoint
from localorg.deletion import delete
from localorg.errors import ApiError
from localorg.ids import require_id
from localorg.records import create, object_of, update
from localorg.schema.model import FieldDef, ObjectDef
from localorg.session import Session
from localorg.upserts import Upserted, upsert, upsert_field

CHUNK: Final = 200
"""Rows in one transaction."""

SUCCEEDED: Final = "successful"
FAILED: Final = "failed"

_NULL: Final = "#N/A"
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}
_NUMBERS: Final = frozenset({"double", "currency", "percent"})
_INTEGER: Final = re.compile(r"[+-]?\d{1,20}", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?(\d{1,40}\.?|\d{0,40}\.\d{1,40})([eE][+-]?\d{1,3})?", re.ASCII)

Fields = dict[str, object]


@dataclass(frozen=True, slots=True)
class Upload:
    """A job's table, and the field each column means."""

    definition: ObjectDef
    table: Table
    columns: Sequence[FieldDef]


def open_upload(session: Session, job: Job) -> Upload:
    """Read a job's upload.

    Raises:
        ApiError: There is none, it is no table, or a column means nothing to the user.
    """
    definition = object_of(session, job.request["object"])
    table = read_table(upload_of(session.connection, job) or "", job.dialect)
    columns = [_column(session, definition, name) for name in table.header]
    if len(set(columns)) < len(columns):
        raise invalid_batch("a column is given more than once")
    return Upload(definition, table, columns)


def carry_on(session: Session, job: Job, upload: Upload) -> Job:
    """Carry out the next chunk of rows, note how far the job came, and return it so."""
    one = _OPERATIONS[job.request["operation"]]
    lines: dict[str, list[str]] = {SUCCEEDED: [], FAILED: []}
    for row in islice(upload.table.rows, job.processed, job.processed + CHUNK):
        try:
            with savepoint(session.connection):
                done = one(session, job, upload.definition, _fields(upload, row))
            told = (done.record_id, "true" if done.created else "false", *row)
            lines[SUCCEEDED].append(job.dialect.line(told))
        except ApiError as error:
            told = (_id_of(upload, row), _told(error), *row)
            lines[FAILED].append(job.dialect.line(told))
    tried = sum(map(len, lines.values()))
    job = replace(job, processed=job.processed + tried, failed=job.failed + len(lines[FAILED]))
    for kind, each in lines.items():
        add_result(session.connection, job, kind, each)
    save_job(session.connection, job)
    return job


def _column(session: Session, definition: ObjectDef, name: str) -> FieldDef:
    field = definition.field(name)
    if field is None or not session.access.field_readable(definition.name, field.name):
        raise invalid_batch(f"Field name not found : {name}")
    return field


def _fields(upload: Upload, row: Sequence[str]) -> Fields:
    """Return a row's values by field; an empty cell says nothing, and ``#N/A`` clears."""
    cells = zip(upload.columns, row, strict=True)
    return {field.name: _value(field, text) for field, text in cells if text}


def _value(field: FieldDef, text: str) -> object:
    if text == _NULL:
        return None
    if field.type == "boolean":
        return _BOOLEANS.get(text.lower(), text)
    if field.type == "int" and _INTEGER.fullmatch(text):
        return int(text)
    if field.type in _NUMBERS and _DECIMAL.fullmatch(text):
        return float(text)
    return text


def _insert(session: Session, job: Job, definition: ObjectDef, fields: Fields) -> Upserted:  # noqa: ARG001 - one of the operations
    return Upserted(create(session, definition, fields), created=True)


def _update(session: Session, job: Job, definition: ObjectDef, fields: Fields) -> Upserted:  # noqa: ARG001 - as above
    record_id = require_id(_taken(fields, "Id", "Id not specified in an update call"))
    update(session, definition, record_id, fields)
    return Upserted(record_id, created=False)


def _upsert(session: Session, job: Job, definition: ObjectDef, fields: Fields) -> Upserted:
    field = upsert_field(session, definition, job.request["externalIdFieldName"])
    key = _taken(fields, field.name, f"{definition.name}.{field.name} not specified")
    return upsert(session, definition, field, key, fields)


def _delete(session: Session, job: Job, definition: ObjectDef, fields: Fields) -> Upserted:  # noqa: ARG001 - as above
    record_id = require_id(_taken(fields, "Id", "Id not specified in a delete call"))
    delete(session, definition, record_id)
    return Upserted(record_id, created=False)


_Operation = Callable[[Session, Job, ObjectDef, Fields], Upserted]
_OPERATIONS: Final[Mapping[str, _Operation]] = {
    "insert": _insert,
    "update": _update,
    "upsert": _upsert,
    "delete": _delete,
}
OPERATIONS: Final = frozenset(_OPERATIONS)
"""What a job may do with its rows."""


def _taken(fields: Fields, name: str, missing: str) -> str:
    value = fields.pop(name, None)
    if value is None:
        raise ApiError(400, "MISSING_ARGUMENT", missing, [])
    return str(value)


def _id_of(upload: Upload, row: Sequence[str]) -> str:
    cells = zip(upload.columns, row, strict=True)
    return next((text for field, text in cells if field.type == "id"), "")


def _told(error: ApiError) -> str:
    """Return a refusal as one cell: code, words and fields of every error."""
    return ";".join(_line(each) for each in error.rows())


def _line(error: Mapping[str, object]) -> str:
    code = str(error["statusCode"])
    if code == "JSON_PARSER_ERROR":
        code = "INVALID_TYPE_ON_FIELD_IN_RECORD"
    fields = error["fields"]
    names = ",".join(map(str, fields)) + " " if isinstance(fields, list) and fields else ""
    return f"{code}:{error['message']}:{names}--"
