"""The tape vcrpy plays and records: one case's interactions in memory, matched by method, path and canonical body.

vcrpy stands between the model's HTTP client and the network; files, names and digests are ours.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypedDict, cast

import vcr  # type: ignore[import-untyped]  # it ships no types
from vcr.cassette import Cassette as VcrCassette  # type: ignore[import-untyped]  # it ships no types
from vcr.errors import (  # type: ignore[import-untyped]  # it ships no types
    CannotOverwriteExistingCassetteException,
)
from vcr.persisters.filesystem import (  # type: ignore[import-untyped]  # it ships no types
    CassetteNotFoundError,
)
from vcr.request import Request  # type: ignore[import-untyped]  # it ships no types

from actwright.regression.cassettes.bodies import body_digest
from actwright.regression.cassettes.cassette import Interaction, RecordedRequest, RecordedResponse

RECORDED_AT = "http://recorded.invalid/v1"
"""The address a model is asked at while its answers come from a tape; nothing is ever sent there."""

_MATCHED = ("method", "path", "canonical_body")
_IN_ORDER = ("method", "path")
_KEPT_HEADERS = frozenset({"content-type", "retry-after", "retry-after-ms", "location"})
_SEGMENTS = 2
"""What of a path is behind a service's own address: ``chat/completions``."""
_OTHERS = ("httplib", "requests", "boto3", "urllib3", "httplib2", "tornado", "aiohttp", "httpx")
"""The org is asked by these while a tape plays; only the model's client is recorded."""


class _Status(TypedDict):
    code: int
    message: str


class _Body(TypedDict):
    string: bytes


class _Response(TypedDict):
    """A response as vcrpy hands it on."""

    status: _Status
    headers: Mapping[str, Sequence[str]]
    body: _Body


class UnmatchedRequestError(Exception):
    """A request fits no interaction that is left on the tape.

    Args:
        body: What was to be sent.
        interaction: The number of the interaction it should have been, counted from 0; None where none is left.
    """

    def __init__(self, body: bytes, interaction: int | None) -> None:
        super().__init__("The request is not on the tape.")
        self.body = body
        self.interaction = interaction


class Tape:
    """A case's interactions, on their way through vcrpy; to vcrpy, it is where cassettes are kept.

    Args:
        interactions: What is played; nothing where it is recorded.
    """

    def __init__(self, interactions: Sequence[Interaction] = ()) -> None:
        self.interactions = tuple(interactions)
        """What is on it; the newly recorded ones once the recording is over."""
        self.unused: tuple[int, ...] = ()
        """The numbers of the interactions nobody asked for, once it was played."""

    def load_cassette(
        self, cassette_path: str, serializer: object
    ) -> tuple[list[Request], list[_Response]]:
        """Return the requests and responses as vcrpy wants them."""
        if not self.interactions:
            raise CassetteNotFoundError
        del cassette_path, serializer
        return (
            [_request(each.request) for each in self.interactions],
            [_response(each.response) for each in self.interactions],
        )

    def save_cassette(
        self, cassette_path: str, cassette_dict: Mapping[str, Sequence[object]], serializer: object
    ) -> None:
        """Take what was recorded."""
        del cassette_path, serializer
        pairs = zip(cassette_dict["requests"], cassette_dict["responses"], strict=True)
        self.interactions = tuple(
            Interaction(request=_taken(request), response=_kept(cast("_Response", response)))
            for request, response in pairs
        )


@contextmanager
def recording(tape: Tape) -> Iterator[None]:
    """Send the model's requests on, and put them with their responses on ``tape``."""
    with _recorder(tape, "all", _MATCHED).use_cassette("tape"):
        yield


@contextmanager
def playing(tape: Tape, *, strict: bool = True) -> Iterator[None]:
    """Answer the model's requests from ``tape``; nothing is sent.

    Args:
        tape: What was recorded.
        strict: Whether a request must be the recorded one; else the answers come in their order, whatever is asked.

    Raises:
        UnmatchedRequestError: A request fits nothing that is left.
    """
    with _recorder(tape, "none", _MATCHED if strict else _IN_ORDER).use_cassette("tape") as played:
        try:
            yield
        except CannotOverwriteExistingCassetteException as unmatched:
            left = _left(played)
            body = bytes(unmatched.failed_request.body or b"")
            raise UnmatchedRequestError(body, left[0] if left else None) from unmatched
        finally:
            tape.unused = tuple(_left(played))


def _left(played: VcrCassette) -> list[int]:
    return [number for number in range(len(played)) if not played.play_counts[number]]


def _recorder(tape: Tape, mode: str, matched: tuple[str, ...]) -> vcr.VCR:
    recorder = vcr.VCR(
        record_mode=mode,
        match_on=matched,
        before_record_request=_bare,
        skip_patchers=_OTHERS,
    )
    recorder.register_matcher("canonical_body", _same_body)
    recorder.register_persister(tape)
    return recorder


def _same_body(first: Request, second: Request) -> bool:
    return first.body == second.body or body_digest(first.body) == body_digest(second.body)


def _bare(request: Request) -> Request:
    """Take host and headers off a request: a key is in one of them, and neither says what was asked."""
    request.uri = f"{RECORDED_AT}/{'/'.join(request.path.split('/')[-_SEGMENTS:])}"
    request.headers = {}
    return request


def _request(request: RecordedRequest) -> Request:
    return Request(request.method, f"{RECORDED_AT}{request.path}", request.body.encode(), {})


def _response(response: RecordedResponse) -> _Response:
    return {
        "status": {"code": response.status, "message": ""},
        "headers": {name: list(values) for name, values in response.headers.items()},
        "body": {"string": response.content},
    }


def _taken(request: object) -> RecordedRequest:
    taken = cast("Request", request)
    path = taken.uri.removeprefix(RECORDED_AT)
    return RecordedRequest(method=taken.method, path=path, body=taken.body.decode())


def _kept(response: _Response) -> RecordedResponse:
    headers = {name.lower(): tuple(each) for name, each in response["headers"].items()}
    content = response["body"]["string"]
    try:
        body, encoded = content.decode(), False
    except UnicodeDecodeError:
        body, encoded = base64.b64encode(content).decode(), True
    return RecordedResponse(
        status=response["status"]["code"],
        headers={name: each for name, each in headers.items() if name in _KEPT_HEADERS},
        body=body,
        base64=encoded,
    )
