"""Policies over a real local org: what the org tells of people and records, and what a change means on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.scenario import action, blueprint, plan_of, task, value, win

from actwright import Actwright, Preview
from actwright.checkpoints.policy_difference import difference
from actwright.errors import PolicyChangedError, PolicyError, RefusedError
from actwright.guardrails.policy.policy import Policy
from actwright.testing import LocalOrg

pytestmark = pytest.mark.xdist_group("policy")


@dataclass
class SteppingClock:
    """A clock that is set by hand, first to noon."""

    moment: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the moment it stands at."""
        return self.moment


Opened = Callable[..., Actwright]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where the policy stands."""
    return tmp_path / "policy.yaml"


@pytest.fixture
def under(shared_org: LocalOrg, file: Path) -> Opened:
    """Return a way to open Actwright under a policy of one rule a line."""

    def opened(*rules: str, head: str = "", user: str = "alice") -> Actwright:
        write(file, *rules, head=head)
        return shared_org.as_user(user, settings={"policy": file})

    return opened


def write(file: Path, *rules: str, head: str = "") -> None:
    """Write a policy of one rule a line."""
    lines = [f"  - {{id: r{at}, description: Rule {at}, {each}}}" for at, each in enumerate(rules)]
    file.write_text("\n".join(["version: 1", head, *(["rules:", *lines] if lines else [])]) + "\n")


def calling(app: Actwright) -> Preview:
    """Return the preview of a task."""
    return app.preview(plan_of(app, task()))


def test_a_standing_amount_is_read_where_a_rule_looks_at_it(under: Opened) -> None:
    """The stage alone is written; the amount the record holds decides, at the cost of one more call."""
    match = "match: {transitions: [{field: StageName, to: [Closed Won]}], amounts: [{field: Amount, over: %d}]}"
    asks = "effect: require, require: {people: 2}"
    big = under(f"{match % 100_000}, {asks}")
    shown = big.preview(plan_of(big, win()))
    assert shown.approval.people == 2
    assert [each.rule.source for each in shown.decisions] == ["policy.yaml:4"]
    assert shown.policy_version.startswith("pol_")
    bigger = under(f"{match % 200_000}, {asks}")
    other = bigger.preview(plan_of(bigger, win()))
    assert other.approval.plain
    assert other.digest != shown.digest


def test_what_the_org_tells_of_a_person(under: Opened) -> None:
    """Role and profile are the org's own words, read only where a rule asks for them."""
    app = under("match: {roles: [Nobody At All]}, effect: deny")
    rows = app.query(f"SELECT Profile.Name, UserRole.Name FROM User WHERE Id = '{app.org.user.id}'")
    profile, role = rows[0]["Profile"]["Name"], rows[0]["UserRole"]["Name"]  # type: ignore[call-overload,index]  # rows are JSON
    assert calling(app).blocked == ()
    for match in (f"profiles: ['{profile}']", f"roles: ['{role}']"):
        blocked = calling(under(f"match: {{{match}}}, effect: deny")).blocked
        assert [each.code for each in blocked] == ["policy_denied"], match


def test_a_policy_changed_on_the_way_stops_everything(under: Opened, file: Path) -> None:
    """Between preview and yes, and between yes and run; nothing is sent, and a new preview is asked for."""
    app = under("match: {objects: [Lead]}, effect: deny")
    shown = calling(app)
    write(file, "match: {objects: [Case]}, effect: deny")
    with pytest.raises(PolicyChangedError) as caught:
        app.confirm(shown, approver="Alice")
    assert caught.value.error_code == "policy_changed"
    assert "Preview the plan again" in str(caught.value.hint)
    assert app.confirm(shown, approver="Alice", answer="no").answer == "no"
    again = calling(app)
    yes = app.confirm(again, approver="Alice")
    before = app.org.api_calls
    write(file)
    ended = app.run(again, yes)
    assert not ended.success
    assert "policy has changed" in " ".join(ended.errors)
    assert app.org.api_calls == before
    write(file, "match: {objects: [Case]}, effect: deny")
    assert app.run(again, yes).success


def test_a_policy_that_is_gone_stops_everything(under: Opened, file: Path) -> None:
    """Nothing falls back to the built-in one."""
    app = under()
    shown = calling(app)
    yes = app.confirm(shown, approver="Alice")
    file.unlink()
    ended = app.run(shown, yes)
    assert not ended.success
    with pytest.raises(PolicyError):
        calling(app)


