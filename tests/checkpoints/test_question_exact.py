"""The question to the letter: where counting starts, what is cut, and which singular and plural it takes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from actwright.checkpoints.preview import RowsBound
from actwright.checkpoints.wording.question import many_sentences, question, sentence
from actwright.org.effect import Cascade, Effect, EffectGroup, FieldChange
from actwright.org.identity import OrgIdentity, RunningUser

ALICE = RunningUser(id="005", username="alice@demo")
DEMO = OrgIdentity(id="00D", url="http://127.0.0.1:1", name="Demo")
TAIL = " Do this as alice@demo in Demo?"
FITS, TOO_LONG = "x" * 80, "y" * 81
CUT = "y" * 79 + "…"


def changed(label: str = "Stage", **more: object) -> FieldChange:
    """Return a change of one field."""
    whole = {"field": label, "label": label, "provenance": "goal", "before": "Old", "after": "New"}
    return FieldChange.model_validate(whole | more)


def effect(place: int = 0, *changes: FieldChange, **more: object) -> Effect:
    """Return an effect of the action ``a``."""
    whole = {
        "id": f"a.{place}",
        "action_id": "a",
        "operation": "UPDATE",
        "object": "Opportunity",
        "record_id": f"006{place}",
        "record_name": f"Deal {place}",
        "changes": changes or (changed(),),
    }
    return Effect.model_validate(whole | more)


def many(count: int, **more: object) -> list[Effect]:
    """Return so many effects."""
    return [effect(place, **more) for place in range(count)]


def bound(action: str = "a", **more: object) -> RowsBound:
    """Return what an action's rows are bound to."""
    whole = {
        "action_id": action,
        "object": "Opportunity",
        "label": "Deal",
        "label_plural": "Deals",
        "query": "Closed is no",
        "ceiling": 9,
        "found": 9,
    }
    return RowsBound.model_validate(whole | more)


def child(name: str = "Task", label: str = "Tasks", count: int = 2) -> Cascade:
    """Return children that go with a record."""
    return Cascade(object=name, label=label, count=count, records="r")


def group(effects: Sequence[Effect], **more: object) -> EffectGroup:
    """Return a group of effects."""
    return EffectGroup.model_validate({"id": "g", "org": "00D", "effects": tuple(effects)} | more)


def asked(effects: Sequence[Effect], *groups: EffectGroup, rows: Sequence[RowsBound] = ()) -> str:
    """Return the question without its end."""
    text = question(effects, user=ALICE, org=DEMO, rows=rows, groups=groups)
    assert text.endswith(TAIL)
    return text.removesuffix(TAIL)


def test_five_records_are_spelled_out_and_the_sixth_is_counted() -> None:
    """Each of the five has its own sentence; nothing is said of transactions until somebody has to count."""
    five = many(5)
    assert asked(five, group(five)) == " ".join(sentence(each) for each in five)
    six = many(6)
    assert asked(six, group(six)) == (
        " ".join(sentence(each) for each in five)
        + " And change 1 more Opportunity. All of it happens, or none."
    )


def test_what_is_not_spelled_out_is_counted_by_deed_and_label_in_order() -> None:
    """An upsert is the change or the create it will be."""
    rest = [
        effect(11, operation="UPSERT", record_id=None, object_label="Deal"),
        effect(12, operation="CREATE", record_id=None, object_label="Deal"),
        effect(13, operation="UPSERT"),
        effect(14, operation="DELETE", also_deletes=(child(),)),
        effect(15, operation="DELETE", also_deletes=(child(count=1_000),)),
    ]
    assert asked([*many(5), *rest]).endswith(
        " And change 1 more Opportunity. And create 2 more Deal records. And delete 2 more Opportunity records, and "
        "with them 1,002 Tasks and all that hangs on them."
    )


def test_what_acts_by_itself_is_spelled_out_wherever_it_stands() -> None:
    """A promise nobody can check is never just counted."""
    acting = effect(
        9, kind="opaque", operation="CALL", object="Mailer", promises=("Sends a mail.",)
    )
    text = asked([*many(6), acting])
    assert sentence(acting) in text
    assert "It is handed Stage New; it can be neither checked nor taken back." in text
    assert "And change 1 more Opportunity." in text
    assert "run 1 more" not in text


@pytest.mark.parametrize(
    ("many_fields", "more"), [(6, ""), (7, ", and 1 more field"), (8, ", and 2 more fields")]
)
def test_six_fields_are_spelled_out_and_further_ones_counted(many_fields: int, more: str) -> None:
    """Of one record, and of many rows alike."""
    fields = [changed(f"F{place}") for place in range(many_fields)]
    told = ", ".join(f"F{place} Old -> New" for place in range(6))
    assert sentence(effect(0, *fields)) == f'Change Opportunity "Deal 0": {told}{more}.'
    rows = [effect(place, *fields) for place in range(2)]
    (said,) = many_sentences([bound()], rows)
    assert said == f"Change 2 Deals (Closed is no): {told}{more}."


