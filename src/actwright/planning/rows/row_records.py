"""The records that rows belong to, their owners, and the ones that are not meant: ``of Acme``, ``Bob's``, ``except X``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from actwright.org.query import Condition
from actwright.org.schema import FieldSchema
from actwright.planning.rows.row_tests import NAME_ENDS
from actwright.planning.words.lexicon import PRIMARY_OBJECTS
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.named import named_phrase
from actwright.planning.words.reading import RecordPhrase, RowPath, RowRecord, RowTest
from actwright.planning.words.scope import Scope

_OWNERS = ("User", "Group")
_OWNED = (
    ("owned", "by"),
    ("assigned", "to"),
    ("belonging", "to"),
    ("belong", "to"),
    ("owner", "is"),
)
_UNDER = (("related", "to"), ("linked", "to"), ("belonging", "to"), ("belong", "to"))
_LINKS = frozenset({"of", "from", "for", "at", "under", "in", "on"})
_EXCEPT = (
    ("except", "for"),
    ("but", "not"),
    ("other", "than"),
    ("apart", "from"),
    ("all", "but"),
    ("except",),
    ("excluding",),
)
_NOT_PARENTS = frozenset(
    {"OwnerId", "ReportsToId", "MasterRecordId", "ParentId", "CreatedById", "LastModifiedById"}
)
_MINE = frozenset({"me", "mine", "myself"})
_JOINS = frozenset({"and", "or", ","})
_INSIDE = frozenset({"and", "of", "&", ","})


@dataclass(frozen=True, slots=True)
class SaidRecord:
    """A record the rows are told by, or a test where it is known already, and the position behind its words."""

    stop: int
    record: RowRecord | None = None
    test: RowTest | None = None


class RowRecords:
    """Reads the records that the rows of one object are told by out of one clause."""

    def __init__(self, scope: Scope, index: FieldIndex) -> None:
        self._scope = scope
        self._index = index

    def before(self, at: int, stop: int) -> SaidRecord | None:
        """Return whose rows they are where that stands before the object: ``my``, ``Bob's``, ``Acme``."""
        if self._scope.key(at) == "my":
            return self._mine(at + 1)
        for end in range(at + 1, stop + 1):
            if self._scope.tokens[end - 1].possessive:
                return self._named(at, end, (*self._owners(), *self._parents()))
        if not all(self._names(each, at, stop) for each in range(at, stop)):
            return None
        own = (RowPath(self._index.schema.name, "Id", ""),) if self._joined(at, stop) else ()
        return self._named(at, stop, tuple(self._parents()) or own)

    def _names(self, at: int, start: int, stop: int) -> bool:
        """Tell whether a word before the object is a name, or joins two: ``Contoso and Acme``."""
        joins = self._scope.key(at) in _JOINS and start < at < stop - 1
        return joins or self._scope.tokens[at].capital

    def _joined(self, start: int, stop: int) -> bool:
        return any(self._scope.key(each) in _JOINS for each in range(start, stop))

    def behind(self, at: int, stop: int) -> SaidRecord | None:
        """Return whose rows they are, or which are not meant, where that stands behind the object."""
        if mark := self._mark(at, _EXCEPT):
            return self._excepted(at + mark, stop)
        if mark := self._mark(at, _OWNED):
            return self._owned(at + mark, stop, under=bool(self._mark(at, _UNDER)))
        if mark := self._mark(at, _UNDER):
            end = self._name_end(at + mark, stop)
            return self._named(at + mark, end, tuple(self._parents()))
        if self._scope.key(at) in _LINKS:
            return self._linked(at, stop)
        return None

    def _linked(self, at: int, stop: int) -> SaidRecord | None:
        mark, start = self._scope.key(at), at + 1
        end = self._name_end(start, stop)
        if mark == "of" and self._scope.key(start) in _MINE:
            return self._mine(start + 1)
        text = self._index.schema.field("Company") is not None
        if text and mark in {"from", "at"} and self._index.schema.field("AccountId") is None:
            return self._company(start, end)
        given = mark == "from" and end == stop and self._scope.key(stop) == "to"
        owners = tuple(self._owners()) if given or mark in {"of", "for", "in"} else ()
        return self._named(start, end, (*owners, *self._parents()))

    def _owned(self, at: int, stop: int, *, under: bool) -> SaidRecord | None:
        if self._scope.key(at) in _MINE:
            return self._mine(at + 1)
        parents = tuple(self._parents()) if under else ()
        return self._named(at, self._name_end(at, stop), (*self._owners(), *parents))

    def _mark(self, at: int, marks: tuple[tuple[str, ...], ...]) -> int:
        keys = (self._scope.key(at), self._scope.key(at + 1))
        return next((len(each) for each in marks if keys[: len(each)] == each), 0)

    def _mine(self, stop: int) -> SaidRecord | None:
        owner, user = self._index.schema.field("OwnerId"), self._scope.user
        if owner is None or user is None:
            return None
        where = Condition(field=owner.name, value=user.id)
        return SaidRecord(stop, test=RowTest((where,)))

    def _company(self, start: int, stop: int) -> SaidRecord | None:
        """Read ``from Globex`` where the employer is text: a lead's company."""
        company = self._index.schema.field("Company")
        text = " ".join(self._scope.text(start, stop).split())
        if company is None or not text or not company.filterable:
            return None
        lively = any(
            each.capital or each.kind == "quoted" for each in self._scope.tokens[start:stop]
        )
        where = Condition(field=company.name, value=text)
        return SaidRecord(stop, test=RowTest((where,))) if lively else None

    def _excepted(self, start: int, stop: int) -> SaidRecord | None:
        schema = self._index.schema
        end = self._name_end(start, stop)
        found = self._named(start, end, (RowPath(schema.name, "Id", ""),))
        if found is None or found.record is None:
            return None
        record = found.record
        return SaidRecord(
            found.stop, RowRecord(record.record, record.paths, record.others, excepted=True)
        )

    def _named(self, start: int, stop: int, paths: tuple[RowPath, ...]) -> SaidRecord | None:
        objects = tuple(dict.fromkeys(each.object for each in paths))
        whole = (
            named_phrase(self._scope, start, stop, objects) if objects and stop > start else None
        )
        if whole is None or (whole.earlier and not whole.named_object):
            return None
        others = tuple(self._split(start, stop, objects))
        fitting = tuple(each for each in paths if each.object in whole.objects or others)
        return SaidRecord(stop, RowRecord(whole, fitting, others)) if fitting else None

    def _split(self, start: int, stop: int, objects: tuple[str, ...]) -> Iterator[RecordPhrase]:
        """Yield the records that ``Acme and Globex`` names one by one; nothing where there is only one name."""
        scope, begin = self._scope, start
        cuts = [at for at in range(start, stop) if scope.key(at) in _JOINS]
        for at in (*cuts, stop) if cuts else ():
            phrase = named_phrase(scope, begin, at, objects) if at > begin else None
            if phrase is not None:
                yield phrase
            begin = at + 1

    def _name_end(self, at: int, stop: int) -> int:
        scope, end = self._scope, at
        while end < stop:
            key, behind = scope.key(end), scope.tokens[end + 1 : end + 2]
            lively = end + 1 < stop and any(
                each.capital or each.kind == "quoted" for each in behind
            )
            joined = (
                key in _INSIDE | _JOINS and end > at and (lively or self._number(end + 1, stop))
            )
            if not joined and key in NAME_ENDS | _JOINS | {"my"}:
                break
            end += 1
        return end

    def _number(self, at: int, stop: int) -> bool:
        """Tell whether a record's number goes on: ``00001001 and 00001002``."""
        return at < stop and self._scope.tokens[at].text.isdigit()

    def _owners(self) -> Iterator[RowPath]:
        owner = self._index.schema.field("OwnerId")
        for name in _OWNERS if owner else ():
            if owner is not None and name in owner.reference_to and self._scope.objects.get(name):
                yield from self._path(owner, name)

    def _parents(self) -> Iterator[RowPath]:
        schema = self._index.schema
        broad = schema.field("WhatId") is not None
        for each in schema.fields:
            skipped = each.name in _NOT_PARENTS or each.name.startswith("Converted")
            if each.type != "reference" or skipped or (broad and each.name == "AccountId"):
                continue
            for name in each.reference_to:
                if name in PRIMARY_OBJECTS and self._scope.objects.get(name):
                    yield from self._path(each, name)

    @staticmethod
    def _path(field: FieldSchema, name: str) -> Iterator[RowPath]:
        if field.relationship_name and field.filterable:
            mixed = len(field.reference_to) > 1
            yield RowPath(name, field.name, field.relationship_name, mixed=mixed)
