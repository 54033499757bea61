"""Overrides that act by themselves: shown as what they are, refused unless allowed, and not called before the yes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import cast

import pytest
from tests.opaque_scene import ALLOWED, SEND_MAIL, Mailer, mail, step
from tests.scenario import action, lookup, plan_of, previewed, task, value

from actwright import ActionRequest, Actwright, Effect
from actwright.actions.factory import Factory
from actwright.actions.implementation import ResolvedArgument
from actwright.actions.inverse import inverse
from actwright.actions.opaque import ActingByItself, request_of
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.canonical import Json
from actwright.errors import ImplementationError
from actwright.org.ports import OrgReader
from actwright.testing import LocalOrg


class Louder(ActingByItself):
    """Pretends to be the factory's own adapter."""

    def effects(self, request: ActionRequest) -> Sequence[Effect]:
        """Say that it acts by itself, and promise nothing."""
        (made,) = super().effects(request)
        return (made.model_copy(update={"promises": ()}),)


class Both:
    """Has the methods of either kind of override."""

    def effects(self, request: ActionRequest) -> Sequence[Effect]:
        """Return one record effect."""
        return [request.create("Task", {"Subject": "x"})]

    def promises(self, request: ActionRequest) -> Sequence[str]:
        """Promise something."""
        return [f"Does {request.action_id}."]

    def act(self, request: ActionRequest) -> dict[str, bool]:
        """Fail, since it must never be called."""
        raise AssertionError(request.action_id)


@pytest.fixture
def mailer() -> Mailer:
    """Return an override that keeps what it was handed."""
    return Mailer()


@pytest.fixture
def allowing(shared_org: LocalOrg, mailer: Mailer) -> Actwright:
    """Give Alice's Actwright, whose settings allow the mailer."""
    app = shared_org.as_user(settings=ALLOWED)
    app.register("SendMail", mailer)
    return app


def chosen(override: object) -> object:
    """Return what the factory holds to be acting by itself."""
    factory = Factory()
    factory.register("SendMail", override)  # type: ignore[arg-type]  # a test of what fits
    return factory.resolve(ActionBlueprint.model_validate(SEND_MAIL)).opaque


def test_an_override_with_effects_never_acts_by_itself(mailer: Mailer) -> None:
    """Whoever hands out effects is held to them, whatever else it can do."""
    assert chosen(mailer) is mailer
    assert isinstance(chosen("tests.opaque_scene:Mailer"), Mailer)
    assert chosen(Both()) is None
    assert chosen(Louder(mailer)) is None


def test_the_adapter_bears_the_name_of_its_override(mailer: Mailer) -> None:
    """So that another override in its place is noticed."""
    factory = Factory()
    factory.register("SendMail", ActingByItself(mailer))
    found = factory.resolve(ActionBlueprint.model_validate(SEND_MAIL))
    assert found.name == "tests.opaque_scene:Mailer"


def test_it_is_refused_where_the_settings_do_not_allow_it(app: Actwright, mailer: Mailer) -> None:
    """By name of its blueprint, with the setting to set; nothing of it is run."""
    app.register("SendMail", mailer)
    preview = previewed(app, mail())
    (issue,) = preview.blocked
    assert (issue.code, issue.action_id) == ("opaque_not_allowed", "mail")
    assert 'allow_opaque = ["SendMail"]' in (issue.hint or "")
    assert mailer.acted == []


def test_it_is_shown_as_what_it_is(allowing: Actwright, mailer: Mailer) -> None:
    """Question, effect, group, cost and the way back all say so, and nothing has been done."""
    preview = previewed(allowing, mail())
    assert [(each.code, each.severity) for each in preview.issues] == [
        ("opaque_unchecked", "warning")
    ]
    assert preview.question.startswith(
        "Let Send a mail act by itself: Sends one mail to jane@example.com. It is handed To jane@example.com, "
        "Subject Hello; it can be neither checked nor taken back. Do this as "
    )
    (group,) = preview.groups
    assert (group.carrier, group.atomic) == ("opaque", False)
    (effect,) = group.effects
    assert (effect.kind, effect.operation, effect.record_id) == ("opaque", "CALL", None)
    assert (preview.cost.writes, preview.cost.transactions, preview.cost.apply_calls) == (1, 1, 0)
    (undo,) = preview.undo
    assert not undo.possible
    assert "acts by itself" in undo.text
    assert inverse(effect).effect is None
    assert mailer.acted == []


