"""Guardrails as blueprints carry them: kinds, aliases, parameters."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from actwright.blueprints.guardrail import (
    FieldParams,
    GuardrailSpec,
    RangeParams,
    declare_guardrail,
    guardrail_kinds,
    withdraw_guardrails,
)
from actwright.contract import Contract


@pytest.fixture
def own_kinds() -> Iterator[None]:
    """Forget the kinds a test declared."""
    yield
    withdraw_guardrails()


class BudgetParams(Contract):
    """The parameters of a kind of the user's own."""

    ceiling: int


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("FLS_ACCESS", "FLS_VIEW"),
        ("FLS_UPDATE", "FLS_EDIT"),
        ("FLS_WRITE", "FLS_EDIT"),
        (" fls_edit ", "FLS_EDIT"),
    ],
)
def test_aliases_are_read_as_their_kind(written: str, kind: str) -> None:
    """Every alias of a kind, in any case, becomes the kind's one name."""
    assert GuardrailSpec(type=written, params={"fields": ["Name"]}).type == kind


@given(st.text(max_size=40))
def test_no_unknown_kind_is_ever_passed_over(kind: str) -> None:
    """Whatever is no declared kind or alias is refused, never ignored."""
    known = {*guardrail_kinds(), "FLS_ACCESS", "FLS_UPDATE", "FLS_WRITE"}
    if kind.strip().upper() in known:
        return
    with pytest.raises(ValidationError, match="unknown guardrail"):
        GuardrailSpec(type=kind, params={"fields": ["Name"]})


INVALID_PARAMS = [
    ("FLS_EDIT", {}, "fields: Field required"),
    ("FLS_EDIT", {"fields": []}, "fields: "),
    ("FLS_EDIT", {"fields": ["Account.Name"]}, r"fields\[0\]: "),
    ("NUMERIC_POSITIVE", {}, "field: Field required"),
    ("NUMERIC_POSITIVE", {"field": "Amount", "min": 1}, "min: unknown field; allowed: field"),
    ("NUMERIC_RANGE", {"field": "Amount"}, "a range needs min or max"),
    ("NUMERIC_RANGE", {"field": "Amount", "min": 2, "max": 1}, "min is greater than max"),
    ("NUMERIC_RANGE", {"field": "Amount", "min": float("nan")}, "min: "),
    ("NUMERIC_RANGE", {"field": "Amount", "min": float("inf")}, "min: "),
    ("NUMERIC_RANGE", {"field": "Amount", "max": "5"}, "max: a bound is a number"),
    ("NUMERIC_RANGE", {"field": "Amount", "max": True}, "max: a bound is a number"),
    ("NUMERIC_RANGE", {"field": "Amount", "max": 10**40}, "max: "),
    (
        "NUMERIC_RANGE",
        {"field": "Amount", "min": 2**53 + 1, "max": 2**53},
        "min is greater than max",
    ),
    ("ENUM_ALLOWED", {"field": "Stage", "values": []}, "values: "),
    ("ENUM_ALLOWED", {"field": "Stage", "values": "Won"}, "values: "),
    ("PII_REDACT", {"fields": ["Notes"], "mode": "off"}, "mode: "),
    ("PII_REDACT", {"fields": ["Notes"], "kinds": ["email"]}, "kinds belong to redact and detect"),
    ("PII_REDACT", {"fields": ["Notes"], "mode": "redact", "kinds": []}, "kinds: "),
    ("PII_REDACT", {"fields": ["Notes"], "mode": "detect", "kinds": ["name"]}, r"kinds\[0\]: "),
    ("RATE_LIMIT", {"max": 5}, "per: Field required"),
    ("RATE_LIMIT", {"max": 5, "per": "week"}, "per: "),
    ("RATE_LIMIT", {"max": 0, "per": "day"}, "max: "),
    ("SHARING_REQUIRED", {"fields": ["Name"]}, "fields: unknown field"),
    ("REGEX_MATCH", {"field": "Code", "pattern": "("}, "no RE2 expression"),
    ("REGEX_MATCH", {"field": "Code", "pattern": r"(a)\1"}, "no RE2 expression"),
    ("DATE_RANGE", {"field": "CloseDate"}, "a date range needs from or to"),
    ("DATE_RANGE", {"field": "CloseDate", "from": "tomorrow"}, "from: "),
    ("DATE_RANGE", {"field": "CloseDate", "to": "2026-02-31"}, "to: "),
    ("DATE_RANGE", {"field": "CloseDate", "to": "2026-13-01"}, "to: "),
    ("DATE_RANGE", {"field": "CloseDate", "to": "today+\u0663d"}, "to: "),
    ("MAX_ROWS", {"max": 0}, "max: "),
]


def test_bounds_are_numbers_on_the_wire_and_exact_inside() -> None:
    """A bound past 2^53, and one with decimals, is read and written as the JSON number it was."""
    text = '{"type": "NUMERIC_RANGE", "params": {"field": "Amount", "min": 0.1, "max": 9007199254740993}}'
    read = GuardrailSpec.model_validate_json(text)
    parsed = cast("RangeParams", read.parsed())
    assert (parsed.min, parsed.max) == (Decimal("0.1"), Decimal(2**53 + 1))
    written = json.loads(text)
    assert json.loads(read.model_dump_json())["params"] == written["params"]
    assert json.loads(parsed.model_dump_json()) == written["params"]
    assert RangeParams.model_json_schema()["properties"]["min"]["anyOf"][0] == {"type": "number"}


@pytest.mark.parametrize(("kind", "params", "expected"), INVALID_PARAMS)
def test_parameters_a_kind_does_not_have_are_refused(
    kind: str, params: dict[str, object], expected: str
) -> None:
    """Missing, empty, contradictory and unknown parameters are refused with their path."""
    with pytest.raises(ValidationError, match=expected):
        GuardrailSpec(type=kind, params=params)


def test_a_bad_pattern_says_nothing_on_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    """A pattern the engine refuses is reported by our error alone, not by the engine's own log."""
    with pytest.raises(ValidationError):
        GuardrailSpec(type="REGEX_MATCH", params={"field": "Code", "pattern": "("})
    assert capfd.readouterr().err == ""


@pytest.mark.usefixtures("own_kinds")
def test_a_kind_of_ones_own_can_be_carried_and_is_checked() -> None:
    """A declared kind is accepted with its parameters and refused without them."""
    declare_guardrail("BUDGET", BudgetParams)
    spec = GuardrailSpec(type="BUDGET", params={"ceiling": 5})
    assert spec.parsed() == BudgetParams(ceiling=5)
    with pytest.raises(ValidationError, match="ceiling"):
        GuardrailSpec(type="BUDGET")


@pytest.mark.parametrize("name", ["budget", "BUD GET", "FLS_EDIT", "FLS_WRITE", ""])
def test_a_kind_may_not_take_a_bad_or_built_in_name(name: str) -> None:
    """A kind of one's own can neither replace a built-in kind nor bear a name that is none."""
    with pytest.raises(ValueError, match="guardrail"):
        declare_guardrail(name, FieldParams)


def test_parameters_are_written_as_they_were_read() -> None:
    """A guardrail's parameters keep their wire form, ``from`` among them."""
    params = {"field": "CloseDate", "from": "today", "to": "today+30d"}
    assert GuardrailSpec(type="DATE_RANGE", params=params).model_dump(mode="json") == {
        "type": "DATE_RANGE",
        "params": params,
        "message": None,
    }
