"""Reading: the queries of a generated action, typed, within what it declared, with the person's rights.

A query that reaches beyond the declaration ends the run there and then; the code is never told, so that it cannot go
on as if nothing had happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from actwright.actions.generated.action import GeneratedAction
from actwright.actions.generated.capability import FieldsOf
from actwright.actions.generated.denial import denied
from actwright.actions.generated.field_path import field_at
from actwright.actions.generated.knowledge import Knowledge
from actwright.actions.generated.surface import MOST_ROWS
from actwright.actions.generated.values import for_code, for_condition, from_code
from actwright.actions.implementation import ResolvedArgument
from actwright.document import explain
from actwright.errors import ImplementationError
from actwright.inert import inert
from actwright.org.ports import OrgReader, Record
from actwright.org.query import Condition, JsonScalar, Ordering, RecordQuery
from actwright.org.value import Family, FieldValue, in_family
from actwright.sandbox import Opaque, Value

_ID = "Id"
_TRIPLE = 3
_SAME = frozenset({"=", "IN"})
"""How a value that is held opaque may be compared: with another one, and not by feeling along it."""

_SAME_ID = frozenset({"=", "!=", "IN", "NOT IN"})
"""The same for ids, which tell nothing by themselves."""


@dataclass
class Reading:
    """The reads of one run of the code.

    Attributes:
        action: The action, with what it declared.
        reader: The org, read-only, with the person's rights.
        knowledge: What the run learns.
    """

    action: GeneratedAction
    reader: OrgReader
    knowledge: Knowledge
    rows: int = 0

    def get(self, arguments: Mapping[str, Value]) -> Value:
        """Return one record by an id the code was handed or has read.

        Raises:
            ImplementationError: It reaches beyond the declaration, or there is no such record.
            OrgError: The org cannot be asked.
        """
        declared = self._declared(arguments["object"])
        fields = self._fields(declared, arguments["fields"])
        key = self._id(arguments["id"], f"{declared.object}.Id")
        where = (Condition(field=_ID, value=key),)
        found = self._ask(
            declared, RecordQuery(object=declared.object, fields=fields, where=where, limit=1)
        )
        if not found:
            raise ImplementationError(
                f"{self.action.name} reads a record of {declared.object} that is not there, or not visible to "
                f"{inert(self.reader.user.username)}.",
                where=declared.object,
                hint="Check the record, and that you may see it.",
                code="record_not_found",
            )
        return found[0]

    def query(self, arguments: Mapping[str, Value]) -> Value:
        """Return the records for which all conditions hold.

        Raises:
            ImplementationError: It reaches beyond the declaration, or finds more than may be read.
            OrgError: The org cannot be asked.
        """
        declared = self._declared(arguments["object"])
        fields = self._fields(declared, arguments["fields"])
        limit = self._limit(arguments.get("limit"))
        left = MOST_ROWS - self.rows
        try:
            asked = RecordQuery(
                object=declared.object,
                fields=fields,
                where=tuple(self._conditions(declared, arguments.get("where"))),
                order=tuple(self._orders(declared, arguments.get("order"))),
                limit=min(limit or left + 1, left + 1),
            )
        except ValidationError as error:
            raise self._denied(
                f"asks a query nobody can read: {explain(error)}", declared.object
            ) from error
        return self._ask(declared, asked)

    def _ask(self, declared: FieldsOf, asked: RecordQuery) -> list[Value]:
        """Ask the org, and take in what is learned by the answer, also by an empty one."""
        schema = self.reader.describe(declared.object)
        found_at = {each: field_at(self.reader, schema.name, each) for each in asked.fields}
        held = set(declared.opaque)
        name_field = schema.name_field if held & set(asked.fields) else None
        named = name_field.name if name_field else _ID
        fields = tuple(dict.fromkeys((*asked.fields, named)))
        query = asked.model_copy(update={"object": schema.name, "fields": fields})
        (found,) = self.reader.query([query])
        for owner in (schema, *(each.owner for each in found_at.values() if each)):
            self.knowledge.has_read(owner.name)
        self._count(len(found), declared)
        kinds = {path: each.field.family if each else "string" for path, each in found_at.items()}
        return [self._row(each, kinds, held, named) for each in found]

    def _count(self, rows: int, declared: FieldsOf) -> None:
        self.rows += rows
        if self.rows > MOST_ROWS:
            raise ImplementationError(
                f"{self.action.name} would read more than {MOST_ROWS:,} records.",
                where=declared.object,
                hint="Narrow its query, or give it a limit.",
                code="rows_over_ceiling",
            )

    def _row(
        self, found: Record, kinds: Mapping[str, Family], held: set[str], named: str
    ) -> dict[str, Value]:
        self.knowledge.learn([found.id])
        called = str(found.values.get(named) or found.id)
        row: dict[str, Value] = {} if _ID in kinds else {_ID: found.id}
        for path, family in kinds.items():
            value = found.id if path == _ID else found.values.get(path)
            if family == "id":
                self.knowledge.learn([value])
            if path not in held:
                row[path] = for_code(value, family)
                continue
            source = f"{found.object}.{path} of {called}"
            provenance, mixed = self.knowledge.read_value()
            taken = ResolvedArgument(
                input="held",
                value=value,
                family=family,
                provenance=provenance,
                mixed=mixed,
                source=inert(source, limit=300),
            )
            row[path] = Opaque(taken, f"{found.object}.{path}")
        return row

    def _declared(self, name: Value) -> FieldsOf:
        for each in self.action.reads:
            if each.object == name:
                return each
        raise self._denied(f"reads {_told(name)}, which it has not declared", _told(name))

    def _fields(self, declared: FieldsOf, wanted: Value) -> tuple[str, ...]:
        given = wanted if isinstance(wanted, (list, tuple)) else ()
        if not given:
            raise self._denied(f"reads no field of {declared.object}", declared.object)
        return tuple(dict.fromkeys(self._field(declared, each) for each in given))

    def _field(self, declared: FieldsOf, name: Value) -> str:
        if isinstance(name, str) and (name == _ID or name in declared.fields):
            return name
        told = f"{declared.object}.{_told(name)}"
        raise self._denied(f"reads {told}, which it has not declared", told)

    def _conditions(self, declared: FieldsOf, given: Value) -> list[Condition]:
        if given is None:
            return []
        if not isinstance(given, (list, tuple)):
            raise self._denied("asks with conditions that are no list", declared.object)
        return [self._condition(declared, each) for each in given]

    def _condition(self, declared: FieldsOf, given: Value) -> Condition:
        if not isinstance(given, (list, tuple)) or len(given) != _TRIPLE:
            raise self._denied(
                "has a condition that is not field, operator, value", declared.object
            )
        field, operator, value = self._field(declared, given[0]), str(given[1]), given[2]
        told = f"{declared.object}.{field}"
        family = self._family(declared.object, field)
        many = isinstance(value, (list, tuple))
        each_value: Sequence[Value] = value if isinstance(value, (list, tuple)) else (value,)
        unseen = any(isinstance(each, Opaque) for each in each_value)
        feels = field in declared.opaque and not isinstance(value, Opaque)
        if feels or (unseen and operator not in (_SAME_ID if family == "id" else _SAME)):
            raise self._denied(f"feels along {told}, whose values it must not see", told)
        values = tuple(self._compared(each, family, told) for each in each_value)
        return Condition.model_validate(
            {"field": field, "operator": operator, "value": values if many else values[0]}
        )

    def _compared(self, value: Value, family: Family, told: str) -> JsonScalar:
        if family == "id" and value is not None:
            return self._id(value, told)
        if isinstance(value, Opaque):
            taken = _taken(value, told)
            self.knowledge.has_compared(taken)
            return for_condition(self._unseen(taken, family, told))
        return for_condition(from_code(value, told))

    def _unseen(self, taken: ResolvedArgument, family: Family, told: str) -> FieldValue:
        """Return a value held opaque as a field of a family has it; where it is none, no error shows it."""
        try:
            return in_family(taken.value, family)
        except (ValueError, ArithmeticError):
            what = f"compares {told} with a value it must not see, and which is no {family}"
            raise self._denied(what, told) from None

    def _orders(self, declared: FieldsOf, given: Value) -> list[Ordering]:
        if given is None:
            return []
        if not isinstance(given, (list, tuple)) or not all(isinstance(each, str) for each in given):
            raise self._denied("orders by what is no list of fields", declared.object)
        orders = []
        for each in map(str, given):
            field = self._field(declared, each.removeprefix("-"))
            if field in declared.opaque:
                raise self._denied(
                    f"orders by {field}, whose values it must not see", declared.object
                )
            orders.append(Ordering(field=field, descending=each.startswith("-")))
        return orders

    def _limit(self, given: Value) -> int:
        if given is None:
            return 0
        if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= MOST_ROWS:
            return given
        raise self._denied(f"asks for more than {MOST_ROWS:,} rows, or for no number of them", None)

    def _id(self, value: Value, told: str) -> str:
        if isinstance(value, Opaque):
            taken = _taken(value, told)
            if taken.linked_to is not None:
                raise self._denied(f"reads {told} by a record that does not exist yet", told)
            self.knowledge.has_compared(taken)
            value = None if taken.value is None else str(taken.value)
        return self.knowledge.known_id(value, told)

    def _family(self, name: str, path: str) -> Family:
        found = field_at(self.reader, name, path)
        return found.field.family if found else "string"

    def _denied(self, what: str, where: str | None) -> ImplementationError:
        return denied(self.action, what, where)


def _taken(value: Opaque, told: str) -> ResolvedArgument:
    if isinstance(value.value, ResolvedArgument):
        return value.value
    raise ImplementationError(
        f"{told} is compared with a value nobody knows.", code="generated_denied"
    )


def _told(name: Value) -> str:
    return inert(name, limit=80) if isinstance(name, str) else "something without a name"
