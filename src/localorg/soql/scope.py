"""Names in a query: which field of which joined object a path means, and whether the user may see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from localorg.database import quoted
from localorg.errors import ApiError
from localorg.schema.model import FieldDef, ObjectDef
from localorg.session import Session
from localorg.sharing import readable, right_of
from localorg.soql.ast import FieldPath
from localorg.soql.lexer import syntax_error

MAX_PARENTS: Final = 5
RIGHTS: Final = {
    "HasReadAccess": "read",
    "HasEditAccess": "edit",
    "HasDeleteAccess": "delete",
    "HasTransferAccess": "transfer",
    "HasAllAccess": "all",
}
"""The fields of ``UserRecordAccess`` that a row may show of itself."""

_TYPE: Final = FieldDef("Type", "Type", "string", permissionable=False)


@dataclass(frozen=True, slots=True)
class Target:
    """One object a relationship may lead to, and its alias in the statement."""

    definition: ObjectDef
    alias: str


@dataclass(frozen=True, slots=True)
class Node:
    """The object selected from, or one reached over relationships (several objects if polymorphic)."""

    names: tuple[str, ...]
    targets: tuple[Target, ...]

    @property
    def id_sql(self) -> str:
        """SQL for the id of the row reached."""
        return _first(f'{each.alias}."Id"' for each in self.targets)


@dataclass(frozen=True, slots=True)
class Column:
    """A field found: its definition, its names from the root, its SQL."""

    node: Node
    field: FieldDef
    sql: str
    owner: ObjectDef

    @property
    def names(self) -> tuple[str, ...]:
        """The keys under which the value stands in the answer."""
        return (*self.node.names, self.field.name)


@dataclass
class Scope:
    """The aliases and joins of one statement."""

    session: Session
    source: str
    root: Node
    new_alias: Callable[[], str]
    include_deleted: bool = False
    joins: list[str] = field(default_factory=list)
    _nodes: dict[tuple[str, ...], Node] = field(default_factory=dict)

    @property
    def definition(self) -> ObjectDef:
        """The object selected from."""
        return self.root.targets[0].definition

    @property
    def nodes(self) -> list[Node]:
        """The parents reached so far, nearer ones first."""
        return list(self._nodes.values())

    def column(self, path: FieldPath) -> Column:
        """Find the field a path means, joining what it passes.

        Raises:
            ApiError: ``INVALID_FIELD`` for a name that does not exist or that the user may not see.
        """
        parts = self._without_source_name(path.parts)
        if len(parts) > MAX_PARENTS + 1:
            message = f"SOQL relationship paths are limited to {MAX_PARENTS} levels"
            raise syntax_error(self.source, path.position, message)
        if len(parts) > 1 and parts[-2].lower() == "userrecordaccess":
            return self._access_column(path, parts)
        node = self.root
        for name in parts[:-1]:
            node = self._parent(node, name, path)
        return self._field(node, parts[-1], path)

    def _without_source_name(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        """Drop the object's own name from ``Account.Name`` in a query of accounts."""
        own = self.definition
        named = len(parts) > 1 and parts[0].lower() == own.name.lower()
        return parts[1:] if named and parts[0].lower() not in own.by_relationship else parts

    def _access_column(self, path: FieldPath, parts: tuple[str, ...]) -> Column:
        virtual = self.session.catalogue.get("UserRecordAccess")
        found = virtual.field(parts[-1]) if virtual else None
        if virtual is None or found is None or found.name not in RIGHTS or len(parts) != 2:  # noqa: PLR2004 - relationship and field
            raise self._no_column(path, parts[-1], "UserRecordAccess")
        own = self.root.targets[0]
        sql = right_of(self.session.catalogue, own.definition, own.alias, RIGHTS[found.name])
        node = Node(("UserRecordAccess",), (Target(virtual, own.alias),))
        return Column(node, found, sql, virtual)

    def _parent(self, node: Node, name: str, path: FieldPath) -> Node:
        key = (*(each.lower() for each in node.names), name.lower())
        if key not in self._nodes:
            self._nodes[key] = self._join(node, name, path)
        return self._nodes[key]

    def _join(self, node: Node, name: str, path: FieldPath) -> Node:
        for start in node.targets:
            reference = start.definition.by_relationship.get(name.lower())
            if reference is not None and self._sees(start.definition, reference):
                targets = [
                    self._join_one(start, reference, each) for each in reference.reference_to
                ]
                known = tuple(each for each in targets if each is not None)
                if known:
                    return Node((*node.names, str(reference.relationship_name)), known)
        message = (
            f"Didn't understand relationship '{name}' in field path. If you are attempting to use a custom"
            " relationship, be sure to append the '__r' after the custom relationship name."
        )
        raise self._refused(path, message)

    def _join_one(self, start: Target, reference: FieldDef, name: str) -> Target | None:
        definition = self.session.catalogue.get(name)
        if definition is None or not self.session.access.can(name, "read"):
            return None
        alias = self.new_alias()
        conditions = [f'{alias}."Id" = {start.alias}.{quoted(reference.name)}']
        if not self.include_deleted and definition.field("IsDeleted"):
            conditions.append(f'{alias}."IsDeleted" = 0')
        visible = readable(self.session.access, definition, alias)
        if visible:
            conditions.append(visible)
        self.joins.append(
            f"LEFT JOIN {quoted(definition.name)} AS {alias} ON {' AND '.join(conditions)}"
        )
        return Target(definition, alias)

    def _field(self, node: Node, name: str, path: FieldPath) -> Column:
        if name.lower() == "type" and len(node.targets) > 1:
            return Column(node, _TYPE, _type_sql(node), node.targets[0].definition)
        found = [
            (each, field)
            for each in node.targets
            if (field := each.definition.field(name)) and self._sees(each.definition, field)
        ]
        if found:
            owner, field = found[0]
            sql = _first(f"{each.alias}.{quoted(one.name)}" for each, one in found)
            return Column(node, field, sql, owner.definition)
        if name.lower() == "type" and node.names and node.targets[0].definition.name == "User":
            return Column(node, _TYPE, _type_sql(node), node.targets[0].definition)
        raise self._no_column(path, name, node.targets[0].definition.name)

    def _sees(self, definition: ObjectDef, field: FieldDef) -> bool:
        return self.session.access.field_readable(definition.name, field.name)

    def _no_column(self, path: FieldPath, name: str, entity: str) -> ApiError:
        message = (
            f"No such column '{name}' on entity '{entity}'. If you are attempting to use a custom field, be"
            " sure to append the '__c' after the custom field name. Please reference your WSDL or the"
            " describe call for the appropriate names."
        )
        return self._refused(path, message)

    def _refused(self, path: FieldPath, message: str) -> ApiError:
        return syntax_error(self.source, path.position, message, "INVALID_FIELD")


def _type_sql(node: Node) -> str:
    cases = (
        f"WHEN {each.alias}.\"Id\" IS NOT NULL THEN '{each.definition.name}'"
        for each in node.targets
    )
    return f"(CASE {' '.join(cases)} END)"


def _first(expressions: Iterable[str]) -> str:
    found = list(expressions)
    return found[0] if len(found) == 1 else f"COALESCE({', '.join(found)})"
