"""The tape: requests are answered by what was recorded, and by nothing else."""

from __future__ import annotations

import json

import httpx2
import pytest

from actwright.regression.cassettes.cassette import Interaction, RecordedRequest, RecordedResponse
from actwright.regression.cassettes.tape import (
    RECORDED_AT,
    Tape,
    UnmatchedRequestError,
    playing,
    recording,
)
from actwright.testing.model_server import ScriptedModel
from actwright.testing.replies import Reply

_PATH = "/chat/completions"


def interaction(goal: str, answer: str) -> Interaction:
    """Return a request and its answer."""
    return Interaction(
        request=RecordedRequest(method="POST", path=_PATH, body=json.dumps({"goal": goal})),
        response=RecordedResponse(status=200, body=answer),
    )


def ask(goal: str, base_url: str = RECORDED_AT) -> httpx2.Response:
    """Send a request, and return the answer."""
    headers = {"authorization": "Bearer not-to-be-kept"}
    with httpx2.Client() as client:
        return client.post(
            f"{base_url}{_PATH}", content=json.dumps({"goal": goal}), headers=headers
        )


def unmatched(tape: Tape, *goals: str) -> UnmatchedRequestError:
    """Return the error that the last of these requests raises."""

    def play() -> None:
        with playing(tape):
            for each in goals:
                ask(each)

    with pytest.raises(UnmatchedRequestError) as error:
        play()
    return error.value


def test_a_recorded_request_is_answered_without_a_network() -> None:
    """Keys in another order are the same request."""
    tape = Tape([interaction("a", "first"), interaction("b", "second")])
    with playing(tape):
        assert [ask("b").text, ask("a").text] == ["second", "first"]
    assert tape.unused == ()


def test_the_same_request_twice_takes_two_answers_in_order() -> None:
    """A service that fails once answers a second time otherwise."""
    tape = Tape([interaction("a", "first"), interaction("a", "second")])
    with playing(tape):
        assert [ask("a").text, ask("a").text] == ["first", "second"]


def test_another_request_fits_nothing() -> None:
    """One other word, and the error says which interaction it should have been."""
    tape = Tape([interaction("a", "first"), interaction("b", "second")])
    error = unmatched(tape, "a", "c")
    assert (error.interaction, error.body) == (1, b'{"goal": "c"}')


def test_one_request_more_fits_nothing() -> None:
    """A recorded answer is given once."""
    assert unmatched(Tape([interaction("a", "first")]), "a", "a").interaction is None


def test_an_answer_nobody_asked_for_is_told() -> None:
    """What is left over when the tape was played is named by its number."""
    tape = Tape([interaction("a", "first"), interaction("b", "second")])
    with playing(tape):
        ask("b")
    assert tape.unused == (0,)


def test_a_lenient_tape_answers_in_order_whatever_is_asked() -> None:
    """So that a set of another prompt can be looked at."""
    tape = Tape([interaction("a", "first"), interaction("b", "second")])
    with playing(tape, strict=False):
        assert [ask("x").text, ask("y").text] == ["first", "second"]


def test_a_recording_holds_neither_host_nor_key() -> None:
    """What is kept of a real exchange is the path, the body, the status and the answer."""
    tape = Tape()
    answers = [Reply(text="{}", headers={"set-cookie": "a=b"}), Reply(body=b"\xff")]
    with ScriptedModel(answers) as model, recording(tape):
        ask("a", model.base_url)
        ask("b", model.base_url)
    first, second = tape.interactions
    assert first.request == interaction("a", "").request
    assert set(first.response.headers) == {"content-type"}
    assert (second.response.body, second.response.base64) == ("/w==", True)
    kept = "".join(each.model_dump_json() for each in tape.interactions)
    assert "127.0.0.1" not in kept
    assert "not-to-be-kept" not in kept
    with playing(Tape(tape.interactions)):
        assert ask("b").content == b"\xff"
