"""Words in a terminal: everything somebody else wrote goes through here, and arrives as plain text."""

from __future__ import annotations

from datetime import datetime

from rich.text import Text

from actwright.inert import inert

_LONGEST = 300
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def said(text: object, style: str = "", *, limit: int = _LONGEST) -> Text:
    """Return what somebody else wrote as text without markup, on one line, unable to act on the terminal."""
    return Text(inert(str(text), limit=limit), style=style)


def aside(text: str, style: str = "dim") -> Text:
    """Return what stands behind something, two columns apart; nothing where there is nothing."""
    return Text.assemble("  ", said(text, style)) if text else Text()


def line(*parts: str | Text) -> Text:
    """Return our own words, and text that was made inert before, as one line."""
    return Text.assemble(*parts)


def here(at: str) -> str:
    """Return a moment, ISO 8601, by the clock of this machine, whose zone is named: for what is no person's run."""
    moment = datetime.fromisoformat(at).astimezone()
    return f"{moment:%Y-%m-%d %H:%M} {moment.tzname()}"


def heading(text: str) -> Text:
    """Return a heading."""
    return Text(text, style="bold")


def in_words(seconds: float) -> str:
    """Return a length of time in words, of two units at most."""
    whole = max(int(seconds), 0)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
    return f"{whole // _DAY} d {whole % _DAY // _HOUR} h"
