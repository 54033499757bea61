"""The planners the settings name: rules, or a model with a cache and a fallback; grounding stands around either."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING

from actwright.blueprints.adapters import DataType
from actwright.blueprints.library import Library
from actwright.blueprints.plan import Plan
from actwright.checkpoints.editing.responding import NOT_UNDERSTOOD, as_edit, responded
from actwright.checkpoints.preview import Preview
from actwright.clock import Clock
from actwright.errors import ConfigError, ModelError
from actwright.org.ports import OrgReader
from actwright.org.query import JsonScalar
from actwright.planning.domains.domain import DomainSpec, fingerprint, load_domains
from actwright.planning.domains.grounding import GroundedPlanner, check_constraints
from actwright.planning.offline.planner import OfflinePlanner
from actwright.planning.planner import Planner, PlanningOutcome, PlanningRequest, Recommendation
from actwright.planning.ranking.indexes import Indexes
from actwright.planning.ranking.recommend import recommend
from actwright.planning.ranking.standing import NOTHING_KNOWN, Evidence
from actwright.planning.response.response import ResponseReader
from actwright.settings import MODEL_SERVICE, Settings
from actwright.settings_secrets import secret
from actwright.store.database import Database

if TYPE_CHECKING:
    from actwright.actions.generating.generator import Generator
    from actwright.model.budget import Budget
    from actwright.model.exchange import ExchangeSink
    from actwright.modelling import Modelling

_KEYLESS = "none"
"""Sent to a service of one's own that asks for no key."""


class Planners:
    """Makes the planner the settings name, once, when it is first needed.

    Args:
        settings: Which planner, and everything it needs.
        database: The store: the plan cache is there.
        clock: The time.
        stack: Closes the connection to the model.
        log: Takes the record of every exchange with the model.
        given: A planner of the caller's own, which stands instead of the settings' one.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        clock: Clock,
        stack: ExitStack,
        *,
        log: ExchangeSink,
        given: Planner | None = None,
    ) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._stack = stack
        self._log = log
        self._given = given
        self._indexes = Indexes()
        self._responses = ResponseReader()

    @property
    def own(self) -> bool:
        """Whether the plans are made by this project's own code, which computes where each value comes from."""
        return self._given is None

    @cached_property
    def chosen(self) -> Planner:
        """The planner, held to the domain specs.

        Raises:
            ConfigError: The settings lack something it needs.
            DomainError: A domain spec breaks its contract.
            PromptError: A prompt is broken.
        """
        planner = self._given or self._by_settings
        return GroundedPlanner(planner, self.domains) if self.domains else planner

    @cached_property
    def domains(self) -> tuple[DomainSpec, ...]:
        """The domain specs of the settings.

        Raises:
            ConfigError: A file or folder is not there.
            DomainError: A spec breaks its contract.
        """
        return load_domains(self._settings.domains)

    def check(self, plan: Plan, library: Library) -> None:
        """Refuse a plan that breaks a constraint of the domain specs, wherever it comes from.

        Raises:
            RefusedError: A constraint does not hold, or cannot be decided.
        """
        if self.domains:
            check_constraints(plan, library, self.domains)

    def respond(
        self, plan: Plan, words: str, request: PlanningRequest, preview: Preview | None = None
    ) -> PlanningOutcome:
        """Return the plan as a person's words want it; a question or a refusal where they are not clear.

        Words are read by rules first; only what the rules do not understand goes to the settings' model, with the
        plan, which holds no record's content.

        Args:
            plan: The plan the person saw; it stays as it was.
            words: What they say about it. Hostile input.
            request: Gives library, org, person and day.
            preview: The preview the person saw, whose rows the rules know by name; the model never sees it.

        Raises:
            ModelError: The model gave nothing that can be used, and falling back is not allowed.
            OrgError: The org cannot be asked.
        """
        outcome = responded(plan, words, request, self._responses, preview)
        unclear = outcome.refusal is not None and outcome.refusal.code == NOT_UNDERSTOOD
        if not unclear or self._given is not None or self._settings.planner == "offline":
            return outcome
        try:
            return as_edit(plan, self.modelling.respond(plan, words, request))
        except ModelError as error:
            if not self._settings.fallback:
                raise
            note = (
                f"The model could not be used ({error.error_code}), so rules alone read the words."
            )
            return outcome.model_copy(update={"notes": (*outcome.notes, note)})

    def recommend(
        self,
        goal: str,
        library: Library,
        org: OrgReader,
        top: int,
        evidence: Evidence = NOTHING_KNOWN,
    ) -> tuple[Recommendation, ...]:
        """Return the blueprints that come nearest to a goal, best first; the settings' model is asked as well.

        Args:
            goal: What the person asked for.
            library: The curated blueprints.
            org: The org.
            top: How many to return.
            evidence: What is known of earlier plans.

        Raises:
            PlanningError: The goal cannot be read.
            ModelError: The model gave nothing that can be used.
            OrgError: The org cannot be asked.
        """
        if self._settings.planner == "offline":
            return recommend(goal, library, org, top, indexes=self._indexes, evidence=evidence)
        return self.modelling.recommend(goal, library, org, top, evidence)

    def extract(self, text: str, question: str, data_type: DataType) -> JsonScalar:
        """Return one typed value that a text says, by a quarantined call of the settings' model; None where it does not.

        Raises:
            InputError: The text or the question cannot be asked about.
            ModelError: The model gave nothing that can be used.
        """
        return self.modelling.extractor.extract(text, question, data_type)

    def action_generator(self, spent: Callable[[Budget], None]) -> Generator | None:
        """Return what writes the code of actions whose logic is said in words; None where no model is set up.

        Args:
            spent: Told what each action took of the model.

        Raises:
            ConfigError: The settings lack something the model needs.
            PromptError: The prompt is broken.
        """
        offline = self._settings.planner == "offline"
        return None if offline else self.modelling.action_generator(spent)

    @cached_property
    def modelling(self) -> Modelling:
        """The settings' model, and all that asks it.

        Raises:
            ConfigError: No model is set, or there is no key for a service that asks for one.
            PromptError: A prompt is broken.
        """
        from actwright.modelling import Modelling  # noqa: PLC0415 - openai and jinja2 are slow to import

        made = Modelling(
            self._settings,
            self._database,
            self._clock,
            key=self._key(),
            domains=self.domains,
            log=self._log,
        )
        self._stack.callback(made.close)
        return made

    @cached_property
    def _by_settings(self) -> Planner:
        offline = OfflinePlanner()
        if self._settings.planner == "offline":
            return offline
        return self.modelling.planner(offline, fingerprint(self.domains))

    def _key(self) -> str:
        """Return the key of the model's service; a service of one's own may need none."""
        if self._settings.planner == "offline":
            # Whether a file may name the address a key is sent to is checked for a planner that sends one.
            raise ConfigError(
                "There is no model: the offline planner plans.",
                where="planner",
                hint='Set planner = "openai", or ACTWRIGHT_PLANNER=openai.',
            )
        address = self._settings.model_url
        key = secret("model_key", address)
        if key is None and address == MODEL_SERVICE:
            raise ConfigError(
                f"There is no key for the model at {address}.",
                where="OPENAI_API_KEY",
                hint="Set OPENAI_API_KEY, or store it in the keyring; or set OPENAI_BASE_URL to a service of your own; "
                "or plan with --planner offline.",
            )
        return key or _KEYLESS
