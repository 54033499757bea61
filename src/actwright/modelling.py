"""The settings' model: the client, its prompts and ceilings, and everything that asks it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from actwright.actions.generating.model_generator import ModelGenerator
from actwright.blueprints.library import Library
from actwright.blueprints.plan import Plan
from actwright.clock import Clock
from actwright.model.budget import Budget
from actwright.model.conversation import Conversation
from actwright.model.exchange import ExchangeSink
from actwright.model.openai_chat import OpenAIChat
from actwright.model.prices import Prices, read_prices
from actwright.model.prompts import Prompts, bundled_prompts, load_prompts
from actwright.model.settings import ModelSettings
from actwright.org.ports import OrgReader
from actwright.planning.cache.cache import StoredPlanCache
from actwright.planning.cache.cached import CachedPlanner
from actwright.planning.domains.domain import DomainSpec
from actwright.planning.domains.grounding import GroundedPlanner
from actwright.planning.fallback import FallbackPlanner
from actwright.planning.model.extraction import Extractor
from actwright.planning.model.planner import VERSION, ModelPlanner
from actwright.planning.model.recommender import ModelRecommender
from actwright.planning.model.responding import responding
from actwright.planning.planner import Planner, PlanningOutcome, PlanningRequest, Recommendation
from actwright.planning.ranking.standing import Evidence
from actwright.settings import Settings
from actwright.store.database import Database


class Modelling:
    """One model, asked through one client, under the settings' ceilings.

    Args:
        settings: The model's name and address, and what one plan may take of it.
        database: The store: the plan cache is there.
        clock: The time.
        key: The key of the service.
        domains: The domain specs the model is told of.
        log: Takes the record of every exchange.

    Raises:
        ConfigError: The address, the prompts' folder or the price table is not there.
        PromptError: A prompt is broken.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        clock: Clock,
        *,
        key: str,
        domains: Sequence[DomainSpec],
        log: ExchangeSink,
    ) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._domains = domains
        self._log = log
        self._prompts = _prompts(settings)
        self._prices = read_prices(settings.prices) if settings.prices else Prices()
        self._ceilings = _ceilings(settings)
        self._chat = OpenAIChat(base_url=settings.model_url, api_key=key, clock=clock)

    def close(self) -> None:
        """Close the connections."""
        self._chat.close()

    def planner(self, offline: Planner, domains: str) -> Planner:
        """Return the planner: the model behind its cache, and the offline planner where the settings allow it.

        Args:
            offline: Who stands in.
            domains: The fingerprint of the domain specs.
        """
        planner: Planner = self._model_planner
        if self._settings.plan_cache:
            version = f"{VERSION}/{self._settings.model}/{self._prompted}/{domains}"
            cache = StoredPlanCache(self._database, self._clock)
            planner = CachedPlanner(planner, cache, prompt_version=version)
        return FallbackPlanner(planner, offline, allowed=self._settings.fallback)

    def recommend(
        self, goal: str, library: Library, org: OrgReader, top: int, evidence: Evidence
    ) -> tuple[Recommendation, ...]:
        """Return the blueprints that come nearest to a goal, the model's suggestions among them.

        Raises:
            PlanningError: The goal cannot be read.
            ModelError: The model gave nothing that can be used.
            OrgError: The org cannot be asked.
        """
        return self._recommender.recommend(goal, library, org, top, evidence=evidence)

    def respond(self, plan: Plan, words: str, request: PlanningRequest) -> PlanningOutcome:
        """Return what the model makes of a person's words about a plan, held to the domain specs like any plan.

        No cache stands before it: no two plans are answered to alike.

        Args:
            plan: The plan the person saw.
            words: What they say about it.
            request: Gives library, org, person and day.

        Raises:
            ModelError: The model gave nothing that can be used.
            PromptError: A prompt is broken.
            OrgError: The org cannot be asked.
        """
        planner = GroundedPlanner(self._model_planner, self._domains)
        return planner.plan(responding(plan, words, request))

    @cached_property
    def extractor(self) -> Extractor:
        """Takes typed values out of texts, one quarantined call each."""
        repair = self._prompts.get("repair")
        conversation = Conversation(self._chat, self._ceilings, repair, self._log, self._clock)
        budget = lambda: Budget.of(self._ceilings, self._prices)  # noqa: E731 - a fresh one each time
        return Extractor(conversation, self._prompts, budget)

    def action_generator(self, spent: Callable[[Budget], None]) -> ModelGenerator:
        """Return what writes the code of actions whose logic is said in words.

        Args:
            spent: Told what each action took of the model.
        """
        return ModelGenerator(
            self._chat,
            self._prompts,
            self._ceilings,
            log=self._log,
            prices=self._prices,
            clock=self._clock,
            spent=spent,
        )

    @cached_property
    def _model_planner(self) -> ModelPlanner:
        return ModelPlanner(
            self._chat,
            self._prompts,
            self._ceilings,
            log=self._log,
            prices=self._prices,
            domains=self._domains,
            clock=self._clock,
        )

    @cached_property
    def _recommender(self) -> ModelRecommender:
        return ModelRecommender(
            self._chat,
            self._prompts,
            self._ceilings,
            log=self._log,
            prices=self._prices,
            clock=self._clock,
        )

    @property
    def _prompted(self) -> str:
        return self._prompts.get("plan").hash


def _prompts(settings: Settings) -> Prompts:
    """Return the prompts: the settings' own come first, the bundled ones fill in what they lack."""
    own = (settings.prompts,) if settings.prompts else ()
    return load_prompts((*own, bundled_prompts()))


def _ceilings(settings: Settings) -> ModelSettings:
    """Return what one plan may take of the model."""
    most = settings.model_output_tokens
    return ModelSettings(
        model=settings.model,
        deadline_seconds=settings.model_seconds,
        max_input_tokens=settings.model_input_tokens,
        max_total_output_tokens=most,
        max_output_tokens=min(most, ModelSettings.model_fields["max_output_tokens"].default),
        slice_tokens=min(settings.model_input_tokens // 8, 12_000),
        max_cost=settings.model_cost,
        candidates=settings.candidates,
    )
