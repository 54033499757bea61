"""Results: what came of an activity, on its span, in spans of their own for what guardrails found, counted and logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from opentelemetry import trace
from opentelemetry._logs import SeverityNumber
from opentelemetry.trace import Span, Status, StatusCode

from actwright.blueprints.plan import Plan
from actwright.checkpoints.confirmation import Confirmation
from actwright.checkpoints.preview import Preview
from actwright.guardrails.issue import Issue
from actwright.planning.planner import PlanningOutcome
from actwright.runs.interventions.accepting import Accepted
from actwright.runs.record.envelope import OrchestratorResult
from actwright.telemetry.otel import conventions as name
from actwright.telemetry.otel.attributes import (
    Attributes,
    codes_of,
    of_envelope,
    of_outcome,
    of_plan,
    of_preview,
    of_subject,
    pseudonym,
)
from actwright.telemetry.otel.instruments import Instruments
from actwright.telemetry.otel.providers import Providers

_CONFIRMATION: Final = "confirmation_"
"""How the codes begin of a run that nobody let start."""
_TOLD: Final = "confirmation_refused"
"""What was told when it was said, and is no confirmation of its own once more."""
_SEVERITIES: Final[Mapping[str, SeverityNumber]] = {
    "error": SeverityNumber.ERROR,
    "warning": SeverityNumber.WARN,
}


@dataclass(frozen=True, slots=True)
class Results:
    """Tells of results.

    Attributes:
        made: What spans and log records are made with.
        instruments: What counts.
        span: The activity's span.
    """

    made: Providers
    instruments: Instruments
    span: Span

    def tell(self, result: object) -> str:
        """Tell of a result, and return the code of what failed or was refused, where something did."""
        match result:
            case PlanningOutcome():
                return self._outcome(result)
            case Plan():
                self.span.set_attributes(of_plan(result))
            case Preview():
                return self._preview(result)
            case Confirmation():
                self._confirmation(result)
            case OrchestratorResult():
                return self._envelope(result)
            case Accepted():
                self.span.set_attribute(name.RUN_STATUS, result.state.status)
        return ""

    def _outcome(self, outcome: PlanningOutcome) -> str:
        self.span.set_attributes(of_outcome(outcome))
        if outcome.refusal is None:
            return ""
        self.instruments.refused(name.PLAN, outcome.refusal.code)
        return outcome.refusal.code

    def _preview(self, preview: Preview) -> str:
        """Tell of a preview, with a span for each guardrail that found something; a blocked one asks nobody."""
        self.span.set_attributes(of_preview(preview))
        by_kind: dict[tuple[str, str], list[Issue]] = {}
        for each in preview.issues:
            by_kind.setdefault((_guardrail(each), each.severity), []).append(each)
        for (kind, severity), issues in by_kind.items():
            self._verdict(kind, severity, issues, preview.policy_version)
        if not preview.blocked:
            if preview.groups:
                self._moment("requested", of_subject(preview))
            return ""
        codes = codes_of([each.code for each in preview.blocked])
        code = next(iter(codes), "refused")
        self.span.set_attributes({name.REFUSED: code, name.ISSUE_CODES: codes})
        self.instruments.refused("preview", code)
        return code

    def _verdict(
        self, kind: str, severity: str, issues: Sequence[Issue], policy_version: str
    ) -> None:
        self._child(
            f"{name.APPLY_GUARDRAIL} {kind}",
            {
                name.OPERATION: name.APPLY_GUARDRAIL,
                name.GUARDRAIL_POLICY_ID: kind,
                name.GUARDRAIL_POLICY_VERSION: policy_version,
                name.GUARDRAIL_RESULT_TYPE: "severity",
                name.GUARDRAIL_RESULT_VALUE: severity,
                name.VERDICT: "blocked" if severity == "error" else "warned",
                name.ISSUE_CODES: codes_of([each.code for each in issues]),
            },
        )
        self.instruments.verdict(kind, severity, len(issues))

    def _confirmation(self, given: Confirmation) -> None:
        outcome = "given" if given.answer == "yes" else "refused"
        told: Attributes = {
            **of_subject(given),
            name.CONFIRMATION_OUTCOME: outcome,
            name.APPROVER: pseudonym(given.approver),
        }
        if given.grant is not None:
            told[name.GRANT_ID] = given.grant.grant_id
        self.span.set_attributes(told)
        self.span.update_name(f"confirmation {outcome}")
        self.instruments.confirmation(outcome)

    def _envelope(self, envelope: OrchestratorResult) -> str:
        """Tell how a run stands; one nobody let start says which confirmation was missing, used or expired."""
        self.span.set_attributes(of_envelope(envelope))
        code = envelope.stopped_by or ""
        if code.startswith(_CONFIRMATION) and code != _TOLD:
            self._moment(code.removeprefix(_CONFIRMATION), of_envelope(envelope))
        if envelope.success or not (code or envelope.errors):
            self._log(envelope, "warning" if envelope.warnings else "")
            return ""
        self.span.set_attribute(name.ERROR_TYPE, code or "failed")
        self.span.set_status(Status(StatusCode.ERROR))
        if not envelope.run_id:
            self.span.set_attribute(name.REFUSED, code or "failed")
            self.instruments.refused(name.INVOKE_WORKFLOW, code or "failed")
        self._log(envelope, "error")
        return code or "failed"

    def _log(self, envelope: OrchestratorResult, severity: str) -> None:
        """Log that an envelope has warnings or errors: how many and their codes, not a word of them."""
        if not severity:
            return
        told = of_envelope(envelope) | {
            "actwright.warnings": len(envelope.warnings),
            "actwright.errors": len(envelope.errors),
        }
        if envelope.stopped_by:
            told[name.ERROR_TYPE] = envelope.stopped_by
        self.made.logger.emit(
            context=trace.set_span_in_context(self.span),
            severity_number=_SEVERITIES[severity],
            severity_text=severity.upper(),
            body=f"A run has {severity}s.",
            attributes=told,
            event_name=f"actwright.run.{severity}s",
        )

    def _moment(self, outcome: str, told: Attributes) -> None:
        """Leave a span of a confirmation that was requested, or of one that did not let a run start."""
        self._child(f"confirmation {outcome}", {**told, name.CONFIRMATION_OUTCOME: outcome})
        self.instruments.confirmation(outcome)

    def _child(self, called: str, told: Attributes) -> None:
        inside = trace.set_span_in_context(self.span)
        self.made.tracer.start_span(called, inside, attributes=told).end()


def _guardrail(issue: Issue) -> str:
    """Return what found an issue: a guardrail kind, the policy, or the checks of the plan itself."""
    return issue.guardrail or ("POLICY" if issue.rule else "PLAN")
