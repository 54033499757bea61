"""Undo: the plan that takes a run back, made of its before-images. It is previewed and confirmed like any other.

What came first is taken back last, so that no record goes while another still points to it. A record that was
changed since the run is left as it is, unless the person says otherwise: somebody else's work is not undone in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from actwright.blueprints.argument import FromArgument
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.derived import delete_blueprint, update_blueprint
from actwright.blueprints.plan import ForEach, Plan, PlannedAction, PlannerInfo
from actwright.canonical import decimal_text
from actwright.checkpoints.preview import Preview
from actwright.errors import RefusedError
from actwright.inert import inert
from actwright.org.effect import Effect, FieldChange
from actwright.org.ports import OrgReader
from actwright.org.query import JsonScalar
from actwright.org.value import FieldValue, same_value
from actwright.runs.accomplished import Accomplished, accomplished
from actwright.runs.event import JournalEvent
from actwright.runs.later_work import CHANGED, looked_up

_VERSION = "1"
_MOST_NAMED = 20
_LONGEST_GOAL = 2_000
_OWN_NAMES = ("Name", "Subject", "LastName")
_PICKY = frozenset({"Email", "Phone", "Url"})
"""Types of inputs that ask for more of a text than an org does."""

Row = dict[str, JsonScalar]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is taken back alike: one object, and the fields that are set back; none for what is deleted."""

    object: str
    fields: tuple[str, ...]


def undo_plan(
    events: Sequence[JournalEvent],
    preview: Preview,
    reader: OrgReader,
    *,
    also_moved: bool = False,
) -> Plan:
    """Return the plan that takes back what a run did.

    Args:
        events: The run's journal.
        preview: What the run carried out.
        reader: The org, read-only: records that moved on since are found by reading them.
        also_moved: Whether those are set back too.

    Raises:
        RefusedError: Nothing of the run can be taken back, or it was carried out in another org.
        NotFoundError: An object is hidden by now.
        OrgError: The org cannot be asked.
    """
    run_id = events[0].run_id
    _check_org(run_id, preview, reader)
    done, left = _reversible(accomplished(events, preview))
    later = looked_up(done, reader)
    kept: list[Accomplished] = []
    for each in done:
        reason = later.why_left(each, kept, also_moved=also_moved)
        if reason is None:
            kept.append(each)
        else:
            left.append(f"Left as it is: {_called(each)} {reason}")
    if not kept:
        raise _nothing(run_id, left)
    return Plan(
        goal=f"Take back {run_id}: {preview.goal[:_LONGEST_GOAL]}",
        actions=tuple(_actions(kept, reader, run_id)),
        dependencies=tuple(sorted({_right(each) for each in kept})),
        assumptions=(*_bounded([*_unended(events), *left]), *_automation(kept)),
        planner=PlannerInfo(kind="undo", version=_VERSION, undoes=run_id),
    )


def _check_org(run_id: str, preview: Preview, reader: OrgReader) -> None:
    """Refuse a run of another org: in a copy of it, the same ids are other records."""
    made_for = preview.org
    if made_for.id != reader.identity.id:
        raise RefusedError(
            f"{run_id} was carried out in {inert(made_for.name or made_for.url, limit=80)} "
            f"({inert(made_for.id, limit=20)}), not here.",
            where=run_id,
            hint="Take it back in that org: actwright undo --org "
            f"{'local' if made_for.local else inert(made_for.url, limit=200)}.",
            code="undo_foreign",
        )


def _unended(events: Sequence[JournalEvent]) -> Iterator[str]:
    if events[-1].kind != "run_ended":
        yield (
            "The run has no end: it is still going on, or its process died. What it may do from now on is not taken back."
        )


def _reversible(effects: Sequence[Accomplished]) -> tuple[list[Accomplished], list[str]]:
    """Return what can be taken back, last effect first, and in words what cannot."""
    done: list[Accomplished] = []
    left: list[str] = []
    for each in reversed(effects):
        reason = _irreversible(each)
        if reason is not None:
            left.append(reason)
        elif each.created or _moved_fields(each.effect):
            done.append(each)
    return done, left


