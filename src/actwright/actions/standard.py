"""The standard implementations: create, update, upsert and delete one record."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.actions.implementation import ActionRequest, ResolvedArgument
from actwright.blueprints.blueprint import ActionBlueprint, Operation
from actwright.errors import ImplementationError
from actwright.org.effect import Effect


class StandardCreate:
    """Creates one record of the blueprint's object."""

    def effects(self, request: ActionRequest) -> Sequence[Effect]:
        """Return the one create."""
        return (request.create(_object(request.blueprint), _fields(request)),)


class StandardUpdate:
    """Changes fields of the record its ``Id`` input names."""

    def effects(self, request: ActionRequest) -> Sequence[Effect]:
        """Return the one update."""
        return (request.update(_object(request.blueprint), _record(request), _fields(request)),)


class StandardUpsert:
    """Creates or changes the record its key field names."""

    def effects(self, request: ActionRequest) -> Sequence[Effect]:
        """Return the one upsert."""
        key = request.blueprint.key_fields[0]
        return (request.upsert(_object(request.blueprint), key, _fields(request)),)


class StandardDelete:
    """Deletes the record its ``Id`` input names."""

    def effects(self, request: ActionRequest) -> Sequence[Effect]:
        """Return the one delete."""
        return (request.delete(_object(request.blueprint), _record(request)),)


standard: dict[Operation, StandardCreate | StandardUpdate | StandardUpsert | StandardDelete] = {
    "CREATE": StandardCreate(),
    "UPDATE": StandardUpdate(),
    "UPSERT": StandardUpsert(),
    "DELETE": StandardDelete(),
}
"""The implementation of each operation that has a standard one."""


def _object(blueprint: ActionBlueprint) -> str:
    if blueprint.target_s_object is None:
        raise ImplementationError(f"{blueprint.name} has no targetSObject.", where=blueprint.name)
    return blueprint.target_s_object


def _record(request: ActionRequest) -> ResolvedArgument:
    id_input = request.blueprint.id_input
    argument = request.arguments.get(id_input.api_name) if id_input else None
    if argument is None:
        raise ImplementationError(
            f"{request.blueprint.label}: which record is meant is not known.",
            where=f"{request.action_id}.Id",
            hint="Name the record in the goal, or give its id.",
            code="required_missing",
        )
    return argument


def _fields(request: ActionRequest) -> dict[str, ResolvedArgument]:
    return {
        each.field_api_name: request.arguments[each.api_name]
        for each in request.blueprint.inputs
        if each.is_field
        and each.field_api_name.lower() != "id"
        and each.api_name in request.arguments
    }
