"""Records of what was asked of a model, as the prompt log keeps them."""

from __future__ import annotations

from uuid import uuid4

from actwright.model.exchange import Exchange
from actwright.telemetry.log.planning import PlanningRecord

AT = "2026-11-20T09:00:00.000Z"


def exchange(conversation: str, **more: object) -> Exchange:
    """Return an exchange of the prompt ``plan`` 3 with a model, that went well."""
    made: dict[str, object] = {
        "id": f"exchange_{uuid4().hex}",
        "conversation": conversation,
        "at": AT,
        "purpose": "plan",
        "prompt_name": "plan",
        "prompt_version": "3",
        "prompt_hash": "ab" * 32,
        "model": "gpt-5",
        "input_tokens": 100,
        "output_tokens": 20,
        "cost": "0.001",
        "outcome": "ok",
        "body_digest": "cd" * 32,
    }
    return Exchange.model_validate(made | more)


def planning(plan_id: str | None, **more: object) -> PlanningRecord:
    """Return a planning of that prompt's that made a plan, or none."""
    made: dict[str, object] = {
        "id": f"planning_{uuid4().hex}",
        "call": "plan",
        "at": AT,
        "session": "session_1",
        "user": "alice",
        "org": "local",
        "goal_digest": "ef" * 32,
        "plan_id": plan_id,
        "planner": "model",
        "model": "gpt-5",
        "prompt_name": "plan",
        "prompt_version": "3",
        "prompt_hash": "ab" * 32,
        "conversations": ("c1",),
    }
    return PlanningRecord.model_validate(made | more)
