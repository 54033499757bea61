"""Production without an org behind it: what an override's failure becomes, and which writes become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from tests.checkpoints.override_effects import ACTS, DEAL, OTHER, TASK, change, effect
from tests.checkpoints.row_scene import DealOrg, deal_org, lost, open_deals, plan_for
from tests.memory_org import MemoryOrg, demo_org
from tests.scenario import action, blueprint, value

from actwright.actions.factory import Factory
from actwright.actions.implementation import ActionRequest
from actwright.blueprints.plan import Plan
from actwright.canonical import Json
from actwright.checkpoints.limits import Limits
from actwright.checkpoints.resolving.arguments import ArgumentResolver
from actwright.checkpoints.resolving.production import Production, merged, produce
from actwright.checkpoints.resolving.rows import bind
from actwright.errors import OrgTimeoutError, RefusedError, ValueInvalidError
from actwright.org.effect import Effect, FieldChange


class Answering:
    """An override that hands out what it was made with, or breaks with it."""

    def __init__(self, answer: object) -> None:
        self._answer = answer

    def effects(self, request: ActionRequest) -> Any:  # noqa: ARG002  the port's
        """Return or raise the answer."""
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def made(plan: Plan, answer: object = None, org: MemoryOrg | None = None) -> list[Production]:
    """Return what becomes of a plan's actions."""
    reader, factory = org or demo_org(), Factory()
    if answer is not None:
        factory.register("CreateTask", Answering(answer))
    return list(produce(ArgumentResolver(plan, reader).resolve(), {}, factory, reader))


def test_what_breaks_in_an_override_is_told_as_its_own_failure() -> None:
    """Its name, the error's kind and words, inert; an error of ours about its answer becomes an issue."""
    plan = plan_for(action("a", TASK, Subject=value("x")))
    (broken,) = made(plan, ValueError("bad\x1b[31m"))
    (issue,) = broken.issues
    assert (issue.action_id, issue.object, issue.field, broken.effects) == ("a", "Task", None, ())
    assert issue.message.endswith("Answering broke down: ValueError: bad[31m")
    (wrong,) = made(plan, effect(record_id=None))
    assert [(each.field, each.object) for each in wrong.issues] == [("Id", "Task")]


def test_an_org_that_cannot_be_asked_is_no_failure_of_the_override() -> None:
    """The error is passed on as it is."""
    with pytest.raises(OrgTimeoutError):
        made(plan_for(action("a", TASK, Subject=value("x"))), OrgTimeoutError("late"))


def test_an_action_waits_for_the_record_of_one_that_is_kept_back() -> None:
    """The issue names the input and the action to mend; what needs nothing of it is produced."""
    account = blueprint("CREATE", "Account", {"apiName": "Name", "required": True})
    about: Mapping[str, Json] = {"apiName": "WhatId", "dataType": "Reference"}
    task = blueprint("CREATE", "Task", "Subject", about)
    plan = plan_for(
        action("acc", account),
        action("t", task, Subject=value("x"), WhatId={"from": "actions.acc.output.id"}),
        action("other", TASK, Subject=value("x")),
    )
    kept, waiting, free = made(plan)
    assert [each.code for each in kept.issues] == ["required_missing"]
    assert [(each.code, each.action_id, each.object, each.field) for each in waiting.issues] == [
        ("dependency_unresolved", "t", "Task", "WhatId")
    ]
    assert waiting.issues[0].hint == "Mend 'acc' first."
    assert (waiting.effects, [each.id for each in free.effects]) == ((), ["other.1"])
    whole = plan_for(
        action("acc", account, Name=value("Hooli")),
        action("t", task, Subject=value("x"), WhatId={"from": "actions.acc.output.id"}),
    )
    assert [each.issues for each in made(whole)] == [(), ()]


def test_a_production_forgets_its_drafts_and_nothing_else() -> None:
    """There may be many effects; who produced them stays."""
    (before,) = made(plan_for(action("a", TASK, Subject=value("x"))))
    after = before.without_drafts()
    assert (len(before.effects), after.effects) == (1, ())
    assert (after.resolved, after.chosen) == (before.resolved, before.chosen)


def own(key: str, *changes: FieldChange, **more: Any) -> Effect:
    """Return an effect of one action."""
    return effect(*changes, id=f"{key}.1", action_id=key, **more)


