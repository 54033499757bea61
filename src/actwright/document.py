"""Strict reading of JSON documents: what the parser would forgive is refused here, with the place named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from actwright.canonical import Json
from actwright.contract import Contract, known_fields
from actwright.errors import DocumentError, InputError

largest_document = 8 * 1024 * 1024
"""The most bytes a document may have."""

_DEEPEST = 64
_AS_JSON = "Correct it there; it must be plain JSON in UTF-8."
_MOST_FAULTS = 12
_LONGEST_PART = 80

Model = TypeVar("Model", bound=Contract)


def parse_json(text: str | bytes, *, where: str, largest: int = largest_document) -> Json:
    """Return the JSON value in ``text``.

    Args:
        text: JSON, in UTF-8 where it is bytes.
        where: What to call the document in an error, such as its file name.
        largest: The most bytes it may have.

    Raises:
        DocumentError: It is no JSON, too large or too deep, repeats a key, or holds NaN or Infinity.
    """
    if len(text) > largest:
        raise DocumentError(
            f"The document is larger than {largest // 2**20} MiB.",
            where=where,
            hint="A plan or preview of that size is named by its id: the store holds it.",
        )
    try:
        plain = text if isinstance(text, str) else text.decode("utf-8")
        value: Json = json.loads(
            plain, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite
        )
    except json.JSONDecodeError as error:
        raise DocumentError(
            f"The document is no JSON: {error.msg}.",
            where=f"{where}, line {error.lineno}, column {error.colno}",
            hint="Check the text at that place.",
        ) from error
    except RecursionError as error:
        raise _too_deep(where) from error
    except (UnicodeDecodeError, _ForgivenError) as error:
        raise DocumentError(
            f"The document cannot be read: {error}.", where=where, hint=_AS_JSON
        ) from error
    except ValueError as error:
        # Python reads no integer of more than some thousand digits.
        raise DocumentError(
            "The document holds a number with too many digits.", where=where, hint=_AS_JSON
        ) from error
    _check_depth(value, where)
    return value


def read_json(path: Path) -> Json:
    """Return the JSON value in the file at ``path``.

    Raises:
        DocumentError: The file is missing, unreadable, too large, or malformed.
    """
    try:
        with path.open("rb") as file:
            content = file.read(largest_document + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise DocumentError(
            f"The file cannot be read: {reason or error}.", where=str(path)
        ) from error
    return parse_json(content, where=str(path))


def validated(
    model: type[Model], value: object, *, where: str, error: type[InputError] = DocumentError
) -> Model:
    """Return ``value`` as a ``model``, or raise ``error`` naming each wrong path and what is allowed there."""
    try:
        return model.model_validate(value)
    except ValidationError as invalid:
        raise error(
            f"{where} breaks its contract: {explain(invalid, model)}",
            where=_path(invalid.errors()[0]["loc"]),
            hint=f"`actwright schema {model.__name__}` prints the contract.",
        ) from invalid


def explain(invalid: ValidationError, model: type[Contract] | None = None) -> str:
    """Return the faults of a validation in one line: path, then what is wrong.

    Args:
        invalid: The faults.
        model: The contract that was broken, so that an unknown field is answered with the known ones.
    """
    found = faults(invalid, model)
    lines = found[:_MOST_FAULTS]
    if len(found) > _MOST_FAULTS:
        lines.append(f"and {len(found) - _MOST_FAULTS} more")
    return "; ".join(lines) + "."


def faults(invalid: ValidationError, model: type[Contract] | None = None) -> list[str]:
    """Return each fault of a validation: path, then what is wrong.

    Args:
        invalid: The faults.
        model: The contract that was broken, so that an unknown field is answered with the known ones.
    """
    found = invalid.errors(include_url=False, include_input=False)
    return [f"{_path(fault['loc'])}: {_fault(fault, model)}" for fault in found]


def _fault(fault: ErrorDetails, model: type[Contract] | None) -> str:
    if fault["type"] != "extra_forbidden":
        return fault["msg"].removeprefix("Value error, ").removesuffix(".")
    known = known_fields(model, fault["loc"][:-1]) if model else ()
    return f"unknown field; allowed: {', '.join(known)}" if known else "unknown field"


def _path(location: tuple[int | str, ...]) -> str:
    text = ""
    for part in location:
        shown = f"[{part}]" if isinstance(part, int) else plain_name(part)
        text += f".{shown}" if text and isinstance(part, str) else shown
    return text or "the document"


def plain_name(name: str) -> str:
    """Return a name such that none can pass for another: what is not plain ASCII is written out."""
    cut = name[:_LONGEST_PART]
    return cut if cut.isascii() and cut.isprintable() else ascii(cut)


class _ForgivenError(Exception):
    """Something json.loads accepts and no contract does."""


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    seen: dict[str, Json] = {}
    for key, value in pairs:
        if key in seen:
            raise _ForgivenError(f"the key {plain_name(key)} stands there twice")
        seen[key] = value
    return seen


def _no_constant(name: str) -> NoReturn:
    raise _ForgivenError(f"{name} is no number of JSON")


def _finite(text: str) -> float:
    value = float(text)
    if value in {float("inf"), float("-inf")}:
        raise _ForgivenError(f"the number {text[:40]} is too large")
    return value


def _check_depth(value: Json, where: str) -> None:
    level: list[Json] = [value]
    for _ in range(_DEEPEST):
        level = [child for item in level for child in _children(item)]
        if not level:
            return
    raise _too_deep(where)


def _too_deep(where: str) -> DocumentError:
    return DocumentError(
        f"The document nests deeper than {_DEEPEST} levels.", where=where, hint="Make it flatter."
    )


def _children(value: Json) -> list[Json]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []
