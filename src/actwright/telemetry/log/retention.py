"""Retention: the log forgets what is older than the settings say, by itself, once a day."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date

from actwright.clock import Clock
from actwright.errors import StoreError
from actwright.inert import inert
from actwright.telemetry.log.entry import Entry, Sink
from actwright.telemetry.log.purging import Purge, Purged

_LOGGER = logging.getLogger("actwright.telemetry")


class Retention:
    """Takes old entries out when a day begins; whoever asks first does it, for all processes of the store.

    Args:
        purge: The way out.
        days: How long entries are kept.
        clock: The time.
    """

    def __init__(self, purge: Purge, days: int, clock: Clock) -> None:
        self._purge = purge
        self._days = days
        self._clock = clock
        self._looked: date | None = None

    def apply(self) -> Purged | None:
        """Take out what is too old; None where that was done today, which costs nothing the second time.

        Raises:
            StoreError: The store or the blobs cannot be written; it is tried again when next asked.
        """
        now = self._clock.now()
        if self._looked == now.date():
            return None
        done = self._purge.daily(self._days, now)
        self._looked = now.date()
        return done


class RetainingSink:
    """Keeps entries as another sink does, and behind that lets old ones go; the writer's thread waits for both.

    Args:
        sink: What keeps them.
        retention: What lets them go.
    """

    def __init__(self, sink: Sink, retention: Retention) -> None:
        self._sink = sink
        self._retention = retention

    @property
    def name(self) -> str:
        """What the entries are kept in."""
        return self._sink.name

    def write(self, entries: Sequence[Entry]) -> None:
        """Keep entries, then take out what is too old; where that cannot be done, no entry is lost by it.

        Raises:
            StoreError: They cannot be kept.
        """
        self._sink.write(entries)
        try:
            self._retention.apply()
        except StoreError as error:
            _LOGGER.warning("What is too old for the prompt log stays: %s", inert(error.message))
