"""The reply of a model that writes an action: code, what it touches, and its tests, without an open map or a real id."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from actwright.actions.generated.action import Maker
from actwright.actions.generated.capability import FieldsOf, WriteOperation, WritesOf
from actwright.actions.generated.trial import ExpectedEffect, GeneratedTest, SampleRow
from actwright.actions.generating.generator import Draft, Wanted
from actwright.actions.generating.sample import Sample
from actwright.blueprints.adapters import family_of_type
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.contract import Contract
from actwright.inert import inert
from actwright.org.query import JsonScalar
from actwright.org.value import Family

_MOST_TESTS = 12
_LEAST_TESTS = 2
_LONGEST_SAID = 255
_ID = re.compile(r"(?P<object>[A-Za-z][A-Za-z0-9_]{0,79})#(?P<number>[0-9]{1,3})")

_Name = Annotated[str, Field(max_length=80)]
_Path = Annotated[str, Field(max_length=255)]
_Text = Annotated[str, Field(max_length=4_000)]


class ReplyFields(Contract):
    """Fields of one object that the code reads."""

    object: _Name
    """The API name."""
    fields: tuple[_Path, ...] = Field(max_length=50)
    """API names; a parent's field as Account.OwnerId."""


class ReplyWrite(Contract):
    """Fields of one object that the code fills."""

    operation: WriteOperation
    """CREATE for new records, UPDATE for records that are there."""
    object: _Name
    """The API name."""
    fields: tuple[_Name, ...] = Field(max_length=50)
    """API names."""


class ReplyValue(Contract):
    """A value by name."""

    name: _Path
    """The input or the field."""
    value: _Text | None
    """As text: 1250.50, 2026-03-02, true; ids as Account#1; null is empty."""


class ReplyRecord(Contract):
    """A sample record."""

    object: _Name
    """The API name."""
    values: tuple[ReplyValue, ...] = Field(max_length=60)
    """Its fields, the Id among them."""


class ReplyEffect(Contract):
    """A write that has to come out."""

    operation: WriteOperation
    """CREATE or UPDATE."""
    object: _Name
    """The API name."""
    record: Annotated[str, Field(max_length=100)] | None
    """The record that is changed, as Account#1; null for a new one."""
    values: tuple[ReplyValue, ...] = Field(max_length=60)
    """Every field it fills."""


class ReplyTest(Contract):
    """One test."""

    name: Annotated[str, Field(max_length=120)]
    """What it is about, in a few words."""
    arguments: tuple[ReplyValue, ...] = Field(max_length=60)
    """Each required input, and those that matter here."""
    records: tuple[ReplyRecord, ...] = Field(max_length=60)
    """The records there are."""
    effects: tuple[ReplyEffect, ...] = Field(max_length=30)
    """Exactly the writes, in order; empty where it fails."""
    fails: bool
    """Whether the code has to raise."""


class ActionReply(Contract):
    """The whole reply."""

    code: Annotated[str, Field(max_length=32_000)]
    """The source: imports and the one function."""
    reads: tuple[ReplyFields, ...] = Field(max_length=20)
    """What the code reads; each object once."""
    writes: tuple[ReplyWrite, ...] = Field(max_length=20)
    """What the code fills; each object once for each operation."""
    tests: tuple[ReplyTest, ...] = Field(max_length=_MOST_TESTS)
    """At least two."""
    assumptions: tuple[Annotated[str, Field(max_length=500)], ...] = Field(max_length=10)
    """What was taken for granted."""


def form_faults(reply: ActionReply) -> tuple[str, ...]:
    """Return what does not go together in a reply as a whole."""
    found: list[str] = []
    if len(reply.tests) < _LEAST_TESTS:
        found.append(f"there are fewer than {_LEAST_TESTS} tests")
    names = [each.name for each in reply.tests]
    found += [f"two tests are called {each[:80]!r}" for each in {*names} if names.count(each) > 1]
    for test in reply.tests:
        if test.fails and test.effects:
            found.append(f"test {test.name[:80]!r}: it fails, so no write comes out")
        found += [
            f"test {test.name[:80]!r}: a {each.object[:80]} has no Id"
            for each in test.records
            if not any(one.name == "Id" and one.value for one in each.values)
        ]
    return tuple(found)


def held_opaque(blueprint: ActionBlueprint) -> tuple[str, ...]:
    """Return the inputs whose values code of a model never sees: the records it starts from."""
    records = (each for each in blueprint.inputs if each.data_type in {"Id", "Reference"})
    return tuple(each.api_name for each in records if each.required)


class Drafting:
    """Makes a draft of a reply: texts become typed values, and ``Account#1`` the id of a sample record.

    Args:
        wanted: What the code is for.
        made_by: Which model, asked with which prompt.
    """

    def __init__(self, wanted: Wanted, made_by: Maker) -> None:
        self._wanted = wanted
        self._made_by = made_by
        self._ids = Sample(wanted.schemas, wanted.prefixes)
        self._known: dict[str, str] = {}

    def draft(self, reply: ActionReply) -> Draft:
        """Return the draft.

        Raises:
            ValidationError: A name is none, or a list is empty.
        """
        return Draft(
            code=reply.code,
            reads=tuple(FieldsOf(object=each.object, fields=each.fields) for each in reply.reads),
            writes=tuple(
                WritesOf(operation=each.operation, object=each.object, fields=each.fields)
                for each in reply.writes
            ),
            tests=tuple(map(self._test, reply.tests)),
            origin="model",
            made_by=self._made_by,
            opaque_inputs=held_opaque(self._wanted.blueprint),
            assumptions=tuple(inert(each, limit=_LONGEST_SAID) for each in reply.assumptions),
        )

    def _test(self, said: ReplyTest) -> GeneratedTest:
        records: dict[str, list[SampleRow]] = {}
        for each in said.records:
            row = {one.name: self._field(each.object, one) for one in each.values}
            records.setdefault(each.object, []).append(row)
        return GeneratedTest(
            name=inert(said.name, limit=120) or "unnamed",
            arguments={each.name: self._argument(each) for each in said.arguments},
            records={name: tuple(rows) for name, rows in records.items()},
            effects=tuple(map(self._effect, said.effects)),
            fails=said.fails,
        )

    def _effect(self, said: ReplyEffect) -> ExpectedEffect:
        return ExpectedEffect(
            operation=said.operation,
            object=said.object,
            record_id=self._id(said.record) if said.record is not None else None,
            values={each.name: self._field(said.object, each) for each in said.values},
        )

    def _argument(self, said: ReplyValue) -> JsonScalar:
        wanted = self._wanted.blueprint.input(said.name)
        return self._typed(said.value, family_of_type(wanted.data_type) if wanted else "string")

    def _field(self, name: str, said: ReplyValue) -> JsonScalar:
        schema = self._wanted.schemas.get(name)
        held = schema.field(said.name) if schema is not None else None
        is_id = said.name == "Id" or said.name.endswith(".Id")
        return self._typed(said.value, "id" if is_id else held.family if held else "string")

    def _typed(self, text: str | None, family: Family) -> JsonScalar:
        if text is None:
            return None
        if family == "boolean":
            return {"true": True, "false": False}.get(text.strip().lower(), text)
        if family == "integer" and re.fullmatch(r"[+-]?[0-9]{1,15}", text.strip()):
            return int(text)
        return self._id(text)

    def _id(self, text: str) -> str:
        """Return the sample id behind ``Account#1``; any other text as it is."""
        match = _ID.fullmatch(text.strip())
        if match is None:
            return text
        return self._known.setdefault(match[0], self._ids.new_id(match["object"]))
