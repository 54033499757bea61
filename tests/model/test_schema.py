"""Reply schemas keep to the strict subset that services hold a model to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import jsonschema
import pytest
from pydantic import Field
from tests.model.scripted import Word

from actwright.canonical import Json
from actwright.contract import Contract
from actwright.model.schema import strict_schema
from actwright.planning.model.reply import PlanReply

_KEYWORDS = {
    "type", "properties", "required", "additionalProperties", "items", "anyOf", "enum", "const", "description",
    "$ref", "$defs",
}  # fmt: skip


class Cat(Contract):
    """One kind."""

    kind: Literal["cat"]
    lives: int = Field(default=9, ge=1, le=9)


class Dog(Contract):
    """Another kind."""

    kind: Literal["dog"]
    name: Annotated[str, Field(pattern="^[A-Z]", max_length=5)]


class Pets(Contract):
    """A reply with everything a contract may have."""

    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
    """The pet."""
    others: tuple[Cat, ...] = Field(default=(), max_length=3)
    nested: Pets | None = None


class Open(Contract):
    """A reply with an open map."""

    values: dict[str, str]


class Anything(Contract):
    """A reply with a value of no shape."""

    value: object


def schemas(schema: Json) -> Iterator[dict[str, Json]]:
    """Yield every schema inside a schema."""
    assert isinstance(schema, dict)
    yield schema
    for name in ("properties", "$defs"):
        for each in _object(schema.get(name)).values():
            yield from schemas(each)
    for each in schema.get("anyOf") or []:  # type: ignore[union-attr]
        yield from schemas(each)
    if "items" in schema:
        yield from schemas(schema["items"])


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


@pytest.mark.parametrize("model", [Word, Pets, PlanReply])
def test_a_schema_keeps_the_rules_of_strict_structured_output(model: type[Contract]) -> None:
    """Closed objects, all properties required, known keywords only, a reference alone, an object at the root."""
    strict = strict_schema(model)
    assert strict.schema["type"] == "object"
    assert "anyOf" not in strict.schema
    for each in schemas(strict.schema):
        assert set(each) <= _KEYWORDS
        if "$ref" in each:
            assert set(each) == {"$ref"}
        if each.get("type") == "object":
            assert each["additionalProperties"] is False
            assert each["required"] == list(_object(each["properties"]))
    jsonschema.Draft202012Validator.check_schema(strict.schema)


def test_what_the_subset_cannot_say_is_told_in_words() -> None:
    """Lengths, ranges and patterns stand in the description, beside what stood there."""
    schema = strict_schema(Pets).schema
    definitions = _object(schema["$defs"])
    lives = _object(_object(_object(definitions["Cat"])["properties"])["lives"])
    name = _object(_object(_object(definitions["Dog"])["properties"])["name"])
    assert lives["description"] == "At most 9. At least 1."
    assert name["description"] == "At most 5 characters. Matches ^[A-Z]."


def test_a_document_of_the_contract_fits_the_schema() -> None:
    """What a contract writes, with every field, is what the service is asked for."""
    pets = Pets(pet=Dog(kind="dog", name="Rex"), others=(Cat(kind="cat"),))
    schema = strict_schema(Pets).schema
    jsonschema.validate(pets.model_dump(mode="json"), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"pet": {"kind": "cow"}, "others": [], "nested": None}, schema)


@pytest.mark.parametrize("model", [Open, Anything])
def test_an_open_contract_is_refused(model: type[Contract]) -> None:
    """An open map or a value of no shape is a fault in the contract, and said as one."""
    with pytest.raises(TypeError, match="strict schema"):
        strict_schema(model)
