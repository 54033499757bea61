"""The baseline: picklists by record type, dependent picklists, record types, and lookup filters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from actwright.guardrails.baseline import check_baseline
from actwright.guardrails.context import EffectContext
from actwright.guardrails.issue import Issue
from actwright.guardrails.offer import Offer, bearing_fields
from actwright.org.effect import FieldChange
from actwright.org.ports import RecordSnapshot
from actwright.org.schema import FieldSchema, ObjectSchema, PicklistValue, RecordType

MakeContext = Callable[..., EffectContext]
MakeChange = Callable[..., FieldChange]
RENEWAL, LOCKED, MASTER = "012000000000001AAA", "012000000000002AAA", "012000000000000AAA"
ACCOUNT = "001000000000001AAA"


def _field(name: str, type_: str = "picklist", **flags: Any) -> FieldSchema:
    given: dict[str, Any] = {
        "label": name.removesuffix("__c"),
        "restricted_picklist": True,
        "createable": True,
    }
    return FieldSchema(name=name, type=type_, **given | {"updateable": True} | flags)


def _value(name: str, *goes_with: str, default: bool = False) -> PicklistValue:
    return PicklistValue(name, name, default=default, valid_for=goes_with or None)


_MODELS = (_value("Golf", "VW"), _value("Polo", "VW"), _value("Clio", "Renault"))
_EXTRA = (
    _field("RecordTypeId", "reference", reference_to=("RecordType",)),
    _field("Make__c", picklist_values=(_value("VW"), _value("Renault", default=True), _value("None"))),
    _field("Model__c", controller_name="Make__c", picklist_values=_MODELS),
    _field("Free__c", controller_name="Make__c", picklist_values=_MODELS, restricted_picklist=False),
    _field("Kinds__c", "multipicklist", controller_name="Make__c", picklist_values=_MODELS),
    _field("Sport__c", controller_name="IsPrivate", picklist_values=(_value("Go", "true"), _value("Stop", "false"))),
    _field("Blind__c", controller_name="Hidden__c", picklist_values=(_value("a"),)),
    _field("Partner__c", "reference", reference_to=("Account",), filtered_lookup=True),
)  # fmt: skip


@pytest.fixture
def opportunity(opportunity: ObjectSchema) -> ObjectSchema:
    """Return the object with record types, dependent picklists and a filtered lookup."""
    kinds = (
        RecordType(MASTER, "Master", "Master", default=True, master=True),
        RecordType(RENEWAL, "Renewal", "Renewal"),
        RecordType(LOCKED, "Locked", "Locked", available=False),
    )
    return replace(opportunity, fields=(*opportunity.fields, *_EXTRA), record_types=kinds)


def _holding(snapshot: RecordSnapshot, **values: Any) -> dict[str, Any]:
    return {"snapshot": replace(snapshot, values=values)}


def _found(context: EffectContext, *codes: str) -> list[Issue]:
    wanted = codes or ("picklist", "record_type", "lookup_filter")
    return [each for each in check_baseline(context) if each.code.startswith(wanted)]


def _told(context: EffectContext) -> list[tuple[str, str | None, str]]:
    return [(each.code, each.field, each.severity) for each in _found(context)]


@pytest.mark.parametrize(
    ("field", "after", "make", "told"),
    [
        ("Model__c", "Golf", "VW", []),
        ("Model__c", "Clio", "VW", [("picklist_value_not_for_controller", "Model__c", "error")]),
        ("Model__c", "Golf", None, [("picklist_value_not_for_controller", "Model__c", "error")]),
        ("Model__c", "Golf", "None", [("picklist_value_not_for_controller", "Model__c", "error")]),
        ("Model__c", None, "VW", []),
        ("Model__c", "Corsa", "VW", [("picklist_value_unknown", "Model__c", "error")]),
        ("Free__c", "Clio", "VW", [("picklist_value_not_for_controller", "Free__c", "warning")]),
        ("Kinds__c", "Golf;Polo", "VW", []),
        ("Kinds__c", "Golf;Clio", "VW", [("picklist_value_not_for_controller", "Kinds__c", "error")]),
        ("Blind__c", "a", "VW", [("picklist_controller_unknown", "Blind__c", "warning")]),
    ],
)  # fmt: skip
def test_a_dependent_value_goes_with_the_controlling_one_that_stands(
    *,
    make_context: MakeContext,
    make_change: MakeChange,
    snapshot: RecordSnapshot,
    field: str,
    after: str | None,
    make: str | None,
    told: list[object],
) -> None:
    """What is written is held against what the record's controlling field holds."""
    context = make_context(make_change(field, after), **_holding(snapshot, Make__c=make))
    assert _told(context) == told


