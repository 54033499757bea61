"""Responses to a plan in words, understood without a model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checkpoints.edited_plans import DEAL, effect, plan_made, preview_made, repeated
from tests.memory_org import FakeClock, MemoryOrg, demo_org
from tests.planning.conftest import Plans

from actwright.blueprints.argument import LookupArgument, ValueArgument
from actwright.blueprints.library import Library, load_library
from actwright.blueprints.plan import Plan
from actwright.checkpoints.editing.responding import responded
from actwright.org.query import JsonScalar
from actwright.planning.offline.planner import OfflinePlanner
from actwright.planning.planner import PlanningOutcome, PlanningRequest
from actwright.planning.response.response import ResponseReader

GOAL = (
    "set the amount of the Acme Renewal to 90000 and its close date to 1 December "
    'and create a task "Call Ann" due 10 December'
)

Respond = Callable[[str], PlanningOutcome]


@pytest.fixture(scope="session")
def reader() -> ResponseReader:
    """One reader for all tests."""
    return ResponseReader()


@pytest.fixture
def plan(plans: Plans) -> Plan:
    """Give a plan of two actions: an update with two values, and a task."""
    made = plans(GOAL).plan
    assert made is not None
    return made


@pytest.fixture
def respond(plan: Plan, reader: ResponseReader, memory_org: MemoryOrg, library: Library) -> Respond:
    """Respond to that plan as alice on Saturday, 2026-11-21."""

    def run(words: str) -> PlanningOutcome:
        request = PlanningRequest(plan.goal, library, memory_org, FakeClock())
        return responded(plan, words, request, reader)

    return run


def changes(plan: Plan, outcome: PlanningOutcome) -> dict[str, JsonScalar]:
    """Return what the response changed: values by name, and what was left out as ``None``."""
    made = outcome.plan
    assert made is not None, (outcome.refusal, outcome.questions)
    before, after = _values(plan), _values(made)
    changed = {key: value for key, value in after.items() if before.get(key) != value}
    return {**changed, **dict.fromkeys(before.keys() - after.keys())}


def _values(plan: Plan) -> dict[str, JsonScalar]:
    values: dict[str, JsonScalar] = {each.id: each.id for each in plan.actions}
    for action in plan.actions:
        for name, argument in action.arguments.items():
            literal = isinstance(argument, ValueArgument)
            shown = argument.value if isinstance(argument, ValueArgument) else str(argument)
            values[f"{action.id}.{name}"] = shown if literal or shown else None
    return {key: value for key, value in values.items() if key.partition(".")[0] in values}


NO_TASK: dict[str, JsonScalar] = dict.fromkeys(
    ("a2", "a2.Subject", "a2.ActivityDate", "a2.Status", "a2.Priority")
)
NO_DEAL: dict[str, JsonScalar] = dict.fromkeys(("a1", "a1.Id", "a1.Amount", "a1.CloseDate"))
LATER, DUE = {"a1.CloseDate": "2026-12-15"}, {"a2.ActivityDate": "2026-12-15"}

UNDERSTOOD: Sequence[tuple[str, Mapping[str, JsonScalar]]] = [
    ("not the task, and use 15 December", NO_TASK | LATER),
    ("use 15 December but not the task", NO_TASK | LATER),
    ("not the task, 15 December, 95k", NO_TASK | LATER | {"a1.Amount": 95000}),
    *(
        (words, NO_TASK)
        for words in (
            "drop the task",
            "without the task please",
            "skip a2",
            "don't create the task",
            "just the opportunity",
            "leave the task out",
            "everything except the task",
            "everything but the task",
            "keep everything except the task",
            "keep only a1",
            "the last one is not needed",
            "the second action can go",
            "I don't want the call task",
        )
    ),
    ("only the task", NO_DEAL),
    ("just do the task", NO_DEAL),
    ("I want the task in progress", {"a2.Status": "In Progress"}),
    ("I'd like the task on 15 December", DUE),
    ("schedule the task for 15 December", DUE),
    ("create the task with high priority", {"a2.Priority": "High"}),
    *(
        (words, {"a1.Amount": None})
        for words in (
            "leave the amount as it is",
            "don't change the amount",
            "not the amount",
            "keep the task but remove the amount",
        )
    ),
    ("not the task and the amount", NO_TASK | {"a1.Amount": None}),
    ("no task and no amount", NO_TASK | {"a1.Amount": None}),
    *(
        (words, {"a1.Amount": 95000})
        for words in ("amount 95k", "make it 95k", "make the amount 95,000 instead")
    ),
    *(
        (words, DUE)
        for words in (
            "due date 15 December",
            "the task on 15 December",
            "use 15 December for the task",
            "for the task use 15 December",
            "set the due date of the task to 15 December",
        )
    ),
    ("close date to next Friday, not the 1st", {"a1.CloseDate": "2026-11-27"}),
    ('call it "Call Bob"', {"a2.Subject": "Call Bob"}),
    ('subject "Call Bob" and amount 1m', {"a2.Subject": "Call Bob", "a1.Amount": 1000000}),
    *(
        (words, {"a2.Priority": "High"})
        for words in ("high priority", "make the task high priority", "priority high")
    ),
]


@pytest.mark.parametrize(("words", "changed"), UNDERSTOOD)
def test_a_response_changes_what_it_says_and_nothing_else(
    words: str, changed: Mapping[str, JsonScalar], plan: Plan, respond: Respond
) -> None:
    """Every other action and value is as it was."""
    assert changes(plan, respond(words)) == changed


def test_the_new_plan_says_where_a_value_came_from(plan: Plan, respond: Respond) -> None:
    """It is data, quotes the person, and the plan names the one it was made of; what was understood is told."""
    outcome = respond("not the task, and use 15 December")
    assert outcome.plan is not None
    assert outcome.plan.actions[0].arguments["CloseDate"] == ValueArgument(
        value="2026-12-15", provenance="data", source='said at the confirmation: "15 December"'
    )
    assert outcome.plan.planner.edited_from == plan.id
    assert outcome.plan.data == {"edit.a1.CloseDate": "2026-12-15"}
    assert outcome.notes == (
        "Understood: without a2.",
        "Understood: a1.CloseDate is 2026-12-15.",
    )


@pytest.mark.parametrize(
    "words",
    [
        "why?",
        "make it better",
        "both",
        "not the invoice",
        "not the task, and paint it green",
        "amount 95k for the invoice",
        "push it by a week",
        "not not the task",
        "don't drop the task",
        "close date 15 December, not for the task",
        "without the amount but with the task",
        "not the amount, but the task",
        "not the amount, the task",
        "not the task or the amount",
        "amount 95000 or 96000",
        "amount 95 000",
        "amount 95k 96k",
        "close date 15 December 2026 2027",
        "amount 95 thousand 500",
        "do not",
        "2",
        "-5000",
        "use 15.12.",
        "close date 15 December, not 2",
        "complete the task on Monday",
        "delete the task 15 December",
        "only the ones above 50000",
    ],
)
def test_what_is_not_understood_changes_nothing(words: str, respond: Respond) -> None:
    """One part that fits nowhere, and the whole response is refused with a way to say it."""
    outcome = respond(words)
    assert (outcome.plan, outcome.refusal is not None) == (None, True)
    assert outcome.refusal is not None
    assert outcome.refusal.code == "response_unclear"
    assert "--without" in str(outcome.refusal.hint)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("also create a call for Monday", "create a call for Monday"),
        ("not the amount, and also create a call for Monday", "create a call for Monday"),
        ("and book a meeting tomorrow at 3pm", "book a meeting tomorrow at 3pm"),
        ("and please also call John on Monday", "call John on Monday"),
        ("remind me on Friday", "remind me on Friday"),
        ("I want to log a call", "log a call"),
        ("another task on Monday", "another task on Monday"),
        ("add a note for Bob", "add a note for Bob"),
    ],
)
def test_what_the_plan_does_not_hold_cannot_be_added(
    words: str, said: str, respond: Respond
) -> None:
    """None of its words end up in a value of another action, and the way out is a new plan."""
    refusal = respond(words).refusal
    assert refusal is not None
    assert refusal.message == f'"{said}" cannot be added here; nothing was changed.'
    assert "new plan" in str(refusal.hint)


@pytest.mark.parametrize(
    ("words", "letter"),
    [
        ("yes", "y"),
        ("Looks good!", "y"),
        ("do it", "y"),
        ("no", "n"),
        ("cancel everything", "n"),
        ("drop the plan", "n"),
    ],
)
def test_a_yes_or_a_no_is_no_edit(words: str, letter: str, respond: Respond) -> None:
    """It is sent back to the question, and goes to no model, since it asks for no change."""
    refusal = respond(words).refusal
    assert refusal is not None
    assert refusal.code == "response_answer"
    assert f"Answer {letter} at the question" in str(refusal.hint)


def test_an_owner_is_said_in_many_ways(respond: Respond) -> None:
    """Who a record is to be owned by, or belongs to, is its owner."""
    for words in ("the task should be owned by Carol", "the task belongs to Carol Chen"):
        made = respond(words).plan
        assert made is not None
        owner = made.actions[1].arguments["OwnerId"]
        assert isinstance(owner, LookupArgument)
        assert [each.value for each in owner.lookup.where] == ["Carol Chen"]


NARROWED: Sequence[tuple[str, tuple[str, str, JsonScalar]]] = [
    ("only the ones above 50000", ("Amount", ">", 50000)),
    ("keep only the deals above 50k", ("Amount", ">", 50000)),
    ("not the ones above 50k", ("Amount", "<=", 50000)),
    ("except the ones in Prospecting", ("StageName", "!=", "Prospecting")),
    ("everything except those in Prospecting", ("StageName", "!=", "Prospecting")),
    ("only those owned by Bob Baxter", ("Owner.Name", "=", "Bob Baxter")),
    ("leave out the ones without an amount", ("Amount", "!=", None)),
]


@pytest.mark.parametrize(("words", "condition"), NARROWED)
def test_rows_are_narrowed_by_a_condition(
    words: str,
    condition: tuple[str, str, JsonScalar],
    plans: Plans,
    reader: ResponseReader,
    library: Library,
) -> None:
    """It joins the conditions there are, so that there are never more rows than before, and the old count is gone."""
    many = plans("close every open opportunity of Acme as lost").plan
    assert many is not None
    request = PlanningRequest(many.goal, library, demo_org(), FakeClock())
    made = responded(many, words, request, reader).plan
    assert made is not None
    before, after = many.actions[0].for_each, made.actions[0].for_each
    assert before is not None
    assert after is not None
    assert after.where[:-1] == before.where
    added = after.where[-1]
    assert (added.field, added.operator, added.value) == condition
    assert any("is done for" in each for each in many.assumptions)
    assert not any("is done for" in each for each in made.assumptions)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("except those closing this month", "one condition at a time"),
        ("except the ones above 50k in Prospecting", "one condition at a time"),
    ],
)
def test_rows_nobody_can_tell_are_asked(
    words: str, said: str, plans: Plans, reader: ResponseReader, library: Library
) -> None:
    """Two conditions at once cannot be turned round into one."""
    many = plans("close every open opportunity of Acme as lost").plan
    assert many is not None
    request = PlanningRequest(many.goal, library, demo_org(), FakeClock())
    outcome = responded(many, words, request, reader)
    assert outcome.plan is None
    assert said in outcome.questions[0].text


def test_rows_handed_in_are_not_narrowed_by_conditions(
    reader: ResponseReader, library: Library
) -> None:
    """They stand in the plan one by one, and are left out one by one."""
    handed = plan_made(repeated(rows=[{"Id": DEAL}]))
    request = PlanningRequest(handed.goal, library, demo_org(), FakeClock())
    (asked,) = responded(handed, "only the ones above 50k", request, reader).questions
    assert "handed in" in asked.text


def test_a_value_that_fits_several_places_is_asked(respond: Respond) -> None:
    """Two dates stand in the plan, and nothing says which is meant."""
    (asked,) = respond("use 15 December").questions
    assert [each.value for each in asked.candidates] == ["a1.CloseDate", "a2.ActivityDate"]
    assert "15 December" in asked.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("priority blue", "'blue' is no value of Priority"),
        ("close date next month", "no one day"),
        (
            "lead source Web",
            "a1 has no input for Lead Source. It has: Opportunity ID, Amount, Close Date.",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_asked(words: str, said: str, respond: Respond) -> None:
    """The question says what is wrong with the value, and nothing is changed."""
    outcome = respond(words)
    assert outcome.plan is None
    assert said in outcome.questions[0].text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("amount 95k, amount 96k", "a1.Amount would get two values"),
        ("amount 95k and 96k", "a1.Amount would get two values"),
        ("drop the amount and amount 95k", "left out, and get another value"),
        ("drop the task and keep the task", "a2 would be left out, and stay"),
        ("only the task, and not the task", "a2 would be left out, and stay"),
        ("keep the task as it is", "as the plan has it, or as the record is now"),
        ("leave the task alone", "as the plan has it, or as the record is now"),
        ("don't change the task", "as the plan has it, or as the record is now"),
        ("keep the amount, not the task", "as the plan has it, or as the record is now"),
        ("subject Call Bob, amount 95k", "Put it in quotes"),
        ("subject Call Bob and drop the amount", "Put it in quotes"),
    ],
)
def test_words_that_could_mean_the_opposite_are_asked(
    words: str, said: str, respond: Respond
) -> None:
    """Two answers at once, or one with two meanings: nothing is changed, and the question says why."""
    outcome = respond(words)
    assert outcome.plan is None
    assert any(said in each.text for each in outcome.questions), outcome


def test_a_new_records_value_that_is_to_stay_stays(plan: Plan, respond: Respond) -> None:
    """It has no other value than the plan's: ``as it is`` asks for nothing."""
    outcome = respond("leave the priority as it is, and due date 15 December")
    assert changes(plan, outcome) == DUE


