"""Goals that become no plan, and why."""

from __future__ import annotations

from typing import Any

import pytest

REFUSED = [
    ("misleading our stockholders", "no_fit"),
    ("close the window", "no_fit"),
    ("leading the way", "no_fit"),
    ("in any case, thanks", "no_fit"),
    ("what is the amount of Acme Renewal?", "no_fit"),
    ("Alice closed the Acme Renewal as won", "no_fit"),
    ("close all opportunities as won", "no_fit"),
    ("delete all tasks", "no_fit"),
    ("create a rocket", "no_fit"),
    ("Change the amount of Acme Renewal by 10%", "no_fit"),
    ("Schließe die Acme Renewal als gewonnen ab", "language"),
    ("Ferme l'opportunité Acme Renewal comme gagnée", "language"),
    ("close la oportunidad Acme Renewal como ganada", "language"),
    ("update amount de Acme Renewal a 99000", "no_fit"),
    ("関闭 Acme Renewal", "language"),
    ("'; DROP TABLE Account --", "no_fit"),
    ("../../etc/passwd", "no_fit"),
    ("do something", "no_fit"),
    ("call me tomorrow", "no_fit"),
    ("we won all deals", "no_fit"),
    ("Do not close the Acme Renewal", "negated"),
    ("don't forget not to close the Acme Renewal as won", "negated"),
    ("don't close the Acme Renewal as won", "negated"),
    ("never delete the lead Jane Doe", "negated"),
    ("close Acme Renewal as won and launch the rocket", "part_not_understood"),
    ("launch the rocket and close Acme Renewal as won", "part_not_understood"),
    ("close Acme Renewal as won and create a rocket", "part_not_understood"),
    ("close the Acme Renewal as won?", "part_not_understood"),
    ("close the Acme Renewal as won but not today", "part_not_understood"),
    ("qualify lead Jane Doe and sing", "part_not_understood"),
    ("change the amount of Acme Renewal to 99000 if Bob agrees", "part_not_understood"),
    ("create a task for Acme Renewal worth 500", "part_not_understood"),
    ("change the amount of Acme Renewal to 10 percent", "part_not_understood"),
    ("set the amount of Acme Renewal to 500-600", "part_not_understood"),
    ("create an account: Hooli, Berlin, 500 people", "part_not_understood"),
    ("new lead: peter pan, neverland", "part_not_understood"),
    ("close case 00001003 as escalated with high priority", "part_not_understood"),
    ("remind me not to call Acme", "part_not_understood"),
    ("change the amount of Acme Renewal to 99000 99001", "part_not_understood"),
    ("close the Acme Renewal as won tomorrow", "part_not_understood"),
    ("close Acme Renewal as won and lost", "part_not_understood"),
    ("create the account Hooli in Berlin", "part_not_understood"),
    ('create a task "X" "Y" for Acme Renewal', "part_not_understood"),
    ("create 3 tasks for Acme", "part_not_understood"),
    ('close the Acme Renewal as won "quickly"', "part_not_understood"),
    ("book a follow-up call with John Smith next Tuesday at 3pm", "part_not_understood"),
    ("create a lead for Fabrikam", "part_not_understood"),
    ("close case 00001001 as escalated", "part_not_understood"),
    ("close the Acme Renewal as won 🚀", "part_not_understood"),
    ("", "goal_empty"),
    (" \n\t ", "goal_empty"),
    ("x" * 100_000, "goal_too_long"),
    ("close the Acme Renewal as won" + " " * 2_000, "goal_too_long"),
    ("\x1b[31mclose the Acme Renewal as won", "goal_unreadable"),
    ("close the \u202eAcme Renewal as won", "goal_unreadable"),
    ("close the Acme\u200b Renewal as won", "goal_unreadable"),
    ("close the Acme Renewal\x00 as won", "goal_unreadable"),
    ("close the \ud800 as won", "goal_unreadable"),
    ("close the \ufffd as won", "goal_unreadable"),
    ("close\u2028the Acme Renewal as won", "goal_unreadable"),
    ("".join(map(chr, range(256))), "goal_unreadable"),
]


@pytest.mark.parametrize(("goal", "code"), REFUSED, ids=[repr(each[0])[:50] for each in REFUSED])
def test_a_goal_that_does_not_fit_is_refused(goal: str, code: str, plans: Any) -> None:
    """Nothing is planned, the reason has a code, a sentence and a way out."""
    outcome = plans(goal)
    assert outcome.plan is None
    assert outcome.refusal.code == code
    assert outcome.refusal.hint
    assert len(outcome.refusal.message) < 400


