"""Every error Actwright raises, drawn as one tree; each family has a file of its own, and is imported from here.

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
    │   │   └── ExportDamagedError     exit 2   a file is no exported journal, or not as it was exported
    │   ├── DocumentLostError                   a document kept in the blob store is gone, or was changed
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

from actwright.errors.base import ActwrightError
from actwright.errors.checkpoint import (
    ConfirmationError,
    ConfirmationExpiredError,
    ConfirmationForeignError,
    ConfirmationMissingError,
    ConfirmationRefusedError,
    ConfirmationUsedError,
    DocumentEditedError,
    DriftError,
    GrantError,
    GrantExceededError,
    InterruptedQuestionError,
    PolicyChangedError,
    RefusedError,
)
from actwright.errors.input import (
    BlueprintError,
    ConditionError,
    ConfigError,
    DocumentError,
    DomainError,
    ImplementationError,
    InputError,
    NoPlanError,
    NotFoundError,
    OpenQuestionsError,
    PayloadError,
    PlanError,
    PlanningError,
    PolicyError,
    PromptError,
    RecordIdError,
    ValueInvalidError,
)
from actwright.errors.model import (
    ModelAuthenticationError,
    ModelBudgetError,
    ModelBusyError,
    ModelError,
    ModelRefusedError,
    ModelReplyError,
    ModelTimeoutError,
    ModelUnreachableError,
)
from actwright.errors.org import (
    OrgAuthenticationError,
    OrgBusyError,
    OrgError,
    OrgProtocolError,
    OrgRefusedError,
    OrgTimeoutError,
    OrgUnreachableError,
)
from actwright.errors.run import (
    InterventionError,
    InterventionMalformedError,
    RunBusyError,
    RunError,
)
from actwright.errors.sandbox import (
    SandboxCrashedError,
    SandboxDeniedError,
    SandboxError,
    SandboxFailedError,
    SandboxLimitError,
    SandboxRejectedError,
    SandboxUnavailableError,
    SandboxValueError,
    SuspensionError,
)
from actwright.errors.store import (
    DocumentLostError,
    ExportDamagedError,
    JournalConflictError,
    JournalDamagedError,
    JournalUnknownError,
    SealError,
    StoreError,
)

__all__ = [
    "ActwrightError",
    "BlueprintError",
    "ConditionError",
    "ConfigError",
    "ConfirmationError",
    "ConfirmationExpiredError",
    "ConfirmationForeignError",
    "ConfirmationMissingError",
    "ConfirmationRefusedError",
    "ConfirmationUsedError",
    "DocumentEditedError",
    "DocumentError",
    "DocumentLostError",
    "DomainError",
    "DriftError",
    "ExportDamagedError",
    "GrantError",
    "GrantExceededError",
    "ImplementationError",
    "InputError",
    "InterruptedQuestionError",
    "InterventionError",
    "InterventionMalformedError",
    "JournalConflictError",
    "JournalDamagedError",
    "JournalUnknownError",
    "ModelAuthenticationError",
    "ModelBudgetError",
    "ModelBusyError",
    "ModelError",
    "ModelRefusedError",
    "ModelReplyError",
    "ModelTimeoutError",
    "ModelUnreachableError",
    "NoPlanError",
    "NotFoundError",
    "OpenQuestionsError",
    "OrgAuthenticationError",
    "OrgBusyError",
    "OrgError",
    "OrgProtocolError",
    "OrgRefusedError",
    "OrgTimeoutError",
    "OrgUnreachableError",
    "PayloadError",
    "PlanError",
    "PlanningError",
    "PolicyChangedError",
    "PolicyError",
    "PromptError",
    "RecordIdError",
    "RefusedError",
    "RunBusyError",
    "RunError",
    "SandboxCrashedError",
    "SandboxDeniedError",
    "SandboxError",
    "SandboxFailedError",
    "SandboxLimitError",
    "SandboxRejectedError",
    "SandboxUnavailableError",
    "SandboxValueError",
    "SealError",
    "StoreError",
    "SuspensionError",
    "ValueInvalidError",
    "exit_code_of",
]


def exit_code_of(code: str | None) -> int:
    """Return the exit code of the class with that ``code``; 0 for none, 1 for a code no class has."""
    if code is None:
        return 0
    return _EXIT_CODES.get(code, 1)


def _tree(kind: type[ActwrightError]) -> list[type[ActwrightError]]:
    return [kind, *(each for child in kind.__subclasses__() for each in _tree(child))]


_EXIT_CODES = {kind.code: kind.exit_code for kind in _tree(ActwrightError)}