def test_a_word_of_a_value_does_not_turn_a_no_into_a_yes(
    plans: Plans, reader: ResponseReader, memory_org: MemoryOrg, library: Library
) -> None:
    """A subject that says ``drop`` makes ``don't drop the task`` no wish to leave it out."""
    made = plans('create a task "drop off the not yet signed papers"').plan
    assert made is not None
    request = PlanningRequest(made.goal, library, memory_org, FakeClock())
    for words in ("don't drop the task", "not not the task"):
        assert responded(made, words, request, reader).plan is None


def test_leaving_everything_out_is_refused(respond: Respond) -> None:
    """Then the answer is no, and the refusal says so."""
    refusal = respond("leave out the task and the opportunity").refusal
    assert refusal is not None
    assert refusal.code == "edit_empty"
    assert "Answer no" in str(refusal.hint)


def test_text_that_cannot_be_seen_is_refused(respond: Respond) -> None:
    """A response is screened as a goal is."""
    refusal = respond("not the task\u202e").refusal
    assert refusal is not None
    assert refusal.code == "goal_unreadable"


def test_one_of_several_alike_is_asked(
    plans: Plans, reader: ResponseReader, memory_org: MemoryOrg, library: Library
) -> None:
    """Two tasks, and ``the task`` could be either; ``the tasks`` are both."""
    two = plans('create a task "Call Ann" and create a task "Mail Bob"').plan
    assert two is not None
    request = PlanningRequest(two.goal, library, memory_org, FakeClock())
    (asked,) = responded(two, "not the task", request, reader).questions
    assert [each.value for each in asked.candidates] == ["a1", "a2"]
    one = responded(two, "not the call", request, reader).plan
    assert one is not None
    assert [each.id for each in one.actions] == ["a2"]
    refusal = responded(two, "not the tasks", request, reader).refusal
    assert refusal is not None
    assert refusal.code == "edit_empty"


