"""Personal data: the kinds of it that can be told by looking at a text, and what was taken out of a value."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from pydantic import Field

from actwright.contract import Contract

PersonalKind: TypeAlias = Literal["email", "iban", "card", "national_id", "phone"]
"""What can be found: addresses and numbers with a form of their own. Names and postal addresses have none."""

PERSONAL_KINDS: tuple[PersonalKind, ...] = get_args(PersonalKind)
"""Every kind. Where a text could be two of them, it counts as the one that stands first."""

_NAMES: dict[PersonalKind, tuple[str, str]] = {
    "email": ("email address", "email addresses"),
    "iban": ("account number", "account numbers"),
    "card": ("card number", "card numbers"),
    "national_id": ("national id", "national ids"),
    "phone": ("phone number", "phone numbers"),
}


class PersonalCount(Contract):
    """How many values of one kind there are; never the values themselves."""

    kind: PersonalKind
    count: int = Field(ge=1)


def kind_name(kind: PersonalKind, count: int = 1) -> str:
    """Return what people call a kind: ``phone number``, or ``phone numbers`` for several."""
    one, many = _NAMES[kind]
    return one if count == 1 else many


def counted(counts: tuple[PersonalCount, ...]) -> str:
    """Return counts in words: ``1 email address and 2 phone numbers``."""
    parts = [f"{each.count} {kind_name(each.kind, each.count)}" for each in counts]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
