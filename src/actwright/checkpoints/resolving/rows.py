"""Rows: what a repeated action is bound to, found by one query of all such actions or handed in with the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from actwright.blueprints.argument import FromArgument
from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.plan import ForEach, Plan, PlannedAction
from actwright.checkpoints.limits import Limits
from actwright.checkpoints.resolving.handed_in import handed_in
from actwright.checkpoints.resolving.row_query import MOST_ASKED, row_query, version_field
from actwright.checkpoints.wording.row_words import (
    Names,
    names_found,
    naming_queries,
    rows_in_words,
)
from actwright.document import explain
from actwright.errors import InputError, NotFoundError, PlanError
from actwright.guardrails.finding import BASELINE
from actwright.guardrails.issue import Issue
from actwright.inert import inert
from actwright.org.ports import OrgReader, Record
from actwright.org.query import RecordQuery
from actwright.org.schema import ObjectSchema
from actwright.org.value import FieldValue


@dataclass(frozen=True, slots=True)
class BoundRow:
    """One row: the record's id, what people call it, and its values by lower-cased field name."""

    id: str | None
    name: str | None
    values: Mapping[str, FieldValue | float]
    version: str | None = None
    """When the record was changed last, as the query found it; None for a row that was handed in."""


@dataclass(frozen=True, slots=True)
class Binding:
    """The rows of one repeated action.

    Attributes:
        for_each: What the plan says of them.
        said: The conditions in words, or where rows that were handed in come from.
        rows: The rows, in the order of their ids, or as they were handed in; none where ``issue`` says why.
        issue: What keeps the action from being repeated.
    """

    for_each: ForEach
    said: str
    rows: tuple[BoundRow, ...] = ()
    issue: Issue | None = None

    @property
    def found_by_query(self) -> bool:
        """Whether the org found the rows, rather than somebody handing them in."""
        return self.for_each.rows is None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An action, its rows, the query for them, and what the records are called that its conditions hold the ids of."""

    action: PlannedAction
    rows: ForEach
    query: RecordQuery
    names: Names


def is_row_bound(action: PlannedAction, wanted: ActionInput) -> bool:
    """Tell whether each row of an action gives the input its value: what is taken from the row, and the row's own id."""
    if action.for_each is None:
        return False
    given = action.arguments.get(wanted.api_name)
    if isinstance(given, FromArgument) and given.row_field:
        return True
    return (
        action.blueprint.operation in {"UPDATE", "DELETE"} and action.blueprint.id_input == wanted
    )


def with_ceiling(plan: Plan, max_rows: int) -> Plan:
    """Return the plan with another ceiling of rows for each of its repeated actions.

    Args:
        plan: The plan.
        max_rows: The most rows an action may find, 1 to 50,000.

    Raises:
        PlanError: That is no ceiling.
    """
    actions = tuple(_with_ceiling(each, max_rows) for each in plan.actions)
    return plan.model_copy(update={"actions": actions})


def bind(plan: Plan, reader: OrgReader, limits: Limits) -> Mapping[str, Binding]:
    """Return the rows of every repeated action, by its id; all queries are asked together.

    Raises:
        RefusedError: More rows were found than one preview holds.
        OrgError: The org cannot be asked.
    """
    repeated = [(each, each.for_each) for each in plan.actions if each.for_each is not None]
    bindings = {
        action.id: _handed_in(action, rows, reader, limits)
        for action, rows in repeated
        if rows.rows is not None
    }
    asked = [(action, rows) for action, rows in repeated if rows.rows is None]
    return bindings | dict(_found(asked, reader, limits))


def _with_ceiling(action: PlannedAction, max_rows: int) -> PlannedAction:
    if action.for_each is None:
        return action
    try:
        values = action.for_each.model_dump() | {"limit": max_rows}
        return action.model_copy(update={"for_each": ForEach.model_validate(values)})
    except ValidationError as error:
        raise PlanError(
            f"{max_rows} is no ceiling of rows: {explain(error)}",
            where=f"{action.id}.forEach.limit",
            hint="Give a number from 1 to 50000.",
        ) from error


def row_queries(plan: Plan, reader: OrgReader, limits: Limits) -> list[RecordQuery]:
    """Return what `bind` asks the org, for whoever asks it together with something else.

    Raises:
        OrgError: The org cannot be asked.
    """
    repeated = [(each, each.for_each) for each in plan.actions if each.for_each is not None]
    asked = [(action, rows) for action, rows in repeated if rows.rows is None]
    queries = [_query(reader, action, rows, limits) for action, rows in asked]
    found = [each for each in queries if each is not None]
    return [*found, *_naming(reader, asked, len(found))]


def _query(
    reader: OrgReader, action: PlannedAction, rows: ForEach, limits: Limits
) -> RecordQuery | None:
    """Return the query for an action's rows; None where their object is hidden."""
    try:
        return row_query(reader, action, rows, limits.most_writes)
    except NotFoundError:
        return None


def _found(
    asked: Sequence[tuple[PlannedAction, ForEach]], reader: OrgReader, limits: Limits
) -> Iterator[tuple[str, Binding]]:
    queries = [_query(reader, action, rows, limits) for action, rows in asked]
    found = [each for each in queries if each is not None]
    naming = _naming(reader, asked, len(found))
    answers = list(_answers(reader, [*found, *naming]))
    names = names_found(naming, [_or_none(each) for each in answers[len(found) :]])
    bound = iter(answers)
    for (action, rows), query in zip(asked, queries, strict=True):
        if query is None:
            yield action.id, _kept_back(rows, _hidden(action, rows, reader), reader)
        else:
            wanted = _Wanted(action, rows, query, names)
            yield action.id, _bound(wanted, next(bound), reader, limits)


