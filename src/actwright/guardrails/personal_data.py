"""Finding personal data in a text: by its form and by its check digits, in linear time.

The text is hostile: full-width and other digits, dashes of all kinds and characters nobody sees are read as what they
stand for. Check digits are computed by ``python-stdnum``, phone numbers are read by ``phonenumbers``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import re2

from actwright.guardrails.legible import Legible, legible
from actwright.org.personal_data import (
    PERSONAL_KINDS,
    PersonalCount,
    PersonalKind,
    kind_name,
)

Span = tuple[int, int]
"""From the first character to the one behind the last."""

_NO_ADDRESS = r"\s@<>()\[\],;:\""
_EMAIL = re2.compile(rf"[^{_NO_ADDRESS}]+@(?:[^{_NO_ADDRESS}.]+\.)+[^{_NO_ADDRESS}.!?'/]{{2,63}}")
_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Found:
    """One piece of personal data in a text: its kind and where it stands; not what it says."""

    kind: PersonalKind
    start: int
    end: int


def find(
    text: str, kinds: Sequence[PersonalKind] = PERSONAL_KINDS, *, region: str | None = None
) -> tuple[Found, ...]:
    """Return the personal data in a text, in its order, none of it twice.

    Args:
        text: The text.
        kinds: What to look for.
        region: The country phone numbers without a country code are read in: ``US``. Without one, only numbers with
            a country code are found.
    """
    plain, taken = legible(text), list[Found]()
    for kind in PERSONAL_KINDS:
        if kind not in kinds:
            continue
        spans = (plain.span(*each) for each in _FINDERS[kind](plain, region))
        taken += [Found(kind, *each) for each in _apart(spans, taken)]
    return tuple(sorted(taken, key=lambda each: each.start))


def count(found: Sequence[Found]) -> tuple[PersonalCount, ...]:
    """Return how much of each kind was found."""
    numbers = Counter(each.kind for each in found)
    kinds = (each for each in PERSONAL_KINDS if numbers[each])
    return tuple(PersonalCount(kind=each, count=numbers[each]) for each in kinds)


def without(
    text: str, kinds: Sequence[PersonalKind] = PERSONAL_KINDS, *, region: str | None = None
) -> tuple[str, tuple[PersonalCount, ...]]:
    """Return a text with its personal data taken out, and what that was: ``call [phone number removed]``.

    What is taken out may leave its neighbours looking like something; that is taken out as well, but not for ever: a
    text made to go on so keeps the rest of it, which `find` still finds.
    """
    removed: list[Found] = []
    for _ in range(_ROUNDS):
        found = find(text, kinds, region=region)
        if not found:
            break
        removed += found
        text = _blanked(text, found)
    return text, count(removed)


def region_of(locale: str) -> str | None:
    """Return the country of a locale, ``US`` for ``en_US``; None where it names none."""
    parts = locale.replace("-", "_").split("_")[1:]
    known = (each.upper() for each in parts if len(each) == len("US") and each.isalpha())
    return next(known, None)


def _blanked(text: str, found: Sequence[Found]) -> str:
    pieces, end = list[str](), 0
    for each in found:
        pieces += [text[end : each.start], f"[{kind_name(each.kind)} removed]"]
        end = each.end
    return "".join((*pieces, text[end:]))


def _apart(spans: Iterator[Span], taken: Sequence[Found]) -> list[Span]:
    """Return the spans that overlap nothing that was found before; both come in one order."""
    known, place, kept = sorted((each.start, each.end) for each in taken), 0, list[Span]()
    last = 0
    for start, end in sorted(spans):
        while place < len(known) and known[place][1] <= start:
            place += 1
        free = place == len(known) or known[place][0] >= end
        if free and start >= last:
            kept.append((start, end))
            last = end
    return kept


def _emails(plain: Legible, _region: str | None) -> Iterator[Span]:
    return (each.span() for each in _EMAIL.finditer(plain.text))


def _phones(plain: Legible, region: str | None) -> Iterator[Span]:
    from phonenumbers import Leniency, PhoneNumberMatcher  # noqa: PLC0415  only where it is needed

    matches = PhoneNumberMatcher(plain.spaced, region, Leniency.VALID)
    return ((each.start, each.end) for each in matches)


def _ibans(plain: Legible, _region: str | None) -> Iterator[Span]:
    from actwright.guardrails.numbers_of_people import ibans  # noqa: PLC0415  only where needed

    return ibans(plain.spaced)


def _cards(plain: Legible, _region: str | None) -> Iterator[Span]:
    from actwright.guardrails.numbers_of_people import cards  # noqa: PLC0415  only where needed

    return cards(plain.spaced)


def _national_ids(plain: Legible, _region: str | None) -> Iterator[Span]:
    from actwright.guardrails.numbers_of_people import national_ids  # noqa: PLC0415  likewise

    return national_ids(plain.spaced)


_FINDERS: dict[PersonalKind, Callable[[Legible, str | None], Iterator[Span]]] = {
    "email": _emails,
    "iban": _ibans,
    "card": _cards,
    "national_id": _national_ids,
    "phone": _phones,
}
