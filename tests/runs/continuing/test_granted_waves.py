"""Runs that a grant began: waves it covers go on by themselves, and what lies outside waits for a person."""

from __future__ import annotations

import asyncio

import pytest
from tests.kept_runs import unguarded
from tests.opaque_scene import ALLOWED, Mailer, mail
from tests.scenario import plan_of, value

from actwright import Actwright, Preview
from actwright.canonical import Json
from actwright.checkpoints.grants.grant import Grant
from actwright.errors import (
    ConfirmationForeignError,
    GrantError,
    GrantExceededError,
    JournalDamagedError,
)
from actwright.testing import LocalOrg


@pytest.fixture
def mailer() -> Mailer:
    """Give an override that acts by itself."""
    return Mailer()


@pytest.fixture
def app(shared_org: LocalOrg, mailer: Mailer) -> Actwright:
    """Give Alice's Actwright, whose mails the override sends."""
    made = shared_org.as_user(settings=ALLOWED)
    made.register("SendMail", mailer)
    return made


def first_part(app: Actwright, *, provenance: str = "data") -> Preview:
    """Return the preview of the first of two mails; the second is handed what the first puts out."""
    data: dict[str, Json] = {"to": "jane@example.com"}
    first = mail("first") | {"arguments": {"To": value("jane@example.com", provenance)}}
    second = mail("second") | {
        "arguments": {"To": {"from": "actions.first.output.messageId"}},
        "dependsOn": ["first"],
    }
    plan = plan_of(app, first, second, goal="mail jane@example.com twice", data=data)
    return app.preview(plan)


def made_for(app: Actwright, preview: Preview, **ceilings: object) -> Grant:
    """Make the grant that a preview proposes, under other ceilings where some are given."""
    draft = app.propose_grant(preview, approver="Ann", uses=5)
    return app.make_grant(app.with_ceilings(draft, ceilings))


def test_a_covered_wave_goes_on_by_itself(app: Actwright, mailer: Mailer) -> None:
    """Nobody is asked; all effects of the run count as one use, and the wave stands beside it."""
    preview = first_part(app)
    grant = made_for(app, preview, rows=2)
    result = app.run(preview, app.confirm_by_grant(preview, grant.id))
    assert (result.status, result.errors) == ("completed", ())
    assert [each["To"] for each in mailer.acted] == ["jane@example.com", "m-1"]
    use, wave = app.grants.uses(grant)
    assert (use.number, wave.number, use.run_id) == (1, 0, result.run_id)
    assert use.run_id == wave.run_id
    events = app.events(result.run_id or "")
    told = [each.data["grant"] for each in events if each.kind in {"run_started", "run_continued"}]
    assert told == [grant.id, grant.id]
    assert {each.approver for each in app.run_state(use.run_id).stages} == {f"grant:{grant.id}"}


def test_on_an_event_loop_it_goes_on_too(app: Actwright, mailer: Mailer) -> None:
    """The asynchronous twin, which workers use, does the same."""
    preview = first_part(app)
    grant = made_for(app, preview, rows=2)
    result = asyncio.run(app.arun(preview, app.confirm_by_grant(preview, grant.id)))
    assert result.status == "completed"
    assert len(mailer.acted) == 2


@pytest.mark.parametrize(
    ("ceilings", "named"),
    [
        ({}, "rows: 2 effects, and the grant allows 1 a run"),
        (
            {"rows": 2, "refused_provenance": ("extract", "model", "output")},
            "provenance: SendMail.To from output (second.1), and the grant allows none from",
        ),
    ],
)
def test_a_wave_outside_waits_for_a_person(
    app: Actwright, mailer: Mailer, ceilings: dict[str, object], named: str
) -> None:
    """Its reason names the ceiling, whoever looks; a person's yes carries it on."""
    preview = first_part(app)
    grant = made_for(app, preview, **ceilings)
    result = app.run(preview, app.confirm_by_grant(preview, grant.id))
    assert (result.status, len(mailer.acted)) == ("waiting", 1)
    assert any(named in each for each in result.warnings), result.warnings
    run_id = result.run_id or ""
    state = app.run_state(run_id)
    assert state.waiting_for == "confirmation"
    assert state.reason.startswith("A person has to say yes to what comes next. The grant grt_")
    assert named in state.reason
    before = len(app.events(run_id))
    assert app.resume(run_id).status == "waiting"
    assert len(app.events(run_id)) == before, "it was asked once, and told once"
    further = app.wave(run_id)
    with pytest.raises(GrantExceededError):
        app.confirm_by_grant(further)
    done = app.go_on(run_id, app.confirm(further, approver="Alice Archer"))
    assert (done.status, len(mailer.acted)) == ("completed", 2)


