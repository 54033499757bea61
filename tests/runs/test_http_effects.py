"""Effects over HTTP in real runs: whatever becomes of the answer or the process, each happens once, or a person is asked."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.chaos.doomed import Zygote
from tests.connectors.http.raw_service import raw_service, wire
from tests.runs.courier import ALLOWED, BookCourier, Cancelling, book, booking, next_step, opened
from tests.scenario import Rest, confirmed, texts

from actwright import Actwright, OrchestratorResult
from actwright.clock import SystemClock
from actwright.connectors.http import HttpService
from actwright.errors import InterventionError, RefusedError
from actwright.runs.interventions.intervention import Intervention
from actwright.testing import FixedClock, LocalOrg, re_execute
from actwright.testing.keyed_service import Failure, KeyedService

BOOKED = {"to": "Jane"}


@pytest.fixture
def service() -> Iterator[KeyedService]:
    """Give a courier service."""
    with KeyedService() as running:
        yield running


@pytest.fixture
def courier(service: KeyedService) -> BookCourier:
    """Give the override that books there."""
    return BookCourier(booking(service.url))


@pytest.fixture
def app(shared_org: LocalOrg, courier: BookCourier) -> Actwright:
    """Give Alice's Actwright, which may let it act."""
    app = shared_org.as_user(settings=ALLOWED)
    app.register("BookCourier", courier)
    return app


def kinds(app: Actwright, envelope: OrchestratorResult) -> list[str]:
    """Return what the journal of a run holds."""
    return [each.kind for each in app.events(envelope.run_id or "")]


@pytest.mark.parametrize(
    ("failures", "tries"),
    [
        ([], 1),
        (["lost_after"], 1),
        (["lost_before"], 2),
        (["broken_after"], 1),
        (["broken_before"], 2),
        (["lost_before", "broken_before", "lost_after"], 3),
    ],
)
def test_it_happens_once_whatever_becomes_of_the_answer(
    app: Actwright,
    service: KeyedService,
    courier: BookCourier,
    *,
    admin: Rest,
    deal: str,
    failures: list[Failure],
    tries: int,
) -> None:
    """The service tells what became of the key; what it gave up is sent again under the next, and the run goes on."""
    service.failures[:] = failures
    envelope = app.run(*confirmed(app, book(), next_step(deal, "booked", dependsOn=["book"])))
    assert envelope.success, envelope.errors
    assert service.effects == [BOOKED]
    assert envelope.results[0].outputs == {"id": "e-1"}
    keys = [each.key for each in courier.acted]
    assert keys == [f"{envelope.run_id}:1:g1:{each}" for each in range(1, tries + 1)]
    assert kinds(app, envelope).count("group_reconciled") == len(failures)
    assert admin.field("Opportunity", deal, "NextStep") == "booked"
    events, (stage,) = (
        app.events(envelope.run_id or ""),
        app.run_state(envelope.run_id or "").stages,
    )
    plan, preview = app.plans.get(stage.plan_id), app.previews.get(stage.preview_id)
    assert len(re_execute(events, [plan], [preview])) == len(events)
    assert service.effects == [BOOKED]


@pytest.mark.parametrize(("moment", "asked"), [("before", ["GET", "PUT"]), ("behind", ["GET"])])
def test_a_process_that_dies_while_it_books_is_taken_over_and_it_happens_once(
    shared_org: LocalOrg,
    zygote: Zygote,
    service: KeyedService,
    tmp_path: Path,
    *,
    admin: Rest,
    deal: str,
    moment: str,
    asked: list[str],
) -> None:
    """Killed in its act, before the request or behind the answer: the next process asks the service, and goes on."""
    child = zygote.child(
        "tests.runs.courier:die_booking",
        home=str(tmp_path),
        org=shared_org.url,
        service=service.url,
        deal=deal,
        moment=moment,
        told=str(tmp_path / "told.json"),
    )
    assert child.ended(seconds=60) == -signal.SIGKILL
    assert service.effects == ([BOOKED] if moment == "behind" else [])
    service.requests.clear()
    with opened(tmp_path, shared_org.url, BookCourier(booking(service.url))) as app:
        (state,) = app.runs()
        assert (state.status, state.in_doubt) == ("running", ("g1",))
        envelope = app.resume(state.id)
    assert envelope.success, envelope.errors
    assert service.effects == [BOOKED]
    assert [method for method, _ in service.requests][: len(asked)] == asked
    assert admin.field("Opportunity", deal, "NextStep") == "courier booked"


