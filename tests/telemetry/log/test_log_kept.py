"""What the log keeps of a planning call, at each level, and that no planted value is among it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.goal_suite import cases
from tests.memory_org import FakeClock
from tests.model_replies import ACME_WON, Document, action, extract, literal, named, reply
from tests.telemetry.log.log_scene import ASKER, ORG, LogHome, exchange, log_home
from tools.leaks.scan import scan

from actwright.blueprints.library import load_library
from actwright.errors import ModelReplyError
from actwright.model.exchange import ExchangeMessage, ExchangeTexts
from actwright.planning.offline.planner import OfflinePlanner
from actwright.planning.planner import PlanningRequest
from actwright.telemetry.log.call import Asker

PERSON = str(ORG.rows["Contact"][0]["Name"])
FIRST, LAST = PERSON.split()
GOAL = "Close the Acme Renewal as won"


def call_with(name: str) -> Document:
    """Return a reply that logs a call with somebody."""
    subject = literal("Subject", f"Call {name}")
    return reply(action("task_create", named("WhoId", "Contact", name), subject))


def test_metadata_holds_numbers_names_and_digests(tmp_path: Path) -> None:
    """Neither goal, nor prompt, nor reply is kept; session, user, org, planning, settings and digests are."""
    with log_home(tmp_path, "metadata") as home:
        outcome = home.plan(GOAL, reply(ACME_WON))
        assert outcome.plan is not None
        (record,) = home.log.plannings().items
        (kept,) = home.log.of_plan(outcome.plan.id)
        stored = home.stored()
    assert kept.texts is None
    assert (kept.exchange.planning, kept.exchange.session) == (record.id, "s1")
    assert (kept.exchange.user, kept.exchange.org) == ("alice", "local")
    assert kept.exchange.goal_digest == record.goal_digest
    assert (record.goal, record.plan_id, record.planner) == (None, outcome.plan.id, "model")
    assert (record.prompt_name, record.model) == ("plan", "fake-1")
    assert (record.blueprints, record.calls) == (("UpdateOpportunityStage",), 1)
    assert (record.input_tokens, record.output_tokens) == (100, 20)
    assert record.shape_digest == f"like {len(GOAL)}"
    assert record.conversations == (kept.exchange.conversation,)
    assert b"Acme" not in stored
    assert b"You plan changes" not in stored


def test_off_keeps_nothing(tmp_path: Path) -> None:
    """No row, no line, no thread."""
    with log_home(tmp_path, "off") as home:
        assert home.plan(GOAL, reply(ACME_WON)).plan
        assert not home.log.recent().items
        assert not home.log.plannings().items
        assert home.telemetry.health().written == 0
    assert not (tmp_path / "log.jsonl").exists()


def test_full_keeps_what_was_said_less_the_names(tmp_path: Path) -> None:
    """The goal, the prompt and the reply are there; a name the plan looked up is a label everywhere."""
    with log_home(tmp_path) as home:
        outcome = home.plan(f"Log a call with {PERSON} tomorrow", call_with(PERSON))
        assert outcome.plan is not None
        (kept,) = home.log.of_plan(outcome.plan.id)
        (record,) = home.log.plannings_of(outcome.plan.id)
        stored = home.stored()
    assert record.goal == "Log a call with [Contact.Name] tomorrow"
    assert record.redacted == {"Contact.Name": 1}
    assert kept.texts is not None
    assert not kept.missing
    assert kept.texts.messages[0].content.startswith("You plan changes")
    assert json.loads(kept.texts.reply or "")["actions"][0]["blueprint"] == "task_create"
    assert kept.texts.redacted["Contact.Name"] >= 3
    assert PERSON.encode() not in stored
    assert LAST.encode() not in stored


def test_what_a_plan_does_not_account_for_is_left_out_of_the_goal(tmp_path: Path) -> None:
    """A person who is only mentioned is no argument of the plan, and not in the log; the deal is."""
    with log_home(tmp_path) as home:
        home.plan("Close the Acme Renewal as won, Mia asked for it", reply(ACME_WON))
        (record,) = home.log.plannings().items
        assert b"Mia" not in home.stored()
    assert record.goal == "Close the Acme Renewal as won, [goal] asked for it"


def test_where_no_plan_comes_each_word_nobody_knows_is_left_out(tmp_path: Path) -> None:
    """Also names in small letters, in the goal, the replies and what is wrong with them."""
    bad = '{"outcome": "plan", "mia kowalski": 1}'
    with log_home(tmp_path) as home:
        with pytest.raises(ModelReplyError):
            home.plan("write to mia kowalski", bad, bad, bad)
        (record,) = home.log.plannings().items
        rounds = home.log.of_conversation(record.conversations[0])
        stored = home.stored()
    assert (record.error, record.plan_id, record.calls) == ("model_reply_invalid", None, 3)
    assert record.goal == "write to [goal] [goal]"
    assert [each.exchange.round for each in rounds] == [0, 1, 2]
    assert all(each.texts and each.texts.faults for each in rounds)
    assert b"kowalski" not in stored


def test_a_text_a_value_is_taken_out_of_is_withheld(tmp_path: Path) -> None:
    """An email among the data goes to the model, and not to the log; neither does what was taken out of it."""
    mail = "Dear all, please ask Zofia about the offer. " * 20
    with log_home(tmp_path) as home:
        outcome = home.plan(
            "Create a task from the mail",
            reply(action("task_create", extract("Subject", "mail", "who to ask"))),
            json.dumps({"found": True, "value": "Zofia"}),
            data={"mail": mail},
        )
        assert outcome.plan is not None
        _, extracted = home.log.of_plan(outcome.plan.id)
        stored = home.stored()
    assert extracted.texts is not None
    assert extracted.texts.messages[-1].content.endswith("characters withheld]")
    assert extracted.texts.reply is not None
    assert "Zofia" not in extracted.texts.reply
    assert b"Zofia" not in stored


def test_an_exchange_outside_of_a_planning_call_keeps_no_texts(tmp_path: Path) -> None:
    """Nobody could say which of its words are personal."""
    with log_home(tmp_path) as home:
        home.plan(GOAL, reply(ACME_WON))
        (one,) = home.log.recent().items
        home.telemetry.record(
            one.model_copy(update={"id": "exchange_x"}),
            home.log.get(one.id).texts,  # type: ignore[arg-type]  # it was kept
        )
        assert home.log.get("exchange_x").texts is None
        assert home.log.get("exchange_x").exchange.session == "s1"


def test_an_address_as_user_name_becomes_a_pseudonym(tmp_path: Path) -> None:
    """It is the same each time, and found by the address."""
    named_so = Asker(
        lambda: "mia@acme.example", "local", ORG.describe, lambda: None, lambda _: None
    )
    with log_home(tmp_path) as home:
        home.plan(GOAL, reply(ACME_WON), asker=named_so)
        (record,) = home.log.plannings().items
        assert b"mia@acme" not in home.stored()
    assert record.user.startswith("user_")


def test_calls_within_a_call_are_one(tmp_path: Path) -> None:
    """An answer plans again, and code is written within planning: one record each time a person asked."""
    with log_home(tmp_path, "metadata") as home:
        with home.telemetry.planning("plan", GOAL, {}, ASKER) as outer:
            home.plan(GOAL, reply(ACME_WON))
        (record,) = home.log.plannings().items
    assert record.id == outer.id


def test_names_a_model_made_are_not_in_the_log(tmp_path: Path) -> None:
    """What it calls a generated action and its inputs may be words of the goal; a digest stands for them."""
    account: Document = {
        "name": "KowalskiAccount",
        "kind": "record",
        "object": "Account",
        "description": "The account.",
    }
    told: Document = {
        "name": "TaskForKowalski",
        "object": "Task",
        "inputs": [account],
        "logic": "Count the Case records of KowalskiAccount. Create a Task with the number.",
    }
    own = action("generated", named("KowalskiAccount", "Account", "Acme"), generated=told)
    goal = "Create a task for Acme whose subject says how many of its cases are open"
    with log_home(tmp_path, "metadata") as home:
        outcome = home.plan(goal, reply(own))
        assert outcome.plan is not None, outcome
        assert "Kowalski" in outcome.plan.actions[0].blueprint.name
        (record,) = home.log.plannings().items
        stored = home.stored()
    assert record.blueprints[0].startswith("generated_")
    assert b"owalski" not in stored


@pytest.mark.parametrize("cut", [0, 40], ids=["whole", "cut off"])
def test_people_a_model_made_up_are_left_out_too(tmp_path: Path, cut: int) -> None:
    """A person nobody named, in replies of which no plan came: looked up, and told in what is wrong with them."""
    bad = json.dumps(reply(action("task_create", named("WhoId", "Contact", "Olga Petrova"))))
    bad = bad[: len(bad) - cut]
    with log_home(tmp_path) as home:
        with pytest.raises(ModelReplyError):
            home.plan("Log a call about the renewal", bad, bad, bad)
        (record,) = home.log.plannings().items
        rounds = home.log.of_conversation(record.conversations[0])
        stored = home.stored()
    assert len(rounds) == 3
    assert all(each.texts and each.texts.reply for each in rounds)
    assert b"Petrova" not in stored
    assert b"Olga" not in stored


def test_goals_that_name_people_of_the_demo_org_leave_none_of_them(tmp_path: Path) -> None:
    """A sample of the goal suite, kept in full, has nothing in it that the scan for leaks would find."""
    library, planner = load_library(), OfflinePlanner()
    with log_home(tmp_path / "telemetry") as home:
        for case in cases()[::12]:
            request = PlanningRequest(case.goal, library, ORG, FakeClock(), dict(case.data))
            with home.telemetry.planning("plan", case.goal, dict(case.data), ASKER) as call:
                call.came_to(planner.plan(request))
        assert home.telemetry.flush(30)
        kept = home.log.plannings(100).items
    assert len(kept) > 25
    assert any("Contact.Name" in each.redacted for each in kept)
    report = scan([tmp_path / "telemetry"])
    assert report.looked
    assert not report.leaks


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LogHome]:
    """Give a log that keeps long texts apart, however short they are."""
    with log_home(tmp_path_factory.mktemp("planted"), inline=200) as home:
        yield home


NAME = st.from_regex(r"[A-ZÄÖ][a-zäöé]{4,8} [A-ZÄÖ][a-z]{4,8}[ks]i", fullmatch=True)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=NAME, bad=st.booleans())
def test_no_planted_value_is_in_any_stored_byte(
    shared_home: LogHome, name: str, *, bad: bool
) -> None:
    """Store, lines and long texts hold no name that a plan looked up, wrote or asked about, also after a repair."""
    replies = [f'{{"{name}": 1}}', call_with(name)] if bad else [call_with(name)]
    shared_home.plan(f"Log a call with {name}, phone +1 555 0199", *replies)
    stored = shared_home.stored()
    for planted in (name, json.dumps(name)[1:-1], *name.split(), "555 0199"):
        assert planted.encode() not in stored


def test_whom_a_model_names_on_its_own_is_left_out(tmp_path: Path) -> None:
    """In a free text that it writes, and in what it says to the person; neither stands in goal or data."""
    text = literal("Subject", "Ask Olga Petrova for the offer")
    with log_home(tmp_path) as home:
        outcome = home.plan("Create a task", reply(action("task_create", text)))
        assert outcome.plan is not None
        home.plan("Do it", reply(outcome="noPlan", reason="I do not know how, Vera."))
        (kept,) = home.log.of_plan(outcome.plan.id)
        stored = home.stored()
    assert kept.texts is not None
    assert kept.texts.reply is not None
    assert "Ask [text] [text] for the offer" in kept.texts.reply.replace("[reply]", "[text]")
    assert not [each for each in (b"Olga", b"Petrova", b"Vera") if each in stored]


def test_a_name_and_a_number_in_a_next_step_are_left_out(tmp_path: Path) -> None:
    """A field that takes any text does not say that what stands in it is nobody; a number goes in any form."""
    step = literal("NextStep", "ring Peter Krause on 0171 2345678")
    with log_home(tmp_path) as home:
        goal = "Set the next step of Acme Renewal to 'ring Peter Krause on 0171 2345678'"
        own = action("derived.Opportunity.update", named("Id", "Opportunity", "Acme Renewal"), step)
        outcome = home.plan(goal, reply(own))
        assert outcome.plan is not None, outcome
        (record,) = home.log.plannings().items
        stored = home.stored()
    assert record.goal is not None
    assert record.goal.endswith("'ring [goal] [goal] on [phone number removed]'")
    assert not [each for each in (b"Peter", b"Krause", b"2345678") if each in stored]


def test_a_name_in_a_script_without_capitals_is_left_out(tmp_path: Path) -> None:
    """No capital tells it apart, and no blank: the words of the goal that the plan does not account for go."""
    own = action(
        "task_create", named("WhatId", "Account", "Acme"), literal("Subject", "田中太郎に電話")
    )
    with log_home(tmp_path) as home:
        outcome = home.plan("Acme に 田中太郎 のタスクを作成: 田中太郎に電話", reply(own))
        assert outcome.plan is not None
        assert not outcome.questions
        stored = home.stored().decode("utf-8", "replace")
    assert "田中" not in stored
    assert "\\u7530" not in stored


def test_people_of_the_plan_somebody_responded_to_are_left_out(tmp_path: Path) -> None:
    """The model is shown them again, though the new plan has nothing to do with them any more."""
    with log_home(tmp_path) as home:
        seen = home.plan(f"log a call with {PERSON.lower()}", call_with(PERSON.lower())).plan
        assert seen is not None
        other = home.plan(GOAL, reply(ACME_WON))
        with home.telemetry.planning("respond", "no, close it", {}, ASKER) as call:
            call.earlier = seen
            message = ExchangeMessage(role="user", content=f"the plan: call {PERSON.lower()}")
            said = ExchangeTexts(exchange="exchange_9", messages=(message,))
            home.telemetry.record(exchange(9), said)
            call.came_to(other)
        stored = home.stored().lower()
    assert LAST.lower().encode() not in stored
