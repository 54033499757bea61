"""How a held run goes on, and what is said of one that nobody refused: words that are true, and commands that work."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from tests import pages_scene as scene

from actwright.cli.render import envelopes
from actwright.org.effect import EffectGroup
from actwright.org.outcome import EffectOutcome, EffectStatus, GroupOutcome
from actwright.runs.record.envelope import ActionResult, OrchestratorResult
from actwright.runs.telling.stop import Stop
from actwright.runs.telling.way_on import way_on


def _stop(status: EffectStatus, *, new: bool = False) -> Stop:
    effect = scene.update(1, scene.stage())
    made = effect.model_copy(update={"operation": "CREATE", "record_id": None} if new else {})
    group = EffectGroup(id="g1", org=scene.ORG.id, effects=(made,))
    outcome = EffectOutcome(effect_id=made.id, status=status)
    return Stop.after(group, GroupOutcome(group_id="g1", outcomes=(outcome,)), None)


def test_what_nobody_refused_is_not_called_refused() -> None:
    """The ledger says that it did not happen: the org refused nothing."""
    stop = _stop("not_sent")
    assert stop.errors == ("Step g1 was not sent, or did not happen; nothing of it stands.",)
    assert (stop.code, stop.hint) == ("run_failed", None)


def test_a_doubt_names_the_records_to_tell() -> None:
    """The command has a place for each record that was to be created, and none where there was none."""
    held = _stop("unknown", new=True).held("run_1", "paused", {"for": "clarification"}).hint or ""
    effect = scene.update(1, scene.stage()).id
    assert f"--answer happened --record g1/{effect}=ID --why REASON, or with" in held
    assert "'did not happen' and no --record; to end it as it is: " in held
    plain = _stop("unknown").held("run_1", "paused", {"for": "clarification"}).hint or ""
    assert "--record" not in plain


def test_many_records_are_not_listed_in_a_command() -> None:
    """A job of thousands of rows fills no screen with one option."""
    created = tuple(f"g1/e{number}" for number in range(2_000))
    told = way_on("run_1", "clarification", created=created, in_doubt=True, drifted=False)
    assert "for each of the 2,000 records it created" in told
    assert "g1/e0" not in told


@pytest.mark.parametrize("waits_for", ["override", "clarification", "retry", ""])
@pytest.mark.parametrize("in_doubt", [True, False])
def test_no_way_on_is_a_pipe(waits_for: str, *, in_doubt: bool) -> None:
    """What is printed can be pasted into a shell."""
    told = way_on("run_1", waits_for, in_doubt=in_doubt, drifted=False)
    assert "|" not in told
    assert "run_1" in told


def test_an_objection_is_what_is_told_first() -> None:
    """Who objects and why, and where the signatures are; nothing of trying again."""
    holding = {"for": "override", "becomes": "paused", "reason": "alice objects: not now"}
    stop = Stop("refused", ("It failed.",)).held("run_1", "paused", holding)
    assert stop.errors == ("alice objects: not now", "It failed.")
    assert stop.hint == "Who signed, and who has to: actwright override list run_1"


def _shown(**told: object) -> str:
    written = io.StringIO()
    console = Console(file=written, width=120)
    action = ActionResult(id="a1", blueprint="Close", status="unknown")
    found = OrchestratorResult.model_validate({"results": (action,), **told})
    for each in envelopes.envelope(found):
        console.print(each)
    return written.getvalue()


def test_evidence_is_no_error() -> None:
    """Of a doubt it is told what was found, and none of that went wrong."""
    errors = ("The answer was lost.", "If it happened, the run goes on.")
    text = _shown(status="paused", stopped_by="outcome_unknown", errors=errors)
    assert "In doubt: The answer was lost." in text
    assert "Error:" not in text


def test_what_is_merely_out_is_under_way() -> None:
    """A run seen while a call was out is not in doubt for that."""
    assert _shown(status="running").startswith("Under way")


def test_a_cancel_behind_the_last_effect_is_not_in_part() -> None:
    """All of it was done before the run was ended."""
    done = ActionResult(id="a1", blueprint="Close", status="done")
    text = _shown(status="cancelled", results=(done,), effects_done=1, effects_total=1)
    assert text.startswith("Cancelled; by then all was done: 1 of 1")
