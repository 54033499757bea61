"""The offline planner: from a goal in words to a plan, without a model and without a guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from actwright.blueprints.library import LibraryEntry
from actwright.blueprints.plan import Plan, PlannerInfo
from actwright.errors import PlanningError
from actwright.org.identity import RunningUser
from actwright.planning.choosing import Chooser, spoken_words
from actwright.planning.clause import Clause, clauses
from actwright.planning.drafting import Draft, Drafter
from actwright.planning.footprint import dependencies, schema_digest
from actwright.planning.hints import hint
from actwright.planning.indexes import Indexes
from actwright.planning.lexicon import NEGATIONS, VERBS
from actwright.planning.lookups import Finder
from actwright.planning.naming import DataFiller, action_ids, screen_data
from actwright.planning.planner import PlanningOutcome, PlanningRequest, Recommendation
from actwright.planning.reading import Reading
from actwright.planning.recommend import recommend
from actwright.planning.refusals import (
    as_refusal,
    data_unused,
    negated,
    no_fit,
    not_understood,
    unknown_blueprint,
)
from actwright.planning.resolving import Resolver, Spoken, queries
from actwright.planning.scope import Scope
from actwright.planning.selecting import Selected, ranked
from actwright.planning.text import screen, tokenize
from actwright.planning.understanding import Understood, understand, understand_as

VERSION = "2"
"""Changes whenever the same goal may lead to another plan."""

_NEAREST = 3
_OPENING = 4
_LONGEST_CHECKPOINT = 300
_MOST_CLAUSES = 10


class OfflinePlanner:
    """Plans goals of a few actions from their words, the library and the org's schema.

    Deterministic. It asks where a value is open, and refuses where a part of the goal was not understood; nothing of
    the goal is ever dropped. One planner may be kept for long: it keeps what it has indexed.
    """

    def __init__(self) -> None:
        self._indexes = Indexes()

    def plan(self, request: PlanningRequest) -> PlanningOutcome:
        """Return a plan, a plan with questions, or a refusal; it never raises for what the goal says.

        Raises:
            OrgError: The org cannot be asked.
        """
        entry = request.library.find(request.blueprint) if request.blueprint else None
        if request.blueprint and entry is None:
            return unknown_blueprint(request.blueprint, request.library)
        try:
            if request.goal.strip() or entry is None:
                screen(request.goal)
            screen_data(request.data)
            return _Planning(request, self._indexes, entry).outcome()
        except PlanningError as error:
            return as_refusal(error)


class _Planning:
    """One goal on its way to an outcome."""

    def __init__(
        self, request: PlanningRequest, indexes: Indexes, entry: LibraryEntry | None
    ) -> None:
        self._request = request
        self._entry = entry
        self._words = indexes.words(request.library)
        self._zone, self._zone_note = _zone(request.org.user)
        self._today = request.clock.now().astimezone(self._zone).date()
        self._objects = indexes.objects(request.org)
        self._fields = indexes.fields(request.org)
        self._finder = Finder(request.org, self._objects, self._fields)
        self._tokens = tokenize(request.goal)

    def outcome(self) -> PlanningOutcome:
        goal = self._request.goal
        spoken = clauses(goal, self._tokens) or (Clause("", None, ()),)
        parts = [part for each in spoken for part in self._halves(each)]
        if len(parts) > _MOST_CLAUSES:
            return self._not_understood(parts[_MOST_CLAUSES].text, parts[0])
        understood = [self._understand(each) for each in parts]
        for part, found in zip(parts, understood, strict=True):
            if not found.readings:
                return self._refusal(part, found, single=len(parts) == 1)
        filler = DataFiller(self._entries(), self._objects, self._today)
        filled, used = filler.fill([each.readings for each in understood], self._request.data)
        self._finder.look_up(
            pair for readings in filled for reading in readings for pair in queries(reading)
        )
        return self._drafted(parts, understood, filled, used)

    def _entries(self) -> tuple[LibraryEntry, ...]:
        return (self._entry,) if self._entry else self._request.library.entries

    def _halves(self, part: Clause) -> Sequence[Clause]:
        """Return a clause whose verb is said once for two changes as two: ``set A's amount to 5 and B's to 6``."""
        if "set" not in VERBS.get(part.verb or "", ()):
            return (part,)
        for first, second in part.halves(self._request.goal):
            found = self._understand(second)
            if found.apart and self._understand(first).apart:
                return (first, *self._halves(second))
        return (part,)

    def _understand(self, part: Clause) -> Understood:
        scope = Scope(self._request.goal, part.tokens, self._today, self._objects, self._fields)
        parts = [piece for token in part.tokens for piece in token.parts]
        words = spoken_words([*parts, part.verb or ""])
        found = understand(scope, part, words)
        if self._entry is not None:
            return self._as_entry(scope, self._entry, found, words)
        if not found.readings and part.verb is None:
            return self._as_spoken(scope, words) or found
        return found

    def _as_entry(
        self, scope: Scope, entry: LibraryEntry, found: Understood, words: frozenset[str]
    ) -> Understood:
        """Keep the readings the chosen blueprint can carry out, or read the words as its arguments."""
        known = self._words[entry.key]
        fitting = tuple(
            replace(each, words=words | known.own)
            for each in found.readings
            if _carries(entry, each)
        )
        if fitting or entry.blueprint.target_s_object is None:
            return Understood(fitting)
        return understand_as(scope, entry, known, words)

    def _as_spoken(self, scope: Scope, words: frozenset[str]) -> Understood | None:
        """Read a clause that opens with a word only some curated blueprint knows."""
        opening = spoken_words(scope.parts(0, 1))
        for entry in self._request.library.entries:
            own = self._words[entry.key].own
            target = entry.blueprint.target_s_object
            known = target is not None and self._objects.get(target) is not None
            if known and own and opening <= own <= words and entry.blueprint.operation != "CREATE":
                found = understand_as(scope, entry, self._words[entry.key], words)
                if found.readings and scope.end > 1:
                    return found
        return None

    def _refusal(self, part: Clause, found: Understood, *, single: bool) -> PlanningOutcome:
        opening = [each.key for each in part.tokens[:_OPENING]]
        if part.verb is None and any(each in NEGATIONS for each in opening):
            return negated(part.text)
        if found.left:
            return self._not_understood(" ".join(found.left), part)
        if not single:
            return self._not_understood(part.text, part)
        return no_fit(part.text, self._hint(part), self._nearest())

    def _not_understood(self, words: str, part: Clause) -> PlanningOutcome:
        return not_understood(words, self._hint(part), self._nearest())

    def _hint(self, part: Clause) -> str:
        """Return what to say instead; fields are named where the objects were described for the goal anyway."""
        mentioned = self._objects.mentioned(self._tokens)
        asked = next((each.name for each in mentioned), "Opportunity")
        primary = self._objects.primary() if part.verb is not None else ()
        words = (self._fields(each.name).words for each in primary)
        return hint(self._tokens, part.verb, asked, frozenset().union(*words))

    def _nearest(self) -> Sequence[Recommendation]:
        return recommend(self._request.goal, self._request.library, self._request.org, _NEAREST)

    def _drafted(
        self,
        parts: Sequence[Clause],
        understood: Sequence[Understood],
        filled: Sequence[Sequence[Reading]],
        used: set[str],
    ) -> PlanningOutcome:
        chooser = Chooser(self._entries(), self._words)
        drafter = Drafter(chooser, self._finder, str(self._zone))
        drafts: list[Draft] = []
        spoken: list[Spoken] = []
        for number, (part, readings) in enumerate(zip(parts, filled, strict=True), 1):
            resolver = Resolver(self._finder, tuple(spoken))
            choices = self._plausible(ranked(readings, resolver))
            made = self._first(drafter, number, choices, resolver)
            if not made:
                return self._refusal(part, understood[number - 1], single=len(parts) == 1)
            drafts += made
            spoken += [each.spoken for each in made if each.spoken is not None]
        unused = sorted(set(self._request.data) - used)
        if unused:
            return data_unused(unused, _expected(drafts))
        return self._planned(drafts)

    def _plausible(self, choices: Sequence[Selected]) -> Sequence[Selected]:
        """Where no record was found, put those first that come near; drop what only the verb speaks for."""
        if not choices or choices[0].rank < 2:  # noqa: PLR2004 - not found
            return choices
        records = [(each.reading.object, each.reading.record) for each in choices]
        self._finder.look_near((name, record) for name, record in records if record is not None)
        near = [each for each in choices if self._comes_near(each.reading)]
        return [*near, *(each for each in choices if each not in near and each.reading.strong)]

    def _comes_near(self, reading: Reading) -> bool:
        record = reading.record
        sure = reading.strong or not any(each.problem for each in reading.assignments)
        return sure and record is not None and bool(self._finder.near(reading.object, record))

    @staticmethod
    def _first(
        drafter: Drafter, number: int, choices: Sequence[Selected], resolver: Resolver
    ) -> Sequence[Draft]:
        for each in choices:
            made = drafter.drafts(action_ids(number), each.reading, resolver)
            if made and _does_something(made[0]):
                return made
        return ()

    def _planned(self, drafts: Sequence[Draft]) -> PlanningOutcome:
        questions = tuple(each for draft in drafts for each in draft.questions)
        notes = [note for draft in drafts for note in draft.assumptions]
        if self._zone_note:
            notes.append(self._zone_note)
        actions = tuple(each.action for each in drafts)
        schemas = {each.choice.reading.object: each.choice.reading.index.schema for each in drafts}
        kind: Literal["curated", "offline"] = "curated" if self._entry else "offline"
        plan = Plan(
            goal=self._request.goal,
            data=dict(self._request.data),
            actions=actions,
            dependencies=dependencies(actions),
            checkpoint=" ".join(each.blueprint.checkpoint for each in actions)[
                :_LONGEST_CHECKPOINT
            ],
            assumptions=tuple(dict.fromkeys(notes)),
            questions=questions,
            planner=PlannerInfo(kind=kind, version=VERSION),
            schema_digest=schema_digest(actions, schemas),
        )
        return PlanningOutcome(plan=plan, questions=questions)


def _carries(entry: LibraryEntry, reading: Reading) -> bool:
    blueprint = entry.blueprint
    same = blueprint.target_s_object == reading.object and blueprint.operation == reading.operation
    fields = [each.field.name.lower() for each in reading.assignments]
    return same and Chooser.takes(blueprint, reading, fields)


def _does_something(draft: Draft) -> bool:
    """Tell whether an update changes anything, or at least asks what to change."""
    blueprint = draft.action.blueprint
    return blueprint.operation != "UPDATE" or len(blueprint.inputs) > 1


def _expected(drafts: Sequence[Draft]) -> list[str]:
    return [
        f"{each.action.id}.{one.api_name}"
        for each in drafts
        for one in each.action.blueprint.inputs
    ]


def _zone(user: RunningUser) -> tuple[tzinfo, str | None]:
    try:
        return ZoneInfo(user.zone), None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC, f"the time zone {user.zone!r} is unknown, so dates are meant in UTC"
