"""A run cannot do what was asked of it now (exit code 6)."""

from __future__ import annotations

from actwright.errors.base import ActwrightError


class RunError(ActwrightError):
    """The run cannot do that now. Nothing was changed."""

    code = "run_failed"
    exit_code = 6


class RunBusyError(RunError):
    """Another process carries the run out."""

    code = "run_busy"


class InterventionError(RunError):
    """The intervention does not apply to the run as it stands."""

    code = "intervention_refused"


class InterventionMalformedError(InterventionError):
    """The intervention lacks what it needs, or says what cannot be read, however the run stands."""

    code = "intervention_malformed"
    exit_code = 2
