"""One activity as a span: what it is about when it begins, what came of it when it ends, and what was refused."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, ExitStack
from types import TracebackType
from typing import Final

from opentelemetry import trace
from opentelemetry.trace import Span, Status, StatusCode

from actwright.blueprints.plan import Plan
from actwright.checkpoints.preview import Preview
from actwright.errors import ConfirmationError, RefusedError
from actwright.telemetry.otel import conventions as name
from actwright.telemetry.otel.attributes import (
    Attributes,
    ids_of,
    of_error,
    of_goal,
    of_subject,
    workflow_name,
)
from actwright.telemetry.otel.current import Current, outer
from actwright.telemetry.otel.groups import GROUPS, Groups
from actwright.telemetry.otel.instruments import Instruments
from actwright.telemetry.otel.providers import RELEASE, Providers
from actwright.telemetry.otel.remembered import Remembered
from actwright.telemetry.otel.results import Results
from actwright.tracing import Activity, Kind

AGENT: Final = "actwright"
"""Who plans, as the conventions name an agent."""

_NAMES: Final[dict[Kind, str]] = {
    "plan": f"{name.PLAN} {AGENT}",
    "run": name.INVOKE_WORKFLOW,
    "confirm": "confirmation",
}
_OPERATIONS: Final[dict[Kind, str]] = {"plan": name.PLAN, "run": name.INVOKE_WORKFLOW}


class SpanActivity(AbstractContextManager[Activity]):
    """An activity with a span, the current one while it lasts; a fault in telling of it is counted, and nothing else.

    Args:
        made: What spans are made with.
        instruments: What counts.
        remembered: Earlier spans, which this one is linked to.
        kind: What is done.
        subject: What it is done to.
    """

    def __init__(
        self,
        made: Providers,
        instruments: Instruments,
        remembered: Remembered,
        kind: Kind,
        subject: object,
    ) -> None:
        self._made = made
        self._instruments = instruments
        self._remembered = remembered
        self._kind = kind
        self._subject = subject
        self._inside = ExitStack()
        self._span: Span = trace.INVALID_SPAN
        self._workflow = ""
        self._failed = ""
        self._groups = Groups(made.tracer, instruments, made.deferred) if kind == "run" else None

    def __enter__(self) -> Activity:
        self._begun = time.perf_counter()
        with self._made.deliveries.guarding():
            self._begin()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace_: TracebackType | None,
    ) -> None:
        with self._made.deliveries.guarding():
            self._end(error)

    def about(self, subject: object) -> None:
        """Put on the span what it is about."""
        with self._made.deliveries.guarding():
            self._span.set_attributes(of_subject(subject))
            self._link(subject)
            if isinstance(subject, Preview):
                self._know(subject)

    def done(self, result: object) -> None:
        """Put on the span what came of it."""
        with self._made.deliveries.guarding():
            if isinstance(self._subject, Plan):
                self._link(
                    result
                )  # a preview knows its plan's id, which takes a while to make of the plan
            self._failed = Results(self._made, self._instruments, self._span).tell(result)
            for each in ids_of(result)[:1]:
                self._remembered.keep(each, self._span.get_span_context())

    def _begin(self) -> None:
        told: Attributes = {}
        if self._kind in _OPERATIONS:
            told |= {name.OPERATION: _OPERATIONS[self._kind]}
        if self._kind == "plan":
            told |= {name.AGENT_NAME: AGENT, name.AGENT_VERSION: RELEASE}
        is_goal = self._kind == "plan" and isinstance(self._subject, str)
        subject = None if is_goal or isinstance(self._subject, Plan) else self._subject
        told |= of_goal(str(self._subject)) if is_goal else of_subject(subject)
        self._span = self._made.tracer.start_span(
            _NAMES.get(self._kind, self._kind),
            outer(),
            attributes=told,
            links=self._remembered.links(ids_of(subject)),
        )
        self._inside.enter_context(Current(self._span))
        if self._groups is not None:
            token = GROUPS.set(self._groups)
            self._inside.callback(GROUPS.reset, token)
        if isinstance(self._subject, Preview):
            self._know(self._subject)

    def _link(self, document: object) -> None:
        for each in self._remembered.links(ids_of(document)):
            self._span.add_link(each.context)

    def _know(self, preview: Preview) -> None:
        """Name a run by the blueprints of its preview, and learn what its groups consist of."""
        if self._groups is None:
            return
        self._groups.know(preview)
        self._workflow = workflow_name(preview)
        self._span.set_attribute(name.WORKFLOW_NAME, self._workflow)
        self._span.update_name(f"{name.INVOKE_WORKFLOW} {self._workflow}")

    def _end(self, error: BaseException | None) -> None:
        try:
            if error is not None:
                self._break(error)
            if self._groups is not None:
                self._groups.close()
                self._count()
        finally:
            self._span.end()
            self._inside.close()

    def _break(self, error: BaseException) -> None:
        """Tell what kind of error ended it; its text and its stack may say anything, and are not told."""
        self._failed = of_error(error)
        if isinstance(self._subject, Plan):
            self._span.set_attributes(of_subject(self._subject))
        self._span.set_attribute(name.ERROR_TYPE, self._failed)
        self._span.set_status(Status(StatusCode.ERROR))
        if isinstance(error, RefusedError | ConfirmationError):
            self._span.set_attribute(name.REFUSED, self._failed)
            self._instruments.refused(self._kind, self._failed)

    def _count(self) -> None:
        told: dict[str, str | int] = {name.OPERATION: name.INVOKE_WORKFLOW}
        told |= {name.WORKFLOW_NAME: self._workflow} if self._workflow else {}
        told |= {name.ERROR_TYPE: self._failed} if self._failed else {}
        self._instruments.carried(time.perf_counter() - self._begun, told)
