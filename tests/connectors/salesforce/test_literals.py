"""Literals: each family's values, and only those."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simple_salesforce.format import quote_soql_value

from actwright.connectors.salesforce.literals import condition_value, literal, quoted
from actwright.errors import InputError
from actwright.org.query import Condition, JsonScalar
from actwright.org.schema import FieldSchema
from actwright.org.value import Family


@pytest.mark.parametrize(
    ("value", "family", "text"),
    [
        ("O'Neil", "string", r"'O\'Neil'"),
        (7, "string", "'7'"),
        ("001000000000001AAA", "id", "'001000000000001AAA'"),
        ("1200.50", "decimal", "1200.5"),
        (0.1, "decimal", "0.1"),
        (1e20, "decimal", "100000000000000000000"),
        (-3, "integer", "-3"),
        ("4.0", "integer", "4"),
        (True, "boolean", "true"),
        ("False", "boolean", "false"),
        ("2026-11-24", "date", "2026-11-24"),
        ("2026-11-24T16:00:00+01:00", "datetime", "2026-11-24T15:00:00Z"),
        ("15:00", "time", "15:00:00.000Z"),
        (None, "date", "null"),
    ],
)
def test_a_value_becomes_its_familys_literal(value: JsonScalar, family: Family, text: str) -> None:
    """Text and ids are quoted, everything else is written in its one form."""
    assert literal(value, family, "here") == text


@pytest.mark.parametrize(
    ("value", "family"),
    [
        (float("nan"), "decimal"),
        (float("inf"), "decimal"),
        ("NaN", "decimal"),
        ("1e999999", "decimal"),
        ("1 OR 1=1", "decimal"),
        (True, "decimal"),
        (4.5, "integer"),
        ("yes", "boolean"),
        (1, "boolean"),
        (True, "string"),
        ("\ud800", "string"),
        ("001' OR Name != '", "id"),
        ("24.11.2026", "date"),
        ("20261124", "date"),
        ("2026-02-30", "date"),
        ("2026-11-24", "datetime"),
        ("2026-11-24T15:00:00", "datetime"),
        ("15:00+01:00", "time"),
        ("TODAY OR Id != null", "date"),
    ],
)
def test_anything_else_is_refused(value: JsonScalar, family: Family) -> None:
    """A value that is not of its field's type never becomes part of a query."""
    with pytest.raises(InputError):
        literal(value, family, "here")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_text_is_escaped_as_simple_salesforce_escapes_it(words: str) -> None:
    """Quotes and backslashes are treated as in format_soql; other controls get an escape of their own."""
    assert quoted(words) == quote_soql_value(words)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_no_text_leaves_its_quotes(words: str) -> None:
    """Inside a literal there is no unescaped quote and no raw control character."""
    inside = quoted(words)[1:-1]
    assert "'" not in inside.replace("\\\\", "").replace("\\'", "")
    assert not any(ord(char) < 0x20 for char in inside)


def _rendered(kind: str, operator: str, value: object) -> str:
    condition = Condition.model_validate({"field": "F", "operator": operator, "value": value})
    return condition_value(FieldSchema("F", "F", kind), condition, "here")


@pytest.mark.parametrize(
    ("kind", "operator", "value", "text"),
    [
        ("string", "LIKE", "Ac%", "LIKE 'Ac%'"),
        ("string", "LIKE", r"50\%_", r"LIKE '50\%_'"),
        ("string", "LIKE", "C:\\x", r"LIKE 'C:\\x'"),
        ("string", "=", "100%", "= '100%'"),
        ("string", "IN", ["a", "b'"], r"IN ('a','b\'')"),
        ("int", "NOT IN", [1, 2], "NOT IN (1,2)"),
        ("int", "IN", 1, "IN (1)"),
        ("multipicklist", "IN", ["a", "b"], "INCLUDES ('a','b')"),
        ("multipicklist", "NOT IN", ["a"], "EXCLUDES ('a')"),
        ("currency", ">=", "10", ">= 10"),
        ("string", "!=", None, "!= null"),
    ],
)
def test_operators_render(kind: str, operator: str, value: object, text: str) -> None:
    """Each operator stands before the literal its field's type wants."""
    assert _rendered(kind, operator, value) == text


@pytest.mark.parametrize(
    ("kind", "operator", "value"),
    [
        ("int", "LIKE", "1%"),
        ("id", "LIKE", "001%"),
        ("string", "LIKE", 5),
        ("string", "LIKE", None),
        ("boolean", ">", True),
        ("reference", "<", "001000000000001AAA"),
        ("multipicklist", "<", "a"),
        ("string", "=", ["a"]),
        ("string", "IN", [None]),
        ("int", "<", None),
    ],
)
def test_operators_that_do_not_fit_are_refused(kind: str, operator: str, value: object) -> None:
    """A comparison the org would refuse, or read otherwise, is refused here with the field's name."""
    with pytest.raises(InputError) as caught:
        _rendered(kind, operator, value)
    assert caught.value.where == "here"
