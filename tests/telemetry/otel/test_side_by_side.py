"""Runs that one loop carries on side by side keep their spans apart."""

from __future__ import annotations

import asyncio

from tests.scenario import confirmed, lookup, task
from tests.telemetry.otel.collector import Collector

from actwright import OrchestratorResult
from actwright.telemetry.otel import conventions as name
from actwright.telemetry.otel.adapter import OpenTelemetry
from actwright.testing import LocalOrg


def test_each_call_stands_below_its_own_run(shared_org: LocalOrg, collector: Collector) -> None:
    """Four runs at once on one pool of threads: no action is told of as another run's, and every span ends."""
    with shared_org.as_user(settings={"traces": "otlp"}) as app:
        about = lookup("Account", "Name", "Acme")
        pairs = [confirmed(app, task(subject=f"Call {n}", WhatId=about)) for n in range(4)]

        async def together() -> list[OrchestratorResult]:
            return list(await asyncio.gather(*(app.arun(*each) for each in pairs)))

        assert all(each.success for each in asyncio.run(together()))
        assert isinstance(app.tracing, OpenTelemetry)
        app.tracing.flush()
        assert app.tracing.deliveries.defects == 0
    spans = {each.id: each for each in collector.spans}
    tools = [each for each in spans.values() if each.name.startswith("execute_tool ")]
    above = [spans[each.parent].attributes[name.RUN_ID] for each in tools]
    assert [each.attributes[name.RUN_ID] for each in tools] == above
    assert len(set(above)) == len(pairs)
