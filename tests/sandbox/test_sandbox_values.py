"""Values that cross: the same on the other side, of exact types, and named as they look."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.errors import SandboxValueError
from actwright.sandbox import Capability, Opaque, Parameter, Sandbox, Surface, Value, exact_name
from actwright.sandbox.kinds import fits
from actwright.sandbox.values import Budget, copied

ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**200), 2**200),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.decimals(allow_nan=False, allow_infinity=False, places=4),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))])),
    st.datetimes(),
)
KEYS = st.text("abcXYZ_019", min_size=1, max_size=8)
VALUES = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
    ),
    max_leaves=12,
)


def _same(one: object, other: object) -> bool:
    """Tell whether two values are equal and of the same types all the way down."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other and (not isinstance(one, datetime) or one.utcoffset() == other.utcoffset())  # type: ignore[attr-defined] # of the same type


@given(value=VALUES)
def test_every_value_comes_back_as_it_went_in(sandbox: Sandbox, value: Value) -> None:
    """In, through the interpreter, and out: nothing is rounded, retyped or reordered."""
    code = "def act(value):\n    return [value, {'a': (value,)}]"
    done = sandbox.run(
        code, entry="act", arguments={"value": value}, surface=Surface(), answer=lambda _: None
    )
    assert _same(done.value, [value, {"a": (value,)}])


@given(value=VALUES)
def test_a_copy_is_equal_and_shares_nothing(value: Value) -> None:
    """What was looked at once cannot change afterwards."""
    copy = copied(value, Budget(10_000, 1_000_000, {}))
    assert _same(copy, value)
    assert copy is not value or not isinstance(value, (list, dict))


@pytest.mark.parametrize("levels", [25, 31])
def test_a_value_that_explodes_is_refused_while_it_is_counted(levels: int) -> None:
    """A structure that doubles at each level costs no more than the budget."""
    value: list[object] = []
    for _ in range(levels):
        value = [value, value]
    with pytest.raises(SandboxValueError) as told:
        copied(value, Budget(1000, 10_000, {}))
    assert told.value.error_code == "sandbox_value_large"


class _Liar(str):
    """A text that says it is another one."""

    __slots__ = ()

    def isascii(self) -> bool:
        """Lie."""
        return True


@pytest.mark.parametrize(
    "value", [_Liar("x"), type("D", (dict,), {})(), True.__class__, range(3), 1j]
)
def test_only_exact_types_pass(value: object) -> None:
    """A subclass may answer anything to whoever looks at it."""
    with pytest.raises(SandboxValueError) as told:
        copied(value, Budget(10, 100, {}))
    assert told.value.error_code == "sandbox_value_type"


def test_a_handle_of_another_run_is_refused() -> None:
    """Only what went in may come out."""
    with pytest.raises(SandboxValueError) as told:
        copied(Opaque("x"), Budget(10, 100, {}))
    assert told.value.error_code == "sandbox_value_handle"


@pytest.mark.parametrize(
    "name", ["Amount", "My_Field__c", "Größe", "名前", "a b", "Owner.Name", "x\\y"]
)
def test_a_name_that_is_what_it_looks_like_passes(name: str) -> None:
    """Letters of every script pass where they are composed."""
    assert exact_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x" * 256,
        "Amo\u200bunt",
        "\uff21mount",
        "e\u0301",
        "a\nb",
        "a\x00",
        "\u202ex",
        "x\u3164",
        "\ufb01x",
        "²",
        "a\u00a0b",
    ],
)
def test_a_name_that_could_be_taken_for_another_is_refused(name: str) -> None:
    """What is invisible, or changes under NFKC, never reaches a field's name."""
    with pytest.raises(SandboxValueError) as told:
        exact_name(name)
    assert told.value.error_code == "sandbox_name"


@given(name=st.text(max_size=20))
def test_a_name_passes_only_as_it_is(name: str) -> None:
    """What passes is never changed."""
    with suppress(SandboxValueError):
        assert exact_name(name) == name


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("str", "x", 1),
        ("int", 1, True),
        ("int", 1, 1.0),
        ("bool", True, 1),
        ("float", 1, True),
        ("float", 1.5, "1.5"),
        ("str | None", None, 1),
        ("None", None, 0),
        ("Decimal", Decimal(1), 1.0),
        ("date", date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)),
        ("datetime", datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 1)),
        ("list[str]", ["a"], ["a", 1]),
        ("list[str]", [], ()),
        ("tuple[str, ...]", ("a", "b"), ("a", 1)),
        ("tuple[str, int]", ("a", 1), ("a", 1, 2)),
        ("dict[str, int]", {"a": 1}, {"a": "b"}),
        ("dict[str, list[int | None]]", {"a": [1, None]}, {"a": [1, "x"]}),
        ("Literal['asc', 'desc']", "asc", "ASC"),
        ("Literal[1]", 1, True),
        ("Opaque", Opaque(1), "x"),
        ("Scalar", "x", []),
        ("'Scalar'", 1, []),
        ("Row", {"a": 1}, []),
        ("list", [1], ()),
    ],
)
def test_a_value_is_held_to_its_declared_type(kind: str, good: object, bad: object) -> None:
    """The exact type passes, its near neighbour does not."""
    types = "class Row(TypedDict):\n    a: int\nScalar = str | int\n"
    assert fits(kind, types)(good)
    assert not fits(kind, types)(bad)


@pytest.mark.parametrize("kind", ["Nowhere", "set[int]", "f()", "list[Nowhere]", "1", "int, int"])
def test_a_capability_of_unknown_types_is_no_capability(kind: str) -> None:
    """A slip in a declaration shows when the surface is made, never in a run."""
    with pytest.raises(ValueError, match="type"):
        Surface((Capability("a", "b", (Parameter("c", kind),), "None", ""),))
