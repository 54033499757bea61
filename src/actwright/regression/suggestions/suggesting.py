"""Suggesting: cases for the suite out of what people did with plans. A person reviews each; none of them counts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from actwright.blueprints.argument import LookupArgument
from actwright.blueprints.plan import Plan
from actwright.checkpoints.archive import Archive
from actwright.checkpoints.preview import Preview
from actwright.errors import InputError
from actwright.org.schema import ObjectSchema
from actwright.regression.suggestions.agreed_plan import UnsayableError, expectation_of
from actwright.regression.suite.suite_file import SuiteEntry
from actwright.telemetry.fates.edits import matched
from actwright.telemetry.fates.fate import FateKind
from actwright.telemetry.fates.fates import Fates
from actwright.telemetry.fates.kind import Told
from actwright.telemetry.log.free_texts import names_in, own_words, words_of
from actwright.telemetry.log.personal_fields import is_personal
from actwright.telemetry.log.personal_values import PlanValues, doubtful_words
from actwright.telemetry.log.redaction import Redactor
from actwright.testing.goals import Expectation, GoalKind

_PLANNERS = frozenset({"offline", "model", "curated", "scripted"})
"""Who plans from a goal; a payload's plan and an undo's do not."""
_AGREED: frozenset[FateKind] = frozenset({"confirmed", "completed"})
_REGRETTED: Mapping[FateKind, str] = {
    "undone": "it was taken back",
    "failed": "its run failed",
    "partial": "its run failed in part",
}
_PERSONAL = "it holds personal data"
_UNASKED = "no person said yes to it"
_DAMAGED = "an answer to it is damaged in the store"
_ONE_OF_SEVERAL = "more than one person has to say yes to it, and it has not run"
_DOUBTFUL = "a word of its goal or its texts may be a person's name"
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Refused:
    """A plan a person said no to: what would have been right nobody has said yet.

    Attributes:
        id: What the case would be called.
        goal: Its goal.
        planned: What was planned, which is not right.
        source: Where it comes from.
    """

    id: str
    goal: str
    planned: Expectation
    source: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A plan no case is made of."""

    plan_id: str
    why: str


@dataclass(slots=True)
class Suggestions:
    """What the plans in a store suggest.

    Attributes:
        cases: Cases that expect what people agreed to.
        refused: Plans that people refused.
        passed_over: Plans people decided on that no case is made of, and why.
    """

    cases: list[SuiteEntry] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)

    def document(self) -> dict[str, object]:
        """Return them as JSON-ready data."""
        return {
            "cases": [each.model_dump(mode="json", exclude_defaults=True) for each in self.cases],
            "refused": [
                {
                    "id": each.id,
                    "goal": each.goal,
                    "planned": each.planned.model_dump(mode="json", exclude_defaults=True),
                    "source": each.source,
                }
                for each in self.refused
            ],
            "passedOver": [{"planId": each.plan_id, "why": each.why} for each in self.passed_over],
        }


@dataclass(frozen=True, slots=True)
class DecidedPlans:
    """The plans of a store, and what people did with them.

    Attributes:
        plans: The plans.
        previews: Their previews.
        fates: What became of them.
        describe: Tells the types of an object's fields, and so which are personal.
    """

    plans: Archive[Plan]
    previews: Archive[Preview]
    fates: Fates
    describe: Callable[[str], ObjectSchema]


def suggested(store: DecidedPlans, *, limit: int, known: Collection[str] = ()) -> Suggestions:
    """Return what the newest plans in a store suggest, each goal once, newest first.

    Args:
        store: The plans.
        limit: How many of them to look at.
        known: Goals the suite has already.

    Raises:
        StoreError: The store cannot be read.
        DocumentError: A document was damaged.
    """
    plans = [each for each in store.plans.newest(limit) if _is_planned(each)]
    ids = [each.id for each in plans]
    agreed = store.fates.agreed(ids)
    told = store.fates.told({*ids, *agreed.values()})
    looking = _Looking(store, PlanValues(store.describe))
    seen = {each.casefold() for each in known}
    for plan in plans:
        if plan.goal.casefold() not in seen and looking.take(plan, agreed.get(plan.id), told):
            seen.add(plan.goal.casefold())
    return looking.found


