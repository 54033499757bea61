"""Registered approvers: people whose keys sign what becomes of an objection. A key is shown once, and never stored."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from typing import Final

from actwright.clock import Clock, timestamp
from actwright.contract import Contract
from actwright.document import validated
from actwright.errors import InputError, NotFoundError
from actwright.inert import inert
from actwright.store.database import Database
from actwright.store.documents import Document, Documents

_MOST: Final = 1_000
_LONGEST_NAME: Final = 80
_LONGEST_KEY: Final = 200
_NOBODY: Final = "0" * 32


class Approver(Contract):
    """Somebody whose key counts."""

    id: str
    name: str
    added_by: str
    at: str
    """When the key was made."""
    salt: str
    key_hash: str
    """HMAC-SHA-256 of the key under the salt; the key itself is 256 random bits, so that no slow hash is needed."""


class Revocation(Contract):
    """The end of an approver's key."""

    approver_id: str
    revoked_by: str
    why: str
    at: str


class Approvers:
    """The approvers of one store. What is written about them is never changed.

    Args:
        database: Where they are kept.
        clock: The time.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._clock = clock
        self._added = Documents(database, "approver")
        self._revoked = Documents(database, "approver_revoked")

    def add(self, name: str, *, by: str) -> tuple[Approver, str]:
        """Register somebody, and return them with their key. The key cannot be had again.

        Raises:
            InputError: The name is blank, too long, or that of an approver whose key still counts.
        """
        told = self._checked(name)
        approver_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
        key, salt = f"apk_{approver_id}.{secret}", secrets.token_hex(16)
        approver = Approver(
            id=approver_id,
            name=told,
            added_by=inert(by),
            at=timestamp(self._clock.now()),
            salt=salt,
            key_hash=_hash(key, salt),
        )
        self._added.add(approver.id, approver, at=approver.at)
        return approver, key

    def everyone(self) -> tuple[Approver, ...]:
        """Return everybody who was ever registered, newest first."""
        return tuple(_approver(each) for each in self._added.recent(_MOST))

    def active(self) -> tuple[Approver, ...]:
        """Return those whose keys count, newest first."""
        return tuple(each for each in self.everyone() if self.revocation(each) is None)

    def revocation(self, approver: Approver) -> Revocation | None:
        """Return how an approver's key came to its end, or None where it still counts."""
        found = self._revoked.get(approver.id)
        return validated(Revocation, found.json(), where=found.id) if found else None

    def revoke(self, name: str, *, by: str, why: str) -> Approver:
        """Let a key count no more, from now on and for objections that are open.

        Args:
            name: The approver's name or id.
            by: Who revokes it.
            why: Their reason.

        Raises:
            NotFoundError: Nobody whose key counts is called so.
            InputError: The reason is blank.
        """
        reason = inert(why, limit=500).strip()
        if not reason:
            raise InputError("Revoking a key needs a reason.", where="why")
        wanted = name.casefold()
        known = self.active()
        found = next((each for each in known if wanted in {each.id, each.name.casefold()}), None)
        if found is None:
            raise NotFoundError(
                f"There is no approver {inert(name, limit=60)!r} whose key counts.",
                hint="actwright approvers list",
            )
        at = timestamp(self._clock.now())
        ended = Revocation(approver_id=found.id, revoked_by=inert(by), why=reason, at=at)
        self._revoked.add(found.id, ended, at=at)
        return found

    def holder_of(self, key: str) -> Approver | None:
        """Return whose key this is, as long as it counts; None for every other text, after the same work."""
        bounded = key if len(key) <= _LONGEST_KEY else ""
        approver = self._named_in(bounded)
        salt, wanted = (approver.salt, approver.key_hash) if approver else (_NOBODY, _NOBODY * 2)
        matches = hmac.compare_digest(_hash(bounded, salt), wanted)
        revoked = self._revoked.get(approver.id if approver else _NOBODY) is not None
        return approver if matches and not revoked else None

    def _named_in(self, key: str) -> Approver | None:
        """Return the approver a key claims to be of; the part that says so is no secret."""
        found = self._added.get(key.partition(".")[0].removeprefix("apk_") or _NOBODY)
        return _approver(found) if found else None

    def _checked(self, name: str) -> str:
        told = inert(name, limit=_LONGEST_NAME).strip()
        if not told or len(name) > _LONGEST_NAME:
            raise InputError(f"An approver needs a name of up to {_LONGEST_NAME} characters.")
        if told.casefold() in {each.name.casefold() for each in self.active()}:
            raise InputError(
                f"There is an approver {told!r} already, whose key counts.",
                hint=f"actwright approvers revoke {told!r} --why REASON, then add them again.",
                code="approver_exists",
            )
        return told


def _hash(key: str, salt: str) -> str:
    return hmac.new(bytes.fromhex(salt), key.encode("utf-8", "replace"), sha256).hexdigest()


def _approver(document: Document) -> Approver:
    return validated(Approver, document.json(), where=document.id)
