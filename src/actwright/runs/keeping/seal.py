"""A seal: the heads of all runs that moved since the last one, signed, and chained to that one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import Field

from actwright.canonical import Json, canonical_bytes
from actwright.contract import Contract
from actwright.document import parse_json, validated
from actwright.errors import DocumentError, SealError
from actwright.runs.keeping.seal_key import PrivateKey, PublicKey
from actwright.runs.keeping.whole_file import unreadable, whole_file
from actwright.runs.record.event import GENESIS
from actwright.store.database import Row, Transaction

_LARGEST = 1024 * 1024 * 1024
_PURPOSE = b"actwright seal\n"
"""What is signed begins with this, so that the key signs nothing else."""

_COLUMNS = "number, at, prev_hash, body, hash, signature"


class SealedArchive(Contract):
    """A file that runs were moved out to."""

    file: str
    sha256: str
    runs: int


class SealBody(Contract):
    """What a seal says."""

    number: int = Field(ge=1)
    at: str
    previous: str
    """The hash of the seal before; zeros for the first."""
    key: str = Field(pattern="^[0-9a-f]{64}$")
    """The public key it is signed with, in hexadecimal digits."""
    heads: tuple[tuple[str, int, str], ...]
    """Run, seq and hash of the newest event, of each run that moved since the seal before."""
    runs: int
    """How many runs the store has, those that were moved out included."""
    archives: tuple[SealedArchive, ...] = ()
    """The files that runs were moved out to since the seal before."""
    next_key: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    """The public key that the seals behind this one are signed with, where another one takes over."""

    handed: tuple[Seal, ...] = ()
    """The seals of a later state of the store by which the key of the seal before handed over to this one's key.

    They stand here where the store was brought back from a copy that is older than the change of the key.
    """

    @property
    def following_key(self) -> str:
        """The public key that the seal behind this one is signed with."""
        return self.next_key or self.key


class Seal(Contract):
    """One seal as it is stored, and as a file carries it."""

    number: int
    at: str
    prev_hash: str
    body: str
    """The canonical JSON of a `SealBody`; the hash and the signature are over these very bytes."""
    hash: str
    signature: str

    def content(self) -> SealBody:
        """Return what it says.

        Raises:
            SealError: Its body is none.
        """
        where = f"seal {self.number}"
        try:
            body = parse_json(self.body, where=where, largest=_LARGEST)
            return validated(SealBody, body, where=where)
        except DocumentError as error:
            raise SealError(f"It says nothing: {error}", where=where) from error

    def fault(self, previous: str, public: PublicKey) -> str | None:
        """Return what is wrong with it, or None where it is whole, follows ``previous`` and is signed with the key."""
        if sha256(self.body.encode()).hexdigest() != self.hash:
            return "was changed after it was signed"
        body = self.content()
        if body.key != public.raw:
            return f"was signed with another key ({PublicKey(body.key).fingerprint}, not {public.fingerprint})"
        if not public.holds(_PURPOSE + self.hash.encode(), self.signature):
            return "has a signature that was not made with its key"
        if (body.number, body.at, body.previous) != (self.number, self.at, self.prev_hash):
            return "does not say what its row says"
        return None if body.previous == previous else "does not follow the one before it"


def key_behind(handed: Sequence[Seal], key: str) -> str:
    """Return the public key that others hand over to, one by one, from a first one on.

    Args:
        handed: Seals that hand over, in their order; each is to be signed with the key before.
        key: The first public key.

    Raises:
        SealError: One of them is not signed with that key.
    """
    for each in handed:
        fault = each.fault(each.prev_hash, PublicKey(key))
        if fault:
            raise SealError(f"The seal that hands over {fault}", where=f"seal {each.number}")
        key = each.content().following_key
    return key


def signed(body: SealBody, key: PrivateKey) -> Seal:
    """Return the seal of a body."""
    unsaid = set() if body.handed else {"handed"}
    text = canonical_bytes(body.model_dump(mode="json", exclude=unsaid)).decode()
    hash_ = sha256(text.encode()).hexdigest()
    return Seal(
        number=body.number,
        at=body.at,
        prev_hash=body.previous,
        body=text,
        hash=hash_,
        signature=key.sign(_PURPOSE + hash_.encode()),
    )


def read_seal(path: Path) -> Seal:
    """Return the seal in a file that ``actwright journal seal --out`` wrote.

    Raises:
        SealError: The file holds no seal.
        StoreError: It cannot be read.
    """
    try:
        return validated(Seal, _read(path), where=str(path))
    except DocumentError as error:
        raise SealError(
            f"The file holds no seal: {error}",
            where=str(path),
            hint="Use a file that `actwright journal seal --out` wrote.",
        ) from error


def write_seal(seal: Seal, path: Path) -> None:
    """Write a seal to a file, for `read_seal`.

    Raises:
        StoreError: The file cannot be written.
    """
    with whole_file(path) as out:
        out.write(canonical_bytes(seal.model_dump(mode="json")) + b"\n")


def _read(path: Path) -> Json:
    """Return the JSON of a file that may be larger than what people write."""
    try:
        return parse_json(path.read_bytes(), where=str(path), largest=_LARGEST)
    except OSError as error:
        raise unreadable(path, error) from error


def newest_seal(transaction: Transaction) -> Seal | None:
    """Return the newest seal of the store, or None."""
    row = transaction.execute(
        f"SELECT {_COLUMNS} FROM seal ORDER BY number DESC LIMIT 1"  # noqa: S608 - our own names
    ).fetchone()
    return None if row is None else _seal(row)


def seal_behind(transaction: Transaction, number: int) -> Seal | None:
    """Return the first seal with a higher number, or None."""
    row = transaction.execute(
        f"SELECT {_COLUMNS} FROM seal WHERE number > ? ORDER BY number LIMIT 1",  # noqa: S608 - our own names
        (number,),
    ).fetchone()
    return None if row is None else _seal(row)


def insert_seal(transaction: Transaction, seal: Seal) -> None:
    """Write a seal inside an open transaction.

    Raises:
        SealError: One with that number is there already.
    """
    values: Mapping[str, Any] = seal.model_dump(by_alias=False)
    names = _COLUMNS.split(", ")
    written = transaction.execute(
        f"INSERT INTO seal ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",  # noqa: S608 - our own names
        [values[each] for each in names],
    )
    if written.rowcount != 1:
        raise SealError(
            f"Seal {seal.number} was made by another process meanwhile.",
            hint="actwright journal seal",
        )


def hash_before(seal: Seal | None) -> str:
    """Return the hash that the seal behind ``seal`` has to name."""
    return seal.hash if seal else GENESIS


def _seal(row: Row) -> Seal:
    return Seal.model_validate(dict(zip(_COLUMNS.split(", "), row, strict=True)))
