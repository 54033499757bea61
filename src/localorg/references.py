"""References of a subrequest to the answers before it: ``@{account.id}`` in a URL or anywhere in a body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import quote

from localorg.errors import ApiError

Results = Mapping[str, object]
"""The bodies answered so far, by reference id."""

_REFERENCE: Final = re.compile(r"@\{([A-Za-z]\w*)((?:\.\w+|\[\d+\])*)\}", re.ASCII)
_STEP: Final = re.compile(r"\.(\w+)|\[(\d+)\]", re.ASCII)


def url_of(url: str, results: Results) -> str:
    """Return a URL with its references resolved; each stays one segment, one literal.

    Raises:
        ApiError: ``PROCESSING_HALTED`` where a reference names nothing.
    """

    def encoded(match: re.Match[str]) -> str:
        return quote(_text_of(_resolve(match, results)), safe="")

    return _REFERENCE.sub(encoded, url)


def body_of(value: object, results: Results) -> object:
    """Return a body with its references resolved; one that is a whole text keeps the type it refers to.

    Raises:
        ApiError: ``PROCESSING_HALTED`` where a reference names nothing.
    """
    if isinstance(value, dict):
        return {key: body_of(each, results) for key, each in value.items()}
    if isinstance(value, list):
        return [body_of(each, results) for each in value]
    if not isinstance(value, str) or "@{" not in value:
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole is not None:
        return _resolve(whole, results)
    return _REFERENCE.sub(lambda match: _text_of(_resolve(match, results)), value)


def names_in(value: object) -> Iterator[str]:
    """Yield the reference ids that a URL or a body uses."""
    if isinstance(value, dict):
        for each in value.values():
            yield from names_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from names_in(each)
    elif isinstance(value, str):
        for match in _REFERENCE.finditer(value):
            yield match[1]


def _text_of(value: object) -> str:
    return "true" if value is True else "false" if value is False else str(value)


def _resolve(match: re.Match[str], results: Results) -> object:
    name, path = match.groups()
    value: object = results.get(name)
    for step in _steps(path):
        value = _step(value, step)
    if value is None:
        message = f"Invalid reference specified. No value for {name}{path} found in {name}."
        raise ApiError(400, "PROCESSING_HALTED", message)
    return value


def _steps(path: str) -> Iterator[str | int]:
    for match in _STEP.finditer(path):
        key, index = match.groups()
        yield key if key is not None else int(index)


def _step(value: object, step: str | int) -> object:
    if isinstance(step, str):
        return value.get(step) if isinstance(value, dict) else None
    return value[step] if isinstance(value, list) and step < len(value) else None
