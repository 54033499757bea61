"""What the code of a generated action may reach: which fields it reads, which it writes, which services it calls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from actwright.blueprints.blueprint import InputName
from actwright.contract import Contract
from actwright.org.query import FieldPath, ObjectName

WriteOperation = Literal["CREATE", "UPDATE"]
"""What the code of a generated action may hand out."""

Service = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$", max_length=80)]
"""The name of a service."""


class FieldsOf(Contract):
    """Fields of one object that the code may read, also in conditions and orders. Names count exactly."""

    object: ObjectName
    fields: tuple[FieldPath, ...] = Field(min_length=1, max_length=100)
    """Its own fields and those of the records above it: ``Amount``, ``Account.OwnerId``; ``Id`` has no need to be named."""
    opaque: tuple[FieldPath, ...] = Field(default=(), max_length=100)
    """Those of ``fields`` whose values the code may pass on and never see."""

    @model_validator(mode="after")
    def _among_them(self) -> Self:
        """Refuse an opaque field that is not read at all, and one field under two spellings: one might be seen."""
        check_once(dict.fromkeys(self.fields))
        stray = sorted(set(self.opaque) - set(self.fields))
        if stray:
            raise ValueError(f"{stray[0]} is to be held opaque, and is not among the fields")
        return self


class WritesOf(Contract):
    """Fields of one object that the code may give values, by creating or by changing a record."""

    operation: WriteOperation
    object: ObjectName
    fields: tuple[InputName, ...] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _once(self) -> Self:
        """Refuse one field under two spellings."""
        check_once(dict.fromkeys(self.fields))
        return self


def check_once(names: Iterable[str]) -> None:
    """Refuse names of which two mean the same to an org, which takes no notice of case.

    Raises:
        ValueError: There are two.
    """
    known: set[str] = set()
    for each in names:
        if each.casefold() in known:
            raise ValueError(f"{each} is declared twice")
        known.add(each.casefold())