def test_a_person_is_looked_up(
    plans: Plans, reader: ResponseReader, memory_org: MemoryOrg, library: Library
) -> None:
    """Who is to own a record is found by name, as a lookup the preview asks again; nobody is made up."""
    deal = plans("assign the Acme Renewal to Carol Chen").plan
    assert deal is not None
    request = PlanningRequest(deal.goal, library, memory_org, FakeClock())
    made = responded(deal, "give it to Bob Baxter instead", request, reader).plan
    assert made is not None
    owner = made.actions[0].arguments["OwnerId"]
    assert isinstance(owner, LookupArgument)
    assert [each.value for each in owner.lookup.where] == ["Bob Baxter"]
    (asked,) = responded(deal, "give it to Zorro Zzz", request, reader).questions
    assert "names no one record" in asked.text


def test_an_action_on_a_hidden_object_goes_by_its_id(
    plan: Plan, reader: ResponseReader, library: Library
) -> None:
    """Nobody knows the words of an object they do not see; ``only`` leaves its action out all the same."""
    hidden = plan.actions[1].model_copy(
        update={
            "id": "a3",
            "blueprint": plan.actions[1].blueprint.model_copy(update={"target_s_object": "Secret"}),
        }
    )
    whole = plan.model_copy(update={"actions": (*plan.actions, hidden)})
    request = PlanningRequest(plan.goal, library, demo_org(), FakeClock())
    for words, left in (("only the task", ["a2"]), ("not a3", ["a1", "a2"])):
        made = responded(whole, words, request, reader).plan
        assert made is not None
        assert [each.id for each in made.actions] == left


