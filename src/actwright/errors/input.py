"""What was handed in cannot be used: documents, values, settings, goals (exit code 2)."""

from __future__ import annotations

from actwright.errors.base import ActwrightError


class InputError(ActwrightError):
    """What was handed in cannot be used."""

    code = "input_invalid"
    exit_code = 2


class DocumentError(InputError):
    """A file or a JSON text is missing, unreadable or malformed."""

    code = "document_malformed"


class BlueprintError(InputError):
    """A blueprint breaks its contract."""

    code = "blueprint_invalid"


class PlanError(InputError):
    """A plan breaks its contract."""

    code = "plan_invalid"


class PayloadError(InputError):
    """Payload or named data does not fit the plan."""

    code = "payload_invalid"


class ValueInvalidError(InputError):
    """A value does not fit its type."""

    code = "value_invalid"


class RecordIdError(ValueInvalidError):
    """A record id is malformed, or of another object."""

    code = "record_id_invalid"


class ConfigError(InputError):
    """Configuration is wrong or missing."""

    code = "config_invalid"


class NotFoundError(InputError):
    """The store or the library holds nothing under that name."""

    code = "not_found"


class ImplementationError(InputError):
    """An override is missing, broken, or answered with something that is no effect."""

    code = "implementation_invalid"


class PromptError(InputError):
    """A prompt's template is missing or broken, or was given too little or too much."""

    code = "prompt_invalid"


class ConditionError(InputError):
    """A condition in CEL is malformed, beyond what is allowed, or cannot be decided."""

    code = "condition_invalid"


class DomainError(InputError):
    """A domain spec breaks its contract."""

    code = "domain_invalid"


class PolicyError(InputError):
    """A policy is malformed, or two of its rules contradict each other."""

    code = "policy_invalid"


class PlanningError(InputError):
    """No plan can be made of this goal."""

    code = "planning_failed"


class NoPlanError(PlanningError):
    """No blueprint fits the goal."""

    code = "no_plan"


class OpenQuestionsError(PlanningError):
    """The plan waits for a person's answers."""

    code = "open_questions"
