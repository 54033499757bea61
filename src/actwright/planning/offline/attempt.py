"""Attempts: one goal, read in one way, on its way to an outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from actwright.blueprints.library import LibraryEntry
from actwright.blueprints.plan import PlannerInfo, Question
from actwright.planning.bounds.forbidden import Forbidden, not_understood_part
from actwright.planning.bounds.negation import Negation, parted
from actwright.planning.offline.answering import Answered
from actwright.planning.offline.bulk import RowCounting
from actwright.planning.offline.call import Call
from actwright.planning.offline.choosing import spoken_words
from actwright.planning.offline.chosen import ChosenReader
from actwright.planning.offline.clashing import without_clashes
from actwright.planning.offline.clause import Clause, clauses
from actwright.planning.offline.computing import computing, with_owners
from actwright.planning.offline.computing_drafts import ComputingDrafter
from actwright.planning.offline.doubting import Doubting
from actwright.planning.offline.drafting import Draft, Drafter
from actwright.planning.offline.drawing import asked, drawn_up
from actwright.planning.offline.explaining import Explainer
from actwright.planning.offline.halving import halves
from actwright.planning.offline.literals import check_literal, truly
from actwright.planning.offline.meant import answers, told
from actwright.planning.offline.mistaken import mistaken
from actwright.planning.offline.naming import DataFiller, action_ids
from actwright.planning.offline.obeying import obeyed
from actwright.planning.offline.resolving import Resolver, Spoken, queries
from actwright.planning.offline.selecting import Selected, ranked
from actwright.planning.offline.understanding import Understood, understand
from actwright.planning.planner import PlanningOutcome
from actwright.planning.refusals import (
    beyond,
    data_unused,
    foreign,
    negated,
)
from actwright.planning.words.confidence import of_plan
from actwright.planning.words.language import foreign_language
from actwright.planning.words.reading import Reading
from actwright.planning.words.scope import Scope, zone_of
from actwright.planning.words.spelling import Respelling, respellings, respelt
from actwright.planning.words.text import tokenize

VERSION = "7"
"""Changes whenever the same goal may lead to another plan."""

_MOST_CLAUSES = 10


class Attempt:
    """One goal, read with or without its misspelt words put right, on its way to an outcome."""

    def __init__(
        self,
        call: Call,
        known: Mapping[str, Answered],
        respelt_words: Sequence[Respelling] = (),
    ) -> None:
        request, indexes = call.request, call.indexes
        self._request = request
        self._entry = call.entry
        self._known = known
        self._opened: dict[int, LibraryEntry] = {}
        self._meant = told(request.data, request.library)
        self._respelt = tuple(respelt_words)
        self._words = indexes.words(request.library)
        self._zone, self._zone_note = zone_of(request.org.user)
        self._today = request.clock.now().astimezone(self._zone).date()
        self._objects = indexes.objects(request.org)
        self._fields = indexes.fields(request.org)
        self._finder = call.finder
        self._tokens = respelt(tokenize(request.goal), self._respelt)
        self._chosen = ChosenReader(request.library.entries, self._words)
        self._explainer = Explainer(
            request, indexes, self._objects, self._fields, self._tokens, self._scope
        )
        self._doubting = Doubting(
            self._meant, self._entries(), self._words, len(self._respelt), call.entry is not None
        )

    def respellings(self) -> Iterator[tuple[Respelling, ...]]:
        """Yield the ways to put misspelt words of the goal right, fewest first."""
        named = (*self._objects.mentioned(self._tokens), *self._objects.primary())
        indexes = [self._fields(each.name) for each in named if each.queryable]
        words = (each.words | each.value_words for each in indexes)
        yield from respellings(self._tokens, self._objects.words.union(*words))

    def outcome(self) -> PlanningOutcome:
        """Return the plan, its questions, or a refusal.

        Raises:
            PlanningError: The goal cannot be carried out as it is said.
            OrgError: The org cannot be asked.
        """
        goal = self._request.goal
        whole = parted(goal, self._tokens)
        if whole.negations and not whole.tokens:
            return negated(goal)
        spoken = with_owners(goal, clauses(goal, whole.tokens), self._computes)
        spoken = spoken or (Clause("", None, ()),)
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
        for number, found in enumerate(understood, 1):
            if not found.readings:
                return self._refused(number, parts, found)
        self._doubting = replace(self._doubting, meant=self._meant.also(self._opened))
        filler = DataFiller(self._entries(), self._objects, self._today, self._zone, self._known)
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

    def _scope(self, part: Clause) -> Scope:
        return Scope(
            self._request.goal,
            part.tokens,
            self._today,
            self._objects,
            self._fields,
            user=self._request.org.user,
            zone=self._zone,
        )

    def _computes(self, part: Clause) -> bool:
        return self._entry is None and computing(self._scope(part), part, frozenset()) is not None

    def _understand(self, part: Clause, number: int = 0) -> Understood:
        scope = self._scope(part)
        parts = [piece for token in part.tokens for piece in token.parts]
        words = spoken_words([*parts, part.verb or ""])
        worked_out = computing(scope, part, words) if self._entry is None else None
        found = worked_out or understand(scope, part, words)
        entry = self._meant.entries.get(number, self._entry)
        if entry is not None:
            strict = self._entry is not None
            return self._chosen.with_entry(scope, entry, found, words, strict=strict)
        if self._meant.answered(number):
            return replace(found, readings=self._meant.of_derived(number, found.readings))
        opened = None if found.says else self._chosen.opened(scope, part.said, words)
        if opened is None:
            return found
        self._opened[number] = opened.entry
        return opened.found

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
            with truly(drafts):
                made = self._made(number, readings, resolver)
            if isinstance(made, PlanningOutcome):
                return made
            if not made:
                return self._refused(number, parts, understood[number - 1])
            drafts += made
            said += [part.text] * len(made)
            spoken += [each.spoken for each in made if each.spoken is not None]
        unused = sorted(set(self._request.data) - used)
        if unused:
            return data_unused(unused, [name for each in drafts for name in each.expected])
        unclear = self._unclear(negations, drafts)
        if unclear is not None:
            return self._explainer.not_understood(unclear, parts[0])
        if negations and any(each.choice.reading.computed is not None for each in drafts):
            return self._explainer.not_understood(negations[0].words, parts[0])
        check_literal(drafts, self._scope(parts[0]))
        drafts = obeyed(drafts, said, Forbidden(negations, self._objects))
        without_clashes(self._request.goal, drafts, said)
        counting = RowCounting(self._request.org, self._fields)
        counted = counting.counts([each.action for each in drafts])
        for draft, note in zip(drafts, counting.told(drafts, counted), strict=True):
            draft.assumptions = (*draft.assumptions, *note)
        return self._planned(drafts)

    def _made(
        self, number: int, readings: Sequence[Reading], resolver: Resolver
    ) -> Sequence[Draft] | PlanningOutcome:
        """Return the drafts of a clause, none where nothing can be made of it; or what has to be said or asked first."""
        choices = self._plausible(ranked(readings, resolver))
        if any(each.reading.computed is not None for each in choices):
            return self._worked_out(number, choices, resolver)
        between = self._doubting.between(number, self._likely(choices))
        if between is not None:
            return self._mistaken([choices[0].reading], resolver) or self._asked(between)
        drafter = Drafter(self._doubting.chooser(number), self._finder, str(self._zone))
        made = self._first(drafter, number, choices, resolver)
        if not made or not self._doubting.obeys(number, made):
            return ()
        strange = self._mistaken([each.choice.reading for each in made], resolver)
        if strange is not None:
            return strange
        whether = self._doubting.whether(number, made[0])
        return self._asked(whether) if whether is not None else made

    def _worked_out(
        self, number: int, choices: Sequence[Selected], resolver: Resolver
    ) -> Sequence[Draft] | PlanningOutcome:
        """Return the draft of a clause whose new record holds what is worked out; its code is written afterwards."""
        drafter = ComputingDrafter(self._doubting.chooser(number), self._finder, str(self._zone))
        strange = self._mistaken([choices[0].reading], resolver)
        return strange or self._first(drafter, number, choices[:1], resolver)

    def _refused(self, number: int, parts: Sequence[Clause], found: Understood) -> PlanningOutcome:
        entry, part = self._entry or self._meant.entries.get(number), parts[number - 1]
        if entry is None or found.left:
            return self._explainer.refusal(part, found, single=len(parts) == 1)
        return beyond(entry.key, part.text, [each.api_name for each in entry.blueprint.inputs])

    def _mistaken(self, readings: Sequence[Reading], resolver: Resolver) -> PlanningOutcome | None:
        goal = self._request.goal
        found = (mistaken(goal, each, resolver, self._objects) for each in readings)
        return next((each for each in found if each is not None), None)

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
