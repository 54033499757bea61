"""What keeping an exchange costs whoever asks a model: a prompt of 60 KB, its numbers only and with its texts.

Each exchange is recorded as a planner records it, digests over the request included, in a planning call of its own, with
the writer at work beside it in the same process. The caller's share is timed until the planner goes on; "end to end" is
from there until the entry, redacted, is durable. The prompt differs each time, so that no redaction is remembered. The
99th percentile on the clock is mostly what else the machine does, which the level ``off`` shows too; the bar is on the
caller's processor time.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from actwright.clock import SystemClock
from actwright.errors import NotFoundError
from actwright.model.budget import Budget
from actwright.model.chat import ChatReply, ChatRequest, Message, ReplySchema, TokenUsage
from actwright.model.prompt import PromptSettings, RenderedPrompt
from actwright.model.record import Record, Turn
from actwright.org.schema import ObjectSchema
from actwright.store.blobs import FileBlobs
from actwright.store.sqlite import SqliteDatabase
from actwright.telemetry.log.call import Asker
from actwright.telemetry.log.opening import Keeping, open_telemetry
from actwright.telemetry.log.telemetry import Level, Telemetry
from benchmarks._row import Row, row

_TIMES = 200
_MOST_MS = 1.0
_LEVELS: tuple[Level, ...] = ("off", "metadata", "full")
_LINE = "The object Opportunity has the fields Name, StageName, Amount and CloseDate, which are written unless readOnly.\n"
_PROMPT = (_LINE * (60_000 // len(_LINE) + 1))[:60_000]
_GOAL = "Log a call with Mia Kowalski about the renewal, phone +1 555 0199"
_REPLY = ChatReply(f'{{"said": "{_GOAL}"}}', "stop", model="m", usage=TokenUsage(15_000, 200))
_SCHEMA = ReplySchema(
    "Reply", {"type": "object", "properties": {f"field{n}": {"type": "string"} for n in range(60)}}
)


def run() -> list[Row]:
    """Return the milliseconds an exchange costs its caller, and until it is durable, by what is kept of it."""
    return [each for level in _LEVELS for each in _rows(level)]


def _rows(level: Level) -> Iterator[Row]:
    with _opened(level) as telemetry:
        _recorded(telemetry, 0)
        taken = [_recorded(telemetry, number) for number in range(1, _TIMES)]
        assert telemetry.health().sound
    caller = [each.caller for each in taken]
    name = f"an exchange of 60 KB, {level}"
    yield row(f"{name}: caller, p50", statistics.median(caller), "ms", _MOST_MS)
    yield row(f"{name}: caller, p99", _p99(caller), "ms")
    worst = _p99([each.processor for each in taken])
    yield row(f"{name}: caller's processor, p99", worst, "ms", _MOST_MS)
    if level != "off":
        durable = statistics.median([each.durable for each in taken])
        yield row(f"{name}: until it is durable, p50", durable, "ms")


class Taken(NamedTuple):
    """What an exchange took, in milliseconds: of the caller on the clock and of its processor, and until it was durable."""

    caller: float
    processor: float
    durable: float


def _recorded(telemetry: Telemetry, number: int) -> Taken:
    """Record one exchange in a planning call, and return what that took."""
    turn = _turn(number)
    log = Record(telemetry, SystemClock(), Budget(10**9, 10**9), "m")
    begun, used = time.perf_counter(), time.thread_time()
    with telemetry.planning("plan", _GOAL, {}, _ASKER):
        log.ok(turn, _REPLY)
    went_on, ran = time.perf_counter(), time.thread_time()
    assert telemetry.flush()
    durable = time.perf_counter() - begun
    return Taken((went_on - begun) * 1000, (ran - used) * 1000, durable * 1000)


def _turn(number: int) -> Turn:
    messages = (Message("system", f"{number}\n{_PROMPT}"), Message("user", _GOAL))
    prompt = RenderedPrompt(messages, "plan", "1", "0" * 64, PromptSettings())
    return Turn(ChatRequest(messages, "m", _SCHEMA), prompt, "plan")


def _p99(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100)[-1]


def _no_object(name: str) -> ObjectSchema:
    raise NotFoundError(f"There is no object {name}.")


_ASKER = Asker(lambda: "alice", "local", _no_object, lambda: "US", lambda _: None)


@contextmanager
def _opened(level: Level) -> Iterator[Telemetry]:
    with tempfile.TemporaryDirectory() as folder:
        database, blobs = SqliteDatabase(Path(folder) / "store.db"), FileBlobs(Path(folder))
        telemetry = open_telemetry(Keeping(level), database, blobs, SystemClock())
        yield telemetry
        telemetry.close()
        database.close()
