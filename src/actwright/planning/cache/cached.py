"""The cached planner: it asks another planner once for each shape of goals, and reads every value anew from then on."""

from __future__ import annotations

from dataclasses import dataclass

from actwright.blueprints.plan import Plan
from actwright.clock import timestamp
from actwright.errors import ActwrightError, InputError, PlanningError, StoreError
from actwright.planning.cache.abstraction import Abstraction
from actwright.planning.cache.binding import NotBoundError, Setting
from actwright.planning.cache.cache import PlanCache
from actwright.planning.cache.disobedience import disobeyed
from actwright.planning.cache.fingerprints import Fingerprints
from actwright.planning.cache.rebinding import Rebinding
from actwright.planning.cache.shape import shape_of
from actwright.planning.planner import Planner, PlanningOutcome, PlanningRequest
from actwright.planning.ranking.indexes import Indexes
from actwright.planning.words.confidence import ASK_BELOW
from actwright.planning.words.lookups import Finder
from actwright.planning.zones import zone_of

_UNREAD = "the plan cache could not be read: {}"
_UNKEPT = "the plan could not be kept in the plan cache: {}"


@dataclass(frozen=True)
class _Asked:
    """A goal that can be looked up: its key, and what its places are read with."""

    key: str
    setting: Setting


class CachedPlanner:
    """Uses the shape of an earlier plan again where every value can be read from the new goal; else asks ``inner``.

    A hit is a new plan: each value is read from this goal and these data, each record is looked up again and must be
    the only one, and the whole contract of plans is checked. Where one value cannot be read, there is no hit. Kept are
    only plans without questions, sure enough, all of whose values stand in exactly one place of the goal or the data, in
    the blueprint, or in the words that both goals share.

    Args:
        inner: The planner that is asked where nothing fits.
        cache: Where templates are kept.
        prompt_version: All that changes what ``inner`` answers, beside library and org: its kind, version, model, prompt
            and the domains it was told of.
    """

    def __init__(self, inner: Planner, cache: PlanCache, *, prompt_version: str) -> None:
        self._inner = inner
        self._cache = cache
        self._version = prompt_version
        self._indexes = Indexes()
        self._fingerprints = Fingerprints()

    def plan(self, request: PlanningRequest) -> PlanningOutcome:
        """Return a plan from the cache, or whatever the inner planner answers; a broken cache never stops planning.

        Raises:
            OrgError: The org cannot be asked.
            ModelError: The inner planner's model gave nothing that can be used.
        """
        asked = self._asked(request)
        if asked is None:
            return self._inner.plan(request)
        notes: list[str] = []
        try:
            hit = self._hit(asked)
        except StoreError as error:
            hit, notes = None, [_UNREAD.format(error.message)]
        if hit is not None:
            return hit
        outcome = self._inner.plan(request)
        notes += self._kept(asked, outcome)
        return outcome.model_copy(update={"notes": (*outcome.notes, *notes)}) if notes else outcome

    def _asked(self, request: PlanningRequest) -> _Asked | None:
        """Return what a goal is looked up by, or None where it cannot be read."""
        org = request.org
        zone, unknown = zone_of(org.user)
        if unknown:
            return None
        today = request.clock.now().astimezone(zone).date()
        try:
            shape = shape_of(request.goal, today)
            key = self._fingerprints.key(request, shape, self._version)
        except (PlanningError, InputError):
            return None
        objects, fields = self._indexes.objects(org), self._indexes.fields(org)
        finder = Finder(org, objects, fields)
        setting = Setting(request, shape, today, zone, objects, fields, finder)
        return _Asked(key, setting)

    def _hit(self, asked: _Asked) -> PlanningOutcome | None:
        for template in self._cache.templates(asked.key):
            try:
                plan = Rebinding(template, asked.setting).plan()
            except (NotBoundError, InputError):
                continue
            if any(disobeyed(plan, asked.setting)):
                continue
            note = f"the shape of plan {template.plan_id} was used again; every value is from this goal"
            return PlanningOutcome(plan=plan, notes=(note,))
        return None

    def _kept(self, asked: _Asked, outcome: PlanningOutcome) -> tuple[str, ...]:
        """Keep a template of a plan that has one; return what a person should know where the cache cannot be used."""
        plan = outcome.plan
        if plan is None or outcome.questions or outcome.refusal or not _keepable(plan):
            return ()
        at = timestamp(asked.setting.request.clock.now())
        try:
            template = Abstraction(plan, asked.setting, at).template()
            self._cache.keep(asked.key, template)
        except StoreError as error:
            return (_UNKEPT.format(error.message),)
        except (NotBoundError, ActwrightError):
            # Whatever goes wrong here costs another question to the planner next time, and nothing else.
            return ()
        return ()


def _keepable(plan: Plan) -> bool:
    """Tell whether a plan is sure, whole, and the inner planner's own."""
    sure = plan.confidence is None or plan.confidence >= ASK_BELOW
    own = plan.planner.fallback_for is None and plan.planner.cached_from is None
    return sure and own and bool(plan.actions) and not plan.questions
