"""Effects: what would happen outside, as data. Only the orchestrator sends them."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from actwright.contract import Contract
from actwright.org.personal_data import PersonalCount
from actwright.org.provenance import Provenance
from actwright.org.query import ObjectName
from actwright.org.value import Family, FieldValue, Unit, in_family

EffectKind = Literal["record", "call", "opaque"]
"""A record write, a service call, or an override that insists on acting by itself."""

RecordOperation = Literal["CREATE", "UPDATE", "UPSERT", "DELETE"]
"""What a record effect does. An upsert whose key is known to match, or not to match, is still an upsert."""


EffectOperation = RecordOperation | Literal["CALL"]
"""What any effect does; ``CALL`` is an override's own doing."""


class FieldChange(Contract):
    """One field, before and after.

    A *linked* change has no value yet: it will hold the id of the record that the effect ``linked_to`` creates.
    """

    field: str
    label: str
    family: Family = "string"
    unit: Unit | None = None
    """What a number counts, for people; it is not part of the digest."""
    before: FieldValue = None
    after: FieldValue = None
    linked_to: str | None = None
    """The ``ref`` of an effect of the same plan whose new record's id goes here."""
    provenance: Provenance
    source: str | None = None
    """Where exactly the value came from, for people: the goal's words, the lookup, the record."""
    mixed: tuple[Provenance, ...] = ()
    """What else went into a value that was worked out, and is not to be trusted: its provenance is the least of them."""
    before_text: str | None = None
    """What people call the old value, such as the name behind an id."""
    after_text: str | None = None
    """What people call the new value."""
    taken_out: tuple[PersonalCount, ...] = ()
    """What a guardrail took out of the new value: how much of which kind, never what it was."""

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        """Bring both values into their family's one form, so that a document reads back as it was."""
        for name in ("before", "after"):
            object.__setattr__(self, name, in_family(getattr(self, name), self.family))
        return self


class Cascade(Contract):
    """Child records the org deletes together with a record."""

    object: ObjectName
    label: str
    """What people call them."""
    count: int
    records: str
    """SHA-256 over their ids, so that another child in one's place is another delete."""


class InUse(Contract):
    """What of others points to a record, and would no longer do so without it."""

    words: str
    """Such as ``3 Cases of others point to it``."""
    records: str
    """SHA-256 over what points, so that another record in one's place is another delete."""


class Effect(Contract):
    """One typed thing that would happen outside."""

    id: str
    action_id: str
    also_for: tuple[str, ...] = ()
    """Other actions whose writes to the same record were brought together into this effect."""
    kind: EffectKind = "record"
    operation: EffectOperation
    object: ObjectName
    object_label: str = ""
    record_id: str | None = None
    """The record written to; None for a record that does not exist yet."""
    record_name: str | None = None
    """What people call that record."""
    ref: str | None = None
    """The name under which other effects of the plan link to the record this one creates."""
    key_field: str | None = None
    """The external id field an upsert matches on."""
    version: str | None = None
    """The record's ``LastModifiedDate`` when it was read, UTC ISO 8601."""
    changes: tuple[FieldChange, ...] = ()
    """The fields it writes; for an opaque effect, the arguments the override is handed."""
    promises: tuple[str, ...] = ()
    """What an override that acts by itself says it will do. Nobody but the override can tell."""
    compensation: str = ""
    """That an override which acts by itself says it can take that back, in words; empty where it does not."""
    price: Decimal | None = Field(default=None, ge=0)
    """What an override which acts by itself says it costs to let it act; None where it says nothing."""
    also_deletes: tuple[Cascade, ...] = ()
    """For a delete, the children that go with the record."""
    in_use: InUse | None = None
    """For a delete that takes back what a run made, what of others points to the record; None where nothing does."""

    def change(self, field: str) -> FieldChange | None:
        """Return the change of ``field`` in any case, or None."""
        wanted = field.lower()
        return next((each for each in self.changes if each.field.lower() == wanted), None)


Carrier = Literal["composite", "collections", "graph", "bulk", "opaque"]
"""What takes a group to the org: ``composite`` one request a write, each with its version; ``collections`` up to 200
rows a request, five requests in one transaction; ``graph`` up to 500 writes, several transactions in one call;
``bulk`` a job of any size, whose rows stand or fall each for itself; ``opaque`` an override that acts by itself."""


class EffectGroup(Contract):
    """What one connector call commits together: one intent, one outcome, results per effect."""

    id: str
    org: str
    """The id of the org it goes to."""
    effects: tuple[Effect, ...] = Field(min_length=1)
    atomic: bool = True
    """Whether all of it happens or nothing; False where each of ``parts``, or each row, stands for itself."""
    carrier: Carrier = "composite"
    parts: tuple[tuple[str, ...], ...] = ()
    """Ids of effects that stand or fall together, where one call carries several transactions; else empty."""
    allow_duplicates: bool = False
    """Whether a person has said to save in spite of duplicate rules that merely warn."""
