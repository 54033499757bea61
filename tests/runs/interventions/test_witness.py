"""What the org can tell is not left to a person's word: the ledger is asked once more before an answer counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.runs.interventions.staged_run import wish
from tests.runs.memory_app import mail, memory_app, subjects, task
from tests.scenario import plan_of
from tests.writable_org import Trouble, WritableOrg, writable_org

from actwright import Actwright
from actwright.clock import timestamp
from actwright.errors import InterventionError
from actwright.org.record_id import record_id


@pytest.fixture
def org() -> WritableOrg:
    """Give an org in memory, which keeps a ledger."""
    return writable_org()


@pytest.fixture
def app(tmp_path: Path, org: WritableOrg) -> Iterator[Actwright]:
    """Give an Actwright over it."""
    made = memory_app(tmp_path, org)
    yield made
    made.close()


def held_in_doubt(app: Actwright, org: WritableOrg, trouble: Trouble) -> str:
    """Lose the answer to one task while the ledger's row is locked, and return the run."""
    org.troubles, org.settle_troubles = [trouble], ["locked"] * 5
    preview = app.preview(plan_of(app, task("a")))
    held = app.run(preview, app.confirm(preview, approver="Alice"))
    assert (held.status, held.stopped_by) == ("paused", "outcome_unknown")
    return held.run_id or ""


def test_what_is_still_on_its_way_is_ruled_out_first(app: Actwright, org: WritableOrg) -> None:
    """A person who says that it did not happen is right only once it never can any more."""
    run_id = held_in_doubt(app, org, "late")
    app.intervene(run_id, wish("provide_clarification", answer="did not happen"))
    org.deliver_late()
    assert subjects(org) == []
    assert app.resume(run_id).success
    assert subjects(org) == ["a"]


def test_a_person_cannot_say_otherwise_than_the_ledger(app: Actwright, org: WritableOrg) -> None:
    """It happened: said not to have, it would be done twice. Nothing is changed, and the org's own word counts."""
    run_id = held_in_doubt(app, org, "lost after commit")
    before = app.events(run_id)
    with pytest.raises(InterventionError, match="can tell by now"):
        app.intervene(run_id, wish("provide_clarification", answer="did not happen"))
    assert app.events(run_id) == before
    assert app.resume(run_id).success
    assert subjects(org) == ["a"]


def test_while_a_group_may_still_happen_nobody_says_that_it_did_not(
    app: Actwright, org: WritableOrg
) -> None:
    """The ledger's row is locked: whoever locks it may be the first try."""
    run_id = held_in_doubt(app, org, "late")
    org.settle_troubles = ["locked"]
    with pytest.raises(InterventionError, match="may still happen"):
        app.intervene(run_id, wish("provide_clarification", answer="did not happen"))


def test_neither_an_older_record_nor_one_of_another_effect_is_the_new_one(
    app: Actwright, org: WritableOrg
) -> None:
    """Undo would delete it: only what was created since, and by nothing else of the run, can be it."""
    org.ledger = False
    older = record_id("00T000000000008")
    row: dict[str, object] = {"Id": older, "CreatedDate": "2020-01-01T00:00:00.000Z"}
    org.rows["Task"].append(row)
    org.on_send = lambda _: org.troubles.append("lost after commit") if org.sent else None
    preview = app.preview(plan_of(app, task("a"), mail("b", "a"), task("c", "b")))
    run_id = app.run(preview, app.confirm(preview, approver="Alice")).run_id or ""
    first, lost = (each["Id"] for each in org.rows["Task"] if each.get("Subject") in {"a", "c"})
    answer = {"answer": "happened", "target": "g3"}
    for wrong, why in ((older, "before that was sent"), (first, "another effect of this run")):
        with pytest.raises(InterventionError, match=why):
            app.intervene(
                run_id, wish("provide_clarification", **answer, records={"c.1": str(wrong)})
            )
    app.intervene(run_id, wish("provide_clarification", **answer, records={"c.1": str(lost)}))
    assert app.resume(run_id).success


def test_a_record_another_run_created_is_refused(app: Actwright, org: WritableOrg) -> None:
    """It is as new as this run's own, and of the same kind; taking this run back would delete it."""
    org.ledger = False
    preview = app.preview(plan_of(app, task("a")))
    before = app.run(preview, app.confirm(preview, approver="Alice")).run_id or ""
    (foreign,) = (str(each["Id"]) for each in org.rows["Task"] if each.get("Subject") == "a")
    run_id = held_in_doubt(app, org, "lost after commit")
    answer = {"answer": "happened", "records": {"a.1": foreign}}
    with pytest.raises(InterventionError, match=f"{before} created it"):
        app.intervene(run_id, wish("provide_clarification", **answer))


def test_a_record_with_another_value_is_refused_until_somebody_changed_it(
    app: Actwright, org: WritableOrg
) -> None:
    """What holds something else than was written is another record, unless it was changed after it was made."""
    org.ledger = False
    run_id = held_in_doubt(app, org, "lost after commit")
    (lost,) = (each for each in org.rows["Task"] if each.get("Subject") == "a")
    now = app.clock.now()
    lost |= {"Subject": "b", "CreatedDate": timestamp(now)}
    versions = vars(org)["_versions"]
    versions[lost["Id"]] = now
    answer = {"answer": "happened", "records": {"a.1": str(lost["Id"])}}
    with pytest.raises(InterventionError, match="is b, a was written, and nobody changed it since"):
        app.intervene(run_id, wish("provide_clarification", **answer))
    versions[lost["Id"]] = now + timedelta(minutes=1)
    app.intervene(run_id, wish("provide_clarification", **answer))
    assert app.resume(run_id).success