def test_writes_to_one_record_become_one_of_all_their_actions() -> None:
    """The first one's fields come first, a value given twice alike is one, and other records stay apart."""
    first, second = own("a", change("A")), own("b", change("a"), change("B"))
    found = merged([first, own("c", record_id=OTHER), second, own("d", change("D"))])
    assert [(each.id, each.also_for) for each in found] == [("a.1", ("b", "d")), ("c.1", ())]
    assert [each.field for each in found[0].changes] == ["A", "B", "D"]


def test_new_records_and_overrides_are_never_brought_together() -> None:
    """Two creates are two records, and what acts by itself is no write."""
    new = [own(key, operation="CREATE", record_id=None) for key in ("a", "b")]
    acts = [ACTS.model_copy(update={"id": f"{key}.1", "record_id": DEAL}) for key in ("c", "d")]
    assert merged([*new, *acts, own("e")]) == (*new, *acts, own("e"))


def test_writes_that_contradict_each_other_are_refused_by_the_second_ones_place() -> None:
    """Another value, or another link; the error names the field's label and both actions."""
    first = own("a", change("Amount", label="Deal Size"))
    linked = change("Amount", label="Deal Size", after=None, linked_to="z", family="id")
    for other in (change("Amount", label="Deal Size", after="y"), linked):
        with pytest.raises(RefusedError, match="'a' and 'b' give Deal Size different") as caught:
            merged([first, own("b", other)])
        assert (caught.value.error_code, caught.value.where) == ("field_written_twice", "b.1.Amount")  # fmt: skip


@pytest.mark.parametrize("operations", [("UPDATE", "DELETE"), ("DELETE", "DELETE")])
def test_what_cannot_be_one_write_is_refused_by_the_records_name(
    operations: tuple[str, str],
) -> None:
    """Its name, else its id."""
    first, second = (own(key, operation=each) for key, each in zip("ab", operations, strict=True))
    with pytest.raises(RefusedError, match=f"write to opportunity {DEAL}, and") as caught:
        merged([first, second])
    assert (caught.value.error_code, caught.value.where) == ("record_written_twice", "b.1")
    named = first.model_copy(update={"record_name": "Acme"})
    with pytest.raises(RefusedError, match="write to opportunity Acme, and"):
        merged([named, second])


class Picky:
    """An override that takes only some of the rows, and makes a task for each."""

    def effects(self, request: ActionRequest) -> Sequence[Effect]:
        """Return the task, or refuse the row."""
        about = request.arguments["WhatId"]
        if about.text in {"Deal 1", "Deal 3"}:
            raise ValueInvalidError("Not this one.", where="a.Subject", hint="Skip it.")
        return [request.create("Task", {"Subject": "Call", "WhatId": about})]


def by_rows(org: DealOrg, *, picky: bool) -> Production:
    """Return what becomes of an action that makes a task for each deal."""
    what: Mapping[str, Json] = {"apiName": "WhatId", "dataType": "Reference"}
    task = action("a", blueprint("CREATE", "Task", what, "Subject"), WhatId={"from": "row.Id"})
    plan = plan_for(task | {"forEach": open_deals()})
    factory = Factory()
    if picky:
        factory.register("CreateTask", Picky())
    bindings = bind(plan, org, Limits())
    (found,) = produce(ArgumentResolver(plan, org).resolve(), bindings, factory, org)
    return found


def test_rows_an_override_refuses_are_counted_and_keep_all_back() -> None:
    """The first is told by its name and field; those behind it are tried all the same."""
    org = deal_org()
    keys = org.add(4)
    found = by_rows(org, picky=True)
    (told,) = found.issues
    assert (found.effects, told.field, told.record_id) == ((), "Subject", keys[0])
    assert told.message == "Deal 1: Not this one. And 1 more row has the same fault."


def test_what_each_row_gave_is_kept_by_the_effect_it_made() -> None:
    """A new record has no id yet; where the rows are changed themselves, it is the record's."""
    org = deal_org()
    keys = org.add(2)
    found = by_rows(org, picky=False)
    assert found.issues == ()
    assert found.given == {"a.1": {"WhatId": keys[0]}, "a.2": {"WhatId": keys[1]}}
    plan = plan_for(lost(open_deals()))
    resolved = ArgumentResolver(plan, org).resolve()
    (changed,) = produce(resolved, bind(plan, org, Limits()), Factory(), org)
    assert changed.given == {each: {"Id": each} for each in keys}
