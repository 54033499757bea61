"""The spans of effect groups, made of journal events alone: answers, refusals, doubts, and steps of the run itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from opentelemetry.trace import StatusCode
from tests.telemetry.otel.memory import Memory

from actwright.telemetry.otel import conventions as name
from actwright.telemetry.otel.adapter import OpenTelemetry
from actwright.telemetry.otel.chats import Service
from actwright.tracing import trace_headers

RUN = "run_0123456789"
DONE = {"effectId": "e1", "status": "done"}


@pytest.fixture
def memory() -> Memory:
    """Give providers that keep everything."""
    return Memory()


@pytest.fixture
def tracing(memory: Memory) -> OpenTelemetry:
    """Give the adapter over them."""
    return OpenTelemetry(memory.providers, service=Service("a-model", "https://models.example/v1"))


@contextmanager
def carried(tracing: OpenTelemetry, *events: tuple[str, Mapping[str, Any]]) -> Iterator[None]:
    """Carry a run on, and let these events be appended."""
    with tracing.activity("run", RUN):
        for kind, data in events:
            tracing.appended(RUN, [(kind, data)], "alice")
        yield


def intended(**more: object) -> tuple[str, dict[str, Any]]:
    """Return the intent of group ``g1``."""
    key = f"{RUN}:1:g1:1"
    return "group_intended", {"groupId": "g1", "stage": 1, "attempt": 1, "key": key, **more}


def settled(*outcomes: Mapping[str, Any], **more: object) -> tuple[str, dict[str, Any]]:
    """Return the answer to group ``g1``."""
    told = {"groupId": "g1", "stage": 1, "outcomes": list(outcomes), "durationMs": 12.5}
    return "group_settled", {**told, "apiCalls": 1, "error": None, **more}


def test_a_group_lasts_as_long_as_its_call(tracing: OpenTelemetry, memory: Memory) -> None:
    """The span ends with the answer, not with the append that wrote it down."""
    with carried(tracing, intended(), settled(DONE)):
        pass
    span = memory.one("execute_tool group")
    assert span.start_time is not None
    assert span.end_time == span.start_time + 12_500_000
    assert span.attributes is not None
    assert span.attributes[name.TOOL_CALL_ID] == f"{RUN}:1:g1:1"
    assert span.status.status_code is StatusCode.UNSET


@pytest.mark.parametrize(
    ("status", "faults", "code"),
    [
        (
            "failed",
            [{"code": "REQUIRED_FIELD_MISSING", "message": "Ann"}],
            "REQUIRED_FIELD_MISSING",
        ),
        ("unknown", [], "outcome_unknown"),
        ("rolled_back", [], "rolled_back"),
        ("not_sent", [], "not_sent"),
    ],
)
def test_what_was_not_done_says_why(
    tracing: OpenTelemetry, memory: Memory, status: str, faults: list[object], code: str
) -> None:
    """The gravest of a group's outcomes marks it, with the org's own code where it gave one, and no word of it."""
    worse = {"effectId": "e2", "status": status, "faults": faults}
    with carried(tracing, intended(), settled(DONE, worse)):
        pass
    span = memory.one("execute_tool group")
    assert span.attributes is not None
    assert span.attributes[name.GROUP_STATUS] == status
    assert span.attributes[name.ERROR_TYPE] == code
    assert span.status.status_code is StatusCode.ERROR
    assert "Ann" not in str(span.to_json())


def test_a_refused_group_leaves_a_span(tracing: OpenTelemetry, memory: Memory) -> None:
    """What was held back at the last look is there, with the codes of what was found."""
    issues = [{"code": "field_not_editable", "message": "Phone 555-0100"}]
    refused = {"groupId": "g1", "stage": 1, "issues": issues, "error": {"code": "drift"}}
    with carried(tracing, ("group_refused", refused)):
        pass
    span = memory.one("execute_tool group")
    assert span.attributes is not None
    assert span.attributes[name.REFUSED] == "drift"
    assert span.attributes[name.ISSUE_CODES] == ("field_not_editable",)
    assert "555" not in str(span.to_json())


def test_a_code_that_is_a_sentence_is_not_told(tracing: OpenTelemetry, memory: Memory) -> None:
    """Codes come from orgs and overrides, which may say anything: only what has the form of a code is told on."""
    fault = {"code": "call Ann Hicks on 555-0100", "message": ""}
    bad = {"effectId": "e1", "status": "failed", "faults": [fault]}
    with carried(tracing, intended(), settled(bad)):
        pass
    span = memory.one("execute_tool group")
    assert span.attributes is not None
    assert span.attributes[name.ERROR_TYPE] == "failed"


def test_a_group_nobody_heard_of_again_is_in_doubt(tracing: OpenTelemetry, memory: Memory) -> None:
    """A process that gives its run back ends what is open, as unknown."""
    with carried(tracing, intended()):
        pass
    span = memory.one("execute_tool group")
    assert span.attributes is not None
    assert span.attributes[name.GROUP_STATUS] == "unknown"


def test_what_is_found_out_later_has_a_span_of_its_own(
    tracing: OpenTelemetry, memory: Memory
) -> None:
    """Another process settles what was lost: it did not send the group, and tells who said what became of it."""
    found = {"groupId": "g1", "stage": 1, "outcomes": [DONE], "by": "ledger"}
    with carried(tracing, ("run_taken", {"by": "host:1:ab", "why": "recovered"})):
        tracing.appended(RUN, [("group_reconciled", found)], "alice")
    span = memory.one("execute_tool group")
    assert span.attributes is not None
    assert span.attributes["actwright.group.reconciled_by"] == "ledger"
    run = memory.one(name.INVOKE_WORKFLOW)
    assert [each.name for each in run.events] == ["actwright.run_taken"]


def test_reasons_people_wrote_are_not_told(tracing: OpenTelemetry, memory: Memory) -> None:
    """An intervention and a pause stand on the span by kind and code; nobody's words or name do."""
    wish = {"action": "cancel", "by": "Alice Archer", "why": "Ann asked for it", "key": "k"}
    paused = {"groupId": "g1", "reason": "Ann's record is locked", "for": "retry", "code": "locked"}
    with carried(tracing, ("intervened", wish), ("run_paused", paused)):
        pass
    run = memory.one(name.INVOKE_WORKFLOW)
    told = [dict(each.attributes or {}) for each in run.events]
    assert told[0][name.INTERVENTION] == "cancel"
    assert told[1]["actwright.waiting_for"] == "retry"
    assert not any(each in str(told) for each in ("Ann", "Archer"))


