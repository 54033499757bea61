"""Values on a page: exact, folded where they are long, word by word where most of a text stays."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from actwright.checkpoints.wording.effect_words import deed
from actwright.inert import visible
from actwright.locales import PersonLocale
from actwright.org.effect import Effect, FieldChange
from actwright.org.identity import OrgIdentity
from actwright.org.value import FieldValue, same_value
from actwright.pages.gathering import Side, name_of, value_of
from actwright.pages.links import record_url
from actwright.worddiff import Piece, alike, word_diff

_LONG = 480
"""Characters from which on a text is folded."""

_EXCERPT = 220
_BRIEF = 90
_AROUND = 70
"""Characters kept on either side of a changed stretch, where a long text is told in short."""

_WORDY = 40
"""Characters from which on a text is compared word by word."""

_WRITTEN_BY_US = frozenset({"decimal", "integer", "date", "datetime", "time"})
"""Families whose text the locale makes, with blanks and marks of its own."""


@dataclass(frozen=True, slots=True)
class Speech:
    """How one page speaks: to whom, and about which org.

    Attributes:
        locale: How numbers, money and dates are written.
        org: Where records are linked to; None where the page knows of no org.
    """

    locale: PersonLocale
    org: OrgIdentity | None = None

    def url(self, record_id: str | None) -> str | None:
        """Return the address of a record, or None."""
        return record_url(self.org, record_id) if self.org else None

    def side(self, change: FieldChange, side: Side, *, currency: str | None = None) -> Markup:
        """Return the value of a field before or after."""
        value, name = value_of(change, side), name_of(change, side)
        if side == "after" and change.linked_to:
            told = name or f"the record {change.linked_to} creates"
            return Markup('<span class="link">{}</span>').format(shown(told))
        if value is None:
            return Markup('<span class="none">empty</span>')
        plain = self.plain(change, value, currency=currency)
        if name and name != str(value):
            return Markup('{} <small class="id">{}</small>').format(shown(name), plain)
        return plain

    def brief(self, change: FieldChange, side: Side) -> Markup:
        """Return a value in few words: what people call it, or the beginning of a long text."""
        value, name = value_of(change, side), name_of(change, side)
        if value is None or (side == "after" and change.linked_to):
            return self.side(change, side)
        text = name or self.locale.value(value, change.family, unit=change.unit)
        if not name and change.family in _WRITTEN_BY_US:
            return Markup('<bdi dir="auto">{}</bdi>').format(text)
        return shown(text if len(text) <= _BRIEF else f"{text[:_BRIEF]}…")

    def plain(
        self, change: FieldChange, value: FieldValue, *, currency: str | None = None
    ) -> Markup:
        """Return a value of a field that is there, without what people call it."""
        text = self.locale.value(value, change.family, unit=change.unit, currency=currency)
        if change.family in {"date", "datetime"}:
            return Markup('<time datetime="{0}" title="{0}">{1}</time>').format(value, text)
        url = self.url(str(value)) if change.family == "id" else None
        if url is not None:
            return Markup('<a href="{}">{}</a>').format(url, shown(text))
        return folded(text) if isinstance(value, str) else escape(text)


def shown(text: str) -> Markup:
    """Return somebody else's text with nothing hidden: what cannot be seen stands there as a marked escape."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return escape(text)
    return Markup("").join(_character(each) for each in text.replace("\r\n", "\n"))


def folded(text: str) -> Markup:
    """Return a text, with all but its beginning folded away where it is long."""
    if len(text) <= _LONG:
        return shown(text)
    return Markup(
        '<details class="long"><summary><span>{}…</span> <b>all {:,} characters</b></summary>{}</details>'
    ).format(shown(text[:_EXCERPT]), len(text), shown(text))


def compared(change: FieldChange) -> Markup | None:
    """Return two texts as one, word by word; None where they are better read beside each other."""
    before, after = change.before, change.after
    if change.family != "string" or not isinstance(before, str) or not isinstance(after, str):
        return None
    if min(len(before), len(after)) < _WORDY:
        return None
    pieces = word_diff(before, after)
    if not alike(pieces):
        return None
    whole = _marked(pieces)
    if len(before) + len(after) <= 2 * _LONG:
        return whole
    return Markup(
        '{}<details class="long"><summary><b>the whole text, {:,} characters</b></summary>{}</details>'
    ).format(_marked(_shortened(pieces)), len(after), whole)


def stays(change: FieldChange, effect: Effect) -> bool:
    """Tell whether a field of a record that is there already keeps its value."""
    return (
        deed(effect) not in {"CREATE", "CALL"}
        and not change.linked_to
        and same_value(change.before, change.after)
    )


def _character(char: str) -> Markup:
    if char == "\n":
        return Markup("\n")
    told = visible(char)
    if char in {told, "\\"}:
        return escape(char)
    name = unicodedata.name(char, "a character that cannot be seen").lower()
    return Markup('<span class="esc" title="{}">{}</span>').format(name, told)


def _marked(pieces: Iterable[Piece]) -> Markup:
    tags = {"same": "{}", "gone": "<del>{}</del>", "new": "<ins>{}</ins>"}
    return Markup("").join(Markup(tags[each.kind]).format(shown(each.text)) for each in pieces)  # noqa: S704 - three constants


def _shortened(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces with the middle of what stays left out, and of what is too long to be taken in."""
    for at, each in enumerate(pieces):
        first, last = at == 0, at == len(pieces) - 1
        if each.kind != "same":
            yield Piece(each.kind, _cut(each.text, _EXCERPT, _EXCERPT))
        else:
            yield Piece("same", _cut(each.text, 0 if first else _AROUND, 0 if last else _AROUND))


def _cut(text: str, head: int, tail: int) -> str:
    if len(text) <= head + tail + _AROUND:
        return text
    first = text[:head].rpartition(" ")[0] or text[:head]
    last = text[len(text) - tail :] if tail else ""
    return f"{first} … {last.partition(' ')[2] or last}"
