"""Tallying: what was played becomes scorecards, and who answered is never mixed up."""

from __future__ import annotations

from tests import scorecard_scene as scene

from actwright.model.exchange import Exchange
from actwright.planning.planner import PlanningOutcome, Refusal
from actwright.regression.origin import Origin
from actwright.regression.playing.played import Played, SetKey
from actwright.regression.scores.tallying import case_result, scorecards_of
from actwright.regression.suite.suite import SuiteCase
from actwright.testing.goals import Expectation
from actwright.testing.judging import Verdict

AT = "2026-11-21T12:00:00.000Z"


def _case(name: str = "weather") -> SuiteCase:
    return SuiteCase(
        id=name,
        goal="What is the weather?",
        kind="out_of_scope",
        expect=(Expectation(refusal=("no_plan",)),),
    )


def _exchange(purpose: str, *, tokens: int = 10, cost: str | None = None) -> Exchange:
    return Exchange(
        id=f"exchange_{purpose}",
        conversation="talk_1",
        at=AT,
        purpose=purpose,
        prompt_name=purpose,
        prompt_version="1",
        prompt_hash="01" * 32,
        model="m",
        outcome="ok",
        input_tokens=tokens,
        output_tokens=1,
        cost=cost,
        seconds=7.0,
        body_digest="02" * 32,
    )


def _played(
    *exchanges: Exchange, origin: Origin = "scripted", seconds: tuple[float, ...] = ()
) -> Played:
    return Played(
        case_id="weather",
        key=SetKey("plan", "1", "01" * 32, "m", origin),
        outcome=PlanningOutcome(refusal=Refusal(code="no_plan", message="No.")),
        verdict=Verdict(right=True, grave=False, differences=()),
        exchanges=exchanges,
        seconds=seconds,
    )


def test_repairs_tokens_and_cost_are_of_the_whole_conversation() -> None:
    """A reply that had to be mended costs what both rounds cost."""
    played = _played(_exchange("plan", cost="0.1"), _exchange("repair", tokens=20, cost="0.02"))
    result = case_result(_case(), played)
    assert (result.repairs, result.input_tokens, result.output_tokens) == (1, 30, 2)
    assert result.cost == "0.12"
    assert (result.wanted, result.outcome) == ("refusal", scene.refused())


def test_a_cost_that_is_not_known_of_one_exchange_is_not_known_of_the_case() -> None:
    """Half a cost would pass for the whole."""
    played = _played(_exchange("plan", cost="0.1"), _exchange("repair"))
    assert case_result(_case(), played).cost is None


def test_only_a_live_answer_has_seconds_and_they_are_those_of_the_recording() -> None:
    """How fast a recording is played says nothing of a model, and nothing at all of a script."""
    live = _played(_exchange("plan"), origin="live", seconds=(1.25, 0.5))
    assert case_result(_case(), live).seconds == 1.75
    assert case_result(_case(), _played(_exchange("plan"), seconds=(1.0,))).seconds is None


def test_scripted_and_live_answers_get_scorecards_of_their_own() -> None:
    """One case, answered by a script and by a model, is counted once on each of two scorecards."""
    results = [(_case(), _played(origin=each)) for each in ("scripted", "live")]
    cards = scorecards_of(results, suite_digest=scene.SUITE, recorded_at=AT)
    assert [(each.origin, each.totals.cases) for each in cards] == [("scripted", 1), ("live", 1)]


def test_a_planner_that_fails_is_kept_by_its_code() -> None:
    """A case without an answer still says what came of it."""
    played = Played(
        case_id="weather",
        key=SetKey("plan", "1", "01" * 32, "m", "scripted"),
        outcome=None,
        verdict=Verdict(right=False, grave=False, differences=("failed",)),
        exchanges=(),
        error="model_busy",
    )
    outcome = case_result(_case(), played).outcome
    assert (outcome.kind, outcome.refusal) == ("failed", "model_busy")
