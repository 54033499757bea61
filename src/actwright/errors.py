"""Every error Actwright raises, drawn as one tree.

::

    ActwrightError                     exit 1
    ├── InputError                     exit 2   what was handed in cannot be used
    │   ├── DocumentError                       a file or JSON text is malformed
    │   ├── BlueprintError                      a blueprint breaks its contract
    │   ├── PlanError                           a plan breaks its contract
    │   ├── PayloadError                        payload or named data does not fit the plan
    │   ├── ValueInvalidError                   a value does not fit its type
    │   │   └── RecordIdError                   a record id is malformed
    │   ├── ConfigError                         configuration is wrong or missing
    │   ├── NotFoundError                       no such plan, preview, run, blueprint
    │   ├── ImplementationError                 an override is missing, broken or answers wrongly
    │   ├── PromptError                         a prompt's template is missing, broken, or lacks a value
    │   ├── ConditionError                      a condition in CEL is malformed, or cannot be decided
    │   ├── DomainError                         a domain spec breaks its contract
    │   ├── PolicyError                         a policy breaks its contract, or contradicts itself
    │   └── PlanningError                       no plan can be made
    │       ├── NoPlanError                     no blueprint fits the goal
    │       └── OpenQuestionsError              the plan waits for answers
    ├── ConfirmationError              exit 3   nobody said yes to exactly this
    │   ├── ConfirmationMissingError
    │   ├── ConfirmationRefusedError
    │   ├── ConfirmationExpiredError
    │   ├── ConfirmationUsedError
    │   ├── ConfirmationForeignError
    │   ├── GrantError                          a grant does not stand, is used up, or is another's
    │   │   └── GrantExceededError              it does not reach as far as the preview goes
    │   └── DocumentEditedError                 a file differs from what the store holds
    ├── DriftError                     exit 4   the org moved on since the preview
    │   └── PolicyChangedError                  the policy is another one than the preview was judged by
    ├── RefusedError                   exit 5   a guardrail, permission or rule says no
    ├── OrgError                       exit 1   the org could not be asked or would not answer
    │   ├── OrgUnreachableError                 no connection, or it broke off before an answer
    │   ├── OrgTimeoutError                     no answer in time
    │   ├── OrgAuthenticationError              login or session refused
    │   ├── OrgRefusedError                     the org understood, and said no
    │   ├── OrgBusyError                        limits reached, or the org is overloaded
    │   └── OrgProtocolError                    an answer nobody can read
    ├── ModelError                     exit 1   the language model gave nothing that can be used
    │   ├── ModelUnreachableError               no connection, or it broke off before the answer was whole
    │   ├── ModelTimeoutError                   no whole answer before the deadline
    │   ├── ModelAuthenticationError            the key was refused, or may not use the model
    │   ├── ModelBusyError                      limits reached, or the service is overloaded
    │   ├── ModelRefusedError                   the model or its service declined the request
    │   ├── ModelReplyError                     an answer nobody can use, also after repair
    │   └── ModelBudgetError                    the plan's ceiling of tokens or cost is reached
    ├── StoreError                     exit 1   the store is missing, locked, newer or damaged
    │   ├── JournalConflictError                somebody else appended to the run meanwhile
    │   ├── JournalUnknownError                 an event of a kind or form this program does not know
    │   ├── JournalDamagedError                 a journal was edited, cut, reordered, or is another run's
    │   └── SealError                           a seal is missing, broken, or signed with another key
    ├── RunError                       exit 6   the run cannot do that now; nothing was changed
    │   ├── RunBusyError                        another process carries it out
    │   └── InterventionError                   the intervention does not apply to the run as it stands
    │       └── InterventionMalformedError exit 2   it lacks what it needs, or says what nobody can read
    ├── SandboxError                   exit 1   sandboxed code did not come to a result; nothing of it was used
    │   ├── SandboxUnavailableError             there is no sandbox to run it in
    │   ├── SandboxRejectedError       exit 2   the code is not what may run
    │   ├── SandboxDeniedError         exit 5   the code asked for what it may not have
    │   ├── SandboxLimitError                   the code reached a ceiling
    │   ├── SandboxFailedError                  the code raised an error of its own
    │   ├── SandboxValueError                   the code handed over a value that is refused
    │   ├── SandboxCrashedError                 the process the code ran in died
    │   └── SuspensionError            exit 3   a suspended run is not what was sealed, or was resumed before
    └── InterruptedQuestionError       exit 130 a person broke a question off before anything had begun

An error says what happened (``message``), where (``where``: a path, a field, a line) and what to do next
(``hint``). ``code`` is stable: programs may match on it, messages may be reworded.
"""

