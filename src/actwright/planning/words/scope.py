"""The scope of a reading: one clause's tokens, the day it is, and the objects there are."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from actwright.org.identity import RunningUser
from actwright.org.schema import ObjectSchema
from actwright.planning.words.dates import DateMention, date_at
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.objects import ObjectIndex
from actwright.planning.words.text import Token


@dataclass(frozen=True)
class Scope:
    """What every reader of one clause shares.

    Attributes:
        goal: The text the tokens' offsets count in.
        tokens: The clause's tokens, without opening courtesies and verb.
        today: The date in the person's zone.
        objects: The org's objects by their words.
        fields: Gives an object's fields by their words; describes the object when first asked.
        user: Whose words they are: ``my`` and ``me``; None where nobody is meant.
        zone: The person's time zone, in which days begin.
    """

    goal: str
    tokens: tuple[Token, ...]
    today: date
    objects: ObjectIndex
    fields: Callable[[str], FieldIndex]
    user: RunningUser | None = None
    zone: tzinfo = UTC

    @property
    def end(self) -> int:
        """The number of tokens."""
        return len(self.tokens)

    def schema(self, name: str) -> ObjectSchema:
        """Return the schema of the object called ``name``."""
        return self.fields(name).schema

    def key(self, at: int) -> str:
        """Return the token at ``at`` as it is compared; empty where there is none, or where it is quoted."""
        if not 0 <= at < self.end or self.tokens[at].kind == "quoted":
            return ""
        return self.tokens[at].key

    def text(self, start: int, stop: int) -> str:
        """Return the goal's words from one token up to another; a single quoted one without its quotes."""
        if stop <= start:
            return ""
        if stop - start == 1:
            return self.tokens[start].written or self.tokens[start].text
        last = self.tokens[stop - 1]
        tail = len(last.written or last.text) if last.possessive else last.end - last.start
        return self.goal[self.tokens[start].start : last.start + tail].strip()

    def parts(self, start: int, stop: int) -> tuple[str, ...]:
        """Return the letters and digits of the tokens in a span."""
        return tuple(part for token in self.tokens[start:stop] for part in token.parts)

    def find(self, start: int, words: Collection[str]) -> int:
        """Return the first position from ``start`` on whose token is one of ``words``, else the end."""
        return next((at for at in range(start, self.end) if self.key(at) in words), self.end)

    def skip(self, at: int, words: Collection[str]) -> int:
        """Return the first position from ``at`` on whose token is none of ``words``."""
        while at < self.end and self.key(at) in words:
            at += 1
        return at

    def date_at(self, at: int) -> DateMention | None:
        """Return the date that begins at ``at``, or None."""
        return date_at(self.tokens, at, self.today) if at < self.end else None


def zone_of(user: RunningUser) -> tuple[tzinfo, str | None]:
    """Return the person's time zone; UTC, and a note that says so, where nobody knows it."""
    try:
        return ZoneInfo(user.zone), None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC, f"the time zone {user.zone!r} is unknown, so dates are meant in UTC"
