"""The class Actwright: four typed calls from a goal to a changed record, and what belongs around them."""

from __future__ import annotations

import getpass
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Literal

from actwright.actions.curated.catalogue import Listed
from actwright.actions.implementation import Implementation
from actwright.actions.opaque import OpaqueImplementation
from actwright.blueprints.plan import Plan
from actwright.calls.awaiting import AsyncCalls
from actwright.calls.continuing import ContinuingCalls
from actwright.calls.covering import CoveredCalls
from actwright.calls.generating import GeneratingCalls
from actwright.calls.granting import GrantingCalls
from actwright.calls.intervening import InterveningCalls
from actwright.calls.keeping import JournalCalls
from actwright.calls.looking import LookingCalls
from actwright.calls.planning import PlanningCalls
from actwright.calls.recovering import RecoveryCalls
from actwright.calls.running import RunCalls
from actwright.calls.telling import TellingCalls
from actwright.calls.traced import traced
from actwright.calls.undoing import UndoCalls
from actwright.checkpoints.confirmation import Confirmation
from actwright.checkpoints.editing.edit import SOURCE, edited
from actwright.checkpoints.editing.payload import Payload, with_payload
from actwright.checkpoints.preview import Preview, Terms
from actwright.checkpoints.resolving.rows import with_ceiling
from actwright.checkpoints.superseding import superseded
from actwright.document import validated
from actwright.errors import PlanError
from actwright.model.exchange import Exchange
from actwright.org.ports import Row, SoqlReader
from actwright.org.query import JsonScalar
from actwright.org.read_only import ReadOnly
from actwright.planning.response.given import GivenReader


