"""A version of a generated action: the action, what people decided about it, and so whether it may be used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field, computed_field

from actwright.actions.generated.action import GeneratedAction, contract_of
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.canonical import digest as digest_of
from actwright.contract import Contract

Standing = Literal["waiting", "approved", "revoked"]
"""Whether a version may be used: nobody has decided, somebody approved it, or somebody took that back."""

DecisionKind = Literal["approved", "revoked", "promoted", "signed"]
"""``signed`` is an approval that waits for further people, as the policy asks; it lets nothing be used."""


class Decision(Contract):
    """What somebody decided about one version."""

    id: str = Field(pattern=r"^gdc_[0-9a-f]{20}$")
    action_id: str
    digest: str
    kind: DecisionKind
    by: str
    login: str = ""
    """The login name of the account it was decided from."""
    key: str | None = None
    """The registered key it was decided with, where there was one."""
    unattended: bool = False
    """Whether nobody was asked: such an approval counts on the embedded local org, and nowhere else."""
    why: str = Field(default="", max_length=600)
    """The reason, or where it was promoted to."""
    at: str


class GeneratedVersion(Contract):
    """One version of a generated action, and how it stands."""

    action: GeneratedAction
    version: int
    at: str
    """When it was added."""
    history: tuple[Decision, ...] = ()

    @computed_field  # type: ignore[prop-decorator]  # pydantic's documented form
    @property
    def standing(self) -> Standing:
        """Whether it may be used, by the newest decision that says so."""
        last = self.decided
        return "waiting" if last is None else "approved" if last.kind == "approved" else "revoked"

    @property
    def decided(self) -> Decision | None:
        """The decision by which it stands as it does; None where nobody has decided."""
        return decided(self.history)

    @property
    def signed(self) -> tuple[Decision, ...]:
        """The approvals with a key, complete or not, since it was last revoked."""
        ends = [at for at, each in enumerate(self.history, 1) if each.kind == "revoked"]
        since = self.history[ends[-1] if ends else 0 :]
        return tuple(each for each in since if each.key and each.kind in {"approved", "signed"})

    def usable(self, *, unattended: bool) -> bool:
        """Tell whether it may be used; with ``unattended`` also where nobody was asked for the approval."""
        last = self.decided
        return last is not None and last.kind == "approved" and (unattended or not last.unattended)

    def fits(self, blueprint: ActionBlueprint) -> bool:
        """Tell whether it was written for exactly this blueprint's contract."""
        return digest_of(contract_of(self.action.blueprint)) == digest_of(contract_of(blueprint))


def decided(history: Sequence[Decision]) -> Decision | None:
    """Return the newest of some decisions, oldest first, by which a version may be used or not; None without one."""
    said = [each for each in history if each.kind in {"approved", "revoked"}]
    return said[-1] if said else None


def newest_approved(
    versions: Sequence[GeneratedVersion], *, unattended: bool = False
) -> GeneratedAction | None:
    """Return the newest of some versions that may be used, or None.

    Args:
        versions: Some versions, oldest first.
        unattended: Whether approvals count for which nobody was asked.
    """
    usable = (each.action for each in reversed(versions) if each.usable(unattended=unattended))
    return next(usable, None)
