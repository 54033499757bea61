"""Compensation: what an override declares, under which name it is asked, and which answers count as a yes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import pytest
from tests.opaque_scene import SEND_MAIL, Mailer, Recalling

from actwright import ActionRequest
from actwright.actions.compensation import (
    EFFECT,
    SUFFIX,
    compensation_blueprint,
    compensation_sentence,
    period_of,
    spoken_period,
)
from actwright.actions.factory import Factory
from actwright.actions.implementation import ResolvedArgument
from actwright.actions.opaque import Reconciliation, Reconciling
from actwright.actions.taking_back import Deed
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.errors import ImplementationError, RefusedError
from actwright.org.effect import Effect, FieldChange
from actwright.org.ports import OrgReader
from actwright.org.query import JsonScalar

BLUEPRINT = ActionBlueprint.model_validate(SEND_MAIL)


@dataclass
class OneDeed:
    """A record that knows one deed."""

    age: timedelta = timedelta(hours=1)
    blueprint: ActionBlueprint = BLUEPRINT

    def deed(self, key: str) -> Deed:
        """Return it."""
        assert key == "run_1/mail.1"
        to = FieldChange(field="To", label="To", after="jane@example.com", provenance="goal")
        effect = Effect(
            id="mail.1", action_id="mail", kind="opaque", operation="CALL", object="SendMail", changes=(to,)
        )  # fmt: skip
        return Deed(self.blueprint, effect, {"messageId": "m-1"}, self.age)


def asked(override: Recalling, deeds: OneDeed | None = None) -> Mapping[str, JsonScalar]:
    """Let an override take its one deed back, by way of the factory, and return its answer."""
    factory = Factory(deeds or OneDeed())
    factory.register("SendMail", override)
    blueprint = compensation_blueprint(BLUEPRINT)
    assert blueprint is not None
    taking_back = factory.resolve(blueprint).opaque
    assert taking_back is not None
    key = ResolvedArgument(input=EFFECT, value="run_1/mail.1", provenance="data")
    request = ActionRequest("u1", blueprint, {EFFECT: key}, cast("OrgReader", None))
    assert list(taking_back.promises(request)) == ["Recalls m-1 to jane@example.com."]
    return taking_back.act(request)


@pytest.mark.parametrize("said", [{}, {"status": "completed"}, {"status": " DONE "}, {"ok": True}])
def test_what_was_handed_out_then_is_handed_out_again(said: object) -> None:
    """The override gets what it acted upon and what it said came of it, and its yes is a yes."""
    override = Recalling(said=said)
    assert asked(override) == said
    assert override.recalled == [("jane@example.com", "m-1")]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"status": "failed"}, "compensation_failed"),
        ({"status": "Failed "}, "compensation_failed"),
        ({"status": "partial"}, "compensation_partial"),
        ({"success": False}, "compensation_failed"),
        ({"ok": False, "status": "completed"}, "compensation_failed"),
        ({"error": "no such mail"}, "compensation_failed"),
    ],
)
def test_an_answer_that_says_no_is_no_yes(said: object, code: str) -> None:
    """Whatever form the no has, it is told in the override's own words."""
    with pytest.raises(RefusedError, match="was not taken back") as caught:
        asked(Recalling(said=said))
    assert caught.value.error_code == code


@pytest.mark.parametrize(
    "said",
    [
        None,
        "failed",
        "",
        [],
        7,
        {"status": "refunded"},
        {"status": "cancelled"},
        {"status": "expired"},
        {"status": "aborted"},
    ],
)
def test_an_answer_nobody_can_read_proves_nothing(said: object) -> None:
    """It is neither a yes nor a no: whoever asked must take it for unknown. A booking that was cancelled is taken back."""
    with pytest.raises((TypeError, ValueError)):
        asked(Recalling(said=said))


def test_it_can_be_too_late() -> None:
    """The period an override names counts from when it acted, also when it is asked."""
    override = Recalling(expires_after=timedelta(hours=24))
    assert asked(override, OneDeed(timedelta(hours=23, minutes=59))) == {}
    with pytest.raises(RefusedError, match="for 1 day; that is over") as caught:
        asked(override, OneDeed(timedelta(hours=24)))
    assert caught.value.error_code == "compensation_expired"


