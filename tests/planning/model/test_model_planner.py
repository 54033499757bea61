"""The model planner as a whole: what is sent, what comes back, over a real connection."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import takewhile

import pytest
from tests.memory_org import FakeClock, demo_org
from tests.model_replies import (
    ACME_WON,
    LIBRARY,
    PROMPTS,
    FakeChat,
    Log,
    action,
    asks,
    extract,
    literal,
    named,
    plan,
    questions,
    reply,
)

from actwright.blueprints.library import Library, LibraryEntry
from actwright.errors import ModelBudgetError, ModelRefusedError, ModelReplyError
from actwright.model.openai_chat import OpenAIChat
from actwright.model.settings import ModelSettings
from actwright.planning.domains.domain import DomainSpec
from actwright.planning.model.planner import ModelPlanner
from actwright.planning.planner import PlanningRequest
from actwright.testing.model_server import ScriptedModel
from actwright.testing.replies import Reply

WON = "Close the Acme Renewal as won"
LARGE = Library(
    tuple(
        LibraryEntry(
            f"{each.key}_{turn}",
            each.blueprint.model_copy(update={"name": f"{each.blueprint.name}{turn}"}),
        )
        for turn in range(40)
        for each in LIBRARY.entries
    )
)


def messages(goal: str, **more: object) -> tuple[str, str]:
    """Return the system and the user message of a goal."""
    planned = plan(goal, reply(outcome="noPlan", reason="No."), **more)  # type: ignore[arg-type]  # keywords of plan
    system, user = planned.chat.requests[0].messages
    return system.content, user.content


def test_a_plan_over_a_real_connection() -> None:
    """The whole way over HTTP: one request, one reply, one plan, with the tokens the service counted."""
    with ScriptedModel([Reply.json(reply(ACME_WON))]) as server:
        chat = OpenAIChat(base_url=server.base_url, api_key="sk-test")
        planner = ModelPlanner(chat, PROMPTS, ModelSettings(model="scripted"), log=Log())
        outcome = planner.plan(PlanningRequest(WON, LIBRARY, demo_org(), FakeClock()))
    assert outcome.plan is not None
    assert outcome.questions == ()
    assert outcome.usage is not None
    assert (outcome.usage.calls, outcome.usage.input_tokens) == (1, 100)


def test_the_system_message_is_the_same_for_every_goal() -> None:
    """A service's prompt cache can keep it: for one library it is the same to the byte."""
    first, first_user = messages(WON)
    second, second_user = messages("Log a call with Jane Doe", data={"note": "x"})
    assert first == second
    third_user = messages("Close the Initech Upgrade as won")[1]
    shared = sum(
        1
        for _ in takewhile(
            lambda pair: pair[0] == pair[1], zip(first_user, third_user, strict=False)
        )
    )
    assert shared > 0.8 * min(len(first_user), len(third_user))
    assert first_user != second_user


def test_the_day_and_the_goal_come_last() -> None:
    """What changes most stands behind what changes least."""
    user = messages(WON)[1]
    parts = [user.index(each) for each in ("<schema>", "<examples>", "<data>", "<goal>", "# Today")]
    assert parts == sorted(parts)
    assert user.endswith('Saturday, 2026-11-21, in the zone "America/New_York".')


def test_a_large_library_is_told_of_in_part() -> None:
    """Over the budget only what comes near the goal is listed, and the system message holds none of it."""
    system, user = messages(WON, library=LARGE)
    assert "<blueprints>\n{" not in system
    listed = user.split("<blueprints>")[1].split("</blueprints>")[0].strip().splitlines()
    assert 0 < len(listed) <= 30
    assert any("oppty_closed_won" in each for each in listed)


def test_examples_are_real_replies_of_the_library() -> None:
    """Each example names a blueprint that is there, and no more than four are shown."""
    user = messages(WON)[1]
    lines = user.split("<examples>")[1].split("</examples>")[0].strip().splitlines()
    examples = [json.loads(each) for each in lines]
    assert 1 <= len(examples) <= 4
    for each in examples:
        for one in each["reply"]["actions"]:
            assert LIBRARY.find(one["blueprint"]) is not None
    assert examples[-1]["reply"]["outcome"] == "questions"


def test_questions_of_the_model_are_asked_in_our_form() -> None:
    """A question carries the id to answer it with; the guess beside it is dropped."""
    document = reply(
        action("task_create", literal("Subject", "Call"), literal("ActivityDate", "2026-11-30")),
        outcome="questions",
        questions=[asks("ActivityDate", "When is it due?", "Monday", "Friday")],
    )
    planned = plan("create a task Call some time soon", document)
    assert questions(planned) == [("a1.ActivityDate", "unclear")]
    (asked,) = planned.outcome.questions
    assert "-d a1.ActivityDate=" in asked.text
    assert [each.value for each in asked.candidates] == ["Monday", "Friday"]
    assert planned.outcome.plan is not None
    assert "ActivityDate" not in planned.outcome.plan.actions[0].arguments


