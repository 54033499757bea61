"""States that rows are told by: ``open``, ``overdue``, ``unassigned``, ``high priority``, ``in Prospecting``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from actwright.org.query import Condition, JsonScalar
from actwright.org.schema import FieldSchema
from actwright.planning.words.lexicon import DATE_FIELDS, DETERMINERS
from actwright.planning.words.matching import FieldIndex, ValueMention
from actwright.planning.words.reading import RowTest
from actwright.planning.words.scope import Scope
from actwright.planning.words.text import camel_words

_LISTING = frozenset({"or", "and", ",", "and/or"})
_OPPOSITES = ("un", "in", "non")
_NOT = frozenset({"not", "isn't", "aren't"})
_UNASSIGNED = "those in a queue are taken too, since nobody owns them"
"""What ``unassigned`` is read as: every record has an owner, and only a queue is nobody."""

_YET = frozenset({"yet", "been", "marked", "as", "in"})


@dataclass(frozen=True, slots=True)
class SaidState:
    """A state the rows are in, and the position behind its words; ``field`` is the picklist that holds it."""

    test: RowTest
    stop: int
    field: FieldSchema | None = None


class StateTests:
    """Reads states of the rows of one object out of one clause."""

    def __init__(self, scope: Scope, index: FieldIndex) -> None:
        self._scope = scope
        self._index = index

    def at(self, at: int, stop: int) -> SaidState | None:
        """Return the state that begins at ``at`` and ends before or at ``stop``, or None."""
        if self._scope.key(at) in _NOT:
            behind = self._scope.skip(at + 1, _YET)
            return self._plain(behind, stop, no=True)
        return self._plain(at, stop, no=False)

    def _plain(self, at: int, stop: int, *, no: bool) -> SaidState | None:
        found = [each for each in self._readings(at, stop, no=no) if each.stop <= stop]
        return max(found, key=lambda each: each.stop, default=None)

    def _readings(self, at: int, stop: int, *, no: bool) -> Iterator[SaidState]:
        known = None if no else self._known(at)
        for found in (
            known,
            self._closed(at, no=no),
            self._values(at, stop, no=no),
            self._flag(at, stop, no=no),
        ):
            if found is not None:
                yield found

    def _closed(self, at: int, *, no: bool) -> SaidState | None:
        """Read ``open`` and ``closed``, and what they are not."""
        word, closed = self._scope.key(at), self._flag_field("IsClosed")
        if closed is None or word not in {"open", "closed"}:
            return None
        value = (word == "closed") != no
        where = Condition(field=closed.name, value=value)
        return SaidState(RowTest((where,)), at + 1)

    def _known(self, at: int) -> SaidState | None:
        word = self._scope.key(at)
        if word in {"won", "lost"}:
            return self._decided(word, at)
        if word == "unassigned":
            return self._unassigned(at)
        late = word == "overdue" or (word, self._scope.key(at + 1)) == ("past", "due")
        return self._overdue(at, 1 + (word == "past")) if late else None

    def _decided(self, word: str, at: int) -> SaidState | None:
        """Read ``won`` and ``lost``; what is lost is closed and was not won."""
        closed, won = self._flag_field("IsClosed"), self._flag_field("IsWon")
        if closed is None or won is None:
            return None
        where: tuple[Condition, ...] = (Condition(field=won.name, value=True),)
        if word == "lost":
            is_closed = Condition(field=closed.name, value=True)
            where = (is_closed, Condition(field=won.name, value=False))
        return SaidState(RowTest(where), at + 1)

    def _unassigned(self, at: int) -> SaidState | None:
        owner = self._index.schema.field("OwnerId")
        if owner is None or "Group" not in owner.reference_to or not owner.relationship_name:
            return None
        where = Condition(field=f"{owner.relationship_name}.Type", operator="!=", value="User")
        return SaidState(RowTest((where,), _UNASSIGNED), at + 1)

    def _overdue(self, at: int, length: int) -> SaidState | None:
        closed = self._flag_field("IsClosed")
        name = next(iter(DATE_FIELDS.get(self._index.schema.name, ())), "")
        due = self._index.schema.field(name)
        if closed is None or due is None or due.type != "date":
            return None
        today = self._scope.today.isoformat()
        where = (
            Condition(field=due.name, operator="<", value=today),
            Condition(field=closed.name, value=False),
        )
        return SaidState(RowTest(where), at + length)

    def _flag_field(self, name: str) -> FieldSchema | None:
        field = self._index.schema.field(name)
        return field if field and field.type == "boolean" and field.filterable else None

    def _flag(self, at: int, stop: int, *, no: bool) -> SaidState | None:
        """Read ``active``, ``inactive``, ``unconverted``: a yes-or-no field called after the word."""
        word = self._scope.key(at) if at < stop else ""
        for field in self._index.schema.fields:
            name = "".join(camel_words(field.name)).removeprefix("is")
            opposite = any(word == f"{each}{name}" for each in _OPPOSITES)
            if not word or field.type != "boolean" or not (word == name or opposite):
                continue
            if field.filterable and not field.name.startswith("IsDeleted"):
                value = opposite == no
                where = Condition(field=field.name, value=value)
                return SaidState(RowTest((where,)), at + 1)
        return None

    def _values(self, at: int, stop: int, *, no: bool) -> SaidState | None:
        """Read ``new``, ``high priority``, ``in Prospecting or Qualification``: values of one picklist."""
        first = self._value(at, stop, None)
        if first is None:
            return None
        values, behind = [first.value.value], at + first.length
        while (start := self._scope.skip(behind, _LISTING)) > behind:
            more = self._value(start, stop, first.field)
            if more is None:
                break
            values.append(more.value.value)
            behind = start + more.length
        mention = self._index.field_at(self._scope.tokens, behind, stop)
        if mention is not None and mention.field.name == first.field.name:
            behind += mention.length
        return SaidState(equal_to(first.field, values, no=no), behind, first.field)

    def _value(self, at: int, stop: int, wanted: FieldSchema | None) -> ValueMention | None:
        start = self._scope.skip(at, DETERMINERS)
        found = self._index.values_at(self._scope.tokens, start, stop)
        if wanted is not None:
            return next((each for each in found if each.field.name == wanted.name), None)
        if start > at:
            return None
        named = [each for each in found if self._followed(each, start, stop)]
        states = {each.name for each in self._index.states()}
        likely = named or [each for each in found if each.field.name in states] or list(found)
        return likely[0] if len(likely) == 1 and likely[0].field.filterable else None

    def _followed(self, mention: ValueMention, at: int, stop: int) -> bool:
        """Tell whether the value's field stands behind it: ``high priority``."""
        behind = self._index.field_at(self._scope.tokens, at + mention.length, stop)
        return behind is not None and behind.field.name == mention.field.name


def equal_to(field: FieldSchema, values: list[str], *, no: bool = False) -> RowTest:
    """Return the test that a field holds one of ``values``, or none of them."""
    if field.type == "multipicklist" or len(values) > 1:
        listed: tuple[JsonScalar, ...] = tuple(values)
        return RowTest(
            (Condition(field=field.name, operator="NOT IN" if no else "IN", value=listed),)
        )
    return RowTest((Condition(field=field.name, operator="!=" if no else "=", value=values[0]),))
