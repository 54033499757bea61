"""Answers to questions: a word is enough, what was never asked is refused, and planning goes on from there."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.memory_org import MemoryOrg

from actwright.blueprints.argument import LookupArgument
from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.plan import Candidate, Plan, PlannedAction, PlannerInfo, Question
from actwright.errors import PayloadError
from actwright.planning.answers import with_answers

IDS = ("001000000000001AAA", "001000000000002AAA")
STAGES = ("Prospecting", "Qualification", "Closed Won", "Closed Lost")
WIDE = ActionBlueprint(
    name="Wide",
    operation="CALL",
    target="service",
    inputs=tuple(
        ActionInput(api_name=name, data_type=kind, usage="PARAMETER")
        for name, kind in (
            ("Stage", "Picklist"),
            ("Who", "Id"),
            ("When", "Date"),
            ("Sure", "Boolean"),
        )
    ),
)


def asked(*questions: Question, data: dict[str, Any] | None = None) -> Plan:
    """Return a plan that asks these questions."""
    action = PlannedAction(id="a1", blueprint=WIDE)
    info = PlannerInfo(kind="scripted")
    return Plan(goal="g", data=data or {}, actions=(action,), questions=questions, planner=info)


def question(name: str, *candidates: tuple[Any, str], reason: Any = "missing") -> Question:
    """Return a question for one input of the action."""
    offered = tuple(Candidate(value=value, label=label) for value, label in candidates)
    return Question(
        id=f"a1.{name}",
        action_id="a1",
        input=name,
        reason=reason,
        text=f"{name}?",
        candidates=offered,
    )


STAGE = question("Stage", *((each, each) for each in STAGES), reason="no_value")
WHO = question(
    "Who",
    (IDS[0], "Acme (Account)"),
    (IDS[1], "Acme Renewal (Opportunity, Acme)"),
    reason="ambiguous",
)
WHEN = question("When")
SURE = question("Sure")
WHICH = question(
    "blueprint",
    ("task_create", "Create Task"),
    ("call_log", "Log a Call"),
    ("none", "None of these"),
    reason="unclear",
)


@pytest.mark.parametrize(
    ("asking", "answer", "value"),
    [
        (STAGE, "3", "Closed Won"),
        (STAGE, "#3", "Closed Won"),
        (STAGE, "2.", "Qualification"),
        (STAGE, "closed won", "Closed Won"),
        (STAGE, "  PROSP ", "Prospecting"),
        (STAGE, "won", "Closed Won"),
        (WHO, "1", IDS[0]),
        (WHO, IDS[1].lower(), IDS[1]),
        (WHO, "Acme Renewal", IDS[1]),
        (WHO, "acme (account)", IDS[0]),
        (WHO, "Globex", "Globex"),
        (WHO, "00001002", "00001002"),
        (WHO, "001000000000003AAA", "001000000000003AAA"),
        (WHEN, "next friday", "next friday"),
        (WHEN, "7", "7"),
        (SURE, "Yes", True),
        (SURE, "no", False),
        (WHICH, "log a call", "call_log"),
        (WHICH, "none", "none"),
        (WHICH, "call", "call_log"),
        (question("Sure", (True, "Yes, do"), (False, "No")), "yes", True),
        (question("Sure", (True, "Do"), (False, "Do not")), "n", False),
        (question("Stage", ("Closed Won", "Closed Won")), "yes", "Closed Won"),
        (question("Stage", ("2", "Two"), ("1", "One")), "1", "1"),
    ],
)
def test_a_word_is_an_answer(asking: Question, answer: str, value: object) -> None:
    """A candidate is meant by number, value, label or how it begins; a free value is taken as it stands."""
    assert with_answers(asked(asking), answer) == {asking.id: value}
    assert with_answers(asked(asking, WHEN), {asking.id.upper(): answer})[asking.id] == value


@pytest.mark.parametrize(
    ("asking", "answer", "said"),
    [
        (STAGE, "closed", "several"),
        (STAGE, "moon", "none of them"),
        (STAGE, "5", "none of them"),
        (STAGE, "0", "none of them"),
        (STAGE, "yes", "none of them"),
        (WHO, "Acme", "several"),
        (WHO, "3", "none of them"),
        (WHICH, "task_delete", "none of them"),
        (SURE, "perhaps", "neither"),
        (WHEN, "  ", "no answer"),
        (WHEN, "x" * 40_000, "no answer"),
    ],
)
def test_what_means_nothing_is_refused_with_what_can_be_meant(
    asking: Question, answer: str, said: str
) -> None:
    """An answer that is no candidate, where only these make sense, comes back with them and their numbers."""
    with pytest.raises(PayloadError, match=said) as caught:
        with_answers(asked(asking), answer)
    assert caught.value.error_code == "answer_unknown"
    assert caught.value.where == asking.id
    assert caught.value.hint is not None
    if asking is STAGE and said == "several":
        assert "3 Closed Won, 4 Closed Lost" in caught.value.hint


@pytest.mark.parametrize(
    ("questions", "answers"),
    [
        ((STAGE, WHEN), {"a1.Amount": "5"}),
        ((STAGE, WHEN), {"Stage": "won"}),
        ((STAGE, WHEN), "won"),
        ((), "won"),
        ((), {"a1.Stage": "won"}),
    ],
)
def test_what_was_never_asked_is_refused_with_what_is_open(
    questions: tuple[Question, ...], answers: Any
) -> None:
    """An answer without its question names those that are open."""
    with pytest.raises(PayloadError) as caught:
        with_answers(asked(*questions), answers)
    assert caught.value.error_code == "answer_unasked"
    assert caught.value.hint is not None
    assert all(each.id in caught.value.hint for each in questions)


def test_an_open_question_is_told_in_whole_words_and_without_advice() -> None:
    """What is still open is cut between words, and what the question says about -d is left out."""
    text = f"{'Which of these is meant, ' * 5}now? Answer with -d a1.When=VALUE."
    asks = asked(
        WHEN.model_copy(update={"text": text}), SURE.model_copy(update={"text": text[-40:]})
    )
    with pytest.raises(PayloadError) as refused:
        with_answers(asks, "5")
    hint = str(refused.value.hint)
    assert hint.startswith(
        "Open: a1.When (Which of these is meant, Which of these is meant, Which of these is meant,…); a1.Sure"
    )
    assert "-d" not in hint


def test_several_answers_join_the_data_that_were_there() -> None:
    """Answers stand beside the plan's data, and an answer instead of an earlier one."""
    plan = asked(STAGE, WHEN, SURE, data={"note": "x", "a1.Stage": "moon"})
    answers = {"a1.stage": "won", "a1.When": "tomorrow"}
    expected = {"note": "x", "a1.Stage": "Closed Won", "a1.When": "tomorrow"}
    assert with_answers(plan, answers) == expected
    assert plan.data == {"note": "x", "a1.Stage": "moon"}


