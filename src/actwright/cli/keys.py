"""Keys on the command line: read from a file, the environment or a hidden prompt, and never from the arguments."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.errors import (
    ConfirmationForeignError,
    ConfirmationMissingError,
    InputError,
    InterruptedQuestionError,
)

if TYPE_CHECKING:
    from actwright.checkpoints.preview import Preview

ENVIRONMENT = "ACTWRIGHT_APPROVER_KEY"
PLANS_ONLY = "ACTWRIGHT_PLAN_KEY"
"""Set where a program plans: nothing that runs there says yes without an approver's key."""

_LONGEST_KEY = 1_000

KeyFileOption = Annotated[
    Path | None,
    typer.Option(
        "--key-file",
        metavar="FILE",
        help=f"Where your approver's key stands; '-' reads stdin. Else {ENVIRONMENT}, else you are asked.",
    ),
]


def approver_key(path: Path | None, *, what: str) -> str:
    """Return the key of whoever signs; never from the command line, where others could see it.

    Args:
        path: The file it stands in, as far as one was named.
        what: What needs it, in words.

    Raises:
        InputError: There is none, or its file cannot be read.
        InterruptedQuestionError: The person broke the question off.
    """
    found = _found(path)
    if not found:
        raise InputError(
            f"{what} needs an approver's key.",
            where="--key-file",
            hint=f"Say --key-file FILE, or set {ENVIRONMENT}.",
        )
    return found


def key_for(preview: Preview, path: Path | None) -> str | None:
    """Return the key a preview is confirmed with: from the file that was named, or where its policy asks for one.

    Raises:
        ConfirmationMissingError: One is asked for, and there is none.
        InputError: Its file cannot be read.
        InterruptedQuestionError: The person broke the question for it off.
    """
    if path is None and preview.approval.plain:
        return None
    found = _found(path)
    if not found:
        raise ConfirmationMissingError(
            f"Confirming {preview.id} needs an approver's key.",
            where="--key-file",
            hint=f"Say --key-file FILE, or set {ENVIRONMENT}; who may: actwright approvers list",
            code="confirmation_key_needed",
        )
    return found


def is_at_hand(preview: Preview, path: Path | None) -> bool:
    """Tell whether a preview can be confirmed with a key without anybody being asked for one."""
    return path is not None or (not preview.approval.plain and ENVIRONMENT in os.environ)


def check_may_say_yes(
    what: str = "say yes",
    *,
    hint: str = "Let an approver confirm with a key of their own (--key-file), or use a grant.",
) -> None:
    """Refuse to say yes without an approver's key where only a plan key is at hand.

    Args:
        what: What is refused, in words.
        hint: What to do instead.

    Raises:
        ConfirmationForeignError: This process plans.
    """
    if os.environ.get(PLANS_ONLY, "").strip():
        raise ConfirmationForeignError(
            f"{PLANS_ONLY} is set: whoever plans here cannot {what}.",
            hint=hint,
            code="plan_key",
        )


def _found(path: Path | None) -> str:
    """Return the key in a file, in the environment, or as it is typed; empty where there is none."""
    if path is not None:
        return _read(path).strip()
    if ENVIRONMENT not in os.environ and sys.stdin.isatty():
        return _asked().strip()
    return os.environ.get(ENVIRONMENT, "").strip()


def _asked() -> str:
    """Ask for a key without showing what is typed.

    Raises:
        InterruptedQuestionError: The person broke it off.
    """
    try:
        return getpass.getpass("Approver key: ")
    except KeyboardInterrupt:
        raise InterruptedQuestionError(
            "Interrupted at the question for the key: nothing was done."
        ) from None
    except EOFError:
        return ""


def _read(path: Path) -> str:
    if str(path) == "-":
        return sys.stdin.readline(_LONGEST_KEY)
    try:
        with path.open(encoding="utf-8") as file:
            return file.readline(_LONGEST_KEY)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise InputError(f"The key file cannot be read: {reason}.", where=str(path)) from error
