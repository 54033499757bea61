"""The verdict: merging, order, explanations, and what can only be told of the whole plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest

from actwright.blueprints.guardrail import GuardrailSpec
from actwright.errors import OrgUnreachableError
from actwright.guardrails.context import EffectContext
from actwright.guardrails.issue import Issue
from actwright.guardrails.plan_checks import check_plan
from actwright.guardrails.registry import register_guardrail
from actwright.guardrails.verdict import judge
from actwright.org.effect import FieldChange
from actwright.org.ports import Explanation, Grantor, PermissionAsk
from actwright.org.schema import ObjectSchema

MakeContext = Callable[..., EffectContext]
MakeChange = Callable[..., FieldChange]
MARGIN = PermissionAsk("Opportunity", "edit", "Margin__c")


@dataclass
class Explainer:
    """Knows who grants what, and counts how often it is asked."""

    grantors: dict[PermissionAsk, tuple[Grantor, ...]]
    asked: list[Sequence[PermissionAsk]] = field(default_factory=list)

    def explain(self, asks: Sequence[PermissionAsk]) -> Sequence[Explanation]:
        """Return what it knows of each ask."""
        self.asked.append(asks)
        return [Explanation(each, self.grantors.get(each, ())) for each in asks]


@dataclass
class DeadExplainer:
    """Raises whatever it is told to."""

    error: Exception

    def explain(self, asks: Sequence[PermissionAsk]) -> Sequence[Explanation]:  # noqa: ARG002  the port's own name
        """Raise."""
        raise self.error


class SilentExplainer:
    """Answers nothing at all."""

    def explain(self, asks: Sequence[PermissionAsk]) -> Sequence[Explanation]:  # noqa: ARG002  the port's own name
        """Return no explanation, whatever was asked."""
        return []


def fls(message: str | None = None) -> GuardrailSpec:
    """Return an edit guardrail on the field that bob may not edit."""
    return GuardrailSpec(type="FLS_EDIT", params={"fields": ["margin__c"]}, message=message)


def test_one_issue_for_one_right(make_context: MakeContext, make_change: MakeChange) -> None:
    """Baseline and guardrails that find the same missing right give one issue, with every message of their own."""
    context = make_context(
        make_change("Margin__c", 5, 4), guardrails=(fls("Ask finance"), fls(), fls("Hands off!"))
    )
    (issue,) = judge([context])
    assert (issue.code, issue.field, issue.guardrail) == (
        "field_not_editable",
        "Margin__c",
        "BASELINE",
    )
    assert issue.message == (
        "Ask finance. Hands off! Margin (Opportunity.Margin__c): bob may read this field but not edit"
        " it (field-level security)."
    )


def test_rows_of_one_action_share_a_refusal(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """Many records of one action give one issue for one missing right; another action has its own."""
    rows = [
        make_context(
            make_change("Margin__c", 5, 4), effect={"id": f"a1.{row}", "record_id": row_id}
        )
        for row, row_id in enumerate(["006000000000001AAA", "006000000000001AAA"])
    ]
    other = make_context(make_change("Margin__c", 6, 4), action_id="a2")
    issues = [each for each in judge([*rows, other]) if each.code == "field_not_editable"]
    assert [each.action_id for each in issues] == ["a1", "a2"]


def test_records_keep_their_own_refusals(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """Two records that are gone are two issues; baseline and guardrail on one of them are one."""
    sharing = GuardrailSpec(type="SHARING_REQUIRED", message="Only your own records")
    gone = [
        make_context(
            make_change("Amount", 5, 4),
            guardrails=(sharing,),
            snapshot=None,
            effect={"id": f"a1.{row}", "record_id": f"00600000000000{row}"},
        )
        for row in (1, 2)
    ]
    issues = judge(gone)
    assert [each.code for each in issues] == ["record_not_found", "record_not_found"]
    assert all(each.message.startswith("Only your own records. Opp") for each in issues)


def test_issues_stand_by_action_and_field(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """Issues follow the plan's order of actions, whatever their ids, and then the fields."""
    first = make_context(make_change("Type", "x"), make_change("Name", "y" * 30), action_id="z9")
    second = make_context(make_change("Amount", "x"), snapshot=None, action_id="a1")
    assert [(each.action_id, each.field) for each in judge([first, second])][:5] == [
        ("z9", "Name"),
        ("z9", "Type"),
        ("a1", None),
        ("a1", None),
        ("a1", "Amount"),
    ]


def test_who_could_grant_it_is_named(make_context: MakeContext, make_change: MakeChange) -> None:
    """The hint names a permission set before a profile, and has a sentence to send to the administrator."""
    explainer = Explainer(
        {
            MARGIN: (
                Grantor("profile", "Sales Manager"),
                Grantor("permission set", "Sales Amount Editor"),
            )
        }
    )
    (issue,) = judge([make_context(make_change("Margin__c", 5, 4))], explainer)
    assert issue.hint == (
        'Permission set "Sales Amount Editor" and profile "Sales Manager" grant it. For your administrator:'
        ' "Please give bob edit access to Opportunity.Margin__c, for example by the permission set'
        ' Sales Amount Editor."'
    )


