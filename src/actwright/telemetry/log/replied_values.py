"""The personal values in a model's replies: what it looked people up by, also where no plan came of the reply."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actwright.canonical import Json
from actwright.document import parse_json
from actwright.errors import DocumentError
from actwright.telemetry.log.free_texts import is_telling, names_in
from actwright.telemetry.log.personal_fields import is_personal

_VALUES = re.compile(r'"values?"\s*:\s*(\[[^\]]{0,2000}\]|"(?:[^"\\]|\\.){0,500}")')
_TEXT = re.compile(r'"((?:[^"\\]|\\.){1,500})"')
_REPLY = "reply"
_VALUED = frozenset({"value", "values"})
_SHORTEST = 2


def replied_names(reply: str, known: frozenset[str]) -> tuple[str, ...]:
    """Return who may be named in the texts of a reply: its sentences, and the values of fields that take any text.

    Args:
        reply: What a model answered. Hostile input.
        known: Words that name no person.
    """
    try:
        texts = tuple(_texts(parse_json(reply, where="the reply")))
    except DocumentError:
        texts = (reply,)
    named = (name for text in texts for name in names_in(text, known))
    return tuple(each for each in dict.fromkeys(named) if len(each) >= _SHORTEST)


def replied_values(reply: str) -> dict[str, str]:
    """Return each personal value of a reply with its label; of a reply that is no JSON, each value.

    Args:
        reply: What a model answered. Hostile input.
    """
    try:
        document = parse_json(reply, where="the reply")
    except DocumentError:
        found = (text for each in _VALUES.findall(reply) for text in _TEXT.findall(each))
        return {text: _REPLY for text in found if len(text) >= _SHORTEST}
    values = {value.strip("% "): label for value, label in _walk(document, "")}
    return {value: label for value, label in values.items() if len(value) >= _SHORTEST}


def _texts(document: Json) -> Iterator[str]:
    """Yield the texts of a reply that somebody may be named in."""
    if isinstance(document, list):
        for each in document:
            yield from (each,) if isinstance(each, str) else _texts(each)
    if isinstance(document, dict):
        path = document.get("field", document.get("name"))
        told = isinstance(path, str) and is_telling(path)
        for key, each in document.items():
            if key in _VALUED:
                yield from () if told else _texts([each])
            elif not isinstance(each, str):
                yield from _texts(each)
            elif " " in each.strip():
                yield each


def _walk(document: Json, object_name: str) -> Iterator[tuple[str, str]]:
    if isinstance(document, list):
        for each in document:
            yield from _walk(each, object_name)
    if isinstance(document, dict):
        named = document.get("object")
        known = named if isinstance(named, str) else object_name
        yield from _held(document, known)
        for each in document.values():
            yield from _walk(each, known)


def _held(document: dict[str, Json], object_name: str) -> Iterator[tuple[str, str]]:
    """Yield what a condition compares with, and what an argument is, where the field is a person's."""
    path = document.get("field")
    if not isinstance(path, str):
        path, object_name = document.get("name"), "Account"
    if isinstance(path, str) and is_personal(object_name, path):
        for given in (document.get("values"), document.get("value")):
            for each in given if isinstance(given, list) else [given]:
                if isinstance(each, str):
                    yield each, f"{object_name}.{path}" if "field" in document else path
