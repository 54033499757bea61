"""The archive: versions by name, decisions by digest, and which version may be used."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.generated_scene import case_blueprint, create, open_total, read

from actwright.actions.generated.action import GeneratedAction, Maker
from actwright.actions.generated.archive import GeneratedActions
from actwright.actions.generated.trial import (
    DryRun,
    ReviewFinding,
    ReviewResult,
    TrialResult,
)
from actwright.actions.generated.version import newest_approved
from actwright.canonical import plain
from actwright.document import parse_json
from actwright.errors import InputError, NotFoundError, RefusedError
from actwright.store.database import Database
from actwright.store.documents import Documents


def another(text: str = "another") -> GeneratedAction:
    """Return a further version of the same action."""
    return open_total(f"{open_total().code}# {text}\n")


def test_the_id_is_made_of_what_the_action_does() -> None:
    """Code, capabilities and the blueprint's contract make another action; labels, tests and review do not."""
    action = open_total()
    same = (
        open_total(blueprint=case_blueprint(label="Another label", summary="Other words")),
        open_total(review=ReviewResult(), made_by=Maker(template="other"), tests=()),
        open_total(reads=tuple(reversed(action.reads))),
    )
    assert {each.digest for each in same} == {action.digest}
    others = (
        another(),
        open_total(reads=(*action.reads, read("Contact", "Email"))),
        open_total(reads=(action.reads[0],)),
        open_total(
            reads=(action.reads[0], read("Opportunity", "Amount", "AccountId", opaque=["Amount"]))
        ),
        open_total(writes=(*action.writes, create("Case", "Subject"))),
        open_total(calls=("billing",)),
        open_total(opaque_inputs=("CaseId",)),
        open_total(blueprint=case_blueprint(targetSObject="Case")),
        open_total(blueprint=case_blueprint(guardrails=[{"type": "SHARING_REQUIRED"}])),
    )
    assert len({each.id for each in (action, *others)}) == len(others) + 1


@settings(deadline=None)
@given(st.text(min_size=1, max_size=200))
def test_any_change_of_the_code_is_another_digest(text: str) -> None:
    """No byte of the code can be changed under an approval."""
    if text.isascii() or text.isprintable():
        assert open_total(f"{open_total().code}#{text}").digest != open_total().digest


def test_an_action_reads_back_as_it_was(actions: GeneratedActions) -> None:
    """What the store gives is what was added, id and digest computed anew."""
    action = open_total()
    assert actions.add(action).action == action
    document = plain(parse_json(action.model_dump_json(), where="it"))
    assert GeneratedAction.model_validate(document) == action
    forged = {**action.model_dump(), "id": "gen_00000000000000000000", "digest": "0" * 64}
    assert GeneratedAction.model_validate(forged).id == action.id


@pytest.mark.parametrize(
    "more",
    [
        {"blueprint": case_blueprint(operation="CREATE", inputs=[])},
        {"writes": ()},
        {"opaque_inputs": ("Nothing",)},
        {"reads": (read("Case", "Id"), read("Case", "Subject"))},
        {"blueprint": case_blueprint(inputs=[{"apiName": "lambda", "usage": "PARAMETER"}])},
        {"code": ""},
        {"code": "x" * 70_000},
    ],
)
def test_an_action_whose_parts_do_not_fit_is_none(more: dict[str, object]) -> None:
    """It writes something, is a CALL, and declares each object once."""
    with pytest.raises(ValueError, match=r"."):
        open_total(**more)  # type: ignore[arg-type]  # the code is among them


def test_versions_count_up_and_the_same_code_keeps_its_number(actions: GeneratedActions) -> None:
    """Adding twice is adding once; a name leads to its newest version."""
    first, second = open_total(), another()
    assert [actions.add(each).version for each in (first, second, first)] == [1, 2, 1]
    assert actions.get("OpenTotalTask").action == second
    assert actions.get(first.id).version == 1
    assert actions.names() == ("OpenTotalTask",)
    with pytest.raises(NotFoundError):
        actions.get("gen_0")
    with pytest.raises(NotFoundError):
        actions.get("opentotaltask")