def test_a_row_is_left_out_by_its_name(
    plans: Plans, reader: ResponseReader, library: Library
) -> None:
    """The record's id joins the conditions as an exception; its name stays with the preview."""
    many = plans("close every open opportunity of Acme as lost").plan
    assert many is not None
    called = ("Acme Renewal", "Acme Expansion", "Acme Renewal 2")
    rows = [
        effect(f"a1.{at}", f"00600000000000{at}AAA").model_copy(update={"record_name": name})
        for at, name in enumerate(called, 1)
    ]
    request = PlanningRequest(many.goal, library, demo_org(), FakeClock())
    words = "not Acme Renewal 2, and not the Acme Expansion"
    made = responded(many, words, request, reader, preview_made(*rows)).plan
    assert made is not None
    assert made.actions[0].for_each is not None
    assert made.actions[0].for_each.where[-1].value == (
        "006000000000003AAA",
        "006000000000002AAA",
    )
    assert "Expansion" not in made.model_dump_json()


def test_a_plan_with_rows_of_its_own_goes_to_no_model(
    reader: ResponseReader, library: Library
) -> None:
    """A model could only put other rows in their place, so what rules do not understand is refused for good."""
    handed = plan_made(repeated(rows=[{"Id": DEAL}]))
    request = PlanningRequest(handed.goal, library, demo_org(), FakeClock())
    refusal = responded(handed, "paint it green", request, reader).refusal
    assert refusal is not None
    assert refusal.code == "response_unclear_rows"


