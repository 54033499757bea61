"""Compiling: from a model's reply to the actions of a plan, or to every fault it has, all at once.

A reply is hostile input. Whatever it names must be there and visible to the person, whatever it says must fit, and
what the goal forbids must not be in it. The model's own word is taken for nothing: ids are numbered anew, types come
from the blueprint, provenance from the goal's words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from actwright.blueprints.plan import Question
from actwright.inert import inert
from actwright.org.query import JsonScalar
from actwright.org.schema import ObjectSchema
from actwright.planning.bounds.forbidden import Forbidden
from actwright.planning.bounds.forbidding import Forbidding
from actwright.planning.bounds.negation import parted
from actwright.planning.model.contradicting import Contradictions
from actwright.planning.model.reply import PlanReply, ReplyAction
from actwright.planning.model.reply_actions import (
    Actions,
    Sketch,
    broken,
    changes_nothing,
    twice,
    unnamed_records,
)
from actwright.planning.model.reply_answers import Answers
from actwright.planning.model.reply_arguments import Arguments
from actwright.planning.model.reply_blueprints import Blueprints, ChosenBlueprint, ReplyFault
from actwright.planning.model.reply_conditions import Conditions, Given
from actwright.planning.model.reply_data import used_data
from actwright.planning.model.reply_form import cycle_faults, plan_faults, shape_faults
from actwright.planning.model.reply_questions import Questions, open_questions
from actwright.planning.model.slicing import SchemaSlice
from actwright.planning.offline.meant import Meant
from actwright.planning.planner import PlanningRequest, Recommendation
from actwright.planning.provenance.contrary import Contrary
from actwright.planning.provenance.evidence import Evidence
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.objects import ObjectIndex
from actwright.planning.words.text import tokenize

MOST_EXTRACTIONS = 10
"""The most values one plan may take out of texts; each is a request of its own."""

_LONGEST_ASSUMPTION = 255


@dataclass(frozen=True)
class Compiled:
    """What a reply came to.

    Attributes:
        reply: The reply.
        sketches: Its actions; only whole where there are no faults.
        questions: What is open, lookups aside, which are not tried yet.
        assumptions: What the model took for granted, inert; the records that it found by none of the person's words;
            the actions nothing in the goal asks for.
        faults: What is wrong with it, a sentence each.
        unasked: How many actions nothing in the goal asks for.
    """

    reply: PlanReply
    sketches: tuple[Sketch, ...] = ()
    questions: tuple[Question, ...] = ()
    assumptions: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    unasked: int = 0

    @property
    def schemas(self) -> dict[str, ObjectSchema]:
        """The objects the actions write to, by name."""
        return {each.chosen.schema.name: each.chosen.schema for each in self.sketches}

    @property
    def made_up(self) -> int:
        """How many values only the model stands for."""
        return sum(1 for each in self.sketches for _ in each.made_up())


@dataclass(frozen=True)
class Setting:
    """What a reply is compiled against.

    Attributes:
        request: The goal and what belongs to it.
        schema: The slice the model saw.
        nearest: The blueprints that come near the goal.
        objects: The org's objects by their words.
        fields: Gives an object's fields by their words.
        today: The date in the person's zone.
        zone: The person's zone.
        meant: The blueprints a person answered with.
        only: The key of the one blueprint the caller chose.
        assumptions: What holds whatever is answered.
    """

    request: PlanningRequest
    schema: SchemaSlice
    nearest: Sequence[Recommendation]
    objects: ObjectIndex
    fields: Callable[[str], FieldIndex]
    today: date
    zone: tzinfo
    meant: Meant
    only: str | None = None
    assumptions: tuple[str, ...] = ()


class Compiler:
    """Compiles the replies to one goal; every reply is compiled anew."""

    def __init__(self, setting: Setting) -> None:
        request = setting.request
        self._setting = setting
        self._given = Given(request.goal, request.data)
        self._evidence = Evidence(request.goal, request.data, setting.today, setting.zone)
        self._contrary = Contrary(request.goal, setting.today, setting.zone)

    def compiled(self, reply: PlanReply) -> Compiled:
        """Return what ``reply`` comes to: actions and questions, or faults.

        Raises:
            OrgError: The org cannot be asked for an object's schema.
        """
        read = (self._given, self._evidence, self._contrary)
        return _Compiling(self._setting, *read, reply).compiled()


class _Compiling:
    """One reply on its way."""

    def __init__(
        self,
        setting: Setting,
        given: Given,
        evidence: Evidence,
        contrary: Contrary,
        reply: PlanReply,
    ) -> None:
        request = setting.request
        self._contrary = contrary
        self._setting = setting
        self._reply = reply
        negations = parted(request.goal, tokenize(request.goal)).negations
        self._negated = bool(negations)
        self._forbidding = (
            Forbidding(request.goal, setting.objects),
            Forbidden(negations, setting.objects),
        )
        self._data: Mapping[str, JsonScalar] = request.data
        self._faults: list[str] = []
        self._blueprints = Blueprints(request.library, request.org, setting.schema, setting.only)
        self._ids = {each.id: f"a{at}" for at, each in enumerate(reply.actions, 1)}
        self._chosen: dict[str, ChosenBlueprint] = {}
        conditions = Conditions(self._blueprints.visible, given)
        self._arguments = Arguments(
            self._data, evidence, conditions, self._chosen, self._ids, request.org.user
        )

    def compiled(self) -> Compiled:
        reply = self._reply
        self._faults += shape_faults(reply)
        self._choose()
        sketches = self._sketched()
        answers = Answers(self._data, self._arguments)
        sketches = [answers.put(each) for each in sketches]
        by_id = {each.id: each for each in sketches}
        asker = Questions(self._setting.request.library, self._setting.nearest, self._data)
        asked = asker.asked(reply.questions, self._ids or {"a1": "a1"}, by_id)
        self._faults += asker.faults
        sketches = [_without_asked(each, asked) for each in sketches]
        asked += tuple(answers.questions)
        questions = (*asked, *(one for each in sketches for one in open_questions(each, asked)))
        if reply.outcome != "noPlan" and not sketches and not questions:
            self._faults.append("nothing is planned, and nothing is asked that is not answered yet")
        self._check(sketches, questions, answers.used)
        if not self._faults:
            self._faults += plan_faults(self._setting.request, sketches)
        given = self._arguments.conditions.given
        found = (one for each in sketches for one in unnamed_records(each, given))
        unasked = tuple(self._contradictions(sketches).unasked())
        told = (*reply.assumptions, *found, *unasked)
        notes = (inert(each, limit=_LONGEST_ASSUMPTION) for each in told)
        return Compiled(
            reply,
            tuple(sketches),
            tuple(questions),
            tuple(dict.fromkeys(each for each in notes if each)),
            tuple(dict.fromkeys(self._faults)),
            len(unasked),
        )

    def _contradictions(self, sketches: Sequence[Sketch]) -> Contradictions:
        setting = self._setting
        mentioned = setting.objects.mentioned(tokenize(setting.request.goal))
        chosen = (
            each.id
            for each in sketches
            if setting.only is not None or self._answered(int(each.id[1:])) is not None
        )
        return Contradictions(
            sketches,
            self._contrary,
            self._arguments.conditions.given,
            frozenset(each.name for each in mentioned),
            frozenset(chosen),
        )

    def _choose(self) -> None:
        for said in self._reply.actions:
            try:
                chosen = self._blueprints.chosen(said)
            except ReplyFault as fault:
                self._faults.append(str(fault))
                continue
            action_id = self._ids[said.id]
            answer = self._answered(int(action_id[1:]))
            if answer is not None and chosen.key != answer:
                self._faults.append(f"{said.id}: the person answered that {answer!r} is meant")
            self._chosen[action_id] = chosen

    def _answered(self, number: int) -> str | None:
        """Return the key a person chose for an action, or None where none was asked for."""
        entry = self._setting.meant.entries.get(number)
        return entry.key if entry is not None else self._setting.meant.derived.get(number)

    def _sketched(self) -> list[Sketch]:
        actions = Actions(self._arguments)
        sketches = [
            actions.sketched(said, action_id, self._chosen[action_id])
            for said, action_id in self._numbered()
            if action_id in self._chosen
        ]
        self._faults += actions.faults
        return sketches

    def _numbered(self) -> Iterator[tuple[ReplyAction, str]]:
        seen: set[str] = set()
        for said in self._reply.actions:
            if said.id not in seen:
                seen.add(said.id)
                yield said, self._ids[said.id]

    def _check(
        self, sketches: Sequence[Sketch], questions: Sequence[Question], answered: set[str]
    ) -> None:
        self._faults += cycle_faults(sketches)
        for each in sketches:
            index = self._setting.fields(each.chosen.schema.name)
            self._faults += broken(each, index, *self._forbidding)
            if self._negated and each.chosen.blueprint.operation == "CALL":
                self._faults.append(
                    f"{each.id}: the goal says what must not be done, and generated code cannot be held to it; use no"
                    " generated action"
                )
            about = any(one.action_id == each.id for one in questions)
            if changes_nothing(each) and not about:
                self._faults.append(f"{each.id}: it changes nothing")
        self._faults += twice(sketches)
        self._faults += self._contradictions(sketches).faults()
        if sum(len(each.extractions) for each in sketches) > MOST_EXTRACTIONS:
            self._faults.append(f"more than {MOST_EXTRACTIONS} values are to be extracted")
        if self._reply.outcome == "plan" and not self._faults:
            unused = sorted(set(self._data) - answered - used_data(sketches, self._data))
            self._faults += [
                f"no action takes the data {each!r}; use it, or ask what it is for"
                for each in unused
            ]


def _without_asked(sketch: Sketch, asked: Sequence[Question]) -> Sketch:
    """Return the sketch without the arguments that are asked for: who asks does not guess."""
    for each in asked:
        if each.action_id == sketch.id:
            sketch = sketch.without(each.input)
    return sketch
