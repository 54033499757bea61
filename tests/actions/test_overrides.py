"""Overrides over a real org: what they produce is vetted, named by the org, and guarded like anything else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

import pytest
from tests.scenario import Rest, confirmed, lookup, previewed, task, win

from actwright import ActionRequest, Actwright, Effect, Implementation, Preview
from actwright.errors import ImplementationError
from actwright.org.effect import FieldChange
from actwright.org.record_id import record_id
from actwright.testing import LocalOrg, ScriptedPlanner

Produce = Callable[[ActionRequest], object]


class Scripted:
    """An override that does what a test tells it to."""

    def __init__(self, produce: Produce) -> None:
        self._produce = produce

    def effects(self, request: ActionRequest) -> Sequence[Effect]:
        """Return what the test wants."""
        return cast("Sequence[Effect]", self._produce(request))


@pytest.fixture
def shown(app: Actwright, deal: str) -> Callable[[Produce], Preview]:
    """Give the preview of closing a deal, the override doing what it is told."""

    def show(produce: Produce) -> Preview:
        override: Implementation = Scripted(produce)
        app.register("UpdateOpportunityStage", override, replace=True)
        return previewed(app, win(name=deal))

    return show


def codes(preview: Preview) -> set[str]:
    """Return the codes of the blocking issues."""
    return {each.code for each in preview.blocked}


def updated(request: ActionRequest, **values: str | int) -> Effect:
    """Return an update of the opportunity the action is about."""
    return request.update("Opportunity", request.arguments["Id"], dict(values))


def broken(request: ActionRequest) -> object:
    """Break down."""
    raise KeyError(request.action_id)


@pytest.mark.parametrize("answer", [None, (), [], "text", [1], [None], {"a": 1}, iter(())])
def test_an_answer_that_is_no_effect_is_an_issue(
    shown: Callable[[Produce], Preview], answer: object
) -> None:
    """Nothing but a sequence of effects counts as an answer."""
    assert codes(shown(lambda _: answer)) == {"implementation_invalid"}


def test_an_override_that_breaks_down_is_an_issue(shown: Callable[[Produce], Preview]) -> None:
    """Its own exception is named, and nobody sees a trace."""
    preview = shown(broken)
    assert "KeyError" in preview.blocked[0].message
    assert preview.effects == ()


def test_an_override_cannot_write_for_another_action(
    shown: Callable[[Produce], Preview],
) -> None:
    """The action an effect belongs to is ours to say."""
    claimed = {"action_id": "other", "id": "other.1", "also_for": ("other",)}
    preview = shown(lambda it: [updated(it, NextStep="x").model_copy(update=claimed)])
    assert preview.blocked == ()
    assert [(each.id, each.action_id, each.also_for) for each in preview.effects] == [
        ("win.1", "win", ())
    ]


def test_an_override_cannot_take_anothers_new_record(
    shown: Callable[[Produce], Preview],
) -> None:
    """A new record is named after the action that makes it, and after no other."""

    def foreign(request: ActionRequest) -> object:
        made = request.create("Task", {"Subject": "x"})
        return [made.model_copy(update={"ref": "other"})]

    assert "not its own" in shown(foreign).blocked[0].message


def test_an_override_may_create_several_records_of_which_one_is_named(
    shown: Callable[[Produce], Preview],
) -> None:
    """Two creates under one name are refused with the way out, which works."""

    def two(request: ActionRequest) -> list[Effect]:
        return [request.create("Task", {"Subject": each}) for each in ("one", "two")]

    def mended(request: ActionRequest) -> list[Effect]:
        first, second = two(request)
        return [first, second.model_copy(update={"ref": None})]

    hint = shown(two).blocked[0].hint
    assert hint is not None
    assert "ref" in hint
    preview = shown(mended)
    assert "implementation_invalid" not in codes(preview)
    assert preview.cost.writes == 2


def test_an_override_passes_the_same_guardrails(
    shown: Callable[[Produce], Preview],
) -> None:
    """Values, fields and objects are judged whoever produced them."""
    assert "enum_not_allowed" in codes(shown(lambda it: [updated(it, StageName="Closed Lost")]))
    assert codes(shown(lambda it: [updated(it, NoSuchField="x")]))
    assert codes(shown(lambda it: [updated(it, IsWon="true")]))


def test_an_override_cannot_delete_behind_ones_back(
    shown: Callable[[Produce], Preview],
) -> None:
    """A delete needs the caller's leave, whatever the blueprint calls itself."""
    preview = shown(lambda it: [it.delete("Opportunity", it.arguments["Id"])])
    assert "delete_not_allowed" in codes(preview)
    assert "DELETE" in preview.question


def test_an_override_cannot_act_by_itself(shown: Callable[[Produce], Preview]) -> None:
    """An opaque effect is refused, since nobody could check it."""
    opaque = {"kind": "opaque"}
    preview = shown(lambda it: [updated(it, NextStep="x").model_copy(update=opaque)])
    assert "effect_unchecked" in codes(preview)


def test_an_override_is_handed_a_reader_that_cannot_write(
    shown: Callable[[Produce], Preview],
) -> None:
    """There is no way to send anything from inside an implementation."""
    seen: list[bool] = []

    def look(request: ActionRequest) -> object:
        seen.append(hasattr(request.reader, "send") or hasattr(request.reader, "refresh"))
        assert request.reader.objects()
        return [updated(request, NextStep="x")]

    assert shown(look).blocked == ()
    assert seen == [False]