def test_every_promise_is_in_the_question_however_many_actions_there_are(
    allowing: Actwright,
) -> None:
    """What may be counted for records is spelled out for those that act by themselves."""
    preview = previewed(allowing, *(mail(f"m{each}", f"p{each}@example.com") for each in range(8)))
    assert all(f"Sends one mail to p{each}@example.com." in preview.question for each in range(8))


def test_what_is_promised_and_handed_is_what_is_confirmed(
    allowing: Actwright, mailer: Mailer
) -> None:
    """Another promise, and another argument, are another digest."""
    first = previewed(allowing, mail())
    assert previewed(allowing, mail()).digest == first.digest
    mailer.words = "Sends two mails to {To}."
    assert previewed(allowing, mail()).digest != first.digest
    mailer.words = "Sends one mail."
    second = previewed(allowing, mail(to="jo@example.com"))
    assert previewed(allowing, mail(to="jane@example.com")).digest != second.digest


@pytest.mark.parametrize(
    ("words", "told"), [("", "promises 1 to 10 things"), ("\u200b", "promises 1 to 10 things")]
)
def test_one_that_promises_nothing_is_an_issue(
    allowing: Actwright, mailer: Mailer, words: str, told: str
) -> None:
    """Neither nothing nor what nobody can see is a promise."""
    mailer.words = words
    preview = previewed(allowing, mail())
    assert told in preview.blocked[0].message
    assert preview.effects == ()


def test_a_promise_that_breaks_down_is_an_issue(allowing: Actwright, mailer: Mailer) -> None:
    """Its own exception is named."""
    mailer.words = "{Nowhere}"
    assert "KeyError" in previewed(allowing, mail()).blocked[0].message


def test_guardrails_look_at_what_it_is_handed(allowing: Actwright) -> None:
    """By the name of the input, and of the field it is bound to; rights to a record cannot be told, and refuse."""
    enum: Json = {"type": "ENUM_ALLOWED", "params": {"field": "To", "values": ["a@example.com"]}}
    found = previewed(allowing, mail("mail", "b@example.com", enum))
    assert [each.code for each in found.blocked] == ["enum_not_allowed"]
    sharing: Json = {"type": "SHARING_REQUIRED"}
    refused = previewed(allowing, mail("mail", "b@example.com", sharing)).blocked
    assert [each.code for each in refused] == ["record_access_unknown"]


def test_personal_data_is_taken_out_before_anything_is_promised(
    allowing: Actwright, mailer: Mailer
) -> None:
    """Arguments, promises and question are without it, also where input and field are called differently."""
    redact: Json = {"type": "PII_REDACT", "params": {"fields": ["Note__c"], "mode": "redact"}}
    entry: Json = SEND_MAIL | {
        "inputs": [{"apiName": "To", "fieldApiName": "Note__c", "usage": "PARAMETER"}],
        "guardrails": [redact],
    }
    preview = previewed(allowing, action("mail", entry, To=value("to jane@example.com")))
    assert preview.blocked == ()
    assert "pii_redacted" in {each.code for each in preview.issues}
    assert "jane@example.com" not in preview.model_dump_json(exclude={"goal"})
    assert preview.effects[0].promises == ("Sends one mail to to [email address removed].",)
    envelope = allowing.run(preview, allowing.confirm(preview, approver="Alice"))
    assert envelope.success, envelope.errors
    assert mailer.acted == [{"To": "to [email address removed]"}]


def test_a_delete_by_itself_needs_the_same_leave(allowing: Actwright, deal: str) -> None:
    """What stands in for a blueprint that deletes is taken for a delete."""
    entry: Json = {
        "name": "SendMail",
        "operation": "DELETE",
        "targetSObject": "Opportunity",
        "inputs": [{"apiName": "Id", "dataType": "Id", "required": True}],
    }
    allowing.register("SendMail", Mailer(words="Deletes {Id}."), replace=True)
    gone = action("gone", entry, Id=lookup("Opportunity", "Name", deal))
    plan = plan_of(allowing, gone)
    assert [each.code for each in allowing.preview(plan).blocked] == ["delete_not_allowed"]
    assert allowing.preview(plan, allow_delete=True).blocked == ()


