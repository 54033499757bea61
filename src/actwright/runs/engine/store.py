"""The store as an event loop uses it: shared with other runs, or private to one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from actwright.runs.engine.work import Reserve
from actwright.runs.record.head import Head
from actwright.runs.record.journal import Entry, Journal
from actwright.store.database import Transaction

Result = TypeVar("Result")


class Store(Protocol):
    """The journal, and short calls to the store beside it."""

    @property
    def journal(self) -> Journal:
        """The journal."""

    @property
    def blocks(self) -> bool:
        """Whether a commit keeps the loop from coming round."""

    def append(  # noqa: PLR0917 - as the journal has them
        self,
        run_id: str,
        entries: Sequence[Entry],
        actor: str,
        after: Head,
        also: Reserve | None,
        at: str,
    ) -> Awaitable[Head]:
        """Append events that happened at a time, and return once they are durable.

        Raises:
            JournalConflictError: Somebody else has appended.
            DocumentError: The data of an event has no canonical form.
            StoreError: The store cannot be written.
        """

    def commit(self, work: Callable[[Transaction], Result]) -> Awaitable[Result]:
        """Run a work in a transaction, and return once it is durable.

        Raises:
            StoreError: The store cannot be written.
        """

    def call(self, function: Callable[[], Result]) -> Awaitable[Result]:
        """Make a short call to the store without keeping a shared loop from anything."""


@dataclass(frozen=True, slots=True)
class SharedStore:
    """The store of a loop that carries out many runs: nothing blocks it.

    Attributes:
        journal: The journal.
    """

    journal: Journal

    @property
    def blocks(self) -> bool:
        """Never: the loop comes round while a commit is waited for."""
        return False

    def append(  # noqa: PLR0917 - as the journal has them
        self,
        run_id: str,
        entries: Sequence[Entry],
        actor: str,
        after: Head,
        also: Reserve | None,
        at: str,
    ) -> Awaitable[Head]:
        """Append events, in a commit shared with the other runs."""
        return self.journal.aappend(run_id, entries, actor=actor, after=after, also=also, at=at)

    def commit(self, work: Callable[[Transaction], Result]) -> Awaitable[Result]:
        """Run a work in a transaction shared with the other runs."""
        return self.journal.database.acommit(work)

    def call(self, function: Callable[[], Result]) -> Awaitable[Result]:
        """Make a call in another thread."""
        return asyncio.to_thread(function)


@dataclass(frozen=True, slots=True)
class PrivateStore:
    """The store of a loop that carries nothing out but one run: it may be blocked, which saves a hand-over between threads.

    Attributes:
        journal: The journal.
    """

    journal: Journal

    @property
    def blocks(self) -> bool:
        """Always: nobody else waits for the loop."""
        return True

    async def append(  # noqa: PLR0917 - as the journal has them
        self,
        run_id: str,
        entries: Sequence[Entry],
        actor: str,
        after: Head,
        also: Reserve | None,
        at: str,
    ) -> Head:
        """Append events, in this very thread."""
        return self.journal.append(run_id, entries, actor=actor, after=after, also=also, at=at)

    async def commit(self, work: Callable[[Transaction], Result]) -> Result:
        """Run a work in a transaction, in this very thread."""
        return self.journal.database.commit(work)

    async def call(self, function: Callable[[], Result]) -> Result:
        """Make a call in this very thread."""
        return function()