def test_the_org_names_what_is_written_not_the_override(
    shown: Callable[[Produce], Preview],
) -> None:
    """Labels, names and before-values that an override makes up are not what the person is asked."""

    def lie(request: ActionRequest) -> object:
        honest = updated(request, Amount=1)
        change = honest.changes[0].model_copy(
            update={"label": "Description", "field": "amount", "before": 5, "before_text": "five"}
        )
        told = {"changes": (change,), "object": "opportunity", "object_label": "Note"}
        return [honest.model_copy(update=told | {"record_name": "something else"})]

    preview = shown(lie)
    assert preview.blocked == ()
    assert "Amount 120,000 -> 1" in preview.question
    for word in ("Description", "Note", "five", "something else"):
        assert word not in preview.question
    assert preview.effects[0].object == "Opportunity"
    assert preview.effects[0].changes[0].field == "Amount"


def test_a_short_id_is_the_same_record(
    shown: Callable[[Produce], Preview], admin: Rest, deal: str
) -> None:
    """An override may name a record by its 15 characters."""
    found = admin.rows(f"SELECT Id FROM Opportunity WHERE Name = '{deal}'")[0]["Id"]
    preview = shown(lambda it: [it.update("Opportunity", found[:15], {"NextStep": "x"})])
    assert preview.blocked == ()
    assert preview.effects[0].record_id == record_id(found)


@pytest.mark.parametrize("wrong", ["", "x", "001000000000001AAA", "../../Account/001"])
def test_an_id_that_is_none_of_the_objects_is_an_issue(
    shown: Callable[[Produce], Preview], wrong: str
) -> None:
    """A malformed id, or one of another object, never reaches the org."""
    preview = shown(lambda it: [it.update("Opportunity", wrong, {"NextStep": "x"})])
    assert codes(preview) == {"record_id_invalid"}
    assert preview.blocked[0].field == "Id"


def test_an_update_without_a_field_or_a_record_is_an_issue(
    shown: Callable[[Produce], Preview],
) -> None:
    """An effect that cannot be carried out is refused at the preview, not at the run."""
    assert codes(shown(lambda it: [updated(it)])) == {"nothing_to_write"}
    no_id = {"record_id": None}
    assert codes(shown(lambda it: [updated(it, NextStep="x").model_copy(update=no_id)])) == {
        "implementation_invalid"
    }
    an_id = {"record_id": "006000000000001AAA"}
    assert codes(
        shown(lambda it: [it.create("Task", {"Subject": "x"}).model_copy(update=an_id)])
    ) == {"implementation_invalid"}


def test_a_field_given_twice_in_two_spellings_is_an_issue(
    shown: Callable[[Produce], Preview],
) -> None:
    """One effect gives one field one value."""

    def twice(request: ActionRequest) -> object:
        honest = updated(request, NextStep="one")
        again = FieldChange(field="NEXTSTEP", label="x", after="two", provenance="default")
        return [honest.model_copy(update={"changes": (*honest.changes, again)})]

    assert codes(shown(twice)) == {"field_written_twice"}


def test_an_override_of_a_hidden_object_is_refused(shown: Callable[[Produce], Preview]) -> None:
    """Describing what is not there is an issue, not a crash."""
    found = codes(shown(lambda it: [it.create("Payroll__c", {"Name": "x"})]))
    assert "object_not_visible" in found


def test_an_override_is_named_all_the_way(app: Actwright, deal: str) -> None:
    """Preview, envelope and journal say who produced the effects."""
    app.register("UpdateOpportunityStage", Scripted(lambda it: [updated(it, NextStep="x")]))
    preview, yes = confirmed(app, win(name=deal), task(WhatId=lookup("Account", "Name", "Acme")))
    assert [each.implementation_kind for each in preview.actions] == ["registered", "standard"]
    envelope = app.run(preview, yes)
    assert envelope.success
    assert envelope.results[0].implementation == f"{Scripted.__module__}:Scripted"


def test_another_version_than_was_shown_is_drift(app: Actwright, deal: str) -> None:
    """The version is part of what was confirmed; with another one nothing is sent."""
    override = Scripted(lambda it: [updated(it, NextStep="x")])
    vars(override)["version"] = "1.0"
    app.register("UpdateOpportunityStage", override)
    preview, yes = confirmed(app, win(name=deal))
    assert preview.actions[0].implementation == f"{Scripted.__module__}:Scripted@1.0"
    vars(override)["version"] = "1.1"
    envelope = app.run(preview, yes)
    assert (envelope.stopped_by, envelope.errors != ()) == ("drift", True)


def test_a_plan_whose_override_cannot_be_used_says_so_and_is_not_previewed(
    shared_org: LocalOrg, deal: str
) -> None:
    """From the settings, so that nothing was imported before; the standard implementation does not take its place."""
    settings = {"actions": {"UpdateOpportunityStage": "no.such:thing"}}
    app = shared_org.as_user(planner=ScriptedPlanner([win(name=deal)]), settings=settings)
    outcome = app.plan("close the deal as won")
    assert outcome.plan is not None
    assert "'no.such:thing' cannot be loaded" in outcome.notes[0]
    with pytest.raises(ImplementationError, match="cannot be loaded"):
        app.preview(outcome.plan)