def test_it_cannot_be_repeated_for_rows(allowing: Actwright, deal: str) -> None:
    """Nobody could read the promises of a thousand rows."""
    rows: Json = {"object": "Opportunity", "where": [{"field": "Name", "value": deal}], "limit": 5}
    preview = previewed(allowing, mail() | {"forEach": rows})
    assert [each.code for each in preview.blocked] == ["opaque_repeated"]


def test_it_is_not_handed_what_is_not_known_yet(allowing: Actwright) -> None:
    """The id of a record that the same plan creates is known too late for it: it waits for a later wave."""
    entry: Json = SEND_MAIL | {"inputs": [{"apiName": "To", "dataType": "Id"}]}
    late = action("mail", entry, To={"from": "actions.task.output.id"})
    preview = previewed(allowing, task(), late)
    assert [each.action_id for each in preview.actions] == ["task"]
    (later,) = preview.later
    assert (later.action_id, later.waits_for[0].input) == ("mail", "To")


def test_a_record_it_may_create_is_waited_for(allowing: Actwright) -> None:
    """Whether it creates one is not known beforehand, so what needs the id comes later."""
    entry: Json = {
        "name": "SendMail",
        "operation": "CREATE",
        "targetSObject": "Account",
        "inputs": [{"apiName": "Name"}],
    }
    made = action("mail", entry, Name=value("Hooli"))
    allowing.register("SendMail", Mailer(words="Creates {Name}."), replace=True)
    preview = previewed(allowing, made, task(WhatId={"from": "actions.mail.output.id"}))
    assert ([each.action_id for each in preview.later], preview.blocked) == (["task"], ())


def test_a_deep_preview_says_that_it_was_not_tried(
    allowing: Actwright, mailer: Mailer, deal: str
) -> None:
    """The org tries the records; the override is left alone."""
    plan = plan_of(allowing, step("a", deal, "Call"), mail())
    preview = allowing.preview(plan, deep=True)
    assert preview.deep is not None
    assert not preview.deep.complete
    assert preview.deep.said[0] == (
        "1 write got no answer: an override that acts by itself was not tried."
    )
    assert preview.deep.api_calls > 0
    assert mailer.acted == []


def test_it_is_handed_exactly_what_was_confirmed(allowing: Actwright) -> None:
    """The arguments of the effect are the arguments of the request, values and names alike."""
    preview = previewed(allowing, mail())
    blueprint = ActionBlueprint.model_validate(SEND_MAIL)
    request = request_of(preview.effects[0], blueprint, allowing.org)
    assert {name: each.value for name, each in request.arguments.items()} == {
        "To": "jane@example.com",
        "Subject": "Hello",
    }


def test_a_dotted_name_and_no_object_will_do() -> None:
    """A blueprint of a service needs no object of an org."""
    blueprint = ActionBlueprint.model_validate(SEND_MAIL | {"name": "Mail.Send"})
    made = ActingByItself(Mailer(words="Sends.")).effects(ActionRequest("m", blueprint, {}, None))  # type: ignore[arg-type]  # nothing is read
    assert made[0].object == "Mail_Send"
    with pytest.raises(ImplementationError):
        ActingByItself(Mailer(words=" ")).effects(ActionRequest("m", blueprint, {}, None))  # type: ignore[arg-type]  # nothing is read


def test_a_number_is_promised_alike_before_and_after_it_was_stored() -> None:
    """An override is handed 1100 for an amount the org holds as 1100.0, at the preview as at the run: no drift of words."""
    asked = SEND_MAIL | {"inputs": [{"apiName": "To", "usage": "PARAMETER", "dataType": "Double"}]}
    blueprint = ActionBlueprint.model_validate(asked)
    given = ResolvedArgument(
        input="To", value=Decimal("1100.0"), family="decimal", provenance="record"
    )
    request = ActionRequest("a1", blueprint, {"To": given}, cast("OrgReader", None))
    override = ActingByItself(Mailer(words="Pays {To}."))
    (shown,) = override.effects(request)
    stored = Effect.model_validate_json(shown.model_dump_json())
    (again,) = override.effects(request_of(stored, blueprint, cast("OrgReader", None)))
    assert shown.promises == again.promises == ("Pays 1100.",)
