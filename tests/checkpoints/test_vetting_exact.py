"""Vetting without an org behind it: what an override's answer becomes, and why it is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from tests.checkpoints.override_effects import ACTS, DEAL, OTHER, TASK, change, effect
from tests.checkpoints.row_scene import plan_for
from tests.memory_org import demo_org
from tests.scenario import action, value

from actwright.actions.implementation import ActionRequest, ResolvedArgument
from actwright.checkpoints.resolving.vetting import promised, vetted
from actwright.errors import ImplementationError, RecordIdError


def request(**arguments: ResolvedArgument) -> ActionRequest:
    """Return what the override was handed."""
    planned = plan_for(action("a", TASK, Subject=value("x"))).actions[0]
    return ActionRequest("a", planned.blueprint, arguments, demo_org())


def given(name: str, held: str | None = None, **more: Any) -> ResolvedArgument:
    """Return an argument of the action."""
    return ResolvedArgument.model_validate(
        {"input": name, "value": held, "provenance": "goal", **more}
    )


def refusal(*answer: object) -> ImplementationError:
    """Return why an answer is refused."""
    with pytest.raises(ImplementationError) as caught:
        vetted(list(answer), request(), "Mine")
    return caught.value


def test_an_answer_becomes_the_actions_own() -> None:
    """Ids are counted from one, names and labels are the schema's, and nothing that is ours to fill in is believed."""
    claimed = effect(
        change("nextstep", label="Nice", before="y", before_text="Y", after_text="X"),
        also_for=("b",),
        version="2026-01-01T00:00:00Z",
        record_name="Somebody",
        record_id=DEAL[:15],
    )
    (made,) = vetted(claimed, request(), "Mine")
    assert (made.id, made.action_id, made.also_for, made.version) == ("a.1", "a", (), None)
    assert (made.object, made.object_label, made.record_id) == ("Opportunity", "Opportunity", DEAL)
    assert made.record_name is None
    (only,) = made.changes
    assert (only.field, only.label) == ("NextStep", "Next Step")
    assert (only.before, only.before_text, only.after_text) == (None, None, None)
    assert (only.provenance, only.source) == ("default", "the override")


def test_effects_are_numbered_through_from_where_they_are_told_to() -> None:
    """A repeated action's second row goes on where the first one stopped."""
    made = vetted((effect(), effect(record_id=OTHER)), request(), "Mine", first=7)
    assert [each.id for each in made] == ["a.7", "a.8"]


def test_only_one_new_record_can_be_linked_to() -> None:
    """Where nobody could tell which, the name others would link by is taken away."""
    created = effect(operation="CREATE", record_id=None, ref="a")
    assert vetted(created, request(), "Mine")[0].ref == "a"
    assert vetted(created, request(), "Mine", linkable=False)[0].ref is None


@pytest.mark.parametrize(
    ("answer", "words", "code", "where"),
    [
        ([], "something that is no effect", "implementation", "a"),
        ([effect(), "text"], "something that is no effect", "implementation", "a"),
        ([effect(kind="opaque")], "no write to a record", "effect_unchecked", "a"),
        ([effect(operation="CALL")], "no write to a record", "effect_unchecked", "a"),
        ([effect(promises=("Acts.",))], "no write to a record", "effect_unchecked", "a"),
        ([effect(operation="CREATE", record_id=None, ref="b")], "not its own", "implementation", "a"),
        ([effect(operation="CREATE", record_id=None, ref="a")] * 2, "2 records", "implementation", "a"),
        ([effect(record_id=None)], "UPDATE needs record id", "implementation", "a.Id"),
        ([effect(operation="DELETE", record_id=None)], "DELETE needs record id", "implementation", "a.Id"),
        ([effect(operation="CREATE")], "CREATE takes no record id", "implementation", "a.Id"),
        ([effect(change("NextStep"), change("nextstep"))], "two values", "field_written_twice", "a.NextStep"),
    ],
)  # fmt: skip
def test_what_cannot_be_carried_out_is_refused(
    answer: Sequence[object], words: str, code: str, where: str
) -> None:
    """The error names the action and, where there is one, the field."""
    error = refusal(*answer)
    assert words in error.message
    assert (error.error_code.removesuffix("_invalid"), error.where) == (code, where)


