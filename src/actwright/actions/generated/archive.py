"""The archive of generated actions: versions by name, and what people decided about each of them.

A version is immutable and named by what it does. Whether it may be used is a fold over the decisions about it: approved
by its digest, revoked with a reason, promoted. Nothing is ever taken back out of the history.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from actwright.actions.generated.action import GeneratedAction
from actwright.actions.generated.version import (
    Decision,
    DecisionKind,
    GeneratedVersion,
    decided,
    newest_approved,
)
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.clock import Clock, timestamp
from actwright.document import validated
from actwright.errors import InputError, NotFoundError, RefusedError, StoreError
from actwright.inert import inert
from actwright.store.database import Database
from actwright.store.documents import Document, Documents
from actwright.store.offloading import Offloading

_PREFIX = "gen_"


class GeneratedActions:
    """The generated actions of one store.

    Args:
        database: The store.
        clock: For the times of what is added and decided.
        offloading: Keeps large code in the blob store; all stays in the store's rows where left out.
    """

    def __init__(
        self, database: Database, clock: Clock, offloading: Offloading | None = None
    ) -> None:
        self._clock, self._database = clock, database
        self._actions = Documents(database, "generated", offloading)
        self._again = Documents(database, "generated_again", offloading)
        self._decisions = Documents(database, "generated_decision")

    def add(self, action: GeneratedAction) -> GeneratedVersion:
        """Store an action as the next version of its name; the very same code and capabilities keep their version.

        Where that version did not pass its review and now does, the newer review counts.

        Raises:
            StoreError: Another action already stands under its id.
        """
        at = timestamp(self._clock.now())
        stored = self._actions.get(action.id)
        if stored is None:
            self._actions.add(action.id, action, at=at, parent=action.name)
            return self.get(action.id)
        if _read(stored).digest != action.digest:
            raise StoreError(f"Another generated action already stands under {action.id!r}.")
        if action.review.passed and not self._whole(stored).review.passed:
            self._again.add(f"{action.id}.{secrets.token_hex(10)}", action, at=at, parent=action.id)
        return self.get(action.id)

    def get(self, reference: str) -> GeneratedVersion:
        """Return a version by its id, or the newest one of a name.

        Raises:
            NotFoundError: There is none.
        """
        stored = self._actions.get(reference) if reference.startswith(_PREFIX) else None
        name = _read(stored).name if stored else reference
        found = self.versions(name)
        wanted = [each for each in found if reference in {each.action.id, name}]
        if not wanted:
            raise NotFoundError(
                f"There is no generated action {inert(reference, limit=80)!r} in this store.",
                hint="actwright actions list",
            )
        return wanted[-1]

    def names(self) -> tuple[str, ...]:
        """Return the names of all generated actions, sorted."""
        return tuple(sorted(self._actions.parents()))

    def versions(self, name: str) -> tuple[GeneratedVersion, ...]:
        """Return every version of a name, oldest first."""
        return tuple(
            GeneratedVersion(
                action=(action := self._whole(each)),
                version=number,
                at=each.at,
                history=self._history(action),
            )
            for number, each in enumerate(self._actions.of(name), start=1)
        )

    def standing(self, name: str) -> GeneratedAction | None:
        """Return the newest version of a name that is approved and not revoked; None where there is none."""
        return newest_approved(self.versions(name))

    def fitting(self, blueprint: ActionBlueprint) -> tuple[GeneratedVersion, ...]:
        """Return the versions that were written for exactly this blueprint's contract, oldest first."""
        return tuple(each for each in self.versions(blueprint.name) if each.fits(blueprint))

    def approve(
        self,
        reference: str,
        *,
        approver: str,
        digest: str | None = None,
        login: str = "",
        key: str | None = None,
        unattended: bool = False,
        seen: GeneratedVersion | None = None,
        complete: bool = True,
    ) -> GeneratedVersion:
        """Record that a person approves one version: its code and its capabilities, by their digest.

        Args:
            reference: Its id, or its name for the newest version.
            approver: Who approves it.
            digest: The digest that was looked at; left out, that of the version found now.
            login: The login name of the account it is approved from.
            key: The registered key it is approved with.
            unattended: Whether nobody was asked.
            seen: The version as it was looked at: what was revoked since is not approved.
            complete: Whether nobody else has to approve it; else this is a signature, and it may not be used yet.

        Raises:
            NotFoundError: There is none.
            InputError: The approver is blank.
            RefusedError: Its review did not pass, it is another one than was looked at, or it was revoked unseen.
        """
        found = self.get(reference)
        action = found.action
        if digest is not None and digest != action.digest:
            raise RefusedError(
                f"{action.name} is not what was looked at: its digest is {action.digest}.",
                where=action.id,
                hint=f"actwright actions review {action.name}",
                code="generated_changed",
            )
        if not action.review.passed:
            raise RefusedError(
                f"{action.name} did not pass its review: {inert(action.review.faults[0], limit=300)}.",
                where=action.id,
                hint="Have it written again.",
                code="generated_unfit",
            )
        unaware = unattended or (seen is not None and seen.decided != found.decided)
        if found.standing == "revoked" and found.decided is not None and unaware:
            raise RefusedError(
                f"{action.name} was revoked by {found.decided.by}: {inert(found.decided.why, limit=300)}",
                where=action.id,
                hint=f"Look at it again: actwright actions show {action.id}",
                code="generated_revoked",
            )
        kind: DecisionKind = "approved" if complete else "signed"
        return self._decided(found, kind, by=approver, login=login, key=key, unattended=unattended)

    def revoke(
        self, reference: str, *, why: str, by: str, login: str = ""
    ) -> tuple[GeneratedVersion, ...]:
        """Take the approval back of one version, or of every approved version of a name; return them as they stand.

        Raises:
            NotFoundError: There is none.
            InputError: No reason is given, or nobody who takes it back.
        """
        if not why.strip():
            raise InputError("Revoking needs a reason.", where="why", hint="--why REASON")
        found = self.get(reference)
        every = reference == found.action.name
        wanted = self.versions(found.action.name) if every else (found,)
        approved = [each for each in wanted if each.standing == "approved"] or [found]
        return tuple(
            self._decided(each, "revoked", by=by, login=login, why=why) for each in approved
        )

    def promoted(self, reference: str, *, to: str, by: str, login: str = "") -> GeneratedVersion:
        """Record that a version was written out as a curated override.

        Raises:
            NotFoundError: There is none.
            InputError: Nobody is named who did it.
        """
        found = self.get(reference)
        return self._decided(found, "promoted", by=by, login=login, why=to)

    def _decided(
        self,
        found: GeneratedVersion,
        kind: DecisionKind,
        *,
        by: str,
        login: str,
        key: str | None = None,
        why: str = "",
        unattended: bool = False,
    ) -> GeneratedVersion:
        who = inert(by, limit=120)
        if not who:
            raise InputError("A decision needs the name of who makes it.", where="by")
        made = Decision(
            id=f"gdc_{secrets.token_hex(10)}",
            action_id=found.action.id,
            digest=found.action.digest,
            kind=kind,
            by=who,
            login=login,
            key=key,
            why=inert(why, limit=600),
            unattended=unattended,
            at=timestamp(self._clock.now()),
        )
        with self._database.write() as transaction:
            now = _about(found.action, self._decisions.within(transaction, found.action.id))
            if kind in {"approved", "signed"} and decided(now) != found.decided:
                raise _overtaken(found)
            self._decisions.put(transaction, made.id, made, at=made.at, parent=found.action.id)
        return self.get(found.action.id)

    def _whole(self, stored: Document) -> GeneratedAction:
        """Return a stored action, with the newer review where it passed one after a first that failed."""
        action = _read(stored)
        again = None if action.review.passed else self._again.latest_of(action.id)
        newer = _read(again) if again else action
        return newer if newer.digest == action.digest else action

    def _history(self, action: GeneratedAction) -> tuple[Decision, ...]:
        """Return the decisions about exactly this digest, oldest first."""
        return _about(action, self._decisions.of(action.id))


def _read(document: Document) -> GeneratedAction:
    return validated(GeneratedAction, document.json(), where=document.id)


def _about(action: GeneratedAction, stored: Iterable[Document]) -> tuple[Decision, ...]:
    told = (validated(Decision, each.json(), where=each.id) for each in stored)
    return tuple(each for each in told if each.digest == action.digest)


def _overtaken(found: GeneratedVersion) -> RefusedError:
    return RefusedError(
        f"Somebody else has decided about {found.action.name} in this very moment.",
        where=found.action.id,
        hint=f"Look at it again: actwright actions show {found.action.id}",
        code="generated_changed",
    )
