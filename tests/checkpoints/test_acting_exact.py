"""Acting held against a plan alone: what keeps an override that acts by itself back, and what it promises when asked anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pytest
from tests.checkpoints.row_scene import deal_org, plan_for
from tests.checkpoints.small_org import written
from tests.opaque_scene import Mailer, mail

from actwright import ActionRequest
from actwright.actions.factory import ChosenImplementation, Factory
from actwright.actions.implementation import Implementation
from actwright.actions.opaque import OpaqueImplementation
from actwright.blueprints.plan import ForEach
from actwright.checkpoints.resolving.acting import acting_issues, broken_promises, promised_for
from actwright.checkpoints.resolving.arguments import ResolvedAction
from actwright.errors import ImplementationError, OrgUnreachableError
from actwright.org.effect import Effect
from actwright.org.query import JsonScalar

Override: TypeAlias = Implementation | OpaqueImplementation

PLAN = plan_for(mail(), mail("other", "bob@example.com"))
MAILING = PLAN.actions[0]
ORG = deal_org()


@dataclass
class Failing:
    """Breaks down with one error where it is asked what it promises."""

    error: Exception

    def promises(self, request: ActionRequest) -> Sequence[str]:
        """Fail."""
        raise self.error from KeyError(request.action_id)

    def act(self, request: ActionRequest) -> Mapping[str, JsonScalar]:
        """Fail, since it must never be called."""
        raise AssertionError(request.action_id)


def made_by(override: Override) -> ChosenImplementation:
    """Return an override as the factory chooses it."""
    return factory(override).resolve(MAILING.blueprint)


class Standing:
    """Hands out effects, like every other implementation."""

    def effects(self, request: ActionRequest) -> Sequence[Effect]:
        """Return one record effect."""
        return [request.create("Task", {"Subject": "x"})]


def issues(override: Override, *, repeated: bool = False) -> list[str]:
    """Return the codes of what keeps the action back."""
    rows = ForEach.model_validate(
        {"object": "Opportunity", "rows": [{"Id": "006000000000001AAA"}], "limit": 1}
    )
    action = MAILING.model_copy(update={"for_each": rows if repeated else None})
    return [each.code for each in acting_issues(ResolvedAction(action, {}), made_by(override))]


def test_what_acts_by_itself_is_not_repeated() -> None:
    """Anything else may be, and it itself may act once."""
    assert issues(Mailer(), repeated=True) == ["opaque_repeated"]
    assert issues(Standing(), repeated=True) == []
    assert issues(Mailer()) == []


def test_an_issue_says_of_what_and_what_to_do_first() -> None:
    """Its label in eighty characters."""
    for label, shown in (("x" * 80, "x" * 80), ("x" * 81, "x" * 79 + "…")):
        blueprint = MAILING.blueprint.model_copy(update={"label": label})
        rows = ForEach.model_validate({"object": "Opportunity", "rows": [], "limit": 1})
        action = MAILING.model_copy(update={"blueprint": blueprint, "for_each": rows})
        (issue,) = acting_issues(ResolvedAction(action, {}), made_by(Mailer()))
        assert issue.message.startswith(f"{shown} acts by itself, and is not repeated")
        assert (issue.action_id, issue.hint) == (
            "mail",
            "Give it one record, or let the override hand out effects.",
        )


def effect(action: str = "mail", **more: object) -> Effect:
    """Return what was shown of a mail."""
    whole = {
        "id": f"{action}.1",
        "action_id": action,
        "kind": "opaque",
        "operation": "CALL",
        "object": "SendMail",
        "changes": (written("To", "jane@example.com"), written("Subject", "Hello")),
        "promises": ("Sends one mail to jane@example.com.",),
    }
    return Effect.model_validate(whole | more)


def factory(override: Override) -> Factory:
    """Return a factory in which an override sends the mails."""
    made = Factory()
    made.register("SendMail", override)
    return made


def test_promises_are_asked_for_the_very_arguments_that_were_shown() -> None:
    """Those of the effect, whatever the plan says by now."""
    shown = effect(changes=(written("To", "eve@example.com"), written("Subject", "Hi")))
    assert promised_for(shown, PLAN, factory(Mailer()), ORG) == (
        "Sends one mail to eve@example.com.",
    )


def test_an_override_that_is_gone_promises_nothing() -> None:
    """Its action is gone from the plan, or something else carries it out."""
    for shown, made in ((effect("nowhere"), Mailer()), (effect(), Standing())):
        with pytest.raises(ImplementationError, match="has no override any more") as caught:
            promised_for(shown, PLAN, factory(made), ORG)
        assert caught.value.where == shown.action_id


def test_whatever_breaks_in_an_override_is_told_as_its_own() -> None:
    """An error of this house stays what it is."""
    with pytest.raises(ImplementationError, match="broke down: KeyError: 'x'") as caught:
        promised_for(effect(), PLAN, factory(Failing(KeyError("x"))), ORG)
    assert (caught.value.where, type(caught.value.__cause__)) == ("mail", KeyError)
    with pytest.raises(OrgUnreachableError):
        promised_for(effect(), PLAN, factory(Failing(OrgUnreachableError("gone"))), ORG)
    with pytest.raises(ImplementationError, match="promises 1 to 10 things"):
        promised_for(effect(), PLAN, factory(Mailer(words="")), ORG)


def test_a_kept_promise_is_no_drift_and_a_changed_one_is() -> None:
    """Both are told; record writes are passed over, and what stands behind them is not."""
    record = effect(kind="record", operation="CREATE", object="Task")
    same, moved = effect(), effect("other", promises=("Sends nothing.",))
    made = factory(Mailer())
    assert list(broken_promises([record, same], PLAN, made, ORG)) == []
    (issue,) = broken_promises([record, same, moved], PLAN, made, ORG)
    assert (issue.code, issue.action_id, issue.object) == ("drift_promises", "other", "SendMail")
    assert issue.message == (
        "SendMail promised Sends nothing at the preview, and now it promises Sends one mail to jane@example.com."
    )


def test_a_broken_promise_names_the_override_as_people_do() -> None:
    """By its label, in eighty characters."""
    for label, shown in (("x" * 80, "x" * 80), ("x" * 81, "x" * 79 + "…")):
        moved = effect(promises=("Sends nothing.",), object_label=label)
        (issue,) = broken_promises([moved], PLAN, factory(Mailer()), ORG)
        assert issue.message.startswith(f"{shown} promised ")
