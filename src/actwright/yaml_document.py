"""Strict reading of YAML documents: the data model of JSON in YAML's clothes, and nothing a reader would not expect.

A plain ``yes``, ``12:30``, ``2026-11-21``, ``007`` or ``~`` is text. Only ``true``, ``false``, ``null``, an empty
value and numbers as JSON writes them are anything else. Keys are always text. Anchors, aliases, tags, directives and
repeated keys are refused, so that a short file cannot become a large value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from actwright.canonical import Json
from actwright.document import plain_name
from actwright.errors import DocumentError

largest_yaml = 1024 * 1024
"""The most bytes a YAML document may have: people write these by hand."""

_DEEPEST = 64
_LONGEST_NUMBER = 40
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORDS: dict[str, Json] = {"": None, "null": None, "true": True, "false": False}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Mark(Protocol):
    """Where something stands, counted from 0."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a document, counted from 1."""

    line: int
    column: int


Places: TypeAlias = Mapping[tuple[int | str, ...], Place]
"""By the way to a value, through keys and positions: where it stands; of what stands in a map, its key."""


def parse_yaml(text: str | bytes, *, where: str) -> Json:
    """Return the value of the one document in ``text``.

    Args:
        text: YAML, in UTF-8 where it is bytes.
        where: What to call the document in an error, such as its file name.

    Raises:
        DocumentError: It is no YAML, too large or too deep, empty, repeats a key, or uses an anchor, an alias,
            a tag or a directive; the error names line and column.
    """
    return parse_yaml_placed(text, where=where)[0]


def parse_yaml_placed(text: str | bytes, *, where: str) -> tuple[Json, Places]:
    """Return the value of the one document in ``text``, and where each part of it stands.

    Args:
        text: As for `parse_yaml`.
        where: As for `parse_yaml`.

    Raises:
        DocumentError: As for `parse_yaml`.
    """
    if len(text) > largest_yaml:
        raise DocumentError(
            f"The document is larger than {largest_yaml // 2**20} MiB.",
            where=where,
            hint="Split it into several files.",
        )
    try:
        plain = text if isinstance(text, str) else text.decode("utf-8")
        reading = _Reading(plain, where)
        return reading.document(), reading.places
    except yaml.MarkedYAMLError as error:
        raise _malformed(error, where) from error
    except yaml.YAMLError as error:
        reason = getattr(error, "reason", "it cannot be read")
        raise DocumentError(
            f"The document is no YAML: {reason}.",
            where=where,
            hint="Remove characters that cannot be seen.",
        ) from error
    except UnicodeError as error:
        raise DocumentError(
            "The document is no text in UTF-8.", where=where, hint="Save it as UTF-8."
        ) from error


def read_yaml(path: Path) -> Json:
    """Return the value of the one document in the file at ``path``.

    Raises:
        DocumentError: The file is missing, unreadable, too large, or malformed.
    """
    return read_yaml_placed(path)[0]


