"""Choosing the blueprint for a reading: the curated one that says just this, else one derived from the schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
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
from actwright.planning.offline.fixed import asserts, constants, contradicts, says_other_state
from actwright.planning.ranking.vocabulary import Vocabulary
from actwright.planning.words.confidence import Doubt
from actwright.planning.words.reading import Reading
from actwright.planning.words.text import stem


@dataclass(frozen=True, slots=True)
class Choice:
    """A blueprint for a reading, under its key, and the reading less what the blueprint itself says."""

    key: str
    blueprint: ActionBlueprint
    reading: Reading
    source: Literal["curated", "derived"]
    rivals: tuple[LibraryEntry, ...] = ()
    """Curated blueprints that fit as well, and would do something else."""

    def doubts(self, *, unlinked: int, namesakes: int) -> Iterator[Doubt]:
        """Yield what the choice leaves to doubt.

        Args:
            unlinked: How many records its words name that were not found, so that the words were kept as text.
            namesakes: How many records of the new one's name there are said to be.
        """
        for each in self.reading.assignments:
            yield from each.doubts
        if self.source == "derived":
            yield "derived"
        if self.rivals:
            yield "tie"
        yield from repeat("unlinked", unlinked)
        yield from repeat("namesake", namesakes)


class Chooser:
    """Chooses among the curated blueprints, and derives one where none fits."""

    def __init__(
        self,
        entries: Iterable[LibraryEntry],
        words: Mapping[str, Vocabulary],
        *,
        only: bool = False,
    ) -> None:
        """Choose among ``entries``, whose vocabularies are ``words``; where ``only`` is set, among nothing else."""
        self._kinds: dict[tuple[str | None, str], list[LibraryEntry]] = {}
        for each in entries:
            kind = (each.blueprint.target_s_object, each.blueprint.operation)
            self._kinds.setdefault(kind, []).append(each)
        self._words = words
        self._only = only

    def choose(self, reading: Reading, fields: Iterable[str]) -> Choice | None:
        """Return the blueprint that fits best, or None where nobody could write one of the fields.

        Args:
            reading: What the clause means.
            fields: API names of every field the action will write, links included.
        """
        wanted = {each.lower() for each in fields}
        fitting = [
            (self._rank(entry, reading, wanted), entry.key, entry)
            for entry in self._fitting(reading, wanted)
        ]
        if fitting:
            best = min(fitting, key=lambda each: each[:2])
            entry = best[2]
            equal = (each[2] for each in fitting if each[0][:3] == best[0][:3])
            rivals = tuple(each for each in equal if _does_otherwise(entry, each, wanted))
            trimmed = self.trimmed(entry, reading)
            return Choice(entry.key, entry.blueprint, trimmed, "curated", rivals)
        if self._only:
            return None
        return self._extended(reading, wanted) or self._derived(reading, wanted)

    def _extended(self, reading: Reading, wanted: set[str]) -> Choice | None:
        """Return the curated blueprint of a creation, wider by the fields it has no input for."""
        if reading.operation != "CREATE":
            return None
        able = []
        for entry in self._of_kind(reading):
            inputs = {each.field_api_name.lower() for each in entry.blueprint.inputs}
            kept = tuple(one for one in reading.assignments if one.field.name.lower() in inputs)
            if self.fits(entry, replace(reading, assignments=kept), wanted & inputs):
                able.append((self._rank(entry, reading, wanted), entry.key, entry))
        derived = self._derived(reading, wanted) if able else None
        if derived is None:
            return None
        entry = min(able, key=lambda each: each[:2])[2]
        return Choice(entry.key, _widened(entry.blueprint, derived.blueprint), reading, "curated")

    def shared(self, reading: Reading) -> tuple[Reading, Reading] | None:
        """Return what a curated blueprint does of a change, and the rest that it has no input for.

        So that a further field in the goal never takes a change away from the blueprint made for it, nor from that
        blueprint's guardrails. None where one blueprint does it all, or none does any of it.
        """
        names = [each.field.name for each in reading.assignments]
        if self._only or reading.operation != "UPDATE":
            return None
        if self._fitting(reading, set(map(str.lower, names))):
            return None
        parts = [self._part(entry, reading) for entry in self._of_kind(reading)]
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
        able = kept and self._can(entry, part, {each.field.name.lower() for each in kept})
        fits = able and self._named(entry, part)
        return part if fits and len(kept) < len(reading.assignments) else None

    def _fitting(self, reading: Reading, wanted: set[str]) -> list[LibraryEntry]:
        return [each for each in self._of_kind(reading) if self.fits(each, reading, wanted)]

    def _of_kind(self, reading: Reading) -> Sequence[LibraryEntry]:
        """Return the blueprints for the reading's object and operation; no other could fit it."""
        return self._kinds.get((reading.object, reading.operation), ())

    def fits(self, entry: LibraryEntry, reading: Reading, wanted: Iterable[str]) -> bool:
        """Tell whether a curated blueprint does what the reading says, and nothing else."""
        able = self._can(entry, reading, wanted)
        return able and (self._only or self._means(entry, reading))

    def _can(self, entry: LibraryEntry, reading: Reading, wanted: Iterable[str]) -> bool:
        blueprint = entry.blueprint
        if blueprint.target_s_object != reading.object or blueprint.operation != reading.operation:
            return False
        return self.takes(blueprint, reading, wanted)

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
        return self._named(entry, reading) or _covers(entry.blueprint, reading)

    def _named(self, entry: LibraryEntry, reading: Reading) -> bool:
        """Tell whether the reading's words are the blueprint's own, or its values those that the blueprint sets."""
        own = self._words[entry.key].own
        if reading.operation == "CREATE":
            return own <= reading.words | _FOLLOW_UP_STEMS
        spoken = self._spoken(entry, reading) and not reading.explicit
        spoken = spoken and not contradicts(entry.blueprint, reading)
        return spoken or asserts(entry.blueprint, reading)

    def _rank(
        self, entry: LibraryEntry, reading: Reading, wanted: set[str]
    ) -> tuple[int, int, int, int]:
        """Return how far a fitting blueprint is from the reading, nearest first.

        Inputs nobody gave a value, words of its own that were not said, words that were, inputs that stay empty.
        """
        blueprint = entry.blueprint
        missing = [
            each
            for each in blueprint.inputs
            if each.required and each.default is None and each.field_api_name.lower() not in wanted
        ]
        known = self._words[entry.key]
        spoken = len(known.own & reading.words) * 2 + len(known.all & reading.words)
        beyond = sum(each.field_api_name.lower() not in wanted for each in blueprint.inputs)
        unsaid = 0 if self._named(entry, reading) else len(known.own - reading.words)
        return (len(missing), unsaid, -spoken, beyond)

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


