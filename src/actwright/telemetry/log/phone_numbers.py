"""What is written like a phone number, in whatever country's form: taken out of a text in linear time.

Digits in groups, seven of them or more, count as a phone number unless they are a date, an amount, a decimal, years from
and to, or padded numbers such as those of cases. Where nobody can tell, they go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import re2

from actwright.guardrails.legible import legible

Span = tuple[int, int]
"""From the first character to the one behind the last."""

_BLANK = r"(?: |&nbsp;|&#160;|%20|\\+u00[aA]0|\\+u202[fF]|\\+u2009)"
_STROKE = r"(?:[\-./]|\\+/|%2[fF]|\\+u201[0-5])"
_GAP = rf"(?:\)?{_BLANK}?{_STROKE}{_BLANK}?\(?|\)?{_BLANK}{{1,3}}\(?|\)\(?|\()"
_RUN = re2.compile(
    r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|\\+u[0-9a-fA-F]{4}|"
    rf"((?:(?:\+|%2[bB]){_BLANK}?)?\(?[0-9]+(?:{_GAP}[0-9]+)*)"
)
"""Digits in groups; ids and escapes of other characters are read over."""
_PIECE = re.compile(r"(&#160;|&nbsp;|%2[0fFbB]|\\+u[0-9a-fA-F]{4}|\\+/)|([0-9]+)")
_STROKES = ("/", "f", "F")
_LEAST, _ALONE = 7, 9
_PADDED = re.compile(r"000[0-9]{4,}")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_DAY_OR_MONTH = re.compile(r"0?[1-9]|[12][0-9]|3[01]")
_BEFORE = re.compile(r"[A-Za-z0-9_]*[0-9_][A-Za-z0-9_]*$|[A-Za-z0-9]+_$")
"""The beginning of an id that digits are the end of."""
_BEHIND = re.compile(r"(?!x|ext)[A-Za-z_]", re.IGNORECASE)
"""What goes on with an id that digits are the beginning of; an extension is none."""
_NEAR = 40


@dataclass(frozen=True, slots=True)
class _Group:
    """Some digits, what stands between them and the ones before, and where they stand."""

    digits: str
    before: str
    start: int
    end: int


def without_phone_numbers(text: str, mark: str) -> tuple[str, int]:
    """Return a text with ``mark`` instead of each phone number, and how many there were.

    Args:
        text: The text. Hostile input.
        mark: What stands for one.
    """
    plain, kept, at, count = legible(text), list[str](), 0, 0
    for each in _spans(plain.text):
        start, end = plain.span(*each)
        kept += (text[at:start], mark)
        at, count = end, count + 1
    return "".join((*kept, text[at:])), count


def _spans(text: str) -> Iterator[Span]:
    for found in _RUN.finditer(text):
        run, (start, end) = found.group(1), found.span(1)
        if run is None or sum(map(str.isdigit, run)) < _LEAST:
            continue
        if run.startswith(("+", "%2b", "%2B")):
            yield start, end
            continue
        for part in _parts(_own(_groups(run, start), text)):
            if _may_be_number([each.digits for each in part], [each.before for each in part[1:]]):
                opens = part[0].before.endswith("(")
                yield part[0].start - opens, part[-1].end


def _groups(run: str, start: int) -> list[_Group]:
    """Return the groups of digits; a gap that is written as an escape is read as what it stands for."""
    found, gap, at = list[_Group](), "", 0
    for each in _PIECE.finditer(run):
        gap += run[at : each.start()]
        at = each.end()
        if each[1]:
            gap += "/" if each[1].endswith(_STROKES) else " "
        else:
            found.append(_Group(each[2], gap, start + each.start(), start + each.end()))
            gap = ""
    return found


def _own(groups: list[_Group], text: str) -> list[_Group]:
    """Return the groups without those that are a piece of an id."""
    first, last = groups[0].start, groups[-1].end
    begun = _BEFORE.search(text[max(first - _NEAR, 0) : first])
    goes_on = _BEHIND.match(text, last)
    return groups[1 if begun else 0 : -1 if goes_on else None]


def _parts(groups: Sequence[_Group]) -> Iterator[list[_Group]]:
    """Yield what is left between dates, versions and padded numbers."""
    part, place = list[_Group](), 0
    while place < len(groups):
        taken = _taken(groups[place : place + 4])
        if taken:
            yield part
            part = []
        else:
            part.append(groups[place])
        place += taken or 1
    yield part


def _taken(groups: Sequence[_Group]) -> int:
    """Return how many of the next four groups are a date, a version or a padded number; 0 where they are none."""
    if _is_date(groups) or _is_version(groups[:3]):
        return 3
    return 1 if _PADDED.fullmatch(groups[0].digits) else 0


def _is_version(groups: Sequence[_Group]) -> bool:
    """Tell whether it is three digits with points between them."""
    gaps = [each.before for each in groups[1:]]
    return gaps == [".", "."] and all(len(each.digits) == 1 for each in groups)


def _is_date(groups: Sequence[_Group]) -> bool:
    """Tell whether the first three groups are a date that ends there."""
    if len(groups) < 3:  # noqa: PLR2004 - a year, a month, a day
        return False
    first, second, third, *rest = groups
    gap = second.before
    joined = gap in {"-", ".", "/"} and third.before == gap and first.before.strip() != gap
    ends = not rest or rest[0].before != gap
    year, day = (first, third) if _YEAR.fullmatch(first.digits) else (third, first)
    named = _YEAR.fullmatch(year.digits) and _DAY_OR_MONTH.fullmatch(day.digits)
    return bool(joined and ends and named and _DAY_OR_MONTH.fullmatch(second.digits))


def _may_be_number(digits: Sequence[str], gaps: Sequence[str]) -> bool:
    """Tell whether digits may be a phone number.

    Args:
        digits: The groups.
        gaps: What stands between them.
    """
    if sum(map(len, digits)) < _LEAST:
        return False
    if len(digits) == 1:
        return digits[0].startswith("0") and len(digits[0]) >= _ALONE
    return not (_is_amount(digits, gaps) or _is_decimal(digits, gaps) or _is_range(digits))


def _is_amount(digits: Sequence[str], gaps: Sequence[str]) -> bool:
    """Tell whether it is written as amounts are, in thousands: one of nine digits only where it is a round one."""
    if gaps[-1] == "." and set(gaps[:-1]) == {" "} and len(digits[-1]) <= len("00"):
        digits, gaps = digits[:-1], gaps[:-1]
    first, *thousands = digits
    whole = all(len(each) == len("000") for each in thousands) and set(gaps) in ({" "}, {"."})
    least = len(first) < len("000") or (len(first) == len("000") and digits[-1] == "000")
    return whole and least and not first.startswith("0")


def _is_decimal(digits: Sequence[str], gaps: Sequence[str]) -> bool:
    if list(gaps) != ["."] or [len(each) for each in digits] == [3, 4]:
        return False
    return not digits[0].startswith("0") or len(digits[0]) <= len("00")


def _is_range(digits: Sequence[str]) -> bool:
    """Tell whether it is years, or round numbers, from and to."""
    years = all(map(_YEAR.fullmatch, digits))
    round_ones = all(each.endswith("000") and not each.startswith("0") for each in digits)
    return len(digits) == len(("from", "to")) and (years or round_ones)
