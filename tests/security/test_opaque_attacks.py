"""Attacks through overrides that act by themselves: nothing but an allowed, confirmed, unchanged one ever acts."""

from __future__ import annotations

import asyncio

import pytest
from tests.opaque_scene import ALLOWED, SEND_MAIL, Mailer, mail
from tests.scenario import action, plan_of, previewed, value

from actwright import ActionRequest, Actwright, Effect, Preview
from actwright.canonical import Json
from actwright.checkpoints.digest import preview_digest
from actwright.errors import DocumentEditedError, RefusedError
from actwright.runs.carrying.orchestrator import Orchestrator
from actwright.runs.carrying.readiness import LastLook
from actwright.testing import LocalOrg, ScriptedPlanner


@pytest.fixture
def mailer() -> Mailer:
    """Return an override that keeps what it was handed."""
    return Mailer()


@pytest.fixture
def forbidding(shared_org: LocalOrg, mailer: Mailer) -> Actwright:
    """Give an Actwright that knows the override and does not allow it."""
    app = shared_org.as_user(settings={"allow_opaque": ("sendmail", "SendMail ", "Send")})
    app.register("SendMail", mailer)
    return app


@pytest.fixture
def allowing(shared_org: LocalOrg, mailer: Mailer) -> Actwright:
    """Give an Actwright that allows it."""
    app = shared_org.as_user(settings=ALLOWED)
    app.register("SendMail", mailer)
    return app


def test_a_plan_of_a_model_cannot_reach_one_that_is_not_allowed(
    shared_org: LocalOrg, mailer: Mailer
) -> None:
    """Whatever blueprint it writes; names merely alike allow nothing, and nobody can say yes to it."""
    planner = ScriptedPlanner([mail()])
    app = shared_org.as_user(planner=planner, settings={"allow_opaque": ("sendmail", "Send")})
    app.register("SendMail", mailer)
    preview = app.preview(app.plan("send a mail to jane@example.com").plan)  # type: ignore[arg-type]  # there is one
    assert [each.code for each in preview.blocked] == ["opaque_not_allowed"]
    with pytest.raises(RefusedError):
        app.confirm(preview, approver="Alice")
    assert not app.run(preview).success
    assert mailer.acted == []


def test_previews_deep_or_not_and_runs_without_a_yes_never_call_it(
    allowing: Actwright, mailer: Mailer
) -> None:
    """It is called by nothing but the run of its own confirmation."""
    plan = plan_of(allowing, mail())
    preview = allowing.preview(plan)
    allowing.preview(plan, deep=True)
    allowing.preview(plan, apart=True)
    assert not allowing.run(preview).success
    no = allowing.confirm(preview, approver="Alice", answer="no")
    assert not allowing.run(preview, no).success
    assert mailer.acted == []


def test_a_confirmation_lets_it_act_once(allowing: Actwright, mailer: Mailer) -> None:
    """A second run of the same yes does nothing."""
    preview = previewed(allowing, mail())
    yes = allowing.confirm(preview, approver="Alice")
    assert allowing.run(preview, yes).success
    assert not allowing.run(preview, yes).success
    assert len(mailer.acted) == 1


def test_an_allowance_that_was_taken_back_counts_at_the_run(
    allowing: Actwright, forbidding: Actwright, mailer: Mailer
) -> None:
    """Just before it acts the settings are asked again."""
    preview = previewed(allowing, mail())
    yes = allowing.confirm(preview, approver="Alice")
    envelope = forbidding.run(preview.id, yes)
    assert envelope.stopped_by == "refused"
    assert [each.code for each in envelope.results[0].issues] == ["opaque_not_allowed"]
    assert mailer.acted == []


def test_a_last_look_allows_nothing_by_itself(allowing: Actwright, mailer: Mailer) -> None:
    """Whoever builds a run by hand, without an allowance, lets nothing act."""
    preview = previewed(allowing, mail())
    yes = allowing.confirm(preview, approver="Alice")
    look = LastLook(allowing.org, allowing._factory, allowing.clock)
    by_hand = Orchestrator(
        look,
        allowing._engine,
        allowing._pool,
        allowing.confirmations,
        allowing.plans,
        allowing.previews,
    )
    plan = allowing.plans.get(preview.plan_id)
    envelope = asyncio.run(by_hand.run(plan, preview, yes))
    assert envelope.stopped_by == "refused"
    assert mailer.acted == []


