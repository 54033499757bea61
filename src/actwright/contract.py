"""The base of every published document: frozen, closed, camelCase on the wire."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Contract(BaseModel):
    """A document with a published JSON Schema: frozen, unknown fields refused, camelCase on the wire."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )


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
