"""Answering: which of the named data answers a question that the goal raises, and what that binds it to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from actwright.blueprints.plan import Plan, Question
from actwright.org.query import JsonScalar
from actwright.org.record_id import is_record_id
from actwright.planning.planner import PlanningOutcome, PlanningRequest
from actwright.planning.words.objects import ObjectIndex
from actwright.planning.words.text import pieces

_ADDRESSED = re.compile(r"(a\d{1,3}b?)\.(?!blueprint$)(.+)")
_RECORD = frozenset({"not_found", "ambiguous"})


@dataclass(frozen=True, slots=True)
class Answered:
    """A question that data answers.

    Attributes:
        question: The question.
        target: The object of the action that asked; empty where it has none.
        of_record: Whether it asked for the very record of the action.
    """

    question: Question
    target: str
    of_record: bool

    @property
    def searched(self) -> bool:
        """Whether no record was found for the goal's words, so that those near them are still offered."""
        return self.question.reason == "not_found"

    def objects(self, known: ObjectIndex) -> frozenset[str]:
        """Return the objects a record may belong to that answers; none where any may.

        The question was about records of these: its answer never makes the action one on another object.
        """
        if not self.of_record or self.question.reason not in _RECORD:
            return frozenset()
        ids = [str(each.value) for each in self.question.candidates]
        owners = [known.by_prefix(each) for each in ids if is_record_id(each)]
        return frozenset({self.target, *(each.name for each in owners if each is not None)})

    def name_of(self, record_id: JsonScalar, kind: str) -> str:
        """Return what the candidate with that id is called, whose object people call ``kind``; empty where it is none."""
        labels = (each.label for each in self.question.candidates if each.value == record_id)
        return next(labels, "").rpartition(f" ({kind}")[0]


def answered(
    request: PlanningRequest,
    plan: Callable[[PlanningRequest, Mapping[str, Answered]], PlanningOutcome],
) -> dict[str, Answered] | PlanningOutcome:
    """Return the data that answers a question, by name; or the refusal that no data can change.

    The goal is planned without the data that says its action, then with what answers the questions of that, and so on:
    a datum nobody asked for is no answer, and is held against the goal's words.

    Args:
        request: The goal and all its data.
        plan: Plans a request, with what is known to answer.
    """
    waiting = [each for each in request.data if _ADDRESSED.fullmatch(each)]
    found: dict[str, Answered] = {}
    while waiting:
        data = {key: value for key, value in request.data.items() if key not in waiting}
        outcome = plan(replace(request, data=data), found)
        if outcome.refusal is not None and outcome.refusal.code == "part_not_understood":
            return outcome
        fresh = {name: one for name in waiting if (one := _asked(outcome, name)) is not None}
        found |= fresh
        waiting = [each for each in waiting if fresh and each not in fresh]
    return found


def _asked(outcome: PlanningOutcome, name: str) -> Answered | None:
    match = _ADDRESSED.fullmatch(name)
    if match is None or outcome.plan is None:
        return None
    asked = (each for each in outcome.questions if each.action_id == match.group(1))
    found = (_answers(outcome.plan, each, match.group(2)) for each in asked)
    return next((each for each in found if each is not None), None)


def _answers(plan: Plan, question: Question, name: str) -> Answered | None:
    """Return the question as answered where ``name`` is that of its input, of its label or of the record itself."""
    action = plan.action(question.action_id)
    if action is None:
        return None
    blueprint = action.blueprint
    wanted = blueprint.input(question.input)
    of_record = wanted is not None and wanted is blueprint.id_input
    target = blueprint.target_s_object or ""
    names = {question.input, wanted.label if wanted else "", *_RECORD_NAMES[of_record]}
    known = {_compact(each) for each in names} | ({f"{target}id".lower()} if of_record else set())
    return Answered(question, target, of_record) if _compact(name) in known else None


_RECORD_NAMES = {True: ("id", "record"), False: ()}


def _compact(name: str) -> str:
    return "".join(pieces(name.replace("_", " ")))
