"""Instruments: what is counted and how long things take, under the conventions' names."""

from __future__ import annotations

from collections.abc import Mapping

from opentelemetry.metrics import Meter

from actwright.telemetry.otel import conventions as name
from actwright.telemetry.otel.attributes import Value


class Instruments:
    """The histograms and counters of one set of calls.

    Args:
        meter: Makes them.
    """

    def __init__(self, meter: Meter) -> None:
        self._operations = meter.create_histogram(
            name.OPERATION_DURATION,
            unit="s",
            description="How long a request to a model takes.",
            explicit_bucket_boundaries_advisory=name.SECONDS,
        )
        self._tokens = meter.create_histogram(
            name.TOKEN_USAGE,
            unit="{token}",
            description="Tokens of a request to a model.",
            explicit_bucket_boundaries_advisory=name.TOKENS,
        )
        self._workflows = meter.create_histogram(
            name.WORKFLOW_DURATION,
            unit="s",
            description="How long a process carries a run on.",
            explicit_bucket_boundaries_advisory=name.WORKFLOW_SECONDS,
        )
        self._tools = meter.create_histogram(
            name.TOOL_DURATION,
            unit="s",
            description="How long an action takes; actions of one effect group share it.",
            explicit_bucket_boundaries_advisory=name.SECONDS,
        )
        self._confirmations = meter.create_counter(
            name.CONFIRMATIONS,
            unit="{confirmation}",
            description="Confirmations, by what became of them.",
        )
        self._refusals = meter.create_counter(
            name.REFUSALS, unit="{refusal}", description="What was refused, by code."
        )
        self._verdicts = meter.create_counter(
            name.GUARDRAIL_VERDICTS,
            unit="{issue}",
            description="Issues that guardrails found, by kind.",
        )

    def asked(
        self, seconds: float, tokens: Mapping[str, int], attributes: Mapping[str, Value]
    ) -> None:
        """Count a request to a model.

        Args:
            seconds: How long it took.
            tokens: How many, by token type; none where nobody knows.
            attributes: Model, provider, address, error.
        """
        self._operations.record(seconds, attributes)
        for kind, count in tokens.items():
            self._tokens.record(count, {**attributes, name.TOKEN_TYPE: kind})

    def carried(self, seconds: float, attributes: Mapping[str, Value]) -> None:
        """Count a run that a process has carried on for so long."""
        self._workflows.record(seconds, attributes)

    def acted(self, seconds: float, attributes: Mapping[str, Value]) -> None:
        """Count an action that took so long."""
        self._tools.record(seconds, attributes)

    def confirmation(self, outcome: str) -> None:
        """Count a confirmation that was requested, given, refused, or has expired."""
        self._confirmations.add(1, {name.CONFIRMATION_OUTCOME: outcome})

    def refused(self, operation: str, code: str) -> None:
        """Count what was refused."""
        self._refusals.add(1, {name.OPERATION: operation, name.ERROR_TYPE: code})

    def verdict(self, kind: str, severity: str, issues: int) -> None:
        """Count the issues a guardrail kind found."""
        self._verdicts.add(
            issues, {name.GUARDRAIL_POLICY_ID: kind, name.GUARDRAIL_RESULT_VALUE: severity}
        )
