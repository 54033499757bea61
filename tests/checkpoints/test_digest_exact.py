"""The digest to the letter: what was confirmed before an upgrade means the same after it."""

from __future__ import annotations

from decimal import Decimal

from actwright.checkpoints.digest import preview_digest
from actwright.checkpoints.preview import PreviewedAction
from actwright.guardrails.policy.approval import ApprovalNeed, RuleRef
from actwright.org.effect import Cascade, Effect, EffectGroup, FieldChange
from actwright.org.identity import OrgIdentity, RunningUser

ORG = OrgIdentity(id="00D000000000001EAA", url="https://acme.example", local=False)
USER = RunningUser(id="005000000000001AAA", username="alice")
ACTION = PreviewedAction(
    action_id="a",
    blueprint="B",
    label="Update",
    implementation="standard.update",
    implementation_kind="standard",
)
CHANGE = FieldChange(
    field="Amount", label="Amount", family="decimal", after=Decimal("7.50"), provenance="goal"
)
EFFECT = Effect(
    id="a.1",
    action_id="a",
    operation="UPDATE",
    object="Opportunity",
    record_id="006000000000001AAA",
    version="2026-11-21T15:00:00Z",
    changes=(CHANGE,),
)
GROUP = EffectGroup(id="g", org=ORG.id, effects=(EFFECT,))


def taken(
    group: EffectGroup = GROUP,
    org: OrgIdentity = ORG,
    user: RunningUser = USER,
    need: ApprovalNeed | None = None,
) -> str:
    """Return the digest of one group."""
    return preview_digest(
        groups=[group],
        actions=[ACTION],
        question="Change it?",
        user=user,
        org=org,
        policy_version="p1",
        approval=need,
    )


def test_a_digest_does_not_move_unnoticed() -> None:
    """Whoever changes what is digested, or how, raises the version: a stored yes must not bind to something else."""
    assert taken() == "b0cbcbc53a13181975846ddde15d92f2a3ed263f5f29d0de190755f99b0305a2"


def test_who_has_to_say_yes_is_in_it() -> None:
    """Another number of people, other people, keys, or another rule that asks for them: another digest."""
    big, small = RuleRef(id="big", source="policy.yaml:1"), RuleRef(id="small", source="p")
    needs = [
        ApprovalNeed(people=2, rules=(big,)),
        ApprovalNeed(people=3, rules=(big,)),
        ApprovalNeed(people=2, who=("ann",), rules=(big,)),
        ApprovalNeed(people=2, keys=True, rules=(big,)),
        ApprovalNeed(people=2, rules=(small,)),
    ]
    assert len({taken(), *(taken(need=each) for each in needs)}) == 6
    assert taken(need=ApprovalNeed()) == taken()


def test_how_it_goes_out_is_in_it() -> None:
    """Carrier, parts, leave to save duplicates, and what goes with a delete."""
    child = Cascade(object="Task", label="Tasks", count=2, records="r")
    others = [
        GROUP.model_copy(update={"carrier": "bulk"}),
        GROUP.model_copy(update={"parts": (("a.1",),)}),
        GROUP.model_copy(update={"allow_duplicates": True}),
        *(
            GROUP.model_copy(update={"effects": (EFFECT.model_copy(update=change),)})
            for change in (
                {"kind": "opaque"},
                {"promises": ("Sends a mail.",)},
                {"also_deletes": (child,)},
                {"also_deletes": (child.model_copy(update={"records": "s"}),)},
                {"also_deletes": (child.model_copy(update={"label": "To-dos"}),)},
            )
        ),
    ]
    digests = [taken(each) for each in others]
    assert digests.pop() == digests[-2]
    assert len({taken(), *digests}) == 8


def test_a_local_org_is_itself_wherever_it_listens() -> None:
    """Its port changes with every start; any other org is told apart by its address as well."""
    moved = {"url": "http://127.0.0.1:2"}
    local = ORG.model_copy(update={"local": True})
    assert taken(org=local) == taken(org=local.model_copy(update=moved))
    assert len({taken(), taken(org=local), taken(org=ORG.model_copy(update=moved))}) == 3


def test_whose_rights_the_org_enforces_is_in_it() -> None:
    """A yes given under the org's own checks is none without them."""
    other = USER.model_copy(update={"enforced_by_org": not USER.enforced_by_org})
    assert taken(user=other) != taken()