@dataclass
class Asked(Recalling):
    """One that can tell what became of its recall."""

    told: Reconciliation = Reconciliation(True)  # noqa: FBT003, RUF009 - it happened; nobody changes it

    def reconcile_compensation(self, request: ActionRequest, key: str) -> Reconciliation:
        """Tell it."""
        assert (request.arguments["To"].value, key) == ("jane@example.com", "k")
        return self.told


def reconciled(override: Asked, age: timedelta = timedelta(hours=1)) -> Reconciliation:
    """Ask an override what became of its recall, by way of the factory."""
    factory = Factory(OneDeed(age))
    factory.register("SendMail", override)
    blueprint = compensation_blueprint(BLUEPRINT)
    assert blueprint is not None
    able = factory.resolve(blueprint).opaque
    assert isinstance(able, Reconciling)
    key = ResolvedArgument(input=EFFECT, value="run_1/mail.1", provenance="data")
    return able.reconcile(
        ActionRequest("u1", blueprint, {EFFECT: key}, cast("OrgReader", None)), "k"
    )


def test_what_became_of_it_is_told_also_when_it_would_be_too_late_to_do_it() -> None:
    """Its answer was lost while there was time; asking takes nothing back."""
    override = Asked(expires_after=timedelta(hours=24))
    assert reconciled(override, timedelta(hours=25)).happened is True


@pytest.mark.parametrize("answer", [{"status": "failed"}, {"status": "odd"}, {"ok": False}])
def test_an_answer_found_later_is_no_more_of_a_yes_than_one_that_came(
    answer: dict[str, JsonScalar],
) -> None:
    """What would not have counted as taken back does not because it was lost on the way: a person decides."""
    found = reconciled(Asked(told=Reconciliation(True, answer)))  # noqa: FBT003 - it happened
    assert found.happened is None
    assert found.evidence[0].startswith("Its answer was found: ")


def test_nobody_takes_back_what_another_did() -> None:
    """A deed of another blueprint's override is refused."""
    other = BLUEPRINT.model_copy(update={"name": "Other"})
    with pytest.raises(ImplementationError, match="not by SendMail"):
        asked(Recalling(), OneDeed(blueprint=other))


def test_the_name_is_reserved() -> None:
    """Nothing can be registered under it, and nothing answers to it that declares no compensation."""
    factory = Factory(OneDeed())
    with pytest.raises(ImplementationError, match="takes back what it did"):
        factory.register(f"SendMail{SUFFIX}", Mailer())
    factory.register("SendMail", Mailer())
    blueprint = compensation_blueprint(BLUEPRINT)
    assert blueprint is not None
    with pytest.raises(ImplementationError, match="no implementation is registered"):
        factory.resolve(blueprint)
    factory.register("SendMail", Recalling(), replace=True)
    assert Factory().registered == ()
    assert factory.resolve(blueprint).name.endswith("Recalling:compensate")


def test_a_period_is_a_length_of_time() -> None:
    """Anything else is refused at registration, before anybody relies on it."""
    for wrong in (0, "24h", timedelta(0), timedelta(-1)):
        with pytest.raises(ImplementationError, match="no length of time"):
            Factory().register("SendMail", Recalling(expires_after=cast("timedelta", wrong)))
    assert period_of(Mailer()) is None


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (timedelta(days=1), "1 day"),
        (timedelta(days=30), "30 days"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(seconds=90), "90 seconds"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(seconds=0.5), "0.5 seconds"),
    ],
)
def test_periods_are_spoken(period: timedelta, words: str) -> None:
    """In the largest unit they are a whole number of."""
    assert spoken_period(period) == words


def test_the_preview_can_say_so() -> None:
    """That there is a way back, and for how long; nothing where there is none."""
    assert compensation_sentence(Mailer()) == ""
    assert compensation_sentence(Recalling()) == "it says that it can take it back"
    short = Recalling(expires_after=timedelta(hours=2))
    assert compensation_sentence(short) == "it says that it can take it back, within 2 hours"


def test_a_name_without_room_has_no_second_one() -> None:
    """Such a blueprint is not to be taken back, rather than under a name cut short."""
    long = BLUEPRINT.model_copy(update={"name": "A" * 70})
    assert compensation_blueprint(long) is None
