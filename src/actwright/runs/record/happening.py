"""What happened in a run, as far as it matters for what the run adds up to: an event without its place in a chain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from actwright.runs.record.event import EventKind


class Happening(Protocol):
    """Something that happened: an event of the journal, or one that is about to be written there."""

    @property
    def run_id(self) -> str:
        """The run."""

    @property
    def seq(self) -> int:
        """Its place in the run, from 1."""

    @property
    def at(self) -> str:
        """When it happened."""

    @property
    def kind(self) -> EventKind:
        """What kind of thing it is."""

    @property
    def actor(self) -> str:
        """Who did it, or in whose name it was done."""

    @property
    def data(self) -> Mapping[str, Any]:
        """What belongs to it, by its kind."""


class Noted(NamedTuple):
    """A happening this process notes itself; the journal has it, or will have it with the next append.

    Attributes:
        run_id: The run.
        seq: Its place in the run.
        at: When it happened.
        kind: What kind of thing it is.
        actor: In whose name it was done.
        data: What belongs to it.
    """

    run_id: str
    seq: int
    at: str
    kind: EventKind
    actor: str
    data: Mapping[str, Any]
