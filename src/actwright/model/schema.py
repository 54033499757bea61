"""Reply schemas in the strict subset that services hold a model to.

Every property is required, no object is open, unions are ``anyOf``, and what the subset does not know (lengths,
ranges, patterns) is told in the description and checked by us when the reply is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from actwright.canonical import Json
from actwright.contract import Contract
from actwright.model.chat import ReplySchema

_DROPPED = frozenset({"title", "default", "discriminator", "examples"})
_IN_WORDS: dict[str, Callable[[Json], str]] = {
    "minLength": lambda limit: f"At least {limit} characters.",
    "maxLength": lambda limit: f"At most {limit} characters.",
    "pattern": lambda pattern: f"Matches {pattern}.",
    "format": lambda name: f"In the form of a {name}.",
    "minimum": lambda limit: f"At least {limit}.",
    "maximum": lambda limit: f"At most {limit}.",
    "exclusiveMinimum": lambda limit: f"More than {limit}.",
    "exclusiveMaximum": lambda limit: f"Less than {limit}.",
    "multipleOf": lambda step: f"A multiple of {step}.",
    "minItems": lambda count: f"At least {count} items.",
    "maxItems": lambda count: f"At most {count} items.",
    "uniqueItems": lambda _: "No item twice.",
}
_SHAPES = frozenset({"type", "enum", "const", "$ref", "anyOf"})
_KEPT = frozenset({"type", "enum", "const", "description", "$ref", "required"})
_LONGEST_NAME = 64


@cache
def strict_schema(model: type[Contract]) -> ReplySchema:
    """Return the schema of ``model`` such that a service can hold a model to it.

    Raises:
        TypeError: The contract has an open map, or a shape the subset cannot say; that is a fault in the contract.
    """
    schema = model.model_json_schema(by_alias=True, mode="validation")
    strict = _strict(_rooted(schema), model.__name__)
    if strict.get("type") != "object":
        raise TypeError(f"A reply must be an object; {model.__name__} is none.")
    return ReplySchema(model.__name__[:_LONGEST_NAME], strict)


def _rooted(schema: dict[str, Json]) -> dict[str, Json]:
    """Return a schema with its object at the root: a contract that holds itself begins with a reference."""
    reference, definitions = schema.get("$ref"), schema.get("$defs")
    if not isinstance(reference, str) or not isinstance(definitions, dict):
        return schema
    root = definitions[reference.removeprefix("#/$defs/")]
    return {**root, "$defs": definitions} if isinstance(root, dict) else schema


def _strict(schema: Mapping[str, Json], where: str) -> dict[str, Json]:
    strict: dict[str, Json] = {}
    words: list[str] = []
    for keyword, value in schema.items():
        if keyword in _IN_WORDS:
            words.append(_IN_WORDS[keyword](value))
        elif keyword not in _DROPPED:
            _carry(keyword, value, strict, where)
    if words:
        strict["description"] = " ".join(
            str(each) for each in (strict.get("description"), *words) if each
        )
    if "properties" in strict:
        _close(schema, strict, where)
    elif strict.get("type") == "object":
        raise TypeError(f"{where} is an open map, which a strict schema cannot hold.")
    return _alone(strict)


def _carry(keyword: str, value: Json, strict: dict[str, Json], where: str) -> None:
    """Enter one keyword of a schema into its strict form."""
    if keyword in {"properties", "$defs"} and isinstance(value, dict):
        strict[keyword] = {name: _inner(each, f"{where}.{name}") for name, each in value.items()}
    elif keyword in {"anyOf", "oneOf"} and isinstance(value, list):
        strict["anyOf"] = [_inner(each, where) for each in value]
    elif keyword == "items":
        strict[keyword] = _inner(value, f"{where}[]")
    elif keyword in _KEPT:
        strict[keyword] = value
    elif keyword != "additionalProperties":
        raise TypeError(f"{where} uses {keyword!r}, which a strict schema cannot hold.")


def _inner(schema: Json, where: str) -> dict[str, Json]:
    strict = _strict(schema, where) if isinstance(schema, dict) else {}
    if not _SHAPES & set(strict):
        raise TypeError(f"{where} may be anything, which a strict schema cannot hold.")
    return strict


def _close(schema: Mapping[str, Json], strict: dict[str, Json], where: str) -> None:
    if schema.get("additionalProperties") is not False:
        raise TypeError(f"{where} is open, which a strict schema cannot hold.")
    properties = strict["properties"]
    assert isinstance(properties, dict)  # noqa: S101 - made above
    strict["required"] = list(properties)
    strict["additionalProperties"] = False


def _alone(strict: dict[str, Json]) -> dict[str, Json]:
    """Return a schema in which a reference stands alone, as the subset wants it."""
    if "$ref" not in strict or len(strict) == 1:
        return strict
    reference = {"$ref": strict.pop("$ref")}
    return {"anyOf": [reference], **strict}
