"""Effects of generated code on their way into a preview: numbered, named and linked by this house."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from tests.checkpoints.row_scene import deal_org, open_deals, plan_for
from tests.generated_scene import (
    case_blueprint,
    create,
    open_total,
    read,
    request_for,
    small,
    update,
)
from tests.memory_org import FakeClock, MemoryOrg
from tests.scenario import action

from actwright.actions.factory import Factory
from actwright.actions.generated.action import GeneratedAction
from actwright.actions.generated.archive import GeneratedActions
from actwright.actions.generated.choosing import GeneratedChoice
from actwright.canonical import Json
from actwright.checkpoints.limits import Limits
from actwright.checkpoints.resolving.arguments import ArgumentResolver
from actwright.checkpoints.resolving.production import Production, produce
from actwright.checkpoints.resolving.rows import bind
from actwright.checkpoints.resolving.vetting import worked_out
from actwright.errors import ImplementationError
from actwright.org.effect import Effect, FieldChange
from actwright.sandbox import Sandbox

Made = Callable[..., list[Production]]


@pytest.fixture
def made(actions: GeneratedActions, sandbox: Sandbox) -> Made:
    """Return what becomes of one planned action that is carried out by some approved code."""

    def make(code: GeneratedAction, org: MemoryOrg, **more: Json) -> list[Production]:
        actions.add(code)
        actions.approve(code.id, approver="Ann")
        arguments = more.pop("arguments", {})
        assert isinstance(arguments, Mapping)
        entry = code.blueprint.model_dump(mode="json")
        plan = plan_for(action("a", entry, **arguments) | more)
        factory = Factory(generated=GeneratedChoice(actions, sandbox, FakeClock()))
        bound = bind(plan, org, Limits())
        return list(produce(ArgumentResolver(plan, org).resolve(), bound, factory, org))

    return make


def test_the_first_new_record_goes_by_the_action_and_others_by_their_number(
    made: Made, org: MemoryOrg
) -> None:
    """Links lead to the numbers that count, and people read the names the org has."""
    (deal,) = [each for each in org.rows["Opportunity"] if each["Name"] == "Acme Renewal"]
    code = small(
        '    org.update("opportunity", org.query("opportunity", ["Id"], [["Name", "=", "Acme Renewal"]])[0]["Id"],'
        ' {"nextstep": "Call"})\n'
        '    case = org.create("Case", {"Subject": "Broken"})\n'
        '    org.create("Task", {"Subject": "First", "WhatId": case})',
        reads=[read("opportunity", "Name")],
        writes=[
            update("opportunity", "nextstep"),
            create("Case", "Subject"),
            create("Task", "Subject", "WhatId"),
        ],
    )
    (production,) = made(code, org)
    assert production.issues == ()
    changed, case, task = production.effects
    assert (changed.id, changed.object, changed.record_id) == ("a.1", "Opportunity", deal["Id"])
    assert [(each.field, each.label) for each in changed.changes] == [("NextStep", "Next Step")]
    assert [(each.id, each.ref) for each in (case, task)] == [("a.2", "a"), ("a.3", "a#3")]
    link = task.change("WhatId")
    assert link is not None
    assert (link.linked_to, link.after_text) == ("a", "the new Case")


def test_the_code_is_told_the_time_of_the_preview(made: Made, org: MemoryOrg) -> None:
    """Its clock stands where the house's own does."""
    code = small('    org.create("Task", {"Subject": "x", "ActivityDate": date.today()})')
    (production,) = made(code, org)
    change = production.effects[0].change("ActivityDate")
    assert change is not None
    assert change.after == "2026-11-21"


@pytest.mark.parametrize(
    ("zone", "today"), [("Pacific/Auckland", "2026-11-22"), ("Nowhere/Land", "2026-11-21")]
)
def test_today_is_the_person_s_own_day(made: Made, org: MemoryOrg, zone: str, today: str) -> None:
    """At noon in UTC it is tomorrow already in Auckland; where nobody knows the zone, it is UTC."""
    org.user = org.user.model_copy(update={"zone": zone})
    code = small(
        "    now = datetime.fromisoformat('2026-11-21T12:00:00+00:00')\n"
        '    org.create("Task", {"Subject": str(now.astimezone().date()), "ActivityDate": date.today()})'
    )
    (production,) = made(code, org)
    values = {each.field: each.after for each in production.effects[0].changes}
    assert values == {"Subject": today, "ActivityDate": today}


def test_repeated_code_numbers_its_effects_through_and_links_row_by_row(made: Made) -> None:
    """Each row's records link to each other, and to no other row's."""
    org = deal_org()
    org.add(3)
    code = small(
        '    case = org.create("Case", {"Subject": name})\n'
        '    org.create("Task", {"Subject": name, "WhatId": case})',
        inputs={"name": "String"},
        writes=[create("Case", "Subject"), create("Task", "Subject", "WhatId")],
    )
    rows = open_deals()
    (production,) = made(code, org, forEach=rows, arguments={"name": {"from": "row.Name"}})
    assert production.issues == ()
    numbers = [each.id for each in production.effects]
    assert numbers == [f"a.{number}" for number in range(1, len(numbers) + 1)]
    for case, task in zip(production.effects[::2], production.effects[1::2], strict=True):
        link = task.change("WhatId")
        assert link is not None
        assert link.linked_to == case.ref == f"a#{case.id.partition('.')[2]}"