def test_the_controlling_value_written_counts_before_the_one_that_stands(
    make_context: MakeContext, make_change: MakeChange, snapshot: RecordSnapshot
) -> None:
    """Both written together are held against each other, and the hint names what goes."""
    stands = _holding(snapshot, Make__c="VW", Model__c="Golf", Free__c=None, Kinds__c=None)
    both = make_context(make_change("Make__c", "Renault"), make_change("Model__c", "Clio"), **stands)  # fmt: skip
    assert _told(both) == []
    wrong = make_context(make_change("Make__c", "Renault"), make_change("Model__c", "Golf"), **stands)  # fmt: skip
    (issue,) = _found(wrong)
    assert issue.code == "picklist_value_not_for_controller"
    assert 'Make "Renault"' in issue.message
    assert issue.hint == 'Values that go with it: "Clio".'


def test_a_value_left_behind_by_its_controlling_one_is_told(
    make_context: MakeContext, make_change: MakeChange, snapshot: RecordSnapshot
) -> None:
    """Changing only the controlling field warns of the dependent value that stays."""
    stands = _holding(snapshot, Make__c="VW", Model__c="Golf", Free__c=None, Kinds__c="Clio;Golf")
    context = make_context(make_change("Make__c", "Renault"), **stands)
    assert _told(context) == [
        ("picklist_value_left_behind", "Model__c", "warning"),
        ("picklist_value_left_behind", "Kinds__c", "warning"),
    ]


def test_a_controlling_field_nobody_read_is_told_of(
    make_context: MakeContext, make_change: MakeChange, snapshot: RecordSnapshot
) -> None:
    """Without the standing value nothing is claimed, and the check says that it did not happen."""
    context = make_context(make_change("Model__c", "Golf"), **_holding(snapshot))
    assert _told(context) == [("picklist_controller_unknown", "Model__c", "warning")]


