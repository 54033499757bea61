"""The schema slice: the part of the org's schema that matters for one goal, within a budget of tokens.

An org may have thousands of objects. Their list is read, and only the few that the goal, or a blueprint that comes
near it, speaks of are described. What the person may not read is not in a describe, and so never in a slice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.writable import needed_on_create
from actwright.errors import NotFoundError
from actwright.model.tokens import estimate
from actwright.org.ports import OrgReader
from actwright.org.schema import FieldSchema, ObjectSchema, ObjectSummary
from actwright.planning.model.slice_text import field_text, object_text
from actwright.planning.ranking.indexes import Indexes
from actwright.planning.words.lexicon import PRIMARY_OBJECTS
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.text import Token, camel_words, pieces, stem, tokenize

MOST_OBJECTS = 12
"""The most objects a slice describes."""

_MOST_FIELDS = 60
_REFERRING = 4
"""How many of the first objects are described to see what they refer to."""
_NAMED, _FITTING, _REFERRED, _ALIKE, _EVERYDAY = 100.0, 60.0, 30.0, 20.0, 10.0
_CORE = 70
"""The least rank of a field that stands in a slice whenever its object does."""
_FILLED = 40.0
"""The least score of an object of which more is shown than it cannot do without."""
_HOUSEKEEPING = frozenset(
    {
        "CreatedById",
        "IsArchived",
        "IsDeleted",
        "LastModifiedById",
        "LastReferencedDate",
        "LastViewedDate",
        "MasterRecordId",
        "PhotoUrl",
        "SystemModstamp",
    }
)
_UNTYPED = frozenset({"id", "address", "location", "base64", "anytype", "complexvalue", "json"})
_PICKLISTS = frozenset({"picklist", "multipicklist", "combobox"})


@dataclass(frozen=True, slots=True)
class SlicedObject:
    """One object of a slice, and those of its fields that were chosen, in the order of their names."""

    schema: ObjectSchema
    fields: tuple[FieldSchema, ...]

    def text(self) -> str:
        """Return the object on one line of JSON."""
        return object_text(self.schema, self.fields)


@dataclass(frozen=True, slots=True)
class SchemaSlice:
    """The part of a schema that a model sees, in the order of the objects' names."""

    objects: tuple[SlicedObject, ...]

    def get(self, name: str) -> ObjectSchema | None:
        """Return the schema of an object of the slice, by name in any case, or None."""
        wanted = name.lower()
        found = (each.schema for each in self.objects if each.schema.name.lower() == wanted)
        return next(found, None)

    def names(self) -> tuple[str, ...]:
        """Return the names of the objects."""
        return tuple(each.schema.name for each in self.objects)

    def text(self) -> str:
        """Return the slice as lines of JSON, one for each object."""
        return "\n".join(each.text() for each in self.objects)


class Slicer:
    """Cuts slices out of one org's schema; keeps what it has indexed."""

    def __init__(self, indexes: Indexes) -> None:
        self._indexes = indexes
        self._words: tuple[Sequence[ObjectSummary], dict[str, list[ObjectSummary]]] | None = None

    def slice(
        self, goal: str, org: OrgReader, blueprints: Sequence[ActionBlueprint], budget: int
    ) -> SchemaSlice:
        """Return the slice for ``goal``.

        Args:
            goal: What the person asked for.
            org: The org; its list of objects is read, and at most `MOST_OBJECTS` of them are described.
            blueprints: Those that come near the goal, nearest first.
            budget: The most tokens the slice's text may have, by `model.tokens.estimate`.

        Raises:
            OrgError: The org cannot be asked.
        """
        tokens = tokenize(goal)
        of = self._indexes.fields(org)
        chosen = self._objects(tokens, org, blueprints)
        ranked = [
            _ranked(found, tokens, blueprints, whole=score >= _FILLED)
            for name, score in chosen
            if (found := _described(of, name)) is not None
        ]
        return _fitted(ranked, budget)

    def _objects(
        self, tokens: Sequence[Token], org: OrgReader, blueprints: Sequence[ActionBlueprint]
    ) -> list[tuple[str, float]]:
        """Return the names and scores of the objects that matter most, those first."""
        scores = self._scores(tokens, org, blueprints)
        first = _best(scores)[:_REFERRING]
        of = self._indexes.fields(org)
        for name in first:
            found = _described(of, name)
            for target in _referred(found.schema) if found else ():
                if self._indexes.objects(org).get(target) is not None:
                    scores[target] = max(scores.get(target, 0.0), _REFERRED)
        return [(name, scores[name]) for name in _best(scores)[:MOST_OBJECTS]]

    def _scores(
        self, tokens: Sequence[Token], org: OrgReader, blueprints: Sequence[ActionBlueprint]
    ) -> dict[str, float]:
        index = self._indexes.objects(org)
        scores = {each.name: _EVERYDAY for each in index.primary()}
        for name, share in self._alike(tokens, org):
            scores[name] = max(scores.get(name, 0.0), _ALIKE * share)
        for place, blueprint in enumerate(blueprints):
            target = blueprint.target_s_object or ""
            if index.get(target) is not None:
                scores[target] = max(scores.get(target, 0.0), _FITTING - place)
        for place, summary in enumerate(index.mentioned(tokens)):
            scores[summary.name] = _NAMED - place
        return scores

    def _alike(self, tokens: Sequence[Token], org: OrgReader) -> Iterator[tuple[str, float]]:
        """Yield objects some of whose words the goal uses, and the share of them."""
        words = self._by_word(org)
        said = {stem(part) for each in tokens for part in each.parts}
        hits: dict[str, int] = {}
        sizes: dict[str, int] = {}
        for word in said & words.keys():
            for summary in words[word]:
                hits[summary.name] = hits.get(summary.name, 0) + 1
                sizes[summary.name] = len(_stems(summary))
        for name, count in hits.items():
            yield name, count / sizes[name]

    def _by_word(self, org: OrgReader) -> dict[str, list[ObjectSummary]]:
        listed = org.objects()
        kept = self._words
        if kept is None or (kept[0] is not listed and kept[0] != listed):
            words: dict[str, list[ObjectSummary]] = {}
            for summary in listed:
                for word in _stems(summary) if summary.queryable else ():
                    words.setdefault(word, []).append(summary)
            kept = self._words = (listed, words)
        return kept[1]