def test_which_blueprint_is_meant_can_be_asked_and_answered() -> None:
    """Keys nobody knows are no candidates; the answer binds the next reply."""
    document = reply(
        outcome="questions",
        questions=[
            asks(
                "blueprint",
                "Won or lost?",
                "oppty_closed_won",
                "opportunity_close_lost",
                "drop_tables",
            )
        ],
    )
    planned = plan("Close the Acme Renewal", document)
    (asked,) = planned.outcome.questions
    assert asked.id == "a1.blueprint"
    assert [each.value for each in asked.candidates] == [
        "oppty_closed_won",
        "opportunity_close_lost",
        "none",
    ]
    other = action("opportunity_close_lost", named("Id", "Opportunity", "Acme Renewal"))
    answered = plan(
        "Close the Acme Renewal",
        reply(other),
        reply(ACME_WON),
        data={"a1.blueprint": "oppty_closed_won"},
    )
    assert "the person answered" in answered.chat.faults()
    assert answered.outcome.plan is not None
    assert answered.outcome.plan.actions[0].blueprint.name == "UpdateOpportunityStage"


def test_no_plan_is_a_refusal_with_what_comes_nearest() -> None:
    """The model's reason is shown as the model's words."""
    planned = plan(
        "Book a flight to Oslo", reply(outcome="noPlan", reason="No blueprint\nbooks travel.")
    )
    refusal = planned.outcome.refusal
    assert refusal is not None
    assert refusal.code == "no_fit"
    assert "In its words: No blueprint books travel." in refusal.message


@pytest.mark.parametrize(
    ("goal", "code"),
    [
        ("", "goal_empty"),
        ("  ", "goal_empty"),
        ("x" * 100_000, "goal_too_long"),
        ("a\x00b", "goal_unreadable"),
    ],
)
def test_a_goal_nobody_can_read_is_refused_before_anything_is_sent(goal: str, code: str) -> None:
    """Empty, endless and binary goals cost no request."""
    planned = plan(goal)
    assert planned.outcome.refusal is not None
    assert planned.outcome.refusal.code == code
    assert planned.chat.requests == []


def test_an_unknown_blueprint_costs_no_request() -> None:
    """What the person chose must be there."""
    planned = plan(WON, blueprint="nope")
    assert planned.outcome.refusal is not None
    assert planned.outcome.refusal.code == "blueprint_unknown"
    assert planned.chat.requests == []


def test_progress_tells_what_is_being_done() -> None:
    """Reading, asking, mending, looking up: in that order."""
    told = plan(WON, reply(), reply(ACME_WON)).told
    assert told[0] == "reading the schema"
    assert told[1] == "Asking fake."
    assert told[-1] == "looking records up"
    assert any("cannot be used" in each for each in told)


def test_a_repair_lowers_the_confidence() -> None:
    """So does every value only the model stands for."""
    at_once = plan(WON, reply(ACME_WON)).outcome.plan
    mended = plan(WON, reply(), reply(ACME_WON)).outcome.plan
    made_up = plan(
        "Create a task", reply(action("task_create", literal("Subject", "Ring them up")))
    ).outcome.plan
    assert at_once is not None
    assert mended is not None
    assert made_up is not None
    assert at_once.confidence == 1.0
    assert mended.confidence == 0.8
    assert made_up.confidence == 0.9


def test_every_request_is_in_the_log() -> None:
    """The plan and its repair are two exchanges of one conversation."""
    planned = plan(WON, reply(), reply(ACME_WON))
    assert [(each.purpose, each.outcome) for each in planned.log.kept] == [
        ("plan", "invalid"),
        ("repair", "ok"),
    ]
    assert len({each.conversation for each in planned.log.kept}) == 1
    assert planned.outcome.usage is not None
    assert planned.outcome.usage.calls == 2


def test_a_request_beyond_the_ceiling_is_not_sent() -> None:
    """The budget of tokens holds before anything is spent."""
    with pytest.raises(ModelBudgetError):
        plan(WON, reply(ACME_WON), settings=ModelSettings(model="fake", max_input_tokens=500))


def test_a_reply_that_never_gets_better_is_an_error_after_two_repairs() -> None:
    """Three requests, then an error that names the faults."""
    chat = FakeChat(lambda _: reply(action("nothing_like_it")))
    planner = ModelPlanner(chat, PROMPTS, ModelSettings(model="fake"), log=Log())
    with pytest.raises(ModelReplyError) as error:
        planner.plan(PlanningRequest(WON, LIBRARY, demo_org(), FakeClock()))
    assert len(chat.requests) == 3
    assert "nothing_like_it" in error.value.message


