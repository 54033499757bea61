"""The ceilings of a grant as options."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from actwright.cli.moments import zoned
from actwright.errors import InputError

_SPAN = re.compile(r"(\d{1,5})\s*([mhdw])", re.ASCII)
_PATH = re.compile(r"[A-Za-z]\w*\.[A-Za-z]\w*", re.ASCII)
_OPERATIONS = ("CREATE", "UPDATE", "UPSERT", "DELETE", "CALL")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

WritesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--write",
        metavar="'OPERATION OBJECT: FIELD, FIELD'",
        help="What it lets happen, as in 'UPDATE Opportunity: StageName, CloseDate'; repeatable.",
    ),
]
RowsOption = Annotated[
    int | None,
    typer.Option("--rows", metavar="N", min=1, max=50_000, help="The most effects of one run."),
]
AmountsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--amount",
        metavar="OBJECT.FIELD=MOST",
        help="The most one run may write to a field, all values together; repeatable.",
    ),
]
AllAmountsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--amount-in-all",
        metavar="OBJECT.FIELD=MOST",
        help="The same over all runs; repeatable.",
    ),
]
UsesOption = Annotated[
    int | None,
    typer.Option("--uses", metavar="N", min=1, max=1_000_000, help="How many runs it may begin."),
]
PerDayOption = Annotated[
    int | None,
    typer.Option("--per-day", metavar="N", min=1, help="How many of them within 24 hours."),
]
ExpiresOption = Annotated[
    str | None,
    typer.Option(
        "--expires", metavar="SPAN|MOMENT", help="How long it stands: 12h, 30d, or a moment."
    ),
]
RefuseOption = Annotated[
    list[str] | None,
    typer.Option(
        "--refuse",
        metavar="PROVENANCE",
        help="Where values may not come from, besides a model and extracts: record, output, ...; repeatable.",
    ),
]
OwnReasonOption = Annotated[str, typer.Option("--why", metavar="TEXT", help="Your reason.")]


def said_ceilings(
    *,
    writes: Sequence[str] | None = None,
    rows: int | None = None,
    amounts: Sequence[str] | None = None,
    in_all: Sequence[str] | None = None,
    uses: int | None = None,
    per_day: int | None = None,
    expires: str | None = None,
    refuse: Sequence[str] | None = None,
) -> dict[str, object]:
    """Return the ceilings that options name, and no others.

    Raises:
        InputError: One cannot be read.
    """
    said: dict[str, object | None] = {
        "writes": tuple(map(_write, writes)) if writes else None,
        "rows": rows,
        "amounts": _amounts(amounts, "--amount") if amounts else None,
        "amounts_in_all": _amounts(in_all, "--amount-in-all") if in_all else None,
        "uses": uses,
        "uses_per_day": per_day,
        "expires_at": moment(expires) if expires else None,
        "refused_provenance": tuple({"extract", "model", *refuse}) if refuse else None,
    }
    return {name: value for name, value in said.items() if value is not None}


def moment(text: str) -> str:
    """Return when a span from now is over, or the moment a text names.

    Raises:
        InputError: It is neither.
    """
    span = _SPAN.fullmatch(text.strip())
    if span:
        return (datetime.now(UTC) + _span(span)).isoformat(timespec="seconds")
    named = zoned(text)
    if named is None:
        raise InputError(
            f"{text[:40]!r} is no span and no moment with a zone.",
            where="--expires",
            hint="As in 12h, 30d, or 2026-12-31T18:00:00Z.",
        )
    return named.astimezone(UTC).isoformat(timespec="seconds")


def amount(text: str) -> Decimal:
    """Return the amount a text names.

    Raises:
        InputError: It names none.
    """
    try:
        return Decimal(text)
    except InvalidOperation:
        raise InputError(f"{text[:40]!r} is no amount.", where="--amount") from None


def _span(found: re.Match[str]) -> timedelta:
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _write(text: str) -> Mapping[str, object]:
    head, _, fields = text.partition(":")
    words = head.split()
    if len(words) != 2 or words[0].upper() not in _OPERATIONS:  # noqa: PLR2004 - it and an object
        raise InputError(
            f"{text[:80]!r} names no operation on an object.",
            where="--write",
            hint=f"As in --write 'UPDATE Opportunity: StageName, CloseDate'; there are {', '.join(_OPERATIONS)}.",
        )
    named = tuple(each.strip() for each in fields.split(",") if each.strip())
    return {"operation": words[0].upper(), "object": words[1], "fields": named}


def _amounts(items: Sequence[str], option: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in items:
        path, equals, most = item.partition("=")
        named = _PATH.fullmatch(path.strip())
        if not equals or not most.strip() or not named or path.strip() in found:
            raise InputError(
                f"{item[:80]!r} names no field and its most, or names one twice.",
                where=option,
                hint=f"As in {option} Opportunity.Amount=5000.",
            )
        found[path.strip()] = most.strip().replace(",", "").replace("_", "")
        amount(found[path.strip()])
    return found
