"""Names of blueprints: what a template keeps instead of a blueprint, so that nothing written for one plan is kept."""

from __future__ import annotations

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.derived import create_blueprint, delete_blueprint, update_blueprint
from actwright.blueprints.library import Library
from actwright.errors import BlueprintError
from actwright.org.schema import ObjectSchema
from actwright.planning.cache.binding import NotBoundError
from actwright.planning.cache.template import BlueprintName


def name_of(
    blueprint: ActionBlueprint, library: Library, schema: ObjectSchema | None
) -> BlueprintName:
    """Return the name of a blueprint that is the library's, or derived from its object.

    Args:
        blueprint: The blueprint.
        library: The curated blueprints.
        schema: Its object, as the person sees it; None where it has none.

    Raises:
        NotBoundError: It was written for one plan alone.
    """
    for entry in library.entries:
        if entry.blueprint.name == blueprint.name and entry.blueprint == blueprint:
            return BlueprintName(key=entry.key)
    if schema is not None and blueprint.operation in {"CREATE", "UPDATE", "DELETE"}:
        fields = tuple(each.field_api_name for each in blueprint.inputs)
        name = BlueprintName(object=schema.name, operation=blueprint.operation, fields=fields)
        if _derived(name, schema) == blueprint:
            return name
    raise NotBoundError("the blueprint was made for this plan alone")


def blueprint_of(
    name: BlueprintName, library: Library, schema: ObjectSchema | None
) -> ActionBlueprint:
    """Return the blueprint of that name.

    Args:
        name: The name.
        library: The curated blueprints.
        schema: The object of a derived one.

    Raises:
        NotBoundError: There is none by now.
    """
    if name.key is None and schema is not None:
        return _derived(name, schema)
    entry = library.find(name.key or "")
    if entry is None or entry.key != name.key:
        raise NotBoundError("the blueprint is gone")
    return entry.blueprint


def _derived(name: BlueprintName, schema: ObjectSchema) -> ActionBlueprint:
    if name.operation == "DELETE":
        return delete_blueprint(schema)
    make = create_blueprint if name.operation == "CREATE" else update_blueprint
    try:
        return make(schema, name.fields)
    except BlueprintError as error:
        raise NotBoundError(error.message) from error
