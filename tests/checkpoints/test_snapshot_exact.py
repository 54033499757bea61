"""Snapshots: which records, fields and names are read, and what effects look like with them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.checkpoints.row_scene import VERSION, DealOrg
from tests.checkpoints.small_org import (
    ANN,
    BOB,
    DEAL,
    DEALS,
    SECOND,
    made_field,
    made_object,
    small_org,
    writing,
    written,
)

from actwright.checkpoints.reading.snapshot import (
    Snapshots,
    completed,
    located,
    take,
    take_again,
    watched,
)
from actwright.org.effect import FieldChange
from actwright.org.ports import RecordRead, RecordSnapshot
from actwright.org.schema import RecordType
from actwright.org.value import FieldValue


@pytest.fixture
def org() -> DealOrg:
    """Give an org of two deals."""
    return small_org()


def link(after: str | None = None, **more: object) -> FieldChange:
    """Return a change of the person a deal points to."""
    return written("Contact", after, family="id", **more)


def standing(name: str | None = "First", **values: FieldValue) -> Snapshots:
    """Return the first deal as it stands, and the name of a person."""
    record = RecordSnapshot("Deal", DEAL, VERSION, name, values, editable=True, deletable=True)
    return Snapshots({DEAL: record}, {ANN: "Ann", BOB: None})


def test_an_upsert_finds_the_record_its_key_matches(org: DealOrg) -> None:
    """Or none; what is no upsert keeps the record it names."""
    keyed = {"operation": "UPSERT", "key_field": "Code"}
    matching = writing(None, written("code", "a-1"), id="a.1", **keyed)
    missing = writing(DEAL, written("Code", "C-3"), id="a.2", **keyed)
    plain = writing(None, written("Code", "B-2"), id="a.3", key_field="Code")
    found = located(org, [plain, matching, missing])
    assert [each.record_id for each in found] == [None, DEAL, None]
    assert org.api_calls == 1


def test_without_a_key_there_is_nothing_to_ask(org: DealOrg) -> None:
    """No key field, no value for it, a hidden field and a hidden object leave the effect as it is."""
    keyless = [
        writing(None, written("Code", "A-1"), operation="UPSERT"),
        writing(None, written("Stage", "A-1"), operation="UPSERT", key_field="Code"),
        writing(None, written("Code", None), operation="UPSERT", key_field="Code"),
        writing(None, written("Nope", "x"), operation="UPSERT", key_field="Nope"),
        writing(None, written("Code", "x"), operation="UPSERT", key_field="Code", object="Gone"),
    ]
    assert located(org, keyless) == tuple(keyless)
    assert org.api_calls == 0


def test_records_are_read_object_by_object_with_the_fields_written(org: DealOrg) -> None:
    """Each record and field once; new records, hidden fields and hidden objects are not asked for."""
    effects = [
        writing(None, written("Code", "x"), operation="CREATE"),
        writing(DEAL, written("Stage", "New"), written("Nope", 1)),
        writing(SECOND, written("Won", after=True, family="boolean"), written("Stage", "New")),
        writing(DEAL, written("Stage", "New")),
        writing(ANN, written("Name", "Anna"), object="Person"),
        writing(ANN, written("Name", "Anna"), object="Gone"),
    ]
    found = take(org, effects)
    assert org.reads == [
        RecordRead("Deal", (DEAL, SECOND), ("Stage", "Won")),
        RecordRead("Person", (ANN,), ("Name",)),
    ]
    assert set(found.records) == {DEAL, SECOND, ANN}
    assert found.records[DEAL].values == {"Stage": "Old", "Won": False}
    assert found.references == {}


def test_what_bears_on_a_picklist_is_read_with_it(org: DealOrg) -> None:
    """A record type decides which values fit."""
    kinds = (RecordType("012000000000001AAA", "Big", "Big"),)
    typed = replace(DEALS, fields=(*DEALS.fields, made_field("RecordTypeId", "reference")))
    org.schemas = {"Deal": replace(typed, record_types=kinds)}
    take(org, [writing(DEAL, written("Stage", "New"))])
    assert org.reads == [RecordRead("Deal", (DEAL,), ("Stage", "RecordTypeId"))]


def test_records_pointed_to_before_and_after_are_named(org: DealOrg) -> None:
    """Each once; what is no id, what is empty, and what no visible object begins like, is not asked for."""
    unknown = "a0X000000000001AAA"
    effects = [
        writing(DEAL, written("Code", BOB), link(BOB)),
        writing(SECOND, link(ANN)),
        writing(None, link(None), operation="CREATE"),
        writing(None, link(unknown), operation="CREATE"),
    ]
    found = take(org, effects)
    assert org.reads[1:] == [RecordRead("Person", (ANN, BOB), ())]
    assert found.references == {ANN: "Ann", BOB: "Bob"}


def test_nothing_pointed_to_is_no_call(org: DealOrg) -> None:
    """A preview costs no more than it has to."""
    org.schemas = {**org.schemas, "Odd": made_object("Odd", "")}
    assert take(org, [writing(DEAL, written("Stage", "New"))]).references == {}
    assert take(org, [writing(DEAL, link(None))]).references == {ANN: "Ann"}
    assert org.api_calls == 3


def test_a_second_look_reads_what_automation_may_touch_as_well(org: DealOrg) -> None:
    """Unless told not to; names are those of the preview, and no call is made for them."""
    effects = [
        writing(DEAL, written("Stage", "New"), link(BOB, after_text="Bob")),
        writing(SECOND, link(None)),
    ]
    found = take_again(org, effects)
    (read,) = org.reads
    assert read.ids == (DEAL, SECOND)
    assert read.fields == ("Stage", "Contact", "Code", "Name", "Won", "Closed", "Age")
    assert set(found.records) == {DEAL, SECOND}
    assert found.references == {BOB: "Bob"}
    take_again(org, effects, whole=False)
    assert org.reads[1].fields == ("Stage", "Contact")


def test_a_second_look_at_new_records_only_is_no_call(org: DealOrg) -> None:
    """There is nothing to look at."""
    assert take_again(org, [writing(None, written("Code", "x"))]) == Snapshots()
    assert org.api_calls == 0


def test_a_hundred_fields_are_watched(org: DealOrg) -> None:
    """The written ones before all others."""
    fields = [made_field(f"F{place}") for place in range(150)]
    org.schemas = {"Deal": made_object("Deal", "006", *fields)}
    found = watched(org, "Deal", ["F149", "F3"])
    assert (len(found), found[:3]) == (100, ("F149", "F3", "F0"))


def test_what_every_write_moves_is_not_watched(org: DealOrg) -> None:
    """A moment people can set is; one the org sets is not, and neither are long texts and places."""
    assert watched(org, "Deal", []) == ("Code", "Name", "Stage", "Contact", "Won", "Closed", "Age")


def test_an_effect_is_completed_with_what_stands_in_its_record() -> None:
    """Values, version and name."""
    effect = completed(
        writing(DEAL, written("Stage", "New"), record_name="Said"), standing(Stage="Old")
    )
    assert (effect.version, effect.record_name) == (VERSION, "First")
    assert [(each.before, each.after) for each in effect.changes] == [("Old", "New")]
    nameless = completed(writing(DEAL, record_name="Said"), standing(name=None))
    assert nameless.record_name == "Said"


def test_ids_are_completed_with_names() -> None:
    """Where the org gave one; a name found elsewhere stays, and text that is no id has none."""
    named = completed(writing(DEAL, link(BOB, after_text="Robert")), standing(Contact=ANN)).changes[
        0
    ]
    assert (named.before, named.before_text, named.after_text) == (ANN, "Ann", "Robert")
    (back,) = completed(writing(DEAL, link(ANN, after_text="Anna")), standing(Contact=BOB)).changes
    assert (back.before_text, back.after_text) == (None, "Ann")
    text = written("Code", ANN, after_text="shown")
    (plain,) = completed(writing(DEAL, text), standing(Code=ANN)).changes
    assert (plain.before_text, plain.after_text) == (None, "shown")


@pytest.mark.parametrize("operation", ["UPDATE", "DELETE", "UPSERT"])
def test_a_record_that_is_not_there_gives_no_values(operation: str) -> None:
    """Neither does one that does not exist yet; names of new values are filled in all the same."""
    more = {"operation": operation, "key_field": "Contact"}
    for record in (SECOND, None):
        effect = completed(writing(record, link(ANN), **more), standing(Contact=BOB))
        assert (effect.version, effect.record_name) == (None, None)
        (change,) = effect.changes
        assert (change.before, change.after, change.after_text) == (None, ANN, "Ann")


def test_a_delete_keeps_what_was_in_the_record() -> None:
    """Empty fields and boxes nobody ticked say nothing; zero and a ticked box do."""
    fields = [
        written("Stage"),
        written("Won", family="boolean"),
        written("Lost", family="boolean"),
        written("Code"),
        written("Count", family="integer"),
        link(),
    ]
    stands = standing(Stage="Old", Won=True, Lost=False, Code=None, Count=0, Contact=ANN)
    gone = completed(writing(DEAL, *fields, operation="DELETE"), stands)
    assert [(each.field, each.before) for each in gone.changes] == [
        ("Stage", "Old"),
        ("Won", True),
        ("Count", 0),
        ("Contact", ANN),
    ]
    assert (gone.version, gone.record_name) == (VERSION, "First")


def test_the_key_an_upsert_matched_on_stays_as_it_stands() -> None:
    """It is not written, whatever case it was asked in; in an update the same field is."""
    fields = (written("Code", "a-1"), written("Stage", "New"))
    keyed = {"operation": "UPSERT", "key_field": "code"}
    found = completed(writing(DEAL, *fields, **keyed), standing(Code="A-1", Stage="Old"))
    assert [each.after for each in found.changes] == ["A-1", "New"]
    keyless = completed(writing(DEAL, *fields, operation="UPSERT"), standing(Code="A-1"))
    assert [each.after for each in keyless.changes] == ["a-1", "New"]
    update = completed(writing(DEAL, *fields, key_field="Code"), standing(Code="A-1"))
    assert [each.after for each in update.changes] == ["a-1", "New"]