def test_a_first_try_that_wakes_up_late_does_nothing(
    app: Actwright, service: KeyedService, courier: BookCourier
) -> None:
    """It was thought lost, its key was given up, and the second try has booked."""
    service.failures.append("lost_before")
    assert app.run(*confirmed(app, book())).success
    with pytest.raises(RefusedError, match="given up"):
        courier.call.send(courier.acted[0], BOOKED)
    assert service.effects == [BOOKED]


def test_no_credential_gets_into_the_record_though_the_service_says_it_back(app: Actwright) -> None:
    """Not in the outputs, not in a refusal, nowhere in the journal."""
    token = "t0ken-of-the-courier-service"
    headers = {"Authorization": f"Bearer {token}"}
    answers = (wire(200, f'{{"id": "{token}"}}'), wire(403, f'{{"detail": "no {token} here"}}'))
    with raw_service(*answers) as raw:
        service = HttpService(raw.url, headers=headers)
        app.register("BookCourier", BookCourier(booking(raw.url, service=service)), replace=True)
        runs = [app.run(*confirmed(app, book())) for _ in answers]
        assert token.encode() in raw.asked[0]
    assert runs[0].results[0].outputs == {"id": "[secret removed]"}
    assert "no [secret removed] here" in texts(runs[1].errors)
    told = [each.model_dump_json() for run in runs for each in app.events(run.run_id or "")]
    assert token not in "".join([*told, *(each.model_dump_json() for each in runs)])


def test_a_no_of_the_service_fails_the_run_and_is_told(
    app: Actwright, service: KeyedService, courier: BookCourier
) -> None:
    """Nothing was done, nothing is in doubt, nothing is tried again."""
    service.failures.append("refused")
    envelope = app.run(*confirmed(app, book()))
    assert (envelope.status, envelope.results[0].status) == ("failed", "failed")
    assert "service_refused: 127.0.0.1 said no (422): No such street." in texts(envelope.errors)
    assert len(courier.acted) == 1


def test_what_is_in_flight_holds_the_run_until_the_service_is_done(
    app: Actwright, service: KeyedService
) -> None:
    """It is asked about a few times; then the run is in doubt, and resuming it asks once more."""
    service.failures.append("accepted")
    envelope = app.run(*confirmed(app, book()))
    assert (envelope.status, envelope.stopped_by) == ("paused", "outcome_unknown")
    assert "127.0.0.1 is still at it." in envelope.errors
    assert [method for method, _ in service.requests] == ["POST", *["GET"] * 5]
    service.finish()
    envelope = app.resume(envelope.run_id or "")
    assert envelope.success, envelope.errors
    assert service.effects == [BOOKED]


def answered(answer: str) -> Intervention:
    """Return what a person says became of the booking."""
    return Intervention(
        action="provide_clarification", actor="Alice", why="asked them", answer=answer
    )


def test_where_the_service_cannot_decide_a_person_does_with_its_evidence(
    app: Actwright, service: KeyedService
) -> None:
    """A key it has not seen may still arrive, and it cannot be told to give it up."""
    asking = booking(service.url, unseen="ask")
    app.register("BookCourier", BookCourier(asking), replace=True)
    service.failures.append("lost_before")
    envelope = app.run(*confirmed(app, book()))
    run_id = envelope.run_id or ""
    assert envelope.status == "paused"
    assert "may still be on its way" in texts(envelope.errors)
    with pytest.raises(InterventionError, match="may still happen"):
        app.intervene(run_id, answered("did not happen"))
    later = FixedClock(SystemClock().now() + timedelta(minutes=2))
    app.register("BookCourier", BookCourier(replace(asking, clock=later)), replace=True)
    app.intervene(run_id, answered("did not happen"))
    assert app.resume(run_id).success
    assert service.effects == [BOOKED]


