"""Undo: the plan that takes a run back, made of its before-images. It is previewed and confirmed like any other.

What came first is taken back last, so that no record goes while another still points to it. A record that was
changed since the run is left as it is, unless the person says otherwise: somebody else's work is not undone in silence.
What was taken back once is not taken back again, whoever has set it since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from actwright.blueprints.plan import Plan, PlannerInfo
from actwright.errors import RefusedError
from actwright.inert import inert
from actwright.org.ports import OrgReader
from actwright.runs.undoing.accomplished import Accomplished, accomplished
from actwright.runs.undoing.finding import Finding
from actwright.runs.undoing.inverse_order import inverse_order
from actwright.runs.undoing.later_work import looked_up
from actwright.runs.undoing.past_run import PastRun
from actwright.runs.undoing.plan_actions import undo_actions
from actwright.runs.undoing.record_work import record_work
from actwright.runs.undoing.sieve import DealtWith, Sieve
from actwright.runs.undoing.ways_back import WaysBack
from actwright.runs.undoing.wording import automation, bounded, overwriting, refusal

_VERSION = "2"
_LONGEST_GOAL = 2_000


@dataclass(frozen=True, slots=True)
class PlannedUndo:
    """What came of planning to take a run back.

    Attributes:
        found: Why what is not taken back is not, by effect.
        made: The plan, or why there can be none.
    """

    found: Mapping[str, Finding]
    made: Plan | RefusedError


def undo_plan(
    run: PastRun,
    reader: OrgReader,
    ways: WaysBack,
    dealt_with: DealtWith | None = None,
    *,
    also_moved: bool = False,
) -> PlannedUndo:
    """Return the plan that takes back what a run did.

    Args:
        run: The run.
        reader: The org, read-only: records that moved on since are found by reading them.
        ways: What can be taken back at all.
        dealt_with: What needs no taking back any more.
        also_moved: Whether records that moved on are set back too.

    Raises:
        RefusedError: The run was carried out in another org.
        NotFoundError: An object is hidden by now.
        BlueprintError: A field is hidden by now, or can no longer be written.
        OrgError: The org cannot be asked.
    """
    _check_org(run, reader)
    work = [each for each in record_work(accomplished(run)) if each.left_something]
    later = looked_up([each for each in work if _on_record(each)], reader)
    sieve = Sieve(run, ways, dealt_with or DealtWith(), later, also_moved)
    kept = sieve.part(work)
    if not kept:
        return PlannedUndo(sieve.found, refusal(run.id, [*_unended(run), *sieve.told()]))
    made = undo_actions(inverse_order(kept), ways, reader, run.id)
    told = [*_unended(run), *overwriting(sieve.kept, later), *sieve.told()]
    plan = Plan(
        goal=f"Take back {run.id}: {run.state.goal[:_LONGEST_GOAL]}",
        data=made.data,
        actions=made.actions,
        dependencies=tuple(sorted({_right(each) for each in kept if _on_record(each)})),
        assumptions=(*bounded(told), *automation(sieve.kept)),
        planner=PlannerInfo(kind="undo", version=_VERSION, undoes=run.id),
    )
    return PlannedUndo(sieve.found, plan)


def _check_org(run: PastRun, reader: OrgReader) -> None:
    """Refuse a run of another org: in a copy of it, the same ids are other records."""
    made_for = run.stages[0].preview.org
    if made_for.id != reader.identity.id:
        raise RefusedError(
            f"{run.id} was carried out in {inert(made_for.name or made_for.url, limit=80)} "
            f"({inert(made_for.id, limit=20)}), not here.",
            where=run.id,
            hint="Take it back in that org: actwright undo --org "
            f"{'local' if made_for.local else inert(made_for.url, limit=200)}.",
            code="undo_foreign",
        )


def _unended(run: PastRun) -> Iterator[str]:
    state = run.state
    if state.ended:
        return
    held = state.status in {"waiting", "paused"}
    how = f"resume {run.id} --action abort_flow" if held and state.in_doubt else f"cancel {run.id}"
    yield (
        f"The run has no end: it is {state.status}{'' if held else ', or its process died'}. What it may do from now "
        f"on is not taken back; to end it first: actwright {how} --why REASON."
    )


def _on_record(done: Accomplished) -> bool:
    effect = done.effect
    return effect.kind == "record" and bool(done.record_id) and effect.operation != "DELETE"


def _right(done: Accomplished) -> str:
    return f"{done.effect.object}.{'delete' if done.created else 'edit'}"
