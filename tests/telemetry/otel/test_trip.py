"""The traces of a whole trip, as they arrive at a collector over HTTP: names, parents, links, metrics, and no content."""

from __future__ import annotations

import pytest
from tests.telemetry.otel.collector import Arrived, Collector
from tests.telemetry.otel.trip import APPROVER, GOAL, Trip, taken

from actwright.telemetry.otel import conventions as name
from actwright.testing import LocalOrg


@pytest.fixture(scope="module")
def trip(shared_org: LocalOrg, collector: Collector) -> Trip:
    """Take the trip once, for all tests here."""
    return taken(shared_org, collector)


def runs(trip: Trip) -> tuple[Arrived, Arrived]:
    """Return the span of the run, and that of the run that took it back."""
    first, second = (
        each for each in trip.collector.spans if each.name.startswith(name.INVOKE_WORKFLOW)
    )
    return first, second


def test_every_step_of_the_trip_has_its_span(trip: Trip) -> None:
    """Planning, preview, the yes, the run, and the same again for taking it back, in that order."""
    roots = [each.name for each in trip.collector.spans if not each.parent]
    won, back = (each.name for each in runs(trip))
    asked = ["preview", "confirmation given"]
    assert roots == ["plan actwright", *asked, won, "undo", *asked, back]


def test_each_step_is_linked_to_what_it_was_made_of(trip: Trip) -> None:
    """A preview to its plan, the yes to the preview, the run to the yes and the plan, the undo to the run."""
    plan, undo = trip.collector.one("plan actwright"), trip.collector.one("undo")
    preview, back = trip.collector.named("preview")
    given, _ = trip.collector.named("confirmation given")
    run, _ = runs(trip)
    assert preview.links == (plan.id,)
    assert given.links == (preview.id, plan.id)
    assert run.links == (given.id, plan.id)
    assert undo.links == (run.id,)
    assert back.links == (undo.id,)


def test_a_plan_has_a_chat_for_each_try(trip: Trip) -> None:
    """The first answer was unusable and the repair was not: two chats below the plan, with prompt, model and tokens."""
    plan = trip.collector.one("plan actwright")
    first, second = (each for each in trip.collector.spans if each.parent == plan.id)
    assert first.name == second.name == f"chat {first.attributes[name.REQUEST_MODEL]}"
    assert [each.attributes[name.EXCHANGE_OUTCOME] for each in (first, second)] == ["invalid", "ok"]
    assert [each.attributes[name.EXCHANGE_ROUND] for each in (first, second)] == [0, 1]
    assert [each.attributes[name.PROMPT_NAME] for each in (first, second)] == ["plan", "repair"]
    assert second.attributes[name.FINISH_REASONS] == ["stop"]
    assert isinstance(second.attributes[name.INPUT_TOKENS], int)
    assert second.attributes[name.SERVER_ADDRESS] == "127.0.0.1"
    assert second.kind == 3, "a chat is the client's side of a call"
    assert plan.attributes[name.PLAN_ID] == trip.plan.id


def test_the_actions_of_a_group_stand_below_it(trip: Trip) -> None:
    """Two actions go out in one call: the group's span is the run's child, and each action is the group's."""
    run, _ = runs(trip)
    (group,) = (each for each in trip.collector.spans if each.parent == run.id)
    actions = [each for each in trip.collector.spans if each.parent == group.id]
    assert group.name == "execute_tool composite"
    assert [each.name for each in actions] == [
        "execute_tool UpdateOpportunityStage",
        "execute_tool CreateTask",
    ]
    assert [each.attributes[name.ACTION_ID] for each in actions] == ["a1", "a2"]
    assert {each.attributes[name.GROUP_STATUS] for each in (group, *actions)} == {"done"}
    assert run.name == "invoke_workflow UpdateOpportunityStage+CreateTask"
    assert run.attributes[name.RUN_ID] == trip.envelope.run_id
    assert run.attributes[name.RUN_STATUS] == "completed"
    assert "actwright.run_started" in run.events


def test_the_call_to_the_org_belongs_to_its_group(trip: Trip) -> None:
    """The write carries the group's span in its ``traceparent``, and every read that of the run."""
    run, _ = runs(trip)
    (group,) = (each for each in trip.collector.spans if each.parent == run.id)
    carried = {f"00-{each.trace}-{each.id}-" for each in (run, group)}
    written = [header for path, header in trip.sent if "POST" in path and group.id in header]
    assert len(written) == 1
    assert all(any(header.startswith(each) for each in carried) for _, header in trip.sent)


def test_a_yes_is_requested_and_given_for_one_digest(trip: Trip) -> None:
    """The preview asks for a confirmation, and the confirmation names the same digest and nobody's name."""
    first, _ = trip.collector.named("preview")
    assert trip.collector.children(first) == ["confirmation requested"]
    given, _ = trip.collector.named("confirmation given")
    assert given.attributes[name.DIGEST] == trip.preview.digest
    assert str(given.attributes[name.APPROVER]).startswith("user_")


def test_metrics_arrive_under_the_conventions_names(trip: Trip) -> None:
    """Durations, tokens and our own counters are there."""
    assert {
        name.OPERATION_DURATION,
        name.TOKEN_USAGE,
        name.WORKFLOW_DURATION,
        name.TOOL_DURATION,
        name.CONFIRMATIONS,
    } <= trip.collector.metric_names


def test_nothing_sensitive_arrives(trip: Trip) -> None:
    """No word of the goal, of a record, of a reply, and no name of a person stands in anything that arrived."""
    arrived = trip.collector.everything
    assert trip.preview.digest in arrived
    for each in (GOAL, "Acme", "Hicks", "Archer", APPROVER, "alice", "follow-up", "sk-a-key"):
        assert each not in arrived, each


def test_the_run_was_undone(trip: Trip) -> None:
    """The undo names the run it takes back, and its plan."""
    undo = trip.collector.one("undo")
    assert undo.attributes[name.RUN_ID] == trip.envelope.run_id
    assert undo.attributes[name.PLAN_UNDOES] == trip.envelope.run_id
    _, back = runs(trip)
    assert back.attributes[name.PLAN_UNDOES] == trip.envelope.run_id
    assert trip.undone.success
