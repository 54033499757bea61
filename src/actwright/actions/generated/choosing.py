"""Choosing: which generated action stands behind a blueprint, and what is said where none may be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actwright.actions.generated.action import GeneratedAction
from actwright.actions.generated.archive import GeneratedActions
from actwright.actions.generated.implementation import GeneratedImplementation, Runner
from actwright.actions.generated.version import Decision, GeneratedVersion, newest_approved
from actwright.actions.implementation import ActionRequest
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.clock import Clock
from actwright.errors import ImplementationError
from actwright.org.effect import Effect


@dataclass(frozen=True, slots=True)
class GeneratedChoice:
    """Chooses among the generated actions of a store: the newest approved version written for a blueprint's contract.

    Attributes:
        actions: The generated actions.
        runner: Runs their code.
        clock: What the code takes for the time.
        unattended: Whether approvals count for which nobody was asked: on the embedded local org only.
    """

    actions: GeneratedActions
    runner: Runner
    clock: Clock
    unattended: bool = False

    def choose(self, blueprint: ActionBlueprint) -> GeneratedImplementation | Withheld | None:
        """Return what stands behind a blueprint; None where nothing was ever written under its name.

        Where something was written and nothing of it may be used, what is returned refuses and says why.
        """
        versions = self.actions.versions(blueprint.name)
        if not versions:
            return None
        fitting = tuple(each for each in versions if each.fits(blueprint))
        standing = newest_approved(fitting, unattended=self.unattended)
        if standing is not None:
            return GeneratedImplementation(standing, self.runner, self.clock)
        return Withheld(blueprint.name, fitting[-1] if fitting else None)

    def revoked(self, action: GeneratedAction) -> Withheld | None:
        """Return what refuses for a promoted action, where this store knows that its very version was revoked."""
        found = (each for each in self.actions.versions(action.name) if each.action.id == action.id)
        revoked = next((each for each in found if each.standing == "revoked"), None)
        return Withheld(action.name, revoked) if revoked else None


@dataclass(frozen=True, slots=True)
class Withheld:
    """Stands in for a generated action that may not be used: it hands out nothing, and says why.

    Attributes:
        action_name: The action's name.
        newest: Its newest version for the blueprint at hand; None where each was written for other inputs.
    """

    action_name: str
    newest: GeneratedVersion | None

    @property
    def name(self) -> str:
        """What it is called in previews, and how it stands: never the name of something that may be used."""
        if self.newest is None:
            return f"{self.action_name} (written for other inputs)"
        standing = "unattended" if self.newest.standing == "approved" else self.newest.standing
        return f"{self.newest.action.id} ({standing})"

    @property
    def withheld(self) -> str:
        """Why it may not be used, in one sentence."""
        if self.newest is None:
            return f"{self.action_name} was generated for other inputs than this plan has."
        if self._revoked is not None:
            return f"{self.action_name} was generated, and {self._revoked.by} revoked it: {self._revoked.why}"
        if self.newest.standing == "approved":
            return f"{self.action_name} was approved on the local org without asking anybody, which counts nowhere else."
        return f"{self.action_name} was generated, and nobody has approved its code yet."

    def effects(self, request: ActionRequest) -> Sequence[Effect]:
        """Refuse.

        Raises:
            ImplementationError: Always; its code says what keeps the action back.
        """
        hint = f"actwright actions review {self.action_name}"
        raise ImplementationError(
            self.withheld,
            where=request.action_id,
            hint=hint if self.newest else "Plan again, and review what is generated then.",
            code="generated_revoked" if self._revoked else "generated_unreviewed",
        )

    @property
    def _revoked(self) -> Decision | None:
        if self.newest is None or self.newest.standing != "revoked":
            return None
        return self.newest.decided
