"""Effects under a key: what a service's answers mean, and when a lost one counts as done, as not done, or as neither."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from tests.connectors.http.raw_service import raw_service, wire
from tests.opaque_scene import SEND_MAIL

from actwright import ActionBlueprint, ActionRequest, Reconciliation
from actwright.connectors.http import (
    HttpService,
    KeyedCall,
    KeyStanding,
    ServiceAnswer,
    read_standing,
)
from actwright.errors import (
    ImplementationError,
    OrgAuthenticationError,
    OrgBusyError,
    OrgError,
    OrgProtocolError,
    OrgTimeoutError,
    RefusedError,
    ValueInvalidError,
)
from actwright.org.ports import OrgReader
from actwright.testing import FixedClock
from actwright.testing.keyed_service import Failure, KeyedService

KEY = "run_1:1:g1:1"
BODY: dict[str, Any] = {"to": "Jane"}
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass
class MovingClock:
    """A clock that a test sets."""

    at: datetime = NOW

    def now(self) -> datetime:
        """Return where it was set."""
        return self.at


def request(*, age: timedelta | None = timedelta(seconds=3), ends: bool = False) -> ActionRequest:
    """Return what an override is handed."""
    blueprint = ActionBlueprint.model_validate(SEND_MAIL)
    sent_at = None if age is None else NOW - age
    return ActionRequest("a", blueprint, {}, cast("OrgReader", None), KEY, sent_at, ends)


def call(url: str, **more: Any) -> KeyedCall:
    """Return a keyed call that gives keys up, unless something else is said."""
    given: dict[str, Any] = {
        "path": "/effects",
        "status_path": "/keys/{key}",
        "unseen": "give_up",
        "keeps_keys": timedelta(days=1),
        "clock": FixedClock(NOW),
    }
    return KeyedCall(**{"service": HttpService(url, seconds=2), **given, **more})


@pytest.fixture
def service() -> Iterator[KeyedService]:
    """Give a service that acts once a key."""
    with KeyedService() as running:
        yield running


def test_what_the_service_did_is_put_out(service: KeyedService) -> None:
    """Its plain values, or what the author makes of them."""
    assert call(service.url).send(request(), BODY) == {"id": "e-1"}
    renamed = call(service.url, outputs=lambda body: {"booking": str(body["id"])})
    assert renamed.send(request(), BODY) == {"booking": "e-1"}
    assert service.effects == [BODY]


def test_what_was_done_is_not_denied_by_what_reads_its_answer(service: KeyedService) -> None:
    """An author's own refusal of the answer comes too late to mean that nothing was done."""

    def refuse(answer: object) -> dict[str, Any]:
        raise ValueInvalidError(f"no booking in {answer}")

    sending = call(service.url, outputs=refuse)
    with pytest.raises(ValueError, match="no booking in"):
        sending.send(request(), BODY)
    with pytest.raises(ValueError, match="no booking in"):
        sending.reconcile(request(), KEY)
    assert service.effects == [BODY]


def test_a_no_is_a_no(service: KeyedService) -> None:
    """A refusal says that nothing was done, in the service's own words."""
    service.failures.append("refused")
    with pytest.raises(RefusedError, match=r"127.0.0.1 said no \(422\): No such street.") as caught:
        call(service.url).send(request(), BODY)
    assert caught.value.error_code == "service_refused"


def test_a_no_with_an_odd_body_is_a_no_as_well() -> None:
    """The status alone says it, also where the rest breaks off."""
    with (
        raw_service(wire(403, "{" * 999)[:-1]) as raw,
        pytest.raises(RefusedError, match=r"\(403\)\."),
    ):
        call(raw.url).send(request(), BODY)


