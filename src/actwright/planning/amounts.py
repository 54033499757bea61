"""Numbers as people write them: ``99000``, ``$99,000.50``, ``45k``, ``1.5m``, ``10%``, ``-500``."""

from __future__ import annotations

import re
from decimal import Decimal

_NUMBER = re.compile(
    r"(?P<minus>[-\u2212])?[$€£]?\s?(?P<digits>\d{1,3}(?:,\d{3})+|\d{1,18})(?P<decimals>\.\d{1,8})?\s?(?P<scale>%|k|m|bn|million|thousand|billion)?"
    r"(?:\s?(?:dollars|euros|pounds|usd|eur|gbp|percent))?",
    re.IGNORECASE | re.ASCII,
)
_SCALES = {
    "k": 1_000,
    "thousand": 1_000,
    "m": 1_000_000,
    "million": 1_000_000,
    "bn": 1_000_000_000,
    "billion": 1_000_000_000,
}


def number(text: str) -> Decimal | None:
    """Return the number that ``text`` as a whole says, or None where it says none or could say two.

    ``1,500`` is grouped by thousands; ``1,5`` is nothing, since a comma could be a decimal sign.
    """
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    value = Decimal(match["digits"].replace(",", "") + (match["decimals"] or ""))
    scaled = value * _SCALES.get((match["scale"] or "").lower(), 1)
    return -scaled if match["minus"] else scaled


def plain(value: Decimal) -> int | float | str:
    """Return a number as JSON carries it exactly, else as text."""
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    as_float = float(value)
    return as_float if Decimal(repr(as_float)) == value else format(value, "f")


def has_currency_sign(text: str) -> bool:
    """Tell whether the number was written with a currency, which the org's own currency replaces."""
    return bool(re.search(r"[$€£]|\b(?:dollars|euros|pounds|usd|eur|gbp)\b", text, re.IGNORECASE))


def is_percentage(text: str) -> bool:
    """Tell whether the number was written as a share of something, which only a percentage can hold."""
    return bool(re.search(r"%|\bpercent\b", text, re.IGNORECASE))
