"""The calls of making grants: proposed from previews or drawn up by hand, made, and signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property

from actwright.checkpoints.confirmation import UNATTENDED
from actwright.checkpoints.credentials.approvers import Approvers
from actwright.checkpoints.credentials.person_names import person_key
from actwright.checkpoints.credentials.presenting import presented
from actwright.checkpoints.grants.grant import Ceilings, Grant, Subject, subject
from actwright.checkpoints.grants.ledger import Grants
from actwright.checkpoints.grants.naming import check_there
from actwright.checkpoints.grants.proposing import EXPIRES_AFTER, proposed
from actwright.checkpoints.preview import Preview
from actwright.clock import timestamp
from actwright.document import validated
from actwright.errors import (
    InputError,
    NotFoundError,
)
from actwright.inert import inert
from actwright.wiring import Wiring


class GrantingCalls(Wiring):
    """What a person lets happen without being asked each time; `Actwright` adds the rest."""

    @cached_property
    def grants(self) -> Grants:
        """The grants of the store: made, narrowed, revoked, and what was used of them."""
        return Grants(self._database, self.clock, Approvers(self._database, self.clock))

    def propose_grant(
        self,
        preview: Preview | str,
        *,
        approver: str,
        uses: int = 1,
        expires_after: timedelta = EXPIRES_AFTER,
    ) -> Grant:
        """Return the grant that would let just what a preview does happen again. Nothing is stored.

        Args:
            preview: What is to be let happen again.
            approver: Who would say yes to it.
            uses: How many runs it may begin.
            expires_after: How long it is to stand.

        Raises:
            InputError: There is nothing to grant, or a number is out of bounds.
            ConfirmationError: The preview differs from the stored one.
        """
        stored = self._given(preview)
        return proposed(
            stored,
            self.plans.get(stored.plan_id),
            approver=inert(approver),
            now=self.clock.now(),
            uses=uses,
            expires_after=expires_after,
        )

    def draft_grant(
        self, blueprints: Sequence[str], ceilings: Ceilings, *, approver: str, why: str = ""
    ) -> Grant:
        """Return a grant for curated blueprints as they stand in the library, here and as this person.

        Nothing is stored; `make_grant` does that.

        Args:
            blueprints: Their keys, names or aliases.
            ceilings: How far it is to reach.
            approver: Who would say yes to it.
            why: Their reason.

        Raises:
            NotFoundError: The library holds no such blueprint.
            ImplementationError: Nothing carries one out.
            InputError: The grant contradicts itself, or names an object or a field that the org does not show.
            OrgError: The org cannot be asked who and where one is.
        """
        org, user = self.org.identity, self.org.user
        check_there(ceilings.writes, self.org)
        made = {
            "subjects": [self._subject(each).model_dump(by_alias=False) for each in blueprints],
            "org": org.id,
            "org_url": "" if org.local else org.url,
            "user": user.id,
            "username": user.username,
            "ceilings": ceilings.model_dump(by_alias=False),
            "made_by": inert(approver),
            "at": timestamp(self.clock.now()),
            "why": inert(why, limit=500),
        }
        return validated(Grant, made, where="the grant", error=InputError)

    def with_ceilings(
        self, grant: Grant, ceilings: Mapping[str, object], *, why: str = ""
    ) -> Grant:
        """Return a grant that was proposed with other ceilings; what is left out stays. Nothing is stored.

        Args:
            grant: What `propose_grant` returned.
            ceilings: Ceilings by name.
            why: The reason for it.

        Raises:
            InputError: A ceiling cannot be read, does not fit, or names what the org does not show.
            OrgError: The org cannot be asked; it is where writes are named.
        """
        whole = grant.ceilings.model_dump(by_alias=False) | dict(ceilings)
        made = {
            **grant.model_dump(exclude={"id"}, by_alias=False),
            "ceilings": whole,
            "why": inert(why, limit=500),
        }
        drawn_up = validated(Grant, made, where="the grant", error=InputError)
        if "writes" in ceilings:
            check_there(drawn_up.ceilings.writes, self.org)
        return drawn_up

    def make_grant(self, grant: Grant, *, key: str | None = None) -> Grant:
        """Store a grant that a person has said yes to.

        Args:
            grant: What `propose_grant` returned, or one made by hand.
            key: The key of the approver who says yes; where a policy asks for keys, a grant without one covers nothing.

        Raises:
            InputError: The grant contradicts itself, or names nobody, or somebody else than the key.
            ConfirmationForeignError: The key says yes to nothing.
        """
        signer = presented(Approvers(self._database, self.clock), key) if key is not None else None
        sound = validated(Grant, grant.model_dump(), where="the grant", error=InputError)
        name = signer.name if signer else sound.made_by
        if person_key(name) in {"", person_key(UNATTENDED)}:
            raise InputError("A grant is made by a person.", where="approver")
        made = {**sound.model_dump(exclude={"id"}, by_alias=False), "made_by": inert(name).strip()}
        return self.grants.make(validated(Grant, made, where="the grant"), signer=signer)

    def sign_grant(self, grant_id: str, *, key: str) -> Grant:
        """Put one more approver's key under a grant, as a policy that asks for several wants it.

        Raises:
            NotFoundError: There is no such grant.
            ConfirmationForeignError: The key says yes to nothing.
            GrantError: The grant has ended.
        """
        self.grants.sign(grant_id, presented(Approvers(self._database, self.clock), key))
        return self.grants.standing(grant_id)

    def _subject(self, key: str) -> Subject:
        """Return what a grant for a curated blueprint says yes to.

        Raises:
            NotFoundError: The library holds none.
        """
        entry = self.library.find(key)
        if entry is None:
            raise NotFoundError(
                f"There is no blueprint {inert(key, limit=60)!r}.", hint="actwright blueprints list"
            )
        resolved = self._factory.resolve(entry.blueprint)
        return subject(entry.blueprint, resolved.kind, resolved.name)

    def _given(self, preview: Preview | str) -> Preview:
        if isinstance(preview, str):
            return self.previews.get(preview)
        return self.previews.same(preview.model_dump(mode="json"), where=preview.id)
