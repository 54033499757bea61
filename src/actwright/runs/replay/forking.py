"""Forking: a new plan of what a run had not done yet at one of its events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from actwright.blueprints.argument import Argument, FromArgument, ValueArgument
from actwright.blueprints.origins import names_record
from actwright.blueprints.plan import Plan, PlannedAction
from actwright.checkpoints.preview import Preview
from actwright.checkpoints.waves.going_on import GoingOn
from actwright.checkpoints.waves.parting import handed_to, left_of
from actwright.checkpoints.wording.effect_words import owners
from actwright.document import validated
from actwright.errors import PlanError, RefusedError, RunError
from actwright.org.provenance import put_out
from actwright.org.query import JsonScalar
from actwright.planning.footprint import dependencies
from actwright.runs.record.chain import check_whole
from actwright.runs.record.event import JournalEvent
from actwright.runs.record.folding import applied
from actwright.runs.record.state import RunState
from actwright.runs.replay.at import upto
from actwright.runs.telling.behind import going_on, told

_DATA = "fork."
"""How the names begin that what was put out by then has among the plan's data."""


def forked(
    events: Sequence[JournalEvent], seq: int, stages: Sequence[tuple[Plan, Preview]]
) -> Plan:
    """Return a new plan of what a run had not done yet right behind one of its events.

    Arguments are as they were. Ids that the actions that were done put out by then are data of the new plan, named after
    the action, and the actions that need them take them from there. All else that was put out stands in the arguments
    as an output, with what untrusted may have gone into it, so that no rule about outputs is got around by forking.

    Args:
        events: The run's journal.
        seq: The number of the event.
        stages: Plan and preview of each stage of the run, in order.

    Raises:
        JournalDamagedError: The journal was changed.
        NotFoundError: The run has no such event.
        RunError: What became of something sent was not known by then, or the run takes another one back.
        RefusedError: Nothing was left to be done, or an action was done in part and nobody could tell which.
    """
    check_whole(events)
    so_far = upto(events, seq)
    begun = 1 + sum(each.kind == "run_continued" for each in so_far)
    plan = stages[begun - 1][0]
    _check_forkable(plan, events[0].run_id)
    _check_nothing_out(events, seq)
    known = going_on(so_far, [preview for _, preview in stages[:begun]], "branch")
    left = tuple(
        left_of(each, plan, known, _bound) for each in plan.actions if each.id not in known.behind
    )
    if not left:
        raise RefusedError(
            f"Nothing of {known.run_id} was left to be done at event {seq}.",
            where=known.run_id,
            hint=f"actwright inspect {known.run_id}",
            code="nothing_left",
        )
    notes = (
        f"Forked from {known.run_id} at event {seq}; done by then: {', '.join(known.done) or 'nothing'}.",
        *_said(events, stages, known),
    )
    return _made(plan, left, known, notes)


def _check_forkable(plan: Plan, run_id: str) -> None:
    """Refuse to fork what takes a run back: that is planned anew from the org as it is, and booked on that run."""
    if plan.planner.undoes:
        raise RunError(
            f"{run_id} takes {plan.planner.undoes} back, and is not forked.",
            where=run_id,
            hint=f"What is left to be taken back: actwright undo {plan.planner.undoes}",
            code="fork_of_undo",
        )


def _check_nothing_out(events: Sequence[JournalEvent], seq: int) -> None:
    """Refuse to fork at an event at which a group was out, of which the journal tells later what became."""
    states = list(accumulate(events, applied, initial=RunState(id=events[0].run_id)))
    out = states[seq].in_doubt
    after = next((at for at in range(seq, len(states)) if not states[at].in_doubt), None)
    if not out or after is None:
        return
    before = next(at for at in range(seq, -1, -1) if not states[at].in_doubt)
    earlier = f"before that (--at {before}) or " if before else ""
    raise RunError(
        f"At event {seq}, {', '.join(out)} of {events[0].run_id} was out: what became of it, a later event tells.",
        where="--at",
        hint=f"Fork {earlier}behind it (--at {after}).",
        code="run_in_doubt",
    )


def _said(
    events: Sequence[JournalEvent], stages: Sequence[tuple[Plan, Preview]], known: GoingOn
) -> Iterator[str]:
    """Yield what a person has to know of the run: what it has done since, and that it may go on by itself."""
    now = told(events)
    done = {
        owner
        for stage, (_, preview) in enumerate(stages, start=1)
        for group in preview.groups
        for effect in group.effects
        if now.status(stage, effect, group.id) in {"done", "unknown"}
        for owner in owners(effect)
    }
    again = sorted(done.difference(known.behind))
    if again:
        yield f"Carried out since by {known.run_id}, at least in part, and again by this plan: {', '.join(again)}."
    if events[-1].kind != "run_ended":
        yield f"{known.run_id} has not ended: where it goes on, it does the same as this plan."


def _bound(
    action: PlannedAction, name: str, argument: Argument, plan: Plan, known: GoingOn
) -> Argument:
    taken = argument.action_output if isinstance(argument, FromArgument) else None
    if taken is None or taken[0] not in known.behind:
        return argument
    source, output = taken[0], known.put_out(*taken)
    if output is None:
        raise RefusedError(
            f"{action.id} needs {taken[1]!r} of {source!r}, which was behind {known.run_id} and had not put it out.",
            where=f"{action.id}.{name}",
            hint="Fork at an event before it, and plan again from there.",
            code="output_missing",
        )
    value, wanted = known.outputs[source][output], action.blueprint.input(name)
    if wanted is None or names_record(value, wanted):
        return FromArgument.model_validate({"from": f"data.{_name(source, output)}"})
    provenance, mixed = put_out(handed_to(plan.action(source), plan))
    told = f"what {source} put out as {output} in {known.run_id}"
    return ValueArgument(value=value, provenance=provenance, source=told, mixed=mixed)


def _name(source: str, output: str) -> str:
    return f"{_DATA}{source}.{output}"


def _data(left: Sequence[PlannedAction], known: GoingOn) -> Mapping[str, JsonScalar]:
    """Return by name what the actions that are left take of those that are done."""
    taken = {
        each.from_.removeprefix("data.")
        for action in left
        for each in action.arguments.values()
        if isinstance(each, FromArgument) and each.from_.startswith(f"data.{_DATA}")
    }
    named = {
        _name(source, output): value
        for source, outputs in known.outputs.items()
        for output, value in outputs.items()
    }
    return {name: named[name] for name in sorted(taken & named.keys())}


def _made(
    plan: Plan, left: tuple[PlannedAction, ...], known: GoingOn, notes: tuple[str, ...]
) -> Plan:
    """Return the new plan, held to its whole contract; the planner's own sentence was about the old one."""
    changed = plan.model_copy(
        update={
            "actions": left,
            "data": {**plan.data, **_data(left, known)},
            "dependencies": dependencies(left),
            "checkpoint": "",
            "confidence": None,
            "assumptions": (*plan.assumptions, *notes),
            "planner": plan.planner.model_copy(update={"edited_from": plan.id}),
        }
    )
    return validated(Plan, changed.model_dump(), where="the forked plan", error=PlanError)
