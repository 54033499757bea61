"""The base of every published document: frozen, closed, camelCase on the wire."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from actwright.field_words import field_words


class Contract(BaseModel):
    """A document with a published JSON Schema: frozen, unknown fields refused, camelCase on the wire.

    What stands below a field describes it in the schema. That is read when a schema is asked for, and what validates a
    contract is made when it is first used: to do both for hundreds of contracts, of which a command uses a few, takes a
    third of the time a process needs to start.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        allow_inf_nan=False,
        defer_build=True,
    )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the contract's schema, each field described by what stands below it in the source."""
        schema = handler(core_schema)
        fields = handler.resolve_ref_schema(schema).get("properties", {})
        for name, words in field_words(cls).items():
            field = fields.get(_wire_name(cls, name), fields.get(name))
            if field is not None:
                field.setdefault("description", words)
        return schema


def known_fields(model: type[Contract], location: Sequence[int | str]) -> tuple[str, ...]:
    """Return the wire names of the fields at a place inside a document of ``model``, sorted.

    Args:
        model: The contract of the whole document.
        location: The way to the place: fields by wire name, list positions, keys of open maps, tags of unions.
    """
    here: tuple[type[Contract], ...] = (model,)
    for part in location:
        inner = tuple(each for contract in here for each in _inside(contract, part))
        if inner:
            here = inner
    return tuple(sorted({_wire_name(each, name) for each in here for name in each.model_fields}))


def _inside(contract: type[Contract], part: int | str) -> Iterator[type[Contract]]:
    for name, field in contract.model_fields.items():
        if part in {name, _wire_name(contract, name)}:
            yield from _contracts(field.annotation)


def _contracts(annotation: object) -> Iterator[type[Contract]]:
    if isinstance(annotation, type) and issubclass(annotation, Contract):
        yield annotation
    for each in get_args(annotation):
        yield from _contracts(each)


def _wire_name(contract: type[Contract], name: str) -> str:
    return contract.model_fields[name].alias or name
