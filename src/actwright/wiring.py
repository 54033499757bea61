"""The wiring: the store, the org, the library, the planner and the factory, each made when it is first needed."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from actwright.actions.factory import Factory
from actwright.actions.generated.action import GeneratedAction
from actwright.actions.generated.archive import GeneratedActions
from actwright.actions.generated.choosing import GeneratedChoice
from actwright.actions.generated.implementation import GeneratedImplementation
from actwright.blueprints.library import Library, bundled_directory, load_library
from actwright.blueprints.plan import Plan
from actwright.checkpoints.archive import Archive
from actwright.checkpoints.confirmations import Confirmations
from actwright.checkpoints.policing import Policing
from actwright.checkpoints.preview import Preview
from actwright.clock import Clock, SystemClock
from actwright.guardrails.personal_data import region_of
from actwright.guardrails.policy.budgets import BudgetCounter
from actwright.guardrails.policy.source import PolicySource
from actwright.org.ports import AccessExplainer, Org
from actwright.org.schema import ObjectSchema
from actwright.orgs import LOCAL_USER, OpenOrg, open_org, running_local_org
from actwright.overriding import declared_overrides
from actwright.planning.planner import Planner
from actwright.planning.ranking.likeness import Likeness
from actwright.planning.ranking.standing import NOTHING_KNOWN, Evidence
from actwright.runs.keeping.seal_key import SealKey
from actwright.runs.keeping.sealing import Sealing
from actwright.runs.record.journal import Journal
from actwright.runs.undoing.deeds import JournalDeeds
from actwright.runs.undoing.past_run import PastRuns
from actwright.sandbox import Sandbox
from actwright.settings import Settings, load_settings
from actwright.store.blobs import PurgeableBlobs, open_blobs
from actwright.store.database import Database
from actwright.store.opening import open_database
from actwright.store.server_clock import ServerClock
from actwright.store.wakes import Wakes, wakes_of
from actwright.telemetry.log.call import Asker
from actwright.telemetry.log.opening import Keeping, open_telemetry
from actwright.telemetry.log.purging import Purge
from actwright.telemetry.log.reading import PromptLog
from actwright.telemetry.log.telemetry import Telemetry
from actwright.telemetry.otel.opening import Traces, open_tracing
from actwright.telemetry.ranking.evidence import learned

if TYPE_CHECKING:
    from actwright.connectors.salesforce.embedded import EmbeddedLocalOrg
    from actwright.planners import Planners


class Wiring:
    """What the calls stand on. The org is opened when it is first needed, and closed with the object.

    Args:
        org: ``"local"`` or an org's URL; from the settings where left out.
        user: Whose rights count; from the settings where left out.
        home: The folder of the store and the local org; from the settings where left out.
        settings: Settings made elsewhere; loaded from file and environment where left out.
        planner: Who makes plans; the settings' planner where left out.
        clock: The time; where left out, the server's of a store that machines share, else this machine's.
        local_org: A local org that is running already, where ``org`` is ``"local"``; it is left running.
        beside: Another person's calls, whose store these use too, and leave open.

    Raises:
        ConfigError: The settings do not fit.
        StoreError: The store cannot be opened.
    """

    def __init__(
        self,
        org: str | None = None,
        user: str | None = None,
        *,
        home: Path | None = None,
        settings: Settings | None = None,
        planner: Planner | None = None,
        clock: Clock | None = None,
        local_org: EmbeddedLocalOrg | None = None,
        beside: Wiring | None = None,
    ) -> None:
        self.settings = settings or load_settings({"org": org, "user": user, "home": home})
        self._local_org = local_org
        self._beside = beside
        self._stack = ExitStack()
        self._database, self.wakes = beside.store if beside else self._opened_store()
        self.clock = clock or self._clock_of_store()
        self.traces: Traces = beside.traces if beside else open_tracing(self.settings, self._stack)
        self.tracing = self.traces.tracing
        blobs = open_blobs(self.settings.blobs or self.settings.home / "blobs")
        heard = self.tracing.appended if self.tracing.on else None
        self.journal = Journal(self._database, self.clock, blobs, heard=heard)
        offloading = self.journal.offloading
        # A folder of one machine is not seen by the next, which shares the rows.
        offloading.reads_only = self.settings.database_url is not None and not self.settings.blobs
        self.plans: Archive[Plan] = Archive(self._database, Plan, self.clock, offloading)
        self.previews: Archive[Preview] = Archive(self._database, Preview, self.clock, offloading)
        self.confirmations = Confirmations(self._database, self.clock)
        self.generated_actions = GeneratedActions(self._database, self.clock, offloading)
        key = SealKey(self.settings.seal_key_file or self.settings.home / "seal.key")
        self.sealing = Sealing(self._database, self.clock, key)
        self.telemetry: Telemetry = beside.telemetry if beside else self._opened_telemetry()
        self._given_planner = planner

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the org and the store."""
        self._stack.close()

    @property
    def store(self) -> tuple[Database, Wakes]:
        """The open store, and the way to wake its workers."""
        return self._database, self.wakes

    def for_user(self, username: str) -> Self:
        """Return these calls with another person's rights, on the same store and org; close them before this.

        Args:
            username: Whose rights count; nobody is logged in yet.
        """
        settings = self.settings.model_copy(update={"user": username})
        if self.settings.org == "local" and self._local_org is None:
            self._local_org = running_local_org(self.settings, self._stack)
        made = type(self)
        return made(settings=settings, clock=self.clock, local_org=self._local_org, beside=self)

    @cached_property
    def planners(self) -> Planners:
        """The planners, made when something is first planned."""
        from actwright.planners import Planners  # noqa: PLC0415 - slow to import

        parts = (self.settings, self._database, self.clock, self._stack)
        return Planners(*parts, log=self.telemetry, given=self._given_planner)

    @property
    def org(self) -> Org:
        """The org, opened on first use.

        Raises:
            ConfigError: There is no way to log in.
            OrgError: The org cannot be reached.
        """
        return self._open.org

    @property
    def explainer(self) -> AccessExplainer | None:
        """The connection that says who could grant what is missing, or None where none is set up.

        Raises:
            ConfigError: There is no way to log in.
            OrgError: The org cannot be reached.
        """
        return self._open.explainer

    @cached_property
    def library(self) -> Library:
        """The curated blueprints: the bundled ones, and those of the settings' own folders."""
        return load_library((bundled_directory(), *self.settings.blueprints))

    @cached_property
    def likeness(self) -> Likeness:
        """Tells which goals are alike."""
        return Likeness(self.library)

    @cached_property
    def evidence(self) -> Evidence:
        """What is known of earlier plans; nothing where the settings say not to learn, or to keep nothing."""
        if not self.settings.learn or self.settings.telemetry == "off":
            return NOTHING_KNOWN
        kept = (self.plans, self.previews, self.journal)
        return learned(self._database, self.clock, self.likeness, kept, org=self.settings.org)

    @cached_property
    def prompt_log(self) -> PromptLog:
        """What was asked of planners and models; what was just taken is in it."""
        return PromptLog(self._database, self._log_blobs, self.telemetry.flush)

    @cached_property
    def purge_telemetry(self) -> Purge:
        """Takes entries out of the prompt log for good."""
        return Purge(self._database, self._log_blobs, self.telemetry.flush)

    @cached_property
    def sandbox(self) -> Sandbox:
        """What runs generated code, closed with the calls; its workers are started by the first run."""
        made = Sandbox(tenant=self.settings.org)
        self._stack.callback(made.close)
        return made

    @cached_property
    def policing(self) -> Policing:
        """The policy in force, and who asks it."""
        counter = BudgetCounter(self._database)
        return Policing(PolicySource(self.settings.policy), counter, self.clock)

    def _opened_store(self) -> tuple[Database, Wakes]:
        address = self.settings.database_url
        database = open_database(address or self.settings.home / "actwright.db")
        self._stack.callback(database.close)
        wakes = wakes_of(address)
        self._stack.callback(wakes.close)
        return database, wakes

    @cached_property
    def _log_blobs(self) -> PurgeableBlobs:
        place = self.settings.telemetry_blobs or self.settings.home / "telemetry"
        return open_blobs(place, setting="telemetry_blobs")

    def _opened_telemetry(self) -> Telemetry:
        settings = self.settings
        keeping = Keeping(
            settings.telemetry,
            settings.telemetry_store,
            settings.telemetry_file,
            settings.session,
            settings.telemetry_inline_bytes,
            settings.telemetry_days,
        )
        opened = open_telemetry(
            keeping,
            self._database,
            self._log_blobs,
            self.clock,
            also=self.traces.exchanges,
            further=self.traces.contents,
        )
        self._stack.callback(opened.close)
        return opened

    @property
    def _asker(self) -> Asker:
        """Who asks a planner: the name they work under, never one that has to be asked for."""
        return Asker(
            self._known_user, self.settings.org, self._describe, self._region, self._goals_alike
        )

    def _describe(self, name: str) -> ObjectSchema:
        return self.org.describe(name)

    def _goals_alike(self, goal: str) -> str | None:
        return self.likeness.of(goal)

    def _known_user(self) -> str:
        named = self.settings.user
        if self.settings.org == "local":
            return (named or LOCAL_USER).partition("@")[0]
        return named or (self.org.user.username if self._is_open else "unknown")

    def _region(self) -> str | None:
        """Return the country the person's phone numbers are of, as far as that is known already."""
        return region_of(self.org.user.locale) if self._is_open else None

    @property
    def _is_open(self) -> bool:
        """Whether the org was opened."""
        return "_open" in self.__dict__

    def _clock_of_store(self) -> Clock:
        on_server = self._database.dialect == "postgres"
        return ServerClock(self._database) if on_server else SystemClock()

    @cached_property
    def _open(self) -> OpenOrg:
        return open_org(self.settings, self._stack, self.clock, self._local_org)

    @cached_property
    def _factory(self) -> Factory:
        """The factory with all overrides that are declared: their code is imported when an action first needs it."""
        return Factory(
            JournalDeeds(lambda: PastRuns(self.journal, self.plans, self.previews), self.clock),
            GeneratedChoice(
                self.generated_actions,
                self.sandbox,
                self.clock,
                unattended=self.settings.org == "local",
            ),
            declared_overrides(self.settings, self._promoted),
            self.settings.override_seconds,
        )

    def _promoted(self, action: GeneratedAction) -> GeneratedImplementation:
        return GeneratedImplementation(action, self.sandbox, self.clock)