def test_a_write_without_fields_says_no_more_than_what_it_does() -> None:
    """And a create says its values without what was there before."""
    bare = effect(operation="CREATE", record_id=None).model_copy(update={"changes": ()})
    assert sentence(bare) == 'Create Opportunity "Deal 0".'
    assert sentence(effect(operation="CREATE")) == 'Create Opportunity "Deal 0": Stage New.'


def test_a_delete_says_what_goes_with_it_and_nothing_of_its_fields() -> None:
    """With the org's own words for the children."""
    gone = effect(operation="DELETE", also_deletes=(child(), child("Note", "Note", 1)))
    assert sentence(gone) == (
        'DELETE Opportunity "Deal 0", and with it 2 Tasks, 1 Note and all that hangs on them.'
    )
    assert sentence(effect(operation="DELETE")) == 'DELETE Opportunity "Deal 0".'


def test_labels_names_and_places_show_eighty_characters() -> None:
    """A longer one is cut, and the cut is seen; an org without a name is told by its address."""
    nameless = OrgIdentity(id="00D", url="http://127.0.0.1:1")
    assert question(many(1), user=ALICE, org=nameless).endswith(" in http://127.0.0.1:1?")
    for given, shown in ((FITS, FITS), (TOO_LONG, CUT)):
        user, org = (
            RunningUser(id="005", username=given),
            OrgIdentity(id="00D", url="u", name=given),
        )
        assert question(many(1), user=user, org=org).endswith(f" Do this as {shown} in {shown}?")
        gone = effect(operation="DELETE", also_deletes=(child(label=given),))
        assert f"with it 2 {shown} and" in sentence(gone)
        six = [
            *many(5),
            effect(operation="DELETE", object_label=given, also_deletes=(child(label=given),)),
        ]
        assert f"And delete 1 more {shown}, and with them 2 {shown} and all" in asked(six)
        rows = [bound(label=given, label_plural=given)]
        first, *_ = many_sentences(rows, [effect(0, changed(given)), effect(1, changed(given))])
        assert first == f"Change 2 {shown} (Closed is no): {shown} Old -> New."
        new = effect(operation="CREATE", object="Task", object_label=given)
        assert many_sentences([bound()], [new])[0].startswith(f"Create 1 {shown} for 9 Deals")


def test_conditions_show_a_thousand_characters() -> None:
    """Longer ones are cut, and the cut is seen."""
    for given, shown in (("q" * 1000, "q" * 1000), ("q" * 1001, "q" * 999 + "…")):
        assert f"Change 1 Deal ({shown}): " in asked(many(1), rows=[bound(query=given)])


def test_records_made_for_rows_are_told_with_the_rows_they_are_made_for() -> None:
    """One or many of either; a create of the rows' own object is no row either."""
    task = {"operation": "CREATE", "object": "Task", "object_label": "To-do"}
    one, two = bound(found=1), bound(found=2_000)
    assert many_sentences([one], many(1, **task)) == [
        "Create 1 To-do for 1 Deal (Closed is no): Stage New."
    ]
    assert many_sentences([two], many(2, **task)) == [
        "Create 2 To-do records for 2,000 Deals (Closed is no): Stage New."
    ]
    copies = many(2, operation="CREATE")
    assert many_sentences([two], copies)[0].startswith(
        "Create 2 Opportunity records for 2,000 Deals"
    )


def test_rows_are_told_apart_by_what_is_done_to_what() -> None:
    """And what holds its values already is said for rows that are asked about only."""
    rows = [bound(unchanged=1), bound("b", unchanged=1_000), bound("c", unchanged=5)]
    effects = [*many(2), effect(2, operation="DELETE"), effect(3, action_id="b")]
    assert many_sentences(rows, effects) == [
        "Change 2 Deals (Closed is no): Stage Old -> New.",
        "DELETE 1 Deal (Closed is no).",
        "Change 1 Deal (Closed is no): Stage Old -> New.",
        "1 more row holds the new values already.",
        "1,000 more rows hold the new values already.",
    ]


