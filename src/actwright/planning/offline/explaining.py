"""Explaining a refusal: what was not understood, what to say instead, and which blueprints come nearest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from actwright.planning.offline.clause import Clause
from actwright.planning.offline.hints import hint
from actwright.planning.offline.understanding import Understood
from actwright.planning.planner import PlanningOutcome, PlanningRequest, Recommendation
from actwright.planning.ranking.indexes import Indexes
from actwright.planning.ranking.recommend import recommend
from actwright.planning.refusals import (
    hidden_object,
    negated,
    no_fit,
    not_understood,
    strange,
    unconditional,
)
from actwright.planning.rows.strange_rows import strange_rows
from actwright.planning.words.lexicon import NEGATIONS
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.objects import ObjectIndex
from actwright.planning.words.scope import Scope
from actwright.planning.words.text import Token

_NEAREST = 3
_OPENING = 4


@dataclass(frozen=True)
class Explainer:
    """Refuses the parts of one goal that no plan can be made of.

    Attributes:
        request: The goal, the library and the org.
        indexes: What was indexed before.
        objects: The org's objects by their words.
        fields: Gives an object's fields by their words.
        tokens: The goal's tokens.
        scope: Gives what the readers of a clause share.
    """

    request: PlanningRequest
    indexes: Indexes
    objects: ObjectIndex
    fields: Callable[[str], FieldIndex]
    tokens: tuple[Token, ...]
    scope: Callable[[Clause], Scope]

    def refusal(self, part: Clause, found: Understood, *, single: bool) -> PlanningOutcome:
        """Return the refusal of a clause that has no reading.

        Args:
            part: The clause.
            found: What was understood of it.
            single: Whether it is the whole goal.
        """
        opening = [each.key for each in part.tokens[:_OPENING]]
        if part.verb is None and any(each in NEGATIONS for each in opening):
            return negated(part.text)
        hidden = self.objects.hidden(part.tokens)
        if hidden is not None:
            return hidden_object(hidden)
        if found.left:
            return self.not_understood(" ".join(found.left), part)
        sweeping = self._sweeping(part)
        if sweeping is not None:
            return sweeping
        if not single:
            return self.not_understood(part.text, part)
        return no_fit(part.text, self._hint(part), self._nearest())

    def _sweeping(self, part: Clause) -> PlanningOutcome | None:
        """Return the refusal of many records that nothing tells from the others, or that strange words tell."""
        found = strange_rows(self.scope(part)) if part.verb is not None else None
        if found is None:
            return None
        if found.whole:
            return unconditional(found.words, self._nearest())
        return strange(found.words, self._hint(part), self._nearest())

    def not_understood(self, words: str, part: Clause) -> PlanningOutcome:
        """Return the refusal of words that fit nowhere in a clause."""
        return not_understood(words, self._hint(part), self._nearest())

    def _hint(self, part: Clause) -> str:
        """Return what to say instead; fields are named where the objects were described for the goal anyway."""
        mentioned = self.objects.mentioned(self.tokens)
        named = next((each.name for each in mentioned), "Opportunity")
        primary = self.objects.primary() if part.verb is not None else ()
        words = (self.fields(each.name).words for each in primary)
        return hint(self.tokens, part.verb, named, frozenset().union(*words))

    def _nearest(self) -> Sequence[Recommendation]:
        request = self.request
        return recommend(request.goal, request.library, request.org, _NEAREST, indexes=self.indexes)
