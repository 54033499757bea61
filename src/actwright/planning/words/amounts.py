"""Numbers as people write them: ``99000``, ``$99,000.50``, ``45k``, ``USD 3 million``, ``10%``, ``two hundred thousand``.

What could be two numbers is none, and so becomes a question: ``1,5`` and ``12.500`` mean one thing in New York and
another in Berlin.
"""

from __future__ import annotations

import re
from decimal import Decimal

_CODES = "usd|eur|gbp|chf|jpy|cad|aud|inr|dollars?|euros?|pounds?"
CURRENCY_WORDS = frozenset(_CODES.replace("s?", "").split("|")) | {"dollars", "euros", "pounds"}
"""What names a currency, case-folded."""

_NUMBER = re.compile(
    rf"(?P<minus>[-\u2212])?(?:[$€£¥]|(?:{_CODES})(?=[\s\d$€£¥]))?\s?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+|\d{1,18})(?P<decimals>\.\d{1,8})?"
    r"\s?(?P<scale>%|k|m|mn|b|bn|million|thousand|billion|hundred)?"
    rf"(?:\s?(?:{_CODES}|percent|pct|[$€£¥]))?",
    re.IGNORECASE | re.ASCII,
)
_GROUPED_OR_DECIMAL = re.compile(r"[1-9]\d{0,2}\.\d{3}", re.ASCII)
"""A point before exactly three digits: it groups thousands in half the world."""

_SCALES = {
    "hundred": 100,
    "k": 1_000,
    "thousand": 1_000,
    "m": 1_000_000,
    "mn": 1_000_000,
    "million": 1_000_000,
    "b": 1_000_000_000,
    "bn": 1_000_000_000,
    "billion": 1_000_000_000,
}
UNITS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
"""The small numbers that are one word."""
_TENS = {
    word: value * 10
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
_ENDINGS = frozenset({"percent", "pct"}) | CURRENCY_WORDS
_HUNDRED = 100


def number(text: str) -> Decimal | None:
    """Return the number that ``text`` as a whole says, or None where it says none or could say two.

    ``1,500`` is grouped by thousands; ``1,5`` and ``12.500`` are nothing, since a comma or a point could be either sign.
    """
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return _spelled(text)
    digits = match["digits"] + (match["decimals"] or "")
    if match["scale"] in {None, "%"} and _GROUPED_OR_DECIMAL.fullmatch(digits):
        return None
    value = Decimal(digits.replace(",", ""))
    scaled = value * _SCALES.get((match["scale"] or "").lower(), 1)
    return -scaled if match["minus"] else scaled


def _spelled(text: str) -> Decimal | None:
    """Read ``two hundred thousand`` and ``twenty-five percent``: each scale smaller than the one before it."""
    words = text.casefold().replace("-", " ").split()
    if words and words[-1] in _ENDINGS:
        words = words[:-1]
    total, part, least, bare = 0, 0, 10**12, True
    for each in words:
        small = UNITS.get(each, _TENS.get(each))
        scale = _SCALES.get(each, 0) if len(each) > 2 else 0  # noqa: PLR2004 - k, m, bn follow digits
        if small is not None and _fits_behind(part, small, bare=bare):
            part, bare = part + small, False
        elif scale == _HUNDRED and 0 < part < 10:  # noqa: PLR2004 - one digit before hundred
            part *= _HUNDRED
        elif scale > _HUNDRED and part > 0 and scale < least:
            total, part, least, bare = total + part * scale, 0, scale, True
        else:
            return None
    return Decimal(total + part) if words else None


def _fits_behind(part: int, small: int, *, bare: bool) -> bool:
    """Tell whether ``small`` may follow what was said: ``twenty five`` and ``two hundred five``, never ``five two``."""
    if bare or (part and part % _HUNDRED == 0):
        return True
    return part % _HUNDRED >= 20 and part % 10 == 0 and 0 < small < 10  # noqa: PLR2004 - tens, then a digit


def plain(value: Decimal) -> int | float | str:
    """Return a number as JSON carries it exactly, else as text."""
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    as_float = float(value)
    return as_float if Decimal(repr(as_float)) == value else format(value, "f")


def has_currency_sign(text: str) -> bool:
    """Tell whether the number was written with a currency, which the org's own currency replaces."""
    return bool(re.search(rf"[$€£¥]|(?<![a-z])(?:{_CODES})(?![a-z])", text, re.IGNORECASE))


def is_percentage(text: str) -> bool:
    """Tell whether the number was written as a share of something, which only a percentage can hold."""
    return bool(re.search(r"%|\b(?:percent|pct)\b", text, re.IGNORECASE))
