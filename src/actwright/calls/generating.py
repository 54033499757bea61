"""The calls about generated actions: look at them, decide about them, try them, take them over."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from actwright.actions.generated.action import GeneratedAction
from actwright.actions.generated.archive import GeneratedActions
from actwright.actions.generated.difference import GeneratedDifference, difference
from actwright.actions.generated.promotion import Promoted, promote
from actwright.actions.generated.trial import TrialResult
from actwright.actions.generated.trying import tried
from actwright.actions.generated.version import GeneratedVersion
from actwright.actions.generating.reviewing import review_of
from actwright.checkpoints.confirmation import UNATTENDED
from actwright.checkpoints.credentials.approvers import Approver, Approvers
from actwright.checkpoints.credentials.person_names import person_key
from actwright.checkpoints.credentials.presenting import check_meets, presented
from actwright.checkpoints.credentials.signing import counting, enough
from actwright.errors import ConfirmationForeignError, NotFoundError, RefusedError
from actwright.guardrails.policy.approval import ApprovalNeed
from actwright.inert import inert
from actwright.org.ports import OrgReader
from actwright.org.read_only import ReadOnly
from actwright.sandbox import Sandbox
from actwright.wiring import Wiring


@dataclass(frozen=True, slots=True)
class GeneratedCalls:
    """What a person does with generated actions. A reference is the id of a version, or a name for its newest one.

    Attributes:
        actions: The generated actions of the store.
        sandbox: Runs their code.
        reader: Gives the org, for its schema.
        approvers: The registered keys.
        need: Gives what the policy asks of whoever approves generated code.
        local: Whether they stand on the embedded local org, where nobody has to be asked.
    """

    actions: GeneratedActions
    sandbox: Sandbox
    reader: Callable[[], OrgReader]
    approvers: Approvers
    need: Callable[[], ApprovalNeed]
    local: bool

    def list(self) -> tuple[GeneratedVersion, ...]:
        """Return the newest version of each name, and the one that is used where that is an older one."""
        found: list[GeneratedVersion] = []
        for name in self.actions.names():
            versions = self.actions.versions(name)
            used = [each for each in versions[:-1] if each.standing == "approved"]
            superseded = versions[-1].standing == "approved"
            found += [*([] if superseded else used[-1:]), versions[-1]]
        return tuple(found)

    def get(self, reference: str) -> GeneratedVersion:
        """Return one version, with its history.

        Raises:
            NotFoundError: There is none.
        """
        return self.actions.get(reference)

    def versions(self, name: str) -> tuple[GeneratedVersion, ...]:
        """Return every version of a name, oldest first.

        Raises:
            NotFoundError: There is none.
        """
        return self.actions.versions(self.get(name).action.name)

    def approve(
        self,
        reference: str,
        *,
        approver: str = "",
        digest: str | None = None,
        key: str | None = None,
        seen: GeneratedVersion | None = None,
    ) -> GeneratedVersion:
        """Record that a person has reviewed one version and approves it; from then on it may be used.

        Args:
            reference: Its id, or its name.
            approver: Who approves it; the holder of the key where one is given.
            digest: The digest of what was looked at; where it is another one now, nothing is approved.
            key: Their approver key. It is written nowhere.
            seen: The version as it was looked at; where it was revoked since, nothing is approved.

        Raises:
            NotFoundError: There is none.
            InputError: The approver is blank.
            RefusedError: Its review did not pass, or does not now, it is another one than was looked at, or it was
                revoked, and nobody who saw that approves it.
            ConfirmationForeignError: The key is a plan key, or none that counts; or the policy names others; or nobody
                was asked away from the local org.
            ConfirmationMissingError: The policy asks for a key, and there is none.
            PolicyError: The policy cannot be read.
            ImplementationError: There is no sandbox to try it in.
            OrgError: The org cannot be asked for its schema.
        """
        holder = presented(self.approvers, key) if key else None
        who = holder.name if holder else approver
        unattended = holder is None and person_key(who) == person_key(UNATTENDED)
        if unattended and not self.local:
            raise ConfirmationForeignError(
                "Only on the embedded local org may generated code be approved without asking a person.",
                where=reference,
                hint=f"actwright actions approve {reference}",
                code="confirmation_unattended",
            )
        found = self.actions.get(reference)
        need = self.need()
        check_meets(
            need,
            holder,
            what=found.action.id,
            command=f"actwright actions approve {found.action.id}",
        )
        if digest in {None, found.action.digest}:
            self._check_still_fit(found.action)
        return self.actions.approve(
            found.action.id,
            approver=who,
            digest=digest,
            login=_login(),
            key=holder.id if holder else None,
            unattended=unattended,
            seen=seen,
            complete=enough(need, self._signers(found, holder)),
        )

    def awaited(self, reference: str) -> int:
        """Return how many further people have to approve one version before it may be used.

        Raises:
            NotFoundError: There is none.
            PolicyError: The policy cannot be read.
        """
        found, need = self.actions.get(reference), self.need()
        if found.standing == "approved" or need.plain:
            return 0
        return need.people - len(counting(need, self._signers(found, None)))

    def _signers(self, found: GeneratedVersion, holder: Approver | None) -> Iterator[Approver]:
        """Yield whose keys have signed one version and still count, and who signs it now."""
        signed = (self.approvers.get(each.key) for each in found.signed if each.key)
        yield from (each for each in signed if each is not None)
        if holder is not None:
            yield holder

    def _check_still_fit(self, action: GeneratedAction) -> None:
        """Run the checks and tests of an action again: what its stored review says is not believed.

        Raises:
            RefusedError: It does not pass them.
        """
        if not action.review.passed:
            return
        faults = review_of(action, self.sandbox, self.reader()).faults
        if faults:
            raise RefusedError(
                f"{action.name} does not pass its review any more: {inert(faults[0], limit=300)}.",
                where=action.id,
                hint=f"See what fails: actwright actions test {action.id}",
                code="generated_unfit",
            )

    def revoke(self, reference: str, *, why: str, by: str) -> tuple[GeneratedVersion, ...]:
        """Take the approval of one version back, or by a name that of every version; previews of it cannot run any more.

        Raises:
            NotFoundError: There is none.
            InputError: There is no reason, or nobody who takes it back.
        """
        return self.actions.revoke(reference, why=why, by=by, login=_login())

    def test(self, reference: str) -> tuple[TrialResult, ...]:
        """Run the tests of one version against their own sample records, with the schema of the org.

        Raises:
            NotFoundError: There is none.
            ImplementationError: There is no sandbox to run it in.
            OrgError: The org cannot be asked for its schema.
        """
        action = self.get(reference).action
        reader = self.reader()
        return tuple(tried(action, each, self.sandbox, reader) for each in action.tests)

    def diff(self, reference: str, other: str | None = None) -> GeneratedDifference:
        """Return how one version differs from another; left out, from the approved one, else from the one before.

        Raises:
            NotFoundError: There is no such version, or no other one.
        """
        found = self.get(reference)
        before = self.get(other).action if other else None
        if before is None:
            older = self.actions.versions(found.action.name)[: found.version - 1]
            used = [each for each in older if each.standing == "approved"] or older
            before = used[-1].action if used else None
        if before is None:
            raise NotFoundError(
                f"{found.action.name} has one version only; there is nothing to compare it with.",
                hint=f"actwright actions show {found.action.name}",
            )
        return difference(before, found.action)

    def promote(self, reference: str, folder: Path, *, by: str) -> Promoted:
        """Write an approved version out as a curated override, into files of a project.

        Raises:
            NotFoundError: There is none.
            RefusedError: It is not approved, or nobody was asked.
            ImplementationError: The folder's manifest names something else under its name.
            DocumentError: A file cannot be read or written.
        """
        found = self.get(reference)
        if found.standing != "approved":
            raise RefusedError(
                f"{found.action.name} is {found.standing}: only what is approved becomes a curated override.",
                where=found.action.id,
                hint=f"actwright actions review {found.action.name}",
                code="generated_unreviewed",
            )
        if not found.usable(unattended=False):
            raise RefusedError(
                f"{found.action.name} was approved without asking anybody: a curated override counts everywhere.",
                where=found.action.id,
                hint=f"actwright actions approve {found.action.id}",
                code="generated_unreviewed",
            )
        written = promote(found.action, folder)
        self.actions.promoted(found.action.id, to=str(written.manifest), by=by, login=_login())
        return written


class GeneratingCalls(Wiring):
    """What belongs to code that was written for a goal."""

    @cached_property
    def generated(self) -> GeneratedCalls:
        """The generated actions of the store."""
        return GeneratedCalls(
            self.generated_actions,
            self.sandbox,
            lambda: ReadOnly(self.org),
            Approvers(self._database, self.clock),
            lambda: self.policing.source.current().generated_approval,
            local=self.settings.org == "local",
        )


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