def test_the_newest_approved_version_stands(actions: GeneratedActions) -> None:
    """A version that waits or was revoked does not; an older approved one does."""
    first, second, third = open_total(), another("b"), another("c")
    for each in (first, second, third):
        actions.add(each)
    assert actions.standing("OpenTotalTask") is None
    actions.approve(first.id, approver="Ann")
    actions.approve(second.id, approver="Ann")
    assert actions.standing("OpenTotalTask") == second
    actions.revoke(second.id, why="wrong", by="Ben")
    assert actions.standing("OpenTotalTask") == first
    actions.revoke("OpenTotalTask", why="all of it", by="Ben")
    assert actions.standing("OpenTotalTask") is None
    actions.approve(first.id, approver="Ann")
    history = [(each.kind, each.by, each.why) for each in actions.get(first.id).history]
    assert history == [
        ("approved", "Ann", ""),
        ("revoked", "Ben", "all of it"),
        ("approved", "Ann", ""),
    ]
    assert actions.get(third.id).standing == "waiting"


def test_an_approval_is_for_the_contract_the_code_was_written_for(
    actions: GeneratedActions,
) -> None:
    """Another blueprint of the same name has no standing code."""
    actions.add(open_total())
    actions.approve("OpenTotalTask", approver="Ann")
    assert newest_approved(actions.fitting(case_blueprint(label="Reworded"))) is not None
    assert (
        newest_approved(actions.fitting(case_blueprint(guardrails=[{"type": "SHARING_REQUIRED"}])))
        is None
    )
    assert newest_approved(actions.fitting(case_blueprint(name="Other"))) is None


@pytest.mark.parametrize(
    ("review", "fault"),
    [
        (ReviewResult(), "never run"),
        (ReviewResult(dry_run=DryRun(failure="broke off")), "broke off"),
        (ReviewResult(dry_run=DryRun()), "no test"),
        (
            ReviewResult(dry_run=DryRun(), tests=(TrialResult(name="one", passed=False),)),
            "test one",
        ),
        (
            ReviewResult(
                findings=(ReviewFinding(code="eval", message="eval is out of reach", line=3),),
                dry_run=DryRun(),
                tests=(TrialResult(name="one", passed=True),),
            ),
            "line 3: eval",
        ),
    ],
)
def test_what_did_not_pass_its_review_cannot_be_approved(
    actions: GeneratedActions, review: ReviewResult, fault: str
) -> None:
    """A finding, a failed or missing dry run, a failed or missing test: each keeps it back."""
    actions.add(open_total(review=review))
    with pytest.raises(RefusedError, match=fault):
        actions.approve("OpenTotalTask", approver="Ann")


def test_a_decision_has_a_name_and_a_revocation_a_reason(actions: GeneratedActions) -> None:
    """Blank names and reasons decide nothing."""
    actions.add(open_total())
    with pytest.raises(InputError):
        actions.approve("OpenTotalTask", approver=" \u200b ")
    with pytest.raises(InputError):
        actions.revoke("OpenTotalTask", why="  ", by="Ben")
    assert actions.get("OpenTotalTask").history == ()


def test_a_decision_about_another_digest_counts_for_nothing(
    actions: GeneratedActions, store: Database
) -> None:
    """Whoever puts a decision beside another action in the store has not approved that one."""
    first, second = open_total(), another()
    actions.add(first)
    actions.add(second)
    actions.approve(first.id, approver="Ann")
    (said,) = actions.get(first.id).history
    moved = said.model_copy(update={"id": f"gdc_{'0' * 20}", "action_id": second.id})
    Documents(store, "generated_decision").add(moved.id, moved, at=said.at, parent=second.id)
    assert actions.get(second.id).standing == "waiting"
