"""Presenting a key: who answers by it, and whether they may answer this."""

from __future__ import annotations

from actwright.checkpoints.credentials.approvers import Approver, Approvers
from actwright.checkpoints.preview import Preview
from actwright.errors import ConfirmationForeignError, ConfirmationMissingError
from actwright.guardrails.policy.approval import ApprovalNeed


def presented(approvers: Approvers, key: str) -> Approver:
    """Return the approver whose key this is.

    Raises:
        ConfirmationForeignError: It is a plan key, which says yes to nothing; or wrong, unknown or revoked, which are
            told alike.
    """
    holder = approvers.holder_of(key)
    if holder is not None:
        return holder
    planner = approvers.holder_of(key, kind="plan")
    if planner is not None:
        raise ConfirmationForeignError(
            f"That is the plan key of {planner.name}: whoever plans with it cannot say yes with it.",
            hint="Let an approver confirm, with a key of their own.",
            code="plan_key",
        )
    raise ConfirmationForeignError(
        "The key is wrong, unknown, or was revoked.",
        hint="actwright approvers list",
        code="key_refused",
    )


def vouching(approvers: Approvers, key: str | None) -> Approver | None:
    """Return the approver who vouches for a change of who may say yes; None where nobody's key counts so far.

    The first approver is registered by whoever sets the store up. From then on it takes a key that counts, so that nobody
    becomes an approver, or gets rid of one, by merely being able to run a command.

    Args:
        approvers: Who is registered.
        key: The key that is shown.

    Raises:
        ConfirmationMissingError: A key is needed, and there is none.
        ConfirmationForeignError: The key says yes to nothing.
    """
    if not approvers.active():
        return None
    if key is None:
        raise ConfirmationMissingError(
            "Who may say yes is changed with the key of somebody who may.",
            hint="Say --key-file FILE with an approver's key; who has one: actwright approvers list",
            code="approver_key_needed",
        )
    return presented(approvers, key)


def check_may_answer(preview: Preview, signer: Approver | None) -> None:
    """Make sure that somebody may say yes to a preview, as its policy asks.

    Names and roles count by their keys only: anybody can type a name.

    Raises:
        ConfirmationMissingError: A key is asked for, and there is none.
        ConfirmationForeignError: The policy names others.
    """
    check_meets(
        preview.approval, signer, what=preview.id, command=f"actwright confirm {preview.id}"
    )


def check_meets(need: ApprovalNeed, signer: Approver | None, *, what: str, command: str) -> None:
    """Make sure that somebody may say yes to something, as a policy asks.

    Args:
        need: What the policy asks.
        signer: Whose key was presented; None where there was none.
        what: The id of what it is about.
        command: The command that says yes to it.

    Raises:
        ConfirmationMissingError: A key is asked for, and there is none.
        ConfirmationForeignError: The policy names others.
    """
    if need.plain:
        return
    if signer is None:
        raise ConfirmationMissingError(
            f"{what} needs {spoken(need)}{_by_rule(need)}.",
            hint=f"{command} --key-file FILE; who may: actwright approvers list",
            code="confirmation_key_needed",
        )
    if not signer.is_among(need.who):
        raise ConfirmationForeignError(
            f"{signer.name} may not say yes to {what}; it needs {spoken(need)}{_by_rule(need)}.",
            hint="actwright approvers list",
            code="approver_not_named",
        )


def spoken(need: ApprovalNeed) -> str:
    """Return in words who has to say yes."""
    people = "one approver's key" if need.people == 1 else f"the keys of {need.people} people"
    return f"{people}, of {', '.join(need.who)}" if need.who else people


def _by_rule(need: ApprovalNeed) -> str:
    return f" ({need.rules[0]})" if need.rules else ""