def _covers(blueprint: ActionBlueprint, reading: Reading) -> bool:
    """Tell whether the reading says all that the blueprint needs, and the blueprint sets nothing beside what it says."""
    said = {each.field.name.lower(): each for each in reading.assignments}
    if reading.operation != "UPDATE":
        return False
    if any(each.problem or each.cleared or each.empty for each in reading.assignments):
        return False
    if says_other_state(blueprint, reading):
        return False
    own = (each for each in blueprint.inputs if each is not blueprint.id_input)
    rest = [each for each in own if each.field_api_name.lower() not in said]
    return bool(said) and not any(each.required or each.default is not None for each in rest)


def _does_otherwise(entry: LibraryEntry, other: LibraryEntry, said: set[str]) -> bool:
    """Tell whether another blueprint would set a value by itself that this one does not, beside what was said."""
    first, second = (
        {
            field: value
            for field, value in constants(each.blueprint).items()
            if field.lower() not in said
        }
        for each in (entry, other)
    )
    return first != second


def _allowed(blueprint: ActionBlueprint, field: str, value: JsonScalar) -> bool:
    for each in blueprint.guardrails:
        params = each.parsed()
        if isinstance(params, EnumParams) and params.field.lower() == field.lower():
            return value in params.values
    return True


def spoken_words(parts: Iterable[str]) -> frozenset[str]:
    """Return the stems of a clause's words."""
    return frozenset(stem(each) for each in parts)
