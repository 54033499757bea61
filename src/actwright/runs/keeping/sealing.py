"""Sealing: writing the heads of all runs that moved into a signed seal, behind the seal before."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from actwright.clock import Clock, timestamp
from actwright.errors import SealError, StoreError
from actwright.runs.keeping.seal import (
    Seal,
    SealBody,
    SealedArchive,
    hash_before,
    insert_seal,
    key_behind,
    newest_seal,
    read_seal,
    signed,
    write_seal,
)
from actwright.runs.keeping.seal_key import PrivateKey, PublicKey, SealKey
from actwright.store.database import Database, Row, Transaction

SEAL_EVERY = timedelta(hours=1)
"""How often the heads of all runs are sealed, unless somebody says otherwise."""

_MOST_HANDED = 100
"""Changes of the key between a copy of the store and the present: far more than anybody makes."""

_log = logging.getLogger(__name__)

_UNSEALED = {
    "run_open": "ended_at IS NULL AND sealed < seq",
    "run_unsealed": "ended_at IS NOT NULL AND sealed < seq",
}
"""Which runs moved since they were sealed: those that go on, and those that have ended; by the index that finds them."""

_MOVED = """SELECT run.run_id, run.seq, run.hash, journal.hash FROM run
    LEFT JOIN journal ON journal.run_id = run.run_id AND journal.seq = run.seq
    WHERE {chosen} ORDER BY run.run_id"""
_IN_FILE = " UNION ALL ".join(
    f"SELECT run_id FROM run INDEXED BY {index} WHERE {each}"  # noqa: S608 - our own text
    for index, each in _UNSEALED.items()
)
_HOLDING = "SELECT run_id FROM run WHERE {chosen} ORDER BY run_id FOR UPDATE SKIP LOCKED"
"""On a server others append meanwhile: nobody waits for a run that is being moved; it is sealed the next time."""

_SINCE = """SELECT coalesce((SELECT at FROM seal ORDER BY number DESC LIMIT 1),
    (SELECT started_at FROM run ORDER BY started_at LIMIT 1))"""
_RUNS = """SELECT (SELECT count(*) FROM run) + (SELECT count(*) FROM archived
    WHERE NOT EXISTS (SELECT 1 FROM run WHERE run.run_id = archived.run_id))"""


@dataclass(frozen=True, slots=True)
class Sealing:
    """The seals of one store.

    Attributes:
        database: The store.
        clock: The time.
        key: What they are signed with; made when the first seal is.
    """

    database: Database
    clock: Clock
    key: SealKey

    def seal(self) -> Seal | None:
        """Seal all runs that moved since the last seal; None where none did, and its key is still the present one.

        Raises:
            SealError: The key is missing or is not that of the earlier seals, or a run's journal and its register
                differ; nothing was changed.
            StoreError: The store cannot be written.
        """
        with self.database.write() as transaction:
            return self.seal_within(transaction)

    def seal_if_due(self, every: timedelta) -> Seal | None:
        """Seal where the newest seal, or the oldest run nothing has sealed yet, is older than ``every``; None else.

        Raises:
            SealError: As `seal` does.
            StoreError: As `seal` does.
        """
        return self.seal() if self._is_due(every) else None

    def seal_or_log(self, every: timedelta) -> None:
        """Seal where that is due; what keeps it from that is logged, since what was done before stands all the same."""
        try:
            self.seal_if_due(every)
        except StoreError as error:
            _log.warning("The journal was not sealed: %s", error)

    def seal_within(
        self, transaction: Transaction, archives: Sequence[SealedArchive] = ()
    ) -> Seal | None:
        """Seal inside an open transaction.

        Args:
            transaction: An open one.
            archives: Files that runs are moved out to in this transaction.

        Raises:
            SealError: As `seal` does; the transaction has to be rolled back.
        """
        transaction.hold("seal")
        last = newest_seal(transaction)
        moved = self._moved(transaction)
        if not moved and not archives and not self._must_go_over(last):
            return None
        key, handed = self._key_behind(last)
        return self._add(transaction, last, moved, key, archives=archives, handed=handed)

    def rotate(self) -> Seal:
        """Go over to a new key: a last seal with the old one names the new one, which signs from then on.

        A crash in between leaves the old key in force, or the new one on the disk for the next seal to find.

        The public half of the old key and the seal it handed over with stay beside the new one: a copy of the store
        from before is verified with the one, and sealed again behind the other.

        Raises:
            SealError: As `seal` does; or the new key cannot be written. Nothing was changed.
            StoreError: The store cannot be written.
        """
        with self.database.write() as transaction:
            transaction.hold("seal")
            last = newest_seal(transaction)
            old, handed = self._key_behind(last)
            self.key.next.discard()
            self.key.next.make()
            new = self.key.next.read()
            moved = self._moved(transaction)
            last = self._add(transaction, last, moved, old, next_key=new.public.raw, handed=handed)
            write_seal(last, self.key.handover_path(old.public))
            made = self._add(transaction, last, (), new)
        self._at_hand(new.public.raw)
        return made

    def _add(
        self,
        transaction: Transaction,
        last: Seal | None,
        moved: Sequence[Row],
        key: PrivateKey,
        *,
        archives: Sequence[SealedArchive] = (),
        next_key: str | None = None,
        handed: Sequence[Seal] = (),
    ) -> Seal:
        body = SealBody(
            number=last.number + 1 if last else 1,
            at=timestamp(self.clock.now()),
            previous=hash_before(last),
            key=key.public.raw,
            heads=tuple((run_id, seq, hash_) for run_id, seq, hash_, _ in moved),
            runs=int(transaction.execute(_RUNS).fetchall()[0][0]),
            archives=tuple(archives),
            next_key=next_key,
            handed=tuple(handed),
        )
        seal = signed(body, key)
        insert_seal(transaction, seal)
        self._mark(transaction, moved)
        return seal

    def _is_due(self, every: timedelta) -> bool:
        with self.database.read() as transaction:
            row = transaction.execute(_SINCE).fetchone()
        if row is None or row[0] is None:
            return False
        # A clock that was set back must not keep the next seal waiting.
        return abs(self.clock.now() - datetime.fromisoformat(row[0])) >= every

    def _key_behind(self, last: Seal | None) -> tuple[PrivateKey, tuple[Seal, ...]]:
        """Return the key that the next seal is to be signed with, and the seals that hand over to it where these lack.

        Raises:
            SealError: It is not the one at hand, or the newest seal is not as it was signed.
        """
        if last is None:
            self.key.make()
            return self.key.read(), ()
        expected = last.content().following_key
        key = self._at_hand(expected)
        fault = last.fault(last.prev_hash, PublicKey(last.content().key))
        handed = self._handed(expected, key.public.raw)
        if handed is None and not fault:
            named = PublicKey(expected).fingerprint
            fault = f"was signed with another key ({named}, not {key.public.fingerprint})"
        if fault:
            raise SealError(
                f"Seal {last.number} {fault}; nothing was sealed.",
                where=str(self.key.path),
                hint="Name the key of the earlier seals with ACTWRIGHT_SEAL_KEY_FILE, or run `actwright verify`. Of a "
                "store brought back from before a change of the key: put the seal.*.handover.json of that change beside "
                "the key.",
            )
        return key, handed or ()

    def _must_go_over(self, last: Seal | None) -> bool:
        """Tell whether the newest seal's key was given up since: a copy of the store from before needs a seal of the new one."""
        if last is None:
            return False
        expected = last.content().following_key
        changed = self.key.handover_path(PublicKey(expected)).exists()
        return changed and bool(self._handed(expected, self.key.public.raw))

    def _handed(self, expected: str, present: str) -> tuple[Seal, ...] | None:
        """Return the kept seals by which one key handed over to another, one by one; None where that cannot be shown."""
        found: list[Seal] = []
        while expected != present:
            path = self.key.handover_path(PublicKey(expected))
            if not path.exists() or len(found) == _MOST_HANDED:
                return None
            found.append(read_seal(path))
            expected = key_behind(found[-1:], expected)
        return tuple(found)

    def _at_hand(self, expected: str) -> PrivateKey:
        """Return the key at hand; the next one takes its place where the seals have gone over to that already."""
        key, following = self.key.read(), self.key.next
        if key.public.raw != expected and following.exists and following.public.raw == expected:
            self.key.give_way()
            return self.key.read()
        return key

    def _moved(self, transaction: Transaction) -> list[Row]:
        moved = self._unsealed(transaction)
        for run_id, seq, hash_, written in moved:
            if hash_ != written:
                raise SealError(
                    f"The register and the journal of {run_id} differ at event {seq}; nothing was sealed.",
                    where=run_id,
                    hint=f"actwright verify {run_id}",
                )
        return moved

    def _unsealed(self, transaction: Transaction) -> list[Row]:
        """Return the heads of all runs that moved, each with the hash the journal has.

        On a server the runs are held first, and looked up then: a statement that waits sees rows of two moments.
        """
        if self.database.dialect == "sqlite":
            return transaction.execute(
                _MOVED.format(chosen=f"run.run_id IN ({_IN_FILE})")
            ).fetchall()
        held = [
            row[0]
            for each in _UNSEALED.values()
            for row in transaction.execute(_HOLDING.format(chosen=each)).fetchall()
        ]
        return transaction.execute(_MOVED.format(chosen="run.run_id = ANY(?)"), (held,)).fetchall()

    def _mark(self, transaction: Transaction, moved: Sequence[Row]) -> None:
        if self.database.dialect == "postgres":
            transaction.execute(
                "UPDATE run SET sealed = seq WHERE run_id = ANY(?)", ([row[0] for row in moved],)
            )
            return
        for index, each in _UNSEALED.items():
            transaction.execute(f"UPDATE run INDEXED BY {index} SET sealed = seq WHERE {each}")  # noqa: S608 - our own text