def read_yaml_placed(path: Path) -> tuple[Json, Places]:
    """Return the value of the one document in the file at ``path``, and where each part of it stands.

    Raises:
        DocumentError: As for `read_yaml`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(largest_yaml + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise DocumentError(
            f"The file cannot be read: {reason or error}.",
            where=str(path),
            hint="Check its name, and that you may read it.",
        ) from error
    return parse_yaml_placed(content, where=str(path))


def line_of(places: Places, way: Sequence[int | str], path: Path) -> str:
    """Return file and line of a part of a document, or of the nearest thing around it.

    Args:
        places: Where the parts of the document stand.
        way: The way to the part, through keys and positions.
        path: The file.
    """
    ways = (tuple(way[:length]) for length in range(len(way), -1, -1))
    place = next((places[each] for each in ways if each in places), None)
    return f"{path}, line {place.line}" if place else str(path)


class _Reading:
    """One document on its way from events to a value; PyYAML's own resolvers and constructors take no part."""

    def __init__(self, text: str, where: str) -> None:
        self._where = where
        self._way: list[int | str] = []
        self.places: dict[tuple[int | str, ...], Place] = {}
        self._events: Iterator[Event] = yaml.parse(text, Loader=_LOADER)

    def document(self) -> Json:
        """Return the value of the document; `places` is whole from then on."""
        next(self._events)
        start = next(self._events)
        if not isinstance(start, DocumentStartEvent):
            raise DocumentError("The document is empty.", where=self._where)
        if start.version or start.tags:
            raise self._refused(start, "A directive (%) is not read here", "Remove the line.")
        value = self._value(next(self._events), 0)
        next(self._events)
        after = next(self._events)
        if isinstance(after, DocumentStartEvent):
            raise self._refused(after, "A second document begins", "Write one document a file.")
        return value

    def _value(self, event: Event, depth: int) -> Json:
        self._check(event, depth)
        self._placed(event)
        if isinstance(event, MappingStartEvent):
            return self._mapping(depth + 1)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(depth + 1)
        return self._scalar(event)

    def _sequence(self, depth: int) -> list[Json]:
        items: list[Json] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            self._way.append(len(items))
            items.append(self._value(event, depth))
            self._way.pop()
        return items

    def _mapping(self, depth: int) -> dict[str, Json]:
        held: dict[str, Json] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = self._key(event, depth)
            if key in held:
                raise self._refused(
                    event, f"The key {plain_name(key)} stands there twice", "Keep one of the two."
                )
            self._way.append(key)
            self._placed(event)
            held[key] = self._value(next(self._events), depth)
            self._way.pop()
        return held

    def _placed(self, event: Event) -> None:
        """Keep where the value stands that is being read; its key is asked first, and stays."""
        mark = event.start_mark
        if mark is not None:
            self.places.setdefault(tuple(self._way), Place(mark.line + 1, mark.column + 1))

    def _key(self, event: Event, depth: int) -> str:
        self._check(event, depth)
        if not isinstance(event, ScalarEvent):
            raise self._refused(event, "A key is a list or a map", "Write each key as text.")
        return self._text(event)

    def _scalar(self, event: Event) -> Json:
        assert isinstance(event, ScalarEvent)  # noqa: S101 - the parser yields no other kind of node here
        text = self._text(event)
        if not event.implicit[0]:
            return text
        if text in _WORDS:
            return _WORDS[text]
        return self._number(event, text) if _NUMBER.fullmatch(text) else text

    def _number(self, event: Event, text: str) -> int | float:
        if len(text) > _LONGEST_NUMBER or float(text) in {float("inf"), float("-inf")}:
            raise self._refused(event, "A number is too large or too long", "Put it in quotes.")
        return int(text) if _INTEGER.fullmatch(text) else float(text)

    def _text(self, event: ScalarEvent) -> str:
        text = str(event.value)
        if not text.isascii() and any("\ud800" <= each <= "\udfff" for each in text):
            raise self._refused(event, "Half a character stands there", "Write it out in full.")
        return text

    def _check(self, event: Event, depth: int) -> None:
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            raise self._refused(
                event, "An anchor (&) or alias (*) is not read here", "Write the value out."
            )
        if getattr(event, "tag", None) is not None:
            raise self._refused(event, "A tag (!) is not read here", "Remove it.")
        if depth > _DEEPEST:
            raise self._refused(
                event, f"The document nests deeper than {_DEEPEST} levels", "Make it flatter."
            )

    def _refused(self, event: Event, what: str, hint: str) -> DocumentError:
        place = _place(self._where, event.start_mark)
        return DocumentError(f"{what}.", where=place, hint=hint)


def _malformed(error: yaml.MarkedYAMLError, where: str) -> DocumentError:
    return DocumentError(
        f"The document is no YAML: {error.problem or error.context}.",
        where=_place(where, error.problem_mark or error.context_mark),
        hint="Check the text at that place: indentation by spaces, and quotes around text with a colon.",
    )


def _place(where: str, mark: _Mark | None) -> str:
    if mark is None:
        return where
    return f"{where}, line {mark.line + 1}, column {mark.column + 1}"
