"""The select list of a query: the columns of its statement, and where their values stand in the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Final

from localorg.database import quoted
from localorg.schema.model import FieldDef
from localorg.soql.ast import Aggregate, FieldPath, Query, Subquery
from localorg.soql.lexer import syntax_error
from localorg.soql.scope import Column, Node, Scope
from localorg.wire import address_parts

_SUMMABLE: Final = frozenset({"int", "double", "currency", "percent"})


@dataclass(frozen=True, slots=True)
class Output:
    """One value of a row: where it stands in the answer and in which columns of the statement.

    An ordinary field has one column; a compound address has one for each of its parts.
    """

    names: tuple[str, ...]
    field: FieldDef
    columns: dict[str, str]


@dataclass(frozen=True, slots=True)
class Parent:
    """A parent in a row: its names from the root, and the column with its id."""

    names: tuple[str, ...]
    column: str
    polymorphic: bool


class Selection:
    """The selected columns of one statement."""

    def __init__(self, scope: Scope, query: Query, source: str) -> None:
        self._scope = scope
        self._query = query
        self._source = source
        self.expressions: list[str] = []
        self.outputs: list[Output] = []
        self.parents: tuple[Parent, ...] = ()
        aggregates = [each for each in query.select if isinstance(each, Aggregate)]
        self.counts = any(each.path is None for each in aggregates)
        self.aggregated = bool(aggregates or query.group)

    def add(self, sql: str, name: str | None = None) -> str:
        """Select an expression; return the name of its column."""
        name = name or f"c{len(self.expressions)}"
        self.expressions.append(f"{sql} AS {quoted(name)}")
        return name

    def read(self) -> None:
        """Read the query's select list.

        Raises:
            ApiError: A field is unknown, hidden, selected twice, or neither grouped nor aggregated.
        """
        if self.aggregated:
            self._aggregates()
            return
        self.add(self._scope.root.id_sql, "id")
        for item in self._query.select:
            if isinstance(item, FieldPath):
                self._output(item, self._scope.column(item))
        if not self.outputs and not subqueries(self._query):
            raise syntax_error(self._source, self._query.position, "nothing is selected")
        self.parents = tuple(map(self._parent, self._scope.nodes))

    def _output(self, path: FieldPath, column: Column) -> None:
        if any(each.names == column.names for each in self.outputs):
            message = f"duplicate field selected: {'.'.join(column.names)}"
            raise syntax_error(self._source, path.position, message, "INVALID_FIELD")
        if column.field.type == "address":
            columns = self._address(column)
        else:
            columns = {"": self.add(column.sql)}
        self.outputs.append(Output(column.names, column.field, columns))

    def _address(self, column: Column) -> dict[str, str]:
        alias = next(each.alias for each in column.node.targets if each.definition is column.owner)
        parts = address_parts(column.owner, column.field)
        return {
            wire: self.add("NULL" if part is None else f"{alias}.{quoted(part.name)}")
            for wire, part in parts.items()
        }

    def _parent(self, node: Node) -> Parent:
        return Parent(node.names, self.add(node.id_sql), len(node.targets) > 1)

    def _aggregates(self) -> None:
        if self.counts and (len(self._query.select) > 1 or self._query.group):
            position = self._query.position
            raise syntax_error(self._source, position, "COUNT() cannot stand beside other fields")
        if self.counts:
            self.add("COUNT(*)")
            return
        grouped = {self._single(each).sql for each in self._query.group}
        unnamed = count()
        for item in self._query.select:
            if isinstance(item, Aggregate) and item.path is not None:
                self._aggregate(item, item.path, lambda: f"expr{next(unnamed)}")
            elif isinstance(item, FieldPath):
                self._grouped(item, grouped)
            else:
                raise syntax_error(self._source, self._query.position, "unexpected sub-select")

    def _single(self, path: FieldPath) -> Column:
        """Find a field that can be grouped or aggregated: one with a column of its own."""
        column = self._scope.column(path)
        if column.field.type == "address" or column.owner.virtual:
            message = f"field '{column.field.name}' can not be grouped in a query call"
            raise syntax_error(self._source, path.position, message)
        return column

    def _aggregate(self, item: Aggregate, path: FieldPath, name: Callable[[], str]) -> None:
        column = self._single(path)
        if item.function in {"SUM", "AVG"} and column.field.type not in _SUMMABLE:
            message = (
                f"field {column.field.name} does not support aggregate operator {item.function}"
            )
            raise syntax_error(self._source, path.position, message)
        distinct = item.function == "COUNT_DISTINCT"
        call = f"COUNT(DISTINCT {column.sql})" if distinct else f"{item.function}({column.sql})"
        counted = item.function.startswith("COUNT")
        field = FieldDef("count", "Count", "int") if counted else column.field
        self.outputs.append(Output((item.alias or name(),), field, {"": self.add(call)}))

    def _grouped(self, path: FieldPath, grouped: set[str]) -> None:
        column = self._scope.column(path)
        if column.sql not in grouped:
            message = f"Field must be grouped or aggregated: {column.field.name}"
            raise syntax_error(self._source, path.position, message)
        self.outputs.append(Output((column.field.name,), column.field, {"": self.add(column.sql)}))


def subqueries(query: Query) -> list[Subquery]:
    """Return the subqueries of a select list."""
    return [each for each in query.select if isinstance(each, Subquery)]
