"""Sample records: made up from an object's schema, the same each time, so that code can be tried before it is believed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from actwright.actions.generated.trial import SampleRow
from actwright.blueprints.adapters import family_of_type
from actwright.blueprints.blueprint import ActionInput
from actwright.org.query import Condition, JsonScalar
from actwright.org.record_id import record_id
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.org.value import Family

_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,20})?")
_NO_PREFIX = "a00"
_AMOUNTS = ("1250.50", "300", "9800.25")
_COUNTS = (12, 3, 40)
_FIRST_DAY = date(2026, 3, 2)
_EXAMPLES: dict[str, str] = {
    "email": "sample{n}@example.com",
    "url": "https://example.com/{n}",
    "phone": "+1 555 010{n}",
}


@dataclass
class Sample:
    """Records of several objects that belong together, in the making.

    Attributes:
        schemas: The objects, by API name.
        prefixes: How ids begin, by object.
        rows: What was made so far, by object and then by id.
    """

    schemas: Mapping[str, ObjectSchema]
    prefixes: Mapping[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, SampleRow]] = field(default_factory=dict)
    _ids: dict[str, int] = field(default_factory=dict)

    def new_id(self, name: str) -> str:
        """Return an id no other sample record has, with the object's own key prefix."""
        schema = self.schemas.get(name)
        prefix = self.prefixes.get(name) or (schema.key_prefix if schema else "") or _NO_PREFIX
        number = self._ids[prefix] = self._ids.get(prefix, 0) + 1
        return record_id(f"{prefix}00000SAMPL{number:02d}"[:15])

    def row(self, name: str, key: str) -> SampleRow:
        """Return the sample record of that id, made with nothing but its id where there is none."""
        return self.rows.setdefault(name, {}).setdefault(key, {"Id": key})

    def value(self, name: str, field_name: str, at: int = 0) -> JsonScalar:
        """Return the value the ``at``-th sample record holds in a field; another one for each of the first three."""
        schema = self.schemas.get(name)
        found = schema.field(field_name) if schema is not None else None
        if found is None:
            return f"Sample {at + 1}"
        if found.family == "id":
            return self.new_id(next(iter(found.reference_to), name))
        return _value(found, at)

    def argument(self, wanted: ActionInput, name: str) -> JsonScalar:
        """Return a value for an input that names no record: one of its field's where it fills one of ``name``."""
        schema = self.schemas.get(name)
        if wanted.is_field and schema is not None and schema.field(wanted.field_api_name):
            return self.value(name, wanted.field_api_name)
        return _of_family(family_of_type(wanted.data_type), wanted.data_type.lower(), 0)

    def records(self) -> dict[str, tuple[SampleRow, ...]]:
        """Return all records by object."""
        return {name: tuple(rows.values()) for name, rows in self.rows.items()}


def _value(found: FieldSchema, at: int) -> JsonScalar:
    if found.active_values:
        return found.active_values[at % len(found.active_values)].value
    value = _of_family(found.family, found.type, at)
    return value[: found.length] if isinstance(value, str) and found.length else value


def _of_family(family: Family, kind: str, at: int) -> JsonScalar:
    day = _FIRST_DAY + timedelta(days=40 * at)
    families: dict[Family, JsonScalar] = {
        "decimal": _AMOUNTS[at % len(_AMOUNTS)],
        "integer": _COUNTS[at % len(_COUNTS)],
        "boolean": at % 2 == 0,
        "date": day.isoformat(),
        "datetime": f"{day.isoformat()}T09:30:00Z",
        "time": "09:30:00",
    }
    if family in families:
        return families[family]
    return _EXAMPLES.get(kind, "Sample {n}").format(n=at + 1)


def fitting(condition: Condition, held: JsonScalar) -> JsonScalar:
    """Return a value that fits a condition; ``held`` is what the field would hold otherwise."""
    wanted = condition.value
    if isinstance(wanted, tuple):
        return wanted[0] if condition.operator == "IN" else held
    if condition.operator in {"=", "<=", ">="}:
        return wanted
    if condition.operator == "LIKE":
        return str(wanted).replace("%", "").replace("_", "x")
    return beyond(wanted, condition.operator, held)


def missing(condition: Condition, held: JsonScalar) -> JsonScalar:
    """Return a value that does not fit a condition."""
    wanted = condition.value
    if isinstance(wanted, tuple):
        return wanted[0] if condition.operator == "NOT IN" else _other(wanted[0], held)
    if condition.operator in {"!=", "<", ">"}:
        return wanted
    if condition.operator == "LIKE":
        return "other"
    opposite = {"=": "!=", "<=": ">", ">=": "<"}[condition.operator]
    return beyond(wanted, opposite, held)


def beyond(wanted: JsonScalar, operator: str, held: JsonScalar) -> JsonScalar:
    """Return a value on the side of ``wanted`` that ``<``, ``>`` or ``!=`` asks for."""
    if operator == "!=":
        return _other(wanted, held)
    step = -1 if operator == "<" else 1
    if isinstance(wanted, int | float) and not isinstance(wanted, bool):
        return wanted + step
    return _shifted(str(wanted), step)


def _shifted(text: str, step: int) -> JsonScalar:
    if _NUMBER.fullmatch(text):
        return str(Decimal(text) + step)
    try:
        day = date.fromisoformat(text[:10]) + timedelta(days=step)
    except ValueError:
        return f"{text}~" if step > 0 else text[:-1]
    return f"{day.isoformat()}{text[10:]}"


def _other(wanted: JsonScalar, held: JsonScalar) -> JsonScalar:
    if isinstance(wanted, bool):
        return not wanted
    return held if held != wanted else None
