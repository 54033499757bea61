"""The question about many rows: counts and conditions, old and new with counts, never a thousand names."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from tests.checkpoints.row_scene import AMOUNT, deal_org, lost, open_deals, preview_on, repeated
from tests.scenario import value

from actwright.checkpoints.preview import RowsBound
from actwright.checkpoints.wording.effect_words import called, in_quotes
from actwright.checkpoints.wording.question import question
from actwright.inert import visible
from actwright.org.effect import Cascade, Effect, EffectGroup
from actwright.org.identity import OrgIdentity, RunningUser

ALICE = RunningUser(id="005", username="alice@demo")
DEMO = OrgIdentity(id="00D", url="http://127.0.0.1:1", name="Demo")


def effects(count: int, before: str = "Old", operation: str = "UPDATE") -> list[Effect]:
    """Return the effects of one repeated action."""
    change = {
        "field": "F",
        "label": "Stage",
        "provenance": "goal",
        "before": before,
        "after": "New",
    }
    return [
        Effect.model_validate(
            {
                "id": f"a.{place}",
                "action_id": "a",
                "operation": operation,
                "object": "Opportunity",
                "record_id": f"006{place}",
                "record_name": f"Deal {place}",
                "changes": [change],
            }
        )
        for place in range(count)
    ]


def bound(query: str = "Closed is no", unchanged: int = 0) -> RowsBound:
    """Return what the rows are bound to."""
    return RowsBound(
        action_id="a",
        object="Opportunity",
        label="Opportunity",
        label_plural="Opportunities",
        query=query,
        ceiling=9,
        found=9,
        unchanged=unchanged,
    )


def group(members: list[Effect], **more: object) -> EffectGroup:
    """Return a group."""
    return EffectGroup.model_validate({"id": "g", "org": "00D", "effects": members} | more)


def asked(members: list[Effect], *groups: EffectGroup, rows: RowsBound | None = None) -> str:
    """Return the question."""
    own = (rows or bound(),)
    return question(members, user=ALICE, org=DEMO, rows=own, groups=groups)


def test_counts_conditions_and_values_are_asked_about() -> None:
    """What the rows have in common is said once, what differs with its counts."""
    members = [*effects(2), *effects(3, "Older")]
    assert asked(members, group(members)) == (
        "Change 5 Opportunities (Closed is no): Stage 3 \u00d7 Older, 2 \u00d7 Old -> New. All of it happens, or none. "
        "Do this as alice@demo in Demo?"
    )


def test_one_row_is_one_record() -> None:
    """Its singular, and the value without a count."""
    assert asked(effects(1)).startswith("Change 1 Opportunity (Closed is no): Stage Old -> New.")


def test_many_different_values_are_counted_only() -> None:
    """A question is no list."""
    members = [effects(1, f"Old {place}")[0] for place in range(1_200)]
    assert "Stage 1,200 different values -> New." in asked(members)


def test_rows_left_alone_are_said() -> None:
    """One or many."""
    assert "1 more row holds the new values already." in asked(effects(2), rows=bound(unchanged=1))
    assert "3 more rows hold" in asked(effects(2), rows=bound(unchanged=3))


def test_several_steps_and_what_stands_alone_are_said() -> None:
    """A person says yes to what may come apart only where it was said."""
    members = effects(4)
    two = asked(members, group(members[:2]), group(members[2:], atomic=False, carrier="bulk"))
    assert "It goes out in 2 steps up to the first that fails" in two
    assert "2 writes are a bulk job: each record stands or falls for itself." in two
    parts = [("a.0", "a.1"), ("a.2",), ("a.3",)]
    apart = asked(members, group(members, atomic=False, carrier="graph", parts=parts))
    assert "3 parts of it (4 writes) stand or fall each for itself." in apart
    assert "or none" not in apart


def test_single_actions_beside_rows_are_spelled_out() -> None:
    """They keep their names; the rows do not get any."""
    org = deal_org()
    first, *_ = org.add(4)
    single = repeated(open_deals(), AMOUNT, Amount=value(7))
    alone = lost(open_deals(), key="b") | {"forEach": None}
    alone["arguments"] = {
        "Id": {
            "lookup": {"object": "Opportunity", "where": [{"field": "Name", "value": "Deal 1"}]}
        },
        "StageName": value("Closed Lost"),
    }
    preview = preview_on(org, alone, single)
    assert 'Change Opportunity "Deal 1": ' in preview.question
    assert "Change 3 Opportunities (open): Amount 1 \u00d7 200, " in preview.question
    assert "Deal 3" not in preview.question
    assert preview.effects[0].record_id == first


def test_deletes_count_what_goes_with_them() -> None:
    """The children of all records together."""
    child = Cascade(object="Task", label="Tasks", count=2, records="x")
    members = [
        each.model_copy(update={"also_deletes": (child,)})
        for each in effects(2, operation="DELETE")
    ]
    assert asked(members).startswith(
        "DELETE 2 Opportunities (Closed is no), and with them 4 Tasks and all that hangs on them."
    )


def test_an_override_that_acts_by_itself_is_said_to() -> None:
    """Its promises stand in the question."""
    effect = Effect(
        id="o.1",
        action_id="o",
        kind="opaque",
        operation="CALL",
        object="Mailer",
        object_label="Mailer",
        promises=("Sends one mail to Jane.",),
    )
    text = question([effect], user=ALICE, org=DEMO)
    assert text.startswith(
        "Let Mailer act by itself: Sends one mail to Jane. It can be neither checked nor taken back."
    )


def test_what_people_call_a_record_is_its_name_else_its_id() -> None:
    """And its object alone where it has neither."""
    (effect,) = effects(1)
    assert called(effect) == 'Opportunity "Deal 0"'
    assert called(effect.model_copy(update={"record_name": None})) == 'Opportunity "0060"'
    nameless = effect.model_copy(update={"record_name": None, "record_id": None})
    assert called(nameless) == "Opportunity"


@given(st.text(max_size=900), st.lists(st.text(max_size=300), min_size=1, max_size=30))
def test_hostile_rows_stay_on_their_line(query: str, values: list[str]) -> None:
    """Whatever conditions and standing values hold, the question is one printable line of bounded length."""
    members = [effects(1, each or "x")[0] for each in values]
    text = asked(members, group(members), rows=bound(query))
    assert len(text.splitlines()) == 1
    assert not set(text) & set("\x1b\x9b\u202e\u2066\u200b\n\r")
    assert len(text) < 10_000


def test_a_record_of_two_repeated_actions_is_asked_about_under_both_conditions() -> None:
    """What only some of the rows get is not said of all of them."""
    org = deal_org()
    org.add(4)
    step = repeated(
        {
            "object": "Opportunity",
            "where": [{"field": "Amount", "operator": ">", "value": 200}],
            "limit": 9,
        },
        AMOUNT,
        key="b",
        Amount=value(7),
    )
    asked_for = preview_on(org, lost(open_deals()), step).question
    assert asked_for.startswith(
        "Change 2 Opportunities (open): Stage Prospecting -> Closed Lost. "
        "Change 2 Opportunities (open; and also: Amount above 200): Stage Prospecting -> Closed Lost, "
        "Amount 1 \u00d7 300, 1 \u00d7 400 -> 7."
    )


def test_a_field_that_moves_in_some_rows_only_says_in_how_many() -> None:
    """A value that most rows hold already is not said to change in all of them."""
    org = deal_org()
    org.add(2)
    org.add(1, Amount=7)
    both = repeated(
        open_deals(),
        {"apiName": "StageName", "dataType": "Picklist"},
        AMOUNT,
        StageName=value("Closed Lost"),
        Amount=value(7),
    )
    asked_for = preview_on(org, both).question
    assert (
        "Stage Prospecting -> Closed Lost, Amount in 2 of them 1 \u00d7 100, 1 \u00d7 200 -> 7."
        in asked_for
    )


def test_a_record_that_a_single_action_writes_too_is_asked_about_by_itself() -> None:
    """What one action does to one record is never said of all the rows of another."""
    org = deal_org()
    first, *_ = org.add(3)
    effects_of = preview_on(org, lost(open_deals())).effects
    mixed = [
        each.model_copy(update={"also_for": ("b",)}) if each.record_id == first else each
        for each in effects_of
    ]
    text = asked(mixed, group(mixed))
    assert text.startswith("Change 2 Opportunities (Closed is no): ")
    assert 'Change Opportunity "Deal 1": Stage Prospecting -> Closed Lost.' in text


def test_the_most_frequent_of_many_values_are_told() -> None:
    """A handful of values with their counts says more than how many there are."""
    members = [*effects(3, "Common"), *effects(2, "Rare")]
    members += [one for place in range(6) for one in effects(1, f"Single {place}")]
    assert "Stage 3 \u00d7 Common, 2 \u00d7 Rare, 6 other values -> New." in asked(members)


@given(st.text(min_size=1, max_size=40))
def test_no_value_can_end_its_quotes(text: str) -> None:
    """Whatever a record holds, it reads as one value, and never as a sentence of the question."""
    told = in_quotes(visible(text))
    assert told.startswith('"')
    assert re.search(r'(?<!\\)(\\\\)*"', told[1:-1]) is None


def test_a_value_that_reads_like_the_question_stands_in_quotes() -> None:
    """A record's text cannot add words to what a person says yes to."""
    hostile = "Old -> Old. Nothing else is changed"
    assert f'Stage "{hostile}" -> New.' in asked(effects(1, hostile))
    assert "Stage Negotiation/Review -> New." in asked(effects(1, "Negotiation/Review"))
