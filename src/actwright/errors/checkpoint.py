"""What stops a preview at the checkpoint: no yes to exactly it, an org that moved on, a rule, a question broken off."""

from __future__ import annotations

from actwright.errors.base import ActwrightError


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


class InterruptedQuestionError(ActwrightError):
    """The person broke a question off with Ctrl-C: nothing had begun."""

    code = "interrupted"
    exit_code = 130
