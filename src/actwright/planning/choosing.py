"""Choosing the blueprint for a reading: the curated one that says just this, else one derived from the schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.derived import (
    create_blueprint,
    delete_blueprint,
    derived_key,
    update_blueprint,
)
from actwright.blueprints.guardrail import EnumParams
from actwright.blueprints.library import LibraryEntry
from actwright.errors import BlueprintError
from actwright.org.query import JsonScalar
from actwright.org.schema import ObjectSchema
from actwright.planning.reading import Reading
from actwright.planning.text import stem
from actwright.planning.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Choice:
    """A blueprint for a reading, under its key, and the reading less what the blueprint itself says."""

    key: str
    blueprint: ActionBlueprint
    reading: Reading
    source: Literal["curated", "derived"]


class Chooser:
    """Chooses among the curated blueprints, and derives one where none fits."""

    def __init__(self, entries: Iterable[LibraryEntry], words: Mapping[str, Vocabulary]) -> None:
        self._entries = tuple(entries)
        self._words = words

    def choose(self, reading: Reading, fields: Iterable[str]) -> Choice | None:
        """Return the blueprint that fits best, or None where nobody could write one of the fields.

        Args:
            reading: What the clause means.
            fields: API names of every field the action will write, links included.
        """
        wanted = {each.lower() for each in fields}
        fitting = [
            (*self._rank(entry, reading, wanted), entry) for entry in self._fitting(reading, wanted)
        ]
        if fitting:
            entry = min(fitting, key=lambda each: each[:3])[3]
            return Choice(entry.key, entry.blueprint, self.trimmed(entry, reading), "curated")
        return self._extended(reading, wanted) or self._derived(reading, wanted)

    def _extended(self, reading: Reading, wanted: set[str]) -> Choice | None:
        """Return the curated blueprint of a creation, wider by the fields it has no input for."""
        if reading.operation != "CREATE":
            return None
        able = []
        for entry in self._entries:
            inputs = {each.field_api_name.lower() for each in entry.blueprint.inputs}
            kept = tuple(one for one in reading.assignments if one.field.name.lower() in inputs)
            if self.fits(entry, replace(reading, assignments=kept), wanted & inputs):
                able.append((*self._rank(entry, reading, wanted), entry))
        derived = self._derived(reading, wanted) if able else None
        if derived is None:
            return None
        entry = min(able, key=lambda each: each[:3])[3]
        return Choice(entry.key, _widened(entry.blueprint, derived.blueprint), reading, "curated")

    def shared(self, reading: Reading) -> tuple[Reading, Reading] | None:
        """Return what a curated blueprint does of a change, and the rest that it has no input for.

        So that a further field in the goal never takes a change away from the blueprint made for it, nor from that
        blueprint's guardrails. None where one blueprint does it all, or none does any of it.
        """
        names = [each.field.name for each in reading.assignments]
        if reading.operation != "UPDATE" or self._fitting(reading, set(map(str.lower, names))):
            return None
        parts = [self._part(entry, reading) for entry in self._entries]
        able = [each for each in parts if each is not None]
        if not able:
            return None
        kept = max(able, key=lambda each: len(each.assignments))
        own = {each.field.name for each in kept.assignments}
        rest = tuple(each for each in reading.assignments if each.field.name not in own)
        return kept, replace(reading, assignments=rest, explicit=True, notes=())

    def _part(self, entry: LibraryEntry, reading: Reading) -> Reading | None:
        inputs = {each.field_api_name for each in entry.blueprint.inputs if each.is_field}
        kept = tuple(each for each in reading.assignments if each.field.name in inputs)
        part = replace(reading, assignments=kept)
        fits = kept and self.fits(entry, part, {each.field.name.lower() for each in kept})
        return part if fits and len(kept) < len(reading.assignments) else None

    def _fitting(self, reading: Reading, wanted: set[str]) -> list[LibraryEntry]:
        return [each for each in self._entries if self.fits(each, reading, wanted)]

    def fits(self, entry: LibraryEntry, reading: Reading, wanted: Iterable[str]) -> bool:
        """Tell whether a curated blueprint does what the reading says, and nothing else."""
        blueprint = entry.blueprint
        if blueprint.target_s_object != reading.object or blueprint.operation != reading.operation:
            return False
        return self.takes(blueprint, reading, wanted) and self._means(entry, reading)

    @staticmethod
    def takes(blueprint: ActionBlueprint, reading: Reading, wanted: Iterable[str]) -> bool:
        """Tell whether the blueprint has an input for every field, and allows every value."""
        inputs = {each.field_api_name.lower() for each in blueprint.inputs if each.is_field}
        if not set(wanted) <= inputs:
            return False
        return all(
            each.value is None or _allowed(blueprint, each.field.name, each.value)
            for each in reading.assignments
        )

    def trimmed(self, entry: LibraryEntry, reading: Reading) -> Reading:
        """Return the reading less what only the verb said, where the blueprint is that verb."""
        if not self._spoken(entry, reading):
            return reading
        kept = tuple(
            each
            for each in reading.assignments
            if not each.implied or _input(entry.blueprint, each.field.name).required
        )
        return replace(reading, assignments=kept)

    def _spoken(self, entry: LibraryEntry, reading: Reading) -> bool:
        own = self._words[entry.key].own
        return bool(own) and own <= reading.words

    def _means(self, entry: LibraryEntry, reading: Reading) -> bool:
        own = self._words[entry.key].own
        if reading.operation == "CREATE":
            return own <= reading.words | _FOLLOW_UP_STEMS
        spoken = self._spoken(entry, reading) and not reading.explicit
        spoken = spoken and not _contradicts(entry.blueprint, reading)
        return spoken or _asserts(entry.blueprint, reading)

    def _rank(
        self, entry: LibraryEntry, reading: Reading, wanted: set[str]
    ) -> tuple[int, int, str]:
        blueprint = entry.blueprint
        missing = [
            each
            for each in blueprint.inputs
            if each.required and each.default is None and each.field_api_name.lower() not in wanted
        ]
        known = self._words[entry.key]
        spoken = len(known.own & reading.words) * 2 + len(known.all & reading.words)
        return (len(missing), -spoken, entry.key)

    @staticmethod
    def _derived(reading: Reading, wanted: set[str]) -> Choice | None:
        schema = reading.index.schema
        try:
            blueprint = _derive(schema, reading, wanted - {"id"})
        except BlueprintError:
            return None
        return Choice(derived_key(schema.name, reading.operation), blueprint, reading, "derived")


_FOLLOW_UP_STEMS = frozenset({"follow", "up", "followup"})


def _derive(schema: ObjectSchema, reading: Reading, fields: set[str]) -> ActionBlueprint:
    if reading.operation == "CREATE":
        return create_blueprint(schema, fields)
    if reading.operation == "UPDATE":
        return update_blueprint(schema, fields)
    return delete_blueprint(schema)


def _widened(blueprint: ActionBlueprint, derived: ActionBlueprint) -> ActionBlueprint:
    """Return a curated blueprint with what the derived one has beyond it; nothing of its own is lost."""
    known = {each.field_api_name.lower() for each in blueprint.inputs}
    more = tuple(each for each in derived.inputs if each.field_api_name.lower() not in known)
    guardrails = (*blueprint.guardrails, *derived.guardrails)
    return blueprint.model_copy(
        update={"inputs": (*blueprint.inputs, *more), "guardrails": guardrails}
    )


def _input(blueprint: ActionBlueprint, field: str) -> ActionInput:
    return next(each for each in blueprint.inputs if each.field_api_name.lower() == field.lower())


def _asserts(blueprint: ActionBlueprint, reading: Reading) -> bool:
    """Tell whether the reading says every value the blueprint would set by itself: its constants."""
    constants = _constants(blueprint)
    said = {each.field.name: each.value for each in reading.assignments}
    return bool(constants) and constants.items() <= said.items()


def _contradicts(blueprint: ActionBlueprint, reading: Reading) -> bool:
    """Tell whether the reading's verb says another value than the blueprint sets by itself."""
    constants = _constants(blueprint)
    implied = (each for each in reading.assignments if each.implied and each.value is not None)
    return any(constants.get(each.field.name, each.value) != each.value for each in implied)


def _constants(blueprint: ActionBlueprint) -> dict[str, JsonScalar]:
    return {
        each.field_api_name: each.default
        for each in blueprint.inputs
        if each.is_field and each.required and each.default is not None
    }


def _allowed(blueprint: ActionBlueprint, field: str, value: JsonScalar) -> bool:
    for each in blueprint.guardrails:
        params = each.parsed()
        if isinstance(params, EnumParams) and params.field.lower() == field.lower():
            return value in params.values
    return True


def spoken_words(parts: Iterable[str]) -> frozenset[str]:
    """Return the stems of a clause's words."""
    return frozenset(stem(each) for each in parts)
