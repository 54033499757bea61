"""Conditions in CEL: what they may say, and what they answer."""

from __future__ import annotations

import string
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples

from actwright.condition import Kind, compile_condition
from actwright.errors import ConditionError

NAMES: dict[str, Kind] = {
    "goal": "text",
    "score": "number",
    "flag": "truth",
    "items": "list",
    "data": "map",
    "extra": "any",
    "plan.blueprints": "list",
    "outputs.stage_a.result": "text",
}
VALUES: dict[str, object] = {
    "goal": "close it",
    "score": 2,
    "flag": True,
    "items": [{"object": "Case", "position": 0}, {"object": "Task", "position": 1}],
    "data": {"amount": 45000.5, "none": None},
    "extra": "x",
    "plan.blueprints": ["case_close", "task_create"],
    "outputs.stage_a.result": "go_left",
}
WORDS = ["goal", "score", "flag", "items", "data", ".x", "[0]", "==", "&&", "||", "!", "(", ")"]
WORDS += ["'a'", "1", "1.5", "true", "null", "exists", "all", "has", "size", ",", "+", "?", ":"]
SNIPPETS = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("goal == 'close it'", True),
        ("goal.contains('open')", False),
        ("score > 1 && score < 2.5", True),
        ("flag", True),
        ("!flag", False),
        ("items.exists(i, i.object == 'Case' && i.position == 0)", True),
        ("items.all(a, items.exists(b, a.position <= b.position))", True),
        ("size(items.filter(i, i.object == 'Case')) == 1", True),
        ("data.amount > 45000", True),
        ("has(data.missing)", False),
        ("has(data.missing) && data.missing == 1", False),
        ("data.none == null", True),
        ("'Case' in ['Case', 'Task']", True),
        ("plan.blueprints == ['case_close', 'task_create']", True),
        ("plan.blueprints[0] == 'case_close'", True),
        ("outputs.stage_a.result == 'go_left'", True),
        ("goal.matches('^clos(e|ing) it$')", True),
        ("extra == 'x' // said in a comment: map(", True),
        ("goal != 'map(+) all( exists('", True),
        (r"goal != r'\d'", True),
        ("timestamp('2026-01-01T00:00:00Z') < timestamp('2026-01-02T00:00:00Z')", True),
    ],
)
def test_a_condition_answers_yes_or_no(text: str, holds: bool) -> None:  # noqa: FBT001 - a table of answers
    """A condition over declared values is true or false, and nothing else."""
    assert compile_condition(text, NAMES).holds(VALUES) is holds


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("goal and flag", "line 1, column 6", "&&"),
        ("flag or flag", "line 1, column 6", "||"),
        ("goal = 'x'", "line 1, column 6", "=="),
        ("extra == None", "line 1, column 10", "null"),
        ("flag == True", "line 1, column 9", "true"),
        ("len(goal) > 1", "line 1, column 4", "size"),
        ("gaol == 'x'", "line 1, column 1", "Did you mean goal?"),
        ("outputs.stage_b.result == 'x'", "line 1", "outputs.stage_a.result"),
        ("flag &&\n  glag", "line 2, column 3", "Did you mean flag?"),
        ("goal == 1", "line 1, column 6", "one kind"),
        ("goal", "condition", "Compare"),
        ("data.x", "condition", "Compare"),
        ("score", "condition", "Compare"),
        ("", "condition", "must hold"),
        ("// nothing", "condition", "must hold"),
        ("items.map(i, i) == []", "line 1, column 7", "exists()"),
        ("items . map // x\n (i, i) == []", "line 1, column 9", "exists()"),
        ("items.all(a, items.all(b, items.all(c, true)))", "line 1, column 33", "Split"),
        ("items.exists(a, a.x + 'a' == 'b')", "line 1, column 21", "Leave it out"),
        ("goal.matches(extra)", "line 1, column 6", "literal"),
        ("matches(goal, 'x')", "line 1, column 1", "literal"),
        ("goal.matches('a' + 'b')", "line 1, column 6", "literal"),
        ("has(outputs.stage_a.result)", "condition", "key inside a map"),
        ("has( plan . blueprints )", "condition", "key inside a map"),
        ("goal == '''x'''", "line 1, column 9", "plain quotes"),
        ("data.`x` == 1", "line 1, column 6", "plain quotes"),
        ("goal == 'a\u202eb'", "line 1, column 11", "Remove"),
        ("(" * 40 + "flag" + ")" * 40, "condition", "Nest it less"),
        ("flag || " * 200 + "flag", "condition", "Split"),
    ],
)
def test_a_wrong_condition_is_refused_with_place_and_way_out(
    text: str, place: str, hint: str
) -> None:
    """What is malformed, not declared, not boolean or beyond the rules is refused when it is read."""
    with pytest.raises(ConditionError) as refused:
        compile_condition(text, NAMES)
    assert place in str(refused.value.where)
    assert hint in str(refused.value.hint)


