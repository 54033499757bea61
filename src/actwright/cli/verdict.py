"""Verdicts: what a blocked preview means for the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actwright.errors import ActwrightError, InputError, RefusedError

if TYPE_CHECKING:
    from actwright.checkpoints.preview import Preview


def kind_of_block(preview: Preview) -> type[ActwrightError]:
    """Return what kind of error a blocked preview is: refused by a guardrail, or made of values that do not fit."""
    guarded = any(each.guardrail for each in preview.blocked)
    return RefusedError if guarded or not preview.blocked else InputError


def blocked_error(preview: Preview) -> ActwrightError:
    """Return a blocked preview as an error that names every issue."""
    first = preview.blocked[0]
    return kind_of_block(preview)(
        f"{preview.id} is blocked: {' '.join(each.message for each in preview.blocked)}",
        where=".".join(part for part in (first.object, first.field) if part) or None,
        hint=first.hint,
        code=first.code,
    )