def test_an_edited_promise_is_not_what_was_confirmed(allowing: Actwright, mailer: Mailer) -> None:
    """Promises and arguments are digested; a copy with others is refused, also with a digest of its own."""
    preview = previewed(allowing, mail())
    (group,) = preview.groups
    changed = group.effects[0].changes[0].model_copy(update={"after": "eve@example.com"})
    for update in ({"promises": ("Does nothing.",)}, {"changes": (changed,)}):
        effect = group.effects[0].model_copy(update=update)
        groups = (group.model_copy(update={"effects": (effect,)}),)
        forged = preview.model_copy(update={"groups": groups})
        assert _digest(forged) != preview.digest
        for each in (forged, forged.model_copy(update={"digest": _digest(forged)})):
            with pytest.raises(DocumentEditedError):
                allowing.confirm(each, approver="Alice")
    assert mailer.acted == []


def _digest(preview: Preview) -> str:
    return preview_digest(
        groups=preview.groups,
        actions=preview.actions,
        question=preview.question,
        user=preview.running_user,
        org=preview.org,
        policy_version=preview.policy_version,
    )


def test_an_ordinary_override_cannot_pass_for_one(allowing: Actwright, mailer: Mailer) -> None:
    """An opaque effect out of an ordinary override is refused, though its blueprint is allowed to act by itself."""

    class Sly:
        """Hands out what another override promises."""

        def effects(self, request: ActionRequest) -> list[Effect]:
            """Return an opaque effect."""
            return [
                Effect(
                    id="mail.1",
                    action_id=request.action_id,
                    kind="opaque",
                    operation="CALL",
                    object="SendMail",
                    promises=("Does nothing.",),
                )
            ]

    allowing.register("SendMail", Sly(), replace=True)
    preview = previewed(allowing, mail())
    assert [each.code for each in preview.blocked] == ["effect_unchecked"]
    assert preview.effects == ()
    assert mailer.acted == []


def test_promises_cannot_break_out_of_the_question(allowing: Actwright, mailer: Mailer) -> None:
    """However they are written, they stay on one line, bounded, and without what cannot be seen."""
    mailer.words = "Nothing.\n\x1b[2K\u202eDigest: 0000" + "x" * 5_000
    preview = previewed(allowing, mail())
    assert len(preview.question.splitlines()) == 1
    assert not set(preview.question) & set("\x1b\u202e")
    assert len(preview.question) < 1_000
    assert len(preview.effects[0].promises[0]) <= 300


def test_the_reader_it_is_handed_cannot_write(allowing: Actwright, mailer: Mailer) -> None:
    """Neither for its promises nor when it acts: what it does, it does by its own means."""
    seen: list[bool] = []

    def look(request: ActionRequest) -> object:
        seen.append(hasattr(request.reader, "send"))
        return {}

    mailer.answer = look
    preview = previewed(allowing, mail())
    assert allowing.run(preview, allowing.confirm(preview, approver="Alice")).success
    assert seen == [False]


def test_a_rate_limit_holds_it_back(allowing: Actwright, mailer: Mailer) -> None:
    """Acting by itself is a use like any other."""
    limit: Json = {"type": "RATE_LIMIT", "params": {"max": 1, "per": "day"}}
    first = previewed(allowing, mail("mail", "a@example.com", limit))
    second = previewed(allowing, mail("mail", "b@example.com", limit))
    yes = allowing.confirm(second, approver="Alice")
    assert allowing.run(first, allowing.confirm(first, approver="Alice")).success
    assert allowing.run(second, yes).stopped_by == "refused"
    assert len(mailer.acted) == 1


def test_an_action_of_another_name_does_not_inherit_the_allowance(
    allowing: Actwright, mailer: Mailer
) -> None:
    """What is allowed is one blueprint's override, not the override as such."""
    allowing.register("SendMore", mailer)
    other = action("mail", SEND_MAIL | {"name": "SendMore"}, To=value("x@example.com"))
    assert [each.code for each in previewed(allowing, other).blocked] == ["opaque_not_allowed"]
