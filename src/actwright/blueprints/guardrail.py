"""Guardrails as blueprints carry them: the kinds there are, and the parameters of each.

The checks themselves live in ``actwright.guardrails``. A kind that nobody declared is refused when the blueprint is
read, so that a misspelt guardrail can never mean no guardrail.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, Self

import re2
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
    field_serializer,
    field_validator,
    model_validator,
)

from actwright.contract import Contract
from actwright.document import explain
from actwright.org.personal_data import PERSONAL_KINDS, PersonalKind
from actwright.org.query import JsonScalar

FieldName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=80)]
"""The API name of a field of the action's own object."""

FieldNames = Annotated[tuple[FieldName, ...], Field(min_length=1, max_length=200)]


class NoParams(Contract):
    """The parameters of a kind that has none."""


class FieldsParams(Contract):
    """``fields``: the target fields the guardrail looks at."""

    fields: FieldNames


class FieldParams(Contract):
    """``field``: the one target field the guardrail looks at."""

    field: FieldName


def _exact(value: object) -> object:
    """Return a number of JSON as the decimal its writer meant: 0.1 is one tenth, and 2^53 + 1 is itself."""
    if isinstance(value, (bool, str)):
        raise ValueError("a bound is a number")  # noqa: TRY004 - pydantic reports ValueErrors only
    return Decimal(str(value)) if isinstance(value, float) else value


def _as_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


Bound = Annotated[
    Decimal,
    Field(max_digits=40),
    BeforeValidator(_exact),
    PlainSerializer(_as_number, return_type=int | float, when_used="json"),
    WithJsonSchema({"type": "number"}),
]
"""A bound of a range: a JSON number, kept exactly."""


class RangeParams(FieldParams):
    """``min`` and ``max``, both inclusive; at least one of them."""

    min: Bound | None = None
    max: Bound | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        """Refuse a range without bounds, or with bounds the wrong way round."""
        if self.min is None and self.max is None:
            raise ValueError("a range needs min or max")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min is greater than max")
        return self


class EnumParams(FieldParams):
    """``values``: the only values the field may take, case-sensitive."""

    values: tuple[JsonScalar, ...] = Field(min_length=1)


class PiiParams(FieldsParams):
    """``mode``: what to do about personal data. ``kinds``: which of it to look for; all of it where left out.

    ``block`` refuses any value in the fields, ``redact`` takes what it finds out of the effect, ``detect`` warns.
    """

    mode: Literal["block", "redact", "detect"] = "block"
    kinds: tuple[PersonalKind, ...] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _kinds_are_searched(self) -> Self:
        """Refuse kinds beside a mode that does not look at the value."""
        if self.mode == "block" and self.kinds is not None:
            raise ValueError("the mode block refuses any value; kinds belong to redact and detect")
        return self

    @property
    def searched(self) -> tuple[PersonalKind, ...]:
        """The kinds to look for."""
        return self.kinds or PERSONAL_KINDS


class RegexParams(FieldParams):
    """``pattern``: an RE2 expression (linear time) the whole value must match."""

    pattern: str = Field(min_length=1, max_length=1000)

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        """Refuse a pattern the linear-time engine does not accept."""
        try:
            re2.compile(pattern, _QUIET)
        except re2.error as error:
            raise ValueError(f"the pattern is no RE2 expression: {error}") from error
        return pattern


def _in_calendar(bound: str) -> str:
    """Refuse a date that no calendar has, such as 2026-02-31."""
    if not bound.startswith("today"):
        date.fromisoformat(bound)
    return bound


DateBound = Annotated[
    str,
    Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2}|today([+-][0-9]{1,4}[dwmy])?)$", max_length=16),
    AfterValidator(_in_calendar),
]
"""A date, ``today``, or a distance from today: ``today+30d``, ``today-1y`` (days, weeks, months, years)."""


class DateRangeParams(FieldParams):
    """``from`` and ``to``, both inclusive; at least one of them."""

    from_: DateBound | None = Field(default=None, alias="from")
    to: DateBound | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        """Refuse a range without bounds."""
        if self.from_ is None and self.to is None:
            raise ValueError("a date range needs from or to")
        return self


class MaxRowsParams(Contract):
    """``max``: the most records the action may touch."""

    max: int = Field(ge=1, le=1_000_000)


class RateLimitParams(Contract):
    """``max`` and ``per``: how many records one person may write by the blueprint within the last such period."""

    max: int = Field(ge=1, le=1_000_000)
    per: Literal["minute", "hour", "day"]


_KINDS: dict[str, type[Contract]] = {
    "FLS_VIEW": FieldsParams,
    "FLS_EDIT": FieldsParams,
    "FLS_CREATE": FieldsParams,
    "NUMERIC_POSITIVE": FieldParams,
    "NUMERIC_RANGE": RangeParams,
    "ENUM_ALLOWED": EnumParams,
    "PII_REDACT": PiiParams,
    "SHARING_REQUIRED": NoParams,
    "REGEX_MATCH": RegexParams,
    "DATE_RANGE": DateRangeParams,
    "MAX_ROWS": MaxRowsParams,
    "RATE_LIMIT": RateLimitParams,
}

_QUIET = re2.Options()
_QUIET.log_errors = False

_ALIASES = {"FLS_ACCESS": "FLS_VIEW", "FLS_UPDATE": "FLS_EDIT", "FLS_WRITE": "FLS_EDIT"}

_BUILT_IN = frozenset(_KINDS)


def guardrail_kinds() -> tuple[str, ...]:
    """Return every declared kind, sorted."""
    return tuple(sorted(_KINDS))


def declare_guardrail(kind: str, params: type[Contract]) -> None:
    """Declare a kind of the user's own, so that blueprints may carry it.

    Raises:
        ValueError: The name is no upper-case identifier, or belongs to a built-in kind.
    """
    if not kind.isidentifier() or kind != kind.upper():
        raise ValueError(f"a guardrail kind is an upper-case identifier, not {kind!r}")
    if kind in _BUILT_IN or kind in _ALIASES:
        raise ValueError(f"{kind} is a built-in guardrail")
    _KINDS[kind] = params


def withdraw_guardrails() -> None:
    """Forget every declared kind that is not built in; for tests."""
    for kind in set(_KINDS) - _BUILT_IN:
        del _KINDS[kind]


class GuardrailSpec(Contract):
    """A guardrail on one action: its kind, its parameters, and the sentence to show instead of the default."""

    type: str
    params: dict[str, Any] = Field(default_factory=dict)
    message: str | None = Field(default=None, max_length=500)

    @field_validator("type")
    @classmethod
    def _known(cls, kind: str) -> str:
        """Bring the kind into its one name, or refuse it."""
        name = kind.strip().upper()
        name = _ALIASES.get(name, name)
        if name not in _KINDS:
            raise ValueError(
                f"unknown guardrail {kind[:60]!r}; allowed: {', '.join(guardrail_kinds())}"
            )
        return name

    @model_validator(mode="after")
    def _params_fit(self) -> Self:
        """Refuse parameters the kind does not have."""
        try:
            self.parsed()
        except ValidationError as invalid:
            raise ValueError(
                f"params of {self.type}: {explain(invalid, _KINDS[self.type])}"
            ) from invalid
        return self

    @field_serializer("params")
    def _plain_params(self, params: dict[str, Any]) -> dict[str, Any]:
        """Write the parameters as they were read."""
        return params

    @cached_property
    def _parsed(self) -> Contract:
        return _KINDS[self.type].model_validate(self.params)

    def parsed(self) -> Contract:
        """Return the parameters as the kind's own model; read once, since checks ask for every effect."""
        return self._parsed
