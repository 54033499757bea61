"""The class Actwright: four calls from a goal to a changed record, and what it does around them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from tests.scenario import action, plan_of, previewed, sign_in, task, win

from actwright import ActionRequest, Actwright, Effect, Settings
from actwright.connectors.salesforce.limits import Patience
from actwright.errors import (
    ConfigError,
    ImplementationError,
    NotFoundError,
    OrgAuthenticationError,
    OrgUnreachableError,
    PlanError,
    StoreError,
)
from actwright.planning.planner import PlanningOutcome, PlanningRequest
from actwright.testing import FixedClock, LocalOrg, ScriptedPlanner


class Noted:
    """An override found by its path in the settings."""

    def effects(self, request: ActionRequest) -> Sequence[Effect]:
        """Return the update with a next step."""
        return (request.update("Opportunity", request.arguments["Id"], {"NextStep": "noted"}),)


def test_four_calls_change_a_record(local_org: LocalOrg) -> None:
    """Plan, preview, confirm, run: the goal in words ends as a changed record."""
    app = local_org.as_user()
    outcome = app.plan("Close the Acme Renewal as won")
    assert outcome.plan is not None, outcome
    preview = app.preview(outcome.plan)
    envelope = app.run(preview, app.confirm(preview, approver="Alice Archer"))
    assert envelope.success
    stage = sign_in(local_org.url).field("Opportunity", "Acme Renewal", "StageName")
    assert stage == "Closed Won"


def test_the_calls_take_ids_as_well_as_documents(shared_org: LocalOrg) -> None:
    """A stored plan and a stored preview are as good by id."""
    app = shared_org.as_user(planner=ScriptedPlanner([task(subject="By id")]))
    outcome = app.plan("anything")
    assert outcome.plan is not None
    preview = app.preview(outcome.plan.id)
    yes = app.confirm(preview.id, approver="Alice")
    assert app.run(preview.id, yes).success
    for wrong in (app.preview, app.run):
        with pytest.raises(NotFoundError):
            wrong("plan_nowhere")


def test_the_planner_is_asked_with_goal_and_data(shared_org: LocalOrg) -> None:
    """The port gets what the caller gave, an org it can only read from, and the clock."""
    planner, clock = ScriptedPlanner([task()]), FixedClock()
    app = shared_org.as_user(planner=planner, clock=clock)
    app.plan("ring Bo", data={"when": "2026-12-01"}, blueprint="task_create")
    (request,) = planner.requests
    assert (request.goal, dict(request.data)) == ("ring Bo", {"when": "2026-12-01"})
    assert (request.blueprint, request.clock) == ("task_create", clock)
    assert not hasattr(request.org, "send")


def test_a_scripted_planner_refuses_where_nothing_is_scripted(shared_org: LocalOrg) -> None:
    """No actions are a refusal, and an unknown blueprint is an error."""
    app = shared_org.as_user(planner=ScriptedPlanner([]))
    outcome = app.plan("anything")
    assert outcome.plan is None
    assert outcome.refusal is not None
    wrong = shared_org.as_user(planner=ScriptedPlanner([action("a", "no_such_blueprint")]))
    with pytest.raises(PlanError, match="no_such_blueprint"):
        wrong.plan("anything")


def test_overrides_come_from_the_settings(shared_org: LocalOrg) -> None:
    """A line in the settings file registers an override for every command."""
    settings = Settings(
        home=shared_org.home,
        user="alice",
        actions={"UpdateOpportunityStage": f"{Noted.__module__}:Noted"},
    )
    with Actwright(settings=settings, local_org=shared_org._running) as app:
        preview = previewed(app, win(name="Globex Pilot"))
        assert preview.actions[0].implementation == f"{Noted.__module__}:Noted"
        app.clear()
        assert previewed(app, win(name="Globex Pilot")).actions[0].implementation_kind == "standard"


def test_a_broken_override_in_the_settings_is_told_before_a_preview(shared_org: LocalOrg) -> None:
    """Looking at runs imports no override; a plan that needs it is refused, and never falls back on something else."""
    goal = "move Globex Pilot to Qualification"
    plan = shared_org.as_user().plan(goal).plan
    assert plan is not None
    broken = {plan.actions[0].blueprint.name: "nowhere:at_all"}
    settings = Settings(home=shared_org.home, user="alice", actions=broken)
    with Actwright(settings=settings, local_org=shared_org._running) as app:
        app.runs()
        outcome = app.plan(goal)
        assert outcome.plan is not None
        with pytest.raises(ImplementationError, match="nowhere:at_all"):
            app.preview(outcome.plan)


def test_blueprints_of_ones_own_join_the_library(tmp_path: Path) -> None:
    """A folder in the settings is read beside the bundled one; a folder that is not there is an error."""
    (tmp_path / "ours.json").write_text(
        '{"name": "Ours", "operation": "CREATE", "targetSObject": "Task", "inputs": []}',
        encoding="utf-8",
    )
    with Actwright(settings=Settings(home=tmp_path / "home", blueprints=(tmp_path,))) as app:
        assert app.library.find("ours") is not None
        assert app.library.find("task_create") is not None
    gone = Settings(home=tmp_path / "home", blueprints=(tmp_path / "absent",))
    with Actwright(settings=gone) as app, pytest.raises(ConfigError):
        _ = app.library


def test_the_lifetime_of_a_yes_comes_from_the_settings_or_the_call(shared_org: LocalOrg) -> None:
    """What the call says is stronger."""
    settings = Settings(home=shared_org.home, user="alice", confirmation_minutes=5)
    clock = FixedClock()
    with Actwright(settings=settings, clock=clock, local_org=shared_org._running) as app:
        preview = previewed(app, task())
        short = app.confirm(preview, approver="Alice")
        longer = app.confirm(preview, approver="Alice", lifetime=timedelta(hours=1))
    assert short.expires_at == "2026-11-21T15:05:00.000Z"
    assert longer.expires_at == "2026-11-21T16:00:00.000Z"


def test_nothing_is_started_before_it_is_needed(tmp_path: Path) -> None:
    """Opening and closing Actwright starts no org."""
    with Actwright(settings=Settings(home=tmp_path)) as app:
        assert app.runs() == ()
    assert not (tmp_path / "localorg.db").exists()


def test_the_local_org_is_started_when_it_is_needed_and_ended_with_us(tmp_path: Path) -> None:
    """The first question starts it; closing ends it; what it holds stays."""
    with Actwright(settings=Settings(home=tmp_path)) as app:
        assert app.org.user.username.startswith("alice@")
        assert app.org.identity.local
        url = app.org.identity.url
    with pytest.raises(OSError, match=r"refused|Connection"):
        sign_in(url)
    assert (tmp_path / "localorg.db").exists()


def test_a_closed_actwright_says_so(tmp_path: Path) -> None:
    """Using it after it was closed is a store error, not a crash."""
    app = Actwright(settings=Settings(home=tmp_path))
    app.close()
    app.close()
    with pytest.raises(StoreError):
        app.runs()


def test_a_running_local_org_reached_by_address_is_not_ours(
    shared_org: LocalOrg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An org is local only where we started it ourselves: by address it is like any other."""
    monkeypatch.setenv("ACTWRIGHT_CLIENT_SECRET", "localorg")
    settings = Settings(home=tmp_path, org=shared_org.url, user="alice")
    with Actwright(settings=settings) as app:
        assert not app.org.identity.local
        assert app.org.user.username.startswith("alice@")


