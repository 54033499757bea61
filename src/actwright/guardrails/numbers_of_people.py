"""Numbers that belong to people, told by their check digits: bank accounts, cards, national ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Protocol, cast

import re2
from stdnum import luhn, numdb
from stdnum.iso7064 import mod_97_10

_BETWEEN_DIGITS = (r"\s{0,2}", "-?", r"\.?")
"""What stands between the groups of one number: always the same."""
_MOST_BLANKS = 2
_IBAN_START = re2.compile(r"[A-Za-z]{2}[0-9]{2}")
_IBAN_HEAD = 4
_STRUCTURE = re2.compile(r"([0-9]+)!")
_CARD_RUN = re2.compile("|".join(rf"[0-9](?:{each}[0-9]){{12,}}" for each in _BETWEEN_DIGITS))
_CARD_LENGTHS = range(19, 12, -1)
_ISSUED = re2.compile(
    r"4[0-9]{12}(?:[0-9]{3}){0,2}"  # Visa
    r"|(?:5[1-5]|2[2-7])[0-9]{14}"  # Mastercard
    r"|3[47][0-9]{13}"  # American Express
    r"|3(?:0[0-5]|[689][0-9])[0-9]{11,16}"  # Diners Club
    r"|35(?:2[89]|[3-8][0-9])[0-9]{12,15}"  # JCB
    r"|(?:50|5[6-8]|6[0-9])[0-9]{11,17}"  # Maestro, Discover, UnionPay
)

Span = tuple[int, int]


class _Form(Protocol):
    """A module of ``stdnum``: one country's number."""

    def is_valid(self, number: str) -> bool:
        """Tell whether the check digits fit."""
        ...


@dataclass(frozen=True, slots=True)
class _NationalId:
    module: str
    pattern: str
    lettered: bool = False
    """Whether it starts with a letter, and has to be a word of its own."""


_NATIONAL_IDS = (
    _NationalId("us.ssn", r"[0-9]{3}[ \-][0-9]{2}[ \-][0-9]{4}"),
    _NationalId("ca.sin", r"[0-9]{3}[ \-][0-9]{3}[ \-][0-9]{3}"),
    _NationalId("de.idnr", r"[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}"),
    _NationalId("fr.nir", r"[12] ?[0-9]{2} ?[0-9]{2} ?[0-9AB]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}"),
    _NationalId("es.dni", r"[0-9]{8}-?[A-Z]"),
    _NationalId("es.nie", r"[XYZ]-?[0-9]{7}-?[A-Z]", lettered=True),
    _NationalId(
        "it.codicefiscale",
        r"[A-Z]{6}[0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]",
        lettered=True,
    ),
    _NationalId("ch.ssn", r"756\.?[0-9]{4}\.?[0-9]{4}\.?[0-9]{2}"),
    _NationalId("be.nn", r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2}"),
    _NationalId("br.cpf", r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}"),
    _NationalId("in_.aadhaar", r"[0-9]{4}[ \-][0-9]{4}[ \-][0-9]{4}"),
    _NationalId("in_.pan", r"[A-Z]{5}[0-9]{4}[A-Z]", lettered=True),
    _NationalId("se.personnummer", r"(?:[0-9]{2})?[0-9]{6}[\-+][0-9]{4}"),
    _NationalId("dk.cpr", r"[0-9]{6}-[0-9]{4}"),
    _NationalId("fi.hetu", r"[0-9]{6}[\-+A-FU-Y][0-9]{3}[0-9A-Y]"),
    _NationalId("kr.rrn", r"[0-9]{6}-[0-9]{7}"),
    _NationalId("cn.ric", r"[0-9]{17}[0-9X]"),
    _NationalId("mx.curp", r"[A-Z]{4}[0-9]{6}[HM][A-Z]{5}[0-9A-Z][0-9]", lettered=True),
)


def ibans(text: str) -> Iterator[Span]:
    """Yield where an account number (IBAN) stands, written together or in groups."""
    for match in _IBAN_START.finditer(text):
        start = match.start()
        length = _iban_length(match.group().upper()[:2])
        end = _end_of(text, start, length) if length else None
        if end is not None and _is_iban(_compact(text[start:end])):
            yield start, end


def cards(text: str) -> Iterator[Span]:
    """Yield where the number of a payment card stands, written together or in groups."""
    for match in _CARD_RUN.finditer(text):
        first = match.start()
        yield from ((first + start, first + end) for start, end in _cards_in(match.group()))


def national_ids(text: str) -> Iterator[Span]:
    """Yield where a national id stands whose form and check digits leave little doubt."""
    for each in _NATIONAL_IDS:
        form = _form(each.module)
        for match in _pattern(each).finditer(text):
            if form.is_valid(match.group(1).upper()):
                yield match.span(1)


@cache
def _form(module: str) -> _Form:
    return cast("_Form", import_module(f"stdnum.{module}"))


@cache
def _pattern(each: _NationalId) -> re2._Regexp:
    before = r"\b" if each.lettered else r"(?:^|[^0-9])"
    return re2.compile(rf"(?i){before}({each.pattern})(?:\b|[A-Z])")


@cache
def _iban_length(country: str) -> int:
    """Return how many characters the IBANs of a country have; 0 where it has none."""
    (_, known), *_ = numdb.get("iban").info(country)
    structure = known.get("bban", "")
    return _IBAN_HEAD + sum(map(int, _STRUCTURE.findall(structure))) if structure else 0


def _is_iban(number: str) -> bool:
    return bool(mod_97_10.is_valid(number[_IBAN_HEAD:] + number[:_IBAN_HEAD]))


def _end_of(text: str, start: int, length: int) -> int | None:
    """Return where ``length`` letters and digits end, a few blanks between them; None where there are fewer."""
    blanks = 0
    for place in range(start, min(len(text), start + length * (_MOST_BLANKS + 1))):
        if text[place].isalnum():
            length, blanks = length - 1, 0
        else:
            blanks += 1
        if blanks > _MOST_BLANKS:
            return None
        if not length:
            return place + 1
    return None


def _cards_in(run: str) -> Iterator[Span]:
    """Yield the cards in a run of digits; each starts and ends where a group of digits does."""
    digits = [place for place, char in enumerate(run) if char.isdigit()]
    breaks = {0, len(digits)} | {
        order for order, (here, after) in enumerate(pairwise(digits), start=1) if after > here + 1
    }
    number, done = "".join(run[place] for place in digits), 0
    for first in sorted(breaks):
        length = next(_card_lengths(number, first, breaks), 0) if first >= done else 0
        if length:
            done = first + length
            yield digits[first], digits[done - 1] + 1


def _card_lengths(number: str, first: int, breaks: set[int]) -> Iterator[int]:
    for length in _CARD_LENGTHS:
        if first + length in breaks and _is_card(number[first : first + length]):
            yield length


def _is_card(number: str) -> bool:
    return bool(_ISSUED.fullmatch(number)) and luhn.checksum(number) == 0


def _compact(written: str) -> str:
    return "".join(each for each in written if each.isalnum()).upper()
