"""Telemetry: takes each exchange and each planning call, and hands what is to be kept of them to the writer."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Literal, TypeAlias

from actwright.clock import Clock, timestamp
from actwright.errors import ActwrightError
from actwright.model.exchange import Exchange, ExchangeSink, ExchangeTexts
from actwright.org.query import JsonScalar
from actwright.telemetry.log.call import Asker, Call
from actwright.telemetry.log.people import stored_name
from actwright.telemetry.log.planning import PlanningCall
from actwright.telemetry.log.writer import Health, Writer

if TYPE_CHECKING:
    from actwright.telemetry.log.entry import Entry
    from actwright.telemetry.log.personal_values import Personal

Level: TypeAlias = Literal["off", "metadata", "full"]
"""What is kept: nothing; numbers, names and digests; or what was said as well, redacted."""

_CURRENT: ContextVar[Call | None] = ContextVar("actwright_planning_call", default=None)


class Telemetry:
    """The prompt log's writing side, shared by the calls of one opened session.

    Args:
        writer: Keeps the entries in the background.
        level: What is kept.
        clock: The time.
        session: The session's id; one is made where left out.
        inline: The most bytes of a text that is kept in its record.
        also: Who else is told of each exchange, whatever is kept.
    """

    def __init__(
        self,
        writer: Writer,
        *,
        level: Level,
        clock: Clock,
        session: str | None = None,
        inline: int = 16_384,
        also: Sequence[ExchangeSink] = (),
    ) -> None:
        self._writer = writer
        self._level = level
        self._clock = clock
        self._inline = inline
        self._also = tuple(also)
        self.session = session or f"session_{uuid.uuid4().hex[:16]}"
        """The id of the session."""

    @property
    def level(self) -> Level:
        """What is kept."""
        return self._level

    def record(self, exchange: Exchange, texts: ExchangeTexts) -> None:
        """Take an exchange; its texts only in a planning call, whose plan tells what of them is personal."""
        call = _CURRENT.get()
        stamped = exchange.model_copy(update=self._stamp(call))
        if call is not None:
            call.took(stamped)
        if call is not None and self._level == "full":
            call.texts.append(texts)
        if self._level != "off":
            self._writer.put(lambda: (stamped,))
        for each in self._also:
            each.record(stamped, texts)

    @contextmanager
    def planning(
        self, kind: PlanningCall, goal: str, data: Mapping[str, JsonScalar], asker: Asker
    ) -> Iterator[Call]:
        """Give a planning call that is kept when it ends; within another one, that other one.

        Args:
            kind: Which call it is.
            goal: The goal's words.
            data: Its named data.
            asker: Who asks.
        """
        outer = _CURRENT.get()
        if outer is not None:
            yield outer
            return
        call = Call(kind, goal, data, asker)
        token = _CURRENT.set(call)
        try:
            yield call
        except Exception as error:
            call.error = error.error_code if isinstance(error, ActwrightError) else "unexpected"
            raise
        finally:
            _CURRENT.reset(token)
            self._ended(call)

    def health(self) -> Health:
        """Return how the log has fared since the session was opened."""
        return self._writer.health()

    def check(self) -> str:
        """Return what is kept and where, once that is known to be writable.

        Raises:
            StoreError: It cannot be written to.
        """
        names = self._writer.check()
        return f"{self._level}, in {' and '.join(names)}" if self._level != "off" else "off"

    def flush(self, seconds: float = 5.0) -> bool:
        """Wait until everything so far is kept; False where it is not after ``seconds``."""
        return self._writer.flush(seconds)

    def close(self, seconds: float = 5.0) -> None:
        """Keep what waits, for at most ``seconds``, and take nothing any more."""
        self._writer.close(seconds)

    def _ended(self, call: Call) -> None:
        if self._level == "off":
            return
        call.seconds = time.monotonic() - call.begun
        at = timestamp(self._clock.now())
        try:
            call.user = stored_name(call.asker.user())
            personal = self._personal(call) if self._level == "full" else None
            region = call.asker.region() if self._level == "full" else None
        except Exception as error:  # noqa: BLE001 - whatever cannot be told of a planning, planning goes on
            self._writer.lose(error, 1, "what was said in a planning")
            personal = region = None
        self._writer.put(lambda: self._described(call, at, personal, region))

    def _described(
        self, call: Call, at: str, personal: Personal | None, region: str | None
    ) -> Sequence[Entry]:
        """Return the entries of a planning call; in the writer's thread."""
        from actwright.telemetry.log.describing import described  # noqa: PLC0415 - slow to import

        return described(call, at, self.session, personal, region=region, inline=self._inline)

    def _personal(self, call: Call) -> Personal:
        from actwright.telemetry.log.personal_values import (  # noqa: PLC0415 - slow to import
            Personal,
            PlanValues,
        )

        values = PlanValues(call.asker.describe)
        personal = Personal() if call.plan is None else values.of(call.plan)
        return personal.with_more(values.of(call.earlier).values) if call.earlier else personal

    def _stamp(self, call: Call | None) -> dict[str, str | None]:
        if call is None:
            return {"session": self.session}
        return {
            "session": self.session,
            "planning": call.id,
            "goal_digest": call.goal_digest,
            "user": stored_name(call.asker.user()),
            "org": call.asker.org,
        }