def test_deletes_need_the_rule_and_the_word(under: Opened) -> None:
    """A rule that allows them allows none without --allow-delete, nor the other way round."""
    gone = action("gone", blueprint("DELETE", "Task", "Id"), Id=value("00T000000000001EAA"))

    def codes(app: Actwright, *, allow: bool) -> set[str]:
        plan = plan_of(app, gone, goal="delete 00T000000000001EAA")
        found = app.preview(plan, allow_delete=allow).blocked
        return {each.code for each in found} - {"record_not_found"}

    allowing = under("match: {objects: [Task], operations: [DELETE]}, effect: allow")
    assert codes(allowing, allow=False) == {"delete_not_allowed"}
    assert codes(allowing, allow=True) == set()
    silent = under()
    assert codes(silent, allow=True) == {"policy_denied"}


def test_a_budget_of_a_day_is_held_to_by_the_run(under: Opened) -> None:
    """Two confirmed plans where there is room for one: the second sends nothing."""
    app = under(head="budgets: [{id: b, description: One a day, per: day, rows: 1}]", user="bob")
    first, second = calling(app), calling(app)
    answers = [app.confirm(each, approver="Bob") for each in (first, second)]
    assert app.run(first, answers[0]).success
    refused = app.run(second, answers[1])
    assert not refused.success
    assert "One a day" in " ".join(refused.errors)
    assert [each.code for each in calling(app).blocked] == ["policy_budget"]


def test_log_only_is_loud_and_recorded(under: Opened) -> None:
    """The first notice of the preview, a warning for each rule, and decisions that say what was not enforced."""
    app = under("match: {objects: [Task]}, effect: deny", head="mode: log-only")
    shown = calling(app)
    assert shown.blocked == ()
    assert shown.notices[0].startswith("THE POLICY ONLY LOGS")
    stored = app.previews.get(shown.id)
    assert [(each.effect, each.enforced) for each in stored.decisions] == [("deny", False)]
    assert [each.code for each in stored.issues] == ["policy_log_only"]
    assert app.run(shown, app.confirm(shown, approver="Alice")).success


def test_what_the_built_in_policy_stops_nobody_can_confirm(shared_org: LocalOrg) -> None:
    """An address a model made up is refused before anybody is asked; the same one from the goal is not."""
    app = shared_org.as_user()
    entry = blueprint("CREATE", "Contact", "LastName", "Email")
    evil = "collect@evil.example"
    act = action("mail", entry, LastName=value("Roe"), Email=value(evil))
    shown = app.preview(plan_of(app, act))
    assert [each.code for each in shown.blocked] == ["policy_denied"]
    with pytest.raises(RefusedError):
        app.confirm(shown, approver="Alice")
    said = app.preview(plan_of(app, act, goal=f"set the address to {evil}"))
    assert said.blocked == ()


def test_what_is_asked_for_meanwhile_is_asked_for(shared_org: LocalOrg, file: Path) -> None:
    """A rule that begins to hold between the yes and the run refuses it: by a window, for one more person."""
    clock = SteppingClock()
    window = "{from: '12:10', to: '13:00'}"
    write(file, f"match: {{during: [{window}]}}, effect: require, require: {{people: 2}}")
    app = shared_org.as_user(clock=clock, settings={"policy": file})
    shown = calling(app)
    assert shown.approval.plain
    yes = app.confirm(shown, approver="Alice")
    clock.moment += timedelta(minutes=15)
    ended = app.run(shown, yes)
    assert not ended.success
    assert "asks for more now" in " ".join(ended.errors)
    assert calling(app).approval.people == 2


def test_a_difference_says_what_stored_previews_would_become(under: Opened) -> None:
    """Rule by rule, and over the newest previews: the very ones the store holds."""
    app = under(user="dana")
    calling(app)
    old = Policy.parse("version: 1")
    new = Policy.parse(
        "version: 1\ndefault: deny\nrules: [{id: t, description: No tasks, match: {objects: [Task]}, effect: deny}]"
    )
    newest = app.previews.newest(1)
    found = difference(old, new, newest)
    assert [(each.id, each.change) for each in found.rules] == [
        ("default", "changed"),
        ("t", "added"),
    ]
    (other,) = found.previews
    assert (other.preview_id, other.before, other.after) == (newest[0].id, "allow", "deny")
    assert found.loosened == ()
    back = difference(new, old, newest)
    assert [each.preview_id for each in back.loosened] == [newest[0].id]
    assert difference(old, old, newest).previews == ()
    at = datetime.fromisoformat(newest[0].at)
    then = f"{{from: '{at:%H:%M}', to: '{at + timedelta(minutes=1):%H:%M}'}}"
    window = Policy.parse(
        f"version: 1\nrules: [{{id: w, description: Not then, match: {{during: [{then}]}}, effect: deny}}]"
    )
    assert [each.after for each in difference(old, window, newest).previews] == ["deny"]