def test_where_nobody_listens_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connecting is tried again; then it is a definite no."""
    waited: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waited.append)
    with raw_service() as raw:
        gone = raw.url
    with pytest.raises(RefusedError, match="nothing was sent") as caught:
        call(gone).send(request(), BODY)
    assert (caught.value.error_code, len(waited)) == ("service_not_reached", 2)


def test_a_process_that_slept_between_two_tries_sends_nothing(
    service: KeyedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another one may have given the key up long ago, and the service may have forgotten even that."""
    clock = MovingClock()
    with raw_service() as raw:
        gone = raw.url
    sending = call(gone, clock=clock)

    def lie_asleep(_: float) -> None:
        """Wake up a day later, with the service there again."""
        clock.at = NOW + timedelta(days=1)
        monkeypatch.setattr(sending.service, "_base", service.url)

    monkeypatch.setattr("tenacity.nap.time.sleep", lie_asleep)
    with pytest.raises(RefusedError, match="nothing was sent"):
        sending.send(request(), BODY)
    assert service.effects == []


@pytest.mark.parametrize(
    ("answered", "error"),
    [
        (wire(500, '{"detail": "broke"}'), OrgBusyError),
        (wire(503), OrgBusyError),
        (wire(409), OrgBusyError),
        (wire(202), OrgBusyError),
        (wire(408), OrgProtocolError),
        (wire(303, Location="/elsewhere"), OrgProtocolError),
        (wire(200, "<html>"), OrgProtocolError),
        (b"", OrgError),
        (b"220 mail ready\r\n", OrgError),
        (wire(200, "{}")[:30], OrgError),
    ],
)
def test_what_is_neither_is_in_doubt(answered: bytes, error: type[OrgError]) -> None:
    """It may have happened: no `RefusedError`, no outputs, and it is sent once."""
    with raw_service(answered) as raw:
        with pytest.raises(error):
            call(raw.url).send(request(), BODY)
        assert len(raw.asked) == 1


