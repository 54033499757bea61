"""Values in a terminal: numbers, money and dates in the person's locale, long texts as a word diff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text

from actwright.cli.render.words import line, said

if TYPE_CHECKING:
    from collections.abc import Iterable

    from actwright.locales import PersonLocale
    from actwright.org.effect import Effect, FieldChange
    from actwright.org.identity import OrgIdentity
    from actwright.pages.gathering import Side
    from actwright.worddiff import Piece

_WHOLE = 200_000
"""More characters than any field holds: nobody says yes to half a text."""

_WORDY = 60
"""Characters from which on two texts are compared word by word."""

_AROUND = 60
"""Characters of what stays that are kept around each word that does not."""

_BRIEF = 60


@dataclass(frozen=True, slots=True)
class Voice:
    """How values are told to one person, about the records of one org.

    Attributes:
        locale: How numbers, money and dates are written.
        org: Where records are linked to; None where they are not.
    """

    locale: PersonLocale
    org: OrgIdentity | None = None

    def side(self, change: FieldChange, side: Side, *, effect: Effect | None = None) -> str:
        """Return the value of a field before or after, whole."""
        from actwright.checkpoints.wording.effect_words import spoken  # noqa: PLC0415 - slow to import
        from actwright.pages.gathering import (  # noqa: PLC0415 - slow to import
            currency_of,
            name_of,
            value_of,
        )

        value = value_of(change, side)
        linked = side == "after" and change.linked_to is not None
        if linked or name_of(change, side) or value is None or change.family in _AS_THEY_ARE:
            return spoken(change, side, limit=_WHOLE)
        currency = currency_of(effect) if effect else None
        return self.locale.value(value, change.family, unit=change.unit, currency=currency)

    def brief(self, change: FieldChange, side: Side) -> str:
        """Return a value in few words: what people call it, or the beginning of a long text."""
        from actwright.pages.gathering import name_of  # noqa: PLC0415 - slow to import

        text = name_of(change, side) or self.side(change, side)
        return text if len(text) <= _BRIEF else f"{text[:_BRIEF]}…"

    def record(self, name: str, record_id: str | None, style: str = "bold") -> Text:
        """Return a record's name, linked to its page where the org has an address and the terminal shows links."""
        from actwright.pages.links import record_url  # noqa: PLC0415 - slow to import

        url = record_url(self.org, record_id) if self.org else None
        text = said(name)
        text.stylize(Style.parse(style) + Style(link=url) if url else style)
        return text


_AS_THEY_ARE = frozenset({"string", "id", "boolean", "multipicklist"})


def word_diff_of(change: FieldChange) -> Text | None:
    """Return two long texts as one, ``[-gone-]`` and ``{+new+}``; None where they are better read side by side."""
    from actwright.worddiff import alike, word_diff  # noqa: PLC0415 - rarely needed

    before, after = change.before, change.after
    if not (change.family == "string" and isinstance(before, str) and isinstance(after, str)):
        return None
    if min(len(before), len(after)) < _WORDY:
        return None
    pieces = word_diff(before, after)
    return _marked(pieces) if alike(pieces) else None


def _marked(pieces: Iterable[Piece]) -> Text:
    shapes = {"gone": ("[-", "-]", "red strike"), "new": ("{+", "+}", "green")}
    parts: list[Text] = []
    for each in pieces:
        if each.kind == "same":
            parts.append(_told(_shortened(each.text)))
        else:
            start, end, style = shapes[each.kind]
            text = line(start, _told(each.text), end)
            text.stylize(style)
            parts.append(text)
    return Text.assemble(*parts)


def _told(text: str) -> Text:
    from actwright.inert import visible  # noqa: PLC0415 - beside its only use

    return Text(visible(text, limit=_WHOLE))


def _shortened(text: str) -> str:
    """Return what stays without its middle, where that is long."""
    left = len(text) - 2 * _AROUND
    if left <= _AROUND:
        return text
    return f"{text[:_AROUND]} … {left:,} characters as they are … {text[-_AROUND:]}"