def test_a_question_is_answered_once() -> None:
    """Two answers to one question are refused, in whatever case it is named."""
    with pytest.raises(PayloadError, match="twice"):
        with_answers(asked(STAGE), {"a1.Stage": "won", "A1.STAGE": "lost"})


def test_a_list_that_may_be_cut_takes_what_it_does_not_show() -> None:
    """Of a picklist with more values than a question shows, any is passed on for the planner to judge."""
    many = question("Stage", *((f"v{at}", f"Value {at}") for at in range(25)))
    assert with_answers(asked(many), "Biotech") == {"a1.Stage": "Biotech"}


@given(answer=st.text(max_size=40), asking=st.sampled_from([STAGE, WHO, WHEN, SURE, WHICH]))
def test_any_answer_is_a_value_or_refused(answer: str, asking: Question) -> None:
    """Whatever is answered, only a candidate comes out where only candidates make sense."""
    try:
        data = with_answers(asked(asking), answer)
    except PayloadError:
        return
    (value,) = data.values()
    offered = {each.value for each in asking.candidates}
    assert value in offered or asking in {WHO, WHEN} or isinstance(value, bool)


@pytest.mark.parametrize(
    ("goal", "answer", "filled"),
    [
        ("mark Acme Renewal as closed", "won", ("StageName", "Closed Won")),
        ("change the close date of Acme Renewal", "tomorrow", ("CloseDate", "2026-11-22")),
        ("close the Acme Renewall as won", "1", ("Id", "Acme Renewal")),
        ("close the Acme Renewall as won", "Globex Pilot", ("Id", "Globex Pilot")),
        ("new lead: Peter Pan", "Neverland", ("Company", "Neverland")),
        ("set the priority of case 00001001 to urgent", "high", ("Priority", "High")),
    ],
)
def test_planning_goes_on_with_an_answer(
    goal: str, answer: str, filled: tuple[str, str], plans: Any, memory_org: MemoryOrg
) -> None:
    """Ask, answer in a word, plan: the answered input is filled as if it had been said at once."""
    name, value = filled
    first = plans(goal)
    while first.questions:
        (question,) = first.questions
        first = plans(goal, with_answers(first.plan, answer))
        assert question not in first.questions
    argument = first.plan.actions[0].arguments[name]
    if isinstance(argument, LookupArgument):
        assert argument.lookup.where[0].value == value
    elif name == "Id":
        rows = memory_org.rows["Opportunity"]
        assert argument.value in {each["Id"] for each in rows if each["Name"] == value}
    else:
        assert argument.value == value


def test_a_wrong_answer_is_asked_again(plans: Any) -> None:
    """A free answer that turns out to be none leaves the question open."""
    first = plans("change the close date of Acme Renewal")
    again = plans("change the close date of Acme Renewal", with_answers(first.plan, "soon"))
    assert [each.id for each in again.questions] == ["a1.CloseDate"]
