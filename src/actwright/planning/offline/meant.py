"""Which blueprint is meant: answers such as ``a1.blueprint=oppty_closed_won``, and the question that leads to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from actwright.blueprints.derived import derived_key
from actwright.blueprints.library import Library, LibraryEntry
from actwright.blueprints.plan import Candidate, Question
from actwright.errors import PlanningError
from actwright.org.query import JsonScalar
from actwright.planning.offline.choosing import Chooser
from actwright.planning.offline.fixed import constants
from actwright.planning.words.reading import Assignment, Reading
from actwright.planning.words.text import pieces

NONE = "none"
"""The answer that no offered blueprint is meant."""

_ANSWER = re.compile(r"a(\d{1,3})\.blueprint")
_DERIVED = re.compile(r"derived\.[a-z0-9_]+\.(?:create|update|delete)")
_LONGEST = 600
_SHOWN = 80
_OFFERED = 12


@dataclass(frozen=True)
class Meant:
    """The blueprints a person answered with, by the number of the clause.

    Attributes:
        entries: Curated blueprints.
        derived: Keys of derived ones.
    """

    entries: Mapping[int, LibraryEntry]
    derived: Mapping[int, str]

    def answered(self, number: int) -> bool:
        """Tell whether the clause's blueprint was asked for and answered."""
        return number in self.entries or number in self.derived

    def also(self, entries: Mapping[int, LibraryEntry]) -> Meant:
        """Return these, and the blueprints that the goal's own words name without a doubt."""
        return replace(self, entries={**entries, **self.entries})

    def of_derived(self, number: int, readings: Iterable[Reading]) -> tuple[Reading, ...]:
        """Return the readings that the derived blueprint chosen for the clause carries out; all where none was chosen."""
        key = self.derived.get(number)
        return tuple(
            each for each in readings if key in {None, derived_key(each.object, each.operation)}
        )


def told(data: Mapping[str, JsonScalar], library: Library) -> Meant:
    """Return the blueprints that ``data`` answers with.

    Raises:
        PlanningError: None of the offered ones is meant (``none_meant``), or there is no such one (``blueprint_unknown``).
    """
    entries: dict[int, LibraryEntry] = {}
    derived: dict[int, str] = {}
    for name in answers(data):
        number, key = int(name.partition(".")[0][1:]), str(data[name]).strip()
        entry = library.find(key)
        if key.casefold() == NONE:
            raise _none_meant(name)
        if entry is not None:
            entries[number] = entry
        elif _DERIVED.fullmatch(key.lower()):
            derived[number] = key.lower()
        else:
            raise _unknown(name, key)
    return Meant(entries, derived)


def answers(data: Mapping[str, JsonScalar]) -> tuple[str, ...]:
    """Return the names in ``data`` that answer which blueprint is meant."""
    return tuple(each for each in data if _ANSWER.fullmatch(each))


def is_key(answer: JsonScalar, library: Library) -> bool:
    """Tell whether an answer is the key of a blueprint, or that none is meant."""
    key = str(answer).strip()
    known = library.find(key) is not None or _DERIVED.fullmatch(key.lower()) is not None
    return known or key.casefold() == NONE


def in_one_word(question: Question, answer: JsonScalar) -> str | None:
    """Return the key of the one offered blueprint that ``answer`` names: by key, label, or a word only its label holds."""
    wanted = pieces(str(answer))
    exact = [
        each
        for each in question.candidates
        if wanted in {pieces(each.label), pieces(str(each.value))}
    ]
    holding = [
        each for each in question.candidates if wanted and set(wanted) <= set(pieces(each.label))
    ]
    fitting = exact or holding
    return str(fitting[0].value) if len(fitting) == 1 else None


def less_constants(reading: Reading, entry: LibraryEntry) -> Reading:
    """Return the reading less the open values that the chosen blueprint sets by itself."""
    fixed = constants(entry.blueprint)
    kept = (each for each in reading.assignments if each.field.name not in fixed or _decided(each))
    return replace(reading, assignments=tuple(kept))


def which(action_id: str, what: str, offered: Sequence[tuple[str, str]]) -> Question:
    """Return the question which blueprint is meant.

    Args:
        action_id: The action that waits for it.
        what: What is open, in one sentence.
        offered: Keys and labels.
    """
    candidates = [Candidate(value=key, label=label[:300]) for key, label in offered[:_OFFERED]]
    candidates.append(Candidate(value=NONE, label="None of these"))
    name = f"{action_id}.blueprint"
    return Question(
        id=name,
        action_id=action_id,
        input="blueprint",
        reason="unclear",
        text=f"{what} Answer with -d {name}=ONE-OF-THE-CANDIDATES."[:_LONGEST],
        candidates=tuple(candidates),
    )


def about(
    readings: Sequence[Reading], chooser: Chooser, entries: Iterable[LibraryEntry]
) -> tuple[str, Sequence[tuple[str, str]]]:
    """Return the sentence and the offers for a clause that two curated blueprints or more fit equally; empty where none.

    Args:
        readings: What the clause may mean, likeliest first.
        chooser: Chooses among the curated blueprints.
        entries: The curated blueprints.
    """
    first = readings[0] if readings else None
    if first is None or first.operation != "UPDATE" or first.record is None:
        return "", ()
    words = first.record.words[:_SHOWN]
    if not first.assignments:
        offered = _changing(first, entries)
        return f"What is to change of {words!r}?", offered if len(offered) > 1 else ()
    stated = [each for each in first.assignments if each.problem and each.problem.several]
    offered = _stating(first, stated[0], chooser) if len(stated) == 1 else ()
    return (
        f"{stated[0].words[:_SHOWN]!r} of {words!r} could be several things." if stated else "",
        offered,
    )


def _changing(reading: Reading, entries: Iterable[LibraryEntry]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (each.key, each.blueprint.label)
        for each in entries
        if each.blueprint.target_s_object == reading.object and each.blueprint.operation == "UPDATE"
    )


def _stating(
    reading: Reading, open_state: Assignment, chooser: Chooser
) -> tuple[tuple[str, str], ...]:
    """Return the curated blueprint of each state the words could mean; nothing where one of them has none of its own."""
    offered: dict[str, str] = {}
    candidates = open_state.problem.candidates if open_state.problem else ()
    for each in candidates:
        stated = replace(open_state, value=each.value, problem=None)
        chosen = reading.assign(stated)
        choice = chooser.choose(chosen, [one.field.name for one in chosen.assignments])
        if choice is None or choice.source != "curated":
            return ()
        offered[choice.key] = choice.blueprint.label
    return tuple(offered.items()) if len(offered) == len(candidates) > 1 else ()


def _decided(assignment: Assignment) -> bool:
    return assignment.problem is None and not assignment.empty


def _none_meant(name: str) -> PlanningError:
    return PlanningError(
        f"None of the offered blueprints is meant ({name}={NONE}), so nothing was planned.",
        hint="Say the goal in other words.",
        code="none_meant",
    )


def _unknown(name: str, key: str) -> PlanningError:
    return PlanningError(
        f"{name} names no blueprint that was offered: {key[:_SHOWN]!r}.",
        hint=f"Answer with the key of one, or with {NONE}.",
        code="blueprint_unknown",
    )
