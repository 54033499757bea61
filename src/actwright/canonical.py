"""Canonical JSON (RFC 8785) and the digest over it.

Two documents that mean the same have the same bytes. What plain JSON cannot carry exactly enters as a typed
string: ``{"$decimal": "120000.5"}``, ``{"$integer": "9007199254740993"}``, ``{"$date": "2026-11-24"}``,
``{"$datetime": "2026-11-24T15:00:00Z"}``, ``{"$time": "15:00:00"}``. No key of a document may start with ``$``, so a
typed string cannot be forged.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from json.encoder import (  # type: ignore[attr-defined]  # the first is None where Python has none
    c_make_encoder,
    encode_basestring,
)
from typing import TypeAlias

import rfc8785

from actwright.errors import DocumentError

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""What JSON can carry."""

_LARGEST_EXACT = 2**53
_SMALLEST_PLAIN = 1e-4
_LONG = "$integer"
_PLAIN = frozenset({str, bool, type(None)})
"""What is written alike by everybody, whatever its value."""


def _writer() -> Callable[[object], str]:
    """Return what writes plain documents; they have been gone through before, so that it goes in no circle.

    Python's encoder makes its writer in C anew for each document, which takes longer than to write a short one.
    """
    form = json.JSONEncoder(
        ensure_ascii=False, check_circular=False, separators=(",", ":"), sort_keys=True
    )
    if c_make_encoder is None:
        return form.encode
    skipping, not_finite = False, False
    pieces = c_make_encoder(
        None, form.default, encode_basestring, None, ":", ",", form.sort_keys, skipping, not_finite
    )
    return lambda document: "".join(pieces(document, 0))


_written = _writer()


def canonical_text(document: object) -> str:
    """Return the RFC 8785 text of ``document``.

    Raises:
        DocumentError: It holds a lone surrogate, a number that is not finite, a key that is no text or starts with
            ``$``, or a value that has no canonical form.
    """
    try:
        text = _text(document)
        if not text.isascii():
            text.encode()  # refuses lone surrogates
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise DocumentError(
            f"The document has no canonical JSON form: {error}",
            hint="Remove lone surrogates and numbers that are not finite.",
        ) from error
    return text


def canonical_bytes(document: object) -> bytes:
    """Return the RFC 8785 bytes of ``document``: its canonical text in UTF-8.

    Raises:
        DocumentError: As `canonical_text` does.
    """
    return canonical_text(document).encode()


def digest(document: object) -> str:
    """Return the SHA-256 over the canonical bytes of ``document``, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_bytes(document)).hexdigest()


def plain(document: Json) -> Json:
    """Return a document read from canonical JSON with its long integers as numbers again."""
    if isinstance(document, dict):
        if set(document) == {_LONG}:
            return int(str(document[_LONG]))
        return {key: plain(item) for key, item in document.items()}
    return [plain(item) for item in document] if isinstance(document, list) else document


def decimal_text(value: Decimal) -> str:
    """Return the one text of a decimal: no exponent, no trailing zeros (``1.50`` and ``1.5`` are one number)."""
    if value == 0:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _text(document: object) -> str:
    if _is_plain(document):
        return _written(document)
    typed = _typed(document, "$")
    if _is_plain(typed, typed=True):
        return _written(typed)
    return rfc8785.dumps(typed).decode()


def _is_plain(document: object, *, typed: bool = False) -> bool:
    """Tell whether Python's own writer, in C, writes and sorts a document as RFC 8785 wants it.

    Args:
        document: Anything.
        typed: Whether its typed strings are ours; in anybody else's document they are none, and are to be refused.
    """
    waiting = [document]
    for each in waiting:
        if isinstance(each, dict):
            if each and not _has_plain_keys(each, typed=typed):
                return False
            _await(each.values(), waiting)
        elif isinstance(each, (list, tuple)):
            _await(each, waiting)
        elif not _is_plain_scalar(each):
            return False
    return True


def _await(items: Iterable[object], waiting: list[object]) -> None:
    """Let what has to be looked at more closely wait for that; most of what documents are made of has not."""
    for each in items:
        kind = each.__class__
        if kind not in _PLAIN and (kind is not int or not _is_plain_scalar(each)):
            waiting.append(each)


def _is_plain_scalar(value: object) -> bool:
    if isinstance(value, int):
        return abs(value) < _LARGEST_EXACT
    if isinstance(value, float):
        return _is_short(value)
    return value is None or isinstance(value, str)


def _has_plain_keys(document: dict[object, object], *, typed: bool) -> bool:
    try:
        keys = "".join(document)  # type: ignore[arg-type]  # a key that is no text raises
    except TypeError:
        return False
    return keys.isascii() and (typed or "$" not in keys)


def _is_short(value: float) -> bool:
    """Tell whether a number is written alike in Python and in ECMAScript: decimals, and no exponent."""
    return not value.is_integer() and _SMALLEST_PLAIN <= abs(value) < _LARGEST_EXACT


def _typed(value: object, path: str) -> Json:  # noqa: PLR0911 - one line a type reads best
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) < _LARGEST_EXACT else {_LONG: str(value)}
    if isinstance(value, float):
        return _typed(int(value), path) if value.is_integer() else value
    if isinstance(value, Decimal):
        return {"$decimal": _finite(value, path)}
    if isinstance(value, datetime):
        return {"$datetime": _moment(value, path)}
    if isinstance(value, (date, time)):
        return {"$date" if isinstance(value, date) else "$time": value.isoformat()}
    if isinstance(value, Mapping):
        return {_key(key, path): _typed(item, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [_typed(item, f"{path}[{index}]") for index, item in enumerate(value)]
    raise DocumentError(f"A {type(value).__name__} has no canonical JSON form.", where=path)


def _finite(value: Decimal, path: str) -> str:
    if not value.is_finite():
        raise DocumentError("A number must be finite.", where=path)
    return decimal_text(value)


def _moment(value: datetime, path: str) -> str:
    if value.tzinfo is None:
        raise DocumentError("A point in time needs a zone.", where=path)
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _key(key: object, path: str) -> str:
    if not isinstance(key, str):
        raise DocumentError("A key must be text.", where=path)
    if key.startswith("$"):
        raise DocumentError(
            f"The key {key!r} starts with '$', which is kept for typed strings.", where=path
        )
    return key