def test_all_rights_are_asked_at_once(
    make_context: MakeContext,
    make_change: MakeChange,
    opportunity: ObjectSchema,
) -> None:
    """The explainer is asked one time for all refusals of all actions, each right once."""
    explainer = Explainer({})
    contexts = [
        make_context(
            make_change("Margin__c", 5, 4), make_change("Nowhere__c", "x"), action_id="a1"
        ),
        make_context(make_change("Margin__c", 5, 4), action_id="a2"),
        make_context(
            operation="DELETE", schema=replace(opportunity, deletable=False), action_id="a3"
        ),
    ]
    judge(contexts, explainer)
    assert len(explainer.asked) == 1
    assert set(explainer.asked[0]) == {
        MARGIN,
        PermissionAsk("Opportunity", "edit", "Nowhere__c"),
        PermissionAsk("Opportunity", "delete"),
    }
    assert len(explainer.asked[0]) == 3


def test_nothing_refused_asks_nothing(make_context: MakeContext, make_change: MakeChange) -> None:
    """Without a refusal the explaining connection is left alone."""
    explainer = Explainer({})
    assert judge([make_context(make_change("Amount", 5, 4))], explainer) == ()
    assert judge([], explainer) == ()
    assert explainer.asked == []


@pytest.mark.parametrize(
    ("explainer", "says"),
    [
        (None, "Nobody could be named who grants it: no explaining connection is set up."),
        (DeadExplainer(OrgUnreachableError("The org is down.")), "grants it: The org is down."),
        (DeadExplainer(KeyError("oops")), "grants it: KeyError: 'oops'."),
        (SilentExplainer(), "the explaining connection did not answer for it."),
        (Explainer({}), "No permission set or profile of the org grants it."),
    ],
)
def test_a_refusal_stands_without_an_explanation(
    make_context: MakeContext,
    make_change: MakeChange,
    explainer: Explainer | DeadExplainer | SilentExplainer | None,
    says: str,
) -> None:
    """Where nobody can be named the hint says why, and still has the sentence for the administrator."""
    (issue,) = judge([make_context(make_change("Margin__c", 5, 4))], explainer)
    assert says in (issue.hint or "")
    assert '"Please give bob edit access to Opportunity.Margin__c."' in (issue.hint or "")


def test_the_platforms_own_fields_are_not_asked_about(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """A field that no permission opens is not put to the explainer."""
    explainer = Explainer({})
    (issue,) = judge([make_context(make_change("Forecast__c", 5, 4))], explainer)
    assert issue.code == "field_read_only"
    assert explainer.asked == []


def test_a_record_is_written_once(make_context: MakeContext, make_change: MakeChange) -> None:
    """Two effects on one record are refused, with 15 and 18 characters alike; one effect for two actions is not."""
    first = make_context(make_change("Amount", 5, 4), action_id="a1")
    second = make_context(
        make_change("Name", "n"), action_id="a2", effect={"record_id": "006000000000001"}
    )
    shared = replace(first, action_id="a3")
    assert [(each.code, each.action_id) for each in check_plan([first, second, shared])] == [
        ("record_written_twice", "a2")
    ]


def test_a_key_is_upserted_once(make_context: MakeContext, make_change: MakeChange) -> None:
    """Two upserts of one key are refused, in any case; of two keys they are not."""
    contexts = [
        make_context(
            make_change("Key__c", key),
            operation="UPSERT",
            snapshot=None,
            action_id=f"a{number}",
            effect={"record_id": None, "key_field": "Key__c"},
        )
        for number, key in enumerate(["k1", "K1", "k2"])
    ]
    assert [each.action_id for each in check_plan(contexts)] == ["a1"]


def test_setup_and_data_are_named_apart(make_context: MakeContext) -> None:
    """A plan over setup and data objects is warned of: no transaction holds both."""
    contexts = [
        make_context(operation="DELETE"),
        make_context(operation="CREATE", effect={"object": "User"}, action_id="a2"),
    ]
    (issue,) = check_plan(contexts)
    assert (issue.code, issue.severity) == ("setup_mixed_with_data", "warning")


def test_a_plan_guardrail_about_nothing_is_refused(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """The plan's guardrail must be about a field of at least one action."""
    spec = GuardrailSpec(type="NUMERIC_POSITIVE", params={"field": "Amuont"})
    context = make_context(make_change("Amount", -5, 4), plan_guardrails=(spec,))
    assert [(each.code, each.field) for each in judge([context])] == [
        ("guardrail_field_unknown", "Amuont")
    ]


def test_own_warnings_stay_warnings(make_context: MakeContext, make_change: MakeChange) -> None:
    """A guardrail of the user's own may warn without stopping the plan."""
    register_guardrail(
        "GENTLE", lambda _params, _context: [Issue(code="hm", message="Hm.", severity="warning")]
    )
    context = make_context(make_change("Amount", 5, 4), guardrails=(GuardrailSpec(type="GENTLE"),))
    assert [(each.code, each.severity) for each in judge([context])] == [("hm", "warning")]
