"""Ways around the person who reviews generated code: none of them makes code count that nobody has looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.generated_scene import PASSED, SUMMED, case_blueprint, open_total, read
from tests.memory_org import FakeClock, demo_org

from actwright.actions.factory import Factory
from actwright.actions.generated.action import GeneratedAction
from actwright.actions.generated.archive import GeneratedActions
from actwright.actions.generated.capability import FieldsOf, WritesOf
from actwright.actions.generated.choosing import GeneratedChoice
from actwright.actions.generated.implementation import GeneratedImplementation
from actwright.actions.generated.promotion import MANIFEST, promote
from actwright.actions.generated.trial import ReviewFinding, ReviewResult
from actwright.calls.generating import GeneratedCalls
from actwright.checkpoints.credentials.approvers import Approvers
from actwright.errors import (
    ConfirmationForeignError,
    ImplementationError,
    RefusedError,
)
from actwright.guardrails.policy.approval import ApprovalNeed
from actwright.sandbox import Sandbox
from actwright.store.database import Database
from actwright.store.opening import open_database


@dataclass
class House:
    """One store, asked from the local org and from another one."""

    database: Database
    sandbox: Sandbox

    @property
    def actions(self) -> GeneratedActions:
        """The archive."""
        return GeneratedActions(self.database, FakeClock())

    def calls(self, *, local: bool) -> GeneratedCalls:
        """Return what a person does, on the local org or away from it."""
        approvers = Approvers(self.database, FakeClock())
        return GeneratedCalls(
            self.actions, self.sandbox, demo_org, approvers, ApprovalNeed, local=local
        )

    def factory(self, *, local: bool) -> Factory:
        """Return the factory, on the local org or away from it."""
        choice = GeneratedChoice(self.actions, self.sandbox, FakeClock(), unattended=local)
        return Factory(generated=choice)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Give an empty store with a sandbox nobody starts."""
    database = open_database(tmp_path / "actwright.db")
    with Sandbox(workers=1) as sandbox:
        yield House(database, sandbox)
    database.close()


@pytest.mark.parametrize(
    "name", ["unattended", " Unattended ", "\uff35nattended", "un\u0430ttended", "un attended"]
)
def test_an_approval_nobody_gave_counts_on_the_local_org_only(house: House, name: str) -> None:
    """Saying --yes on the local org first opens no way to another org from the same store."""
    action = open_total(tests=(SUMMED,))
    house.actions.add(action)
    house.calls(local=True).approve(action.id, approver=name)
    assert house.factory(local=True).resolve(action.blueprint).withheld == ""
    away = house.factory(local=False).resolve(action.blueprint)
    assert away.name == f"{action.id} (unattended)"
    assert "local org" in away.withheld
    with pytest.raises(ConfirmationForeignError):
        house.calls(local=False).approve(action.id, approver=name)
    house.calls(local=False).approve(action.id, approver="Ann")
    assert house.factory(local=False).resolve(action.blueprint).withheld == ""


def test_an_older_version_somebody_approved_is_used_away_from_the_local_org(house: House) -> None:
    """The newest one that counts there, not the newest one."""
    first, second = open_total(), open_total(f"{open_total().code}# more\n")
    house.actions.add(first)
    house.actions.add(second)
    house.actions.approve(first.id, approver="Ann")
    house.actions.approve(second.id, approver="unattended", unattended=True)
    assert house.factory(local=True).resolve(first.blueprint).name == second.id
    assert house.factory(local=False).resolve(first.blueprint).name == first.id


def test_what_nobody_approved_is_not_promoted(house: House, tmp_path: Path) -> None:
    """A curated override counts on every org: it takes a person."""
    action = open_total()
    house.actions.add(action)
    calls = house.calls(local=True)
    house.actions.approve(action.id, approver="unattended", unattended=True)
    with pytest.raises(RefusedError, match="without asking anybody"):
        calls.promote(action.id, tmp_path / "mine", by="bot")
    assert not (tmp_path / "mine").exists()


def test_revoking_counts_for_what_was_promoted_too(house: House) -> None:
    """The files of the project still name it; the store knows better, and says who took it back."""
    action = open_total()
    factory = house.factory(local=False)
    factory.register(action.name, GeneratedImplementation(action, house.sandbox))
    assert factory.resolve(action.blueprint).withheld == ""
    house.actions.add(action)
    house.actions.approve(action.id, approver="Ann")
    assert factory.resolve(action.blueprint).withheld == ""
    house.actions.revoke(action.id, why="counts twice", by="Bo")
    revoked = factory.resolve(action.blueprint)
    assert (revoked.kind, revoked.withheld) == (
        "generated",
        f"{action.name} was generated, and Bo revoked it: counts twice",
    )


