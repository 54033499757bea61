"""Choices: what of a preview a person can leave out or set, each under a number, and what a typed line means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from actwright.errors import PlanError

if TYPE_CHECKING:
    from actwright.actions.implementation import ResolvedArgument
    from actwright.blueprints.plan import Plan, PlannedAction
    from actwright.checkpoints.preview import Preview
    from actwright.org.effect import Effect
    from actwright.org.provenance import Provenance
    from actwright.org.query import JsonScalar

MOST_ROWS = 25
"""How many rows of one action are offered by number; the others can be named by their effects' ids."""

_SEVERAL = re.compile(r"[\s,]+")
_NUMBERS = re.compile(r"[0-9]+(?:-[0-9]*)?")
_LEAVING_OUT = re.compile(
    r"(?:please +)?(?:drop|skip|remove|omit|without|not|leave +out|take +out)"
    r"(?: +(?:the +)?(?:numbers?|no\.?|nr\.?|#))? *(?P<numbers>[0-9]+(?:(?: *, *| +and +| +)[0-9]+)*)[.!]?",
    re.IGNORECASE,
)
"""Numbers said in words: ``drop number 2``, ``leave out 2 and 3``."""

_PLACE = r"(?:[0-9]{1,4}|[A-Za-z][A-Za-z0-9_]{0,39}\.[^\s=,;\"][^=,;\"]{0,79}?)"
_SETTING = re.compile(rf"(?:^|[,;]|\band\b)\s*(?P<name>{_PLACE})\s*=")
"""Where a value is set: at the beginning, or behind a comma, by number or as ``ACTION.INPUT``."""