def test_what_was_understood_is_told_in_words(
    plans: Plans, reader: ResponseReader, library: Library
) -> None:
    """A lookup is told by what it looks for, as a person would say it."""
    deal = plans("assign the Acme Renewal to Carol Chen").plan
    assert deal is not None
    request = PlanningRequest(deal.goal, library, demo_org(), FakeClock())
    notes = responded(deal, "give it to Bob Baxter instead", request, reader).notes
    assert notes == ("Understood: a1.OwnerId is the User with Name = Bob Baxter.",)


@pytest.mark.parametrize("name", ["Opportunity", "Close", "The Close"])
def test_a_records_name_never_stands_for_an_action(
    name: str, plans: Plans, reader: ResponseReader, library: Library
) -> None:
    """Where a record is called what the plan's own actions are called, the person is asked which they mean."""
    many = plans("close every open opportunity of Acme as lost").plan
    assert many is not None
    row = effect("a1.1", "006000000000001AAA").model_copy(update={"record_name": name})
    other = effect("a1.2", "006000000000002AAA")
    request = PlanningRequest(many.goal, library, demo_org(), FakeClock())
    outcome = responded(many, f"not the {name}", request, reader, preview_made(row, other))
    (asked,) = outcome.questions
    assert [each.value for each in asked.candidates] == ["a1.1", "a1"]


def test_a_date_is_for_the_one_date_there_could_be(
    plans: Plans, reader: ResponseReader, library: Library
) -> None:
    """Where the plan holds no date, an input that takes one and is still empty takes it."""
    made = plans("close the Acme Renewal as won and book a follow-up call next Tuesday").plan
    assert made is not None
    request = PlanningRequest(made.goal, library, demo_org(), FakeClock())
    after = responded(made, "not the task, and use 15 December", request, reader)
    assert changes(made, after)["a1.CloseDate"] == "2026-12-15"
    lost = responded(made, "close it as lost", request, reader)
    assert changes(made, lost) == {"a1.StageName": "Closed Lost"}
    both = responded(made, "use closed lost and priority high", request, reader)
    assert changes(made, both) == {"a1.StageName": "Closed Lost", "a2.Priority": "High"}
    rest = responded(made, "not the closing", request, reader).plan
    assert rest is not None
    assert [each.id for each in rest.actions] == ["a2"]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_no_words_raise(words: str) -> None:
    """Whatever is said, the answer is a plan, a question or a refusal."""
    outcome = _hostile(words)
    assert outcome.plan or outcome.questions or outcome.refusal


@given(
    st.lists(
        st.sampled_from(
            [
                "not",
                "the",
                "task",
                "use",
                "15",
                "December",
                ",",
                "and",
                "amount",
                "to",
                "95k",
                "of",
                "leave",
                "out",
                "as",
                "it",
                "is",
                "only",
                '"x"',
                "priority",
                "high",
                "for",
                "a1",
                ".",
            ]
        ),
        max_size=14,
    )
)
def test_no_jumble_of_known_words_raises(said: list[str]) -> None:
    """Fragments in any order end in one of the three answers too."""
    outcome = _hostile(" ".join(said))
    assert outcome.plan or outcome.questions or outcome.refusal


_ORG, _LIBRARY, _READER = demo_org(), load_library(), ResponseReader()
_PLAN = OfflinePlanner().plan(PlanningRequest(GOAL, _LIBRARY, demo_org(), FakeClock())).plan


def _hostile(words: str) -> PlanningOutcome:
    assert _PLAN is not None
    request = PlanningRequest(_PLAN.goal, _LIBRARY, _ORG, FakeClock())
    return responded(_PLAN, words, request, _READER)
