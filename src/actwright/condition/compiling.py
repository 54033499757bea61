"""Compiling and asking conditions. The library below is loaded when the first condition is compiled."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from actwright.condition.members import Members, check_members
from actwright.condition.rules import checked
from actwright.condition.values import check_values
from actwright.errors import ConditionError

if TYPE_CHECKING:
    from cel_expr_python import cel

Kind = Literal["text", "number", "truth", "list", "map", "any"]
"""What a declared name stands for. A map's keys are text; a list and a map hold anything."""

_SHOWN = 200
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,79}(?:\.[A-Za-z_][A-Za-z0-9_]{0,79}){0,7}")
_PLACE = re.compile(r"<input>:(?P<line>-?\d+):(?P<column>-?\d+): (?P<what>[^\n]*)")
_HINTS = (
    (r"'and'", "CEL writes && for and."),
    (r"'or'", "CEL writes || for or."),
    (r"'None'", "CEL writes null."),
    (r"'True'|'False'", "CEL writes true and false."),
    (r"'len'", "CEL writes size(...)."),
    (r"at: '= ?", "CEL writes == to compare."),
    (r"no matching overload|No matching overloads", "Compare values of one kind only."),
    (r"Key not found", "Ask has(a.b) first for what may be missing."),
    (r"Index error", "Ask size(list) > 0 first."),
    (r"No value with name", "Hand the value in, or leave its name out."),
    (r"recursion", "Nest it less."),
    (r"Iteration budget", "Go over fewer items."),
    (r"out of range|OUT_OF_RANGE", "Whole numbers have at most 64 bits."),
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was read and checked, ready to be asked any number of times.

    Attributes:
        text: The condition as it was written.
        names: The declared names its words can refer to; only these values are looked at.
        where: What to call it in an error.
    """

    text: str
    names: Mapping[str, Kind]
    where: str
    _expression: cel.Expression = field(repr=False, compare=False)

    def holds(self, values: Mapping[str, object]) -> bool:
        """Tell whether the condition holds for ``values``.

        Args:
            values: JSON-like values by declared name. A name the condition does not use may be left out.

        Raises:
            ConditionError: It cannot be decided (``condition_undecidable``): a value is missing, of another kind,
                too large, or a comparison makes no sense. Never taken for false, and never for true.
        """
        used = {name: value for name, value in values.items() if name in self.names}
        check_values(used, self.where)
        try:
            answer = self._expression.eval(data=used)
            kind, value = answer.type().name(), answer.value()
        except (RuntimeError, TypeError, ValueError, OverflowError) as error:
            raise self._undecided(str(error)) from error
        if kind != "BOOL" or not isinstance(value, bool):
            raise self._undecided(str(value))
        return value

    def _undecided(self, reason: str) -> ConditionError:
        plain = reason.partition(": ")[2] if re.match(r"[A-Z_]+: ", reason) else reason
        return ConditionError(
            f"The condition cannot be decided: {_shown(plain)}.",
            where=self.where,
            hint=_hint(reason, ()),
            code="condition_undecidable",
        )


def compile_condition(
    text: str,
    names: Mapping[str, Kind],
    *,
    members: Members | None = None,
    where: str = "condition",
) -> Condition:
    """Return the condition in ``text``, checked against the declared names.

    Args:
        text: The condition, in CEL.
        names: Every name it may use, and what each stands for. A dotted name is declared whole:
            ``outputs.stage_a.result``.
        members: By declared name of a map, or of a list of maps, the keys such a map has; any where left out.
        where: What to call it in an error.

    Raises:
        ConditionError: It is no CEL, breaks one of the four rules, or names what was not declared; the error
            says at which line and column, and what to write instead.
        ValueError: A declared name is no name.
    """
    tokens = checked(text, names, where)
    check_members(text, tokens, names, members or {}, where)
    words = {each for _, each, _ in tokens}
    used = {name: kind for name, kind in names.items() if name.partition(".")[0] in words}
    try:
        expression = _environment(tuple(sorted(names.items()))).compile(text)
    except (RuntimeError, TypeError) as error:
        raise _malformed(str(error), where, names) from error
    kind = expression.return_type().name()
    if kind != "BOOL":
        raise ConditionError(
            f"The condition gives {kind}, not true or false.",
            where=where,
            hint="Compare it with something: size(list) > 0, value == true.",
        )
    return Condition(text, used, where, expression)


@lru_cache(maxsize=64)
def _environment(names: tuple[tuple[str, Kind], ...]) -> cel.Env:
    from cel_expr_python import cel  # noqa: PLC0415 - a compiled library, loaded on first use

    kinds = {
        "text": cel.Type.STRING,
        "number": cel.Type.DYN,
        "truth": cel.Type.BOOL,
        "list": cel.Type.LIST,
        "map": cel.Type.Map(cel.Type.STRING, cel.Type.DYN),
        "any": cel.Type.DYN,
    }
    for name, _ in names:
        if _NAME.fullmatch(name) is None:
            raise ValueError(f"{_shown(name)!r} cannot be declared: it is no name")
    return cel.NewEnv(variables={name: kinds[kind] for name, kind in names})


def _malformed(reason: str, where: str, names: Mapping[str, Kind]) -> ConditionError:
    found = _PLACE.search(reason)
    what = found["what"] if found else reason
    known = found is not None and int(found["line"]) > 0
    place = f"{where}, line {found['line']}, column {found['column']}" if found and known else where
    plain = what.removeprefix("Syntax error: ").partition(" (in container")[0]
    return ConditionError(
        f"The condition is no CEL: {_shown(plain)}.", where=place, hint=_hint(what, names)
    )


def _hint(reason: str, names: Collection[str]) -> str:
    """Return what to write instead, as far as the reason tells."""
    for pattern, hint in _HINTS:
        if re.search(pattern, reason):
            return hint
    unknown = re.search(r"undeclared reference to '([\w.]+)'", reason)
    if unknown is None:
        return "Check it against docs/grounding.md, section Conditions."
    near = get_close_matches(unknown[1], list(names), n=1)
    nearest = f"Did you mean {near[0]}? " if near else ""
    return f"{nearest}It may use: {', '.join(sorted(names)) or 'no names'}."


def _shown(text: str) -> str:
    plain = text.partition("\n")[0].removesuffix(".")[:_SHOWN]
    return "".join(each if each.isascii() and each.isprintable() else "?" for each in plain)
