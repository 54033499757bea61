"""Recommendations with a model's opinion blended in: it may score what is there, and name nothing else."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from actwright.blueprints.library import Library
from actwright.clock import Clock, SystemClock
from actwright.contract import Contract
from actwright.inert import inert
from actwright.model.budget import Budget
from actwright.model.chat import ChatModel
from actwright.model.conversation import Conversation
from actwright.model.exchange import ExchangeSink
from actwright.model.prices import Prices
from actwright.model.prompts import Prompts
from actwright.model.quoting import quoted
from actwright.model.settings import ModelSettings
from actwright.org.ports import OrgReader
from actwright.planning.planner import Recommendation
from actwright.planning.ranking.blending import Suggestion, blend, moved
from actwright.planning.ranking.indexes import Indexes
from actwright.planning.ranking.recommend import candidates
from actwright.planning.ranking.standing import NOTHING_KNOWN, Evidence

_MOST_SHOWN = 60
"""The most candidates a model is shown, nearest first."""

_MOST_ITEMS = 20


class SuggestedBlueprint(Contract):
    """One blueprint of a reply."""

    key: Annotated[str, Field(max_length=120)]
    """The key of a candidate, exactly as listed."""
    score: float = Field(ge=0, le=1)
    """How well it fits: 0 not at all, 1 just what is asked for."""
    rationale: Annotated[str, Field(max_length=400)]
    """At most one short sentence."""


class RecommendReply(Contract):
    """What a model recommends."""

    items: tuple[SuggestedBlueprint, ...] = Field(max_length=_MOST_ITEMS)
    """Best first; empty where no candidate fits."""


class ModelRecommender:
    """Recommends blueprints by rules and by a model together.

    Args:
        chat: The model.
        prompts: Where the prompts ``recommend`` and ``repair`` are.
        settings: The model's name, and what one recommendation may take of it.
        log: Takes the record of every exchange.
        prices: What tokens cost; empty where left out.
        clock: For the records.
    """

    def __init__(
        self,
        chat: ChatModel,
        prompts: Prompts,
        settings: ModelSettings,
        *,
        log: ExchangeSink,
        prices: Prices | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._prompts = prompts
        self._settings = settings
        self._prices = prices or Prices()
        repair = prompts.get("repair")
        self._conversation = Conversation(chat, settings, repair, log, clock or SystemClock())
        self._indexes = Indexes()

    def recommend(
        self,
        goal: str,
        library: Library,
        org: OrgReader,
        top: int = 5,
        *,
        evidence: Evidence = NOTHING_KNOWN,
    ) -> tuple[Recommendation, ...]:
        """Return the ``top`` blueprints that come nearest to ``goal``, nearest first.

        What is known of earlier plans moves the blend of both; the model is told nothing of it.

        Raises:
            PlanningError: The goal cannot be read.
            ModelError: The model gave nothing that can be used.
            OrgError: The org cannot be asked.
        """
        own = candidates(goal, library, org, indexes=self._indexes)
        shown = own[:_MOST_SHOWN]
        if not shown or top < 1:
            return ()
        blended = blend(own, self._suggested(goal, shown, top))
        return moved(blended, evidence.of(goal))[:top]

    def _suggested(
        self, goal: str, shown: Sequence[Recommendation], top: int
    ) -> tuple[Suggestion, ...]:
        prompt = self._prompts.get("recommend").render(
            candidates="\n".join(_line(each) for each in shown),
            goal=goal,
            top=min(top, _MOST_ITEMS),
        )
        known = {each.key for each in shown}
        answered = self._conversation.ask(
            prompt,
            RecommendReply,
            check=lambda reply: _faults(reply, known),
            deadline=time.monotonic() + self._settings.deadline_seconds,
            budget=Budget.of(self._settings, self._prices),
        )
        return tuple(
            Suggestion(each.key, each.score, each.rationale) for each in answered.value.items
        )


def _line(candidate: Recommendation) -> str:
    return quoted(
        {
            "key": candidate.key,
            "label": inert(candidate.label, limit=120),
            "tags": [inert(each, limit=60) for each in candidate.tags[:8]],
        }
    )


def _faults(reply: RecommendReply, known: set[str]) -> list[str]:
    keys = [each.key for each in reply.items]
    strange = [each for each in keys if each not in known]
    twice = sorted({each for each in keys if keys.count(each) > 1})
    return [
        *(f"{each[:80]!r} is none of the candidates" for each in strange),
        *(f"{each[:80]!r} stands there twice" for each in twice),
    ]
