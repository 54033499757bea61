"""The SOQL parser: every tree it can express comes back from its text, and errors say where."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localorg.errors import ApiError
from localorg.soql.ast import (
    Aggregate,
    Comparison,
    Condition,
    DateLiteral,
    FieldPath,
    Junction,
    Negation,
    Order,
    Pattern,
    Query,
    Scalar,
    SelectItem,
    Subquery,
)
from localorg.soql.literals import COUNTED, NAMED
from localorg.soql.parser import parse

_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text: str) -> str:
    """Write a text as SOQL writes it."""
    return "'" + "".join(_ESCAPES.get(char, char) for char in text) + "'"


def pattern_text(pattern: Pattern) -> str:
    """Write a pattern as SOQL writes it; its own backslashes are escapes already."""
    return "'" + pattern.text.replace("'", "\\'").replace("\n", "\\n") + "'"


def scalar_text(value: Scalar) -> str:
    """Write a value."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, date):
        return moment_text(value)
    if isinstance(value, Pattern):
        return pattern_text(value)
    if isinstance(value, DateLiteral):
        return value.name if value.count is None else f"{value.name}:{value.count}"
    return str(value)


def moment_text(value: date) -> str:
    """Write a day, or a moment in UTC."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat() + "Z"
    return value.isoformat()


def condition_text(condition: Condition) -> str:
    """Write a condition, everything inside a junction in brackets."""
    if isinstance(condition, Negation):
        return f"NOT ({condition_text(condition.condition)})"
    if isinstance(condition, Junction):
        inner = (f"({condition_text(each)})" for each in condition.conditions)
        return f" {condition.word} ".join(inner)
    path = ".".join(condition.path.parts)
    if isinstance(condition.value, Query):
        return f"{path} {condition.operator} ({query_text(condition.value)})"
    if isinstance(condition.value, tuple):
        members = ", ".join(map(scalar_text, condition.value))
        return f"{path} {condition.operator} ({members})"
    return f"{path} {condition.operator} {scalar_text(condition.value)}"


def item_text(item: SelectItem) -> str:
    """Write one entry of a select list."""
    if isinstance(item, Subquery):
        return f"({query_text(item.query)})"
    if isinstance(item, FieldPath):
        return ".".join(item.parts)
    inner = "" if item.path is None else ".".join(item.path.parts)
    return f"{item.function}({inner})" + (f" {item.alias}" if item.alias else "")


def query_text(query: Query) -> str:
    """Write a whole query."""
    parts = [f"SELECT {', '.join(map(item_text, query.select))} FROM {query.source}"]
    if query.where is not None:
        parts.append(f"WHERE {condition_text(query.where)}")
    if query.group:
        parts.append("GROUP BY " + ", ".join(".".join(each.parts) for each in query.group))
    if query.order:
        parts.append("ORDER BY " + ", ".join(map(order_text, query.order)))
    if query.limit is not None:
        parts.append(f"LIMIT {query.limit}")
    if query.offset is not None:
        parts.append(f"OFFSET {query.offset}")
    return " ".join(parts)


def order_text(order: Order) -> str:
    """Write one key of an order."""
    direction = "DESC" if order.descending else "ASC"
    return (
        f"{'.'.join(order.path.parts)} {direction} NULLS {'LAST' if order.nulls_last else 'FIRST'}"
    )


NAMES = st.sampled_from(["Id", "Name", "Account", "Custom__c", "Group", "End", "Owner", "a1"])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map(lambda parts: FieldPath(tuple(parts)))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PATTERNS = st.lists(
    st.sampled_from(["a", "%", "_", "\\%", "\\_", "\\\\", "'", "é", "\n"]), max_size=8
).map(lambda parts: Pattern("".join(parts)))
NUMBERS = st.decimals(-(10**12), 10**12, places=2)
DATE_LITERALS = st.sampled_from(sorted(NAMED)).map(DateLiteral) | st.builds(
    DateLiteral, st.sampled_from(sorted(COUNTED)), st.integers(0, 9999)
)
MOMENTS = st.datetimes(datetime(1000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - a bound
DAYS = st.dates(date(1000, 1, 1))
SCALARS = st.one_of(st.none(), st.booleans(), TEXTS, NUMBERS, DAYS, MOMENTS, DATE_LITERALS)
ORDERS = st.builds(Order, PATHS, st.booleans(), st.booleans())
LIMITS = st.none() | st.integers(0, 50_000)


def conditions(queries: st.SearchStrategy[Query]) -> st.SearchStrategy[Condition]:
    """Generate conditions whose semi-joins come from ``queries``."""
    members = st.lists(SCALARS, min_size=1, max_size=4).map(tuple) | queries
    simple = st.one_of(
        st.builds(Comparison, PATHS, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), SCALARS),
        st.builds(Comparison, PATHS, st.just("LIKE"), PATTERNS),
        st.builds(Comparison, PATHS, st.sampled_from(["IN", "NOT IN"]), members),
    )
    return st.recursive(simple, _compound, max_leaves=6)


def _compound(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.builds(Negation, inner) | st.builds(Junction, st.sampled_from(["AND", "OR"]), several)


AGGREGATES = st.builds(
    Aggregate,
    st.sampled_from(["COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX"]),
    PATHS,
    st.none() | st.just("total"),
) | st.just(Aggregate("COUNT", None))


def _query(inner: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    items = PATHS | AGGREGATES | st.builds(Subquery, inner)
    return st.builds(
        Query,
        st.lists(items, min_size=1, max_size=4).map(tuple),
        NAMES,
        st.none() | conditions(inner),
        st.lists(PATHS, max_size=2).map(tuple),
        st.lists(ORDERS, max_size=2).map(tuple),
        LIMITS,
        LIMITS,
    )


PLAIN = st.builds(Query, st.lists(PATHS, min_size=1, max_size=2).map(tuple), NAMES)
QUERIES = _query(_query(PLAIN) | PLAIN)


@given(QUERIES)
def test_every_tree_comes_back_from_its_text(query: Query) -> None:
    """Writing any query and parsing the text gives the query again."""
    assert parse(query_text(query)) == query


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    """Any text at all is parsed or refused with a Salesforce code, never anything else."""
    for source in (text, f"SELECT Id FROM Account WHERE Name = {text}"):
        try:
            parse(source)
        except ApiError as refused:
            assert refused.code == "MALFORMED_QUERY"  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize(
    ("source", "place", "token"),
    [
        ("SELECT Id FRM Account", "Row:1:Column:11", "FRM"),
        ("SELECT Id\nFROM Account\nWHERE Name == 'x'", "Row:3:Column:13", "="),
        ("SELECT Id FROM Account WITH USER_MODE", "Row:1:Column:24", "WITH"),
        ("SELECT Id FROM Account WHERE Name = 'x", "Row:1:Column:37", "'"),
        ("SELECT * FROM Account", "Row:1:Column:8", "*"),
        ("SELECT Id FROM Account; DELETE", "Row:1:Column:23", ";"),
        ("SELECT Id FROM Account WHERE A = 1 AND B = 2 OR C = 3", "Row:1:Column:46", "OR"),
        ("SELECT Id FROM Account WHERE D = 2026-02-30", "Row:1:Column:34", "2026-02-30"),
        ("SELECT Id FROM Account LIMIT -1", "Row:1:Column:30", "-1"),
        ("SELECT Id FROM", "Row:1:Column:15", "<EOF>"),
    ],
)
def test_an_error_names_row_column_and_token(source: str, place: str, token: str) -> None:
    """A malformed query says where it stops making sense."""
    with pytest.raises(ApiError) as refused:
        parse(source)
    assert refused.value.code == "MALFORMED_QUERY"
    assert place in refused.value.message
    assert f"unexpected token: '{token}'" in refused.value.message


def test_deep_nesting_is_refused() -> None:
    """Brackets beyond reason are an error, not a crash."""
    source = "SELECT Id FROM Account WHERE " + "(" * 5000 + "Name = 'x'" + ")" * 5000
    with pytest.raises(ApiError) as refused:
        parse(source)
    assert "nested too deeply" in refused.value.message


def test_escapes_mean_what_soql_says() -> None:
    r"""A text may hold ``\'``, ``\\``, ``\n`` and ``\u`` escapes; in a pattern ``\%`` stays plain."""
    where = parse(r"SELECT Id FROM A WHERE N = 'a\'b\\c\né' ").where
    assert where == Comparison(FieldPath(("N",)), "=", "a'b\\c\né")
    like = parse(r"SELECT Id FROM A WHERE N LIKE '50\%%'").where
    assert like == Comparison(FieldPath(("N",)), "LIKE", Pattern("50\\%%"))


def test_a_datetime_is_taken_in_utc() -> None:
    """An offset is applied; the two ways to write it are the same moment."""
    texts = ("2026-11-21T05:48:09+01:00", "2026-11-21T04:48:09.000+0000", "2026-11-21T04:48:09Z")
    values = [parse(f"SELECT Id FROM A WHERE D > {each}").where for each in texts]
    moment = datetime(2026, 11, 21, 4, 48, 9, tzinfo=UTC)
    assert values == [Comparison(FieldPath(("D",)), ">", moment)] * 3


def test_a_number_keeps_its_digits() -> None:
    """Numbers are decimals, not floats."""
    where = parse("SELECT Id FROM A WHERE N = 0.1").where
    assert isinstance(where, Comparison)
    assert where.value == Decimal("0.1")
