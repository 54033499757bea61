"""Binding rows to a typed query, with the records that were looked up: each of them must be exactly one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.guardrail import MaxRowsParams
from actwright.errors import PlanningError
from actwright.org.query import Condition, JsonScalar
from actwright.planning.words.lexicon import DATE_FIELDS
from actwright.planning.words.lookups import Finder, Match
from actwright.planning.words.reading import Reading, RecordPhrase, RowPath, RowRecord, Rows

MOST_ROWS = 1_000
"""Rows an action may be repeated for where its blueprint says nothing: as many as one transaction takes."""

_MOST_ROWS_EVER = 10_000
_MOST_CONDITIONS = 20
_BEING = frozenset({"=", "IN"})
_SHOWN = 80
_OPEN_ONLY = "those that are closed already are left out"

_Way = tuple[RowPath, Match | None]
"""How a record was reached, and the record; None where its id was given."""


@dataclass(frozen=True, slots=True)
class BoundRows:
    """The rows an action is repeated for: their object, the conditions that find them, and what is said beside them."""

    object: str
    where: tuple[Condition, ...]
    asides: tuple[str, ...] = ()


def bound_rows(rows: Rows, finder: Finder) -> BoundRows:
    """Return the query for ``rows``.

    Raises:
        PlanningError: A record they are told by was not found, or several were: the rows are unclear, and never wider.
    """
    where = [condition for test in rows.tests for condition in test.where]
    for record in rows.records:
        where += _told_by(record, finder)
    unique = tuple(dict.fromkeys(where))
    if len(unique) > _MOST_CONDITIONS:
        raise PlanningError(
            f"The rows are told by {len(unique)} conditions; a query takes at most {_MOST_CONDITIONS}.",
            hint="Say fewer of them.",
            code="rows_unclear",
        )
    asides = (test.aside for test in rows.tests if test.aside)
    return BoundRows(rows.object, unique, tuple(dict.fromkeys(asides)))


def are_clear(rows: Rows, finder: Finder) -> bool:
    """Tell whether every record the rows are told by was found."""
    try:
        bound_rows(rows, finder)
    except PlanningError:
        return False
    return True


def ceiling(blueprint: ActionBlueprint) -> int:
    """Return the most rows an action of ``blueprint`` may be repeated for: its own ``MAX_ROWS``, else the general one."""
    params = (each.parsed() for each in blueprint.guardrails)
    own = [each.max for each in params if isinstance(each, MaxRowsParams)]
    return min(*own, _MOST_ROWS_EVER) if own else MOST_ROWS


def still_open(rows: BoundRows, reading: Reading) -> BoundRows:
    """Return ``rows`` less those that are closed, where they get another state or day: no deal that was won is lost by it.

    Rows that were told by the state they are in, or by their being closed, stay as they are; ``not in Prospecting``
    says neither.
    """
    closed = reading.index.schema.field("IsClosed")
    states = {each.name for each in reading.index.states()}
    told = {
        each.field for each in rows.where if each.operator in _BEING or each.field == "IsClosed"
    }
    lively = states | {*DATE_FIELDS.get(rows.object, ())}
    moved = any(each.field.name in lively for each in reading.assignments)
    if closed is None or not moved or told & {*states, closed.name}:
        return rows
    where = (*rows.where, Condition(field=closed.name, value=False))
    return BoundRows(rows.object, where, (*rows.asides, _OPEN_ONLY))


def another_rows(first: BoundRows, second: BoundRows) -> PlanningError:
    """Return the error for an action that would be repeated for two kinds of rows, or for rows of another object."""
    names = " and for ".join(dict.fromkeys((first.object, second.object)))
    return PlanningError(
        f"One action cannot be repeated in this way for {names} records. Nothing was planned.",
        hint="Say the actions one after the other, each with the records it is for.",
        code="rows_unclear",
    )


def _told_by(record: RowRecord, finder: Finder) -> list[Condition]:
    """Return the conditions for one record, or for several joined by ``and``."""
    whole = _found(record, record.record, finder)
    parts = [_found(record, each, finder) for each in record.others]
    split = bool(parts) and all(len(each) == 1 for each in parts)
    if len(whole) == 1 and not split:
        return _conditions(record, whole)
    if split and not whole:
        return _conditions(record, [each[0] for each in parts])
    named = [(record.record, whole), *zip(record.others, parts, strict=True)]
    several = named[1:] if parts and not whole else named
    raise _unclear(*next((each for each in several if len(each[1]) != 1), named[0]), finder)


def _found(record: RowRecord, phrase: RecordPhrase, finder: Finder) -> list[_Way]:
    """Return the ways on which a phrase finds a record; an id is taken at its word."""
    paths = [each for each in record.paths if each.object in phrase.objects]
    if phrase.record_id is not None:
        return [(each, None) for each in paths]
    return [(path, each) for path in paths for each in finder.matches(path.object, phrase)]


def _conditions(record: RowRecord, found: Sequence[_Way]) -> list[Condition]:
    phrases = record.others if len(found) > 1 else (record.record,)
    values = [
        str(match.where[0].value) if match is not None else str(phrase.record_id)
        for phrase, (_, match) in zip(phrases, found, strict=True)
    ]
    fields = {(path, _field(path, match)) for path, match in found}
    if len(fields) > 1:
        raise PlanningError(
            f"{record.record.words[:_SHOWN]!r} names records of several kinds.",
            hint="Say them one after the other.",
            code="rows_unclear",
        )
    ((path, field),) = fields
    return [_compared(field, values, excepted=record.excepted), *_typed(path, found)]


def _field(path: RowPath, match: Match | None) -> str:
    """Return the field that is compared: the reference with an id, else the name of the record or of the parent."""
    if match is None:
        return path.field
    name = match.where[0].field
    return f"{path.relation}.{'Name' if path.mixed else name}" if path.relation else name


def _compared(field: str, values: list[str], *, excepted: bool) -> Condition:
    if len(values) == 1:
        return Condition(field=field, operator="!=" if excepted else "=", value=values[0])
    listed: tuple[JsonScalar, ...] = tuple(values)
    return Condition(field=field, operator="NOT IN" if excepted else "IN", value=listed)


def _typed(path: RowPath, found: Sequence[_Way]) -> Iterator[Condition]:
    """Yield the condition that keeps a parent of several kinds to the one that was found.

    An owner needs none: people and queues were all looked up, and only one of them bears the name.
    """
    named = path.mixed and path.field != "OwnerId" and all(match is not None for _, match in found)
    if named:
        yield Condition(field=f"{path.relation}.Type", value=path.object)


def _unclear(phrase: RecordPhrase, found: Sequence[_Way], finder: Finder) -> PlanningError:
    words = phrase.words[:_SHOWN]
    if found:
        labels = "; ".join(each.label for _, each in found[:5] if each is not None)
        return PlanningError(
            f"{words!r} names {len(found)} records, so nobody can tell which rows are meant. Nothing was planned.",
            hint=f"Say which one: {labels}."[:400],
            code="rows_unclear",
        )
    near = [each.label for name in phrase.objects for each in finder.near(name, phrase)][:3]
    return PlanningError(
        f"No record is called {words!r}, or you may not see it, so nobody can tell which rows are meant."
        " Nothing was planned.",
        hint=f"Nearest: {'; '.join(near)}."[:400] if near else "Say the name as the org has it.",
        code="rows_unclear",
    )
