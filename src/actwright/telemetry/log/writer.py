"""The writer: one thread that redacts entries and keeps them, so that whoever makes them waits for none of it."""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from actwright.errors import ActwrightError, StoreError
from actwright.inert import inert
from actwright.store.blobs import Blobs
from actwright.telemetry.log.entry import Entry, Sink, TextsEntry
from actwright.telemetry.log.secrets import without_secrets

Making: TypeAlias = Callable[[], Sequence[Entry]]
"""Makes entries, in the writer's thread; what takes time, such as redaction, is done here."""

_ROOM = 2_000
_BATCH = 100
_LONGEST_ERROR = 300


@dataclass(frozen=True, slots=True)
class Health:
    """How the log has fared since it was opened.

    Attributes:
        written: How many entries every sink has kept.
        dropped: How many were given up because too many were waiting.
        failed: How many could not be made, or not be kept by some sink.
        last_error: What went wrong last, or None.
    """

    written: int = 0
    dropped: int = 0
    failed: int = 0
    last_error: str | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing was lost."""
        return not (self.dropped or self.failed)


class Writer:
    """Keeps entries in the background; whatever goes wrong is counted and raised nowhere.

    Long texts are kept after the rows that refer to them: who purges removes texts inside his own transaction, so that
    none is removed that a row refers to.

    Args:
        sinks: Where to; a sink that fails keeps nothing from the others.
        blobs: Where long texts are kept.
        room: How many works may wait; more are dropped.
    """

    def __init__(self, sinks: Sequence[Sink], blobs: Blobs, *, room: int = _ROOM) -> None:
        self._sinks = tuple(sinks)
        self._blobs = blobs
        self._room = room
        self._waiting: deque[Making] = deque()
        self._process = os.getpid()
        self._changed = threading.Condition()
        self._pending = 0
        self._closed = False
        self._thread: threading.Thread | None = None
        self._written = self._dropped = self._failed = 0
        self._last_error: str | None = None

    def put(self, making: Making) -> None:
        """Take a work and return at once; it is dropped, and counted, where too many wait."""
        if self._is_elsewhere:
            return
        with self._changed:
            if self._closed or len(self._waiting) >= self._room:
                self._dropped += 1
                return
            self._waiting.append(making)
            self._pending += 1
            self._start()
            self._changed.notify_all()

    def lose(self, error: Exception, count: int, where: str) -> None:
        """Count what is lost.

        Args:
            error: Why.
            count: How many entries.
            where: Of what, or where they should have gone.
        """
        said = error.message if isinstance(error, ActwrightError) else type(error).__name__
        shown, _ = without_secrets(f"{where}: {said}")
        with self._changed:
            self._failed += count
            self._last_error = inert(shown, limit=_LONGEST_ERROR)

    def flush(self, seconds: float = 5.0) -> bool:
        """Wait until everything that was put is kept; False where it is not after ``seconds``.

        The writer's own thread does not wait for itself.
        """
        if self._is_elsewhere or threading.current_thread() is self._thread:
            return False
        with self._changed:
            return self._changed.wait_for(lambda: not self._pending, seconds)

    def close(self, seconds: float = 5.0) -> None:
        """Keep what waits, for at most ``seconds``; what waits then is dropped, and nothing is taken any more."""
        atexit.unregister(self.close)
        if self._is_elsewhere:
            return
        until = time.monotonic() + seconds
        self.flush(seconds)
        with self._changed:
            self._closed = True
            self._dropped += len(self._waiting)
            self._waiting.clear()
            self._changed.notify_all()
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(max(until - time.monotonic(), 0.0))

    def check(self) -> tuple[str, ...]:
        """Return the names of the sinks, each of which can be written to.

        Raises:
            StoreError: One of them cannot.
        """
        for each in self._sinks:
            each.write(())
        return tuple(each.name for each in self._sinks)

    def health(self) -> Health:
        """Return how it has fared."""
        with self._changed:
            return Health(self._written, self._dropped, self._failed, self._last_error)

    @property
    def _is_elsewhere(self) -> bool:
        """Whether this is a process forked off since: its copies of thread and lock are of nothing."""
        return os.getpid() != self._process

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="actwright-log", daemon=True)
            self._thread.start()
            atexit.register(self.close)

    def _run(self) -> None:
        while works := self._taken():
            self._keep([entry for each in works for entry in self._made(each)])
            with self._changed:
                self._pending -= len(works)
                self._changed.notify_all()

    def _taken(self) -> list[Making]:
        """Return what waits, at most a batch; nothing once the writer is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            count = min(len(self._waiting), _BATCH)
            return [self._waiting.popleft() for _ in range(count)]

    def _made(self, making: Making) -> Sequence[Entry]:
        try:
            return making()
        except Exception as error:  # noqa: BLE001 - whatever cannot be made is lost, and nothing else is
            self.lose(error, 1, "an entry")
            return ()

    def _keep(self, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        counts = [self._kept(each, entries) for each in self._sinks]
        with self._changed:
            self._written += min(counts, default=0)
        if not any(counts):
            return
        for each in entries:
            if isinstance(each, TextsEntry):
                self._keep_contents(each)

    def _keep_contents(self, texts: TextsEntry) -> None:
        try:
            for content in texts.contents.values():
                self._blobs.put(content)
        except Exception as error:  # noqa: BLE001 - the record stays, and names what is missing
            self.lose(error, 1, "a long text")

    def _kept(self, sink: Sink, entries: Sequence[Entry]) -> int:
        """Return how many of the entries a sink kept."""
        try:
            sink.write(entries)
        except Exception as error:  # noqa: BLE001 - a sink that fails must stop nothing
            if len(entries) > 1 and not isinstance(error, StoreError):
                # One of them cannot be written down; the others can.
                return sum(self._kept(sink, [each]) for each in entries)
            self.lose(error, len(entries), sink.name)
            return 0
        return len(entries)
