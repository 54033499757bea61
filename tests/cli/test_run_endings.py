"""How the end of a run, a list of runs and its issues read in a terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console, RenderableType
from tests import pages_scene as scene

from actwright.cli.apply import acting_as
from actwright.cli.render import envelopes, run_lists
from actwright.cli.render.issues import issues
from actwright.guardrails.issue import Issue
from actwright.runs.record.envelope import ActionResult, OrchestratorResult
from actwright.runs.telling.listed import ListedRun

HINT = "Preview the plan again."

_LISTED = ListedRun(
    id="run_1",
    status="failed",
    goal="Close it",
    user="alice@example.com",
    org="00D",
    approver="alice",
    plan_id="plan_1",
    preview_id="prv_1",
    started_at="2026-11-21T17:30:59.123Z",
    updated_at="2026-11-21T17:31:00.000Z",
    zone="America/New_York",
    undone_by=("run_2", "run_3"),
    effects_done=1,
    effects_total=2,
    seq=5,
)


def _text(*parts: RenderableType) -> str:
    written = io.StringIO()
    console = Console(file=written, width=120)
    for each in parts:
        console.print(each)
    return written.getvalue()


def _result(status: str = "done", **more: object) -> ActionResult:
    return ActionResult.model_validate({"id": "a1", "blueprint": "Close", "status": status} | more)


@pytest.mark.parametrize(
    ("status", "done", "told"),
    [
        ("failed", 1, "Partly done: 1 of 2"),
        ("failed", 0, "Not done"),
        ("unknown", 1, "In doubt"),
    ],
)
def test_a_run_that_failed_says_how_far_it_came(status: str, done: int, told: str) -> None:
    """Some of it done is not called nothing, and what nobody knows is called neither."""
    result = OrchestratorResult(results=(_result(status),), effects_done=done, effects_total=2)
    assert _text(*envelopes.envelope(result)).startswith(told)


def test_what_was_left_out_is_no_plain_done() -> None:
    """A run whose steps people skipped says so, also in a list; a later part that never began is not all done."""
    skipped = _result("not_run", id="a2")
    done = OrchestratorResult(
        success=True, results=(_result(), skipped), effects_done=1, effects_total=2
    )
    assert _text(*envelopes.envelope(done)).startswith(
        "Ended: 1 of 2 effects; the rest was left out  a2"
    )
    later = done.model_copy(update={"effects_total": 1})
    assert _text(*envelopes.envelope(later)).startswith("Done without a2: left out")
    for status in ("not_run", "failed"):
        nothing = OrchestratorResult(success=True, results=(_result(status),), effects_total=1)
        assert _text(*envelopes.envelope(nothing)).startswith(
            "Ended: 0 of 1 effects; the rest was left out  a1"
        )
    ended = done.model_copy(update={"success": False, "status": "cancelled", "effects_total": 1})
    assert _text(*envelopes.envelope(ended)).startswith(
        "Cancelled; by then 1 of 1 was done, and a2 not begun"
    )
    listed = _LISTED.model_copy(update={"status": "completed", "effects_done": 0})
    assert "0 of 2 effects; the rest was left out" in _text(*run_lists.runs([listed]))


def test_a_hint_names_the_person_whose_rights_it_takes() -> None:
    """What was done with ``--as`` is gone on with so; commands that need nobody's rights stay as they are."""
    hint = "Then: actwright resume run_1 --action retry --why REASON; to end it: actwright cancel run_1 --why REASON"
    told = acting_as("bob", hint)
    assert "actwright resume run_1 --as bob --action retry" in told
    assert "actwright cancel run_1 --why" in told
    assert acting_as(None, hint) == hint


def test_records_are_called_by_name() -> None:
    """What the preview knows the name of is not shown as an id."""
    effect = scene.update(1, scene.stage(), name="Acme Renewal")
    result = _result(id=effect.action_id, record_ids=(scene.record_id(1),))
    text = _text(
        *envelopes.envelope(
            OrchestratorResult(success=True, results=(result,)), scene.preview((effect,))
        )
    )
    assert "Acme Renewal" in text
    assert scene.record_id(1) not in text


def test_what_to_do_next_is_told_once() -> None:
    """An issue does not repeat the hint that ends the whole; where nothing else tells it, it does."""
    issue = Issue(code="drift_gone", message="It is gone.", hint=HINT)
    result = OrchestratorResult(results=(_result("refused", issues=(issue,)),))
    assert HINT in _text(*envelopes.envelope(result))
    told = f"{HINT.removesuffix('.')}: actwright preview plan_1"
    assert HINT not in _text(*envelopes.envelope(result, next_step=told))


def _refusals(count: int, code: str = "drift_gone") -> list[Issue]:
    return [
        Issue(
            code=code,
            action_id="a1",
            object="Lead",
            message=f"Lead {each} is gone.",
            hint=HINT,
            record_id=scene.record_id(each),
        )
        for each in range(count)
    ]


def test_what_ten_records_have_in_common_is_told_for_three() -> None:
    """The first few are named, the others counted, and the way out is said once for all of them."""
    text = _text(*issues(_refusals(10)))
    assert text.count("is gone.") == 3
    assert "and 7 more like these; --json holds all of them" in text
    assert text.count(HINT) == 1
    assert _text(*issues(_refusals(3))).count("is gone.") == 3


def test_a_forbidden_object_is_not_told_again_for_each_record() -> None:
    """Where nobody may edit an object at all, that no record of it may be edited says nothing more."""
    whole = Issue(code="object_not_editable", action_id="a1", object="Lead", message="No leads.")
    records = _refusals(4, "record_not_editable")
    assert "is gone" not in _text(*issues([whole, *records]))
    assert "is gone" in _text(*issues([whole, *_refusals(4, "record_not_deletable")]))
    assert "is gone" in _text(*issues([whole.model_copy(update={"object": "Task"}), *records]))


def test_runs_are_listed_by_the_clock_of_their_person() -> None:
    """The zone is named, and a run that was taken back says by which one."""
    run = _LISTED
    text = _text(*run_lists.runs([run]))
    assert "run_1  partly done  2026-11-21 12:30 EST  alice" in text
    assert "taken back by run_2, run_3" in text
    left = run.model_copy(update={"undone_in_part": True})
    assert "taken back in part by run_2, run_3" in _text(*run_lists.runs((left,)))
