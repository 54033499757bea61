"""What a goal forbids is read from its words, the wider reading first, and held against every write."""

from __future__ import annotations

import time

import pytest
from tests.memory_org import demo_schemas
from tests.model_replies import Document, action, literal, named, plan, reply, where

from actwright.blueprints.blueprint import Operation
from actwright.errors import ModelReplyError
from actwright.org.query import JsonScalar
from actwright.org.schema import ObjectSummary
from actwright.planning.bounds.forbidding import Forbidding, Write
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.objects import ObjectIndex

OBJECTS = ObjectIndex(
    ObjectSummary(
        each.name,
        each.label,
        each.label_plural,
        each.key_prefix,
        each.createable,
        each.updateable,
        each.deletable,
        each.queryable,
        each.custom,
    )
    for each in demo_schemas().values()
)
DEAL: dict[str, JsonScalar] = {"Amount": 5, "StageName": "Closed Won"}


def broken(
    goal: str,
    operation: Operation = "UPDATE",
    name: str = "Opportunity",
    fields: dict[str, JsonScalar] | None = None,
    records: tuple[str, ...] = ("Acme Renewal",),
) -> list[str]:
    """Return what a write breaks of a goal."""
    index = FieldIndex(demo_schemas()[name])
    write = Write(operation, DEAL if fields is None else fields, index, records)
    return list(Forbidding(goal, OBJECTS).broken(write))


@pytest.mark.parametrize(
    "goal",
    [
        "Close the Acme Renewal as won, but do not touch the amount",
        "Close the Acme Renewal as won. Don't change its amount.",
        "leave the amount alone and close the Acme Renewal as won",
        "keep the amount as it is, close the Acme Renewal as won",
        "close the Acme Renewal as won without changing the amount",
        "update everything except the amount",
        "close it as won and never touch the close date, the amount or the owner",
        "Do not touch the Acme Renewal",
        "don't change the opportunity",
        "close the Beta deal, but do not win the Acme Renewal",
        "close the Acme Renewal as won, the amount must not change",
        "close the Acme Renewal as won and the amount must not be touched",
        "close it as won. The amount, the owner and the close date shouldn't be changed",
        "close the Acme Renewal as won, the amount stays as it is",
        "close the Acme Renewal as won; avoid changing the amount",
        "close the Acme Renewal as won, hands off the amount",
        "close the Acme Renewal as won, no change to the amount",
        "close the Acme Renewal as won; not the amount",
        "close the Acme Renewal as won instead of changing the amount",
        "close the Acme Renewal as won, nobody may touch the amount",
        "close the Acme Renewal as lost, not won",
        "the Acme Renewal must not be closed",
    ],
)
def test_a_forbidden_write_is_named(goal: str) -> None:
    """The field, the the object or the state must stay as it is."""
    assert broken(goal)


@pytest.mark.parametrize(
    ("goal", "operation", "name"),
    [
        ("close it without creating a task", "CREATE", "Task"),
        ("do not create any task", "CREATE", "Task"),
        ("clean up the cases but don't delete anything", "DELETE", "Case"),
        ("never delete a case", "DELETE", "Case"),
        ("close it as won, no follow-up task please", "CREATE", "Task"),
        ("close it as won without a task", "CREATE", "Task"),
        ("close it as won instead of creating a task", "CREATE", "Task"),
        ("close it as won; a task must not be created", "CREATE", "Task"),
        ("close it as won, the case cannot be deleted", "DELETE", "Case"),
    ],
)
def test_a_forbidden_kind_of_action_is_named(goal: str, operation: Operation, name: str) -> None:
    """Creating and deleting can be forbidden for one object, or at all."""
    assert broken(goal, operation, name, {})


@pytest.mark.parametrize(
    "goal",
    [
        "Close the Acme Renewal as won and set the amount to 5",
        "Don't forget to set the amount of the Acme Renewal",
        "do not touch the owner, set the amount to 5",
        'Set the description to "do not touch the amount"',
        "do not create a task; set the amount to 5",
        "keep the amount of 5 and close it",
        "not later than Friday, set the amount",
        "close the Acme Renewal as won, not lost",
        "the customer cannot be reached: set the amount to 5",
        "set the amount to 5 and the owner must not change",
        "close it as won and set the amount to 5, no task please",
        "close the deal with no tasks as won and set the amount to 5",
    ],
)
def test_what_is_not_forbidden_passes(goal: str) -> None:
    """Quoted words, other fields, other clauses and figures of speech forbid nothing."""
    assert broken(goal) == []


def test_a_plan_that_does_what_the_goal_forbids_is_sent_back_and_never_made() -> None:
    """A model that insists gets an error, not its way."""
    document = reply(
        action(
            "derived.opportunity.update",
            named("Id", "Opportunity", "Acme Renewal"),
            literal("StageName", "Closed Won"),
            literal("Amount", "1"),
        )
    )
    with pytest.raises(ModelReplyError) as error:
        plan(
            "Close the Acme Renewal as won, but do not touch the amount",
            answering=lambda _: document,
        )
    assert "Opportunity.Amount must not be written" in error.value.message


def test_rows_by_a_condition_may_not_reach_a_record_that_is_forbidden() -> None:
    """Repeating over the rows of an account nobody may touch is forbidden too."""
    rows: Document = {"object": "Case", "where": [where("Account.Name", "Initech")], "limit": 5}
    document = reply(action("derived.case.update", literal("Priority", "High"), forEach=rows))
    with pytest.raises(ModelReplyError):
        plan(
            "Raise the priority of the cases of Acme to High, but do not touch Initech",
            answering=lambda _: document,
        )


@pytest.mark.parametrize(
    "goal",
    [
        "Close the Acme Renewal as won and change nothing else",
        "Close the Acme Renewal as won, leave everything else as it is",
        "Close the Acme Renewal as won and don't touch anything else",
        "Only change the stage of the Acme Renewal to Closed Won",
    ],
)
def test_where_nothing_else_may_change_no_value_of_the_models_own_is_written(goal: str) -> None:
    """What the goal does not say is not written, and what it says is."""
    said = [named("Id", "Opportunity", "Acme Renewal"), literal("StageName", "Closed Won")]
    more = reply(action("derived.opportunity.update", *said, literal("Amount", "1")))
    with pytest.raises(ModelReplyError) as error:
        plan(goal, answering=lambda _: more)
    assert "Amount, whose value it does not say" in error.value.message
    planned = plan(goal, reply(action("derived.opportunity.update", *said)))
    assert planned.outcome.plan is not None


@pytest.mark.parametrize(
    "words",
    [
        "must not be changed ",
        "stays as ",
        "don't ",
        "don't, , , ",
        "instead of ",
        "no ",
        ", ",
        "close and must not be changed ",
    ],
)
def test_a_goal_of_nothing_but_negations_is_read_soon_and_forbids(words: str) -> None:
    """Time does not grow with the square of a goal's length, and what cannot be told apart is forbidden."""
    begun = time.perf_counter()
    found = broken(f"don't touch the amount {words * (20_000 // len(words))}"[:20_000])
    assert found
    assert time.perf_counter() - begun < 3


def test_somebody_who_cannot_log_in_forbids_no_case() -> None:
    """``cannot log in`` is what a case is about; ``cannot log a call`` still forbids one."""
    case: dict[str, JsonScalar] = {"Subject": "cannot log in"}
    goal = "create a case for Acme: cannot log in, low priority"
    assert broken(goal, "CREATE", "Case", case, ()) == []
    call: dict[str, JsonScalar] = {"Subject": "Call"}
    assert broken("close Acme Renewal as won; nobody can log a task", "CREATE", "Task", call, ())
