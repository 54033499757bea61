"""Effects that are written down on the command line, and what a policy says of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.moments import zoned
from actwright.errors import InputError

if TYPE_CHECKING:
    from actwright.guardrails.policy.decision import PolicyVerdict
    from actwright.guardrails.policy.policy import Policy

EffectOption = Annotated[
    str | None,
    typer.Option(
        "--effect",
        metavar="JSON",
        help='An effect written down: {"object": "Task", "operation": "CREATE", "changes": []}.',
    ),
]
MomentOption = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="MOMENT",
        help="When the effect takes place, with a zone; a Monday at noon UTC where left out.",
    ),
]


def noon() -> str:
    """Return when a case takes place that does not say."""
    from actwright.guardrails.policy.case import NOON  # noqa: PLC0415 - slow to import

    return f"{NOON:%A %Y-%m-%d %H:%M} UTC"


def moment_of(text: str | None) -> datetime | None:
    """Return the moment a text names, or None where nothing is said.

    Args:
        text: The moment, with its zone.

    Raises:
        InputError: It names none, or none with a zone.
    """
    if text is None:
        return None
    named = zoned(text)
    if named is None:
        raise InputError(
            f"{text[:40]!r} is no moment with a zone.",
            where="--at",
            hint="As in 2026-12-31T18:00:00Z.",
        )
    return named


def judged(policy: Policy, text: str, at: datetime | None) -> PolicyVerdict:
    """Return what a policy says of an effect that somebody wrote down.

    Args:
        policy: The policy.
        text: The effect, as JSON.
        at: When it takes place; a Monday noon where left out.

    Raises:
        InputError: It is no effect.
    """
    from actwright.document import parse_json, validated  # noqa: PLC0415 - slow to import
    from actwright.guardrails.policy.case import (  # noqa: PLC0415 - same reason
        CaseEffect,
        Expected,
        PolicyCase,
    )
    from actwright.guardrails.policy.trying import ask_of  # noqa: PLC0415 - same reason

    effect = validated(CaseEffect, parse_json(text, where="--effect"), where="--effect")
    case = PolicyCase(name="effect", at=at, effects=(effect,), expect=Expected(verdict="allow"))
    return policy.judge(ask_of(case))
