"""Why a run stopped: hints with the command in them, and what stands by then in good grammar."""

from __future__ import annotations

import pytest

from actwright.org.outcome import Fault
from actwright.runs.telling.results import remedy_of
from actwright.runs.telling.stop import Stop, with_command


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        (None, None),
        ("Ask the owner.", "Ask the owner."),
        ("Preview the plan again.", "Preview the plan again: actwright preview plan_1"),
        (
            "It was rolled back. Preview the plan again and confirm what it shows then.",
            "It was rolled back. Preview the plan again and confirm what it shows then: actwright preview plan_1",
        ),
    ],
)
def test_a_hint_to_preview_again_says_how(hint: str | None, told: str | None) -> None:
    """The command stands at the hint's end; no other hint is touched."""
    assert with_command(hint, "plan_1") == told


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        (None, None),
        ("Ask the owner.", "Ask the owner."),
        (
            "Preview the plan again.",
            "Preview what is left of the plan: actwright fork run_1 --at 9",
        ),
        (
            "Use another; or preview the plan again with --allow-duplicates.",
            "Use another; or preview what is left of the plan with --allow-duplicates: actwright fork run_1 --at 9",
        ),
    ],
)
def test_a_hint_behind_what_was_done_previews_the_rest(hint: str | None, told: str | None) -> None:
    """The plan as a whole would do again what stands; no other hint is touched."""
    stop = Stop("drift", (), hint)
    assert stop.of_rest("actwright fork run_1 --at 9").hint == told
    held = stop.of_rest().held("run_1", "paused", {"for": "retry"}).hint or ""
    assert "hen: actwright resume run_1 --action retry_with_inputs --why REASON; or " in held
    assert held.endswith("or abort_flow; to end it: actwright cancel run_1 --why REASON")
    assert "actwright preview" not in held


def test_a_rule_that_merely_warns_names_the_way_past_it() -> None:
    """A duplicate rule a person may override says so, with the option in the command; one that blocks does not."""
    fault = Fault(code="DUPLICATES_DETECTED", message="Use one of these records?", overridable=True)
    told = with_command(remedy_of(fault), "plan_1") or ""
    assert told.endswith("with --allow-duplicates: actwright preview plan_1 --allow-duplicates")
    blocks = remedy_of(fault.model_copy(update={"overridable": False})) or ""
    assert "--allow-duplicates" not in blocks


@pytest.mark.parametrize(
    ("done", "told"),
    [
        (1, "Mend it. 1 effect has been carried out and stands: actwright inspect run_1"),
        (2, "Mend it. 2 effects have been carried out and stand: actwright inspect run_1"),
        (0, "Mend it."),
    ],
)
def test_what_stands_is_counted(done: int, told: str) -> None:
    """One effect stands, two stand, and of none nothing is said."""
    assert Stop("drift", (), "Mend it.").following(done, "run_1").hint == told
