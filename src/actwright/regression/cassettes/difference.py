"""What is different between a recorded request and the one that was made, and which template it comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from actwright.canonical import Json
from actwright.inert import visible
from actwright.model.prompts import Prompts
from actwright.regression.cassettes.cassette import PromptStamp
from actwright.worddiff import Piece, word_diff

_MOST = 12
_AROUND = 40
"""Characters that are shown on both sides of a change."""
_LONGEST = 600


def changed_templates(stamps: Sequence[PromptStamp], prompts: Prompts) -> tuple[str, ...]:
    """Return the templates that are other ones than a cassette was made with, by their paths, each once."""
    found = dict.fromkeys(each for stamp in stamps for each in _changed(stamp, prompts))
    return tuple(found)


def request_diff(recorded: str, asked: bytes) -> tuple[str, ...]:
    """Return what changed from one request's body to another's, a line for each stretch.

    Args:
        recorded: The recorded body.
        asked: The body that was to be sent.
    """
    before, after = _read(recorded), _read(asked)
    lines = [*_settings(before, after), *_messages(before, after)]
    shown = list(islice(lines, _MOST))
    if len(lines) > _MOST:
        shown.append(f"... and {len(lines) - _MOST} more")
    return tuple(shown)


def _changed(stamp: PromptStamp, prompts: Prompts) -> Iterator[str]:
    if stamp.name not in prompts.names:
        yield from stamp.templates
        return
    now = prompts.get(stamp.name).sources
    for name in sorted({*now, *stamp.templates}):
        if now.get(name) != stamp.templates.get(name):
            yield name


def _read(body: str | bytes) -> Mapping[str, Json]:
    try:
        read: Json = json.loads(body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _settings(before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[str]:
    """Yield what changed beside the messages."""
    for name in sorted({*before, *after} - {"messages"}):
        old, new = (json.dumps(each.get(name), sort_keys=True) for each in (before, after))
        if old != new:
            yield from _stretches(name, old, new)


def _messages(before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[str]:
    old, new = list(_contents(before)), list(_contents(after))
    for number in range(max(len(old), len(new))):
        role, was = old[number] if number < len(old) else ("", "")
        role_now, now = new[number] if number < len(new) else ("", "")
        if (role, was) != (role_now, now):
            yield from _stretches(f"{role_now or role} message", was, now)


def _contents(body: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    messages = body.get("messages")
    for each in messages if isinstance(messages, list) else []:
        if isinstance(each, dict):
            yield str(each.get("role")), str(each.get("content"))


def _stretches(name: str, old: str, new: str) -> Iterator[str]:
    """Yield each changed stretch with words around it, under the heading of the text it stands below."""
    pieces = word_diff(old, new)
    heading = ""
    for at, each in enumerate(pieces):
        if each.kind == "same":
            heading = _heading(each.text) or heading
            continue
        if each.kind == "new" and at and pieces[at - 1].kind == "gone":
            continue
        place = f"{name}, {heading}" if heading else name
        yield f"{place}: {_stretch(pieces, at)}"


def _heading(text: str) -> str:
    headings = [line for line in text.splitlines() if line.startswith("# ")]
    return visible(headings[-1], limit=60) if headings else ""


def _stretch(pieces: Sequence[Piece], at: int) -> str:
    end = at + 1
    while end < len(pieces) and pieces[end].kind != "same":
        end += 1
    marked = "".join(_marked(each) for each in pieces[at:end])
    before = pieces[at - 1].text[-_AROUND:] if at else ""
    after = pieces[end].text[:_AROUND] if end < len(pieces) else ""
    return f"{visible(before, limit=_AROUND)}{marked}{visible(after, limit=_AROUND)}"


def _marked(piece: Piece) -> str:
    shown = visible(piece.text, limit=_LONGEST)
    return f"[-{shown}-]" if piece.kind == "gone" else f"{{+{shown}+}}"
