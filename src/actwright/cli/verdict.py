"""Verdicts: what a blocked preview means for the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actwright.errors import ActwrightError, InputError, RefusedError

if TYPE_CHECKING:
    from actwright.checkpoints.preview import Preview

_REVIEW = frozenset({"generated_unreviewed", "generated_revoked"})
"""Issues of code that nobody has approved: a person said no to it, or has not said yes; nothing is wrong with a value."""


def kind_of_block(preview: Preview) -> type[ActwrightError]:
    """Return what kind of error a blocked preview is: refused by a guardrail or for want of a review, or made of values that do not fit."""
    guarded = any(each.guardrail or each.code in _REVIEW for each in preview.blocked)
    return RefusedError if guarded or not preview.blocked else InputError


def blocked_error(preview: Preview) -> ActwrightError:
    """Return a blocked preview as an error that names every issue."""
    first = preview.blocked[0]
    return kind_of_block(preview)(
        f"{preview.id} is blocked: {' '.join(each.message for each in preview.blocked)}",
        where=".".join(part for part in (first.object, first.field) if part) or None,
        hint=_hint(preview),
        code=first.code,
    )


def _hint(preview: Preview) -> str | None:
    """Return what to do about the first issue; where the policy denies something, also how to ask it why."""
    hint = preview.blocked[0].hint
    if not any(each.guardrail == "POLICY" for each in preview.blocked):
        return hint
    return f"{hint or ''} Which rule decided what: actwright policy explain {preview.id}".strip()