@dataclass(frozen=True, slots=True)
class _Looking:
    """Looks at plans one by one, and gathers what they suggest."""

    store: DecidedPlans
    values: PlanValues
    found: Suggestions = field(default_factory=Suggestions)

    def take(self, plan: Plan, agreed: str | None, told: Mapping[str, Told]) -> bool:
        """Take one plan in; False where no person has decided on it.

        Args:
            plan: As its planner made it.
            agreed: The plan a person said yes to, where one did.
            told: What became of both.
        """
        word = told[agreed or plan.id]
        try:
            if word.kind in _REGRETTED:
                raise UnsayableError(_REGRETTED[word.kind])  # noqa: TRY301 - one way out for all
            if word.damaged:
                raise UnsayableError(_DAMAGED)  # noqa: TRY301 - same reason
            if agreed is not None and word.unasked:
                raise UnsayableError(_UNASKED)  # noqa: TRY301 - same reason
            if agreed is not None and word.kind in _AGREED:
                self.found.cases.append(self._case(plan, agreed, word))
            elif word.kind == "refused":
                self.found.refused.append(self._refused(plan, word))
            else:
                return False
        except UnsayableError as error:
            self.found.passed_over.append(PassedOver(plan.id, str(error)))
        return True

    def _case(self, plan: Plan, agreed_id: str, word: Told) -> SuiteEntry:
        agreed = self._plan(agreed_id)
        preview = self._preview(agreed)
        if word.kind == "confirmed" and preview is not None and not preview.approval.plain:
            raise UnsayableError(_ONE_OF_SEVERAL)
        expected = expectation_of(agreed, preview)
        self._check_impersonal((plan, agreed), expected)
        changed = ", ".join(_changed(plan, agreed))
        into = f", edited into {agreed.id}" if changed else ""
        return SuiteEntry(
            id=f"used-{_digits(plan)}",
            goal=plan.goal,
            kind=_kind(agreed),
            data=plan.data,
            expect=(expected,),
            status="suggested",
            why=f"A person changed before the yes: {changed}."[:500] if changed else "",
            source=f"{plan.id}{into}, {word.kind} {word.at[:10]}"[:300],
        )

    def _refused(self, plan: Plan, word: Told) -> Refused:
        planned = expectation_of(plan, self._preview(plan))
        self._check_impersonal((plan,), planned)
        source = f"{plan.id}, refused {word.at[:10]}"
        return Refused(f"refused-{_digits(plan)}", plan.goal, planned, source)

    def _check_impersonal(self, plans: Sequence[Plan], expected: Expectation) -> None:
        """Make sure that nothing about a person is handed on.

        Raises:
            UnsayableError: Something is.
        """
        for plan in plans:
            personal = self.values.of(plan)
            redactor = Redactor(personal.values, personal.phrases)
            said = (*plan.data, *map(str, plan.data.values()))
            texts = (plan.goal, *said, expected.model_dump_json())
            if any(redactor.text(each) != each for each in texts) or _is_about_people(plan):
                raise UnsayableError(_PERSONAL)
            known = frozenset(personal.plain).union(own_words(plan))
            named = {name for text in personal.free for name in names_in(text, known)}
            plain = known.union(*map(words_of, personal.free)) - named
            if named or doubtful_words(plan.goal, plan.data, (), plain):
                raise UnsayableError(_DOUBTFUL)

    def _plan(self, plan_id: str) -> Plan:
        try:
            return self.store.plans.get(plan_id)
        except InputError as error:
            raise UnsayableError("the plan people agreed to cannot be read") from error

    def _preview(self, plan: Plan) -> Preview | None:
        """Return the newest preview of a plan, as far as the store still has it."""
        previews = self.store.fates.lives([plan.id])[plan.id].previews
        with suppress(InputError):
            return self.store.previews.get(previews[-1].id) if previews else None
        return None


def _is_planned(plan: Plan) -> bool:
    return plan.planner.edited_from is None and plan.planner.kind in _PLANNERS


def _is_about_people(plan: Plan) -> bool:
    """Tell whether a lookup of it finds a person: the case would have to name them."""
    lookups = (
        argument.lookup.object
        for action in plan.actions
        for argument in action.arguments.values()
        if isinstance(argument, LookupArgument)
    )
    return any(is_personal(each, "Name") for each in lookups)


def _changed(made: Plan, agreed: Plan) -> Iterator[str]:
    """Yield what a person changed, as ``ACTION.INPUT``, or the action alone where all of it was left out."""
    if made.id == agreed.id:
        return
    pairs = matched(made, agreed)
    kept = {new.id for _, new in pairs if new is not None}
    for old, new in pairs:
        if new is None:
            yield f"{old.id} left out"
            continue
        names = dict.fromkeys((*old.arguments, *new.arguments))
        yield from (
            f"{old.id}.{name}"
            for name in names
            if old.arguments.get(name) != new.arguments.get(name)
        )
    yield from (f"{each.id} added" for each in agreed.actions if each.id not in kept)


def _kind(plan: Plan) -> GoalKind:
    if any(each.for_each for each in plan.actions):
        return "bulk"
    return "multi_step" if len(plan.actions) > 1 else "plain"


def _digits(plan: Plan) -> str:
    return plan.id.removeprefix("plan_")[:_DIGITS]
