"""A cassette: one case's whole exchange with a model, who answered, and what it was recorded with."""

from __future__ import annotations

from base64 import b64decode
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from actwright.contract import Contract
from actwright.regression.cassettes.bodies import body_digest
from actwright.regression.origin import Origin

FORMAT: Final = 1
"""The version of the form cassettes are written in."""

_DIGITS = 16
PROMPT_NAME = r"^[a-z][a-z0-9_]{0,39}$"
PROMPT_VERSION = r"^[0-9]+(\.[0-9]+){0,2}$"
"""As the front matter of prompts has them."""


class PromptStamp(Contract):
    """Which prompt a request was made with."""

    name: str = Field(pattern=PROMPT_NAME)
    version: str = Field(pattern=PROMPT_VERSION)
    hash: str = Field(pattern=r"^[0-9a-f]{8,64}$")
    templates: dict[str, str]
    """SHA-256 of the source of each template, by its path below the prompts."""


class CassetteHeader(Contract):
    """What a cassette was recorded with."""

    format: Literal[1] = FORMAT
    origin: Origin
    case: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,79}$")
    case_digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    """SHA-256 over what the case says to the model, and over what the script answers."""
    model: str = Field(min_length=1, max_length=200)
    """The model that was asked."""
    prompts: tuple[PromptStamp, ...] = Field(min_length=1)
    """The prompts of its requests, each once, in the order they were first used."""
    recorded_at: str
    actwright: str
    """The version that recorded it."""
    seconds: tuple[Annotated[float, Field(ge=0)], ...] = ()
    """How long each exchange took; of live ones only, since a script's time says nothing."""


class RecordedRequest(Contract):
    """A request, without host and headers."""

    method: str
    path: str
    body: str
    """The body as it was sent, long texts in their places."""


class RecordedResponse(Contract):
    """A response, with the headers that matter for reading it."""

    status: int = Field(ge=100, le=599)
    headers: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    body: str = ""
    base64: bool = False
    """Whether the body is no text, and stands here in base64."""

    @model_validator(mode="after")
    def _readable(self) -> Self:
        """Refuse a body that says it is base64 and is not."""
        if self.base64:
            b64decode(self.body, validate=True)
        return self

    @property
    def content(self) -> bytes:
        """The body, byte for byte."""
        return b64decode(self.body) if self.base64 else self.body.encode()


class Interaction(Contract):
    """One request, and what was answered."""

    request: RecordedRequest
    response: RecordedResponse


class Cassette(Contract):
    """One case's whole exchange."""

    header: CassetteHeader
    interactions: tuple[Interaction, ...] = Field(min_length=1)

    @property
    def name(self) -> str:
        """The name of its file: the case, and the digest of its first request's canonical body."""
        digest = body_digest(self.interactions[0].request.body.encode())
        return f"{self.header.case}-{digest[:_DIGITS]}.yaml"

    def same_as(self, other: Cassette) -> bool:
        """Tell whether the other says the same, apart from when it was recorded and by which version."""
        return self._timeless() == other._timeless()

    def _timeless(self) -> tuple[object, ...]:
        left_out = {"recorded_at", "actwright", "seconds"}
        return (
            self.header.model_dump(exclude=left_out),
            [body_digest(each.request.body.encode()) for each in self.interactions],
            [each.response for each in self.interactions],
        )
