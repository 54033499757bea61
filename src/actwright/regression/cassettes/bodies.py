"""The bodies of requests: their digest, by which a cassette is found, and their long texts, which are kept apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import lru_cache

import rfc8785

from actwright.canonical import Json
from actwright.document import parse_json
from actwright.errors import DocumentError
from actwright.regression.cassettes.texts import SharedTexts

_EXACT, _SMALLEST = 2**53, 1e-4
"""Between these, numbers are written alike by Python and by RFC 8785."""
_UNSORTED = "\ud800"
"""From this character on, keys are ordered otherwise than by their code points."""
_REFERENCE = "text"
_LONG_LINE = 240
"""Characters from which on a line is kept apart: a line of the schema is the same in many requests."""
_LONG_CONTENT = 20_000
"""Characters from which on a message is kept apart as a whole: the system's part is the same in all."""


@lru_cache(maxsize=64)
def body_digest(body: bytes) -> str:
    """Return the SHA-256 over the canonical JSON (RFC 8785) of a body; over its bytes where it is no JSON."""
    try:
        content = _canonical(body)
    except (ValueError, rfc8785.CanonicalizationError):
        content = body
    return hashlib.sha256(content).hexdigest()


class _ExoticError(Exception):
    """A number whose canonical form Python's own encoder does not write."""


def _canonical(body: bytes) -> bytes:
    """Return a body's canonical JSON: by Python's encoder where that writes the same, since it is fifty times as fast."""
    try:
        plain = json.loads(body, parse_float=_number, parse_int=_whole_number)
    except _ExoticError:
        return rfc8785.dumps(json.loads(body))
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    if not text.isascii() and max(text) >= _UNSORTED:
        return rfc8785.dumps(json.loads(body))
    return text.encode()


def _whole_number(text: str) -> int:
    number = int(text)
    if abs(number) < _EXACT:
        return number
    raise _ExoticError


def _number(text: str) -> int | float:
    number = float(text)
    if number.is_integer() and abs(number) < _EXACT:
        return int(number)
    if _SMALLEST <= abs(number) < _EXACT:
        return number
    raise _ExoticError


def folded(body: Mapping[str, Json], texts: SharedTexts) -> dict[str, Json]:
    """Return a body whose long texts are kept in ``texts``, with references in their place."""
    kept = dict(body)
    messages = body.get("messages")
    if isinstance(messages, list):
        kept["messages"] = [_folded_message(each, texts) for each in messages]
    if "response_format" in body:
        written = json.dumps(body["response_format"], indent=1, sort_keys=True, ensure_ascii=False)
        kept["response_format"] = {_REFERENCE: texts.keep(written)}
    return kept


def unfolded(body: Mapping[str, Json], texts: SharedTexts, *, where: str) -> dict[str, Json]:
    """Return a body with its long texts in their places again.

    Args:
        body: As `folded` returned it.
        texts: Where its texts are.
        where: The file it stands in, for errors.

    Raises:
        DocumentError: A text is missing, or is another one than its name says.
    """
    whole = dict(body)
    messages = body.get("messages")
    if isinstance(messages, list):
        whole["messages"] = [_unfolded_message(each, texts, where) for each in messages]
    reference = _reference(body.get("response_format"))
    if reference is not None:
        text = texts.get(reference, where=where)
        whole["response_format"] = parse_json(text, where=str(texts.path_of(reference)))
    return whole


def references(body: Mapping[str, Json]) -> Iterator[str]:
    """Yield the digests of the texts a folded body refers to."""
    messages = body.get("messages")
    places = [body.get("response_format")]
    for each in messages if isinstance(messages, list) else []:
        content = each.get("content") if isinstance(each, dict) else None
        places += content if isinstance(content, list) else []
    found = (_reference(each) for each in places)
    yield from (each for each in found if each is not None)


def _folded_message(message: Json, texts: SharedTexts) -> Json:
    content = message.get("content") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(content, str):
        return message
    return {**message, "content": list(_parts(content, texts))}


def _parts(content: str, texts: SharedTexts) -> Iterator[Json]:
    """Yield a content in parts: short lines together, and a reference for each long one."""
    if len(content) >= _LONG_CONTENT:
        yield {_REFERENCE: texts.keep(content)}
        return
    short = ""
    for line in content.splitlines(keepends=True):
        if len(line) < _LONG_LINE:
            short += line
            continue
        if short:
            yield short
        short = ""
        yield {_REFERENCE: texts.keep(line)}
    if short:
        yield short


def _unfolded_message(message: Json, texts: SharedTexts, where: str) -> Json:
    parts = message.get("content") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(parts, list):
        return message
    return {**message, "content": "".join(_whole(each, texts, where) for each in parts)}


def _whole(part: Json, texts: SharedTexts, where: str) -> str:
    reference = _reference(part)
    if reference is not None:
        return texts.get(reference, where=where)
    if not isinstance(part, str):
        raise DocumentError(
            "A part of a message is neither a text nor a reference to one.",
            where=where,
            hint="A cassette is never edited by hand: record it again.",
        )
    return part


def _reference(value: Json | None) -> str | None:
    """Return the digest that stands in the place of a text; None for anything else."""
    name = value.get(_REFERENCE) if isinstance(value, dict) and len(value) == 1 else None
    return name if isinstance(name, str) else None