def test_what_goes_with_many_deletes_is_added_up_by_object() -> None:
    """One label an object: the plural where any record has several of them."""
    first = effect(
        0, operation="DELETE", also_deletes=(child(label="Task", count=1), child("Note"))
    )
    second = effect(1, operation="DELETE", also_deletes=(child(count=999),))
    third = effect(2, operation="DELETE", also_deletes=(child(label="Task", count=1),))
    (said,) = many_sentences([bound()], [first, second, third])
    assert said == (
        "DELETE 3 Deals (Closed is no), and with them 1,001 Tasks, 2 Tasks and all that hangs on them."
    )
    assert many_sentences([bound()], many(1, operation="DELETE")) == [
        "DELETE 1 Deal (Closed is no)."
    ]


def spread(*values: str) -> str:
    """Return how old values of many rows are told."""
    rows = [effect(place, changed(before=each)) for place, each in enumerate(values)]
    (said,) = many_sentences([bound()], rows)
    head, tail = (
        f"Change {len(values):,} Deal{'s' * (len(values) > 1)} (Closed is no): Stage ",
        " -> New.",
    )
    assert said.startswith(head)
    assert said.endswith(tail)
    return said.removeprefix(head).removesuffix(tail)


def test_up_to_six_values_are_told_with_their_counts() -> None:
    """The most frequent first; a value all share is told without one."""
    assert spread("A", "A") == "A"
    assert spread("A", "B", "B") == "2 \u00d7 B, 1 \u00d7 A"
    assert spread(*"ABCDEF") == ", ".join(f"1 \u00d7 {each}" for each in "ABCDEF")


def test_of_more_than_six_values_the_frequent_ones_are_told() -> None:
    """Six of them at most, each on two rows at least; the others are counted."""
    assert spread(*"ABCDEFG") == "7 different values"
    assert spread(*"AABCDEFG") == "2 \u00d7 A, 6 other values"
    assert (
        spread(*"AABBCCDDEEFFG")
        == ", ".join(f"2 \u00d7 {each}" for each in "ABCDEF") + ", 1 other value"
    )
    assert spread(*"AABBCCDDEEFFGG").endswith("2 \u00d7 F, 1 other value")
    assert spread(*["A"] * 1_000, *"BCDEFG").startswith("1,000 \u00d7 A, 6 other values")


def test_links_to_different_new_records_are_different_values() -> None:
    """Though neither has an id yet."""
    links = [
        effect(place, changed("About", before=None, after=None, linked_to=ref, after_text=ref))
        for place, ref in enumerate(("x", "x", "y"))
    ]
    (said,) = many_sentences([bound()], links)
    assert said.endswith("About (empty) -> 2 \u00d7 x, 1 \u00d7 y.")


def test_a_field_is_said_to_move_in_some_only_where_it_does() -> None:
    """In how many of the rows, with the thousands told apart."""
    rows = [effect(place, changed("A"), changed("B")) for place in range(1_000)]
    rows.append(effect(1_000, changed("A")))
    (said,) = many_sentences([bound()], rows)
    assert said.endswith("A Old -> New, B in 1,000 of them Old -> New.")


def test_how_much_comes_apart_is_said() -> None:
    """Steps, parts and bulk jobs are; one plain transaction of few records is not."""
    few = many(4)
    none = "All of it happens, or none."
    assert none not in asked(few, group(few))
    assert asked(few, group(few), rows=[bound()]).endswith(none)
    assert none not in asked(few, rows=[bound()])
    halves = [group(few[:2]), group(few[2:])]
    assert asked(few, *halves).endswith(
        " It goes out in 2 steps up to the first that fails, and what went before that one stands."
    )
    bulk = "2 writes are a bulk job: each record stands or falls for itself."
    assert asked(few, halves[0], group(few[2:], carrier="bulk")).endswith(f" stands. {bulk}")
    parted = [group(half, parts=(("a.0",), ("a.1",))) for half in (few[:2], few[2:])]
    parts = "2 parts of it (2 writes) stand or fall each for itself."
    assert asked(few, *parted).endswith(f'"Deal 3": Stage Old -> New. {parts} {parts}')
    assert asked(few, halves[0], parted[1]).endswith(f"that one stands. {parts}")
    thousand = many(1_000)
    alone = group(thousand, carrier="bulk", atomic=False)
    assert asked(thousand, alone).endswith(
        " 1,000 writes are a bulk job: each record stands or falls for itself."
    )


def test_a_record_of_one_action_and_another_is_no_mere_row() -> None:
    """Only what repeated actions alone write is asked about as rows."""
    mixed = effect(0, also_for=("b",))
    assert asked([mixed], rows=[bound()]) == sentence(mixed)
    both = asked([mixed], rows=[bound(), bound("b", query="Won is no", label="Other")])
    assert both.startswith("Change 1 Deal (Closed is no; and also: Won is no): Stage Old -> New.")