class Actwright(
    PlanningCalls,
    RunCalls,
    ContinuingCalls,
    GrantingCalls,
    CoveredCalls,
    InterveningCalls,
    JournalCalls,
    LookingCalls,
    TellingCalls,
    UndoCalls,
    RecoveryCalls,
    GeneratingCalls,
    AsyncCalls,
):
    """One person, one org, one store; use it as a context manager.

    `Wiring` documents what it is made of, `PlanningCalls` what comes before a plan.
    """

    def register(
        self,
        name: str,
        implementation: Implementation | OpaqueImplementation | str,
        *,
        replace: bool = False,
    ) -> None:
        """Register an override for the blueprint called ``name``: an object, or ``"package.module:name"``.

        Args:
            name: The blueprint's name, or ``DynamicAction_NAME``.
            implementation: The override.
            replace: Whether it takes the place of one that has the name already, wherever that comes from.

        Raises:
            ImplementationError: It cannot stand in for a blueprint, or another one does.
        """
        self._factory.register(name, implementation, replace=replace)

    def overrides(self, *, check: bool = False) -> tuple[Listed, ...]:
        """Return every curated override by name, with its origin, its version, and what is wrong with it.

        Args:
            check: Whether to import the code of each, and so to find out what is wrong with it.

        Raises:
            DocumentError: The manifest of overrides cannot be read.
        """
        return self._factory.listed(check=check)

    def clear(self) -> None:
        """Forget every override."""
        self._factory.clear()

    def preview(
        self,
        plan: Plan | str,
        *,
        payload: Payload | None = None,
        max_rows: int | None = None,
        allow_delete: bool = False,
        allow_duplicates: bool = False,
        apart: bool = False,
        deep: bool = False,
    ) -> Preview:
        """Resolve a plan against the org and show exactly what it would do.

        Args:
            plan: A plan, or the id of a stored one.
            payload: Input values by blueprint name or action id; they make a new plan.
            max_rows: The most rows a repeated action may find, instead of the plan's own ceilings; it makes a new plan.
            allow_delete: Whether the plan may delete records.
            allow_duplicates: Whether to save in spite of duplicate rules that merely warn.
            apart: Whether what does not depend on each other stands or falls apart, instead of all together.
            deep: Whether to let the org try it, in a transaction that is taken back. Mails and callouts its automation
                sends at once are not taken back, nor are auto-numbers.

        Raises:
            InputError: The plan or the payload does not fit, or questions are open.
            RefusedError: The plan contradicts itself, or is larger than allowed.
            OrgError: The org cannot be asked.
        """
        if not isinstance(plan, (Plan, str)):
            raise PlanError(
                "There is no plan to preview.", hint="Look at the outcome's refusal or questions."
            )
        chosen = self.plans.get(plan) if isinstance(plan, str) else self._known(plan)
        if payload:
            filled = with_payload(chosen, payload).model_dump()
            chosen = validated(Plan, filled, where="the plan", error=PlanError)
        terms = Terms(
            allow_delete=allow_delete, allow_duplicates=allow_duplicates, apart=apart, deep=deep
        )
        return self._previewed(
            chosen if max_rows is None else with_ceiling(chosen, max_rows), terms
        )

    def edit(
        self,
        preview: Preview | str,
        *,
        without: Collection[str] = (),
        values: Mapping[str, JsonScalar] | None = None,
        plan: Plan | None = None,
    ) -> Preview:
        """Change a preview before anybody says yes to it: a new plan, a new preview, a new digest. The old ones stay.

        Args:
            preview: What is to be changed.
            without: What to leave out: actions by id, values as ``ACTION.INPUT``, single rows by the ids of their
                effects. What depends on an action goes with it.
            values: New values, by ``ACTION.INPUT`` or ``ACTION.LABEL``; texts are read as a goal's words are.
            plan: A plan that stands instead of the preview's, such as `respond` returned; the rest is done to it.

        Raises:
            PlanError: There is no such action or input, or nothing would be left.
            OrgError: The org cannot be asked.
        """
        old = self._stored(preview)
        before = self.plans.get(old.plan_id) if plan is None else self._known(plan)
        given = GivenReader(ReadOnly(self.org), self.clock, SOURCE) if values else None
        made = edited(
            before,
            without=without,
            values=values,
            preview=old,
            read=given.argument if given else None,
        )
        return self._instead(old, made)

    @traced("confirm")
    def confirm(
        self,
        preview: Preview | str,
        *,
        approver: str = "",
        answer: Literal["yes", "no"] = "yes",
        lifetime: timedelta | None = None,
        key: str | None = None,
    ) -> Confirmation:
        """Record a person's answer to exactly this preview.

        Where its policy asks for several people, each answers for themselves; `confirmations.collected` tells who has,
        and the run starts when all have. A yes to an edited preview takes back every standing yes to what it was
        edited from, so that not both are carried out.

        Args:
            preview: What is answered.
            approver: Who answers; the holder of the key where one is given.
            answer: What they say; a no takes back every yes to the preview, whoever gave it.
            lifetime: How long a yes waits for its run; as the settings say where left out.
            key: Their approver key, where the policy asks for one. It is written nowhere.

        Raises:
            RefusedError: The preview is blocked.
            InputError: Nobody is named.
            ConfirmationError: The preview differs from the stored one, nobody was asked away from a local org, or the
                policy asks for the keys of others.
        """
        stored, login = self._stored(preview), _login()
        if answer == "yes":
            self.policing.check_version(stored)
        minutes = timedelta(minutes=self.settings.confirmation_minutes)
        given = self.confirmations.record(
            stored,
            approver=approver,
            login=login,
            answer=answer,
            lifetime=minutes if lifetime is None else lifetime,
            key=key,
        )
        if answer == "yes":
            for each in superseded(stored, self.previews, self.confirmations):
                self.confirmations.record(each, approver=given.approver, login=login, answer="no")
        return given

    def query(self, soql: str) -> list[Row]:
        """Return the rows of a query in SOQL, with the person's own rights; parents and children are nested.

        Raises:
            InputError: The query is empty or too long.
            OrgError: The org cannot be asked, or refuses the query.
        """
        reader: SoqlReader = self._open.org
        return reader.soql(soql)

    def exchanges(self, *, limit: int = 20) -> tuple[Exchange, ...]:
        """Return the newest exchanges with language models, newest first; `prompt_log` tells more of each."""
        return self.prompt_log.recent(limit).items

    def _known(self, plan: Plan) -> Plan:
        """Return a plan as it counts: as it is where the store holds it, else with provenances computed anew."""
        sound = validated(Plan, plan.model_dump(), where="the plan", error=PlanError)
        return sound if self.plans.holds(sound.id) else self._attributed(sound)

    def _stored(self, preview: Preview | str) -> Preview:
        if isinstance(preview, str):
            return self.previews.get(preview)
        return self.previews.same(preview.model_dump(mode="json"), where=preview.id)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
