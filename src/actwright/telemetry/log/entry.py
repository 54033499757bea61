"""An entry of the log, ready to be kept: redacted, and with its long texts taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from actwright.canonical import Json
from actwright.model.exchange import Exchange
from actwright.telemetry.log.planning import PlanningRecord


@dataclass(frozen=True, slots=True)
class TextsEntry:
    """What an exchange said.

    Attributes:
        exchange: The id of the exchange.
        at: When the planning call ended.
        document: The texts, with references to the long ones.
        contents: The long ones, by SHA-256.
    """

    exchange: str
    at: str
    document: Json
    contents: Mapping[str, bytes]


Entry: TypeAlias = Exchange | TextsEntry | PlanningRecord


class Sink(Protocol):
    """Keeps entries somewhere."""

    @property
    def name(self) -> str:
        """What to call it in a message."""

    def write(self, entries: Sequence[Entry]) -> None:
        """Keep entries, in their order.

        Raises:
            StoreError: They cannot be kept.
        """