from __future__ import annotations

from typing import ClassVar


class ActwrightError(Exception):
    """Base of every error raised on purpose.

    Args:
        message: What happened, in one sentence.
        where: The path, field or line it happened at.
        hint: What the reader can do next.
        code: A more exact code than the class's own.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        message: str,
        *,
        where: str | None = None,
        hint: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint
        self.error_code = code or type(self).code

    def __str__(self) -> str:
        place = f" (at {self.where})" if self.where else ""
        return f"{self.message}{place}"

    def as_dict(self) -> dict[str, str | None]:
        """Return the error as JSON-ready data: code, message, where, hint."""
        return {
            "code": self.error_code,
            "message": self.message,
            "where": self.where,
            "hint": self.hint,
        }


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


class ConfirmationError(ActwrightError):
    """Nobody said yes to exactly this."""

    code = "confirmation_invalid"
    exit_code = 3


class ConfirmationMissingError(ConfirmationError):
    """The preview has no confirmation."""

    code = "confirmation_missing"


class ConfirmationRefusedError(ConfirmationError):
    """The person said no."""

    code = "confirmation_refused"


class ConfirmationExpiredError(ConfirmationError):
    """The confirmation is too old to start a run."""

    code = "confirmation_expired"


class ConfirmationUsedError(ConfirmationError):
    """The confirmation has already started a run."""

    code = "confirmation_used"


class ConfirmationForeignError(ConfirmationError):
    """The confirmation belongs to another preview, digest, person or org."""

    code = "confirmation_foreign"


class GrantError(ConfirmationError):
    """A grant does not stand any more, is used up, or did not begin the run."""

    code = "grant_refused"


class GrantExceededError(GrantError):
    """A preview goes beyond a ceiling of the grant; a person has to say yes to it."""

    code = "grant_exceeded"


class DocumentEditedError(ConfirmationError):
    """A file differs from the document the store holds under its id."""

    code = "document_edited"


class DriftError(ActwrightError):
    """The org moved on since the preview; a new preview is needed."""

    code = "drift"
    exit_code = 4


class PolicyChangedError(DriftError):
    """The policy is another one than the preview was judged by; a new preview is needed."""

    code = "policy_changed"


class RefusedError(ActwrightError):
    """A guardrail, a permission or a rule says no."""

    code = "refused"
    exit_code = 5


class OrgError(ActwrightError):
    """The org could not be asked, or would not answer."""

    code = "org_failed"


class OrgUnreachableError(OrgError):
    """No connection could be made, or it broke off before an answer came."""

    code = "org_unreachable"


class OrgTimeoutError(OrgError):
    """No answer came in time."""

    code = "org_timeout"


class OrgAuthenticationError(OrgError):
    """The login or the session was refused."""

    code = "org_authentication"


class OrgRefusedError(OrgError):
    """The org understood the request and said no.

    ``org_code`` is the org's own error code (``INVALID_FIELD``), ``fields`` the fields it named.
    """

    code = "org_refused"

    def __init__(
        self,
        message: str,
        *,
        org_code: str = "",
        fields: tuple[str, ...] = (),
        where: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.org_code = org_code
        self.fields = fields


class OrgBusyError(OrgError):
    """The org's limits are reached, or it is overloaded."""

    code = "org_busy"


