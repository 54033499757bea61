"""Evidence is read from what is kept of plannings and from what became of their plans."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.telemetry.fates.plan_life import PlanLife
from tests.telemetry.ranking.many_plannings import ASKED, Plannings

from actwright.store.documents import Documents


@pytest.fixture
def plannings(tmp_path: Path) -> Iterator[Plannings]:
    """Return a store of the test's own."""
    life = PlanLife.at(tmp_path)
    yield Plannings(life)
    life.database.close()


def test_what_was_carried_out_counts_for_its_blueprints(plannings: Plannings) -> None:
    """Three plans of two people, each with two blueprints, speak for both of them."""
    for user in ("al", "bo", "al"):
        plan = plannings.made(user)
        plannings.life.ran(plannings.life.previewed(plan))
    names = {each.blueprint.name for each in plan.actions}
    found = plannings.evidence.of(ASKED)
    assert found.keys() == names
    assert {(each.kept, each.turned, each.people) for each in found.values()} == {(3, 0, 2)}
    assert all(each.favour > 0 for each in found.values())


def test_what_was_refused_or_undone_counts_against_them(plannings: Plannings) -> None:
    """A no, and a run that was taken back."""
    life = plannings.life
    for user in ("al", "bo"):
        life.answered(life.previewed(plannings.made(user)), "no")
    run_id = life.ran(life.previewed(plannings.made("cy")))
    life.ran(life.previewed(life.planned("take it back")), undoes=run_id)
    found = plannings.evidence.of(ASKED)
    assert {(each.kept, each.turned) for each in found.values()} == {(0, 3)}
    assert all(each.favour < 0 for each in found.values())


def test_what_an_edit_took_away_counts_against_it_and_what_it_left_for_the_rest(
    plannings: Plannings,
) -> None:
    """The plan that people said yes to after their edit decides."""
    life = plannings.life
    for user in ("al", "bo", "cy"):
        plan = plannings.made(user)
        final = life.edited(plan, a2=None)
        life.ran(life.previewed(final))
    first, second = (each.blueprint.name for each in plan.actions)
    found = plannings.evidence.of(ASKED)
    assert (found[first].kept, found[first].turned) == (3, 0)
    assert (found[second].kept, found[second].turned) == (0, 3)


def test_what_was_only_looked_at_or_failed_teaches_nothing(plannings: Plannings) -> None:
    """Neither a preview without an answer, nor a yes that waits, nor a run that failed, is anybody's opinion."""
    life = plannings.life
    for user in ("al", "bo", "cy", "di"):
        life.previewed(plannings.made(user))
        life.answered(life.previewed(plannings.made(user)))
        life.ran(life.previewed(plannings.made(user)), "failed", done=0)
    assert plannings.evidence.of(ASKED) == {}


def test_one_plan_counts_once_for_whoever_planned_it_first(plannings: Plannings) -> None:
    """Planning another person's goals again adds no voice of one's own."""
    life = plannings.life
    for _ in range(3):
        plan = plannings.made("al")
        life.ran(life.previewed(plan))
        plannings.record(plan, "bo")
    assert plannings.evidence.of(ASKED) == {}


def test_other_goals_and_other_orgs_do_not_count(plannings: Plannings) -> None:
    """Only plans for the same org and for goals that are alike."""
    life = plannings.life
    for user in ("al", "bo", "cy"):
        life.ran(life.previewed(plannings.made(user, "https://other.example")))
    assert plannings.evidence.of(ASKED) == {}
    for user in ("al", "bo", "cy"):
        life.ran(life.previewed(plannings.made(user)))
    assert plannings.evidence.of(ASKED)
    for goal in ("escalate the case", "do not " + ASKED, "", "\u202e"):
        assert plannings.evidence.of(goal) == {}


def test_a_damaged_record_is_left_out(plannings: Plannings) -> None:
    """A recommendation is never stopped by what was kept of earlier ones."""
    life = plannings.life
    for user in ("al", "bo", "cy"):
        life.ran(life.previewed(plannings.made(user)))
    with life.database.write() as transaction:
        transaction.execute("UPDATE planning SET body = '{' WHERE id = 'planning_1'")
    assert plannings.evidence.of(ASKED) == {}
    for user in ("al", "bo"):
        life.ran(life.previewed(plannings.made(user)))
    assert plannings.evidence.of(ASKED)
    life.database.close()
    assert plannings.evidence.of(ASKED) == {}


@pytest.mark.parametrize("at", ["", "yesterday", "2026-11-01T00:00:00"])
def test_a_record_whose_moment_is_damaged_is_left_out(plannings: Plannings, at: str) -> None:
    """What no clock says stops no recommendation, and the others still count."""
    life = plannings.life
    for user in ("al", "bo", "cy", "di"):
        life.ran(life.previewed(plannings.made(user)))
    with life.database.write() as transaction:
        key = "planning_1"
        row = transaction.execute("SELECT body FROM planning WHERE id = ?", (key,)).fetchone()
        body = json.dumps(json.loads(row[0]) | {"at": at})
        transaction.execute("UPDATE planning SET body = ? WHERE id = ?", (body, key))
    assert {(each.kept, each.people) for each in plannings.evidence.of(ASKED).values()} == {(3, 3)}


def test_whoever_plans_much_keeps_nobody_else_from_counting(plannings: Plannings) -> None:
    """A hundred plannings of one person push what others did out of nobody's sight."""
    life = plannings.life
    for user in ("al", "bo", "cy"):
        life.ran(life.previewed(plannings.made(user)))
    for _ in range(100):
        plannings.record(plan=life.planned(ASKED), user="mallory")
    assert {each.people for each in plannings.evidence.of(ASKED).values()} == {3}


def test_what_was_read_is_kept_for_a_minute(plannings: Plannings) -> None:
    """Asked again at once, the store is not read; a minute later, what people did meanwhile counts."""
    life, evidence = plannings.life, plannings.evidence
    assert evidence.of(ASKED) == {}
    for user in ("al", "bo", "cy"):
        life.ran(life.previewed(plannings.made(user)))
    life.clock.moment += timedelta(minutes=2)
    learned = evidence.of(ASKED)
    assert learned
    for user in ("al", "bo", "cy"):
        life.answered(life.previewed(plannings.made(user)), "no")
    assert evidence.of(ASKED) == learned
    life.clock.moment += timedelta(minutes=2)
    assert evidence.of(ASKED) != learned


def test_what_a_grant_let_through_speaks_for_nothing(plannings: Plannings) -> None:
    """Nobody looked at it: however often it runs, that is no opinion."""
    life = plannings.life
    for number, user in enumerate(("al", "bo", "cy")):
        preview = life.previewed(plannings.made(user))
        life.ran(preview)
        yes = life.confirmations.latest(preview)
        granted = yes.model_copy(update={"id": f"cnf_{number:020}", "approver": "grant:g"})
        kept = Documents(life.database, "confirmation")
        kept.add(granted.id, granted, at=yes.at, parent=preview.id)
    assert plannings.evidence.of(ASKED) == {}
