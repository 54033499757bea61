"""Tallying: from cases that were played to scorecards, one for each prompt version, model and origin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from actwright.canonical import decimal_text
from actwright.regression.scores.outline import outline_of
from actwright.regression.scores.scorecard import CaseResult, Scorecard, totals_of

if TYPE_CHECKING:
    from actwright.model.exchange import Exchange
    from actwright.regression.playing.played import Played, SetKey
    from actwright.regression.suite.suite import SuiteCase


def scorecards_of(
    results: Iterable[tuple[SuiteCase, Played]], *, suite_digest: str, recorded_at: str
) -> tuple[Scorecard, ...]:
    """Return a scorecard for each prompt version, model and origin; what scripts and models said is never added up.

    Args:
        results: The cases, and what came of each.
        suite_digest: The digest of the suite they are from.
        recorded_at: When they were recorded, ISO 8601.
    """
    sets: dict[SetKey, list[CaseResult]] = defaultdict(list)
    for case, played in results:
        sets[played.key].append(case_result(case, played))
    return tuple(_card(key, each, suite_digest, recorded_at) for key, each in sets.items())


def case_result(case: SuiteCase, played: Played) -> CaseResult:
    """Return how one case went."""
    verdict, exchanges = played.verdict, played.exchanges
    live = played.origin == "live"
    return CaseResult(
        id=case.id,
        goal=case.goal,
        wanted=case.wanted,
        right=verdict.right,
        grave=verdict.grave,
        differences=verdict.differences,
        unneeded=verdict.unneeded,
        checkpoints_lost=verdict.checkpoints_lost,
        guardrails=verdict.guardrails,
        guardrails_right=verdict.guardrails_right,
        repairs=sum(1 for each in exchanges if each.purpose == "repair"),
        input_tokens=sum(each.input_tokens for each in exchanges),
        output_tokens=sum(each.output_tokens for each in exchanges),
        cost=_cost(exchanges),
        seconds=round(sum(played.seconds), 3) if live and played.seconds else None,
        outcome=outline_of(played.outcome, played.error),
    )


def _card(key: SetKey, results: Iterable[CaseResult], suite: str, at: str) -> Scorecard:
    cases = tuple(sorted(results, key=lambda each: each.id))
    return Scorecard(
        prompt=key.prompt,
        version=key.version,
        hash=key.hash,
        model=key.model,
        origin=key.origin,
        suite=suite,
        at=at,
        totals=totals_of(cases),
        cases=cases,
    )


def _cost(exchanges: Sequence[Exchange]) -> str | None:
    known = [each.cost for each in exchanges if each.cost is not None]
    whole = known and len(known) == len([each for each in exchanges if each.input_tokens])
    return decimal_text(sum(map(Decimal, known), Decimal(0))) if whole else None
