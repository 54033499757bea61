"""What the seals of a store say: which runs there were, and how far they had come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from actwright.errors import SealError
from actwright.runs.keeping.seal import Seal, SealBody, key_behind, seal_behind
from actwright.runs.keeping.seal_key import PublicKey
from actwright.runs.keeping.verification import Fault
from actwright.runs.record.event import GENESIS
from actwright.store.database import Database


@dataclass(slots=True)
class Sealed:
    """What the seals add up to, and what is wrong with them.

    Attributes:
        heads: Seq, hash and number of the newest seal, of each run that was sealed.
        archives: How many runs were moved out, by the SHA-256 of the file.
        runs: How many runs the store had when the newest was made.
        count: How many seals there are.
        at: When the newest was made.
        faults: What is wrong with the seals themselves.
    """

    heads: dict[str, tuple[int, str, int]] = field(default_factory=dict)
    archives: dict[str, int] = field(default_factory=dict)
    runs: int = 0
    count: int = 0
    at: str | None = None
    faults: list[Fault] = field(default_factory=list)

    def take(self, body: SealBody) -> None:
        """Take in what one more seal says."""
        for run_id, seq, hash_ in body.heads:
            self.heads[run_id] = (seq, hash_, body.number)
        for each in body.archives:
            self.archives[each.sha256] = self.archives.get(each.sha256, 0) + each.runs
        self.runs, self.at = body.runs, body.at


def read_sealed(
    database: Database, public: PublicKey | None, against: Seal | None = None
) -> Sealed:
    """Return what the seals of a store say, each held against the key and the seal before.

    A seal may name the key of those behind it. Each seal is bound to all before it, so that a key which signed one
    of them speaks for these, and hands over to the next one by name: whoever knows any of the keys can follow.

    Args:
        database: The store.
        public: A key that some of the seals are signed with; without one, seals cannot be trusted, which is a fault.
        against: A seal that was kept elsewhere: the store must still have it.

    Raises:
        StoreError: The store cannot be read.
    """
    found = Sealed()
    chain = _Chain(public)
    while seal := _behind(database, chain.number):
        found.count += 1
        fault = chain.fault(seal)
        if fault:
            found.faults.append(fault)
            break
        found.take(seal.content())
    stranger = chain.stranger()
    if stranger and not found.faults:
        found.faults.append(stranger)
    if against is not None:
        _compare(found, chain, against)
    return found


def chain_fault(seals: Iterable[Seal], public: PublicKey | None) -> Fault | None:
    """Return what is wrong with seals that come one behind the other from the first on, or None.

    Args:
        seals: The seals.
        public: As for `read_sealed`.
    """
    chain = _Chain(public)
    for each in seals:
        fault = chain.fault(each)
        if fault:
            return fault
    return chain.stranger()


@dataclass(slots=True)
class _Chain:
    """The seals of a store, one after the other, with the keys that hand over to one another.

    Attributes:
        public: The key that has to be among them.
        number: How far the chain was followed.
        hashes: The hash of each seal, by its number.
        keys: The keys that seals were signed with, in order.
    """

    public: PublicKey | None
    number: int = 0
    hashes: dict[int, str] = field(default_factory=lambda: {0: GENESIS})
    keys: dict[str, PublicKey] = field(default_factory=dict)
    _expected: str = ""

    def fault(self, seal: Seal) -> Fault | None:
        """Return what is wrong with the next seal, or None where it stands where it should and is as signed."""
        if self.public is None:
            return Fault(seal=seal.number, what="cannot be checked: there is no public key for it")
        if seal.number != self.number + 1:
            return Fault(seal=self.number + 1, what="is missing")
        try:
            what = self._told(seal)
        except SealError as error:
            what = f"cannot be read: {error}"
        return None if what is None else Fault(seal=seal.number, what=what)

    def stranger(self) -> Fault | None:
        """Return that none of the seals was signed with the key that had to be among theirs, or None."""
        if self.public is None or not self.keys or self.public.raw in self.keys:
            return None
        first = next(iter(self.keys.values())).fingerprint
        what = f"was signed with another key ({first}, not {self.public.fingerprint})"
        return Fault(seal=1, what=what)

    def _told(self, seal: Seal) -> str | None:
        body = seal.content()
        key = self.keys.get(body.key) or PublicKey(body.key)
        expected = key if self.number == 0 else PublicKey(key_behind(body.handed, self._expected))
        what = seal.fault(self.hashes[self.number], expected)
        if what is None:
            self.number, self._expected = seal.number, body.following_key
            self.hashes[seal.number] = seal.hash
            self.keys[key.raw] = key
        return what


def _behind(database: Database, number: int) -> Seal | None:
    with database.read() as transaction:
        return seal_behind(transaction, number)


def _compare(found: Sealed, chain: _Chain, against: Seal) -> None:
    """Hold the store against a seal that was kept elsewhere."""
    what = _distrusted(chain, against)
    if what:
        found.faults.append(Fault(seal=against.number, what=f"that was kept elsewhere {what}"))
        return
    if against.number not in chain.hashes:
        what = "that was kept elsewhere is not in the store any more: the newest seals were cut off"
        found.faults.append(Fault(seal=against.number, what=what))
        found.take(against.content())
    elif chain.hashes[against.number] != against.hash:
        what = (
            "that was kept elsewhere is another one than the store has: the seals were written anew"
        )
        found.faults.append(Fault(seal=against.number, what=what))


def _distrusted(chain: _Chain, against: Seal) -> str | None:
    """Return why a seal that was kept elsewhere says nothing, or None."""
    if chain.public is None:
        return "cannot be checked: there is no public key for it"
    try:
        key = chain.keys.get(against.content().key, chain.public)
        return against.fault(against.prev_hash, key)
    except SealError as error:
        return f"cannot be read: {error}"
