"""Matching the goal's words to an object's fields and picklist values: whole tokens, never substrings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from actwright.blueprints.writable import WriteOperation, grantable
from actwright.org.schema import FieldSchema, ObjectSchema, PicklistValue
from actwright.planning.words.lexicon import FIELD_WORDS
from actwright.planning.words.text import Token, camel_words, pieces

_LONGEST = 6
_PICKLISTS = {"picklist", "combobox", "multipicklist"}


@dataclass(frozen=True, slots=True)
class FieldMention:
    """A field the goal names, and how many tokens it takes."""

    field: FieldSchema
    length: int


@dataclass(frozen=True, slots=True)
class ValueMention:
    """A picklist value the goal names, and how many tokens it takes."""

    field: FieldSchema
    value: PicklistValue
    length: int


class FieldIndex:
    """One object's fields and picklist values by the words people use for them."""

    def __init__(self, schema: ObjectSchema) -> None:
        self.schema = schema
        self._fields: dict[tuple[str, ...], FieldSchema] = {}
        self._compact: dict[str, FieldSchema] = {}
        self._values: dict[tuple[str, ...], list[tuple[FieldSchema, PicklistValue]]] = {}
        self._createable = _grantable(schema, "CREATE")
        self._updateable = _grantable(schema, "UPDATE")
        ranked = sorted(schema.fields, key=self._rank)
        for phrases in (_exact_phrases, _loose_phrases):
            for field in ranked:
                for words in phrases(field, pieces(schema.label)):
                    self._fields.setdefault(words, field)
                    self._compact.setdefault("".join(words), field)
        self._fields.pop((), None)
        for field in ranked:
            self._add_values(field)

    def createable(self, field: FieldSchema) -> bool:
        """Tell whether somebody can be given the right to fill the field of a new record."""
        return field.name in self._createable

    def updateable(self, field: FieldSchema) -> bool:
        """Tell whether somebody can be given the right to change the field."""
        return field.name in self._updateable

    def _writable(self, field: FieldSchema) -> bool:
        return self.createable(field) or self.updateable(field)

    def _rank(self, field: FieldSchema) -> tuple[bool, bool, int, str]:
        return (not self._writable(field), field.custom, len(field.name), field.name)

    def _add_values(self, field: FieldSchema) -> None:
        if field.type not in _PICKLISTS or not self._writable(field):
            return
        for value in field.active_values:
            for words in {pieces(value.value), pieces(value.label)} - {()}:
                self._values.setdefault(words, []).append((field, value))

    @cached_property
    def words(self) -> frozenset[str]:
        """The words that fields are called by."""
        return frozenset(each for phrase in self._fields for each in phrase)

    @cached_property
    def value_words(self) -> frozenset[str]:
        """The words that picklist values are called by."""
        return frozenset(each for phrase in self._values for each in phrase)

    def field_at(self, tokens: Sequence[Token], start: int, stop: int) -> FieldMention | None:
        """Return the field named by the most tokens from ``start`` on, before ``stop``."""
        best: FieldMention | None = None
        for length, words in _runs(tokens, start, stop):
            field = self._fields.get(words)
            if field is not None:
                best = FieldMention(field, length)
        return best

    def opening_at(self, tokens: Sequence[Token], start: int, stop: int) -> FieldMention | None:
        """Return the field named from ``start`` on, also by its plural: ``the close dates of all deals``."""
        found = self.field_at(tokens, start, stop)
        for length, words in _runs(tokens, start, stop):
            field = self._fields.get((*words[:-1], _singular(words[-1]))) if words else None
            plural = field is not None and field.type not in {"reference", "id"}
            if field is not None and plural and length > (found.length if found else 0):
                found = FieldMention(field, length)
        return found

    def values_at(self, tokens: Sequence[Token], start: int, stop: int) -> tuple[ValueMention, ...]:
        """Return the picklist values named in full by the most tokens from ``start`` on: one for each field."""
        best: tuple[ValueMention, ...] = ()
        for length, words in _runs(tokens, start, stop):
            found = self._values.get(words)
            if found:
                best = tuple(ValueMention(field, value, length) for field, value in found)
        return best

    def by_name(self, name: str) -> FieldSchema | None:
        """Return the field with that API name, label, or either in snake or camel case."""
        field = self.schema.field(name)
        return field or self._compact.get("".join(pieces(name.replace("_", " "))))

    def states(self) -> tuple[FieldSchema, ...]:
        """Return the picklists that say where a record stands: its stage, its status."""
        return tuple(
            each
            for each in self.schema.fields
            if each.type in _PICKLISTS
            and camel_words(each.name)[:1] in {("stage",), ("status",)}
            and self._writable(each)
        )


def _singular(word: str) -> str:
    """Return the one of several things: ``date`` of ``dates``, ``priority`` of ``priorities``."""
    return f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")


def picklist_matches(field: FieldSchema, words: Sequence[str]) -> tuple[PicklistValue, ...]:
    """Return the active values that ``words`` name: the one named in full, else each that holds all the words."""
    wanted = tuple(words)
    named = [(pieces(each.value), pieces(each.label), each) for each in field.active_values]
    full = tuple(each for value, label, each in named if wanted in {value, label})
    if full or not wanted:
        return full
    return tuple(each for value, label, each in named if set(wanted) <= set(value) | set(label))


def _runs(tokens: Sequence[Token], start: int, stop: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield how many tokens, and their words, for each run of words that begins at ``start``."""
    parts: tuple[str, ...] = ()
    for index in range(start, min(stop, len(tokens), start + _LONGEST)):
        token = tokens[index]
        if token.kind not in {"word", "number"} or (token.possessive and index > start):
            break
        parts += token.parts
        yield index - start + 1, parts


def _exact_phrases(field: FieldSchema, _: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield camel_words(field.name)
    yield pieces(field.label)
    yield pieces(field.name)


def _loose_phrases(field: FieldSchema, owner: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    label, name = pieces(field.label), camel_words(field.name)
    if label[: len(owner)] == owner:
        yield label[len(owner) :]
    if field.type == "reference":
        yield from (words[:-1] for words in (label, name) if words[-1:] == ("id",))
    if field.type == "boolean":
        yield from (words[1:] for words in (label, name) if words[:1] == ("is",))
    for phrase in FIELD_WORDS.get(field.name, ()):
        yield pieces(phrase)
    if name[-1:] == ("name",) and field.type == "picklist":
        yield name[:-1]


def _grantable(schema: ObjectSchema, operation: WriteOperation) -> frozenset[str]:
    """Return the fields somebody could write: what this person lacks a right for is planned, then refused by name."""
    return frozenset(each.name for each in schema.fields if grantable(schema, each, operation))
