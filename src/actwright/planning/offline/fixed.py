"""Fixed values: what a blueprint sets by itself, and whether a reading says the same or something else."""

from __future__ import annotations

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.org.query import JsonScalar
from actwright.planning.words.reading import Reading


def constants(blueprint: ActionBlueprint) -> dict[str, JsonScalar]:
    """Return the values a blueprint sets by itself, by field: its required inputs that have a default."""
    return {
        each.field_api_name: each.default
        for each in blueprint.inputs
        if each.is_field and each.required and each.default is not None
    }


def asserts(blueprint: ActionBlueprint, reading: Reading) -> bool:
    """Tell whether the reading says every value the blueprint would set by itself: its constants."""
    fixed = constants(blueprint)
    said = {each.field.name: each.value for each in reading.assignments}
    return bool(fixed) and fixed.items() <= said.items()


def says_other_state(blueprint: ActionBlueprint, reading: Reading) -> bool:
    """Tell whether the reading says another state than the blueprint is for: nothing is escalated by closing it."""
    fixed, states = constants(blueprint), {each.name for each in reading.index.states()}
    said = (each for each in reading.assignments if each.field.name in states)
    return any(fixed.get(each.field.name, each.value) != each.value for each in said)


def contradicts(blueprint: ActionBlueprint, reading: Reading) -> bool:
    """Tell whether the reading's verb says another value than the blueprint sets by itself."""
    fixed = constants(blueprint)
    implied = (each for each in reading.assignments if each.implied and each.value is not None)
    return any(fixed.get(each.field.name, each.value) != each.value for each in implied)
