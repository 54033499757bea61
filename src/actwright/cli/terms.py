"""The terms of a run on the command line: what it may take, how long, and what a failure does."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

import typer

from actwright.canonical import decimal_text
from actwright.cli.options import RUN
from actwright.errors import InputError

if TYPE_CHECKING:
    from actwright.checkpoints.preview import Preview
    from actwright.runs.record.state import RunLimits


_TEN_YEARS = 315_360_000
"""In seconds: the longest a term can be."""


class FailurePolicy(StrEnum):
    """What a step that fails does to its run."""

    END = "end"
    PAUSE = "pause"


OnFailureOption = Annotated[
    FailurePolicy,
    typer.Option(
        "--on-failure",
        help="Whether a step that fails ends the run, or holds it until somebody says how it goes on.",
        rich_help_panel=RUN,
    ),
]
ParallelOption = Annotated[
    int,
    typer.Option(
        "--parallel",
        metavar="N",
        min=1,
        max=50,
        help="How many steps that do not depend on each other may be out at once.",
        rich_help_panel=RUN,
    ),
]
DeadlineOption = Annotated[
    float | None,
    typer.Option(
        "--deadline",
        metavar="SECONDS",
        min=1,
        help="How long the run may take in all, waiting for people included.",
        rich_help_panel=RUN,
    ),
]
AnswerWithinOption = Annotated[
    float | None,
    typer.Option(
        "--answer-within",
        metavar="SECONDS",
        min=1,
        help="How long the run waits each time for a yes, or for somebody to say how it goes on, until it ends.",
        rich_help_panel=RUN,
    ),
]
MaxCallsOption = Annotated[
    int | None,
    typer.Option(
        "--max-calls",
        metavar="N",
        min=1,
        help="The most API calls the run may make.",
        rich_help_panel=RUN,
    ),
]
MaxEffectsOption = Annotated[
    int | None,
    typer.Option(
        "--max-effects",
        metavar="N",
        min=1,
        help="The most effects the run may send, each try counted.",
        rich_help_panel=RUN,
    ),
]
MaxSecondsOption = Annotated[
    float | None,
    typer.Option(
        "--max-seconds",
        metavar="SECONDS",
        min=0.1,
        help="How long the run may take, waiting for people left out.",
        rich_help_panel=RUN,
    ),
]
MaxCostOption = Annotated[
    str | None,
    typer.Option(
        "--max-cost",
        metavar="AMOUNT",
        help="The most the run may cost, as prices are declared.",
        rich_help_panel=RUN,
    ),
]


class Terms(TypedDict):
    """How a run is to be carried out."""

    limits: RunLimits | None
    on_failure: Literal["end", "pause"]
    parallel: int
    deadline: timedelta | None
    answer_within: timedelta | None


def terms_of(
    on_failure: FailurePolicy,
    parallel: int,
    deadline: float | None,
    limits: RunLimits | None,
    answer_within: float | None = None,
) -> Terms:
    """Return the terms that the options name.

    Raises:
        InputError: A length of time is longer than any run.
    """
    return {
        "limits": limits,
        "on_failure": "pause" if on_failure is FailurePolicy.PAUSE else "end",
        "parallel": parallel,
        "deadline": _length(deadline, "--deadline"),
        "answer_within": _length(answer_within, "--answer-within"),
    }


def limits_of(
    calls: int | None, effects: int | None, seconds: float | None, cost: str | None
) -> RunLimits | None:
    """Return the limits that the options name; None where they name none.

    Raises:
        InputError: The cost is no amount.
    """
    from actwright.runs.record.state import RunLimits  # noqa: PLC0415 - slow to import

    named = RunLimits(calls=calls, rows=effects, seconds=seconds, cost=_amount(cost))
    return None if named == RunLimits() else named


def check_affordable(preview: Preview, limits: RunLimits | None) -> None:
    """Refuse a limit that the declared price of a preview is beyond: the run would stop midway.

    Raises:
        InputError: It is.
    """
    price, most = preview.cost.price, limits.cost if limits else None
    if not preview.blocked and price is not None and most is not None and price > most:
        raise InputError(
            f"{preview.id} is declared to cost {decimal_text(price)}, and --max-cost allows {decimal_text(most)}: "
            "it would stop midway. Nothing was done.",
            where="--max-cost",
            hint=f"Say --max-cost {decimal_text(price)} or more, or preview less.",
            code="cost_beyond_limit",
        )


def check_begun(run_id: str, terms: Terms) -> None:
    """Refuse terms for a run that has begun.

    Raises:
        InputError: There are some.
    """
    if terms != terms_of(FailurePolicy.END, 1, None, None):
        raise InputError(
            f"{run_id} has begun, on terms of its own.",
            where=run_id,
            hint="Leave out --on-failure, --parallel, --deadline, --answer-within and the --max options.",
        )


def _length(seconds: float | None, option: str) -> timedelta | None:
    if seconds is None:
        return None
    if seconds <= _TEN_YEARS:
        return timedelta(seconds=seconds)
    raise InputError(
        f"{seconds:g} seconds are more than ten years.", where=option, hint="Leave it out."
    )


def _amount(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if amount.is_finite() and amount >= 0:
        return amount
    raise InputError(
        f"{text!r} is no amount.", where="--max-cost", hint="Give a number, such as 12.50."
    )
