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
from actwright.checkpoints.wording.effect_words import new_name
from actwright.errors import RefusedError
from actwright.inert import inert
from actwright.org.effect import Effect, FieldChange
from actwright.org.ports import OrgReader
from actwright.org.query import JsonScalar
from actwright.org.value import FieldValue, same_value
from actwright.runs.accomplished import Accomplished, accomplished
from actwright.runs.event import JournalEvent
from actwright.runs.later_work import CHANGED, LaterWork, looked_up

_VERSION = "1"
_MOST_NAMED = 20
_MOST_OF_A_KIND = 3
_LONGEST_GOAL = 2_000
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
    alone: dict[str, list[Accomplished]] = {}
    for each in done:
        reason = later.why_left(each, kept, also_moved=also_moved)
        (kept if reason is None else alone.setdefault(reason, [])).append(each)
    left += [_left_alone(reason, of) for reason, of in alone.items()]
    if not kept:
        raise _nothing(run_id, left)
    left = [*_overwriting(kept, later), *left]
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
    """Return what can be taken back, last effect first, and in words what cannot, each reason once."""
    done: list[Accomplished] = []
    lost: dict[tuple[str, str], list[Accomplished]] = {}
    for each in reversed(effects):
        reason = _irreversible(each)
        if reason is not None:
            lost.setdefault(reason, []).append(each)
        elif each.created or _moved_fields(each.effect):
            done.append(each)
    return done, [f"{head}{_names(of)}{end}" for (head, end), of in lost.items()]


def _irreversible(done: Accomplished) -> tuple[str, str] | None:
    """Return what stands around its name in the sentence why an effect can never be taken back here; else None."""
    effect = done.effect
    if effect.kind != "record":
        return "Cannot be taken back here: what ", " did by itself; only the override knows how."
    if done.status == "unknown" or not done.record_id:
        return "Not known whether it happened: ", ". Look by hand."
    if effect.operation == "DELETE":
        end = "; the org's recycle bin keeps what was deleted for a while."
        return "Cannot be taken back here: the deleted ", end
    if effect.record_id is None and not done.created:
        return "Cannot be taken back here: ", "; what it held before is not known."
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
    name = str(effect.record_name or new_name(effect) or done.record_id)
    return f'{label} "{inert(name, limit=80)}"' if name else label


def _names(records: Sequence[Accomplished]) -> str:
    """Return the names of records; of many, the first few and how many more."""
    named = ", ".join(map(_called, records[:_MOST_OF_A_KIND]))
    more = len(records) - _MOST_OF_A_KIND
    return f"{named} and {more:,} more" if more > 0 else named


def _left_alone(reason: str, records: Sequence[Accomplished]) -> str:
    """Return why records are left as they are; of several with one reason, in one sentence."""
    if len(records) == 1:
        return f"Left as it is: {_names(records)} {reason}"
    each = f"each of them {reason.removesuffix('.')}"
    return f"Left as they are: {len(records):,} records, {each}: {_names(records)}."


def _overwriting(kept: Sequence[Accomplished], later: LaterWork) -> Iterator[str]:
    """Yield a warning for each record whose later work is set back with it."""
    for each in kept:
        lost = later.overwritten(each)
        if lost is not None:
            yield (
                f"Warning: {_called(each)} {lost} This is overwritten."
                if not each.created
                else (f"Warning: {_called(each)} {lost} It is deleted all the same.")
            )


def _automation(kept: Sequence[Accomplished]) -> tuple[str, ...]:
    labels = sorted({label for each in kept for label in each.automated})
    if not labels:
        return ()
    listed = ", ".join(inert(each, limit=80) for each in labels[:_MOST_NAMED])
    return (
        f"The org's own automation had also changed: {listed}. It may set that back by itself; this plan does not.",
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