def test_a_new_record_starts_with_the_controlling_default(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """A create without the controlling field gets the picklist's default; a checkbox's default is not known."""
    clio = make_context(make_change("Model__c", "Clio"), operation="CREATE")
    golf = make_context(make_change("Model__c", "Golf"), operation="CREATE")
    sport = make_context(make_change("Sport__c", "Go"), operation="CREATE")
    assert _told(clio) == []
    assert _told(golf) == [("picklist_value_not_for_controller", "Model__c", "error")]
    assert _told(sport) == [("picklist_controller_unknown", "Sport__c", "warning")]
    off = make_context(
        make_change("Sport__c", "Go"), make_change("IsPrivate", after=False), operation="CREATE"
    )
    assert _told(off) == [("picklist_value_not_for_controller", "Sport__c", "error")]


def test_a_record_type_narrows_its_picklists(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """A value the type does not offer is an error in a restricted picklist, and a warning in another."""
    offer = Offer("Renewal", {"type": (_value("Renewal"),), "stagename": (_value("Closed Won"),)})
    fine = make_context(make_change("Type", "Renewal"), offer=offer)
    assert _told(fine) == []
    context = make_context(
        make_change("Type", "New Business"), make_change("StageName", "Prospecting"), offer=offer
    )
    assert _told(context) == [
        ("picklist_value_not_for_record_type", "Type", "error"),
        ("picklist_value_not_for_record_type", "StageName", "warning"),
    ]
    assert "not offered for records of the type Renewal" in _found(context)[0].message
    assert _found(context)[0].hint == 'Its values: "Renewal".'


def test_a_type_that_leaves_nothing_says_so(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """A picklist without any value for the type refuses each of them; one the type does not name keeps its own."""
    context = make_context(
        make_change("Type", "Renewal"), make_change("Make__c", "VW"), offer=Offer("Renewal", {"type": ()})
    )  # fmt: skip
    (issue,) = _found(context)
    assert (issue.field, issue.hint) == ("Type", "The type leaves none of its values.")


def test_a_default_of_the_record_type_controls_too(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """On a create, the controlling default is the record type's own, and dependent values are those it leaves."""
    offer = Offer("Renewal", {"make__c": (_value("VW", default=True),), "model__c": (_value("Golf"),)})  # fmt: skip
    golf = make_context(make_change("Model__c", "Golf"), operation="CREATE", offer=offer)
    polo = make_context(make_change("Model__c", "Polo"), operation="CREATE", offer=offer)
    assert _told(golf) == []
    assert _told(polo) == [("picklist_value_not_for_record_type", "Model__c", "error")]


def test_what_could_not_be_read_is_told_of(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """An offer without values never passes for one that offers everything."""
    context = make_context(make_change("Type", "Renewal"), offer=Offer("Renewal", None))
    assert _told(context) == [("record_type_unchecked", None, "warning")]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (RENEWAL, None),
        (RENEWAL[:15], None),
        (MASTER, None),
        (LOCKED, "record_type_unavailable"),
        ("012000000000009AAA", "record_type_unknown"),
        ("Renewal", "record_type_unknown"),
    ],
)
@pytest.mark.parametrize("operation", ["CREATE", "UPDATE"])
def test_a_record_is_of_a_type_the_person_may_use(
    *,
    make_context: MakeContext,
    make_change: MakeChange,
    wanted: str,
    code: str | None,
    operation: str,
) -> None:
    """A record type that is unknown or not for the person is refused, naming those that are."""
    context = make_context(make_change("RecordTypeId", wanted), operation=operation)
    issues = _found(context, "record_type")
    assert [each.code for each in issues] == ([code] if code else [])
    assert all(each.hint == f'Available: "Renewal ({RENEWAL})".' for each in issues)


def test_a_lookup_filter_is_named_as_unchecked(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """A filtered reference that is written, or linked to a new record, warns; one that is emptied does not."""
    written = make_context(make_change("Partner__c", ACCOUNT))
    linked = make_context(make_change("Partner__c", None, linked_to="a0"))
    emptied = make_context(make_change("Partner__c", None))
    plain = make_context(make_change("AccountId", ACCOUNT))
    told = [("lookup_filter_unchecked", "Partner__c", "warning")]
    assert [_told(each) for each in (written, linked, emptied, plain)] == [told, told, [], []]


@pytest.mark.parametrize(
    ("written", "bearing"),
    [
        (("Name",), ()),
        (("Type",), ("RecordTypeId",)),
        (("Model__c",), ("RecordTypeId", "Make__c")),
        (("Make__c",), ("RecordTypeId", "Model__c", "Free__c", "Kinds__c")),
        (("IsPrivate",), ("Sport__c",)),
        (("Blind__c",), ("RecordTypeId",)),
        (("Nothing__c",), ()),
    ],
)
def test_what_bears_on_a_written_field_is_read_with_it(
    opportunity: ObjectSchema, written: tuple[str, ...], bearing: tuple[str, ...]
) -> None:
    """The record type, what controls, and what is controlled are read; hidden ones are left out."""
    assert bearing_fields(opportunity, written) == bearing


def test_without_record_types_none_is_read(opportunity: ObjectSchema) -> None:
    """An object with the master type alone narrows nothing."""
    plain = replace(opportunity, record_types=opportunity.record_types[:1])
    assert bearing_fields(plain, ("Type",)) == ()