def test_requests_carry_the_group_they_belong_to(tracing: OpenTelemetry) -> None:
    """While a group is out, its span is in the headers; around it the run's, and outside none."""
    assert trace_headers() == {}
    with carried(tracing, intended()):
        of_run = trace_headers()["traceparent"]
        with tracing.sending(RUN, "g1"):
            of_group = trace_headers()["traceparent"]
        with tracing.sending(RUN, "no such group"):
            assert trace_headers()["traceparent"] == of_run
    assert of_group != of_run
    assert of_group.split("-")[1] == of_run.split("-")[1]
    assert trace_headers() == {}


def test_events_of_no_run_in_hand_stand_on_the_span_that_is_current(
    tracing: OpenTelemetry, memory: Memory
) -> None:
    """Whoever steps in appends to a run that somebody else carries on: it is told with the intervention."""
    with tracing.activity("intervene", RUN):
        tracing.appended(RUN, [("intervened", {"action": "retry", "by": "bo"})], "bo")
    span = memory.one("intervene")
    assert [each.name for each in span.events] == ["actwright.intervened"]


def test_a_process_joins_the_trace_it_was_started_in(
    tracing: OpenTelemetry, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``TRACEPARENT`` in the environment makes every call a part of that trace; nonsense in it is passed over."""
    monkeypatch.setenv("TRACEPARENT", f"00-{'ab' * 16}-{'cd' * 8}-01")
    with tracing.activity("undo", RUN):
        pass
    monkeypatch.setenv("TRACEPARENT", "whatever")
    with tracing.activity("recover", ""):
        pass
    joined, alone = memory.one("undo"), memory.one("recover")
    assert joined.parent is not None
    assert f"{joined.parent.span_id:016x}" == "cd" * 8
    assert alone.parent is None


def test_a_program_that_traces_itself_finds_the_calls_in_its_trace(
    tracing: OpenTelemetry, memory: Memory
) -> None:
    """What is current when a call begins is its parent, whoever made it."""
    with (
        memory.providers.tracer.start_as_current_span("their own"),
        tracing.activity("run", RUN),
    ):
        pass
    outer, run = memory.one("their own"), memory.one(name.INVOKE_WORKFLOW)
    assert run.parent is not None
    assert outer.context is not None
    assert run.parent.span_id == outer.context.span_id
