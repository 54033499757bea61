"""The scene every case is planned in, the same everywhere: the demo org, the bundled blueprints, one day, the prompts.

A cassette depends on all of them, so none is taken from the settings of whoever runs the gate.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from actwright.app import Actwright
from actwright.blueprints.library import Library
from actwright.canonical import Json
from actwright.model.chat import ChatModel, ChatReply, ChatRequest
from actwright.model.exchange import Exchange, ExchangeTexts
from actwright.model.prices import Prices, read_prices
from actwright.model.prompts import Prompts, bundled_prompts, load_prompts
from actwright.model.settings import ModelSettings
from actwright.org.ports import OrgReader
from actwright.org.query import JsonScalar
from actwright.org.read_only import ReadOnly
from actwright.planning.model.planner import ModelPlanner
from actwright.planning.planner import PlanningOutcome, PlanningRequest
from actwright.regression.cassettes.asking import KeptChat
from actwright.regression.playing.steady_org import SteadyOrg
from actwright.testing.clock import FixedClock
from actwright.testing.local_org import LocalOrg

_BYSTANDER = "alice"
"""Whose calls give what is the same for everybody."""


class Asked(Protocol):
    """What of a case goes into a planner."""

    @property
    def goal(self) -> str:
        """The goal."""
        ...

    @property
    def data(self) -> Mapping[str, JsonScalar]:
        """Its named data."""
        ...

    @property
    def user(self) -> str:
        """Who says it."""
        ...


class Scene:
    """A context manager around the embedded local org and all a planner looks at.

    Args:
        at: What time it is there.
        prompts: A folder of prompts that come before the bundled ones.
        prices: A price table, for what exchanges cost.

    Raises:
        ConfigError: A folder or file is not there.
        PromptError: A prompt is broken.
        DocumentError: The price table is malformed.
    """

    def __init__(
        self, *, at: datetime, prompts: Path | None = None, prices: Path | None = None
    ) -> None:
        own = (prompts,) if prompts else ()
        self.prompts: Prompts = load_prompts((*own, bundled_prompts()))
        """The prompts that are used."""
        self.clock = FixedClock(at)
        """What time it is."""
        self._prices = read_prices(prices) if prices else Prices()
        self.kept_chat = KeptChat()
        """What asks a tape."""
        self._stack = ExitStack()
        self._stack.callback(self.kept_chat.close)
        self._calls: dict[str, Actwright] = {}
        self._orgs: dict[str, OrgReader] = {}
        self._planners: dict[tuple[str, ModelSettings], _Planning] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def library(self) -> Library:
        """The bundled blueprints."""
        return self.calls(_BYSTANDER).library

    def calls(self, user: str) -> Actwright:
        """Return the calls of one of the demo users, for a preview.

        Raises:
            ConfigError: The local org is not installed.
            OrgError: It has no such user.
        """
        if user not in self._calls:
            self._calls[user] = self._local_org.as_user(user, clock=self.clock)
        return self._calls[user]

    def org(self, user: str) -> OrgReader:
        """Return the org with one user's rights, read-only.

        Raises:
            ConfigError: The local org is not installed.
            OrgError: It has no such user.
        """
        if user not in self._orgs:
            self._orgs[user] = ReadOnly(SteadyOrg(self.calls(user).org))
        return self._orgs[user]

    def rows(self, soql: str) -> Sequence[dict[str, Json]]:
        """Return rows of the org as its administrator sees them.

        Raises:
            OrgError: The org refuses the query.
        """
        return [dict(each) for each in self.calls("admin").query(soql)]

    def plan(
        self, asked: Asked, chat: ChatModel, settings: ModelSettings, exchanges: list[Exchange]
    ) -> PlanningOutcome:
        """Plan a case's goal with a model.

        Args:
            asked: The case.
            chat: What answers.
            settings: The model's name and ceilings.
            exchanges: Each exchange is added here.

        Raises:
            ModelError: The model gave nothing that can be used.
            OrgError: The org cannot be asked.
        """
        key = (asked.user, settings)
        if key not in self._planners:
            self._planners[key] = _Planning(self, settings, self._prices)
        request = PlanningRequest(
            goal=asked.goal,
            library=self.library,
            org=self.org(asked.user),
            clock=self.clock,
            data=asked.data,
        )
        return self._planners[key].plan(request, chat, exchanges)

    @cached_property
    def _local_org(self) -> LocalOrg:
        home = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="actwright-scene-"))
        return self._stack.enter_context(LocalOrg(Path(home)))


class _Planning:
    """A planner that is kept for all cases of a person, with what it indexed; who answers changes with each case."""

    def __init__(self, scene: Scene, settings: ModelSettings, prices: Prices) -> None:
        self._line = _Line()
        self._log = _Log()
        self._planner = ModelPlanner(
            self._line,
            scene.prompts,
            settings,
            log=self._log,
            prices=prices,
            clock=scene.clock,
        )

    def plan(
        self, request: PlanningRequest, chat: ChatModel, exchanges: list[Exchange]
    ) -> PlanningOutcome:
        """Plan with what answers now."""
        self._line.chat, self._log.exchanges = chat, exchanges
        return self._planner.plan(request)


class _Line:
    """The model, whoever stands at the other end just now."""

    chat: ChatModel

    def complete(self, request: ChatRequest, *, deadline: float) -> ChatReply:
        """Ask who stands there."""
        return self.chat.complete(request, deadline=deadline)


class _Log:
    """Keeps the exchanges of the case that is planned."""

    exchanges: list[Exchange]

    def record(self, exchange: Exchange, texts: ExchangeTexts) -> None:
        """Keep an exchange, and none of its texts."""
        del texts
        self.exchanges.append(exchange)