def test_an_approval_does_not_overtake_a_revocation_nobody_saw(house: House) -> None:
    """Who was shown the card before somebody revoked it has to look again; then it may be approved."""
    action = open_total()
    seen = house.actions.add(action)
    house.actions.approve(action.id, approver="Ann")
    (revoked,) = house.actions.revoke(action.id, why="wrong sum", by="Bo")
    with pytest.raises(RefusedError, match="revoked by Bo: wrong sum"):
        house.actions.approve(action.id, approver="Ann", seen=seen)
    with pytest.raises(RefusedError, match="revoked by Bo"):
        house.actions.approve(action.id, approver="unattended", unattended=True)
    assert house.actions.get(action.id).standing == "revoked"
    approved = house.actions.approve(action.id, approver="Ann", seen=revoked)
    assert approved.standing == "approved"


def test_a_review_that_failed_for_a_passing_reason_is_no_dead_end(house: House) -> None:
    """The very same code, written again and found sound, can be approved; what passed once is not replaced."""
    failed = open_total(review=ReviewResult(findings=(ReviewFinding(code="x", message="busy"),)))
    house.actions.add(failed)
    with pytest.raises(RefusedError, match="did not pass"):
        house.actions.approve(failed.id, approver="Ann")
    again = house.actions.add(open_total(review=PASSED))
    assert (again.version, again.action.id) == (1, failed.id)
    assert house.actions.approve(failed.id, approver="Ann").standing == "approved"
    assert house.actions.add(failed).action.review.passed


def test_a_name_that_looks_like_an_id_is_found(house: House) -> None:
    """The name of a blueprint may begin as ids do."""
    action = open_total(blueprint=case_blueprint(name="gen_report"))
    house.actions.add(action)
    assert house.actions.get("gen_report").action.id == action.id
    assert house.actions.get(action.id).action.name == "gen_report"


def test_code_written_after_words_does_not_stand_behind_other_words(house: House) -> None:
    """Where the logic is said in words only, an approval holds for code that was written after just these."""

    def worded(summary: str, **more: object) -> GeneratedAction:
        blueprint = case_blueprint(category="GENERATED", summary=summary, **more)
        return open_total(blueprint=blueprint)

    action, other = worded("Sum up what is open."), worded("Sum up what was lost.")
    assert action.id != other.id
    assert action.id == worded("Sum up what is open.", label="Otherwise called").id
    house.actions.add(action)
    house.actions.approve(action.id, approver="Ann")
    assert house.factory(local=False).resolve(action.blueprint).withheld == ""
    assert "other inputs" in house.factory(local=False).resolve(other.blueprint).withheld


@pytest.mark.parametrize("taken", ["OpenTotalTask.py", "OpenTotalTask.json"])
def test_a_promotion_writes_over_no_file_of_the_project(tmp_path: Path, taken: str) -> None:
    """The name of an action may be that of a module somebody wrote."""
    (tmp_path / taken).write_text("{}", encoding="utf-8")
    with pytest.raises(ImplementationError, match="is there already"):
        promote(open_total(), tmp_path)
    assert (tmp_path / taken).read_text(encoding="utf-8") == "{}"
    assert not (tmp_path / MANIFEST).exists()


def test_a_promotion_follows_no_link_and_replaces_its_own_older_version(tmp_path: Path) -> None:
    """A link that leads nowhere yet is taken as well; files of an earlier version are not."""
    folder, beyond = tmp_path / "mine", tmp_path / "beyond.py"
    folder.mkdir()
    (folder / "OpenTotalTask.py").symlink_to(beyond)
    with pytest.raises(ImplementationError, match="is there already"):
        promote(open_total(), folder)
    assert not beyond.exists()
    (folder / "OpenTotalTask.py").unlink()
    promote(open_total(), folder)
    (folder / MANIFEST).unlink()
    newer = open_total(f"{open_total().code}# newer\n")
    code, _ = promote(newer, folder).files
    assert code.read_text(encoding="utf-8") == newer.code


def test_no_field_is_declared_under_two_spellings() -> None:
    """An org takes no notice of case: a field held opaque under one spelling would be seen under the other."""
    with pytest.raises(ValueError, match="declared twice"):
        FieldsOf(object="Contact", fields=("Email", "email"), opaque=("Email",))
    with pytest.raises(ValueError, match="declared twice"):
        WritesOf(operation="CREATE", object="Task", fields=("Subject", "SUBJECT"))
    with pytest.raises(ValueError, match="declared twice"):
        open_total(reads=(read("Contact", "Email"), read("contact", "Email")))


def test_a_yes_and_a_revocation_in_one_moment_are_not_both_counted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is decided between the look at a version and the yes to it is found in the transaction of the yes."""
    action, actions = open_total(), house.actions
    before = actions.add(action)
    house.actions.revoke(action.id, why="wrong", by="Bo")
    monkeypatch.setattr(actions, "get", lambda _reference: before)
    with pytest.raises(RefusedError, match="in this very moment"):
        actions.approve(action.id, approver="Ann")
    assert house.actions.get(action.id).standing == "revoked"
