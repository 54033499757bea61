"""Names a model made are no names of spans: they may hold words of the goal, and each plan has others."""

from __future__ import annotations

from pathlib import Path

from tests.model_replies import Document, action, named, reply
from tests.page_parts import acting, preview
from tests.telemetry.log.log_scene import log_home
from tests.telemetry.otel.memory import Memory

from actwright.telemetry.otel import conventions as name
from actwright.telemetry.otel.adapter import OpenTelemetry
from actwright.telemetry.otel.chats import Service

TOLD: Document = {
    "name": "TaskForKowalski",
    "object": "Task",
    "inputs": [
        {"name": "Account", "kind": "record", "object": "Account", "description": "The account."}
    ],
    "logic": "Count the Case records of Account. Create a Task with the number.",
}


def test_a_generated_action_is_told_under_a_digest(tmp_path: Path) -> None:
    """On the span of its plan, on that of its run, and in the names of both."""
    own = action("generated", named("Account", "Account", "Acme"), generated=TOLD)
    goal = "Create a task for Acme whose subject says how many of its cases are open"
    with log_home(tmp_path, "off") as home:
        outcome = home.plan(goal, reply(own))
    assert outcome.plan is not None, outcome
    assert "Kowalski" in outcome.plan.actions[0].blueprint.name
    seen = preview([acting()])
    made = seen.actions[0].model_copy(
        update={
            "blueprint": outcome.plan.actions[0].blueprint.name,
            "implementation_kind": "generated",
        }
    )
    memory = Memory()
    tracing = OpenTelemetry(memory.providers, service=Service("m", "https://models.example/v1"))
    with tracing.activity("plan", goal) as activity:
        activity.done(outcome)
    with tracing.activity("run", seen.model_copy(update={"actions": (made,)})):
        group = seen.groups[0].id
        tracing.appended("run_1", [("group_intended", {"groupId": group})], "alice")
    told = "".join(str(each.to_json()) for each in memory.spans)
    assert "owalski" not in told
    planned = memory.one("plan actwright").attributes
    assert planned is not None
    assert str(planned[name.PLAN_ACTIONS]).startswith("('generated_")
