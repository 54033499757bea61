"""Values that cross into the sandbox and out of it: exact types only, copied, within a budget."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Final, TypeAlias

from actwright.errors import SandboxValueError
from actwright.sandbox.names import exact_name

Value: TypeAlias = (
    "bool | int | float | str | Decimal | date | datetime | Opaque | Sequence[Value] "
    "| Mapping[str, Value] | None"
)
"""What may cross: plain values, lists, tuples and dicts of them, and opaque handles."""

DEEPEST: Final = 32
"""How deep values may stand inside each other."""

_LONGEST_INT = 256
_MOST_DIGITS = 256


class Opaque:
    """A value that code may pass on and can never see.

    Inside, it shows as ``Opaque()`` whatever it holds: it has no attribute, no text, no order and no content to compare.
    Outside, it comes back as the very object that went in.

    Args:
        value: What it holds; it stays on the host.
        label: What it is, in words for people; it stays on the host as well.
    """

    __slots__ = ("label", "value")

    def __init__(self, value: object, label: str = "") -> None:
        self.value = value
        self.label = label

    def __repr__(self) -> str:
        return "Opaque()"


@dataclass(slots=True)
class Budget:
    """What may still cross in one direction of one run.

    Attributes:
        nodes: Values left.
        size: Bytes left.
        known: The opaque handles that went in, by identity; any other is refused on its way out.
        inward: Whether it is for what goes in.
    """

    nodes: int
    size: int
    known: dict[int, Opaque]
    inward: bool = False

    def spend(self, size: int) -> None:
        """Count one more value.

        Args:
            size: Its bytes.

        Raises:
            SandboxValueError: It is one too many, or too large.
        """
        self.nodes -= 1
        self.size -= size
        if self.nodes < 0 or self.size < 0:
            raise _refused("more values or bytes than one run may hand over", "sandbox_value_large")


def copied(value: object, budget: Budget, *, depth: int = 0) -> Value:
    """Return a value as a tree of its own, having gone through it once and counted every part.

    Nothing may show, log, compare or serialise a value of the sandbox before this. What is shared inside it is counted
    as often as it is reached, so that a small value which explodes when touched is refused while it is counted.

    Args:
        value: What came over.
        budget: What may still come.
        depth: How deep it stands.

    Raises:
        SandboxValueError: It is of no allowed type, too large, too deep, or a name in it is refused.
    """
    kind = type(value)
    copy = _COPIES.get(kind)
    if copy is None:
        raise _refused(f"a value of type {_type_name(kind)!r}", "sandbox_value_type")
    if depth > DEEPEST:
        raise _refused(f"values inside each other, more than {DEEPEST} deep", "sandbox_value_deep")
    return copy(value, budget, depth)


def _atom(value: object, budget: Budget, _depth: int) -> Value:
    budget.spend(8)
    return value  # type: ignore[return-value] # only exact types of _COPIES come here


def _int(value: int, budget: Budget, _depth: int) -> Value:
    if value.bit_length() > _LONGEST_INT:
        raise _refused("a whole number of too many digits", "sandbox_value_number")
    budget.spend(32)
    return value


def _float(value: float, budget: Budget, _depth: int) -> Value:
    if not math.isfinite(value):
        raise _refused("a number that is not finite", "sandbox_value_number")
    budget.spend(8)
    return value


def _decimal(value: Decimal, budget: Budget, _depth: int) -> Value:
    sign_digits_exponent = value.as_tuple()
    if not value.is_finite():
        raise _refused("a number that is not finite", "sandbox_value_number")
    digits, exponent = len(sign_digits_exponent.digits), int(sign_digits_exponent.exponent)
    if digits > _MOST_DIGITS or abs(exponent) > _MOST_DIGITS:
        raise _refused("a decimal number of too many digits", "sandbox_value_number")
    budget.spend(digits + abs(exponent))
    return value


def _text(value: str, budget: Budget, _depth: int) -> Value:
    if value.isascii():
        budget.spend(len(value) + 1)
        return value
    budget.spend(len(value))
    try:
        size = len(value.encode())
    except UnicodeEncodeError as error:
        raise _refused("a text with half a character", "sandbox_value_text") from error
    budget.size -= size - len(value)
    return value


def _moment(value: datetime, budget: Budget, _depth: int) -> Value:
    if value.tzinfo is not None and type(value.tzinfo) is not timezone:
        raise _refused("a time of an unknown time zone", "sandbox_value_type")
    budget.spend(16)
    return value


def _list(value: Sequence[object], budget: Budget, depth: int) -> Value:
    budget.spend(8)
    return [copied(each, budget, depth=depth + 1) for each in value]


def _tuple(value: Sequence[object], budget: Budget, depth: int) -> Value:
    budget.spend(8)
    return tuple(copied(each, budget, depth=depth + 1) for each in value)


def _dict(value: Mapping[object, object], budget: Budget, depth: int) -> Value:
    budget.spend(8)
    copy: dict[str, Value] = {}
    for key, item in value.items():
        if type(key) is not str:
            raise _refused("a dict with a key that is no text", "sandbox_value_type")
        _text(key, budget, depth)
        name = key if budget.inward else exact_name(key)
        copy[name] = copied(item, budget, depth=depth + 1)
    return copy


def _opaque(value: Opaque, budget: Budget, _depth: int) -> Value:
    if budget.inward:
        budget.known[id(value)] = value
    elif budget.known.get(id(value)) is not value:
        raise _refused("an opaque handle of another run", "sandbox_value_handle")
    budget.spend(8)
    return value


_COPIES: dict[type, Callable[..., Value]] = {
    type(None): _atom,
    bool: _atom,
    int: _int,
    float: _float,
    str: _text,
    Decimal: _decimal,
    date: _atom,
    datetime: _moment,
    list: _list,
    tuple: _tuple,
    dict: _dict,
    Opaque: _opaque,
}
"""Exact types only: a subclass may answer anything to whoever looks at it."""


def _type_name(kind: type) -> str:
    return kind.__name__[:60]


def _refused(what: str, code: str) -> SandboxValueError:
    return SandboxValueError(
        f"The sandbox was to hand over {what}.",
        hint="Only texts, numbers, dates, and small lists and dicts of them go in and out.",
        code=code,
    )