def test_there_must_be_a_way_to_log_in(tmp_path: Path) -> None:
    """Without credentials the error lists the ways, before anything is sent anywhere."""
    settings = Settings(home=tmp_path, org="https://acme.example", user="a@acme.example")
    with Actwright(settings=settings) as app, pytest.raises(ConfigError) as caught:
        _ = app.org
    assert "ACTWRIGHT_PRIVATE_KEY_FILE" in (caught.value.hint or "")


def test_a_private_key_that_cannot_be_read_is_a_configuration_error(tmp_path: Path) -> None:
    """The path is named, its content never."""
    missing = tmp_path / "absent.pem"
    settings = Settings(
        home=tmp_path,
        org="https://acme.example",
        user="a@acme.example",
        client_id="x",
        private_key_file=missing,
    )
    with Actwright(settings=settings) as app, pytest.raises(ConfigError) as caught:
        _ = app.org
    assert caught.value.where == str(missing)


def test_somebody_elses_session_is_refused(
    shared_org: LocalOrg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session that is not the named person's would have somebody else's rights."""
    token = sign_in(shared_org.url).token
    monkeypatch.setenv("ACTWRIGHT_SESSION_TOKEN", token)
    settings = Settings(home=tmp_path, org=shared_org.url, user="alice")
    with (
        Actwright(settings=settings) as app,
        pytest.raises(OrgAuthenticationError, match="not alice's") as caught,
    ):
        _ = app.org
    assert token not in f"{caught.value} {caught.value.hint}"


def test_a_dead_org_is_an_error_and_nothing_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing answers, the error says so, with exit code 1."""
    monkeypatch.setenv("ACTWRIGHT_SESSION_TOKEN", "x")
    monkeypatch.setattr(Patience, "_backoff", lambda *_: 0.0)
    settings = Settings(home=tmp_path, org="http://127.0.0.1:1", user="alice")
    with Actwright(settings=settings) as app, pytest.raises(OrgUnreachableError) as caught:
        _ = app.org
    assert caught.value.exit_code == 1


def test_a_plan_made_here_is_found_again(shared_org: LocalOrg) -> None:
    """A plan is stored when it is previewed, an edited one beside it under an id of its own."""
    app = shared_org.as_user()
    plan = plan_of(app, task())
    preview = app.preview(plan, payload={"task": {"Priority": "High"}})
    assert preview.plan_id != plan.id
    assert "Priority" in app.plans.get(preview.plan_id).actions[0].arguments


class Liar:
    """A planner that writes what it likes into the goal, so that its ids would seem to come from there."""

    def plan(self, request: PlanningRequest) -> PlanningOutcome:
        """Plan another goal than the one that was asked."""
        honest = ScriptedPlanner([{"id": "a", "blueprint": "task_create"}]).plan(request)
        assert honest.plan is not None
        return PlanningOutcome(plan=honest.plan.model_copy(update={"goal": "mine"}))


def test_a_planner_cannot_change_the_goal(shared_org: LocalOrg) -> None:
    """A plan of another goal than was asked for is refused before it is stored."""
    with pytest.raises(PlanError, match="another goal"):
        shared_org.as_user(planner=Liar()).plan("create a task")


def test_there_is_nothing_to_preview_without_a_plan(shared_org: LocalOrg) -> None:
    """Handing in the missing plan of a refusal is told as such."""
    refused = shared_org.as_user().plan("close the window")
    with pytest.raises(PlanError, match="no plan"):
        shared_org.as_user().preview(refused.plan)  # type: ignore[arg-type]  # that is the mistake


def test_a_yes_to_an_edit_takes_back_the_yes_before_it(shared_org: LocalOrg) -> None:
    """Of a preview and its edit only one is carried out, whoever had said yes to the first."""
    app = shared_org.as_user(planner=ScriptedPlanner([task(subject="Once")]))
    plan = app.plan("anything").plan
    assert plan is not None
    first = app.preview(plan)
    old = app.confirm(first, approver="Alice")
    edited = app.edit(first, values={"task.Subject": "Twice"})
    new = app.confirm(edited, approver="Alice")
    assert app.run(first, old).stopped_by == "confirmation_refused"
    assert app.run(edited, new).success
