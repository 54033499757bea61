"""Judging candidates: by what can be computed, in a fixed order, with the reason told."""

from __future__ import annotations

import itertools

from tests.model_replies import ACME_WON, Document, action, asks, literal, named, plan, reply

from actwright.model.settings import ModelSettings

GOAL = "Create a task Call for the Acme Renewal, and set its amount to 5000"
AMOUNT = action(
    "derived.opportunity.update",
    named("Id", "Opportunity", "Acme Renewal"),
    literal("Amount", "5000"),
)
TASK = action(
    "task_create",
    literal("Subject", "Call"),
    named("WhatId", "Opportunity", "Acme Renewal"),
    id="a2",
)
RIGHT = reply(AMOUNT, TASK)
MADE_UP = reply(AMOUNT, action("task_create", literal("Subject", "Ring them up"), id="a2"))
ASKING = reply(AMOUNT, TASK, outcome="questions", questions=[asks("ActivityDate", of="a2")])
MORE = reply(AMOUNT, TASK, action("task_create", literal("Subject", "Acme"), id="a3"))


def chosen(*candidates: Document, goal: str = GOAL) -> tuple[object, tuple[str, ...]]:
    """Return the blueprints and questions of the best candidate, and the notes."""
    settings = ModelSettings(model="fake", candidates=len(candidates))
    planned = plan(goal, *candidates, settings=settings)
    made = planned.outcome.plan
    arguments = (
        []
        if made is None
        else [(each.blueprint.name, sorted(each.arguments)) for each in made.actions]
    )
    return (arguments, [each.id for each in planned.outcome.questions]), planned.outcome.notes


def test_one_candidate_needs_no_judge() -> None:
    """Without a choice there is nothing to tell."""
    assert chosen(RIGHT)[1] == ()


def test_fewer_values_of_the_models_own_win() -> None:
    """A subject the goal says beats one it does not say."""
    best, notes = chosen(MADE_UP, RIGHT)
    assert best == chosen(RIGHT)[0]
    assert "only the model stands for" in notes[0]


def test_fewer_questions_win() -> None:
    """Nobody is asked what another candidate could read."""
    best, notes = chosen(ASKING, RIGHT)
    assert best == chosen(RIGHT)[0]
    assert "fewer questions" in notes[0]


def test_fewer_actions_win() -> None:
    """What was not asked for is not done."""
    best, notes = chosen(MORE, RIGHT)
    assert best == chosen(RIGHT)[0]
    assert "fewer actions" in notes[0]


def test_the_order_of_the_candidates_does_not_matter() -> None:
    """The same candidates give the same plan, whichever came first."""
    bests = [chosen(*order)[0] for order in itertools.permutations([RIGHT, MADE_UP, ASKING])]
    assert all(each == bests[0] for each in bests)


def test_a_violated_guardrail_loses() -> None:
    """A value the blueprint's own guardrail would refuse counts more than a made-up one."""
    won = reply(ACME_WON)
    open_again = reply(
        action(
            "oppty_closed_won",
            named("Id", "Opportunity", "Acme Renewal"),
            literal("StageName", "Prospecting"),
        )
    )
    best, notes = chosen(
        open_again, won, goal="Close the Acme Renewal as won, it was in Prospecting"
    )
    assert best == chosen(won, goal="Close the Acme Renewal as won, it was in Prospecting")[0]
    assert "guardrail" in notes[0]


def test_most_candidates_decide_whether_there_is_a_plan() -> None:
    """One plan against two refusals is no plan."""
    no = reply(outcome="noPlan", reason="It is not clear.")
    settings = ModelSettings(model="fake", candidates=3)
    planned = plan(GOAL, RIGHT, no, no, settings=settings)
    assert planned.outcome.plan is None
    assert planned.outcome.refusal is not None


def test_equal_candidates_are_told_and_do_not_lower_the_confidence() -> None:
    """All of one mind is as sure as one; two of three is less."""
    three = ModelSettings(model="fake", candidates=3)
    same = plan(GOAL, RIGHT, RIGHT, RIGHT, settings=three).outcome
    split = plan(GOAL, RIGHT, RIGHT, MORE, settings=three).outcome
    assert same.plan is not None
    assert split.plan is not None
    assert "All 3 candidates" in same.notes[0]
    assert same.plan.confidence is not None
    assert split.plan.confidence is not None
    assert split.plan.confidence < same.plan.confidence


def test_a_candidate_that_fails_is_left_out_and_told() -> None:
    """One broken candidate does not cost the plan."""
    settings = ModelSettings(model="fake", candidates=2, repairs=0)
    planned = plan(GOAL, "no json", RIGHT, settings=settings)
    assert planned.outcome.plan is not None
    assert "1 of 2" in " ".join(planned.outcome.notes)