def test_an_effect_that_writes_nothing_is_refused_unless_it_deletes() -> None:
    """A delete needs no values; an upsert may have an id or none."""
    empty = effect().model_copy(update={"changes": ()})
    assert refusal(empty).error_code == "nothing_to_write"
    gone = empty.model_copy(update={"operation": "DELETE"})
    assert vetted(gone, request(), "Mine")[0].operation == "DELETE"
    for record in (None, DEAL):
        upsert = effect(operation="UPSERT", record_id=record, key_field="Name")
        assert vetted(upsert, request(), "Mine")[0].record_id == record


def test_a_record_of_another_object_is_refused() -> None:
    """The schema's prefix decides; of an object nobody sees the id is left to the guardrails."""
    with pytest.raises(RecordIdError) as caught:
        vetted(effect(record_id="001000000000001AAA"), request(), "Mine")
    assert caught.value.where == "a.Id"
    hidden = effect(object="Secret", record_id="not an id")
    assert vetted(hidden, request(), "Mine")[0].record_id == "not an id"


def test_a_record_is_called_by_the_argument_that_holds_its_id() -> None:
    """The first of them that has a name; another record's name does not count, nor any for a new record."""
    arguments = {
        "Other": given("Other", OTHER, text="Not this"),
        "Plain": given("Plain", DEAL),
        "Id": given("Id", DEAL, text="Acme"),
    }
    (made,) = vetted(effect(), request(**arguments), "Mine")
    assert made.record_name == "Acme"
    new = effect(operation="CREATE", record_id=None)
    empty = request(Owner=given("Owner", None, text="Nobody"))
    assert vetted(new, empty, "Mine")[0].record_name is None


@pytest.mark.parametrize(
    ("claimed", "kept"),
    [
        ({}, True),
        ({"after": "other"}, False),
        ({"provenance": "data"}, False),
        ({"source": "elsewhere"}, False),
        ({"linked_to": "b"}, False),
        ({"family": "integer", "after": 5}, False),
    ],
)
def test_a_provenance_is_kept_only_where_all_of_it_is_an_arguments(
    claimed: Mapping[str, Any], *, kept: bool
) -> None:
    """Value, provenance, source and link must all be the argument's; a value of another kind is none of it."""
    own = given("NextStep", "x", source="words", text="Ex")
    (made,) = vetted(
        effect(change(**{"source": "words", **claimed})), request(NextStep=own), "Mine"
    )
    assert (made.changes[0].provenance == own.provenance) is kept
    assert made.changes[0].after_text is None


def test_a_link_keeps_the_name_of_the_record_to_be() -> None:
    """Only what does not exist yet has its name from us."""
    own = given("WhatId", family="id", linked_to="b", text="the new Account", provenance="output")
    linked = change("WhatId", family="id", after=None, linked_to="b", provenance="output")
    (made,) = vetted(effect(linked), request(WhatId=own), "Mine")
    assert made.changes[0].after_text == "the new Account"


def test_a_look_alike_of_a_field_is_not_called_as_the_field_is() -> None:
    """A name outside ASCII stays what the override wrote, so that a guardrail refuses it."""
    (made,) = vetted(effect(change("Pricebook2Id".replace("k", "\u212a"))), request(), "Mine")
    assert made.changes[0].field == "Priceboo\u212a2Id"


def test_a_promise_is_exactly_one_effect_that_acts_by_itself() -> None:
    """Anything else is nothing anybody can read."""
    assert promised((ACTS,), request(), "Mine") == (ACTS,)
    for answer in ([ACTS], (ACTS, ACTS), (), (effect(),), ("text",), None):
        with pytest.raises(ImplementationError, match="nobody can read") as caught:
            promised(answer, request(), "Mine")
        assert caught.value.where == "a"