def _naming(
    reader: OrgReader, asked: Sequence[tuple[PlannedAction, ForEach]], beside: int
) -> list[RecordQuery]:
    wheres = [(rows.object, rows.where) for _, rows in asked]
    return naming_queries(reader, wheres, beside=beside)


def _or_none(answer: Sequence[Record] | InputError) -> Sequence[Record]:
    return () if isinstance(answer, InputError) else answer


def _answers(
    reader: OrgReader, queries: Sequence[RecordQuery]
) -> Iterator[Sequence[Record] | InputError]:
    """Ask for all together; where one cannot be asked, each by itself, so that only its own action is kept back."""
    try:
        yield from reader.query(queries) if queries else ()
    except InputError as error:
        if len(queries) == 1:
            yield error
            return
        for each in queries:
            yield from _answers(reader, [each])


def _bound(
    wanted: _Wanted, answer: Sequence[Record] | InputError, reader: OrgReader, limits: Limits
) -> Binding:
    action, rows, schema = wanted.action, wanted.rows, reader.describe(wanted.rows.object)
    said = rows_in_words(schema, rows.where, reader.user, wanted.names)
    if isinstance(answer, InputError):
        return Binding(rows, said, issue=_unasked(action, rows, answer))
    if len(answer) > min(rows.limit, limits.most_writes) or len(answer) >= MOST_ASKED:
        count = max(reader.count(wanted.query), len(answer))
        if count > rows.limit:
            return Binding(rows, said, issue=_too_many(action, rows, schema, count))
        limits.check(count, where=f"{action.id}.forEach")
    if not answer:
        return Binding(rows, said, issue=_none(action, rows, schema, said))
    return Binding(rows, said, tuple(_rows(schema, answer)))


def _rows(schema: ObjectSchema, records: Sequence[Record]) -> Iterator[BoundRow]:
    name_field = schema.name_field.name if schema.name_field else ""
    version_name = found.name if (found := version_field(schema)) else ""
    for each in records:
        name = each.values.get(name_field)
        values = {path.lower(): value for path, value in each.values.items()}
        version = each.values.get(version_name)
        yield BoundRow(each.id, _text(name), values | {"id": each.id}, _text(version))


def _text(value: FieldValue) -> str | None:
    return None if value is None else str(value)


def _handed_in(action: PlannedAction, rows: ForEach, reader: OrgReader, limits: Limits) -> Binding:
    said = inert(rows.source or "the rows that were handed in", limit=300)
    given = rows.rows or ()
    try:
        schema = reader.describe(rows.object)
    except NotFoundError:
        return _kept_back(rows, _hidden(action, rows, reader), reader)
    if not given:
        return Binding(rows, said, issue=_none(action, rows, schema, said))
    if len(given) > rows.limit:
        return Binding(rows, said, issue=_too_many(action, rows, schema, len(given)))
    limits.check(len(given), where=f"{action.id}.forEach")
    try:
        read = handed_in(action, schema, given)
    except InputError as error:
        return Binding(rows, said, issue=_unasked(action, rows, error))
    return Binding(rows, said, tuple(BoundRow(key, None, values) for key, values in read))


def _kept_back(rows: ForEach, issue: Issue, reader: OrgReader) -> Binding:
    said = rows.source or rows_in_words(None, rows.where, reader.user)
    return Binding(rows, inert(said, limit=300), issue=issue)


def _hidden(action: PlannedAction, rows: ForEach, reader: OrgReader) -> Issue:
    return Issue(
        code="object_not_visible",
        action_id=action.id,
        object=rows.object,
        guardrail=BASELINE,
        message=f"The rows are of {rows.object}, which is not visible to {inert(reader.user.username)}, or does not "
        "exist.",
        hint=f"Check the spelling, or ask an administrator for read access to {rows.object}.",
    )


def _unasked(action: PlannedAction, rows: ForEach, error: InputError) -> Issue:
    return Issue(
        code="rows_invalid",
        action_id=action.id,
        object=rows.object,
        message=f"The rows cannot be bound: {inert(error.message, limit=300)}"
        + (f" ({inert(error.where, limit=200)})" if error.where else ""),
        hint=error.hint or "Say the rows by other fields.",
    )


def _none(action: PlannedAction, rows: ForEach, schema: ObjectSchema, said: str) -> Issue:
    return Issue(
        code="rows_none",
        action_id=action.id,
        object=schema.name,
        message=f"No {inert(schema.label, limit=80)} you can see fits: {said}."
        if rows.rows is None
        else f"No row was handed in for {action.id}.",
        hint="Check the names and dates, or say the records by something else.",
    )


def _too_many(action: PlannedAction, rows: ForEach, schema: ObjectSchema, count: int) -> Issue:
    return Issue(
        code="too_many_rows",
        action_id=action.id,
        object=schema.name,
        message=f"{count:,} {inert(schema.label_plural or schema.label, limit=80)} match, and the action takes at most "
        f"{rows.limit:,}. None was bound.",
        hint="Narrow the rows down, or raise the ceiling with --max-rows.",
    )