class OrgProtocolError(OrgError):
    """The org's answer cannot be read."""

    code = "org_protocol"


class ModelError(ActwrightError):
    """The language model gave nothing that can be used. Nothing was planned."""

    code = "model_failed"


class ModelUnreachableError(ModelError):
    """No connection could be made, or it broke off before the answer was whole."""

    code = "model_unreachable"


class ModelTimeoutError(ModelError):
    """No whole answer came before the deadline."""

    code = "model_timeout"


class ModelAuthenticationError(ModelError):
    """The key is missing, was refused, or may not use the model."""

    code = "model_authentication"


class ModelBusyError(ModelError):
    """The service's limits are reached, or it is overloaded, also after waiting and trying again."""

    code = "model_busy"


class ModelRefusedError(ModelError):
    """The model, its filter or its service declined the request."""

    code = "model_refused"


class ModelReplyError(ModelError):
    """The model's answer cannot be used, also after it was told every error."""

    code = "model_reply_invalid"


class ModelBudgetError(ModelError):
    """One more request would pass the plan's ceiling of tokens or cost."""

    code = "model_budget"


class StoreError(ActwrightError):
    """The store is missing, locked, damaged, or newer than this program."""

    code = "store_failed"


class JournalConflictError(StoreError):
    """Somebody else appended to the run meanwhile; whoever lost has to read it again."""

    code = "journal_conflict"


class JournalUnknownError(StoreError):
    """An event has a kind or a form this program does not know; it was written by a newer one."""

    code = "journal_unknown"


class JournalDamagedError(StoreError):
    """A journal was edited, cut, reordered, or belongs to another run."""

    code = "journal_damaged"


class SealError(StoreError):
    """A seal is missing, broken, or was made with another key."""

    code = "seal_invalid"


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


class SandboxError(ActwrightError):
    """Sandboxed code did not come to a result. Nothing of what it asked for was used."""

    code = "sandbox_failed"


class SandboxUnavailableError(SandboxError):
    """There is no sandbox to run code in: it is not installed, cannot start, or is closed."""

    code = "sandbox_unavailable"


class SandboxRejectedError(SandboxError):
    """The code is not what may run; nothing of it did."""

    code = "sandbox_rejected"
    exit_code = 2


class SandboxDeniedError(SandboxError):
    """The code asked for what it may not have, and was stopped there."""

    code = "sandbox_denied"
    exit_code = 5


class SandboxLimitError(SandboxError):
    """The code reached a ceiling: ``limit`` names it, as `SandboxLimits` does."""

    code = "sandbox_limit"

    def __init__(
        self, message: str, *, limit: str = "", where: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.limit = limit


class SandboxFailedError(SandboxError):
    """The code raised an error of its own. Its text is the code's: it may say anything."""

    code = "sandbox_code_failed"


class SandboxValueError(SandboxError):
    """The code handed over a value that is too large, of no allowed type, or does not fit what was declared."""

    code = "sandbox_value"


class SandboxCrashedError(SandboxError):
    """The process the code ran in died, or was ended because it would not stop."""

    code = "sandbox_crashed"


class SuspensionError(SandboxError):
    """A suspended run is not what was sealed, is of another version, or was resumed before."""

    code = "suspension_invalid"
    exit_code = 3


class InterruptedQuestionError(ActwrightError):
    """The person broke a question off with Ctrl-C: nothing had begun."""

    code = "interrupted"
    exit_code = 130


def exit_code_of(code: str | None) -> int:
    """Return the exit code of the class with that ``code``; 0 for none, 1 for a code no class has."""
    if code is None:
        return 0
    return _EXIT_CODES.get(code, 1)


def _tree(kind: type[ActwrightError]) -> list[type[ActwrightError]]:
    return [kind, *(each for child in kind.__subclasses__() for each in _tree(child))]


_EXIT_CODES = {kind.code: kind.exit_code for kind in _tree(ActwrightError)}
