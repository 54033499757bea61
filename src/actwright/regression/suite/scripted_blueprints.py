"""Which blueprint a right reply would choose: the narrowest curated one that does it, else a derived one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.derived import (
    create_blueprint,
    delete_blueprint,
    derived_key,
    update_blueprint,
)
from actwright.blueprints.library import Library
from actwright.org.schema import ObjectSchema
from actwright.testing.goals import ExpectedValue


@dataclass(frozen=True, slots=True)
class Chosen:
    """A blueprint, and the key a reply calls it by."""

    key: str
    blueprint: ActionBlueprint


def field_of(wanted: ActionInput) -> str:
    """Return the field an input writes, or its own name, in lower case."""
    return (wanted.field_api_name or wanted.api_name).lower()


def takes(blueprint: ActionBlueprint, names: Collection[str]) -> bool:
    """Tell whether a blueprint has an input for each of ``names``."""
    inputs = {field_of(each) for each in blueprint.inputs}
    return {each.lower() for each in names} <= inputs


def narrowest(
    library: Library,
    object_name: str,
    operation: str,
    values: Mapping[str, ExpectedValue],
    *,
    rows: bool = False,
    asked: Collection[str] = (),
) -> Chosen | None:
    """Return the curated blueprint with the fewest inputs that does just this, None where there is none.

    Args:
        library: The curated blueprints.
        object_name: The object it writes to.
        operation: What it does there.
        values: What it is given, by field.
        rows: Whether rows give its record.
        asked: The fields a person is asked for.
    """
    found = [
        Chosen(each.key, each.blueprint)
        for each in library.entries
        if (each.blueprint.target_s_object, each.blueprint.operation) == (object_name, operation)
        and _does(each.blueprint, values, asked, rows=rows)
    ]
    return min(found, key=lambda each: len(each.blueprint.inputs), default=None)


def derived(schema: ObjectSchema, operation: str, fields: Sequence[str]) -> Chosen:
    """Return the blueprint that is derived from an object for these fields."""
    written = [each for each in fields if each != "Id"]
    if operation == "DELETE":
        return Chosen(derived_key(schema.name, "DELETE"), delete_blueprint(schema))
    if operation == "CREATE":
        return Chosen(derived_key(schema.name, "CREATE"), create_blueprint(schema, written))
    return Chosen(derived_key(schema.name, "UPDATE"), update_blueprint(schema, written))


def _does(
    blueprint: ActionBlueprint,
    values: Mapping[str, ExpectedValue],
    asked: Collection[str],
    *,
    rows: bool,
) -> bool:
    """Tell whether a blueprint sets and asks for what is wanted, needs nothing else, and adds nothing by itself."""
    given = {name.lower(): value for name, value in values.items()}
    open_still = {each.lower() for each in asked} | ({"id"} if rows else set())
    if not takes(blueprint, {*given, *open_still}):
        return False
    return all(
        _fits(each, given[field_of(each)])
        if field_of(each) in given
        else field_of(each) in open_still or not (each.required or each.default is not None)
        for each in blueprint.inputs
    )


def _fits(each: ActionInput, value: ExpectedValue) -> bool:
    """Tell whether an input can be given a value; a required one cannot be emptied."""
    return not (each.required and value is None)
