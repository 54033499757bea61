"""Readings: what one clause of the goal may mean, before anything was looked up in the org."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from actwright.blueprints.plan import Candidate, QuestionReason
from actwright.org.query import Condition, JsonScalar
from actwright.org.schema import FieldSchema
from actwright.planning.words.confidence import Doubt
from actwright.planning.words.matching import FieldIndex

Origin = Literal["goal", "data"]
"""Whether the person said it in the goal, or handed it in as named data."""

Operation = Literal["CREATE", "UPDATE", "DELETE"]
"""What a clause can ask for in words."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why words of the goal are no value of a field, and what could stand there instead."""

    reason: QuestionReason
    text: str
    candidates: tuple[Candidate, ...] = ()
    several: bool = False
    """Whether the words fit several values, rather than none."""


@dataclass(frozen=True, slots=True)
class RowTest:
    """One thing said of the rows that are meant: the conditions, and what they leave to be said beside them."""

    where: tuple[Condition, ...]
    aside: str = ""


@dataclass(frozen=True, slots=True)
class RowPath:
    """The way from a row to a record of ``object``: the reference, its relationship, and whether it is of several objects.

    An empty relationship is the row itself.
    """

    object: str
    field: str
    relation: str
    mixed: bool = False


@dataclass(frozen=True, slots=True)
class RowRecord:
    """A record the rows belong to, or one that is not meant with them.

    Attributes:
        record: The words that name it.
        paths: The ways from a row to such a record, one for each object it may be found in.
        others: The records named, where the words could also name several, joined by ``and``.
        excepted: Whether the rows are all but this one.
    """

    record: RecordPhrase
    paths: tuple[RowPath, ...]
    others: tuple[RecordPhrase, ...] = ()
    excepted: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one object that a phrase such as ``every open case of Acme`` means, before anything was looked up."""

    object: str
    tests: tuple[RowTest, ...]
    records: tuple[RowRecord, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """A record called by what it belongs to: the main contact of a deal, the owner of one, the open case of an account.

    Attributes:
        base: The record it belongs to, or that belongs to it.
        object: The object it is to be of.
        main: Whether it is the main one of several.
        tests: What else is said of it.
    """

    base: RecordPhrase
    object: str
    main: bool = False
    tests: tuple[RowTest, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordPhrase:
    """Words that name a record.

    Attributes:
        words: The words, as they stand.
        names: What the record may be called, likeliest first: the words with and without article or object word.
        objects: API names of the objects it may belong to.
        record_id: Its id, where the words are one.
        earlier: Whether the words point back to a record spoken of before (``it``, ``that account``).
        named_object: Whether the words say which object it belongs to.
        origin: Where the words stand.
        rows: The rows it means, where it means more than one record.
        related: What it is called by, where it is called by another record.
        me: Whether it is the person who speaks.
    """

    words: str
    names: tuple[str, ...]
    objects: tuple[str, ...]
    record_id: str | None = None
    earlier: bool = False
    named_object: bool = False
    origin: Origin = "goal"
    rows: Rows | None = None
    related: Related | None = None
    me: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """A field and what it is to hold: a value, a record, or a problem that becomes a question."""

    field: FieldSchema
    words: str
    value: JsonScalar = None
    record: RecordPhrase | None = None
    problem: Problem | None = None
    note: str | None = None
    origin: Origin = "goal"
    cleared: bool = False
    """Whether the field is to be emptied, so that no value is the value."""
    implied: bool = False
    """Whether only the verb says it, so that a blueprint which is that verb may leave it out."""
    doubts: tuple[Doubt, ...] = ()
    """What was settled without asking."""

    @property
    def empty(self) -> bool:
        """Whether the field was named without saying what it is to hold."""
        return self.value is None and self.record is None and not self.cleared


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assignment, the position behind its words, and what the same words say of other fields."""

    assignment: Assignment
    stop: int
    more: tuple[Assignment, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A record that the new one belongs to; which field takes it depends on where the record is found."""

    record: RecordPhrase
    options: tuple[tuple[str, FieldSchema], ...]
    """Object and the field that takes a record of it."""
    soft: bool = False
    """Whether the words are kept elsewhere too, so that the link may stay away where no such record is found."""


@dataclass(frozen=True, slots=True)
class Rival:
    """A record the goal's own words name, where named data names one for the same field.

    Attributes:
        field: API name of the field that takes it; ``Id`` for the record itself.
        record: The goal's words.
        name: The name of the data.
        value: Its value.
    """

    field: str
    record: RecordPhrase
    name: str
    value: JsonScalar


Function = Literal["sum", "count", "min", "max", "avg"]
"""How many values become one."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The record a computation starts from.

    Attributes:
        words: The words that name it.
        objects: API names of the objects it may be of.
        record: The record, where the words name it; None where ``the account`` points to what was spoken of.
        through: The record it belongs to, where the words say so: ``the case's account``.
    """

    words: str
    objects: tuple[str, ...]
    record: RecordPhrase | None = None
    through: Anchor | None = None


@dataclass(frozen=True, slots=True)
class Computation:
    """A value that is worked out of records: ``the account's total open opportunity amount``, ``Acme's phone``.

    Attributes:
        words: Its words.
        anchor: The record it starts from.
        function: How the related records become one value; None where a field of the anchor itself is meant.
        children: The fields of the related records, or of the anchor itself.
        field: The field it is made of; None where the records are counted.
        where: What else is said of the related records.
    """

    words: str
    anchor: Anchor
    function: Function | None
    children: FieldIndex
    field: FieldSchema | None
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Computed:
    """What a new record holds that has to be worked out: fields with their computations, and whose owner owns it."""

    fields: tuple[tuple[FieldSchema, Computation], ...]
    owner: Anchor | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a clause: operation, object, record and field values.

    Attributes:
        strong: Whether the words point at this object: they name it, one of its fields or one of its values.
        left: Words that fit nowhere. A reading with any is never planned.
        follow_up: Whether the new record follows up the one spoken of before.
        topic: What an everyday word for the object says beside it (``call``).
        logged: Whether it was done before, and is only written down.
        explicit: Whether the words name the fields, so that no other field may be written along.
        words: The stems of the clause's words.
        notes: What was decided on the way, for the plan's assumptions.
        rivals: Records the goal names where data names others.
        computed: What has to be worked out of other records, where anything has.
    """

    operation: Operation
    index: FieldIndex
    record: RecordPhrase | None = None
    assignments: tuple[Assignment, ...] = ()
    links: tuple[Link, ...] = ()
    strong: bool = True
    left: tuple[str, ...] = ()
    follow_up: str | None = None
    topic: str | None = None
    logged: bool = False
    explicit: bool = False
    words: frozenset[str] = field(default_factory=frozenset)
    notes: tuple[str, ...] = ()
    rivals: tuple[Rival, ...] = ()
    computed: Computed | None = None

    @property
    def object(self) -> str:
        """The API name of the object."""
        return self.index.schema.name

    def assigned(self, name: str) -> Assignment | None:
        """Return the assignment to that field, or None."""
        return next((each for each in self.assignments if each.field.name == name), None)

    def assign(self, assignment: Assignment) -> Reading:
        """Return the reading with ``assignment`` instead of any other to the same field."""
        others = [each for each in self.assignments if each.field.name != assignment.field.name]
        return replace(self, assignments=(*others, assignment))
