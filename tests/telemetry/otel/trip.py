"""A whole trip with tracing on: planned by a model after one repair, previewed, confirmed, run, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from tests.telemetry.otel.collector import Collector

from actwright import Actwright, OrchestratorResult, Plan, Preview
from actwright.canonical import Json
from actwright.testing import FixedClock, LocalOrg
from actwright.testing.model_server import ScriptedModel
from actwright.testing.replies import Reply

GOAL = "close the Acme Renewal as won and book a follow-up call with Ann Hicks for next Tuesday"
APPROVER = "Alice Archer"
SECRET_REPLY = "the reply speaks of Ann Hicks"


def reply() -> dict[str, Json]:
    """Return the model's plan: the deal is won, and a call is booked about it."""
    where: Json = [{"field": "Name", "operator": "=", "values": ["Acme Renewal"]}]
    record: Json = {"name": "Id", "kind": "record", "object": "Opportunity", "where": where}
    subject: Json = {"name": "Subject", "kind": "literal", "value": "follow-up call"}
    due: Json = {"name": "ActivityDate", "kind": "literal", "value": "2026-11-24"}
    about: Json = {"name": "WhatId", "kind": "output", "action": "a1"}
    rest: dict[str, Json] = {"dependsOn": [], "forEach": None}
    return {
        "outcome": "plan",
        "actions": [
            {"id": "a1", "blueprint": "oppty_closed_won", "arguments": [record], **rest},
            {"id": "a2", "blueprint": "task_create", "arguments": [subject, due, about], **rest},
        ],
        "checkpoint": SECRET_REPLY,
        "assumptions": [],
        "questions": [],
        "reason": "",
    }


@dataclass
class Trip:
    """What the trip came to, and what arrived of it."""

    collector: Collector
    plan: Plan
    preview: Preview
    envelope: OrchestratorResult
    undone: OrchestratorResult
    sent: list[tuple[str, str]] = field(default_factory=list)
    """Each request to the org while it was carried out: its path, and its ``traceparent``."""


def taken(org: LocalOrg, collector: Collector, **settings: object) -> Trip:
    """Take the trip with tracing on, and return it once everything has arrived.

    Args:
        org: Where to.
        collector: Where traces go; the environment names it.
        settings: Further settings.
    """
    unusable = {**reply(), "actions": []}
    with ScriptedModel([Reply.json(unusable), Reply.json(reply())]) as model:
        given = {"planner": "openai", "model_url": model.base_url, "traces": "otlp", **settings}
        with org.as_user(clock=FixedClock(), settings=given) as app:
            plan = app.plan(GOAL).plan
            assert plan is not None
            preview = app.preview(plan)
            yes = app.confirm(preview, approver=APPROVER)
            with overheard() as sent:
                envelope = app.run(preview, yes)
            assert envelope.success, envelope.errors
            undone = _undone(app, envelope)
    return Trip(collector, plan, preview, envelope, undone, sent)


def _undone(app: Actwright, envelope: OrchestratorResult) -> OrchestratorResult:
    back = app.preview(app.undo(envelope.run_id or ""), allow_delete=True)
    return app.run(back, app.confirm(back, approver=APPROVER))


@contextmanager
def overheard() -> Iterator[list[tuple[str, str]]]:
    """Listen to every request that goes out: its method and path, and its ``traceparent``."""
    heard: list[tuple[str, str]] = []
    send = HTTPAdapter.send

    def listening(
        self: HTTPAdapter, request: requests.PreparedRequest, **more: Any
    ) -> requests.Response:
        path = f"{request.method} {request.path_url}"
        heard.append((path, str(request.headers.get("traceparent", ""))))
        return send(self, request, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HTTPAdapter, "send", listening)
        yield heard
