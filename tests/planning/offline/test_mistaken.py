"""Words taken for a name that are none: refused and quoted, never asked about and then forgotten."""

from __future__ import annotations

from typing import Any

import pytest

MISTAKEN = [
    ("close Acme Renewal as won and set Acme Expansion to lost unless it is in Qualification", "unless it is in"),
    ("reassign Initech Upgrade to Alice and tell Bob", "Alice and tell Bob"),
    ("close Acme Renewal and Acme Expansion as won", "Acme Renewal and Acme Expansion"),
    ("change the owner of Acme and all its opportunities to Bob", "Acme and all its opportunities"),
    ("close the two Acme opportunities as lost", "the two Acme opportunities"),
    ("schedule a meeting with Rosa Klein and Tom Baker on Dec 2 at 14:00", "Rosa Klein and Tom Baker"),
    ("delete opportunities closing before today", "opportunities closing before today"),
    ("close Globex Pilot tomorrow as won", "Globex Pilot tomorrow"),
]  # fmt: skip


@pytest.mark.parametrize(("goal", "words"), MISTAKEN, ids=[each[0][:60] for each in MISTAKEN])
def test_a_name_that_says_more_is_refused(goal: str, words: str, plans: Any) -> None:
    """What no record is called and holds a condition, a count, a verb or an ``and`` is quoted, and nothing is planned."""
    outcome = plans(goal)
    assert (outcome.plan, outcome.refusal.code) == (None, "part_not_understood")
    assert words in outcome.refusal.message
    assert "quotes" in outcome.refusal.hint


@pytest.mark.parametrize(("goal", "words"), MISTAKEN, ids=[each[0][:60] for each in MISTAKEN])
@pytest.mark.parametrize("name", ["a1.Id", "a2.Id", "a1.OwnerId", "a1.WhoId", "Id"])
def test_no_data_makes_the_rest_forgotten(goal: str, words: str, name: str, plans: Any) -> None:
    """A record handed in as data does not stand in for words that were not understood."""
    outcome = plans(goal, {name: "Acme Renewal"})
    assert words
    assert outcome.plan is None


@pytest.mark.parametrize(
    ("goal", "words"),
    [
        ('close "Acme Renewal and Acme Expansion" as won', "Acme Renewal and Acme Expansion"),
        ("close the opportunity 'Two to Win' as won", "Two to Win"),
        ('reassign Initech Upgrade to "Alice and Bob"', "Alice and Bob"),
    ],
)
def test_a_quoted_name_is_asked(goal: str, words: str, plans: Any) -> None:
    """What stands in quotes is a name, whatever it holds."""
    (question,) = plans(goal).questions
    assert question.reason == "not_found"
    assert words in question.text


@pytest.mark.parametrize(
    ("goal", "wanted"),
    [
        ("close the Acme Renewall as won", "a1.Id"),
        ("close case 99999999", "a1.Id"),
        ("assign Acme Renewal to mark", "a1.OwnerId"),
    ],
)
def test_a_plain_name_nobody_bears_is_asked(goal: str, wanted: str, plans: Any) -> None:
    """A name like any other, a record number among them, is still a question."""
    assert [each.id for each in plans(goal).questions] == [wanted]


def test_a_record_that_is_called_so_is_taken(plans: Any, spell: Any, memory_org: Any) -> None:
    """A record may bear a name with an ``and`` in it, and is found by it."""
    first = memory_org.rows["Opportunity"][0]
    memory_org.rows["Opportunity"].append(
        {**first, "Id": "006000000000999AAA", "Name": "Nuts and Bolts"}
    )
    assert spell(plans("close Nuts and Bolts as won"))[0][1]["Id"] == "Opportunity: Nuts and Bolts"
