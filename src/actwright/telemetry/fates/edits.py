"""Edits: which inputs planners got wrong, told by what people changed before their yes. No value is in them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import Field

from actwright.blueprints.argument import Argument, FromArgument, LookupArgument, ValueArgument
from actwright.blueprints.plan import Plan, PlannedAction
from actwright.contract import Contract

NOTHING, EMPTY, LOOKUP, OUTPUT = "nothing", "empty", "lookup", "output"
"""Kinds beside a literal value's provenance: no argument at all, an emptied field, a lookup, another action's output."""


class Move(Contract):
    """From which kind of argument to which people changed an input."""

    before: str
    """A provenance, or one of ``nothing``, ``empty``, ``lookup``, ``output``."""
    after: str
    times: int


class EditedInput(Contract):
    """One input of a blueprint, and how often people changed what was planned for it."""

    blueprint: str
    input: str
    field: str | None = None
    """``Object.Field``, where it is written to one."""
    edited: int
    """Plans in which it was changed before the yes."""
    planned: int
    """Plans with that blueprint that somebody said yes to, changed or not."""
    moves: tuple[Move, ...]
    """The commonest first."""


class EditedAction(Contract):
    """One blueprint, and how often people took it out of a plan, or put it in."""

    blueprint: str
    left_out: int
    added: int
    planned: int
    """As for `EditedInput`; a plan it was added to is not among them."""


class Edits(Contract):
    """What people changed in plans before they said yes."""

    plans: int = Field(ge=0)
    """Plans that came to a yes, changed or not."""
    edited: int = Field(ge=0)
    """Those of them that were changed."""
    inputs: tuple[EditedInput, ...] = ()
    """Changed most often first."""
    actions: tuple[EditedAction, ...] = ()


@dataclass(slots=True)
class _Tally:
    plans: int = 0
    edited: int = 0
    planned: Counter[str] = field(default_factory=Counter)
    inputs: defaultdict[tuple[str, str, str | None], list[tuple[str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    left_out: Counter[str] = field(default_factory=Counter)
    added: Counter[str] = field(default_factory=Counter)


def edited_arguments(
    changed: Iterable[tuple[Plan, Plan]], unchanged: Iterable[Collection[str]] = ()
) -> Edits:
    """Return what people changed.

    Args:
        changed: Each plan as its planner made it that people changed, with the plan somebody said yes to.
        unchanged: For each plan that somebody said yes to as it stood, the names of its blueprints.
    """
    tally = _Tally()
    for names in unchanged:
        tally.plans += 1
        tally.planned.update(set(names))
    for made, agreed in changed:
        _count(tally, made, agreed)
    inputs = (
        EditedInput(
            blueprint=name,
            input=wanted,
            field=written,
            edited=len(moves),
            planned=tally.planned[name],
            moves=tuple(
                Move(before=before, after=after, times=times)
                for (before, after), times in Counter(moves).most_common()
            ),
        )
        for (name, wanted, written), moves in tally.inputs.items()
    )
    return Edits(
        plans=tally.plans,
        edited=tally.edited,
        inputs=tuple(sorted(inputs, key=lambda each: (-each.edited, each.blueprint, each.input))),
        actions=tuple(_actions(tally)),
    )


def _actions(tally: _Tally) -> Iterator[EditedAction]:
    for name in sorted({*tally.left_out, *tally.added}):
        yield EditedAction(
            blueprint=name,
            left_out=tally.left_out[name],
            added=tally.added[name],
            planned=tally.planned[name],
        )


def _count(tally: _Tally, made: Plan, agreed: Plan) -> None:
    tally.plans += 1
    tally.edited += 1
    tally.planned.update({each.blueprint.name for each in made.actions})
    pairs = matched(made, agreed)
    kept = {each.id for _, each in pairs if each is not None}
    tally.left_out.update({old.blueprint.name for old, new in pairs if new is None})
    tally.added.update({each.blueprint.name for each in agreed.actions if each.id not in kept})
    changed: dict[tuple[str, str, str | None], tuple[str, str]] = {}
    for old, new in pairs:
        if new is not None:
            changed |= dict(_changed(old, new))
    for key, move in changed.items():
        tally.inputs[key].append(move)


def matched(made: Plan, agreed: Plan) -> tuple[tuple[PlannedAction, PlannedAction | None], ...]:
    """Return each action with what it became: by id where the blueprint is the same, else by the blueprint alone.

    Args:
        made: The plan before.
        agreed: The plan after; ids are given anew where a planner made all of it again.
    """
    left = {each.id: each for each in agreed.actions}
    found: dict[str, PlannedAction | None] = {}
    for each in made.actions:
        same = left.get(each.id)
        if same is not None and same.blueprint.name == each.blueprint.name:
            found[each.id] = left.pop(each.id)
    for each in made.actions:
        if each.id not in found:
            alike = (one for one in left.values() if one.blueprint.name == each.blueprint.name)
            twin = next(alike, None)
            found[each.id] = left.pop(twin.id) if twin else None
    return tuple((each, found[each.id]) for each in made.actions)


def _changed(
    old: PlannedAction, new: PlannedAction
) -> Iterator[tuple[tuple[str, str, str | None], tuple[str, str]]]:
    target = old.blueprint.target_s_object
    for each in old.blueprint.inputs:
        before, after = old.arguments.get(each.api_name), new.arguments.get(each.api_name)
        if not _same(before, after):
            written = f"{target}.{each.field_api_name}" if target and each.is_field else None
            move = (kind_of_argument(before), kind_of_argument(after))
            yield (old.blueprint.name, each.api_name, written), move


def _same(before: Argument | None, after: Argument | None) -> bool:
    """Tell whether two arguments come to the same: where a value came from is no difference between them."""
    if isinstance(before, ValueArgument) and isinstance(after, ValueArgument):
        return str(before.value) == str(after.value)
    if isinstance(before, LookupArgument) and isinstance(after, LookupArgument):
        return before.lookup == after.lookup
    return before == after


_SOURCES: Mapping[str, str] = {"data": "data", "actions": OUTPUT, "row": "record"}


def kind_of_argument(argument: Argument | None) -> str:
    """Return what kind of argument it is, without a word of what it holds."""
    if argument is None:
        return NOTHING
    if isinstance(argument, LookupArgument):
        return LOOKUP
    if isinstance(argument, FromArgument):
        return _SOURCES[argument.from_.partition(".")[0]]
    return EMPTY if argument.value is None else argument.provenance
