"""Registered keys: approvers, whose keys say yes and sign, and planners, whose keys never do. A key is shown once."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from hashlib import sha256
from typing import Final, Literal

from pydantic import Field

from actwright.checkpoints.credentials.person_names import checked_name, person_key
from actwright.clock import Clock, timestamp
from actwright.contract import Contract
from actwright.document import validated
from actwright.errors import InputError, NotFoundError
from actwright.inert import inert
from actwright.store.database import Database, Transaction
from actwright.store.documents import Document, Documents

KeyKind = Literal["approve", "plan"]
"""``approve``: it confirms previews, signs objections, makes grants. ``plan``: it marks who plans, and says yes to nothing."""

_EVERY: Final = 2**31 - 1
_MOST_ROLES: Final = 20
_LONGEST_KEY: Final = 200
_NOBODY: Final = "0" * 32
_PREFIXES: Final[dict[KeyKind, str]] = {"approve": "apk_", "plan": "plk_"}


class Approver(Contract):
    """Somebody with a registered key."""

    id: str
    name: str
    kind: KeyKind = "approve"
    roles: tuple[str, ...] = ()
    """What a policy may ask for in place of a name, such as ``finance``."""
    added_by: str
    vouched_by: str = ""
    """The id of the approver whose key let them be registered; empty for the first."""
    at: str
    """When the key was made."""
    salt: str = Field(repr=False)
    key_hash: str = Field(repr=False)
    """HMAC-SHA-256 of the key under the salt; the key itself is 256 random bits, so that no slow hash is needed."""

    def is_among(self, who: Iterable[str]) -> bool:
        """Tell whether some names and roles include this person; an empty list includes everybody."""
        wanted = {each.casefold().strip() for each in who}
        keys = {person_key(each) for each in wanted}
        mine = {each.casefold() for each in self.roles}
        return not wanted or person_key(self.name) in keys or bool(mine & wanted)


class Revocation(Contract):
    """The end of a key."""

    approver_id: str
    revoked_by: str
    why: str
    at: str


class Approvers:
    """The registered keys of one store, and their holders. What is written about them is never changed.

    Args:
        database: Where they are kept.
        clock: The time.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._added = Documents(database, "approver")
        self._revoked = Documents(database, "approver_revoked")

    def add(
        self,
        name: str,
        *,
        by: str,
        kind: KeyKind = "approve",
        roles: Iterable[str] = (),
        vouched_by: str = "",
    ) -> tuple[Approver, str]:
        """Register somebody, and return them with their key. The key cannot be had again.

        Args:
            name: What people call them.
            by: Who registers them.
            kind: What the key is for.
            roles: What a policy may ask for in place of the name; an approver's only.
            vouched_by: The id of the approver whose key was shown for it.

        Raises:
            InputError: The name is blank, too long, or looks like that of somebody whose key of the kind still counts; a
                role is blank, or somebody's name.
        """
        told, given = self._checked(name, kind), self._checked_roles(roles, name)
        approver_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
        key, salt = f"{_PREFIXES[kind]}{approver_id}.{secret}", secrets.token_hex(16)
        approver = Approver(
            id=approver_id,
            name=told,
            kind=kind,
            roles=given,
            added_by=inert(by),
            vouched_by=vouched_by,
            at=timestamp(self._clock.now()),
            salt=salt,
            key_hash=_hash(key, salt),
        )
        self._added.add(approver.id, approver, at=approver.at)
        return approver, key

    def everyone(self, kind: KeyKind | None = "approve") -> tuple[Approver, ...]:
        """Return everybody who was ever registered with a key of a kind, or of any, newest first."""
        found = (_approver(each) for each in self._added.recent(_EVERY))
        return tuple(each for each in found if kind in {None, each.kind})

    def active(self, kind: KeyKind = "approve") -> tuple[Approver, ...]:
        """Return those whose keys of a kind count, newest first."""
        return tuple(each for each in self.everyone(kind) if self.revocation(each) is None)

    def get(self, approver_id: str) -> Approver | None:
        """Return somebody by id as long as their key counts, else None."""
        with self._database.read() as connection:
            return self.within(connection, approver_id)

    def within(self, transaction: Transaction, approver_id: str) -> Approver | None:
        """Return the same as `get`, as it stands in a transaction of the caller's."""
        found = self._added.find(transaction, approver_id or _NOBODY)
        revoked = self._revoked.find(transaction, approver_id or _NOBODY) is not None
        return _approver(found) if found and not revoked else None

    def all_within(self, transaction: Transaction) -> tuple[Approver, ...]:
        """Return every approver whose key counts, as it stands in a transaction of the caller's."""
        rows = transaction.execute(
            "SELECT id FROM document WHERE kind = 'approver' ORDER BY seq DESC"
        ).fetchall()
        found = (self.within(transaction, str(each[0])) for each in rows)
        return tuple(each for each in found if each is not None and each.kind == "approve")

    def revocation(self, approver: Approver) -> Revocation | None:
        """Return how a key came to its end, or None where it still counts."""
        found = self._revoked.get(approver.id)
        return validated(Revocation, found.json(), where=found.id) if found else None

    def revoke(self, name: str, *, by: str, why: str, kind: KeyKind = "approve") -> Approver:
        """Let a key count no more, from now on and for what is open: objections, previews, grants.

        Args:
            name: The holder's name or id.
            by: Who revokes it.
            why: Their reason.
            kind: Which of their keys, where they are named.

        Raises:
            NotFoundError: Nobody whose key counts is called so.
            InputError: The reason is blank.
        """
        reason = inert(why, limit=500).strip()
        if not reason:
            raise InputError("Revoking a key needs a reason.", where="why")
        found = self._named(name, kind)
        if found is None:
            raise NotFoundError(
                f"There is no {_NOUNS[kind]} {inert(name, limit=60)!r} whose key counts.",
                hint="actwright approvers list",
            )
        at = timestamp(self._clock.now())
        ended = Revocation(approver_id=found.id, revoked_by=inert(by), why=reason, at=at)
        self._revoked.add(found.id, ended, at=at)
        return found

    def holder_of(self, key: str, *, kind: KeyKind = "approve") -> Approver | None:
        """Return whose key of that kind this is, as long as it counts; None for every other text, after the same work."""
        bounded = key if len(key) <= _LONGEST_KEY else ""
        approver = self._named_in(bounded, kind)
        salt, wanted = (approver.salt, approver.key_hash) if approver else (_NOBODY, _NOBODY * 2)
        matches = hmac.compare_digest(_hash(bounded, salt), wanted)
        revoked = self._revoked.get(approver.id if approver else _NOBODY) is not None
        right = approver is not None and approver.kind == kind
        return approver if matches and right and not revoked else None

    def _named_in(self, key: str, kind: KeyKind) -> Approver | None:
        """Return who a key claims to be of; the part that says so is no secret."""
        found = self._added.get(key.partition(".")[0].removeprefix(_PREFIXES[kind]) or _NOBODY)
        return _approver(found) if found else None

    def _named(self, name: str, kind: KeyKind) -> Approver | None:
        by_id = next((each for each in self._all_active() if each.id == name), None)
        wanted = name.casefold()
        return by_id or next(
            (each for each in self.active(kind) if each.name.casefold() == wanted), None
        )

    def _all_active(self) -> tuple[Approver, ...]:
        return tuple(each for each in self.everyone(None) if self.revocation(each) is None)

    def _checked(self, name: str, kind: KeyKind) -> str:
        told = checked_name(name)
        twin = next(
            (each for each in self.active(kind) if person_key(each.name) == person_key(told)), None
        )
        if twin is not None:
            plans = " --plans" if kind == "plan" else ""
            raise InputError(
                f"There is {_ARTICLES[kind]} {twin.name!r} already, whose key counts.",
                hint=f"actwright approvers revoke {twin.name!r}{plans} --why REASON, then add them again.",
                code="approver_exists",
            )
        roles = {person_key(role) for each in self._all_active() for role in each.roles}
        if person_key(told) in roles:
            raise InputError(f"{told!r} is a role, and no name.", where="name")
        return told

    def _checked_roles(self, roles: Iterable[str], name: str) -> tuple[str, ...]:
        told = tuple(sorted({inert(each, limit=60).strip().casefold() for each in roles}))
        names = {person_key(each.name) for each in self._all_active()} | {person_key(name)}
        if len(told) > _MOST_ROLES or not all(told):
            raise InputError(f"A person has up to {_MOST_ROLES} roles, and each has a name.")
        if any(person_key(each) in names for each in told):
            raise InputError("A role may not be called like a person.", where="roles")
        return told


_NOUNS: Final[dict[KeyKind, str]] = {"approve": "approver", "plan": "plan key"}
_ARTICLES: Final[dict[KeyKind, str]] = {"approve": "an approver", "plan": "a plan key of"}


def _hash(key: str, salt: str) -> str:
    return hmac.new(bytes.fromhex(salt), key.encode("utf-8", "replace"), sha256).hexdigest()


def _approver(document: Document) -> Approver:
    return validated(Approver, document.json(), where=document.id)
