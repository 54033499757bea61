"""Reading what record types leave of picklists: once a type, and only where an effect writes a picklist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

import pytest

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.checkpoints.reading.offers import with_offers
from actwright.errors import NotFoundError, OrgRefusedError, OrgUnreachableError
from actwright.guardrails.context import EffectContext
from actwright.guardrails.offer import Offer
from actwright.org.effect import Effect, FieldChange
from actwright.org.identity import RunningUser
from actwright.org.ports import OrgReader, RecordSnapshot
from actwright.org.schema import FieldSchema, ObjectSchema, PicklistValue, RecordType

MASTER, RENEWAL, BASIC = (f"01200000000000{n}AAA" for n in range(3))
DEAL = "006000000000001AAA"
LEFT = {"StageName": (PicklistValue("Won", "Won"),)}
SCHEMA = ObjectSchema(
    name="Opportunity",
    label="Opportunity",
    label_plural="Opportunities",
    key_prefix="006",
    fields=tuple(
        FieldSchema(name, name, kind, createable=True, updateable=True)
        for name, kind in (
            ("RecordTypeId", "reference"),
            ("StageName", "picklist"),
            ("Name", "string"),
        )
    ),
    record_types=(
        RecordType(MASTER, "Master", "Master", master=True),
        RecordType(RENEWAL, "Renewal", "Renewal"),
        RecordType(BASIC, "Basic", "Basic", default=True),
    ),
)


@dataclass
class Picklists:
    """Answers for picklist values, and remembers what it was asked."""

    answer: Mapping[str, tuple[PicklistValue, ...]] | Exception = field(
        default_factory=lambda: LEFT
    )
    asked: list[tuple[str, str]] = field(default_factory=list)

    def picklist_values(self, object_name: str, record_type: str) -> object:
        """Answer, or fail."""
        self.asked.append((object_name, record_type))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def fill(self, *contexts: EffectContext) -> list[Offer | None]:
        """Return what the contexts are offered."""
        return [each.offer for each in with_offers(contexts, cast("OrgReader", self))]


_BLUEPRINT = ActionBlueprint(name="T", target_s_object="Opportunity", operation="CREATE")


def _context(operation: str = "UPDATE", kind: Any = None, **values: str | None) -> EffectContext:
    record = None if operation == "CREATE" else DEAL
    standing = RecordSnapshot(
        object="Opportunity",
        id=DEAL,
        version="v",
        name=None,
        values={"RecordTypeId": kind},
        editable=True,
        deletable=True,
    )
    changes = tuple(
        FieldChange(field=name, label=name, after=after, provenance="goal")
        for name, after in values.items()
    )
    given: dict[str, Any] = {"id": "a1.1", "action_id": "a1", "operation": operation}
    return EffectContext(
        action_id="a1",
        blueprint=_BLUEPRINT,
        guardrails=(),
        effect=Effect(**given, object="Opportunity", record_id=record, changes=changes),
        schema=SCHEMA,
        snapshot=standing if record else None,
        inputs={},
        user=RunningUser(id="005000000000001AAA", username="bob"),
        today=date(2026, 11, 24),
    )


@pytest.mark.parametrize(
    ("context", "kind"),
    [
        (_context(kind=RENEWAL, StageName="Won"), RENEWAL),
        (_context(kind=RENEWAL[:15], StageName="Won"), RENEWAL),
        (_context(kind=RENEWAL, StageName="Won", RecordTypeId=BASIC), BASIC),
        (_context("CREATE", StageName="Won"), BASIC),
        (_context("CREATE", StageName="Won", RecordTypeId=RENEWAL), RENEWAL),
        (_context("CREATE", StageName="Won", RecordTypeId=MASTER), None),
        (_context("CREATE", StageName="Won", RecordTypeId=None), None),
        (_context(kind=None, StageName="Won"), None),
        (_context(kind=MASTER, StageName="Won"), None),
        (_context(kind="012000000000009AAA", StageName="Won"), None),
        (_context(kind=RENEWAL, Name="x"), None),
        (_context("DELETE", kind=RENEWAL, StageName="Won"), None),
        (replace(_context(kind=RENEWAL, StageName="Won"), schema=None), None),
        (replace(_context(kind=RENEWAL, StageName="Won"), schema=replace(SCHEMA, record_types=SCHEMA.record_types[:1])), None),
    ],
)  # fmt: skip
def test_the_type_that_counts_is_written_standing_or_the_default(
    context: EffectContext, kind: str | None
) -> None:
    """The record type written counts, then the one that stands, then a new record's default; the master never."""
    picklists = Picklists()
    (offer,) = picklists.fill(context)
    assert picklists.asked == ([("Opportunity", kind)] if kind else [])
    assert (offer is None) == (kind is None)
    assert offer is None or offer.picklists == {"stagename": LEFT["StageName"]}


def test_many_rows_ask_once_a_type() -> None:
    """A thousand rows of two types are two questions."""
    rows = [_context(kind=(RENEWAL, BASIC)[n % 2], StageName="Won") for n in range(1000)]
    picklists = Picklists()
    offers = picklists.fill(*rows)
    assert len(picklists.asked) == 2
    assert {each.name for each in offers if each} == {"Renewal", "Basic"}


@pytest.mark.parametrize("error", [NotFoundError("hidden"), OrgRefusedError("no", org_code="X")])
def test_what_the_org_does_not_tell_is_an_offer_without_values(error: Exception) -> None:
    """It is asked once, and the guardrails get to know that they cannot tell."""
    picklists = Picklists(error)
    row = _context(kind=RENEWAL, StageName="Won")
    assert picklists.fill(row, row) == [Offer("Renewal", None)] * 2
    assert len(picklists.asked) == 1


def test_an_org_that_cannot_be_asked_stops_the_preview() -> None:
    """A lost connection is no answer."""
    with pytest.raises(OrgUnreachableError):
        Picklists(OrgUnreachableError("gone")).fill(_context(kind=RENEWAL, StageName="Won"))
