"""The log's reading side: exchanges, what they said, and plannings, as they were kept."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from actwright.canonical import Json, canonical_text
from actwright.contract import Contract
from actwright.document import validated
from actwright.errors import DocumentError, NotFoundError
from actwright.model.exchange import Exchange, ExchangeTexts
from actwright.store.blobs import Blobs
from actwright.store.database import Database
from actwright.store.documents import stored_json
from actwright.telemetry.log.payloads import Rehydrating
from actwright.telemetry.log.people import stored_name
from actwright.telemetry.log.planning import PlanningRecord

T = TypeVar("T", bound=Contract)
Parameters: TypeAlias = tuple[object, ...]

_PAGE = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are wanted; what is None does not matter.

    Attributes:
        since: Those of that moment and later ones; a timestamp, or the beginning of one, such as a date.
        before: Earlier ones than that; likewise.
        user: Whose.
        session: Of which session.
        prompt: The name of the prompt.
        model: The model's name.
        outcome: What came of the exchange; plannings have none, and are not wanted then.
    """

    since: str | None = None
    before: str | None = None
    user: str | None = None
    session: str | None = None
    prompt: str | None = None
    model: str | None = None
    outcome: str | None = None

    def sql(self, *, of_exchanges: bool) -> tuple[str, Parameters]:
        """Return the conditions in SQL, and their parameters."""
        if self.outcome is not None and not of_exchanges:
            return "1 = 0", ()
        user = None if self.user is None else stored_name(self.user)
        tests: list[tuple[str, object]] = [
            ("at >= ?", self.since),
            ("at < ?", self.before),
            ("username = ?", user),
            ("session = ?", self.session),
            ("prompt = ?", self.prompt),
            ("model = ?", self.model),
            ("outcome = ?", self.outcome),
        ]
        asked = [each for each in tests if each[1] is not None]
        where = " AND ".join(each for each, _ in asked)
        return where or "1 = 1", tuple(value for _, value in asked)


EVERYTHING = Wanted()
"""All there is."""


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """Entries, and the ids of those whose rows are damaged and cannot be read."""

    items: tuple[T, ...]
    damaged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptExchange:
    """An exchange as it was kept.

    Attributes:
        exchange: Its numbers and names.
        texts: What it said; None where that was not kept.
        missing: What of it is not there or damaged, a sentence each.
    """

    exchange: Exchange
    texts: ExchangeTexts | None = None
    missing: tuple[str, ...] = ()


