"""Doubting: when the person is asked which blueprint is meant, instead of one being chosen for a clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat

from actwright.blueprints.library import LibraryEntry
from actwright.blueprints.plan import Question
from actwright.planning.offline.choosing import Chooser
from actwright.planning.offline.drafting import Draft
from actwright.planning.offline.meant import Meant, about, which
from actwright.planning.offline.naming import action_ids
from actwright.planning.ranking.vocabulary import Vocabulary
from actwright.planning.words.confidence import Confidence
from actwright.planning.words.reading import Reading


@dataclass(frozen=True)
class Doubting:
    """What decides between choosing and asking, for every clause of one goal.

    Attributes:
        meant: The blueprints the person answered with.
        entries: The curated blueprints to choose among.
        words: Their vocabularies, by key.
        slips: How many misspelt words of the goal were put right.
        chosen: Whether the caller chose the blueprint, so that there is nothing to ask.
    """

    meant: Meant
    entries: tuple[LibraryEntry, ...]
    words: Mapping[str, Vocabulary]
    slips: int
    chosen: bool

    def chooser(self, number: int) -> Chooser:
        """Return what chooses the clause's blueprint: among all, or the one a person answered with."""
        if not self.meant.answered(number):
            return self._among_all
        entry = self.meant.entries.get(number)
        return Chooser((entry,) if entry is not None else (), self.words)

    @cached_property
    def _among_all(self) -> Chooser:
        return Chooser(self.entries, self.words, only=self.chosen)

    def between(self, number: int, readings: Sequence[Reading]) -> Question | None:
        """Return the question which blueprint is meant, where several curated ones fit the clause equally."""
        if self._settled(number):
            return None
        what, offered = about(readings, self.chooser(number), self.entries)
        return which(action_ids(number)[0], what, offered) if offered else None

    def whether(self, number: int, draft: Draft) -> Question | None:
        """Return the question whether the blueprint is meant, where the confidence in it is too low."""
        if self._settled(number) or not self.confidence(draft).too_low:
            return None
        choice = draft.choice
        offered = [(choice.key, choice.blueprint.label)]
        offered += [(each.key, each.blueprint.label) for each in choice.rivals]
        return which(draft.action.id, "It is not sure what is meant.", offered)

    def confidence(self, draft: Draft) -> Confidence:
        """Return how sure an action is, the misspelt words of its goal included."""
        deletes = self.slips > 0 and draft.action.blueprint.operation == "DELETE"
        sure = draft.confidence.with_doubts(repeat("spelling", self.slips))
        return sure.with_doubts(("deletion",)) if deletes else sure

    def obeys(self, number: int, drafts: Sequence[Draft]) -> bool:
        """Tell whether the blueprint a person named for the clause is the one that its drafts carry out."""
        wanted = self.meant.entries.get(number)
        return wanted is None or any(each.choice.key == wanted.key for each in drafts)

    def _settled(self, number: int) -> bool:
        return self.chosen or self.meant.answered(number)
