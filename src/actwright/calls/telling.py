"""The calls that tell what became of plans and of what was asked of models. None of them asks the org anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import islice

from actwright.blueprints.plan import Plan
from actwright.errors import InputError, NotFoundError
from actwright.model.exchange import Exchange
from actwright.telemetry.fates.asked import Asked, AskedList
from actwright.telemetry.fates.edits import Edits, edited_arguments
from actwright.telemetry.fates.fate import Fate, FateKind
from actwright.telemetry.fates.fates import Fates
from actwright.telemetry.fates.kind import Told
from actwright.telemetry.fates.statistics import (
    PLANNED,
    TelemetryStatistics,
    fate_of_planning,
    figures,
    of_prompt,
)
from actwright.telemetry.fates.story import Story
from actwright.telemetry.fates.told_planning import ToldPlanning, ToldPlannings
from actwright.telemetry.log.planning import PlanningRecord
from actwright.telemetry.log.purging import Purged
from actwright.telemetry.log.reading import KeptExchange, Listing, Wanted
from actwright.telemetry.log.retention import Retention
from actwright.wiring import Wiring

_DIGITS = re.compile(r"(?:(exchange|planning)_)?([0-9a-f]{1,32})")

_LISTED = "`actwright telemetry list` shows what there is; it may have been purged."

MOST_COUNTED = 20_000
"""How many exchanges, and how many plannings, statistics are made of: the newest."""


class TellingCalls(Wiring):
    """What became of plans, and what asking models came to; `Actwright` adds the rest."""

    def fate_of(self, plan_id: str) -> Fate:
        """Return what became of a plan: its previews, answers and runs, what was found in it, and the time it took.

        Args:
            plan_id: The plan.

        Raises:
            NotFoundError: The store holds no such plan.
            StoreError: The store cannot be read, or a journal is damaged.
            DocumentError: A document of it was damaged.
        """
        return self.fates.of(plan_id)

    def edited_arguments(self, wanted: Wanted | None = None) -> Edits:
        """Return which inputs people changed before their yes, of the plans that came to one.

        Args:
            wanted: Which plannings count; all where left out. At most `MOST_COUNTED`, the newest.

        Raises:
            StoreError: The store cannot be read.
        """
        chosen = wanted or Wanted()
        asked, planned = self._counted(chosen)
        return self._edits(of_prompt(planned.items, asked.items, chosen))

    def telemetry_statistics(self, wanted: Wanted | None = None) -> TelemetryStatistics:
        """Return what each version of a prompt came to with each model, and what people changed in the plans.

        Args:
            wanted: Which exchanges and plannings count; all where left out. At most `MOST_COUNTED`, the newest.

        Raises:
            StoreError: The store cannot be read.
        """
        chosen = wanted or Wanted()
        asked, planned = self._counted(chosen)
        plannings = of_prompt(planned.items, asked.items, chosen)
        told = self.fates.told(_plan_ids(plannings))
        found = figures(asked.items, plannings, told)
        return TelemetryStatistics(
            since=chosen.since,
            figures=tuple(each for each in found if each.key.fits(chosen)),
            edits=self._edits(plannings),
            damaged=(*asked.damaged, *planned.damaged, *_damaged(told)),
            whole=max(_read(asked), _read(planned)) < MOST_COUNTED,
        )

    def plannings(
        self, limit: int = 20, wanted: Wanted | None = None, *, fate: FateKind | None = None
    ) -> ToldPlannings:
        """Return the newest plannings with what became of them, newest first; those that asked no model are among them.

        Args:
            limit: How many at most.
            wanted: Which plannings; any where left out.
            fate: Only those that this became of, among the newest `MOST_COUNTED`.

        Raises:
            StoreError: The store cannot be read.
        """
        read = MOST_COUNTED if fate is not None else limit
        found = self.prompt_log.plannings(read, wanted or Wanted())
        told = self.fates.told(_plan_ids(found.items))
        items = (ToldPlanning(each, _fate(each, told)) for each in found.items)
        chosen = (each for each in items if fate in {None, each.fate})
        return ToldPlannings(tuple(islice(chosen, limit)), (*found.damaged, *_damaged(told)))

    def asked(
        self, limit: int = 20, wanted: Wanted | None = None, *, fate: FateKind | None = None
    ) -> AskedList:
        """Return the newest exchanges with what became of the plans they were asked for, newest first.

        Args:
            limit: How many at most.
            wanted: Which exchanges; any where left out.
            fate: Only those of plannings that this became of, among the newest `MOST_COUNTED`.

        Raises:
            StoreError: The store cannot be read.
        """
        read = MOST_COUNTED if fate is not None else limit
        found = self.prompt_log.recent(read, wanted or Wanted())
        if not found.items:
            return AskedList((), found.damaged)
        since = Wanted(since=min(each.at for each in found.items))
        plannings = {each.id: each for each in self.prompt_log.plannings(MOST_COUNTED, since).items}
        told = self.fates.told(_plan_ids(plannings.values()))
        items = (_asked(each, plannings, told) for each in found.items)
        chosen = (each for each in items if fate in {None, each.fate})
        return AskedList(tuple(islice(chosen, limit)), (*found.damaged, *_damaged(told)))

    def story(self, key: str) -> Story:
        """Return one asking with all that is known of it: the exchanges, the plan, and what became of it.

        Args:
            key: The id of an exchange, of a planning, or of a plan; of both of the first also the first digits, as many as
                tell it from others; or a conversation's, of which it shows the planning.

        Raises:
            NotFoundError: The log holds nothing under that id.
            InputError: Several exchanges or plannings begin so.
            StoreError: The store cannot be read.
        """
        if key.startswith("plan_"):
            plannings = self.prompt_log.plannings_of(key)
            exchanges = self.prompt_log.of_plan(key)
            if not plannings and not exchanges:
                raise NotFoundError(
                    f"The log holds nothing of {key[:60]!r}.",
                    hint=f"The plan itself: actwright show {key[:60]}",
                )
            return self._story(exchanges, plannings[-1] if plannings else None)
        if key.startswith("talk_"):
            talk = self.prompt_log.of_conversation(key)
            if not talk:
                raise NotFoundError(f"The log holds nothing of {key[:60]!r}.", hint=_LISTED)
            return self._story(talk, self._planning_of(talk[0]))
        whole = self._whole_id(key)
        if whole.startswith("planning_"):
            wanted = self.prompt_log.planning(whole)
            return self._story(self._asked_for(wanted), wanted)
        found = self.prompt_log.get(whole)
        talk = self.prompt_log.of_conversation(found.exchange.conversation)
        return self._story(talk, self._planning_of(found))

    def apply_retention(self) -> Purged | None:
        """Take out of the log what is older than the settings keep it; None where that was done today.

        Cheap where it was done today, so that a worker may call it as often as it likes.

        Raises:
            StoreError: The store or the payloads cannot be written.
        """
        return self._retention.apply()

    @cached_property
    def _retention(self) -> Retention:
        return Retention(self.purge_telemetry, self.settings.telemetry_days, self.clock)

    @cached_property
    def fates(self) -> Fates:
        """What became of the plans in this store."""
        return Fates(self._database, self.clock, self.plans, self.previews, self.journal)

    def _counted(self, wanted: Wanted) -> tuple[Listing[Exchange], Listing[PlanningRecord]]:
        """Return the newest exchanges and plannings of those wanted, whatever their prompt and model."""
        # A repair bears the name of another prompt, and a planning of none where no model was asked.
        broad = Wanted(wanted.since, wanted.before, wanted.user, wanted.session)
        log = self.prompt_log
        return log.recent(MOST_COUNTED, broad), log.plannings(MOST_COUNTED, broad)

    def _story(self, exchanges: Sequence[KeptExchange], planning: PlanningRecord | None) -> Story:
        plan = self._plan(planning.plan_id) if planning and planning.plan_id else None
        return Story(tuple(exchanges), planning, plan, self.fate_of(plan.id) if plan else None)

    def _asked_for(self, planning: PlanningRecord) -> tuple[KeptExchange, ...]:
        talks = (self.prompt_log.of_conversation(each) for each in planning.conversations)
        return tuple(each for talk in talks for each in talk)

    def _whole_id(self, key: str) -> str:
        """Return the id of the exchange or planning that is meant, where only its first digits may be given.

        Raises:
            InputError: Several begin so.
        """
        given = _DIGITS.fullmatch(key)
        if given is None:
            return key
        found = self.prompt_log.ids(given[2], given[1])
        if key in found or len(found) < 2:  # noqa: PLR2004 - of one there is no doubt
            return key if key in found or not found else found[0]
        raise InputError(
            f"Several exchanges or plannings begin with {key}.",
            where="ID",
            hint="Give more of its digits: `actwright telemetry list --json` has them all.",
        )

    def _planning_of(self, found: KeptExchange) -> PlanningRecord | None:
        if found.exchange.planning is not None:
            with suppress(NotFoundError):
                return self.prompt_log.planning(found.exchange.planning)
        return None

    def _edits(self, plannings: Iterable[PlanningRecord]) -> Edits:
        """Return what people changed; of the plans, only those are read that were changed, and what they became."""
        blueprints = {each.plan_id: each.blueprints for each in plannings if each.plan_id}
        agreed = self.fates.agreed(blueprints)
        unchanged = [blueprints[made] for made, became in agreed.items() if made == became]
        pairs = (
            (self._plan(made), self._plan(became))
            for made, became in agreed.items()
            if made != became
        )
        changed = [
            (made, became) for made, became in pairs if made is not None and became is not None
        ]
        return edited_arguments(changed, unchanged)

    def _plan(self, plan_id: str) -> Plan | None:
        """Return a plan; None where the store has lost it, or this program cannot read it any more."""
        with suppress(InputError):
            return self.plans.get(plan_id)
        return None


def _read(listing: Listing[Exchange] | Listing[PlanningRecord]) -> int:
    return len(listing.items) + len(listing.damaged)


def _plan_ids(plannings: Iterable[PlanningRecord]) -> list[str]:
    return [each.plan_id for each in plannings if each.plan_id is not None]


def _damaged(told: Mapping[str, Told]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for each in told.values() for key in each.damaged))


def _fate(planning: PlanningRecord, told: Mapping[str, Told]) -> FateKind | None:
    return fate_of_planning(planning, told) if planning.call in PLANNED else None


def _asked(
    exchange: Exchange, plannings: Mapping[str, PlanningRecord], told: Mapping[str, Told]
) -> Asked:
    planning = plannings.get(exchange.planning or "")
    if planning is None or planning.call not in PLANNED:
        return Asked(exchange)
    return Asked(exchange, planning.plan_id, _fate(planning, told))