class PromptLog:
    """Reads the log.

    Args:
        database: The store.
        blobs: Where long texts are kept.
        settled: Called before anything is read, so that what was just taken is there.
    """

    def __init__(
        self, database: Database, blobs: Blobs, settled: Callable[[], object] = lambda: None
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._settled = settled

    def recent(self, limit: int = 20, wanted: Wanted = EVERYTHING) -> Listing[Exchange]:
        """Return the newest exchanges that are wanted, newest first.

        Raises:
            StoreError: The store cannot be read.
        """
        where, given = wanted.sql(of_exchanges=True)
        return _listing(Exchange, self._newest("exchange", where, given, limit))

    def plannings(self, limit: int = 20, wanted: Wanted = EVERYTHING) -> Listing[PlanningRecord]:
        """Return the newest planning calls that are wanted, newest first.

        Raises:
            StoreError: The store cannot be read.
        """
        where, given = wanted.sql(of_exchanges=False)
        return _listing(PlanningRecord, self._newest("planning", where, given, limit))

    def get(self, exchange_id: str) -> KeptExchange:
        """Return one exchange.

        Raises:
            NotFoundError: There is none of that id.
            DocumentError: Its row is damaged.
            StoreError: The store cannot be read.
        """
        rows = self._rows("SELECT id, body FROM exchange WHERE id = ?", (_key(exchange_id),))
        if not rows:
            raise _none("exchange", exchange_id)
        return self._kept(validated(Exchange, _json(*rows[0]), where=exchange_id))

    def planning(self, planning_id: str) -> PlanningRecord:
        """Return one planning call.

        Raises:
            NotFoundError: There is none of that id.
            DocumentError: Its row is damaged.
            StoreError: The store cannot be read.
        """
        rows = self._rows("SELECT id, body FROM planning WHERE id = ?", (_key(planning_id),))
        if not rows:
            raise _none("planning", planning_id)
        return validated(PlanningRecord, _json(*rows[0]), where=planning_id)

    def ids(self, digits: str, noun: str | None = None) -> tuple[str, ...]:
        """Return the ids of exchanges and plannings that begin with these digits.

        Args:
            digits: The first digits, behind ``exchange_`` or ``planning_``.
            noun: ``exchange`` or ``planning`` where only those count.

        Raises:
            StoreError: The store cannot be read.
        """
        tables = [each for each in ("exchange", "planning") if noun in {None, each}]
        return tuple(
            row[0]
            for table in tables
            for row in self._rows(
                f"SELECT id FROM {table} WHERE id LIKE ?",  # noqa: S608 - our own words
                (f"{table}_{_key(digits)}%",),
            )
        )

    def of_conversation(self, conversation: str) -> tuple[KeptExchange, ...]:
        """Return the exchanges of a conversation, oldest first; damaged ones are left out.

        Raises:
            StoreError: The store cannot be read.
        """
        where = "SELECT id, body FROM exchange WHERE conversation = ? ORDER BY seq"
        return self._all_kept(self._rows(where, (_key(conversation),)))

    def of_plan(self, plan_id: str) -> tuple[KeptExchange, ...]:
        """Return the exchanges of the planning calls that came to a plan, oldest first; damaged ones are left out.

        Raises:
            StoreError: The store cannot be read.
        """
        where = (
            "SELECT id, body FROM exchange WHERE planning IN "
            "(SELECT id FROM planning WHERE plan_id = ?) ORDER BY seq"
        )
        return self._all_kept(self._rows(where, (_key(plan_id),)))

    def plannings_of(self, plan_id: str) -> tuple[PlanningRecord, ...]:
        """Return the planning calls that came to a plan, oldest first; damaged ones are left out.

        Raises:
            StoreError: The store cannot be read.
        """
        rows = self._rows(
            "SELECT id, body FROM planning WHERE plan_id = ? ORDER BY seq", (_key(plan_id),)
        )
        return _listing(PlanningRecord, rows).items

    def export(self, wanted: Wanted = EVERYTHING) -> Iterator[str]:
        """Yield what is wanted as JSON lines without line ends, oldest first, texts put back.

        Each is ``{"kind": "exchange", ..., "texts": ..., "missing": [...]}`` or ``{"kind": "planning", ...}``.

        Raises:
            StoreError: The store cannot be read.
        """
        merged = heapq.merge(
            self._exported_exchanges(wanted),
            self._exported_plannings(wanted),
            key=lambda each: each[0],
        )
        return (canonical_text(document) for _, document in merged)

    def _exported_exchanges(self, wanted: Wanted) -> Iterator[tuple[str, dict[str, Json]]]:
        for row in self._pages("exchange", *wanted.sql(of_exchanges=True)):
            for each in self._all_kept((row,)):
                texts = each.texts.model_dump(mode="json") if each.texts else None
                more: dict[str, Json] = {"texts": texts, "missing": list(each.missing)}
                document = each.exchange.model_dump(mode="json")
                yield each.exchange.at, {"kind": "exchange", **document, **more}

    def _exported_plannings(self, wanted: Wanted) -> Iterator[tuple[str, dict[str, Json]]]:
        for row in self._pages("planning", *wanted.sql(of_exchanges=False)):
            for each in _listing(PlanningRecord, (row,)).items:
                yield each.at, {"kind": "planning", **each.model_dump(mode="json")}

    def _all_kept(self, rows: Sequence[tuple[Any, ...]]) -> tuple[KeptExchange, ...]:
        return tuple(map(self._kept, _listing(Exchange, rows).items))

    def _kept(self, exchange: Exchange) -> KeptExchange:
        rows = self._rows("SELECT id, body FROM exchange_text WHERE id = ?", (exchange.id,))
        if not rows:
            return KeptExchange(exchange)
        rehydrating = Rehydrating(self._blobs)
        try:
            document = rehydrating.document(_json(*rows[0]))
            texts = validated(ExchangeTexts, document, where=exchange.id)
        except DocumentError:
            return KeptExchange(exchange, missing=(f"The texts of {exchange.id} are damaged.",))
        return KeptExchange(exchange, texts, tuple(rehydrating.missing))

    def _newest(
        self, table: str, where: str, given: Parameters, limit: int
    ) -> Sequence[tuple[Any, ...]]:
        sql = f"SELECT id, body FROM {table} WHERE {where} ORDER BY seq DESC LIMIT ?"  # noqa: S608 - our own words
        return self._rows(sql, (*given, max(limit, 0)))

    def _pages(self, table: str, where: str, given: Parameters) -> Iterator[tuple[Any, ...]]:
        """Yield the rows, oldest first, a page at a time, so that nobody waits for a long reader."""
        sql = f"SELECT seq, id, body FROM {table} WHERE seq > ? AND {where} ORDER BY seq LIMIT ?"  # noqa: S608 - likewise
        last = 0
        while rows := self._rows(sql, (last, *given, _PAGE)):
            yield from (row[1:] for row in rows)
            last = rows[-1][0]

    def _rows(self, sql: str, given: Parameters) -> Sequence[tuple[Any, ...]]:
        self._settled()
        with self._database.read() as connection:
            return connection.execute(sql, given).fetchall()


def _listing(model: type[T], rows: Sequence[tuple[Any, ...]]) -> Listing[T]:
    sound, damaged = list[T](), list[str]()
    for key, body in rows:
        try:
            sound.append(validated(model, _json(key, body), where=key))
        except DocumentError:
            damaged.append(key)
    return Listing(tuple(sound), tuple(damaged))


def _json(key: str, body: str) -> Json:
    return stored_json(body, where=key)


def _key(text: str) -> str:
    """Return an id as the store can look it up; what no id is, is found nowhere."""
    return text if text.isascii() and text.isprintable() else ""


def _none(noun: str, key: str) -> NotFoundError:
    return NotFoundError(
        f"There is no {noun} {key[:60]!r} in this store.",
        hint="`actwright telemetry list` shows what there is; it may have been purged.",
    )
