"""What a goal forbids: ``do not touch the amount``, ``leave the owner alone``, ``without creating a task``.

It is read from the goal's own words, so that a plan from wherever it comes can be held against it. Where the words can
be read more widely or more narrowly, the wider reading counts: a forbidden write is worse than a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from actwright.blueprints.blueprint import Operation
from actwright.org.query import JsonScalar
from actwright.planning.bounds.bans import Ban, bans, nothing_else
from actwright.planning.words.matching import FieldIndex, picklist_matches
from actwright.planning.words.objects import ObjectIndex
from actwright.planning.words.text import Token, pieces, tokenize

_LONGEST_VALUE = 4
_NEAR = 12
"""How many words behind a negation may name the value that is not meant."""


@dataclass(frozen=True, slots=True)
class Write:
    """What one action would do, as far as a goal could forbid it.

    Attributes:
        operation: What it does to the record.
        fields: The fields it writes, by the index of its object, and the values where they are known.
        index: The object's fields by their words.
        records: The names the record is looked up by.
    """

    operation: Operation
    fields: Mapping[str, JsonScalar]
    index: FieldIndex
    records: tuple[str, ...] = ()


class Forbidding:
    """Holds writes against what one goal forbids."""

    def __init__(self, goal: str, objects: ObjectIndex) -> None:
        self._objects = objects
        tokens = tokenize(goal)
        self.bans = tuple(bans(goal, tokens))
        self.nothing_else = nothing_else(tokens)
        """The words that forbid whatever the goal does not say; None where there are none."""

    def broken(self, write: Write) -> Iterator[str]:
        """Yield, for each thing the goal forbids and ``write`` does, a sentence that says so."""
        for ban in self.bans:
            what = self._field(ban, write) or self._value(ban, write) or self._whole(ban, write)
            if what:
                yield f"the goal says {ban.words!r}, so {what}"

    def _field(self, ban: Ban, write: Write) -> str | None:
        if not ban.any_change or write.operation == "DELETE":
            return None
        named = fields_named(ban.tokens, write.index)
        hit = next((each for each in write.fields if each.lower() in named), None)
        return f"{write.index.schema.name}.{hit} must not be written" if hit else None

    @staticmethod
    def _value(ban: Ban, write: Write) -> str | None:
        """Return what is wrong where the very picklist value is written that is named as the wrong one."""
        if ban.manners and not ban.any_change and not ban.state:
            return None
        for name, value in write.fields.items():
            field = write.index.schema.field(name)
            if field is None or not isinstance(value, str) or not field.active_values:
                continue
            for words in _runs(ban.tokens[:_NEAR]):
                if [each.value for each in picklist_matches(field, words)] == [value]:
                    return f"{write.index.schema.name}.{name} must not become {value!r}"
        return None

    def _whole(self, ban: Ban, write: Write) -> str | None:
        name = write.index.schema.name
        objects = {each.name for each in self._objects.mentioned(ban.tokens)}
        if "delete" in ban.manners and write.operation == "DELETE":
            return "nothing may be deleted" if not objects or name in objects else None
        if "create" in ban.manners and write.operation in {"CREATE", "UPSERT"}:
            created = not objects or name in objects
            return f"no {name} may be created" if created else None
        if ban.state and _states(ban.state, write.fields.values()):
            return f"the record must not become {' '.join(ban.state)!r}"
        return self._record(ban, write, objects)

    def _record(self, ban: Ban, write: Write, objects: set[str]) -> str | None:
        if not ban.any_change or write.operation == "CREATE":
            return None
        name = write.index.schema.name
        if fields_named(ban.tokens, write.index):
            return None
        said = {part for each in ban.tokens for part in each.parts}
        named = any(pieces(each) and set(pieces(each)) <= said for each in write.records)
        alone = name in objects and not any(each.capital for each in ban.tokens)
        return f"that {name} must not be changed" if named or alone else None


def fields_named(tokens: Sequence[Token], index: FieldIndex) -> frozenset[str]:
    """Return the lower-cased names of the fields some of ``tokens`` name."""
    found = (index.field_at(tokens, at, len(tokens)) for at in range(len(tokens)))
    return frozenset(each.field.name.lower() for each in found if each is not None)


def _runs(tokens: Sequence[Token]) -> Iterator[tuple[str, ...]]:
    """Yield the words of each short run of tokens."""
    for start in range(len(tokens)):
        words: tuple[str, ...] = ()
        for token in tokens[start : start + _LONGEST_VALUE]:
            words += token.parts
            if words:
                yield words


def _states(state: tuple[str, ...], values: Iterable[JsonScalar]) -> bool:
    return any(isinstance(each, str) and set(state) <= set(pieces(each)) for each in values)