def test_a_model_that_declines_is_not_asked_again() -> None:
    """A refusal is no fault to mend."""
    with ScriptedModel([Reply(text=None, refusal="I will not.")]) as server:
        chat = OpenAIChat(base_url=server.base_url, api_key="sk-test")
        planner = ModelPlanner(chat, PROMPTS, ModelSettings(model="scripted"), log=Log())
        with pytest.raises(ModelRefusedError):
            planner.plan(PlanningRequest(WON, LIBRARY, demo_org(), FakeClock()))


def test_an_unknown_zone_is_utc_and_said() -> None:
    """The plan tells which day was meant."""
    org = demo_org()
    org.user = org.user.model_copy(update={"zone": "Moon/Crater"})
    planned = plan(WON, reply(ACME_WON), org=org)
    assert planned.outcome.plan is not None
    assert "UTC" in planned.outcome.plan.assumptions[0]


def test_the_request_alone_decides() -> None:
    """A planner that is kept answers a later goal as a fresh one does."""
    settings = ModelSettings(model="fake")
    chat = FakeChat([reply(ACME_WON), reply(ACME_WON)])
    planner = ModelPlanner(chat, PROMPTS, settings, log=Log())
    request = PlanningRequest(WON, LIBRARY, demo_org(), FakeClock())
    first, second = planner.plan(request), planner.plan(replace(request))
    assert first.plan == second.plan
    assert chat.requests[0].messages == chat.requests[1].messages


def test_none_of_the_offered_blueprints_costs_no_request() -> None:
    """The answer that none is meant ends the planning, as it does offline."""
    planned = plan("Close the Acme Renewal", data={"a1.blueprint": "none"})
    assert planned.outcome.refusal is not None
    assert planned.outcome.refusal.code == "none_meant"
    assert planned.chat.requests == []


def test_the_model_is_told_of_the_domain_as_data() -> None:
    """The use case a goal fits and the constraints are in the request, quoted; without specs there is no such part."""
    spec = DomainSpec.model_validate(
        {
            "name": "sales",
            "domain": "Selling </domain> things",
            "version": "1",
            "useCases": [
                {
                    "action": "Close the {deal} deal as won",
                    "params": {"deal": "Acme Renewal"},
                    "capabilities": ["close deals"],
                    "intent": "A deal was won.",
                }
            ],
        }
    )
    chat = FakeChat([reply(ACME_WON)])
    planner = ModelPlanner(chat, PROMPTS, ModelSettings(model="fake"), log=Log(), domains=[spec])
    planner.plan(
        PlanningRequest("Close the Acme Renewal deal as won", LIBRARY, demo_org(), FakeClock())
    )
    user = chat.requests[0].messages[1].content
    told = json.loads(user.split("<domain>")[1].split("</domain>")[0])
    assert told["intent"] == "A deal was won."
    assert user.count("</domain>") == 1
    assert "<domain>" not in messages(WON)[1]


def test_what_came_to_nothing_is_counted_as_well() -> None:
    """A candidate that could not be used, and its repairs, took tokens like any other."""
    wrong = reply(action("drop_tables"))
    planned = plan(
        WON,
        reply(ACME_WON),
        wrong,
        wrong,
        wrong,
        settings=ModelSettings(model="fake", candidates=2),
    )
    usage = planned.outcome.usage
    assert usage is not None
    assert (usage.calls, usage.input_tokens, usage.output_tokens) == (4, 400, 80)


@pytest.mark.parametrize(
    ("text", "answer", "words"),
    [
        ("word " * 7_000, [], "at most 32000"),
        ("no sum in here. " * 20, ["nonsense"] * 3, "The model could not take"),
        ("no sum in here. " * 20, ['{"found": false, "value": null}'], "does not say"),
    ],
)
def test_why_a_value_could_not_be_taken_out_is_told_as_it_is(
    text: str, answer: list[str], words: str
) -> None:
    """A text that is too long, a model that cannot, and a text that does not say it are three things."""
    document = reply(
        action(
            "derived.opportunity.update",
            named("Id", "Opportunity", "Acme Renewal"),
            extract("Amount", "mail", "the amount"),
        )
    )
    planned = plan(
        "Set the amount of the Acme Renewal from the mail",
        document,
        *answer,
        data={"mail": text},
    )
    (asked,) = planned.outcome.questions
    assert words in asked.text
    assert planned.outcome.usage is not None
    assert planned.outcome.usage.calls == 1 + len(answer)
