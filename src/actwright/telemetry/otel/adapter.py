"""The adapter: `actwright.tracing.Tracing` as spans, metrics and log records of OpenTelemetry."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from actwright.model.exchange import Exchange, ExchangeTexts
from actwright.telemetry.otel.activity import SpanActivity
from actwright.telemetry.otel.chats import Chats, Service
from actwright.telemetry.otel.contents import Contents
from actwright.telemetry.otel.delivering import Deliveries
from actwright.telemetry.otel.groups import GROUPS, note
from actwright.telemetry.otel.instruments import Instruments
from actwright.telemetry.otel.providers import Providers
from actwright.telemetry.otel.remembered import Remembered
from actwright.tracing import Activity, Kind, Told


class OpenTelemetry:
    """Tells OpenTelemetry what is done.

    Args:
        made: What spans, metrics and log records are made with.
        service: The model that is asked, and where.
        content: Whether texts are told too, redacted.
    """

    def __init__(self, made: Providers, *, service: Service, content: bool = False) -> None:
        self._made = made
        self._instruments = Instruments(made.meter)
        self._remembered = Remembered()
        self._chats = Chats(made.tracer, self._instruments, self._remembered, service)
        self.contents = Contents(made.logger, self._remembered) if content else None
        """A further sink of the prompt log, where texts are told too; else None."""

    @property
    def on(self) -> bool:
        """Always True."""
        return True

    @property
    def deliveries(self) -> Deliveries:
        """What became of what was exported."""
        return self._made.deliveries

    def flush(self) -> None:
        """Deliver what was kept back until now; for who cannot wait for the next batch."""
        self._made.flush()

    def activity(self, kind: Kind, subject: object) -> AbstractContextManager[Activity]:
        """Open an activity with a span of its own."""
        return SpanActivity(self._made, self._instruments, self._remembered, kind, subject)

    def appended(self, run_id: str, events: Told, actor: str) -> None:
        """Make spans of a run's groups, and put what else happened on the span that is current."""
        del actor  # a person's name: confirmations and interventions tell of it themselves
        with self._made.deliveries.guarding():
            groups = GROUPS.get()
            if groups is not None:
                groups.heard(run_id, events)
                return
            for kind, data in events:
                note(run_id, kind, data)

    def record(self, exchange: Exchange, texts: ExchangeTexts) -> None:
        """Make a span of an exchange with a model; what was said in it is told by `contents`, if at all."""
        del texts
        with self._made.deliveries.guarding():
            self._chats.tell(exchange)

    def sending(self, run_id: str, group_id: str) -> AbstractContextManager[None]:
        """Return the context in which a group's span is the current one."""
        del run_id
        groups = GROUPS.get()
        return nullcontext() if groups is None else groups.sending(group_id)
