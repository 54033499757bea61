"""The wiring: the store, the org, the library, the planner and the factory, each made when it is first needed."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from actwright.actions.factory import Factory
from actwright.blueprints.library import Library, bundled_directory, load_library
from actwright.blueprints.plan import Plan
from actwright.checkpoints.archive import Archive
from actwright.checkpoints.confirmation import Confirmations
from actwright.checkpoints.preview import Preview
from actwright.clock import Clock, SystemClock
from actwright.org.ports import AccessExplainer, Org
from actwright.orgs import OpenOrg, open_org
from actwright.planners import Planners
from actwright.planning.planner import Planner
from actwright.runs.journal import Journal
from actwright.settings import Settings, load_settings
from actwright.store.database import Database

if TYPE_CHECKING:
    from actwright.connectors.salesforce.embedded import EmbeddedLocalOrg


class Wiring:
    """What the calls stand on. The org is opened when it is first needed, and closed with the object.

    Args:
        org: ``"local"`` or an org's URL; from the settings where left out.
        user: Whose rights count; from the settings where left out.
        home: The folder of the store and the local org; from the settings where left out.
        settings: Settings made elsewhere; loaded from file and environment where left out.
        planner: Who makes plans; the settings' planner where left out.
        clock: The time.
        local_org: A local org that is running already, where ``org`` is ``"local"``; it is left running.

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
    ) -> None:
        self.settings = settings or load_settings({"org": org, "user": user, "home": home})
        self.clock = clock or SystemClock()
        self._local_org = local_org
        self._stack = ExitStack()
        self._database = Database(self.settings.home / "actwright.db")
        self._stack.callback(self._database.close)
        self.plans: Archive[Plan] = Archive(self._database, Plan, self.clock)
        self.previews: Archive[Preview] = Archive(self._database, Preview, self.clock)
        self.confirmations = Confirmations(self._database, self.clock)
        self.journal = Journal(self._database, self.clock)
        self.planners = Planners(
            self.settings, self._database, self.clock, self._stack, given=planner
        )

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
    def _open(self) -> OpenOrg:
        return open_org(self.settings, self._stack, self.clock, self._local_org)

    @cached_property
    def _factory(self) -> Factory:
        """The factory with the settings' overrides: their code is imported when an action first needs it."""
        factory = Factory()
        for name, implementation in self.settings.actions.items():
            factory.register(name, implementation)
        return factory
