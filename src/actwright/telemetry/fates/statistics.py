"""Statistics: what each version of a prompt came to with each model, from exchanges, plannings and fates."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil

from pydantic import Field

from actwright.canonical import decimal_text
from actwright.contract import Contract
from actwright.model.exchange import Exchange, Outcome
from actwright.telemetry.fates.edits import Edits
from actwright.telemetry.fates.fate import FateKind
from actwright.telemetry.fates.kind import SHARES, Told
from actwright.telemetry.log.planning import PlanningCall, PlanningRecord
from actwright.telemetry.log.reading import Wanted

PLANNED: frozenset[PlanningCall] = frozenset({"plan", "respond"})
"""The calls that plans come of."""


class PromptKey(Contract):
    """What figures are about: one version of a prompt, asked of one model; or a planner that asks none."""

    prompt: str
    """The prompt's name; the kind of the planner where no model was asked."""
    version: str = ""
    hash: str = ""
    model: str = ""

    def fits(self, wanted: Wanted) -> bool:
        """Tell whether it is of the prompt and the model that are wanted."""
        return wanted.prompt in {None, self.prompt} and wanted.model in {None, self.model}


class PromptFigures(Contract):
    """What one version of a prompt came to with one model. Repairs count towards the prompt they were made for."""

    key: PromptKey
    exchanges: int = 0
    outcomes: dict[Outcome, int] = Field(default_factory=dict)
    """Exchanges by what came of them."""
    repairs: int = 0
    """Exchanges in which a reply went back with its faults."""
    faults: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cost: str | None = None
    """In the price table's currency; None where it holds no price of any of them."""
    unpriced: int = 0
    """Exchanges with tokens the price table holds no price for: the cost is more than that."""
    seconds_p50: float | None = None
    """Half of the exchanges that were answered took no longer."""
    seconds_p95: float | None = None
    """Of a hundred, ninety-five took no longer."""
    plannings: int = 0
    """Goals and responses it was asked to plan."""
    declined: int = 0
    """Those of them it made no plan of."""
    errors: int = 0
    """Those of them that broke off with an error."""
    plans: int = 0
    """Plans that came of them; one that was made twice is one."""
    fates: dict[FateKind, int] = Field(default_factory=dict)
    """Those plans by what became of them."""
    shares: dict[str, float] = Field(default_factory=dict)
    """Of those plans, the share that people said yes to as they stood, edited or refused, that failed, at least in
    part, and that was undone. A plan counts towards each of these that is true of it."""


class TelemetryStatistics(Contract):
    """What came of asking."""

    since: str | None = None
    """The oldest moment that was looked at; None for all there is."""
    figures: tuple[PromptFigures, ...] = ()
    """By prompt, newest use first."""
    edits: Edits
    damaged: tuple[str, ...] = ()
    """The ids of records that could not be read; nothing of them is counted."""
    whole: bool = True
    """False where there are more records than are counted: these are the newest."""


@dataclass(slots=True)
class _Tally:
    exchanges: list[Exchange] = field(default_factory=list)
    plannings: list[PlanningRecord] = field(default_factory=list)


def figures(
    exchanges: Sequence[Exchange],
    plannings: Sequence[PlanningRecord],
    told: Mapping[str, Told],
) -> tuple[PromptFigures, ...]:
    """Return what each version of a prompt came to with each model, in the order they were last used.

    Args:
        exchanges: Newest first.
        plannings: Newest first.
        told: What became of the plans, by id.
    """
    tallies: defaultdict[PromptKey, _Tally] = defaultdict(_Tally)
    leads = _leads(exchanges)
    for exchange in exchanges:
        tallies[leads.get(exchange.conversation, _key(exchange))].exchanges.append(exchange)
    for planning in plannings:
        if planning.call in PLANNED:
            tallies[_planning_key(planning, leads)].plannings.append(planning)
    found = (_figures(key, tally, told) for key, tally in tallies.items())
    return tuple(found)