def test_code_that_finds_nothing_to_write_is_an_issue(made: Made, org: MemoryOrg) -> None:
    """Nothing done is no success."""
    (production,) = made(small("    pass"), org)
    assert [each.code for each in production.issues] == ["nothing_to_write"]


def test_an_error_of_the_code_is_an_issue_in_quotation_marks(made: Made, org: MemoryOrg) -> None:
    """What the code says of itself is never taken for words of ours."""
    (production,) = made(small('    raise ValueError("All is well.\\nConfirmed.")'), org)
    (issue,) = production.issues
    assert issue.code == "generated_failed"
    assert "“ValueError: All is well. Confirmed.”" in issue.message or (
        "ValueError: “" in issue.message and "\n" not in issue.message
    )


def test_a_plan_without_approved_code_says_how_each_name_stands(
    actions: GeneratedActions, sandbox: Sandbox
) -> None:
    """Nothing written, waiting, approved, revoked, written for other inputs: five answers of the factory."""
    factory, code = Factory(generated=GeneratedChoice(actions, sandbox, FakeClock())), open_total()
    with pytest.raises(ImplementationError):
        factory.resolve(code.blueprint)
    actions.add(code)
    assert "nobody has approved" in factory.resolve(code.blueprint).withheld
    actions.approve(code.id, approver="Ann")
    chosen = factory.resolve(code.blueprint)
    assert (chosen.kind, chosen.name, chosen.withheld) == ("generated", code.id, "")
    other = case_blueprint(guardrails=[{"type": "SHARING_REQUIRED"}])
    assert "other inputs" in factory.resolve(other).withheld
    actions.revoke(code.id, why="it lies", by="Ben")
    revoked = factory.resolve(code.blueprint)
    assert "Ben revoked it: it lies" in revoked.withheld
    assert revoked.name != code.id


def test_what_is_registered_stands_before_what_was_generated(
    actions: GeneratedActions, sandbox: Sandbox
) -> None:
    """A curated override is never replaced by generated code."""
    actions.add(open_total())
    actions.approve("OpenTotalTask", approver="Ann")
    factory = Factory(generated=GeneratedChoice(actions, sandbox, FakeClock()))

    class Mine:
        """An override."""

        def effects(self, request: object) -> tuple[Effect, ...]:
            """Return nothing."""
            del request
            return ()

    factory.register("OpenTotalTask", Mine())
    assert factory.resolve(open_total().blueprint).kind == "registered"


def test_generated_code_never_stands_in_for_a_standard_implementation(
    actions: GeneratedActions, sandbox: Sandbox
) -> None:
    """Only a CALL is ever carried out by generated code."""
    actions.add(open_total())
    actions.approve("OpenTotalTask", approver="Ann")
    factory = Factory(generated=GeneratedChoice(actions, sandbox, FakeClock()))
    plain = case_blueprint(operation="CREATE", inputs=[{"apiName": "Subject"}])
    assert factory.resolve(plain).kind == "standard"


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        (),
        ("text",),
        (Effect(id="x", action_id="a1", kind="opaque", operation="CALL", object="Task"),),
        (Effect(id="x", action_id="a1", operation="CREATE", object="Task", ref="a1"),),
        (Effect(id="x", action_id="a1", operation="UPDATE", object="Task"),),
        (
            Effect(
                id="x",
                action_id="a1",
                operation="CREATE",
                object="Task",
                ref="a1",
                changes=(
                    FieldChange(
                        field="WhatId",
                        label="x",
                        family="id",
                        linked_to="another",
                        provenance="output",
                    ),
                ),
            ),
        ),
    ],
)
def test_an_answer_that_could_not_be_carried_out_is_refused(answer: object) -> None:
    """The last check holds whatever came before it."""
    with pytest.raises(ImplementationError):
        worked_out(answer, request_for(open_total()), "gen_0")


def test_values_of_generated_code_pass_the_guardrails(made: Made, org: MemoryOrg) -> None:
    """A value that does not fit its field is an issue of that field."""
    code = small('    org.create("Task", {"Subject": "x", "ActivityDate": "soon"})')
    (production,) = made(code, org, arguments={})
    assert [(each.code, each.field) for each in production.issues] == [
        ("value_invalid", "ActivityDate")
    ]


def test_repeated_code_does_not_keep_a_preview_busy_for_ever(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ceiling stands over all rows together: each run has one, and there may be 50,000 of them."""
    monkeypatch.setattr("actwright.checkpoints.resolving.production._PATIENCE", -1.0)
    org = deal_org()
    org.add(3)
    code = small('    org.create("Task", {"Subject": name})', inputs={"name": "String"})
    rows = open_deals()
    (production,) = made(code, org, forEach=rows, arguments={"name": {"from": "row.Name"}})
    assert production.effects == ()
    assert [each.code for each in production.issues] == ["generated_slow"]
    assert "for 0 of" in production.issues[0].message
