"""Evidence out of the store: the plannings of goals like one, and what became of their plans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from actwright.blueprints.plan import Plan
from actwright.checkpoints.archive import Archive
from actwright.checkpoints.preview import Preview
from actwright.clock import Clock
from actwright.errors import ActwrightError
from actwright.planning.ranking.likeness import Likeness
from actwright.planning.ranking.standing import Standing
from actwright.runs.record.journal import Journal
from actwright.store.database import Database
from actwright.telemetry.fates.fates import Fates
from actwright.telemetry.fates.kind import Told
from actwright.telemetry.log.planning import PlanningRecord
from actwright.telemetry.ranking.plannings import LikePlannings
from actwright.telemetry.ranking.weighing import Lesson, standings

_NEWEST = 64
"""How many plannings of like goals are looked at; older ones hardly count any more."""

_FRESH = timedelta(minutes=1)
"""For how long what was read once is not read again; what people do meanwhile counts after it."""

_MOST_KEPT = 256


class StoredEvidence:
    """Learns from what is kept of earlier plannings; where nothing is kept, it knows nothing.

    It helps and nothing more: what cannot be read is left out, and never stops a recommendation.

    Args:
        plannings: The plannings that were kept.
        fates: What became of their plans.
        plans: The plans, for what an edit took away.
        likeness: Tells which goals are alike.
        clock: The time.
    """

    def __init__(
        self,
        plannings: LikePlannings,
        fates: Fates,
        plans: Archive[Plan],
        likeness: Likeness,
        clock: Clock,
    ) -> None:
        self._plannings = plannings
        self._fates = fates
        self._plans = plans
        self._likeness = likeness
        self._clock = clock
        self._kept: dict[str, tuple[datetime, Mapping[str, Standing]]] = {}

    def of(self, goal: str) -> Mapping[str, Standing]:
        """Return the standing of blueprints, by name, for goals like this one.

        Args:
            goal: The goal. Hostile input.
        """
        like, now = self._likeness.of(goal), self._clock.now()
        if like is None:
            return {}
        at, found = self._kept.get(like, (now - _FRESH, {}))
        if not timedelta() <= now - at < _FRESH:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            found = self._read(like, now)
            self._kept[like] = now, found
        return found

    def _read(self, like: str, now: datetime) -> Mapping[str, Standing]:
        try:
            return standings(self._lessons(self._plannings.newest(like, _NEWEST)), now)
        except ActwrightError:
            return {}

    def _lessons(self, found: Iterable[PlanningRecord]) -> Iterator[Lesson]:
        """Yield what was done with each plan, once, for whoever planned it first."""
        first = {each.plan_id: each for each in found if each.plan_id and _is_dated(each)}
        became = self._fates.told(first)
        edited = [key for key, told in became.items() if told.kind == "edited"]
        agreed = self._fates.agreed(edited) if edited else {}
        later = self._fates.told(agreed.values()) if agreed else {}
        for key, each in first.items():
            names = frozenset(each.blueprints)
            kept_names = names
            told = became[key]
            if key in agreed:
                told = later[agreed[key]]
                final = self._plans.get(agreed[key])
                kept_names = names & {action.blueprint.name for action in final.actions}
            yield _lesson(each, kept_names, names - kept_names, told)


def learned(
    database: Database,
    clock: Clock,
    likeness: Likeness,
    archives: tuple[Archive[Plan], Archive[Preview], Journal],
    *,
    org: str,
) -> StoredEvidence:
    """Return what is known of earlier plans in one store, for one org.

    Args:
        database: The store.
        clock: The time.
        likeness: Tells which goals are alike.
        archives: The store's plans, previews and runs.
        org: The org whose plans count.
    """
    plannings, fates = LikePlannings(database, org), Fates(database, clock, *archives)
    return StoredEvidence(plannings, fates, archives[0], likeness, clock)


def _is_dated(planning: PlanningRecord) -> bool:
    """Tell whether it can be told how old a planning is; one that was damaged may say anything."""
    try:
        return datetime.fromisoformat(planning.at).tzinfo is not None
    except ValueError:
        return False


def _lesson(
    planning: PlanningRecord, left: frozenset[str], taken: frozenset[str], told: Told
) -> Lesson:
    """Return what a planning teaches.

    Args:
        planning: The planning.
        left: The blueprints that were in the plan that people said yes or no to.
        taken: Those an edit took away before a yes.
        told: What became of that plan; what no person said yes to speaks for nothing.
    """
    turned = left if told.kind in {"refused", "undone"} else frozenset[str]()
    kept = left if told.kind == "completed" and not told.unasked else frozenset[str]()
    return Lesson(planning.user, datetime.fromisoformat(planning.at), kept, taken | turned)
