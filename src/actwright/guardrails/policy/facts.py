"""Facts: what a policy gets to see of one effect, whoever produced it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Literal

from actwright.guardrails.policy.rule import FieldKind, ImplementationKind
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.provenance import Provenance
from actwright.org.value import FieldValue


@dataclass(frozen=True)
class FieldFact:
    """One field that is written.

    Attributes:
        name: Its API name as the org spells it.
        key: The name in lower case.
        before: The value it has; None for nothing, too.
        after: The value it gets.
        linked: Whether it gets the id of a record that does not exist yet, so that nobody knows the value.
        provenance: Where the value came from.
        mixed: What else went into it, where it was worked out.
        kinds: What the field is for.
    """

    name: str
    key: str
    before: FieldValue
    after: FieldValue
    linked: bool
    provenance: Provenance
    kinds: frozenset[FieldKind]
    mixed: tuple[Provenance, ...] = ()

    @cached_property
    def sources(self) -> frozenset[Provenance]:
        """All that the value is made of."""
        return frozenset((self.provenance, *self.mixed))

    @cached_property
    def comparable(self) -> tuple[object, object]:
        """Both values as they are compared: texts without regard to case and outer blanks, as the org does."""
        return comparable(self.before), comparable(self.after)

    @cached_property
    def read(self) -> tuple[object, object]:
        """Both values as a reader takes them: invisible letters, kinds of blanks and of letters make no difference."""
        return as_read(self.before), as_read(self.after)

    @property
    def stays(self) -> bool:
        """Whether the field holds the very value already."""
        same = type(self.before) is type(self.after) and self.before == self.after
        return same and not self.linked


@dataclass(frozen=True)
class Facts:
    """One effect of one action.

    Attributes:
        effect_id: The effect's id; one merged from several actions has facts for each of them.
        action_id: The action.
        object: The object's API name.
        label: What people call it.
        operations: What it does to it; an upsert may do either, and what acts by itself may do what its blueprint says.
        operation: What the effect itself says that it does.
        kind: What kind of effect it is.
        blueprint: The action's blueprint, by name.
        implementation: Who carries the action out.
        fields: The fields it writes.
        standing: What other fields of the record hold, by name in lower case.
        known_fields: Every field the object has, by name in lower case; None where that is not known.
        record_id: The record.
        blind: Why nobody can look into it; empty where everything is known.
        strange: Whether it is about an object or a field that the org does not show, so that no rule can allow it.
        count: How many records it is about; more than one for children that go with what is deleted.
        called: What people call the record; empty where it has no name.
        taking_back: Whether it takes back what a run did.
    """

    effect_id: str
    action_id: str
    object: str
    label: str
    operations: frozenset[str]
    operation: str
    kind: Literal["record", "call", "opaque"]
    blueprint: str
    implementation: ImplementationKind
    fields: tuple[FieldFact, ...]
    standing: Mapping[str, FieldValue] = field(default_factory=dict)
    known_fields: frozenset[str] | None = None
    record_id: str | None = None
    blind: str = ""
    strange: bool = False
    count: int = 1
    called: str = ""
    taking_back: bool = False

    @cached_property
    def object_key(self) -> str:
        """The object's name in lower case."""
        return self.object.lower()

    @cached_property
    def written(self) -> Mapping[str, FieldFact]:
        """The fields that get another value, by name in lower case; a delete writes none."""
        if self.operation == "DELETE":
            return {}
        return {each.key: each for each in self.fields if not (self.record_id and each.stays)}

    @cached_property
    def keys(self) -> frozenset[str]:
        """The names, in lower case, of the fields that get another value."""
        return frozenset(self.written)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """What those fields are for."""
        return frozenset(kind for each in self.written.values() for kind in each.kinds)

    @cached_property
    def sources(self) -> frozenset[str]:
        """Where their values came from."""
        return frozenset(one for each in self.written.values() for one in each.sources)

    @property
    def acts_alone(self) -> bool:
        """Whether an override acts by itself, so that what it writes is not known."""
        return self.kind != "record"

    @cached_property
    def _sizes(self) -> dict[str, Decimal | None]:
        return {}

    def amount(self, key: str) -> Decimal | None:
        """Return how large the number in a field is: the larger of what stands there and of what is written.

        So nobody gets below a ceiling by writing a smaller amount beside. 0 where there is none, None where nobody knows.
        """
        if key not in self._sizes:
            self._sizes[key] = self._size(key)
        return self._sizes[key]

    def shows(self, key: str) -> bool:
        """Tell whether the org shows a field of the object, or nobody knows which there are."""
        return self.known_fields is None or key in self.known_fields

    def _size(self, key: str) -> Decimal | None:
        if self.acts_alone:
            return None
        found = next((each for each in self.fields if each.key == key), None)
        if found is not None:
            return _larger(found)
        if key in self.standing:
            return _number(self.standing[key])
        if self.operation == "CREATE" or not self.shows(key):
            return Decimal(0)
        return None


@dataclass(frozen=True, slots=True)
class Person:
    """Whose rights count, as far as the org tells. None stands for what nobody knows."""

    username: str
    id: str = ""
    name: str = ""
    zone: str = "UTC"
    role: str | None = None
    profile: str | None = None
    permission_sets: tuple[str, ...] | None = None

    @classmethod
    def of(cls, user: RunningUser) -> Person:
        """Return what is known of a running user without asking."""
        return cls(user.username, user.id, user.name, user.zone)


@dataclass(frozen=True, slots=True)
class PolicyAsk:
    """What a policy is asked about.

    Attributes:
        facts: The effects.
        person: As whom.
        org: Where.
        now: When.
        calls: How many API calls carrying all of it out takes.
    """

    facts: Sequence[Facts]
    person: Person
    org: OrgIdentity
    now: datetime
    calls: int = 0


def comparable(value: FieldValue) -> object:
    """Return a value as it is compared with others."""
    if isinstance(value, str):
        return value.strip().casefold()
    return (value,) if isinstance(value, bool) else value


def as_read(value: FieldValue) -> object:
    """Return a value as a reader takes it, whatever letters it is written with."""
    if not isinstance(value, str):
        return comparable(value)
    if not value.isascii():
        value = "".join(
            each
            for each in unicodedata.normalize("NFKC", value)
            if unicodedata.category(each) != "Cf"
        )
    return " ".join(value.split()).casefold()


def _larger(found: FieldFact) -> Decimal | None:
    before, after = _number(found.before), _number(found.after)
    return None if found.linked or before is None or after is None else max(before, after)


def _number(value: FieldValue) -> Decimal | None:
    if value is None:
        return Decimal(0)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    return abs(number) if number.is_finite() else None