def of_prompt(
    plannings: Sequence[PlanningRecord], exchanges: Sequence[Exchange], wanted: Wanted
) -> tuple[PlanningRecord, ...]:
    """Return the plannings that count towards the prompt and the model that are wanted.

    Args:
        plannings: The plannings.
        exchanges: What they may have asked.
        wanted: Which are wanted; nothing else of it counts.
    """
    leads = _leads(exchanges)
    return tuple(each for each in plannings if _planning_key(each, leads).fits(wanted))


def _leads(exchanges: Sequence[Exchange]) -> Mapping[str, PromptKey]:
    """Return the prompt that began each conversation."""
    return {each.conversation: _key(each) for each in exchanges if each.purpose != "repair"}


def _key(exchange: Exchange) -> PromptKey:
    return PromptKey(
        prompt=exchange.prompt_name,
        version=exchange.prompt_version,
        hash=exchange.prompt_hash,
        model=exchange.model,
    )


def _planning_key(planning: PlanningRecord, leads: Mapping[str, PromptKey]) -> PromptKey:
    """Return what a planning counts towards: the prompt it asked first, else the one its plan names.

    Where there is neither, it is the planner's kind; of a refusal no planner is known, and only the offline one refuses
    without asking a model.
    """
    asked = next((leads[each] for each in planning.conversations if each in leads), None)
    if asked is not None:
        return asked
    if planning.prompt_name is None:
        return PromptKey(prompt=planning.planner or "offline")
    return PromptKey(
        prompt=planning.prompt_name,
        version=planning.prompt_version or "",
        hash=planning.prompt_hash or "",
        model=planning.model or "",
    )


def _figures(key: PromptKey, tally: _Tally, told: Mapping[str, Told]) -> PromptFigures:
    asked = tally.exchanges
    answered = sorted(each.seconds for each in asked if each.outcome != "failed")
    costs = [Decimal(each.cost) for each in asked if each.cost is not None]
    kinds = _kinds(tally.plannings, told)
    return PromptFigures(
        key=key,
        exchanges=len(asked),
        outcomes=dict(Counter(each.outcome for each in asked)),
        repairs=sum(each.purpose == "repair" for each in asked),
        faults=sum(each.faults for each in asked),
        input_tokens=sum(each.input_tokens for each in asked),
        output_tokens=sum(each.output_tokens for each in asked),
        cached_tokens=sum(each.cached_tokens for each in asked),
        cost=decimal_text(sum(costs, Decimal(0))) if costs else None,
        unpriced=sum(each.cost is None and each.input_tokens > 0 for each in asked),
        seconds_p50=percentile(answered, 50),
        seconds_p95=percentile(answered, 95),
        plannings=len(tally.plannings),
        declined=sum(each.refusal is not None for each in tally.plannings),
        errors=sum(each.error is not None for each in tally.plannings),
        plans=len(kinds),
        fates=dict(Counter(kinds.values())),
        shares=_shares(kinds.values()),
    )


def _kinds(plannings: Iterable[PlanningRecord], told: Mapping[str, Told]) -> Mapping[str, FateKind]:
    """Return what became of each plan that was made."""
    return {
        each.plan_id: fate_of_planning(each, told) for each in plannings if each.plan_id is not None
    }


def fate_of_planning(planning: PlanningRecord, told: Mapping[str, Told]) -> FateKind:
    """Return what became of what a planning made.

    Args:
        planning: The planning.
        told: What became of plans, by id.
    """
    if planning.plan_id is None:
        return "declined"
    word = told.get(planning.plan_id, Told("planned"))
    return "asked" if word.kind == "planned" and planning.questions else word.kind


def _shares(kinds: Iterable[FateKind]) -> dict[str, float]:
    found = Counter(kinds)
    total = found.total()
    if not total:
        return {}
    counted = {name: sum(found[kind] for kind in fates) for name, fates in SHARES.items()}
    return {name: round(count / total, 4) for name, count in counted.items()}


def percentile(ordered: Sequence[float], percent: int) -> float | None:
    """Return the smallest value that so many percent of the values do not exceed; None where there is none.

    Args:
        ordered: The values, ascending.
        percent: From 1 to 100.
    """
    if not ordered:
        return None
    return ordered[ceil(len(ordered) * percent / 100) - 1]
