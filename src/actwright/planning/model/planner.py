"""The model planner: a language model reads the goal, and everything it answers is checked before it is a plan.

The model sees the goal, the named data (long texts by name and length only), the blueprints and a slice of the
schema. It sees no record. What it answers is compiled by `compiling`; faults go back to it, all at once. Only then
are lookups tried, and what they find goes to the person alone.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from actwright.blueprints.library import LibraryEntry
from actwright.clock import Clock, SystemClock
from actwright.errors import PlanningError
from actwright.model.budget import Budget
from actwright.model.chat import ChatModel
from actwright.model.conversation import Answered, Conversation
from actwright.model.exchange import ExchangeSink
from actwright.model.prices import Prices
from actwright.model.prompt import RenderedPrompt
from actwright.model.prompts import Prompts
from actwright.model.settings import ModelSettings
from actwright.planning.domains.domain import DomainSpec
from actwright.planning.domains.grounding import domain_context
from actwright.planning.model.catalogue import Catalogues
from actwright.planning.model.compiling import Compiled, Compiler, Setting
from actwright.planning.model.examples import examples, examples_text
from actwright.planning.model.extraction import Extractor
from actwright.planning.model.judging import Judgement, judge
from actwright.planning.model.outcome import Answer, Finishing, Spending
from actwright.planning.model.reply import PlanReply
from actwright.planning.model.reply_data import shown_data
from actwright.planning.model.responding import with_response
from actwright.planning.model.slicing import SchemaSlice, Slicer
from actwright.planning.offline.meant import Meant, told
from actwright.planning.offline.naming import screen_data
from actwright.planning.planner import PlanningOutcome, PlanningRequest, Recommendation
from actwright.planning.ranking.indexes import Indexes
from actwright.planning.ranking.recommend import recommend
from actwright.planning.refusals import as_refusal, unknown_blueprint
from actwright.planning.words.text import screen
from actwright.planning.zones import zone_of

VERSION = "3"
"""Changes whenever the same reply may lead to another plan."""

_NEAREST = 12


class ModelPlanner:
    """Plans goals with a language model.

    One planner may be kept for long: it keeps what it has indexed of the library and of the schema.

    Args:
        chat: The model.
        prompts: Where the prompts ``plan``, ``respond``, ``repair`` and ``extract`` are.
        settings: The model's name, and what one plan may take of it.
        log: Takes the record of every exchange.
        prices: What tokens cost; empty where left out.
        clock: For the records; the request's own clock says what day it is.
    """

    def __init__(
        self,
        chat: ChatModel,
        prompts: Prompts,
        settings: ModelSettings,
        *,
        log: ExchangeSink,
        prices: Prices | None = None,
        domains: Sequence[DomainSpec] = (),
        clock: Clock | None = None,
    ) -> None:
        self._prompts = prompts
        self._domains = tuple(domains)
        self._settings = settings
        self._prices = prices or Prices()
        repair = prompts.get("repair")
        self._conversation = Conversation(chat, settings, repair, log, clock or SystemClock())
        self._indexes = Indexes()
        self._slicer = Slicer(self._indexes)
        self._catalogues = Catalogues()

    @property
    def prompt_hash(self) -> str:
        """The hash of the prompt plans are made with; a plan of another prompt is another plan."""
        return self._prompts.get("plan").hash

    def plan(self, request: PlanningRequest) -> PlanningOutcome:
        """Return a plan, a plan with questions, or a refusal; it never raises for what the goal says.

        Raises:
            ModelError: The model gave nothing that can be used.
            OrgError: The org cannot be asked.
        """
        entry = request.library.find(request.blueprint) if request.blueprint else None
        if request.blueprint and entry is None:
            return unknown_blueprint(request.blueprint, request.library)
        try:
            screen(request.goal)
            screen_data(request.data)
            meant = told(request.data, request.library)
        except PlanningError as error:
            return as_refusal(error)
        return self._planned(request, entry, meant)

    def _planned(
        self, request: PlanningRequest, entry: LibraryEntry | None, meant: Meant
    ) -> PlanningOutcome:
        begun = time.monotonic()
        deadline = begun + self._settings.deadline_seconds
        budget = Budget.of(self._settings, self._prices)
        request.progress("reading the schema")
        asking = self._asking(request, entry, meant)
        compiler = Compiler(asking.setting)
        answers = self._conversation.ask_many(
            asking.prompt,
            PlanReply,
            check=lambda reply: compiler.compiled(reply).faults,
            deadline=deadline,
            budget=budget,
            n=self._settings.candidates,
            on_progress=request.progress,
        )
        answer = _best(answers, [compiler.compiled(each.value) for each in answers], asking.prompt)
        extractor = Extractor(
            self._conversation, self._prompts, lambda: Budget.of(self._settings, self._prices)
        )
        spending = Spending(deadline, budget, begun)
        finishing = Finishing(
            asking.setting, self._indexes, extractor, VERSION, self._settings.model
        )
        return finishing.outcome(answer, spending)

    def _asking(
        self, request: PlanningRequest, entry: LibraryEntry | None, meant: Meant
    ) -> _Asking:
        """Return the prompt, and what its replies are compiled against."""
        zone, note = zone_of(request.org.user)
        today = request.clock.now().astimezone(zone).date()
        nearest = recommend(
            request.goal, request.library, request.org, _NEAREST, indexes=self._indexes
        )
        entries = [entry] if entry else _entries(request, nearest)
        schema = self._slicer.slice(
            request.goal,
            request.org,
            [each.blueprint for each in entries],
            self._settings.slice_tokens,
        )
        setting = Setting(
            request,
            schema,
            nearest,
            self._indexes.objects(request.org),
            self._indexes.fields(request.org),
            today,
            zone,
            meant,
            entry.key if entry else None,
            (note,) if note else (),
        )
        return _Asking(setting, self._prompt(request, setting, schema, entries, (today, zone)))

    def _prompt(
        self,
        request: PlanningRequest,
        setting: Setting,
        schema: SchemaSlice,
        entries: Sequence[LibraryEntry],
        day: tuple[date, tzinfo],
    ) -> RenderedPrompt:
        catalogue = self._catalogues.of(request.library, setting.nearest)
        today, zone = day
        domain = domain_context(request.goal, self._domains)
        prompt = self._prompts.get("plan").render(
            catalogue=catalogue.whole,
            blueprints=catalogue.near,
            schema=schema.text(),
            examples=examples_text(examples(entries, schema.get)),
            domain=domain.as_data() if domain else None,
            only=setting.only,
            data=shown_data(request.data),
            goal=request.goal,
            today=today.isoformat(),
            weekday=f"{today:%A}",
            zone=str(zone),
        )
        return with_response(prompt, self._prompts, request)


@dataclass(frozen=True, slots=True)
class _Asking:
    """A prompt, and what its replies are compiled against."""

    setting: Setting
    prompt: RenderedPrompt


def _entries(request: PlanningRequest, nearest: Sequence[Recommendation]) -> list[LibraryEntry]:
    found = (request.library.find(each.key) for each in nearest)
    return [each for each in found if each is not None]


def _best(
    answers: Sequence[Answered[PlanReply]], compiled: Sequence[Compiled], prompt: RenderedPrompt
) -> Answer:
    """Return the best of the candidates, with what they all took."""
    repairs = [sum(one.purpose == "repair" for one in each.exchanges) for each in answers]
    judgement: Judgement = judge(compiled, repairs)
    return Answer(
        compiled[judgement.best], repairs[judgement.best], tuple(answers), judgement, prompt
    )
