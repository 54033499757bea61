"""A word of warning where an effect changes people or permissions rather than data."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.guardrails.context import EffectContext
from actwright.guardrails.finding import found, object_title
from actwright.guardrails.issue import Issue
from actwright.org.setup_objects import is_setup_object


def setup_issues(context: EffectContext) -> Iterator[Issue]:
    """Yield a warning where the effect changes who may do what, rather than data."""
    if is_setup_object(context.effect.object):
        yield found(
            context,
            "setup_object",
            f"{object_title(context)} is a setup object: this changes people or permissions, not data.",
            hint="Make sure that this is what was meant; an administrator should know of it.",
            severity="warning",
        )
