"""The footprint of a plan: the rights it needs, and the part of the schema it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from actwright.blueprints.plan import PlannedAction
from actwright.canonical import digest
from actwright.org.schema import FieldSchema, ObjectSchema

_RIGHTS = {"CREATE": "create", "UPDATE": "edit", "DELETE": "delete", "UPSERT": "create"}


def dependencies(actions: Sequence[PlannedAction]) -> tuple[str, ...]:
    """Return the rights the plan needs, each once: ``Opportunity.edit``, ``Task.create``."""
    needed = (
        f"{name}.{_RIGHTS[operation]}" for each in actions for name, operation in _writes(each)
    )
    return tuple(dict.fromkeys(needed))


def _writes(action: PlannedAction) -> Iterator[tuple[str, str]]:
    """Yield each object the action writes to, and how; of a call, what its recipe says."""
    blueprint = action.blueprint
    if blueprint.recipe is not None:
        yield from ((name, operation) for operation, name, _ in blueprint.recipe.writes())
    elif blueprint.operation in _RIGHTS:
        yield blueprint.target_s_object or "", blueprint.operation


def schema_digest(actions: Sequence[PlannedAction], schemas: Mapping[str, ObjectSchema]) -> str:
    """Return the digest of the fields the plan writes, as the org describes them."""
    used: dict[str, dict[str, object]] = {}
    for action in actions:
        schema = schemas.get(action.blueprint.target_s_object or "")
        if schema is None:
            continue
        fields = used.setdefault(schema.name, {})
        for each in action.blueprint.inputs:
            field = schema.field(each.field_api_name) if each.api_name in action.arguments else None
            if field is not None:
                fields[field.name] = _described(field)
    return digest(used)


def _described(field: FieldSchema) -> dict[str, object]:
    return {
        "type": field.type,
        "length": field.length,
        "precision": field.precision,
        "scale": field.scale,
        "nillable": field.nillable,
        "values": sorted(each.value for each in field.active_values),
        "referenceTo": sorted(field.reference_to),
    }
