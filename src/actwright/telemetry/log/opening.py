"""Opening the log: the sinks the settings name, the writer before them, and the telemetry that feeds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from actwright.clock import Clock
from actwright.model.exchange import ExchangeSink
from actwright.store.blobs import PurgeableBlobs
from actwright.store.database import Database
from actwright.telemetry.log.entry import Sink
from actwright.telemetry.log.lines import LinesSink
from actwright.telemetry.log.purging import Purge
from actwright.telemetry.log.retention import RetainingSink, Retention
from actwright.telemetry.log.store import StoreSink
from actwright.telemetry.log.telemetry import Level, Telemetry
from actwright.telemetry.log.writer import Writer


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is kept, and where.

    Attributes:
        level: What is kept.
        in_store: Whether the store keeps it.
        file: A file that keeps it as JSON lines, or None.
        session: The session's id; one is made where left out.
        inline: The most bytes of a text that is kept in its record.
        days: For how long the store keeps it.
    """

    level: Level = "metadata"
    in_store: bool = True
    file: Path | None = None
    session: str | None = None
    inline: int = 16_384
    days: int = 30


def open_telemetry(
    keeping: Keeping,
    database: Database,
    blobs: PurgeableBlobs,
    clock: Clock,
    *,
    also: Sequence[ExchangeSink] = (),
    further: Sequence[Sink] = (),
) -> Telemetry:
    """Return telemetry that keeps what it is told; close it before the store.

    Args:
        keeping: What is kept, and where.
        database: The store.
        blobs: Where long texts are kept.
        clock: The time.
        also: Who else is told of each exchange, whatever is kept.
        further: Where else entries go once they are redacted.
    """
    sinks: list[Sink] = []
    if keeping.in_store:
        retention = Retention(Purge(database, blobs), keeping.days, clock)
        sinks.append(RetainingSink(StoreSink(database), retention))
    if keeping.file is not None:
        sinks.append(LinesSink(keeping.file))
    sinks += further
    return Telemetry(
        Writer(sinks, blobs),
        level=keeping.level if sinks else "off",
        clock=clock,
        session=keeping.session,
        inline=keeping.inline,
        also=also,
    )
