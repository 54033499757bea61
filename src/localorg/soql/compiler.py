"""A query's tree as one SQL statement, and the shape its rows take in the answer."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Final

from localorg.database import quoted
from localorg.errors import ApiError
from localorg.schema.catalogue import ChildRelationship
from localorg.schema.model import FieldDef, ObjectDef
from localorg.session import Session
from localorg.sharing import readable
from localorg.soql.ast import FieldPath, Query, Subquery
from localorg.soql.filters import Filters, Parameters
from localorg.soql.lexer import syntax_error
from localorg.soql.scope import Node, Scope, Target
from localorg.soql.selection import Output, Parent, Selection, subqueries

_MAX_OFFSET: Final = 2000


@dataclass(frozen=True, slots=True)
class Children:
    """A subquery and the relationship it follows."""

    relationship: ChildRelationship
    query: Query


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement, its parameters, and how to read its rows."""

    definition: ObjectDef
    sql: str
    parameters: dict[str, object]
    outputs: tuple[Output, ...]
    parents: tuple[Parent, ...]
    children: tuple[Children, ...]
    aggregated: bool
    counts: bool
    """Whether this is ``SELECT COUNT()``, which answers with a number and no rows."""


@dataclass(frozen=True, slots=True)
class ParentFilter:
    """Keep only the children of these parents; their reference becomes the column ``parent``."""

    field: FieldDef
    ids: tuple[str, ...]


def compile_query(
    session: Session,
    source: str,
    query: Query,
    *,
    include_deleted: bool = False,
    parents: ParentFilter | None = None,
) -> Compiled:
    """Turn a query into SQL that only yields rows and fields the session's user may see.

    Raises:
        ApiError: An object, a field, a relationship or a value is unknown, hidden or out of place.
    """
    statement = _Statement(session, source, include_deleted)
    return statement.compile(query, parents)


class _Statement:
    """What the parts of one statement share: aliases, parameters, the text for messages."""

    def __init__(self, session: Session, source: str, include_deleted: bool) -> None:  # noqa: FBT001 - private
        self._session = session
        self._source = source
        self._include_deleted = include_deleted
        self._numbers = count()
        self._parameters = Parameters()

    def compile(self, query: Query, parents: ParentFilter | None) -> Compiled:
        """Compile the outermost query."""
        scope = self._scope(self._object(query), query)
        select = Selection(scope, query, self._source)
        select.read()
        if parents is not None:
            root = scope.root.targets[0]
            select.add(f"{root.alias}.{quoted(parents.field.name)}", "parent")
        sql = self._body(scope, query, select, parents)
        return Compiled(
            scope.definition,
            sql,
            self._parameters.values,
            tuple(select.outputs),
            select.parents,
            tuple(self._children(scope, each) for each in subqueries(query)),
            select.aggregated,
            select.counts,
        )

    def _object(self, query: Query) -> ObjectDef:
        definition = self._session.catalogue.get(query.source)
        if definition is None or not self._session.access.can(definition.name, "read"):
            message = (
                f"sObject type '{query.source}' is not supported. If you are attempting to use a custom object,"
                " be sure to append the '__c' after the entity name. Please reference your WSDL or the"
                " describe call for the appropriate names."
            )
            raise syntax_error(self._source, query.position, message, "INVALID_TYPE")
        return definition

    def _alias(self) -> str:
        return f"t{next(self._numbers)}"

    def _scope(self, definition: ObjectDef, query: Query) -> Scope:
        if definition.virtual:
            message = f"entity type {definition.name} does not support this query"
            raise syntax_error(self._source, query.position, message)
        root = Node((), (Target(definition, self._alias()),))
        return Scope(self._session, self._source, root, self._alias, self._include_deleted)

    def _body(
        self, scope: Scope, query: Query, select: Selection, parents: ParentFilter | None
    ) -> str:
        conditions = self._conditions(scope, query, parents)
        group = [scope.column(each).sql for each in query.group]
        order = self._order(scope, query)
        unlimited = parents is not None or select.counts
        limits = "" if unlimited else self._limits(query)
        root = scope.root.targets[0]
        parts = [
            f"SELECT {', '.join(select.expressions)}",
            f"FROM {quoted(root.definition.name)} AS {root.alias}",
            *scope.joins,
            f"WHERE {' AND '.join(conditions)}",
            f"GROUP BY {', '.join(group)}" if group else "",
            f"ORDER BY {', '.join(order)}" if order else "",
            limits,
        ]
        return "\n".join(each for each in parts if each)

    def _conditions(self, scope: Scope, query: Query, parents: ParentFilter | None) -> list[str]:
        root = scope.root.targets[0]
        conditions = ["1"]
        if not self._include_deleted and root.definition.field("IsDeleted"):
            conditions.append(f'{root.alias}."IsDeleted" = 0')
        visible = readable(self._session.access, root.definition, root.alias)
        if visible:
            conditions.append(visible)
        if parents is not None:
            marks = ", ".join(map(self._parameters.add, parents.ids))
            conditions.append(f"{root.alias}.{quoted(parents.field.name)} IN ({marks})")
        if query.where is not None:
            filters = Filters(scope, self._parameters, self._semi_join)
            conditions.append(filters.condition(query.where))
        return conditions

    def _semi_join(self, query: Query) -> str:
        """Return SQL for the ids a semi-join yields."""
        if len(query.select) != 1 or not isinstance(query.select[0], FieldPath):
            message = "a semi join sub-select must select exactly one field"
            raise syntax_error(self._source, query.position, message)
        scope = self._scope(self._object(query), query)
        column = scope.column(query.select[0])
        if column.field.type not in {"id", "reference"}:
            message = "a semi join sub-select can only query id fields"
            raise syntax_error(self._source, query.select[0].position, message)
        select = Selection(scope, query, self._source)
        select.expressions = [column.sql]
        return self._body(scope, query, select, None)

    def _order(self, scope: Scope, query: Query) -> list[str]:
        keys = []
        for order in query.order:
            column = scope.column(order.path)
            if not column.field.sortable or column.owner.virtual:
                message = f"field '{column.field.name}' can not be sorted in a query call"
                raise syntax_error(self._source, order.path.position, message)
            direction = "DESC" if order.descending else "ASC"
            nulls = "LAST" if order.nulls_last else "FIRST"
            keys.append(f"{column.sql} {direction} NULLS {nulls}")
        return keys

    def _limits(self, query: Query) -> str:
        if query.limit is None and query.offset is None:
            return ""
        if (query.offset or 0) > _MAX_OFFSET:
            message = f"Maximum SOQL offset allowed is {_MAX_OFFSET}"
            raise ApiError(400, "NUMBER_OUTSIDE_VALID_RANGE", message)
        limit = self._parameters.add(-1 if query.limit is None else query.limit)
        return f"LIMIT {limit} OFFSET {self._parameters.add(query.offset or 0)}"

    def _children(self, scope: Scope, subquery: Subquery) -> Children:
        query = subquery.query
        for each in self._session.catalogue.children(scope.definition.name):
            named = each.name is not None and each.name.lower() == query.source.lower()
            if named and self._session.access.field_readable(each.child.name, each.field.name):
                return Children(each, query)
        message = (
            f"Didn't understand relationship '{query.source}' in FROM part of query call. If you are attempting"
            " to use a custom relationship, be sure to append the '__r' after the custom relationship name."
        )
        raise syntax_error(self._source, query.position, message, "INVALID_TYPE")
