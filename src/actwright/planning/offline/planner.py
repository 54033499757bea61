"""The offline planner: from a goal in words to a plan, without a model and without a guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from actwright.errors import PlanningError
from actwright.planning.offline.answering import Answered, answered
from actwright.planning.offline.attempt import Attempt
from actwright.planning.offline.call import Call
from actwright.planning.offline.meant import answers, in_one_word, is_key
from actwright.planning.offline.naming import screen_data
from actwright.planning.offline.rereading import better, worth_rereading
from actwright.planning.planner import PlanningOutcome, PlanningRequest
from actwright.planning.ranking.indexes import Indexes
from actwright.planning.refusals import (
    as_refusal,
    unknown_blueprint,
)
from actwright.planning.words.text import screen


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
            return self._answered(Call.of_request(request, self._indexes, entry))
        except PlanningError as error:
            return as_refusal(error)

    def _answered(self, call: Call) -> PlanningOutcome:
        """Plan with the data, of which that answers a question which the goal raises without it."""
        worded = self._in_words(call)
        found = answered(
            worded.request, lambda each, known: self._planned(worded.about(each), known)
        )
        if isinstance(found, PlanningOutcome):
            return found
        return self._planned(worded, found)

    @staticmethod
    def _planned(call: Call, known: Mapping[str, Answered]) -> PlanningOutcome:
        """Plan the goal as it is written; where that leads nowhere, with its misspelt words put right."""
        planning = Attempt(call, known)
        outcome = planning.outcome()
        if call.entry is None and worth_rereading(outcome):
            for each in planning.respellings():
                again = Attempt(call, known, each).outcome()
                outcome = again if better(again, outcome) else outcome
                if outcome.plan is not None and not outcome.questions:
                    break
        return outcome

    @staticmethod
    def _in_words(call: Call) -> Call:
        """Return the call with answers such as ``a1.blueprint=lost`` as the keys they mean."""
        data = dict(call.request.data)
        for name in answers(data):
            if is_key(data[name], call.request.library):
                continue
            rest = {key: data[key] for key in data if key != name}
            open_one = replace(call, request=replace(call.request, data=rest), entry=None)
            outcome = Attempt(open_one, {}).outcome()
            question = next((each for each in outcome.questions if each.id == name), None)
            data[name] = (in_one_word(question, data[name]) if question else None) or data[name]
        return call.about(replace(call.request, data=data))
