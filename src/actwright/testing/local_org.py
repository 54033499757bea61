"""A local org of a test's own: a real server on 127.0.0.1 over a database in a folder."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from actwright.app import Actwright
from actwright.clock import Clock
from actwright.connectors.salesforce.embedded import EmbeddedLocalOrg
from actwright.planning.planner import Planner
from actwright.settings import Settings
from actwright.testing.faults import Faults


class LocalOrg:
    """A context manager around a seeded local org and a store beside it.

    Args:
        home: The folder for both; ``tmp_path`` in a test.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self._stack = ExitStack()
        self._running = EmbeddedLocalOrg(home)
        self.faults = Faults(lambda: self.url)
        """Arms faults: lost answers, locks, limits, slow and broken connections."""

    @property
    def url(self) -> str:
        """The org's address."""
        return self._running.url

    def as_user(
        self,
        user: str = "alice",
        *,
        planner: Planner | None = None,
        clock: Clock | None = None,
        settings: Mapping[str, object] | None = None,
    ) -> Actwright:
        """Return an Actwright for a demo user: admin, alice, bob, carol or dana. It is closed with the org.

        Args:
            user: Who one is.
            planner: Who plans; the settings' planner where left out.
            clock: The time.
            settings: Further settings, by name.
        """
        given = {**(settings or {}), "home": self.home, "org": "local", "user": user}
        whole = Settings.model_validate(given)
        return self._stack.enter_context(
            Actwright(settings=whole, planner=planner, clock=clock, local_org=self._running)
        )

    def __enter__(self) -> Self:
        self._stack.enter_context(self._running)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()
