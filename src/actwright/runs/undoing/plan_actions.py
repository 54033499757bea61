"""The actions of an undo: one for each kind of taking back, in an order in which nothing goes too early."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from actwright.actions.compensation import EFFECT
from actwright.blueprints.argument import FromArgument
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.derived import delete_blueprint, update_blueprint
from actwright.blueprints.plan import ForEach, PlannedAction
from actwright.canonical import decimal_text
from actwright.org.ports import OrgReader
from actwright.org.query import JsonScalar
from actwright.org.value import FieldValue
from actwright.runs.undoing.accomplished import Accomplished
from actwright.runs.undoing.inverse_order import Turn
from actwright.runs.undoing.ways_back import WaysBack

_PICKY = frozenset({"Email", "Phone", "Url"})
"""Types of inputs that ask for more of a text than an org does."""

Row = dict[str, JsonScalar]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is taken back alike: one object, and the fields that are set back; none for what is deleted.

    What an override did by itself is a kind of its own.
    """

    object: str
    fields: tuple[str, ...] = ()
    call: str = ""


@dataclass(slots=True)
class _Step:
    """One action to be: what it takes back, and the steps it has to wait for."""

    kind: _Kind
    of: list[Accomplished] = field(default_factory=list)
    behind: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class UndoActions:
    """The actions of an undo, and the data they take: which effects are compensated."""

    actions: tuple[PlannedAction, ...]
    data: dict[str, JsonScalar]


def undo_actions(
    turns: Sequence[Turn], ways: WaysBack, reader: OrgReader, run_id: str
) -> UndoActions:
    """Return the actions that take things back.

    Args:
        turns: What is taken back, in order.
        ways: How overrides take back what they did.
        reader: The org, for its schema.
        run_id: The run that is taken back.

    Raises:
        NotFoundError: An object is hidden by now.
        BlueprintError: A field is hidden by now, or can no longer be written.
        OrgError: The org cannot be asked.
    """
    steps = _steps(turns)
    data = {
        _name(place): f"{run_id}/{step.of[0].keys[0]}"
        for place, step in enumerate(steps)
        if step.kind.call
    }
    return UndoActions(tuple(_planned(steps, ways, reader, run_id)), dict(data))


def _steps(turns: Sequence[Turn]) -> list[_Step]:
    """Return the steps: each thing goes with others of its kind, as early as what goes before it allows."""
    steps: list[_Step] = []
    of_kind: dict[_Kind, list[int]] = {}
    placed: list[int] = []
    for turn in turns:
        kind, behind = _kind(turn.done), {placed[each] for each in turn.behind}
        known = of_kind.setdefault(kind, [])
        first = bisect_right(known, max(behind, default=-1))
        if first == len(known):
            known.append(len(steps))
            steps.append(_Step(kind))
        place = known[first]
        steps[place].of.append(turn.done)
        steps[place].behind |= behind
        placed.append(place)
    return steps


def _planned(
    steps: Sequence[_Step], ways: WaysBack, reader: OrgReader, run_id: str
) -> Iterator[PlannedAction]:
    """Yield an action for each step; writes to records wait for each other, so that their order stays."""
    before: tuple[str, ...] = ()
    for place, step in enumerate(steps):
        awaited = {_name(each) for each in step.behind}
        if step.kind.call:
            yield _call(place, step, ways, awaited)
            continue
        yield _write(place, step, reader, run_id, awaited | set(before))
        before = (_name(place),)


def _call(place: int, step: _Step, ways: WaysBack, awaited: set[str]) -> PlannedAction:
    blueprint = ways.compensation(step.of[0])
    if blueprint is None:
        raise ValueError(f"{step.of[0].keys[0]} has no compensation")
    effect = FromArgument.model_validate({"from": f"data.{_name(place)}"})
    return PlannedAction(
        id=_name(place),
        blueprint=blueprint,
        arguments={EFFECT: effect},
        depends_on=tuple(sorted(awaited)),
    )


def _write(
    place: int, step: _Step, reader: OrgReader, run_id: str, awaited: set[str]
) -> PlannedAction:
    blueprint = _blueprint(step.kind, reader)
    return PlannedAction(
        id=_name(place),
        blueprint=blueprint,
        arguments={
            each.api_name: FromArgument.model_validate({"from": f"row.{each.field_api_name}"})
            for each in blueprint.inputs
            if each.field_api_name in step.kind.fields
        },
        depends_on=tuple(sorted(awaited)),
        for_each=ForEach(
            object=step.kind.object,
            limit=len(step.of),
            rows=tuple(map(_row, step.of)),
            source=f"as it was before {run_id}",
        ),
    )


def _name(place: int) -> str:
    return f"u{place + 1}"


def _kind(done: Accomplished) -> _Kind:
    if done.effect.kind != "record":
        return _Kind(done.effect.object, call=done.keys[0])
    if done.created:
        return _Kind(done.effect.object)
    return _Kind(done.effect.object, tuple(sorted(each.field for each in done.moved)))


def _row(done: Accomplished) -> Row:
    row: Row = {"Id": done.record_id}
    if not done.created:
        row |= {each.field: _plain(each.before) for each in done.moved}
    return row


def _plain(value: FieldValue) -> JsonScalar:
    return decimal_text(value) if isinstance(value, Decimal) else value


def _blueprint(kind: _Kind, reader: OrgReader) -> ActionBlueprint:
    """Return the blueprint of a kind; what the org held before is text to it, whatever an input would ask for."""
    schema = reader.describe(kind.object)
    if not kind.fields:
        return delete_blueprint(schema)
    made = update_blueprint(schema, kind.fields)
    inputs = tuple(
        each.model_copy(update={"data_type": "String"}) if each.data_type in _PICKY else each
        for each in made.inputs
    )
    return made.model_copy(update={"inputs": inputs})