@pytest.mark.parametrize(
    ("text", "values", "hint"),
    [
        ("goal == 'x'", {}, "Hand the value in"),
        ("goal == 'x'", {"goal": 5}, ""),
        ("data.x == 1", {"data": {}}, "has(a.b)"),
        ("items[0] == 1", {"items": []}, "size(list)"),
        ("score > 1", {"score": "2"}, "one kind"),
        ("score > 1", {"score": 2**70}, "64 bits"),
        ("score > 1", {"score": float("nan")}, "plain"),
        ("extra == 1", {"extra": object()}, "plain"),
        ("extra == 1", {"extra": {1: 2}}, "plain"),
        ("goal == 'a'", {"goal": "a\x00b"}, "plain"),
        ("goal == 'a'", {"goal": "a\ud800"}, "plain"),
        ("goal == 'a'", {"goal": "a" * 20_001}, "plain"),
        ("items == []", {"items": [0] * 20_001}, "plain"),
        ("extra || flag", {"extra": "yes", "flag": False}, ""),
        ("1 / score == 1", {"score": 0}, ""),
        ("goal.matches('(')", {"goal": "a"}, ""),
        ("items.exists(a, items.exists(b, a.x == b))", {"items": [1, 2]}, ""),
        ("items.exists(a, items.exists(b, a == b && a < 0))", {"items": [*range(200)]}, "fewer"),
    ],
)
def test_what_cannot_be_decided_is_an_error(
    text: str, values: dict[str, object], hint: str
) -> None:
    """A value that is missing, of another kind or too large is neither true nor false."""
    condition = compile_condition(text, NAMES, where="rules.yaml")
    with pytest.raises(ConditionError) as refused:
        condition.holds(values)
    assert refused.value.error_code == "condition_undecidable"
    assert refused.value.where == "rules.yaml"
    assert hint in str(refused.value.hint)


def test_values_it_does_not_use_are_never_looked_at() -> None:
    """A value under a name the condition does not use may be anything, and costs nothing."""
    assert compile_condition("flag", NAMES).holds({"flag": True, "data": object()})


def test_a_name_that_is_no_name_is_a_programming_error() -> None:
    """Only dotted names can be declared."""
    with pytest.raises(ValueError, match="declared"):
        compile_condition("true", {"a b": "any"})


def test_conditions_compare_and_show_by_their_text() -> None:
    """Two conditions of the same words are equal, and their repr holds no foreign object."""
    one, other = compile_condition("flag", NAMES), compile_condition("flag", NAMES)
    assert one == other
    assert "0x" not in repr(one)


def test_the_library_below_is_loaded_late() -> None:
    """Importing the adapter loads nothing of CEL, so that the command line starts fast."""
    code = "import sys, actwright.condition; print('cel_expr_python' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@given(st.text(max_size=60) | st.text(string.printable, max_size=60) | SNIPPETS)
@examples(400)
def test_any_text_is_a_condition_or_refused(text: str) -> None:
    """Whatever the words, the answer is true, false or an error: never something merely truthy."""
    try:
        answer: object = compile_condition(text, NAMES).holds(VALUES)
    except ConditionError:
        answer = False
    assert answer is True or answer is False


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
        max_leaves=8,
    )
)
@settings(deadline=None)
def test_any_value_is_decided_or_refused(value: object) -> None:
    """Whatever the value, a comparison with it is true, false or an error; a value equals itself."""
    condition = compile_condition("extra == 'a' || extra > 3 || extra == extra", NAMES)
    try:
        answer = condition.holds({"extra": value})
    except ConditionError:
        answer = True
    assert answer is True
