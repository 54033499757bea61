"""Making what a plan needs: for each action whose code is generated, the version that stands, or a new one to review."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from actwright.actions.generated.archive import GeneratedActions
from actwright.actions.generated.version import GeneratedVersion
from actwright.actions.generating.generator import Generator, Wanted
from actwright.actions.generating.pipeline import Pipeline
from actwright.actions.generating.template_generator import TemplateGenerator
from actwright.blueprints.argument import LookupArgument
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.plan import Plan
from actwright.blueprints.recipe import Recipe
from actwright.errors import InputError, NotFoundError
from actwright.org.ports import OrgReader
from actwright.org.schema import ObjectSchema
from actwright.sandbox import Sandbox

GENERATED = "GENERATED"
"""The category of blueprints whose code is written for them."""

_MOST_OBJECTS = 10


@dataclass(frozen=True, slots=True)
class Made:
    """A generated action of a plan.

    Attributes:
        action_id: The action in the plan.
        version: What stands behind it, approved or waiting for its review.
        fresh: Whether it was written just now.
    """

    action_id: str
    version: GeneratedVersion
    fresh: bool


@dataclass(frozen=True, slots=True)
class ActionWriter:
    """Writes code for the actions of plans, each logic once.

    Attributes:
        archive: Where it is kept.
        sandbox: Where it is tried.
        model: Writes what has no recipe; None where no model is set up.
    """

    archive: GeneratedActions
    sandbox: Sandbox
    model: Generator | None = None

    def make_for(self, plan: Plan, org: OrgReader) -> tuple[Made, ...]:
        """Return what stands behind the generated actions of a plan; what is not there yet is written and stored.

        Args:
            plan: The plan.
            org: The org whose schema counts; no record of it is read.

        Raises:
            InputError: An action has no recipe, and no model is set up.
            ImplementationError: There is no sandbox to try it in.
            ModelError: The language model gave nothing that can be used.
            OrgError: The org cannot be asked.
            StoreError: It cannot be stored.
        """
        return tuple(
            self._made(each.id, each.blueprint, plan, org)
            for each in plan.actions
            if is_generated(each.blueprint)
        )

    def _made(self, action_id: str, blueprint: ActionBlueprint, plan: Plan, org: OrgReader) -> Made:
        known = self.archive.fitting(blueprint)
        kept = [each for each in known if each.action.review.passed and each.standing != "revoked"]
        approved = [each for each in kept if each.standing == "approved"]
        if kept:
            return Made(action_id, (approved or kept)[-1], fresh=False)
        prefixes = {each.name: each.key_prefix for each in org.objects()}
        wanted = Wanted(blueprint, dict(_schemas(blueprint, plan, org)), prefixes)
        action = Pipeline(self._generator(blueprint), self.sandbox, org).make(wanted)
        return Made(action_id, self.archive.add(action), fresh=True)

    def _generator(self, blueprint: ActionBlueprint) -> Generator:
        if blueprint.recipe is not None:
            return TemplateGenerator()
        if self.model is None:
            raise InputError(
                f"{blueprint.name} says its logic in words only, and there is no model that could write its code.",
                where=blueprint.name,
                hint="Set a model up (docs/model.md), or register an override for it.",
                code="recipe_missing",
            )
        return self.model


def is_generated(blueprint: ActionBlueprint) -> bool:
    """Tell whether a blueprint's code is written for it."""
    return blueprint.operation == "CALL" and (
        blueprint.recipe is not None or blueprint.category == GENERATED
    )


def _schemas(
    blueprint: ActionBlueprint, plan: Plan, org: OrgReader
) -> Iterator[tuple[str, ObjectSchema]]:
    """Yield the objects the code may be about: the recipe's, or all that the plan and the logic name."""
    names = _objects(blueprint.recipe) if blueprint.recipe else _spoken(blueprint, plan, org)
    for name in list(dict.fromkeys(names))[:_MOST_OBJECTS]:
        try:
            schema = org.describe(name)
        except NotFoundError:
            continue
        yield schema.name, schema


def _objects(recipe: Recipe) -> Sequence[str]:
    return (*recipe.reads(), *(name for _, name, _ in recipe.writes()))


def _spoken(blueprint: ActionBlueprint, plan: Plan, org: OrgReader) -> Iterator[str]:
    words = set(re.findall(r"\w+", blueprint.summary))
    if blueprint.target_s_object:
        yield blueprint.target_s_object
    for action in plan.actions:
        if action.blueprint.target_s_object:
            yield action.blueprint.target_s_object
        for argument in action.arguments.values():
            if isinstance(argument, LookupArgument):
                yield argument.lookup.object
    yield from (each.name for each in org.objects() if each.name in words)
