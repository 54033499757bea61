"""Attacks on conditions: none may take long, grow, crash the process, or pass for a yes."""

from __future__ import annotations

import time

import pytest

from actwright.condition import Kind, compile_condition
from actwright.errors import ConditionError

NAMES: dict[str, Kind] = {"goal": "text", "items": "list", "data": "map", "flag": "truth"}
_SECONDS = 5.0


@pytest.mark.parametrize(
    "text",
    [
        "+".join(["1"] * 499) + " == 0",
        "!" * 990 + "flag",
        "-" * 990 + "1 == 1",
        "(" * 990,
        "[" * 490 + "]" * 490,
        "{'a':" * 150 + "1" + "}" * 150,
        "data" + ".a" * 490,
        "flag ? " * 140 + "flag",
        "'" + "a" * 990,
        "goal.matches('" + "(a+)+" * 190 + "$')",
        "goal.matches('" + "(a{1000}){1000}" * 60 + "')",
        "items.exists(a, items.exists(b, items.exists(c, items.exists(d, true))))",
        "items.map(a, items.map(b, items.map(c, [a, b, c]))) == []",
        "items.map(a, goal + goal + goal)[0] == ''",
        "items.all(a, (goal + goal + goal + goal) != a)",
        "size(" + "goal + " * 130 + "goal) > 0",
        "cel.bind(x, goal, x == '')",
        "items.transformList(i, v, v) == []",
        "goal.format([1]) == ''",
        "goal == b'\\xff'",
        "goal == '\\U00110000'",
        "google.protobuf.Any{} == null",
        "__import__('os') == 1",
        "\ud800",
        "goal == 'a\x00'",
        "goal == 'a' // \u202e",
    ],
)
def test_hostile_conditions_end_soon(text: str) -> None:
    """Each is decided or refused within seconds, and the process lives on to decide the next one."""
    values = {"goal": "a" * 20_000, "items": [{"x": "a"}] * 200, "data": {}, "flag": True}
    started = time.monotonic()
    try:
        answer: object = compile_condition(text, NAMES).holds(values)
    except ConditionError as refused:
        answer = None
        assert len(refused.message) < 400  # noqa: PT017 - most, not all, are refused
    assert answer in {True, False, None}
    assert time.monotonic() - started < _SECONDS
    assert compile_condition("flag", NAMES).holds(values) is True


@pytest.mark.parametrize("text", ["data.ok", "data['ok']", "items[0]", "flag ? data.ok : data.no"])
def test_a_truthy_value_is_no_yes(text: str) -> None:
    """What is not known to be true or false is refused at once, whatever its value would be."""
    with pytest.raises(ConditionError, match="not true or false"):
        compile_condition(text, NAMES)


@pytest.mark.parametrize("text", ["data.ok == 'yes'", "data.ok && data.ok", "!data.missing"])
def test_an_error_value_is_no_yes(text: str) -> None:
    """The library below answers an error with a truthy text: it is raised instead."""
    with pytest.raises(ConditionError) as refused:
        compile_condition(text, NAMES).holds({"data": {}})
    assert refused.value.error_code == "condition_undecidable"


def test_a_text_cut_at_its_nul_is_not_equal_to_its_beginning() -> None:
    """The library below reads a text to its first NUL; such a value is refused, not taken for its beginning."""
    condition = compile_condition("goal == 'delete nothing'", NAMES)
    with pytest.raises(ConditionError):
        condition.holds({"goal": "delete nothing\x00 but everything"})


@pytest.mark.parametrize("hidden", ['"map("', "'map('", r"r'map(\d'", "'\\' map('", '"\\" map("'])
def test_a_macro_cannot_hide_behind_quotes(hidden: str) -> None:
    """Whatever the quotes, a macro behind them is seen and one inside them is not."""
    with pytest.raises(ConditionError, match="map"):
        compile_condition(f"goal == {hidden} || items.map(i, i) == []", NAMES)
    assert compile_condition(f"goal == {hidden}", NAMES).holds({"goal": "x"}) is False


def test_an_error_never_repeats_hostile_text_as_it_is() -> None:
    """Keys and names from outside stand in an error as plain ASCII, and cut."""
    condition = compile_condition("data[goal] == 1", NAMES)
    with pytest.raises(ConditionError) as refused:
        condition.holds({"data": {}, "goal": "\x1b[2J\u202e" + "x" * 5_000})
    assert refused.value.message.isascii()
    assert refused.value.message.isprintable()
    assert len(refused.value.message) < 400
