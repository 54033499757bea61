"""Fault words: what is wrong with a part of a policy, for people who never heard of the library that found it."""

from __future__ import annotations

from collections.abc import Mapping

_BY_TYPE: Mapping[str, str] = {
    "missing": "is missing",
    "string_type": "has to be a text",
    "int_type": "has to be a whole number",
    "int_parsing": "has to be a whole number",
    "bool_type": "has to be true or false",
    "tuple_type": "has to be a list",
    "list_type": "has to be a list",
    "dict_type": "has to be keys with their values",
    "model_type": "has to be keys with their values, as in {key: value}",
    "model_attributes_type": "has to be keys with their values, as in {key: value}",
    "timezone_aware": "has to name a zone, as in 2026-12-31T18:00:00Z",
}
_BEGINS = (
    ("Value error, ", ""),
    ("Input should be ", "has to be "),
    ("Tuple should have ", "has to have "),
    ("List should have ", "has to have "),
    ("Dictionary should have ", "has to have "),
    ("String should have ", "has to have "),
    ("String should match ", "has to match "),
    ("Decimal input should ", "has to "),
)


def fault_words(kind: str, message: str) -> str:
    """Return what is wrong, to follow the path of the part it is wrong with.

    Args:
        kind: The kind of fault, as pydantic names it.
        message: What pydantic says of it.
    """
    if kind in _BY_TYPE:
        return _BY_TYPE[kind]
    if kind.startswith("datetime"):
        return "has to be a point in time with a zone, as in 2026-12-31T18:00:00Z"
    told = message.removesuffix(".")
    for begin, instead in _BEGINS:
        if told.startswith(begin):
            told = f"{instead}{told.removeprefix(begin)}"
            break
    return told.partition(" after validation, not ")[0]