def test_silence_is_in_doubt() -> None:
    """It was sent, and nothing came."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with pytest.raises(OrgTimeoutError):
            call(url, service=HttpService(url, seconds=0.1)).send(request(), BODY)


@pytest.mark.parametrize("failure", ["lost_after", "broken_after"])
def test_what_happened_is_found_with_what_came_of_it(
    service: KeyedService, failure: Failure
) -> None:
    """The same outputs as if the answer had come."""
    service.failures.append(failure)
    sending = call(service.url)
    with pytest.raises(OrgError):
        sending.send(request(), BODY)
    assert sending.reconcile(request(), KEY) == Reconciliation(happened=True, outputs={"id": "e-1"})
    assert service.effects == [BODY]


@pytest.mark.parametrize("failure", ["lost_before", "broken_before"])
def test_what_did_not_happen_never_can_any_more(service: KeyedService, failure: Failure) -> None:
    """The key is given up before anybody says so, and the first try, come late, is refused."""
    service.failures.append(failure)
    sending = call(service.url)
    with pytest.raises(OrgError):
        sending.send(request(), BODY)
    assert sending.reconcile(request(), KEY).happened is False
    assert [method for method, _ in service.requests] == ["POST", "GET", "PUT"]
    with pytest.raises(RefusedError, match="given up"):
        sending.send(request(), BODY)
    assert sending.reconcile(request(), KEY).happened is False
    assert service.effects == []


def test_what_was_refused_unheard_did_not_happen(service: KeyedService) -> None:
    """The service remembers its no."""
    service.failures.append("refused")
    with pytest.raises(RefusedError):
        call(service.url).send(request(), BODY)
    assert call(service.url).reconcile(request(), KEY).happened is False


def test_what_is_in_flight_is_asked_about_again(service: KeyedService) -> None:
    """It is neither yes nor no; later it is."""
    service.failures.append("accepted")
    sending = call(service.url)
    with pytest.raises(OrgBusyError):
        sending.send(request(), BODY)
    found = sending.reconcile(request(), KEY)
    assert (found.happened, found.ask_again) == (None, True)
    assert found.evidence == ("127.0.0.1 is still at it.",)
    service.finish()
    assert sending.reconcile(request(), KEY).happened is True
    assert service.effects == [BODY]


def test_an_unseen_key_alone_proves_nothing(service: KeyedService) -> None:
    """A service that cannot be told to give it up leaves it to a person."""
    for age, again in ((timedelta(seconds=59), True), (timedelta(minutes=1), False), (None, False)):
        found = call(service.url, unseen="ask").reconcile(request(age=age), KEY)
        assert (found.happened, found.ask_again) == (None, again)
        assert "may still be on its way" in found.evidence[0]
    assert service.keys == {}


@pytest.mark.parametrize(
    "age", [None, timedelta(hours=23, minutes=56), timedelta(days=40), timedelta(days=-2)]
)
@pytest.mark.parametrize("unseen", ["give_up", "send_again"])
def test_a_key_that_may_be_forgotten_is_a_persons(
    service: KeyedService, age: timedelta | None, unseen: str
) -> None:
    """A service that has forgotten a key says the same of it as of one it never saw."""
    found = call(service.url, unseen=unseen).reconcile(request(age=age), KEY, BODY)
    assert (found.happened, found.ask_again) == (None, False)
    assert "may have been forgotten" in found.evidence[0]
    assert (service.keys, service.effects) == ({}, [])


def test_a_process_that_slept_while_it_gave_a_key_up_believes_nothing(
    service: KeyedService,
) -> None:
    """It may have been done and forgotten meanwhile, so that the service gave up what it no longer knew."""
    clock = MovingClock()

    def read(answer: ServiceAnswer) -> KeyStanding:
        """Read what the service says to giving it up after a long sleep."""
        clock.at += timedelta(days=2) if answer.status == 200 else timedelta(0)
        return read_standing(answer)

    found = call(service.url, clock=clock, read=read).reconcile(request(), KEY)
    assert (found.happened, found.ask_again) == (None, False)
    assert "may have been forgotten" in found.evidence[0]


def test_what_a_service_still_knows_counts_at_any_age(service: KeyedService) -> None:
    """Only what it does not know is doubted."""
    call(service.url).send(request(), BODY)
    assert call(service.url).reconcile(request(age=timedelta(days=9)), KEY).happened is True


@pytest.mark.parametrize("status_path", ["/keys/{key}", None])
def test_a_service_that_acts_once_a_key_is_sent_it_again(
    service: KeyedService, status_path: str | None
) -> None:
    """Under the same key; whether the first try arrived or not, it happens once."""
    sending = call(service.url, unseen="send_again", status_path=status_path)
    assert sending.reconcile(request(), KEY, BODY).happened is True
    assert sending.send(request(), BODY) == {"id": "e-1"}
    assert sending.reconcile(request(), KEY, BODY).outputs == {"id": "e-1"}
    assert service.effects == [BODY]


@pytest.mark.parametrize("status_path", ["/keys/{key}", None])
def test_nothing_is_sent_again_without_what_was_sent(
    service: KeyedService, status_path: str | None
) -> None:
    """A first try that never arrived would else be made up for by an effect without a body, which nobody confirmed."""
    sending = call(service.url, unseen="send_again", status_path=status_path)
    with pytest.raises(ImplementationError, match="what was sent"):
        sending.reconcile(request(), KEY)
    assert service.effects == []


def test_a_deletion_is_sent_again_as_it_was_without_a_body() -> None:
    """Its path says all."""
    with raw_service(wire(204)) as raw:
        sending = call(raw.url, method="DELETE", unseen="send_again", status_path=None)
        assert sending.reconcile(request(), KEY).happened is True
        assert raw.asked[0].startswith(b"DELETE /effects ")


def test_nothing_is_sent_again_for_a_run_that_is_to_end(service: KeyedService) -> None:
    """Finding out must not do what somebody has just cancelled; giving up does nothing, and may."""
    again = call(service.url, unseen="send_again")
    found = again.reconcile(request(ends=True), KEY, BODY)
    assert (found.happened, service.effects) == (None, [])
    assert "to end" in found.evidence[0]
    assert call(service.url).reconcile(request(ends=True), KEY).happened is False


@pytest.mark.parametrize(
    ("answered", "evidence", "again"),
    [
        (wire(409), "still at it", True),
        (wire(422, '{"detail": "other body"}'), "other body", False),
    ],
)
def test_a_second_try_that_is_not_answered_with_yes_decides_nothing(
    answered: bytes, evidence: str, *, again: bool
) -> None:
    """A refusal of it says nothing of the first one."""
    with raw_service(answered) as raw:
        found = call(raw.url, unseen="send_again", status_path=None).reconcile(request(), KEY, BODY)
    assert (found.happened, found.ask_again) == (None, again)
    assert evidence in found.evidence[0]


def test_a_key_that_arrives_in_between_is_not_given_up() -> None:
    """What the service says to giving it up counts, not what it said before."""
    done = wire(200, '{"status": "done", "answer": {"id": 3}}')
    with raw_service(wire(404), done) as raw:
        assert call(raw.url).reconcile(request(), KEY).outputs == {"id": 3}
    with raw_service(wire(404), wire(409), done) as raw:
        assert call(raw.url).reconcile(request(), KEY).happened is True
    with raw_service(wire(404), wire(409), wire(404)) as raw:
        assert call(raw.url).reconcile(request(), KEY).happened is None


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ([wire(500)], OrgBusyError),
        ([wire(404), wire(500)], OrgBusyError),
        ([wire(404), wire(404)], OrgProtocolError),
        ([wire(404), wire(204)], OrgProtocolError),
        ([wire(401)], OrgAuthenticationError),
        ([wire(302, Location="/login")], OrgProtocolError),
        ([wire(410)], OrgProtocolError),
        ([wire(200, '{"status": "DONE"}')], OrgProtocolError),
        ([wire(200, '{"status": {"status": "done"}}')], OrgProtocolError),
        ([wire(200, '{"status": "done", "answer": [1]}')], OrgProtocolError),
        ([wire(200, "[" * 999)], OrgProtocolError),
        ([], OrgError),
    ],
)
def test_a_service_that_does_not_say_is_not_guessed_at(
    answers: list[bytes], error: type[OrgError]
) -> None:
    """Nobody claims anything, and it is asked again later."""
    with raw_service(*answers) as raw, pytest.raises(error):
        call(raw.url).reconcile(request(), KEY)


def test_a_service_with_words_of_its_own_is_read_by_its_author() -> None:
    """A function turns its answer into a standing."""

    def read(answer: ServiceAnswer) -> KeyStanding:
        found = answer.read().get("results")
        return KeyStanding("done", {"ref": "r-1"}) if found else KeyStanding("unseen")

    with raw_service(wire(200, '{"results": [1]}')) as raw:
        found = call(raw.url, read=read, status_path="/search?ref={key}").reconcile(request(), KEY)
        assert raw.asked[0].startswith(b"GET /search?ref=run_1:1:g1:1 HTTP")
    assert (found.happened, found.outputs) == (True, {"ref": "r-1"})


@pytest.mark.parametrize("told", ["run_1%3A1%3Ag1%3A1", "run_1:1:g1:2", "", 7, ["run_1:1:g1:1"]])
@pytest.mark.parametrize("status", ["given_up", "done", "failed"])
def test_an_answer_about_another_key_proves_nothing(told: object, status: str) -> None:
    """A service that does not decode the key in the path gives up one that nobody sent."""
    answer = wire(200, json.dumps({"status": status, "key": told}))
    for answers in ([wire(404), answer], [answer]):
        with raw_service(*answers) as raw, pytest.raises(OrgProtocolError) as caught:
            call(raw.url).reconcile(request(), KEY)
        assert caught.value.error_code == "service_protocol"


def test_an_answer_about_this_very_key_counts() -> None:
    """A service may say which key it speaks of."""
    answer = wire(200, json.dumps({"status": "given_up", "key": KEY}))
    with raw_service(wire(404), answer) as raw:
        assert call(raw.url).reconcile(request(), KEY).happened is False
        assert [each.split(b" ")[1] for each in raw.asked] == [b"/keys/run_1:1:g1:1"] * 2


@pytest.mark.parametrize(
    "declared",
    [
        {"status_path": "/keys"},
        {"status_path": None},
        {"status_path": None, "unseen": "ask"},
        {"keeps_keys": None},
        {"keeps_keys": None, "unseen": "send_again"},
        {"unseen": "giveup"},
    ],
)
def test_what_does_not_fit_together_is_refused(declared: dict[str, object]) -> None:
    """When the override is made, not when an answer is lost."""
    with pytest.raises(ImplementationError, match="misdeclared"):
        call("https://host", **declared)
