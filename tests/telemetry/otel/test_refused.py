"""What was refused leaves spans too: blocked previews, plans nobody could make, and runs nobody let start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.scenario import action, blueprint, confirmed, lookup, previewed, win
from tests.telemetry.otel.collector import Collector

from actwright import Actwright
from actwright.errors import InterventionError, RefusedError
from actwright.runs.interventions.intervention import Intervention
from actwright.telemetry.otel import conventions as name
from actwright.telemetry.otel.adapter import OpenTelemetry
from actwright.testing import FixedClock, LocalOrg

_ERROR = 2


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    """Give a clock that can be moved on."""
    return FixedClock()


@pytest.fixture(scope="module")
def app(shared_org: LocalOrg, collector: Collector, clock: FixedClock) -> Iterator[Actwright]:
    """Give Alice's calls, traced."""
    assert collector.url
    with shared_org.as_user(clock=clock, settings={"traces": "otlp"}) as calls:
        yield calls


@pytest.fixture
def arrived(app: Actwright, collector: Collector) -> Collector:
    """Give the collector with nothing in it; what is done later has to be delivered first."""
    _deliver(app)
    collector.traces.clear()
    return collector


def _deliver(app: Actwright) -> None:
    assert isinstance(app.tracing, OpenTelemetry)
    app.tracing.flush()


def test_a_blocked_preview_says_which_guardrail_blocked_it(
    app: Actwright, arrived: Collector
) -> None:
    """The preview is marked as refused, with a span for each guardrail that found something, and asks for no yes."""
    entry = blueprint("DELETE", "Opportunity", "Id")
    blocked = previewed(
        app, action("gone", entry, Id=lookup("Opportunity", "Name", "Acme Renewal"))
    )
    with pytest.raises(RefusedError):
        app.confirm(blocked, approver="alice")
    _deliver(app)
    preview = arrived.one("preview")
    verdicts = [each for each in arrived.children(preview) if each.startswith("apply_guardrail ")]
    assert verdicts
    assert "confirmation requested" not in arrived.children(preview)
    assert preview.attributes[name.REFUSED] in {each.code for each in blocked.blocked}
    verdict = arrived.one(verdicts[0])
    assert verdict.attributes[name.GUARDRAIL_RESULT_TYPE] == "severity"
    assert verdict.attributes[name.GUARDRAIL_RESULT_VALUE] == "error"
    assert verdict.attributes[name.VERDICT] == "blocked"
    refused = arrived.one("confirmation")
    assert refused.status == _ERROR
    assert refused.attributes[name.REFUSED]


def test_a_goal_without_a_plan_leaves_its_refusal(app: Actwright, arrived: Collector) -> None:
    """The planner's refusal is on its span by code; the goal only by its digest."""
    outcome = app.plan("paint the office green")
    assert outcome.refusal is not None
    _deliver(app)
    plan = arrived.one("plan actwright")
    assert plan.attributes[name.REFUSED] == outcome.refusal.code
    assert "paint" not in arrived.everything


def test_a_no_is_a_span_and_so_is_the_run_it_stopped(app: Actwright, arrived: Collector) -> None:
    """The no is told as one, and the run that was tried with it says that nothing was done."""
    preview = previewed(app, win())
    no = app.confirm(preview, approver="alice", answer="no")
    app.run(preview, no)
    _deliver(app)
    assert arrived.one("confirmation refused").attributes[name.CONFIRMATION_OUTCOME] == "refused"
    run = next(each for each in arrived.spans if each.name.startswith(name.INVOKE_WORKFLOW))
    assert run.status == _ERROR
    assert run.attributes[name.REFUSED] == "confirmation_refused"
    assert run.attributes[name.RUN_STATUS] == "not_started"


def test_nobodys_yes_leaves_a_span(app: Actwright, arrived: Collector) -> None:
    """A run without any confirmation is refused, visibly."""
    app.run(previewed(app, win()))
    _deliver(app)
    run = next(each for each in arrived.spans if each.name.startswith(name.INVOKE_WORKFLOW))
    assert arrived.children(run) == ["confirmation missing"]


def test_an_expired_yes_leaves_a_span(
    app: Actwright, arrived: Collector, clock: FixedClock
) -> None:
    """A yes that is too old starts nothing, and says so below the run."""
    preview, yes = confirmed(app, win())
    clock.advance(timedelta(days=1))
    assert app.run(preview, yes).stopped_by == "confirmation_expired"
    _deliver(app)
    expired = arrived.one("confirmation expired")
    assert expired.attributes[name.CONFIRMATION_OUTCOME] == "expired"


def test_a_refused_intervention_leaves_a_span(app: Actwright, arrived: Collector) -> None:
    """Whoever steps in where that does not apply is refused, with the run's id and the code."""
    run_id = app.run(*confirmed(app, win())).run_id or ""
    wish = Intervention(action="cancel", actor="alice", why="enough of it")
    with pytest.raises(InterventionError) as refused:
        app.intervene(run_id, wish)
    _deliver(app)
    span = arrived.one("intervene")
    assert span.attributes[name.RUN_ID] == run_id
    assert span.attributes[name.INTERVENTION] == "cancel"
    assert span.attributes[name.ERROR_TYPE] == refused.value.error_code
    assert "enough of it" not in arrived.everything


def test_warnings_and_errors_are_logged_by_code(app: Actwright, collector: Collector) -> None:
    """A run that fails leaves one log record: its codes and how many, and not a word of them."""
    app.run(previewed(app, win()))
    _deliver(app)
    assert "A run has" in str(collector.logs[-1])
    assert "confirmation_missing" in str(collector.logs[-1])
    assert "Nobody has confirmed" not in str(collector.logs)
