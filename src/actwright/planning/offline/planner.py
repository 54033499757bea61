"""The offline planner: from a goal in words to a plan, without a model and without a guess."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from actwright.blueprints.library import LibraryEntry
from actwright.blueprints.plan import PlannerInfo, Question
from actwright.errors import PlanningError
from actwright.planning.bounds.forbidden import Forbidden, not_understood_part
from actwright.planning.bounds.negation import Negation, parted
from actwright.planning.offline.bulk import count_rows, rows_told
from actwright.planning.offline.choosing import spoken_words
from actwright.planning.offline.chosen import ChosenReader
from actwright.planning.offline.clashing import without_clashes
from actwright.planning.offline.clause import Clause, clauses
from actwright.planning.offline.doubting import Doubting
from actwright.planning.offline.drafting import Draft, Drafter
from actwright.planning.offline.drawing import asked, drawn_up
from actwright.planning.offline.explaining import Explainer
from actwright.planning.offline.halving import halves
from actwright.planning.offline.meant import answers, in_one_word, is_key, told
from actwright.planning.offline.naming import DataFiller, action_ids, screen_data
from actwright.planning.offline.obeying import obeyed
from actwright.planning.offline.rereading import better, worth_rereading
from actwright.planning.offline.resolving import Resolver, Spoken, queries
from actwright.planning.offline.selecting import Selected, ranked
from actwright.planning.offline.understanding import Understood, understand
from actwright.planning.planner import PlanningOutcome, PlanningRequest
from actwright.planning.ranking.indexes import Indexes
from actwright.planning.refusals import (
    as_refusal,
    data_unused,
    foreign,
    negated,
    unknown_blueprint,
)
from actwright.planning.words.confidence import of_plan
from actwright.planning.words.language import foreign_language
from actwright.planning.words.lookups import Finder
from actwright.planning.words.reading import Reading
from actwright.planning.words.scope import Scope, zone_of
from actwright.planning.words.spelling import Respelling, respellings, respelt
from actwright.planning.words.text import screen, tokenize

VERSION = "3"
"""Changes whenever the same goal may lead to another plan."""

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
            return self._planned(self._in_words(request), entry)
        except PlanningError as error:
            return as_refusal(error)

    def _planned(self, request: PlanningRequest, entry: LibraryEntry | None) -> PlanningOutcome:
        """Plan the goal as it is written; where that leads nowhere, with its misspelt words put right."""
        planning = _Planning(request, self._indexes, entry)
        outcome = planning.outcome()
        if entry is None and worth_rereading(outcome):
            for each in planning.respellings():
                again = _Planning(request, self._indexes, entry, each).outcome()
                outcome = again if better(again, outcome) else outcome
                if outcome.plan is not None and not outcome.questions:
                    break
        return outcome

    def _in_words(self, request: PlanningRequest) -> PlanningRequest:
        """Return the request with answers such as ``a1.blueprint=lost`` as the keys they mean."""
        data = dict(request.data)
        for name in answers(data):
            open_one = replace(request, data={key: data[key] for key in data if key != name})
            if is_key(data[name], request.library):
                continue
            outcome = _Planning(open_one, self._indexes, None).outcome()
            question = next((each for each in outcome.questions if each.id == name), None)
            data[name] = (in_one_word(question, data[name]) if question else None) or data[name]
        return replace(request, data=data)


class _Planning:
    """One goal on its way to an outcome."""

    def __init__(
        self,
        request: PlanningRequest,
        indexes: Indexes,
        entry: LibraryEntry | None,
        respelt_words: Sequence[Respelling] = (),
    ) -> None:
        self._request = request
        self._entry = entry
        self._meant = told(request.data, request.library)
        self._respelt = tuple(respelt_words)
        self._words = indexes.words(request.library)
        self._zone, self._zone_note = zone_of(request.org.user)
        self._today = request.clock.now().astimezone(self._zone).date()
        self._objects = indexes.objects(request.org)
        self._fields = indexes.fields(request.org)
        self._finder = Finder(request.org, self._objects, self._fields)
        self._tokens = respelt(tokenize(request.goal), self._respelt)
        self._chosen = ChosenReader(request.library.entries, self._words)
        self._explainer = Explainer(request, indexes, self._objects, self._fields, self._tokens)
        self._doubting = Doubting(
            self._meant, self._entries(), self._words, len(self._respelt), entry is not None
        )

    def respellings(self) -> Iterator[tuple[Respelling, ...]]:
        """Yield the ways to put misspelt words of the goal right, fewest first."""
        named = (*self._objects.mentioned(self._tokens), *self._objects.primary())
        indexes = [self._fields(each.name) for each in named if each.queryable]
        words = (each.words | each.value_words for each in indexes)
        yield from respellings(self._tokens, self._objects.words.union(*words))

    def outcome(self) -> PlanningOutcome:
        goal = self._request.goal
        whole = parted(goal, self._tokens)
        if whole.negations and not whole.tokens:
            return negated(goal)
        spoken = clauses(goal, whole.tokens) or (Clause("", None, ()),)
        parts = [
            part for each in spoken for part in halves(each, goal, self._understand, self._objects)
        ]
        begun = any(each.verb is not None for each in spoken[:1])
        language = None if self._entry else foreign_language(self._tokens, begun=begun)
        if language is not None:
            return foreign(language)
        if len(parts) > _MOST_CLAUSES:
            return self._explainer.not_understood(parts[_MOST_CLAUSES].text, parts[0])
        understood = [self._understand(each, at) for at, each in enumerate(parts, 1)]
        for part, found in zip(parts, understood, strict=True):
            if not found.readings:
                return self._explainer.refusal(part, found, single=len(parts) == 1)
        filler = DataFiller(self._entries(), self._objects, self._today, self._zone)
        told_names = answers(self._request.data)
        data = {key: value for key, value in self._request.data.items() if key not in told_names}
        filled, used = filler.fill([each.readings for each in understood], data)
        used |= {each for each in told_names if int(each.partition(".")[0][1:]) <= len(parts)}
        self._finder.look_up(
            pair for readings in filled for reading in readings for pair in queries(reading)
        )
        return self._drafted(parts, understood, filled, used, whole.negations)

    def _entries(self) -> tuple[LibraryEntry, ...]:
        return (self._entry,) if self._entry else self._request.library.entries

    def _understand(self, part: Clause, number: int = 0) -> Understood:
        scope = Scope(
            self._request.goal,
            part.tokens,
            self._today,
            self._objects,
            self._fields,
            user=self._request.org.user,
            zone=self._zone,
        )
        parts = [piece for token in part.tokens for piece in token.parts]
        words = spoken_words([*parts, part.verb or ""])
        found = understand(scope, part, words)
        entry = self._meant.entries.get(number, self._entry)
        if entry is not None:
            return self._chosen.with_entry(scope, entry, found, words)
        if self._meant.answered(number):
            return replace(found, readings=self._meant.of_derived(number, found.readings))
        if not found.readings and part.verb is None:
            return self._chosen.opened(scope, words) or found
        return found

    def _drafted(
        self,
        parts: Sequence[Clause],
        understood: Sequence[Understood],
        filled: Sequence[Sequence[Reading]],
        used: set[str],
        negations: Sequence[Negation],
    ) -> PlanningOutcome:
        drafts: list[Draft] = []
        said: list[str] = []
        spoken: list[Spoken] = []
        for number, (part, readings) in enumerate(zip(parts, filled, strict=True), 1):
            resolver = Resolver(self._finder, tuple(spoken), self._request.org.user.username)
            choices = self._plausible(ranked(readings, resolver))
            between = self._doubting.between(number, self._likely(choices))
            if between is not None:
                return self._asked(between)
            drafter = Drafter(self._doubting.chooser(number), self._finder, str(self._zone))
            made = self._first(drafter, number, choices, resolver)
            if not made:
                return self._explainer.refusal(part, understood[number - 1], single=len(parts) == 1)
            whether = self._doubting.whether(number, made[0])
            if whether is not None:
                return self._asked(whether)
            drafts += made
            said += [part.text] * len(made)
            spoken += [each.spoken for each in made if each.spoken is not None]
        unused = sorted(set(self._request.data) - used)
        if unused:
            return data_unused(unused, [name for each in drafts for name in each.expected])
        unclear = self._unclear(negations, drafts)
        if unclear is not None:
            return self._explainer.not_understood(unclear, parts[0])
        drafts = obeyed(drafts, said, Forbidden(negations, self._objects))
        without_clashes(self._request.goal, drafts, said)
        counted = count_rows([each.action for each in drafts], self._request.org)
        for draft, note in zip(drafts, rows_told(drafts, counted), strict=True):
            draft.assumptions = (*draft.assumptions, *note)
        return self._planned(drafts)

    def _unclear(self, negations: Sequence[Negation], drafts: Sequence[Draft]) -> str | None:
        """Return the words of a negation that nobody understands, over the objects of the plan and the common ones."""
        if not negations:
            return None
        names = (
            *(each.choice.reading.object for each in drafts),
            *(each.name for each in self._objects.primary()),
        )
        indexes = [self._fields(each) for each in dict.fromkeys(names)]
        return not_understood_part(negations, self._objects, indexes)

    def _asked(self, question: Question) -> PlanningOutcome:
        notes = [each.note for each in self._respelt]
        planner = PlannerInfo(kind="offline", version=VERSION)
        return asked(self._request, question, notes, planner)

    def _likely(self, choices: Sequence[Selected]) -> list[Reading]:
        """Return the readings whose records were found, or are called nearly so where the words say their object."""
        return [each.reading for each in choices if each.found or self._called_near(each.reading)]

    def _plausible(self, choices: Sequence[Selected]) -> Sequence[Selected]:
        """Where no record was found, put those first that come near; drop what only the verb speaks for."""
        if not choices or choices[0].rank < 2:  # noqa: PLR2004 - not found
            return choices
        records = [(each.reading.object, each.reading.record) for each in choices]
        self._finder.look_near((name, record) for name, record in records if record is not None)
        near = [each for each in choices if self._comes_near(each.reading)]
        return [*near, *(each for each in choices if each not in near and each.reading.strong)]

    def _called_near(self, reading: Reading) -> bool:
        """Tell whether the words say which object is meant, and a record of it is called nearly so."""
        record = reading.record
        return record is not None and record.named_object and self._comes_near(reading)

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
            if made and made[0].does_something:
                return made
        return ()

    def _planned(self, drafts: Sequence[Draft]) -> PlanningOutcome:
        notes = [each.note for each in self._respelt]
        last = (self._zone_note,) if self._zone_note else ()
        sure = of_plan(self._doubting.confidence(each) for each in drafts)
        kind: Literal["curated", "offline"] = "curated" if self._entry else "offline"
        planner = PlannerInfo(kind=kind, version=VERSION)
        return drawn_up(self._request, drafts, (*notes, *last), sure, planner)