def test_a_person_is_held_against_what_the_service_knows(
    app: Actwright, service: KeyedService
) -> None:
    """Who says that it did not happen, where the service has done it by now, does not make it happen twice."""
    service.failures.append("accepted")
    run_id = app.run(*confirmed(app, book())).run_id or ""
    service.finish()
    with pytest.raises(InterventionError, match="the override can tell by now"):
        app.intervene(run_id, answered("did not happen"))
    app.intervene(run_id, answered("happened"))
    assert app.resume(run_id).success
    assert service.effects == [BOOKED]


def test_nobody_says_that_it_did_not_happen_while_the_service_is_at_it(
    app: Actwright, service: KeyedService
) -> None:
    """Sent again under the next key, it would happen twice as soon as the service is done."""
    service.failures.append("accepted")
    run_id = app.run(*confirmed(app, book())).run_id or ""
    with pytest.raises(InterventionError, match="may still happen, for the override is not done"):
        app.intervene(run_id, answered("did not happen"))
    service.finish()
    assert app.resume(run_id).success
    assert service.effects == [BOOKED]


def test_a_person_decides_while_the_service_is_gone(
    app: Actwright, service: KeyedService, courier: BookCourier
) -> None:
    """Nobody has to wait for a service that may never come back."""
    service.failures.append("accepted")
    run_id = app.run(*confirmed(app, book())).run_id or ""
    app.register("BookCourier", BookCourier(booking("http://127.0.0.1:1")), replace=True)
    app.intervene(run_id, answered("happened"))
    assert app.resume(run_id).success
    assert len(courier.acted) == 1


def test_a_key_the_service_may_have_forgotten_is_a_persons(
    app: Actwright, service: KeyedService
) -> None:
    """The engine tells since when the key is out."""
    forgetful = booking(service.url, keeps_keys=timedelta(microseconds=1))
    app.register("BookCourier", BookCourier(forgetful), replace=True)
    service.failures.append("lost_before")
    envelope = app.run(*confirmed(app, book()))
    assert envelope.status == "paused"
    assert "may have been forgotten" in texts(envelope.errors)
    assert service.keys == {}


def test_it_is_taken_back_once_though_that_answer_is_lost_too(
    app: Actwright, service: KeyedService
) -> None:
    """A compensation is a keyed call like any other, under a key of the undo's own."""
    app.register("BookCourier", Cancelling(booking(service.url)), replace=True)
    envelope = app.run(*confirmed(app, book()))
    service.failures[:] = ["lost_before", "lost_after"]
    preview = app.preview(app.undo(envelope.run_id or ""))
    back = app.run(preview, app.confirm(preview, approver="Alice Archer"))
    assert back.success, back.errors
    assert service.effects == [BOOKED, {"cancel": "e-1"}]
    assert app.undoing(envelope.run_id or "").outcome == "completed"


def test_a_run_cancelled_meanwhile_sends_nothing_again(
    app: Actwright, service: KeyedService
) -> None:
    """The service would be sent it once more to find out; that would do what was just called off."""
    courier = BookCourier(booking(service.url, unseen="send_again"))
    app.register("BookCourier", courier, replace=True)

    def call_off() -> None:
        run_id = courier.acted[-1].key.partition(":")[0]
        app.intervene(run_id, Intervention(action="cancel", actor="Alice", why="too dear"))

    courier.before = call_off
    service.failures.append("lost_before")
    envelope = app.run(*confirmed(app, book()))
    assert (envelope.status, envelope.stopped_by) == ("paused", "outcome_unknown")
    assert "nothing was sent to 127.0.0.1 again" in texts(envelope.errors)
    assert service.effects == []