_QUOTED = re.compile(r"\"[^\"]*\"")
_SHOWN = 40
_RANGE = re.compile(r"([0-9]{1,4})-([0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be left out, and for a value, set.

    Attributes:
        name: How an edit names it: ``a1``, ``a1.Amount``, or ``a1.3`` for a row.
        label: What people call it.
        value: The value as it stands; empty for actions.
        provenance: Where the value came from; None for actions and rows.
    """

    name: str
    label: str
    value: str = ""
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person wants otherwise: names to leave out, values to set, or words to be understood."""

    without: tuple[str, ...] = ()
    values: Mapping[str, JsonScalar] = field(default_factory=dict)
    words: str = ""

    def __bool__(self) -> bool:
        """Tell whether anything is to be changed."""
        return bool(self.without or self.values or self.words)


def choices(preview: Preview, plan: Plan) -> tuple[Choice, ...]:
    """Return what can be left out or set, action by action, in the plan's order.

    Args:
        preview: The preview people look at.
        plan: The plan it was made of.
    """
    return tuple(each for action in plan.order() for each in _of(action, preview))


def read_edit(line: str, offered: Sequence[Choice]) -> Edit:
    """Return what a typed line means: ``2 4`` or ``2-4`` leaves out, ``3=99000, 4=High`` sets, anything else is words.

    A value that holds a comma and what looks like the next setting is put in quotes: ``3="Call, 4=High"``.

    Args:
        line: The line.
        offered: The choices, the first of which has number 1.

    Raises:
        PlanError: It is made of numbers, and not all of them were offered: they are no amount said in words either.
    """
    text = line.strip()
    values = _settings(text, offered)
    if values:
        return Edit(values=values)
    said = _LEAVING_OUT.fullmatch(text)
    parts = [each for each in _SEVERAL.split(_less_and(said["numbers"]) if said else text) if each]
    names = [_names(each, offered) for each in parts]
    if names and all(names):
        return Edit(without=tuple(dict.fromkeys(one for each in names for one in each)))
    if parts and all(_NUMBERS.fullmatch(each) for each in parts):
        raise _unnumbered(text, offered)
    return Edit(words=text)


def _less_and(numbers: str) -> str:
    return numbers.replace("and", " ")


def _settings(text: str, offered: Sequence[Choice]) -> dict[str, JsonScalar]:
    """Return the values a line sets, by name; none where it does not begin with a place that was offered.

    Raises:
        PlanError: A value would be followed by one for a number nobody offered, or a place is named twice.
    """
    hidden = _QUOTED.sub(lambda quoted: "_" * len(quoted[0]), text)
    found = [each for each in _SETTING.finditer(hidden) if _is_place(each["name"], offered)]
    if not found or found[0].start() != 0:
        return {}
    values: dict[str, JsonScalar] = {}
    for at, each in enumerate(found):
        name = _named(each["name"], offered)
        if name is None:
            raise _unnumbered(each["name"], offered)
        if name in values:
            raise _twice(each["name"])
        stop = found[at + 1].start() if at + 1 < len(found) else len(text)
        values[name] = _unquoted(text[each.end() : stop].strip())
    return values


def _is_place(name: str, offered: Sequence[Choice]) -> bool:
    """Tell whether a value could be set there: at any number, so that one nobody offered is refused."""
    return name.isdigit() or _named(name, offered) is not None


def _unquoted(value: str) -> str:
    return value[1:-1] if _QUOTED.fullmatch(value) else value


def _unnumbered(text: str, offered: Sequence[Choice]) -> PlanError:
    return PlanError(
        f"{text[:_SHOWN]!r} is not among the numbers: there are numbers 1 to {len(offered)}.",
        where=text[:_SHOWN],
        hint="Numbers leave out; a value is set as NUMBER=VALUE, and stands in quotes where it says such a thing itself.",
        code="edit_unknown",
    )


def _twice(name: str) -> PlanError:
    return PlanError(
        f"{name[:_SHOWN]!r} is set twice.",
        where=name[:_SHOWN],
        hint="Set each value once; put a value in quotes where it says such a thing itself.",
        code="edit_contradicts",
    )


def _of(action: PlannedAction, preview: Preview) -> Iterator[Choice]:
    """Yield an action, the values it was given, and the rows it is repeated for."""
    effects = [each for each in preview.effects if each.action_id == action.id]
    one = effects[0].record_name if len(effects) == 1 else ""
    label = action.blueprint.label or action.blueprint.name
    yield Choice(action.id, label, one or "")
    shown = preview.action(action.id)
    resolved = {each.input: each for each in shown.arguments} if shown else {}
    for each in action.blueprint.inputs:
        if each.api_name in action.arguments:
            yield _value(f"{action.id}.{each.api_name}", each.label, resolved.get(each.api_name))
    if action.for_each is not None:
        yield from (_row(each) for each in effects[:MOST_ROWS])


def _value(name: str, label: str, given: ResolvedArgument | None) -> Choice:
    if given is None:
        return Choice(name, label)
    return Choice(name, label, _text(given.value, given.text), given.provenance)


def _row(effect: Effect) -> Choice:
    return Choice(effect.id, effect.object_label or effect.object, effect.record_name or "")


def _text(value: object, told: str | None) -> str:
    return told or ("" if value is None else str(value))


def _named(text: str, offered: Sequence[Choice]) -> str | None:
    """Return the name of the one choice that a number or a name means, or None.

    An input that has no value yet is named too, by its action: ``a2.Owner ID``.
    """
    found = _names(text, offered)
    if len(found) == 1:
        return found[0]
    action, dot, rest = text.partition(".")
    known = [each.name for each in offered if each.name.casefold() == action.casefold()]
    return f"{known[0]}.{rest.strip()}" if dot and rest.strip() and len(known) == 1 else None


def _names(text: str, offered: Sequence[Choice]) -> tuple[str, ...]:
    """Return the names that a number, a range of numbers or a name means; none where it means nothing offered."""
    known = Counter(each.name.casefold() for each in offered)
    if known[text.casefold()] == 1:
        return tuple(each.name for each in offered if each.name.casefold() == text.casefold())
    span = _RANGE.fullmatch(text)
    first, last = (int(each) for each in span.groups()) if span else (0, 0)
    if span is None and text.isascii() and text.isdigit() and len(text) <= len(str(len(offered))):
        first = last = int(text)
    if not 1 <= first <= last <= len(offered):
        return ()
    return tuple(each.name for each in offered[first - 1 : last])