def _stems(summary: ObjectSummary) -> frozenset[str]:
    return frozenset(stem(each) for each in (*pieces(summary.label), *camel_words(summary.name)))


def _best(scores: Mapping[str, float]) -> list[str]:
    everyday = {name: place for place, name in enumerate(PRIMARY_OBJECTS)}
    return sorted(scores, key=lambda each: (-scores[each], everyday.get(each, 99), each))


def _referred(schema: ObjectSchema) -> Iterator[str]:
    writable = (each for each in schema.fields if each.createable or each.updateable)
    for field in writable:
        yield from field.reference_to


def _described(of: Callable[[str], FieldIndex], name: str) -> FieldIndex | None:
    """Return an object's fields by their words; None where it went away since the list was read."""
    try:
        return of(name)
    except NotFoundError:
        return None


@dataclass(frozen=True, slots=True)
class _Ranked:
    """An object's fields, most important first, each with its rank, and whether all may be shown."""

    schema: ObjectSchema
    fields: tuple[tuple[int, FieldSchema], ...]
    whole: bool


def _ranked(
    index: FieldIndex,
    tokens: Sequence[Token],
    blueprints: Iterable[ActionBlueprint],
    *,
    whole: bool,
) -> _Ranked:
    schema = index.schema
    named = _named(index, tokens)
    inputs = {
        each.field_api_name.lower()
        for blueprint in blueprints
        if blueprint.target_s_object == schema.name
        for each in blueprint.inputs
        if each.is_field
    }
    ranks = [(_rank(schema, each, named, inputs), each) for each in schema.fields]
    kept = [each for each in ranks if _told(each[0], each[1])]
    ordered = tuple(sorted(kept, key=lambda each: (-each[0], each[1].name)))
    return _Ranked(schema, ordered, whole)


def _told(rank: int, field: FieldSchema) -> bool:
    """Tell whether a planner can do anything with a field."""
    if field.type.lower() in _UNTYPED:
        return False
    return rank >= _CORE or field.name not in _HOUSEKEEPING


def _named(index: FieldIndex, tokens: Sequence[Token]) -> frozenset[str]:
    """Return the names of the fields that the goal calls by name or by a value."""
    names: set[str] = set()
    for at in range(len(tokens)):
        mention = index.field_at(tokens, at, len(tokens))
        if mention is not None:
            names.add(mention.field.name)
        names.update(each.field.name for each in index.values_at(tokens, at, len(tokens)))
    return frozenset(names)


def _rank(
    schema: ObjectSchema,
    field: FieldSchema,
    named: frozenset[str],
    inputs: frozenset[str] | set[str],
) -> int:
    writable = field.createable or field.updateable
    ranks = (
        (100, field.name in named),
        (90, field.name_field),
        (80, needed_on_create(schema, field)),
        (_CORE, field.name.lower() in inputs),
        (30, writable and field.type in _PICKLISTS),
        (20, writable and bool(field.reference_to)),
        (10, writable),
    )
    return next((rank for rank, holds in ranks if holds), 0)


def _fitted(ranked: Sequence[_Ranked], budget: int) -> SchemaSlice:
    """Return as much as the budget holds: of each object what it cannot do without, then what else matters."""
    kept: dict[str, list[FieldSchema]] = {}
    left = budget
    for each in ranked:
        core = [field for rank, field in each.fields if rank >= _CORE][:_MOST_FIELDS]
        cost = estimate(object_text(each.schema, core)) + 1
        if cost <= left:
            kept[each.schema.name] = core
            left -= cost
    for each in ranked:
        left = _filled(each, kept.get(each.schema.name), left)
    objects = (
        SlicedObject(each.schema, _in_order(kept[each.schema.name]))
        for each in ranked
        if each.schema.name in kept
    )
    return SchemaSlice(tuple(sorted(objects, key=lambda each: each.schema.name)))


def _filled(ranked: _Ranked, kept: list[FieldSchema] | None, left: int) -> int:
    """Add fields while there is room, most important first; return the room that is left."""
    if kept is None or not ranked.whole:
        return left
    for rank, field in ranked.fields:
        if rank >= _CORE:
            continue
        cost = estimate(field_text(field)) + 1
        if cost > left or len(kept) >= _MOST_FIELDS:
            break
        kept.append(field)
        left -= cost
    return left


def _in_order(fields: Iterable[FieldSchema]) -> tuple[FieldSchema, ...]:
    return tuple(sorted(fields, key=lambda each: each.name))