def test_a_grant_revoked_during_a_run_lets_nothing_more_happen(
    app: Actwright, mailer: Mailer
) -> None:
    """What is out is finished; the next wave waits for a person, and says that the grant was revoked."""
    preview = first_part(app)
    grant = made_for(app, preview, rows=2)

    def act(_: object) -> object:
        app.grants.revoke(grant.id, by="Ann", why="enough")
        return {"messageId": "m-1"}

    mailer.answer = act
    result = app.run(preview, app.confirm_by_grant(preview, grant.id))
    assert (result.status, len(mailer.acted)) == ("waiting", 1)
    assert "was revoked" in app.run_state(result.run_id or "").reason


def test_a_grant_narrowed_during_a_run_holds_for_the_rest_of_it(
    app: Actwright, mailer: Mailer
) -> None:
    """The newest version is asked, with all that the run has done already."""
    preview = first_part(app)
    grant = made_for(app, preview, rows=2)

    def act(_: object) -> object:
        app.grants.narrow(grant.id, {"rows": 1}, by="Ann")
        return {"messageId": "m-1"}

    mailer.answer = act
    result = app.run(preview, app.confirm_by_grant(preview, grant.id))
    assert (result.status, len(mailer.acted)) == ("waiting", 1)
    assert "rows: 2 effects, and the grant allows 1" in app.run_state(result.run_id or "").reason


def test_nothing_goes_on_by_an_edited_journal(app: Actwright, mailer: Mailer) -> None:
    """Edited meanwhile: no wave, and not a word of it behind the edit."""
    preview = first_part(app)
    grant = made_for(app, preview, rows=2)

    run_id = app.enqueue(preview, app.confirm_by_grant(preview, grant.id))

    def edit(before: str, after: str) -> None:
        with unguarded(app.journal.database) as execute:
            execute(
                f"UPDATE journal SET actor = replace(actor, '{before}', '{after}') "
                f"WHERE run_id = '{run_id}' AND seq = 1"
            )

    def act(_: object) -> object:
        edit("grant:", "ghost:")
        return {"messageId": "m-1"}

    mailer.answer = act
    with pytest.raises(JournalDamagedError, match="event 1"):
        app.resume(run_id)
    assert [each.kind for each in app.events(run_id)].count("run_waiting") == 1
    assert len(mailer.acted) == 1
    edit("ghost:", "grant:")


def test_a_run_begun_by_a_person_waits_for_a_person(app: Actwright, mailer: Mailer) -> None:
    """No grant joins in, however far it reaches, and none is found for it."""
    preview = first_part(app)
    grant = made_for(app, preview, rows=2)
    result = app.run(preview, app.confirm(preview, approver="Alice Archer"))
    assert (result.status, len(mailer.acted)) == ("waiting", 1)
    further = app.wave(result.run_id or "")
    with pytest.raises(GrantError, match="was not begun by the grant") as caught:
        app.confirm_by_grant(further, grant.id)
    assert caught.value.error_code == "grant_foreign"
    with pytest.raises((GrantError, ConfirmationForeignError)):
        app.confirm_by_grant(further)


def test_a_worker_begins_what_a_grant_queued(app: Actwright, mailer: Mailer) -> None:
    """The use is taken when the run is queued; who carries it out goes on with the wave."""
    preview = first_part(app)
    grant = made_for(app, preview, rows=2)
    run_id = app.enqueue(preview, app.confirm_by_grant(preview, grant.id))
    assert app.grants.used(grant).uses == 1
    app.grants.narrow(grant.id, {"uses": 1}, by="Ann")
    assert asyncio.run(app.aresume(run_id, why="queued")).status == "completed"
    assert len(mailer.acted) == 2


def test_runs_that_share_a_commit_share_no_use(app: Actwright, mailer: Mailer) -> None:
    """Four begin on one event loop, two uses are left: two run, and two are told that nothing is left."""
    plan = plan_of(
        app,
        mail("only") | {"arguments": {"To": value("jane@example.com", "data")}},
        goal="mail jane@example.com",
        data={"to": "jane@example.com"},
    )
    previews = [app.preview(plan) for _ in range(4)]
    grant = made_for(app, previews[0], uses=2)
    yes = [app.confirm_by_grant(each, grant.id) for each in previews]

    async def together() -> list[str | None]:
        """Begin all four, and return what stopped each."""
        runs = (app.arun(each, one) for each, one in zip(previews, yes, strict=True))
        return [each.stopped_by for each in await asyncio.gather(*runs)]

    came = asyncio.run(together())
    assert sorted(came, key=str) == [None, None, "grant_refused", "grant_refused"]
    assert len(mailer.acted) == len(app.grants.uses(grant)) == 2


def test_a_queued_run_whose_grant_is_revoked_sends_nothing(app: Actwright, mailer: Mailer) -> None:
    """Revoking counts at once: the use is taken, and what nobody has sent yet is not sent."""
    preview = first_part(app)
    grant = made_for(app, preview, rows=2)
    run_id = app.enqueue(preview, app.confirm_by_grant(preview, grant.id))
    app.grants.revoke(grant.id, by="Bo", why="no more")
    result = app.resume(run_id)
    assert (result.status, mailer.acted) == ("failed", [])
    assert "was revoked" in " ".join(result.errors)