def test_the_part_not_understood_is_named(plans: Any) -> None:
    """The refusal quotes the words nobody understood."""
    outcome = plans("close Acme Renewal as won and launch the rocket")
    assert "launch the rocket" in outcome.refusal.message


def test_a_refusal_names_what_comes_nearest(plans: Any) -> None:
    """A refusal carries the nearest blueprints, best first, each with a score and a reason."""
    outcome = plans("close Acme Renewal as won and launch the rocket")
    assert outcome.refusal.candidates[0].key == "oppty_closed_won"
    scores = [each.score for each in outcome.refusal.candidates]
    assert scores == sorted(scores, reverse=True)
    assert all(each.rationale for each in outcome.refusal.candidates)


def test_unreadable_goals_are_never_echoed(plans: Any) -> None:
    """No control character of a goal reaches a message."""
    refusal = plans("\x1b]0;owned\x07close").refusal
    assert "\x1b" not in refusal.message
    assert "U+001B" in refusal.message


def test_hostile_names_reach_the_org_as_values_only(plans: Any, memory_org: Any) -> None:
    """Quotes and SOQL in a name stay one value of one typed condition."""
    outcome = plans("change the amount of \"x' OR Name != '\" to 5")
    assert outcome.questions[0].reason == "not_found"
    exact = [each.where[0].value for each in memory_org.asked if each.where[0].operator == "="]
    assert set(exact) == {"x' OR Name != '"}


@pytest.mark.parametrize(
    ("goal", "data", "code"),
    [
        ("close the Acme Renewal as won", {"foo": "1"}, "data_unused"),
        ("close the Acme Renewal as won", {"a2.Id": "1"}, "data_unused"),
        ("close the Acme Renewal as won", {"": "1"}, "data_unreadable"),
        ("delete case 00001001 and delete case 00001002", {"Id": "x"}, "data_ambiguous"),
        ("close the Acme Renewal as won", {"StageName": "\ud800"}, "data_unreadable"),
        ("close the Acme Renewal as won", {"Amount": float("nan")}, "data_unreadable"),
        ("close the Acme Renewal as won", {"$date": "x"}, "data_unreadable"),
        ("close the Acme Renewal as won", {"x" * 81: "x"}, "data_unreadable"),
        ("close the Acme Renewal as won", {"Id": "a\x00b"}, "data_unreadable"),
    ],
)
def test_data_that_finds_no_place_is_refused(
    goal: str, data: dict[str, Any], code: str, plans: Any
) -> None:
    """Data nobody takes, that several actions could take, or that no document can hold is an error."""
    outcome = plans(goal, data)
    assert outcome.plan is None
    assert outcome.refusal.code == code


def test_unused_data_says_what_was_expected(plans: Any) -> None:
    """The hint lists the inputs that could have been filled."""
    refusal = plans("close the Acme Renewal as won", {"foo": "1"}).refusal
    assert "'foo'" in refusal.message
    assert "a1.StageName" in refusal.hint


def test_an_update_of_nothing_known_is_refused(plans: Any) -> None:
    """A goal that names nothing to change, and no record that is there, is no plan."""
    assert plans("update the weather").refusal.code == "no_fit"


@pytest.mark.parametrize(
    ("goal", "wanted"),
    [
        ("what is the amount of Globex Pilot?", 'actwright query "SELECT'),
        ("show me all opportunities", 'actwright query "SELECT Id, Name FROM Opportunity"'),
        ("close all deals as won", "Say which ones"),
        ("change the amount of Globex Pilot by 10%", "new value itself"),
        ("push the close date of Globex Pilot by two weeks", "new value itself"),
        ("Schließe die Acme Renewal als gewonnen ab", "English"),
        ("close la oportunidad Acme Renewal como ganada", "English"),
        ("double the amount of Globex Pilot", "new value itself"),
        ("add 5000 to the amount of Globex Pilot", "new value itself"),
        ("clone Globex Pilot", "Did you mean 'close'"),
    ],
)
def test_the_hint_fits_what_was_said(goal: str, wanted: str, plans: Any) -> None:
    """A question, a bulk change, a relative one, another language and a typing error each have a way out."""
    assert wanted in plans(goal).refusal.hint


def test_a_hint_never_shows_the_form_just_refused(plans: Any) -> None:
    """Who changed an amount in quotes is shown another example, and is not told to use quotes."""
    hint = plans('change the colour of "Globex Pilot" to 5').refusal.hint
    assert "change the amount" not in hint
    assert "quotes" not in hint
