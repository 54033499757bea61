"""The spans of a run's effect groups, made from the events this process appends to the run's journal.

A group's span begins with its intent and ends with its answer. What was refused, or found out only later, leaves a span
of its own. Nothing here reads a journal, so that what is replayed, verified, imported or made anew leaves none.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, Status, StatusCode, Tracer

from actwright.checkpoints.preview import Preview
from actwright.org.effect import EffectGroup
from actwright.telemetry.otel import conventions as name
from actwright.telemetry.otel.attributes import (
    Attributes,
    codes_of,
    pseudonym,
    tool_name,
    word,
)
from actwright.telemetry.otel.current import Current
from actwright.telemetry.otel.deferred import Deferred
from actwright.telemetry.otel.instruments import Instruments
from actwright.tracing import Told

_UNKNOWN: Final = "outcome_unknown"
_GRAVEST: Final = ("unknown", "failed", "rolled_back", "not_sent", "done")
"""What may become of an effect, the gravest first."""
_NOTED: Final = {
    "groupId": name.GROUP_ID,
    "previewId": name.PREVIEW_ID,
    "digest": name.DIGEST,
    "code": "actwright.code",
    "for": "actwright.waiting_for",
    "because": "actwright.because",
    "why": "actwright.why",
    "action": name.INTERVENTION,
}
"""What of an event's data is told with it: ids and words of ours, never a reason somebody wrote."""
_OWN_WHY: Final = frozenset({"queued", "recovered", "resumed"})


@dataclass(slots=True)
class _Open:
    """A group that is out."""

    span: Span
    since: int


@dataclass(slots=True)
class _Layout:
    """What is known of a group before it goes out: its carrier, and the actions of its effects."""

    carrier: str
    actions: Mapping[str, str]
    blueprints: Mapping[str, str]

    @classmethod
    def of(cls, group: EffectGroup, blueprints: Mapping[str, str]) -> _Layout:
        actions = {each.id: each.action_id for each in group.effects}
        return cls(group.carrier, actions, blueprints)

    @property
    def tool(self) -> str:
        """The blueprint of its actions; the carrier where they have several."""
        names = {self.blueprints.get(each, each) for each in self.actions.values()}
        return next(iter(names)) if len(names) == 1 else self.carrier


