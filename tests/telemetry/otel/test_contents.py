"""Texts in traces: none unless somebody opted in, and then what the prompt log has redacted, behind the chat's span."""

from __future__ import annotations

from hashlib import sha256

from opentelemetry.trace import SpanContext
from tests.telemetry.otel.collector import Collector
from tests.telemetry.otel.memory import Memory
from tests.telemetry.otel.trip import reply

from actwright.canonical import Json
from actwright.telemetry.log.entry import TextsEntry
from actwright.telemetry.otel import conventions as name
from actwright.telemetry.otel.contents import Contents
from actwright.telemetry.otel.remembered import Remembered
from actwright.testing import FixedClock, LocalOrg
from actwright.testing.model_server import ScriptedModel
from actwright.testing.replies import Reply

MAIL = "ann.hicks@example.com"


def test_a_text_stands_behind_the_span_of_its_exchange() -> None:
    """Messages and reply are told as one event, long texts put back, in the context of the chat."""
    memory, remembered = Memory(), Remembered()
    remembered.keep("exchange_1", SpanContext(trace_id=5, span_id=7, is_remote=False))
    long = b"a long answer"
    digest = sha256(long).hexdigest()
    messages: Json = [{"role": "system", "content": "Plan."}, {"role": "user", "content": "[goal]"}]
    document: Json = {"exchange": "exchange_1", "messages": messages, "reply": {"payload": digest}}
    entry = TextsEntry("exchange_1", "2026-11-21", document, {digest: long})
    Contents(memory.providers.logger, remembered).write([entry])
    (told,) = memory.logs
    assert told["event"] == name.EXCHANGE_DETAILS
    assert told["span"] == 7
    assert "Plan." in str(told[name.INPUT_MESSAGES])
    assert "a long answer" in str(told[name.OUTPUT_MESSAGES])


def test_only_the_newest_spans_are_remembered() -> None:
    """What is kept of earlier spans has a bound, and a link is made once for each span."""
    remembered = Remembered()
    for number in range(2_100):
        span = SpanContext(trace_id=1, span_id=number + 1, is_remote=False)
        remembered.keep(f"plan_{number}", span)
    assert remembered.of("plan_0") is None
    assert remembered.of("plan_2099") is not None
    remembered.keep("prv_0", SpanContext(trace_id=1, span_id=2_100, is_remote=False))
    assert len(remembered.links(["plan_2099", "prv_0", "plan_2098", "nothing"])) == 2


def test_content_is_told_redacted_where_somebody_opted_in(
    shared_org: LocalOrg, collector: Collector
) -> None:
    """The prompt arrives behind the chat's span, without the address of mail that the goal holds."""
    goal = f"close the Acme Renewal as won and book a follow-up call with {MAIL} for next Tuesday"
    with ScriptedModel([Reply.json(reply())]) as model:
        settings = {"planner": "openai", "model_url": model.base_url, "traces": "otlp"}
        full = {"telemetry": "full", "traces_content": True}
        with shared_org.as_user(clock=FixedClock(), settings={**settings, **full}) as app:
            assert app.plan(goal).plan
    (chat,) = (each for each in collector.spans if each.name.startswith("chat "))
    records = [
        record
        for request in collector.logs
        for resource in request.resource_logs
        for scope in resource.scope_logs
        for record in scope.log_records
    ]
    told = [each for each in records if each.event_name == name.EXCHANGE_DETAILS]
    assert [each.span_id.hex() for each in told] == [chat.id]
    assert "oppty_closed_won" in str(told)
    assert MAIL not in collector.everything