def _irreversible(done: Accomplished) -> str | None:
    """Return why an effect can never be taken back here; None where it can."""
    effect = done.effect
    if effect.kind != "record":
        return f"Cannot be taken back here: what {_called(done)} did by itself; only it knows how."
    if done.status == "unknown" or not done.record_id:
        return f"Not known whether it happened: {_called(done)}. Look at it by hand."
    if effect.operation == "DELETE":
        return f"Cannot be taken back here: the deleted {_called(done)}; the org's recycle bin has it for a while."
    if effect.record_id is None and not done.created:
        return f"Cannot be taken back here: {_called(done)}; what it held before is not known."
    return None


def _actions(
    kept: Sequence[Accomplished], reader: OrgReader, run_id: str
) -> Iterator[PlannedAction]:
    """Yield one action for each kind of taking back, each waiting for the one before it."""
    before: tuple[str, ...] = ()
    for place, (kind, rows) in enumerate(_kinds(kept), start=1):
        action_id = f"u{place}"
        blueprint = _blueprint(kind, reader)
        yield PlannedAction(
            id=action_id,
            blueprint=blueprint,
            arguments={
                each.api_name: FromArgument.model_validate({"from": f"row.{each.field_api_name}"})
                for each in blueprint.inputs
                if each.field_api_name in kind.fields
            },
            depends_on=before,
            for_each=ForEach(
                object=kind.object,
                limit=len(rows),
                rows=tuple(rows),
                source=f"as it was before {run_id}",
            ),
        )
        before = (action_id,)


def _kinds(kept: Sequence[Accomplished]) -> list[tuple[_Kind, list[Row]]]:
    """Return the rows of each kind; a kind begins anew where another came between, so that the order stays."""
    kinds: list[tuple[_Kind, list[Row]]] = []
    linked = {change.linked_to for each in kept for change in each.effect.changes}
    for each in kept:
        kind, row = _kind(each), _row(each)
        if not kinds or kinds[-1][0] != kind:
            known = next((rows for other, rows in kinds if other == kind), None)
            # A record others of the run point to may not go before them.
            if known is not None and (each.effect.ref is None or each.effect.ref not in linked):
                known.append(row)
                continue
            kinds.append((kind, []))
        kinds[-1][1].append(row)
    return kinds


def _kind(done: Accomplished) -> _Kind:
    if done.created:
        return _Kind(done.effect.object, ())
    return _Kind(
        done.effect.object, tuple(sorted(each.field for each in _moved_fields(done.effect)))
    )


def _row(done: Accomplished) -> Row:
    row: Row = {"Id": done.record_id}
    if not done.created:
        row |= {each.field: _plain(each.before) for each in _moved_fields(done.effect)}
    return row


def _moved_fields(effect: Effect) -> tuple[FieldChange, ...]:
    return tuple(
        each for each in effect.changes if each.linked_to or not same_value(each.before, each.after)
    )


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


def _right(done: Accomplished) -> str:
    return f"{done.effect.object}.{'delete' if done.created else 'edit'}"


def _called(done: Accomplished) -> str:
    """Return what people call the record: object, name, and the id where it has no name."""
    effect = done.effect
    label = inert(effect.object_label or effect.object, limit=80)
    given = (effect.change(each) for each in _OWN_NAMES) if effect.record_name is None else ()
    own = next((str(each.after) for each in given if each and each.after), None)
    name = effect.record_name or own or done.record_id
    return f'{label} "{inert(name, limit=80)}"' if name else label


def _automation(kept: Sequence[Accomplished]) -> tuple[str, ...]:
    labels = sorted({label for each in kept for label in each.automated})
    if not labels:
        return ()
    listed = ", ".join(inert(each, limit=80) for each in labels[:_MOST_NAMED])
    return (
        f"What the org's own automation had changed beside it is not set back by this plan: {listed}.",
    )


def _bounded(lines: Sequence[str]) -> tuple[str, ...]:
    more = len(lines) - _MOST_NAMED
    return (*lines[:_MOST_NAMED], *((f"And {more} more.",) if more > 0 else ()))


def _nothing(run_id: str, left: Sequence[str]) -> RefusedError:
    told = " ".join(_bounded(left)) or "It changed nothing."
    moved = any(CHANGED in each for each in left)
    return RefusedError(
        f"Nothing of {run_id} can be taken back. {told}",
        where=run_id,
        hint="Say --also-moved to take back what was changed since as well."
        if moved
        else f"actwright inspect {run_id}",
        code="nothing_to_undo",
    )
