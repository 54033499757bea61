"""What else rows are told by: age, dates, amounts, fields that are empty or hold a value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from actwright.org.query import Condition
from actwright.org.schema import FieldSchema
from actwright.planning.rows.row_amounts import RowAmounts, SaidTest
from actwright.planning.rows.row_states import equal_to
from actwright.planning.words.lexicon import DATE_FIELDS, DETERMINERS
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.reading import RowTest
from actwright.planning.words.scope import Scope
from actwright.planning.words.spans import Days, days_at, length_at
from actwright.planning.words.values import TEXT_TYPES, Converted, convert

_NAME_ENDS = (
    "older newer younger created opened modified updated changed closing closes close due "
    "over above under below worth with without that which who whose where owned assigned "
    "belonging since except excluding but missing having more less at in of from for on "
    "before after still currently related linked apart other not lacking untouched "
    "unchanged exceeding has have is are"
)
NAME_ENDS = frozenset(_NAME_ENDS.split())
"""Words that a name in a condition does not go on with."""

_CREATED = frozenset({"created", "opened", "added", "entered"})
_CHANGED = frozenset({"modified", "updated", "changed", "touched"})
_DURING = frozenset({"in", "for", "within", "during"})
_DUE = frozenset({"closing", "closes", "close", "due"})
_WITHOUT = (
    ("without",),
    ("missing",),
    ("lacking",),
    ("with", "no"),
    ("have", "no"),
    ("has", "no"),
    ("having", "no"),
)
_WITH = frozenset({"with", "whose", "where", "having", "have", "has"})
_IS = frozenset({"is", "are", "=", "of", ":", "was"})
_NUMERIC = frozenset({"currency", "double", "percent", "int", "long"})
_DAYLIKE = frozenset({"date", "datetime"})


class RowTests:
    """Reads tests of the rows of one object out of one clause."""

    def __init__(self, scope: Scope, index: FieldIndex) -> None:
        self._scope = scope
        self._index = index
        self._amounts = RowAmounts(scope, index)

    def at(self, at: int, stop: int) -> SaidTest | None:
        """Return the test that begins at ``at`` and ends before or at ``stop``, or None."""
        for read in (
            self._age,
            self._dated,
            self._unchanged,
            self._empty,
            self._field,
            self._amounts.at,
        ):
            found = read(at, stop)
            if found is not None and found.stop <= stop:
                return found
        return None

    def since(self, at: int, stop: int, state: FieldSchema) -> SaidTest | None:
        """Return what ``since last month`` says behind a state: nothing has changed the record after that.

        A record that was changed later may have been in the state before, too; nobody can tell, so it is left out.
        """
        days = (
            days_at(self._scope.tokens, at, self._scope.today)
            if self._scope.key(at) == "since"
            else None
        )
        field = self._schema_field("LastStageChangeDate") if state.name == "StageName" else None
        field = field or self._schema_field("LastModifiedDate")
        inner = days_at(self._scope.tokens, at + 1, self._scope.today) if days else None
        if inner is None or inner.last is None or field is None or inner.first is None:
            return None
        if inner.first > self._scope.today:
            return None
        last = min(inner.last, self._scope.today)
        return self._between(field, Days(None, last, inner.length + 1), at, stop)

    def _schema_field(self, name: str) -> FieldSchema | None:
        field = self._index.schema.field(name)
        return field if field is not None and field.filterable else None

    def _age(self, at: int, stop: int) -> SaidTest | None:
        """Read ``older than 90 days``, ``newer than a week``, ``more than 30 days old``."""
        scope, field = self._scope, self._schema_field("CreatedDate")
        pair = (scope.key(at), scope.key(at + 1))
        found = length_at(scope.tokens, at + 2, scope.today) if field else None
        if found is None or field is None:
            return None
        behind = at + 2 + found[1]
        old = pair in {("more", "than"), ("less", "than")} and scope.key(behind) == "old"
        if pair == ("older", "than") or (old and pair[0] == "more"):
            days = Days(None, found[0] - timedelta(days=1), behind + old - at)
        elif pair in {("newer", "than"), ("younger", "than")} or (old and pair[0] == "less"):
            days = Days(found[0] + timedelta(days=1), None, behind + old - at)
        else:
            return None
        return self._between(field, days, at, stop)

    def _dated(self, at: int, stop: int) -> SaidTest | None:
        """Read ``created before 2026-10-01``, ``closing this month``, ``due by Friday``."""
        word = self._scope.key(at)
        name = self._dated_field(word)
        field = self._schema_field(name) if name else None
        if field is None or field.type not in _DAYLIKE:
            return None
        days = days_at(self._scope.tokens, at + 1, self._scope.today)
        if days is None or (word not in _DUE and not self._past(days)):
            return None
        whole = Days(days.first, days.last, days.length + 1)
        return self._between(field, whole, at, stop)

    def _dated_field(self, word: str) -> str:
        if word in _CREATED:
            return "CreatedDate"
        if word in _CHANGED:
            return "LastModifiedDate"
        return next(iter(DATE_FIELDS.get(self._index.schema.name, ())), "") if word in _DUE else ""

    def _past(self, days: Days) -> bool:
        """Tell whether something could have happened on such days: a bound to come would let everything through."""
        if days.first is None:
            return days.last is not None and days.last < self._scope.today
        return days.first <= self._scope.today

    def _unchanged(self, at: int, stop: int) -> SaidTest | None:
        """Read ``not modified since 2026-10-01``, ``untouched for 60 days``."""
        scope, field = self._scope, self._schema_field("LastModifiedDate")
        behind = at + 1 if scope.key(at) in {"untouched", "unchanged"} else 0
        if scope.key(at) == "not" and scope.key(scope.skip(at + 1, {"been"})) in _CHANGED:
            behind = scope.skip(at + 1, {"been"}) + 1
        if not behind or field is None:
            return None
        if scope.key(behind) in _DURING:
            return self._idle(field, at, behind + 1, stop)
        if scope.key(behind) not in {"since", "after"}:
            return None
        days = days_at(scope.tokens, behind + 1, scope.today)
        if days is None or days.first is None or not self._past(days):
            return None
        earlier = Days(None, days.first - timedelta(days=1), behind + 1 + days.length - at)
        return self._between(field, earlier, at, stop)

    def _idle(self, field: FieldSchema, at: int, start: int, stop: int) -> SaidTest | None:
        """Read ``60 days`` and ``the last 60 days`` behind ``not touched in``."""
        begin = self._scope.skip(start, {"the", "last", "past", "over", "more", "than"})
        found = length_at(self._scope.tokens, begin, self._scope.today)
        if found is None:
            return None
        days = Days(None, found[0] - timedelta(days=1), begin + found[1] - at)
        return self._between(field, days, at, stop)

    def _between(self, field: FieldSchema, days: Days, at: int, stop: int) -> SaidTest | None:
        if at + days.length > stop:
            return None
        where = tuple(_day_conditions(field, days, self._scope))
        return SaidTest(RowTest(where), at + days.length)

    def _empty(self, at: int, stop: int) -> SaidTest | None:
        """Read ``without an email``, ``with no phone or email``."""
        scope = self._scope
        keys = (scope.key(at), scope.key(at + 1))
        mark = next((each for each in _WITHOUT if keys[: len(each)] == each), None)
        if mark is None:
            return None
        found: list[FieldSchema] = []
        behind = at + len(mark)
        while True:
            start = scope.skip(behind, DETERMINERS | {"any"} | ({"or", "and"} if found else set()))
            mention = self._index.field_at(scope.tokens, start, stop)
            if mention is None or not _can_be_empty(mention.field):
                break
            found.append(mention.field)
            behind = start + mention.length
        where = tuple(Condition(field=each.name, value=None) for each in found)
        return SaidTest(RowTest(where), behind) if found else None

    def _field(self, at: int, stop: int) -> SaidTest | None:
        """Read ``with status Working``, ``whose amount is over 50k``, ``with an email``."""
        scope = self._scope
        if scope.key(at) not in _WITH:
            return None
        start = scope.skip(at + 1, DETERMINERS)
        mention = self._index.field_at(scope.tokens, start, stop)
        if mention is None or not mention.field.filterable:
            return None
        behind = start + mention.length
        said = next(self._valued(mention.field, scope.skip(behind, _IS), stop), None)
        if (
            said is None
            and start > at + 1
            and _can_be_empty(mention.field)
            and self._ends(behind, stop)
        ):
            where = Condition(field=mention.field.name, operator="!=", value=None)
            said = SaidTest(RowTest((where,)), behind)
        return said

    def _ends(self, at: int, stop: int) -> bool:
        """Tell whether nothing is said of the field that was named: the condition ends here."""
        return at >= stop or self._scope.key(at) in {",", "and"} | (NAME_ENDS - {"of", "is", "are"})

    def _valued(self, field: FieldSchema, at: int, stop: int) -> Iterator[SaidTest]:
        if field.type in _DAYLIKE:
            days = days_at(self._scope.tokens, at, self._scope.today)
            said = self._between(field, days, at, stop) if days else None
            if said is not None:
                yield said
        elif field.type in _NUMERIC:
            yield from self._amounts.compared(field, at, stop)
        elif field.type != "reference":
            yield from self._equal(field, at, stop)

    def _equal(self, field: FieldSchema, at: int, stop: int) -> Iterator[SaidTest]:
        no = self._scope.key(at) == "not"
        start = at + no
        end = self._text_end(start, stop)
        ends = [end] if field.type in TEXT_TYPES else range(end, start, -1)
        for each in ends:
            text = self._scope.text(start, each) if each > start else ""
            found = convert(field, text, self._scope.today) if text else None
            if isinstance(found, Converted) and isinstance(found.value, str):
                yield SaidTest(equal_to(field, [found.value], no=no), each)
                return
            if isinstance(found, Converted) and isinstance(found.value, bool):
                where = Condition(field=field.name, value=found.value != no)
                yield SaidTest(RowTest((where,)), each)
                return

    def _text_end(self, at: int, stop: int) -> int:
        if at < stop and self._scope.tokens[at].kind == "quoted":
            return at + 1
        ends = NAME_ENDS | {",", "and", "or"}
        return next((each for each in range(at, stop) if self._scope.key(each) in ends), stop)


def _can_be_empty(field: FieldSchema) -> bool:
    return field.filterable and field.type != "boolean"


def _day_conditions(field: FieldSchema, days: Days, scope: Scope) -> Iterator[Condition]:
    """Yield the bounds of a date, or of a moment: days begin at midnight in the person's zone."""
    moments = field.type == "datetime"
    if days.first is not None and days.first == days.last and not moments:
        yield Condition(field=field.name, value=days.first.isoformat())
        return
    if days.first is not None:
        value = _midnight(days.first, scope) if moments else days.first.isoformat()
        yield Condition(field=field.name, operator=">=", value=value)
    if days.last is not None:
        behind = days.last + timedelta(days=1)
        value = _midnight(behind, scope) if moments else days.last.isoformat()
        yield Condition(field=field.name, operator="<" if moments else "<=", value=value)


def _midnight(day: date, scope: Scope) -> str:
    moment = datetime.combine(day, time.min, scope.zone).astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
