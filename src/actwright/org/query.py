"""Typed queries. Nobody writes SOQL text inside the house: conditions are field, operator, value."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, field_validator

from actwright.contract import Contract

JsonScalar: TypeAlias = bool | int | float | str | None
"""A value as JSON carries it, before a type adapter reads it."""

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "LIKE", "IN", "NOT IN"]
"""The comparisons a condition may use."""

FieldPath = Annotated[
    str,
    Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*){0,4}$", max_length=255),
]
"""A field, or a parent's field: ``Amount``, ``Account.Owner.Name``."""

ObjectName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=80)]
"""An API name: letters, digits, underscores; nothing that could end a word of SOQL or a segment of a URL."""


class Condition(Contract):
    """One comparison of a field, or of a parent's field (``Account.Name``), with a value."""

    field: FieldPath
    operator: Operator = "="
    value: JsonScalar | tuple[JsonScalar, ...] = None

    @field_validator("value")
    @classmethod
    def _bounded(
        cls, value: JsonScalar | tuple[JsonScalar, ...]
    ) -> JsonScalar | tuple[JsonScalar, ...]:
        """Refuse lists no query should carry."""
        if isinstance(value, tuple) and not 1 <= len(value) <= 200:  # noqa: PLR2004
            raise ValueError("a list of values holds 1 to 200 of them")
        return value


class Ordering(Contract):
    """One sort key."""

    field: FieldPath
    descending: bool = False


class RecordQuery(Contract):
    """A question for records: which object, which fields, which rows. All conditions must hold."""

    object: ObjectName
    fields: tuple[FieldPath, ...] = ("Id",)
    where: tuple[Condition, ...] = ()
    order: tuple[Ordering, ...] = ()
    limit: int | None = Field(default=None, ge=1, le=50_000)
