"""A suite's environment as an org: each kind of thing in it is an object, each thing a record that can be looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias

from pydantic import BaseModel
from tests.writable_org import WritableOrg

from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.record_id import record_id
from actwright.org.schema import FieldSchema, ObjectSchema

Rows: TypeAlias = dict[str, list[dict[str, object]]]
"""Records by object; each has an ``Id``, and its other values are text, numbers or truths."""

_EMMA = RunningUser(id=record_id("005000000000001"), username="emma", name="Emma Johnson")
_ORG = OrgIdentity(id="00D000000000002", url="the suite's world", local=True)
_TWICE = frozenset({"initial_emails", "initial_events", "initial_files"})
"""What the environments hold once more, as it was at the beginning."""


def world_of(environment: BaseModel) -> WritableOrg:
    """Return an environment as an org that can be asked."""
    rows = rows_of(environment)
    return WritableOrg(rows=rows, schemas=_schemas(rows), user=_EMMA, identity=_ORG)


def rows_of(environment: BaseModel) -> Rows:
    """Return everything in an environment as records."""
    rows: Rows = {}
    for _, part in environment:
        for name, value in part:
            if name not in _TWICE:
                for kind, record in _records(name, value):
                    held = rows.setdefault(kind, [])
                    key = f"{_prefix(kind)}{len(held) + 1:012}"
                    held.append({"Id": record_id(key), **record})
    return rows


def _records(name: str, value: Any) -> Iterator[tuple[str, dict[str, object]]]:
    items = value.items() if isinstance(value, Mapping) else enumerate(_listed(value))
    for key, item in items:
        named: dict[str, object] = {"key": key} if isinstance(key, str) else {}
        for each in _listed(item):
            if isinstance(each, BaseModel):
                yield type(each).__name__, named | dict(_scalars(each))
            elif isinstance(each, str):
                yield _spoken(name), named | {"content": each}


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, (BaseModel, str)) else []


def _scalars(thing: BaseModel) -> Iterator[tuple[str, object]]:
    for name, value in thing:
        field = "number" if name in {"id", "id_"} else name
        if isinstance(value, (bool, int, float, str)):
            yield field, str(value) if isinstance(value, str) else value
        elif isinstance(value, datetime):
            yield field, value.strftime("%Y-%m-%d %H:%M")
        elif isinstance(value, date):
            yield field, value.isoformat()
        elif isinstance(value, list) and all(isinstance(each, str) for each in value):
            yield field, "; ".join(value)


def _schemas(rows: Rows) -> dict[str, ObjectSchema]:
    return {kind: _schema(kind, records) for kind, records in rows.items()}


def _schema(kind: str, records: list[dict[str, object]]) -> ObjectSchema:
    known = {name: value for record in records for name, value in record.items()}
    fields = (
        FieldSchema(name=name, label=name, type=_type(name, value), length=32_000)
        for name, value in known.items()
    )
    return ObjectSchema(
        name=kind, label=kind, label_plural=kind, key_prefix=_prefix(kind), fields=tuple(fields)
    )


def _type(name: str, value: object) -> str:
    if name == "Id":
        return "id"
    if isinstance(value, bool):
        return "boolean"
    return "double" if isinstance(value, (int, float)) else "string"


def _prefix(kind: str) -> str:
    return f"a{sum(map(ord, kind)) % 90 + 10}"


def _spoken(name: str) -> str:
    return "".join(each.title() for each in re.split(r"_+", name))
