"""The template generator: from a recipe to one typed function, without a model, and always the same."""

from __future__ import annotations

from actwright.actions.generated.action import Maker
from actwright.actions.generated.capability import FieldsOf, WritesOf
from actwright.actions.generating.generator import Check, Draft, Wanted
from actwright.actions.generating.recipe_code import TEMPLATE, code_of, passed_on
from actwright.actions.generating.recipe_tests import recipe_tests
from actwright.blueprints.recipe import Recipe
from actwright.errors import InputError


class TemplateGenerator:
    """Writes the code of a blueprint that has a recipe."""

    def generate(self, wanted: Wanted, check: Check) -> Draft:  # noqa: ARG002 - a template has nothing to mend
        """Return the code of the recipe, with what it reads and writes, and tests worked out from it apart.

        Raises:
            InputError: The blueprint has no recipe.
        """
        recipe = wanted.blueprint.recipe
        if recipe is None:
            raise InputError(
                f"{wanted.blueprint.name} has no recipe, so no template can write its code.",
                where=wanted.blueprint.name,
                hint="Set a model up, which can write it from words: docs/model.md.",
                code="recipe_missing",
            )
        return Draft(
            code=code_of(wanted.blueprint, recipe, wanted.schemas),
            reads=tuple(
                FieldsOf(object=name, fields=fields) for name, fields in recipe.reads().items()
            ),
            writes=_writes(recipe),
            tests=recipe_tests(wanted, recipe),
            origin="template",
            made_by=Maker(template=TEMPLATE),
            opaque_inputs=passed_on(wanted.blueprint, recipe),
        )


def _writes(recipe: Recipe) -> tuple[WritesOf, ...]:
    """Return what a recipe writes, each kind of write once."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for operation, name, fields in recipe.writes():
        found.setdefault((operation, name), {}).update(dict.fromkeys(fields))
    return tuple(
        WritesOf.model_validate({"operation": operation, "object": name, "fields": tuple(fields)})
        for (operation, name), fields in found.items()
    )
