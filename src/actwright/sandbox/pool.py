"""The sandbox: a pool of worker processes, and the runs in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING, Self

from actwright.errors import SandboxRejectedError
from actwright.sandbox.calls import Call
from actwright.sandbox.failures import limit_reached
from actwright.sandbox.finding import Finding
from actwright.sandbox.limits import SandboxLimits
from actwright.sandbox.session import ARGUMENTS, Session
from actwright.sandbox.surface import Surface
from actwright.sandbox.syntax import lint
from actwright.sandbox.values import Value
from actwright.sandbox.workers import Workers

if TYPE_CHECKING:
    from pydantic_monty import MontySession


@dataclass(frozen=True, slots=True)
class Executed:
    """What one run came to.

    Attributes:
        value: What the entry returned, copied and counted.
        printed: What it printed. The code's words: show them through `inert`.
        calls: How many capability calls it made.
        seconds: How long it took, with the host's answers.
    """

    value: Value
    printed: str
    calls: int
    seconds: float


class Sandbox:
    """Runs code of one tenant in worker processes of its own. Thread-safe; not to be carried over a fork.

    Args:
        tenant: Whose code it runs; never hand one to another tenant.
        limits: The ceilings of each run.
        workers: How many runs go on at once; others wait.
    """

    def __init__(
        self, *, tenant: str = "", limits: SandboxLimits | None = None, workers: int = 2
    ) -> None:
        self.tenant = tenant
        self.limits = limits or SandboxLimits()
        self._workers = Workers(self.limits, workers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(
        self,
        source: str,
        *,
        entry: str,
        arguments: Mapping[str, Value],
        surface: Surface,
        answer: Callable[[Call], Value],
        now: datetime | None = None,
    ) -> Executed:
        """Run code until its entry returns.

        Whatever ``answer`` raises ends the run at once: the code is not told, and cannot go on. `SandboxDenied` comes
        out as a `SandboxDeniedError`, every other exception as it is.

        Args:
            source: The code: imports, and functions.
            entry: The function that is called.
            arguments: Its arguments, by name.
            surface: What it may call.
            answer: Carries out one call, on this thread, and returns what the code gets.
            now: The moment its clock stands at, in the zone whose day is today inside, where that is a `ZoneInfo`; else
                it is UTC. Without it, the moment the run starts.

        Raises:
            SandboxUnavailableError: There is no sandbox here, or it was closed.
            SandboxRejectedError: The code is not what may run.
            SandboxDeniedError: It asked for what it may not have.
            SandboxLimitError: It reached a ceiling.
            SandboxFailedError: It raised an error of its own.
            SandboxValueError: A value on its way in or out is refused.
            SandboxCrashedError: Its process died.
        """
        _accept(source, entry, surface, self.limits)
        clock = now or datetime.now(UTC)
        started = perf_counter()
        with self.session(surface, now=clock) as worker:
            session = Session(worker, surface=surface, limits=self.limits, answer=answer)
            value = session.run(f"{source}\n{entry}(**{ARGUMENTS})", arguments)
        return Executed(value, session.printed, session.calls, perf_counter() - started)

    def session(
        self, surface: Surface, *, now: datetime, typed: str | None = None
    ) -> AbstractContextManager[MontySession]:
        """Lend a fresh session of a worker. What is done with it goes through `Session`.

        Args:
            surface: The modules its code may import.
            now: The moment its clock stands at.
            typed: Stub text, where its code is to be type-checked.

        Raises:
            SandboxUnavailableError: No worker can be had, or this was closed, or belongs to another process.
        """
        return self._workers.session(surface, now=now, typed=typed)

    def close(self) -> None:
        """End every worker; what still runs in one ends with an error. Closing twice is no error."""
        self._workers.close()


def _accept(source: str, entry: str, surface: Surface, limits: SandboxLimits) -> None:
    """Refuse code that is not what may run.

    Raises:
        SandboxLimitError: It is too long.
        SandboxRejectedError: The lint found something.
    """
    if (
        len(source) > limits.source_bytes
        or len(source.encode(errors="replace")) > limits.source_bytes
    ):
        raise limit_reached("source_bytes", limits)
    findings = _linted(source, entry, surface)
    if findings:
        raise SandboxRejectedError(
            f"The code may not run: {findings[0].message}",
            where=f"line {findings[0].line}" if findings[0].line else None,
            hint="`check` names every finding, each with its line.",
        )


@lru_cache(maxsize=256)
def _linted(source: str, entry: str, surface: Surface) -> tuple[Finding, ...]:
    return lint(source, entry=entry, surface=surface)
