"""Questions of a reply, and of our own over what it leaves open, as the plan carries them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.library import Library
from actwright.blueprints.plan import Candidate, Question
from actwright.inert import inert
from actwright.org.query import JsonScalar
from actwright.org.schema import FieldSchema
from actwright.planning.model.reply import ReplyQuestion
from actwright.planning.model.reply_actions import Sketch
from actwright.planning.model.reply_values import ID_TYPES
from actwright.planning.offline.meant import which
from actwright.planning.planner import Recommendation
from actwright.planning.questions import missing, question
from actwright.planning.words.values import picklist_candidates

BLUEPRINT = "blueprint"
"""The input of a question that asks which action is meant at all."""

_LONGEST = 400
_OPTIONS = 10


class Questions:
    """Compiles questions; keeps what is wrong with them."""

    def __init__(
        self,
        library: Library,
        nearest: Sequence[Recommendation],
        data: Mapping[str, JsonScalar],
    ) -> None:
        self._library = library
        self._nearest = nearest
        self._data = data
        self.faults: list[str] = []

    def asked(
        self, said: Sequence[ReplyQuestion], ids: Mapping[str, str], sketches: Mapping[str, Sketch]
    ) -> tuple[Question, ...]:
        """Return the reply's questions, less those the data answers already."""
        made: dict[str, Question] = {}
        for each in said:
            found = self._asked(each, ids.get(each.action), sketches)
            if found is not None and found.id not in self._data:
                made.setdefault(found.id, found)
        return tuple(made.values())

    def _asked(
        self, said: ReplyQuestion, action_id: str | None, sketches: Mapping[str, Sketch]
    ) -> Question | None:
        if not inert(said.text):
            self.faults.append("a question has no text")
            return None
        sketch = sketches.get(action_id or "")
        if said.input == BLUEPRINT:
            return self._which(said, action_id or "a1")
        name = sketch.chosen.input_name(said.input) if sketch else None
        wanted = sketch.chosen.blueprint.input(name) if sketch and name else None
        if sketch is None or wanted is None:
            self.faults.append(
                f"a question is about {said.action[:40]}.{said.input[:40]}, which is no input of an action of the reply;"
                f" include the action, or ask about the input {BLUEPRINT!r}"
            )
            return None
        options = _options(said, wanted, sketch.place(wanted).field)
        return question(sketch.id, wanted, "unclear", inert(said.text, limit=_LONGEST), options)

    def _which(self, said: ReplyQuestion, action_id: str) -> Question:
        """Return the question which blueprint is meant; keys nobody knows are no candidates."""
        entries = (self._library.find(each) for each in said.options)
        named = [(each.key, each.blueprint.label) for each in entries if each is not None]
        near = [(each.key, each.label) for each in self._nearest]
        choices = dict(named or near)
        return which(action_id, inert(said.text, limit=_LONGEST), tuple(choices.items()))


def open_questions(sketch: Sketch, asked: Sequence[Question]) -> Iterator[Question]:
    """Yield a question for each required input that has no value and was not asked for."""
    ids = {each.id for each in asked}
    for wanted in sketch.open_inputs():
        if f"{sketch.id}.{wanted.api_name}" in ids:
            continue
        field = sketch.place(wanted).field
        options = picklist_candidates(field) if field else ()
        text = missing(sketch.chosen.blueprint.label, wanted)
        yield question(sketch.id, wanted, "missing", text, options)


def _options(
    said: ReplyQuestion, wanted: ActionInput, field: FieldSchema | None
) -> tuple[Candidate, ...]:
    """Return the answers to choose from: the picklist's own, else the reply's; never records, which it cannot know."""
    if wanted.data_type in ID_TYPES:
        return ()
    values = picklist_candidates(field) if field is not None else ()
    if values:
        named = {inert(each).casefold() for each in said.options}
        chosen = tuple(each for each in values if inert(str(each.value)).casefold() in named)
        return chosen or values
    shown = dict.fromkeys(inert(each, limit=200) for each in said.options)
    return tuple(Candidate(value=each, label=each) for each in shown if each)[:_OPTIONS]