@dataclass
class Groups:
    """The groups of one run, while this process carries it on.

    Attributes:
        tracer: Makes spans.
        instruments: Counts.
        deferred: Takes what can be told later: the spans of a group's actions, whose times are known.
    """

    tracer: Tracer
    instruments: Instruments
    deferred: Deferred
    _layouts: dict[str, _Layout] = field(default_factory=dict)
    _open: dict[str, _Open] = field(default_factory=dict)

    def know(self, preview: Preview) -> None:
        """Learn what the groups of a preview consist of."""
        blueprints = {each.action_id: tool_name(each) for each in preview.actions}
        self._layouts |= {each.id: _Layout.of(each, blueprints) for each in preview.groups}

    def heard(self, run_id: str, events: Told) -> None:
        """Take in events of the run, in order."""
        for kind, data in events:
            match kind:
                case "group_intended":
                    self._begin(run_id, data)
                case "group_settled" | "group_reconciled":
                    self._settle(run_id, data)
                case "group_refused":
                    self._refuse(run_id, data)
                case "group_checked" | "group_observed" | "run_ended":
                    pass
                case _:
                    note(run_id, kind, data)

    def sending(self, group_id: str) -> AbstractContextManager[None]:
        """Return the context in which a group's span is the current one."""
        found = self._open.get(group_id)
        return Current(found.span) if found else nullcontext()

    def close(self) -> None:
        """End what is still open: nobody in this process will hear what became of it."""
        for group_id in list(self._open):
            self._leave(group_id)

    def _leave(self, group_id: str) -> None:
        """End the span of a group that is out, where there is one: it goes out again, or nobody listens any more."""
        opened = self._open.pop(group_id, None)
        if opened is not None:
            opened.span.set_attribute(name.GROUP_STATUS, "unknown")
            _fail(opened.span, _UNKNOWN)
            opened.span.end()

    def _begin(self, run_id: str, data: Mapping[str, Any]) -> None:
        group_id = word(data, "groupId")
        self._leave(group_id)
        since = time.time_ns()
        self._open[group_id] = _Open(self._span(run_id, data, since), since)

    def _span(self, run_id: str, data: Mapping[str, Any], since: int) -> Span:
        group_id = word(data, "groupId")
        layout = self._layouts.get(group_id)
        tool = layout.tool if layout else "group"
        told: Attributes = {
            name.OPERATION: name.EXECUTE_TOOL,
            name.TOOL_NAME: tool,
            name.TOOL_TYPE: "extension",
            name.RUN_ID: run_id,
            name.GROUP_ID: group_id,
            name.RUN_STAGE: int(data.get("stage") or 1),
        }
        if word(data, "key"):
            told[name.TOOL_CALL_ID] = word(data, "key")
            told[name.GROUP_ATTEMPT] = int(data.get("attempt") or 1)
        if layout and len(set(layout.actions.values())) == 1:
            told[name.ACTION_ID] = next(iter(layout.actions.values()))
        return self.tracer.start_span(
            f"{name.EXECUTE_TOOL} {tool}", attributes=told, start_time=since
        )

    def _settle(self, run_id: str, data: Mapping[str, Any]) -> None:
        """End a group's span with the answer; where it is not open, the answer was found out later, in a span of its own."""
        group_id = word(data, "groupId")
        opened = self._open.pop(group_id, None)
        if opened is None:
            since = time.time_ns()
            opened = _Open(self._span(run_id, data, since), since)
            opened.span.set_attribute("actwright.group.reconciled_by", word(data, "by"))
        until = opened.since + int(float(data.get("durationMs") or 0) * 1_000_000)
        outcomes = [each for each in data.get("outcomes") or () if isinstance(each, Mapping)]
        status, code = _become(outcomes)
        calls = int(_either(data, "apiCalls", "api_calls") or 0)
        opened.span.set_attributes({name.GROUP_STATUS: status, name.API_CALLS: calls})
        if why := _code(data.get("error")) or code:
            _fail(opened.span, why)
        self._actions(group_id, opened, until, outcomes)
        opened.span.end(until)

    def _actions(
        self, group_id: str, group: _Open, until: int, outcomes: Sequence[Mapping[str, Any]]
    ) -> None:
        """Make a span for each action of a group that has several; a group of one action is that action's span."""
        layout = self._layouts.get(group_id) or _Layout("group", {}, {})
        by_action: dict[str, list[Mapping[str, Any]]] = {}
        for each in outcomes:
            effect = str(_either(each, "effectId", "effect_id"))
            by_action.setdefault(layout.actions.get(effect, ""), []).append(each)
        tools = {action: layout.blueprints.get(action, layout.carrier) for action in by_action}
        if len(by_action) > 1 and group.span.is_recording():
            inside, times = trace.set_span_in_context(group.span), (group.since, until)
            self.deferred.put(lambda: self._tell(by_action, tools, inside, times))
        seconds = (until - group.since) / 1_000_000_000
        for tool in dict.fromkeys(tools.values()):
            self.instruments.acted(seconds, {name.TOOL_NAME: tool})

    def _tell(
        self,
        by_action: Mapping[str, Sequence[Mapping[str, Any]]],
        tools: Mapping[str, str],
        inside: Context,
        times: tuple[int, int],
    ) -> None:
        for action, parts in by_action.items():
            self._action(action, tools[action], parts, inside, times)

    def _action(
        self,
        action: str,
        tool: str,
        parts: Sequence[Mapping[str, Any]],
        inside: Context,
        times: tuple[int, int],
    ) -> None:
        status, code = _become(parts)
        told: Attributes = {
            name.OPERATION: name.EXECUTE_TOOL,
            name.TOOL_NAME: tool,
            name.ACTION_ID: action,
            name.GROUP_STATUS: status,
        }
        span = self.tracer.start_span(
            f"{name.EXECUTE_TOOL} {tool}", inside, attributes=told, start_time=times[0]
        )
        if code:
            _fail(span, code)
        span.end(times[1])

    def _refuse(self, run_id: str, data: Mapping[str, Any]) -> None:
        """Leave a span of a group that was refused: nothing of it was sent."""
        issues = [each for each in data.get("issues") or () if isinstance(each, Mapping)]
        code = _code(data.get("error")) or next((word(each, "code") for each in issues), "refused")
        span = self._span(run_id, data, time.time_ns())
        span.set_attributes(
            {
                name.REFUSED: code,
                name.GROUP_STATUS: "refused",
                name.ISSUE_CODES: codes_of([word(each, "code") for each in issues]),
            }
        )
        _fail(span, code)
        span.end()
        self.instruments.refused(name.EXECUTE_TOOL, code)


GROUPS: ContextVar[Groups | None] = ContextVar("actwright_traced_groups", default=None)
"""The groups of the run that is carried on in this context; threads that copy the context have it too."""


def note(run_id: str, kind: str, data: Mapping[str, Any]) -> None:
    """Put an event on the span that is current: the run's, or that of whoever steps in."""
    told: Attributes = {name.RUN_ID: run_id}
    for key, attribute in _NOTED.items():
        if (value := word(data, key)) and (key != "why" or value in _OWN_WHY):
            told[attribute] = value
    if kind == "intervened" and isinstance(by := data.get("by"), str):
        told[name.USER] = pseudonym(by)
    span = trace.get_current_span()
    span.add_event(f"actwright.{kind}", told)
    span.set_attribute(name.RUN_ID, run_id)
    if undone := word(data, "undoes"):
        span.set_attribute(name.PLAN_UNDOES, undone)


def _become(outcomes: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Return what became of effects, which is the gravest of it; and the code of why, where they were not done."""
    statuses = {each.get("status") for each in outcomes}
    if statuses <= {"done"}:
        return "done", ""
    gravest = next((each for each in _GRAVEST if each in statuses), "unknown")
    faults = (word(fault, "code") for each in outcomes for fault in each.get("faults") or ())
    otherwise = _UNKNOWN if gravest == "unknown" else gravest
    return gravest, next(filter(None, faults), otherwise)


def _fail(span: Span, code: str) -> None:
    span.set_attribute(name.ERROR_TYPE, code)
    span.set_status(Status(StatusCode.ERROR))


def _code(error: object) -> str:
    return word(error, "code") if isinstance(error, Mapping) else ""


def _either(data: Mapping[str, Any], *keys: str) -> Any:
    return next((data[each] for each in keys if each in data), None)
