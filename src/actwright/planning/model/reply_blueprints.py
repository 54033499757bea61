"""Blueprints by the keys a reply names: a curated one, or one derived from an object of the schema slice."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.derived import create_blueprint, delete_blueprint, update_blueprint
from actwright.blueprints.library import Library
from actwright.errors import BlueprintError, NotFoundError
from actwright.org.ports import OrgReader
from actwright.org.schema import ObjectSchema
from actwright.org.setup_objects import is_setup_object
from actwright.planning.model.reply import ReplyAction
from actwright.planning.model.reply_generated import (
    GENERATED_KEY,
    GeneratedFault,
    generated_blueprint,
)
from actwright.planning.model.slicing import SchemaSlice

_DERIVED = re.compile(r"derived\.(?P<object>[a-z][a-z0-9_]*)\.(?P<operation>create|update|delete)")
_SHOWN = 80


class ReplyFault(Exception):  # noqa: N818 - it is caught by its neighbours, and told to the model
    """What is wrong with a part of a reply, in a sentence the model can act on."""


@dataclass(frozen=True, slots=True)
class ChosenBlueprint:
    """A blueprint, the object it writes to, and the reply's names of its inputs in their one spelling."""

    key: str
    blueprint: ActionBlueprint
    schema: ObjectSchema
    derived: bool = False
    records: Mapping[str, str] = field(default_factory=dict)
    """The objects of the inputs of a generated action that name records."""

    def input_name(self, said: str) -> str | None:
        """Return the name of the input a reply means: exact, or in any case where that is clear."""
        names = [each.api_name for each in self.blueprint.inputs]
        if said in names:
            return said
        alike = [each for each in names if each.lower() == said.lower()]
        return alike[0] if len(alike) == 1 else None


class Blueprints:
    """Finds or derives the blueprint for each action of a reply."""

    def __init__(
        self, library: Library, org: OrgReader, schema: SchemaSlice, only: str | None = None
    ) -> None:
        self._library = library
        self._org = org
        self._slice = schema
        self._only = only

    def chosen(self, action: ReplyAction) -> ChosenBlueprint:
        """Return the blueprint of ``action``.

        Raises:
            ReplyFault: There is none under that key, or it cannot be used here.
        """
        if action.blueprint == GENERATED_KEY or action.generated is not None:
            return self._generated(action)
        entry = self._library.find(action.blueprint)
        if self._only is not None and (entry is None or entry.key != self._only):
            raise ReplyFault(
                f"{action.id}: the person chose the blueprint {self._only!r}; use no other"
            )
        if entry is not None:
            return ChosenBlueprint(
                entry.key, entry.blueprint, self._target(action, entry.blueprint)
            )
        return self._derived(action)

    def _generated(self, action: ReplyAction) -> ChosenBlueprint:
        said = action.generated
        if said is None or action.blueprint != GENERATED_KEY:
            raise ReplyFault(
                f"{action.id}: `generated` is filled where the blueprint is {GENERATED_KEY!r}, and nowhere else"
            )
        if self._only is not None:
            raise ReplyFault(
                f"{action.id}: the person chose the blueprint {self._only!r}; use no other"
            )
        try:
            blueprint, records = generated_blueprint(said, self._slice.get)
        except GeneratedFault as fault:
            raise ReplyFault(f"{action.id}: {fault}") from None
        schema = self.visible(blueprint.target_s_object or "", action.id)
        return ChosenBlueprint(GENERATED_KEY, blueprint, schema, derived=True, records=records)

    def _target(self, action: ReplyAction, blueprint: ActionBlueprint) -> ObjectSchema:
        name = blueprint.target_s_object
        if name is None or blueprint.operation == "CALL":
            raise ReplyFault(
                f"{action.id}: the blueprint {action.blueprint[:_SHOWN]!r} calls a service, which cannot be planned here"
            )
        return self.visible(name, action.id)

    def visible(self, name: str, place: str) -> ObjectSchema:
        """Return the schema of an object the person may see.

        Raises:
            ReplyFault: It is hidden, or does not exist.
        """
        known = self._slice.get(name)
        if known is not None:
            return known
        try:
            return self._org.describe(name)
        except NotFoundError:
            raise ReplyFault(
                f"{place}: there is no object {name[:_SHOWN]!r} that the person may see"
            ) from None

    def _derived(self, action: ReplyAction) -> ChosenBlueprint:
        parts = _DERIVED.fullmatch(action.blueprint.lower())
        schema = self._slice.get(parts["object"]) if parts else None
        if parts is None or schema is None:
            raise ReplyFault(
                f"{action.id}: there is no blueprint {action.blueprint[:_SHOWN]!r}; use a listed key, or"
                f" derived.OBJECT.create, .update or .delete with one of these objects: {_objects(self._slice)}"
            )
        if is_setup_object(schema.name):
            raise ReplyFault(
                f"{action.id}: {schema.name} says who may do what; no blueprint is derived for it"
            )
        names = [each.name for each in action.arguments]
        try:
            made = _derive(schema, parts["operation"], names)
        except BlueprintError as error:
            raise ReplyFault(f"{action.id}: {error.message} {error.hint or ''}".strip()) from None
        key = f"derived.{schema.name.lower()}.{parts['operation']}"
        return ChosenBlueprint(key, made, schema, derived=True)


def _derive(schema: ObjectSchema, operation: str, names: Sequence[str]) -> ActionBlueprint:
    if operation == "delete":
        return delete_blueprint(schema)
    made = create_blueprint if operation == "create" else update_blueprint
    return made(schema, names)


def _objects(schema: SchemaSlice) -> str:
    """Return the objects a blueprint can be derived for, as a model is told them."""
    known = (schema.get(each) for each in schema.names() if not is_setup_object(each))
    written = (
        each.name.lower()
        for each in known
        if each is not None and (each.createable or each.updateable or each.deletable)
    )
    return ", ".join(written) or "none"
