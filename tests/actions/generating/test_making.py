"""What a plan needs is written once, kept, and told; only what passed can ever be approved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.actions.generating.recipes import told
from tests.actions.generating.replies import reply
from tests.actions.generating.worded import answering, in_words
from tests.memory_org import FakeClock, MemoryOrg

from actwright.actions.generated.archive import GeneratedActions
from actwright.actions.generating.generator import Check, Draft, Wanted
from actwright.actions.generating.making import ActionWriter, is_generated
from actwright.actions.generating.pipeline import Pipeline
from actwright.actions.generating.template_generator import TemplateGenerator
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.plan import Plan, PlannedAction, PlannerInfo
from actwright.errors import ImplementationError, InputError, RefusedError
from actwright.sandbox import Sandbox
from actwright.store.opening import open_database


@dataclass(frozen=True)
class Spoilt:
    """Writes what the template writes, with one thing changed."""

    old: str
    new: str

    def generate(self, wanted: Wanted, check: Check) -> Draft:
        """Return the changed draft, whatever the check finds."""
        draft = TemplateGenerator().generate(wanted, check)
        return replace(draft, code=draft.code.replace(self.old, self.new))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[GeneratedActions]:
    """Give the generated actions of an empty store."""
    database = open_database(tmp_path / "actwright.db")
    yield GeneratedActions(database, FakeClock())
    database.close()


def planned(blueprint: ActionBlueprint) -> Plan:
    """Return a plan of one action whose input has no value."""
    action = PlannedAction(id="a1", blueprint=blueprint)
    return Plan(goal="x", actions=(action,), planner=PlannerInfo(kind="offline"))


def test_the_same_logic_is_written_once(
    sandbox: Sandbox, org: MemoryOrg, archive: GeneratedActions
) -> None:
    """The first plan has it written; every other one finds it, and an approval holds for them all."""
    writer = ActionWriter(archive, sandbox)
    plan = planned(told("sum", "Amount").blueprint)
    (first,) = writer.make_for(plan, org)
    (again,) = writer.make_for(plan, org)
    assert (first.fresh, again.fresh) == (True, False)
    assert first.version.action.id == again.version.action.id
    archive.approve(first.version.action.id, approver="Dana")
    (approved,) = writer.make_for(plan, org)
    assert approved.version.standing == "approved"


def test_what_was_revoked_is_written_anew_and_waits(
    sandbox: Sandbox, org: MemoryOrg, archive: GeneratedActions
) -> None:
    """A revoked version is not offered again as if nothing had happened."""
    writer = ActionWriter(archive, sandbox)
    plan = planned(told("sum", "Amount").blueprint)
    (made,) = writer.make_for(plan, org)
    archive.revoke(made.version.action.id, why="wrong", by="Dana")
    (again,) = writer.make_for(plan, org)
    assert again.version.standing == "revoked"


@pytest.mark.parametrize(
    ("spoilt", "found"),
    [
        (Spoilt("Decimal(0)", "Decimal(1)"), "test rows that fit among others"),
        (Spoilt("sum(figure_values", "eval(figure_values"), "eval is not available"),
        (Spoilt('["IsClosed", "=", False]', '["IsWon", "=", False]'), "test rows that fit"),
        (Spoilt("    org.create(", "    return\n    org.create("), "handed out nothing"),
    ],
    ids=["wrong", "banned", "undeclared", "nothing"],
)
def test_code_that_fails_can_never_be_approved(
    spoilt: Spoilt, found: str, sandbox: Sandbox, org: MemoryOrg, archive: GeneratedActions
) -> None:
    """The review says what was found, and the store refuses an approval."""
    made = Pipeline(spoilt, sandbox, org).make(told("sum", "Amount"))
    assert any(found in each for each in made.review.faults), made.review.faults
    archive.add(made)
    with pytest.raises(RefusedError):
        archive.approve(made.id, approver="Dana")


def test_a_draft_that_is_no_action_is_an_error(sandbox: Sandbox, org: MemoryOrg) -> None:
    """Without code there is nothing to review."""
    wanted = told("sum", "Amount")
    code = TemplateGenerator().generate(wanted, lambda _: ()).code
    with pytest.raises(ImplementationError, match="is no action"):
        Pipeline(Spoilt(code, ""), sandbox, org).make(wanted)


def test_words_need_a_model(sandbox: Sandbox, org: MemoryOrg, archive: GeneratedActions) -> None:
    """Logic in words is written by the model where one is set up; without it the error says what to do."""
    plan = planned(in_words().blueprint)
    with pytest.raises(InputError, match="no model") as caught:
        ActionWriter(archive, sandbox).make_for(plan, org)
    assert caught.value.hint is not None
    generator, chat = answering(
        reply(
            reads=[
                {"object": "Account", "fields": ["OwnerId"]},
                {"object": "Case", "fields": ["AccountId", "IsClosed"]},
            ]
        )
    )
    (made,) = ActionWriter(archive, sandbox, generator).make_for(plan, org)
    assert made.version.action.origin == "model"
    assert '"object": "Task"' in chat.sent()


def test_other_calls_are_left_alone() -> None:
    """A CALL of a service or of a registered override is nobody's to write."""
    service = ActionBlueprint(name="Notify", operation="CALL", target="slack")
    assert not is_generated(service)
    assert is_generated(told("sum", "Amount").blueprint)
    assert is_generated(in_words().blueprint)
