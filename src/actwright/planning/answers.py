"""Answers: a person's words for the questions of a plan, turned into data that the same goal is planned with again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from actwright.blueprints.argument import DataName
from actwright.blueprints.plan import Candidate, Plan, Question
from actwright.document import plain_name
from actwright.errors import PayloadError
from actwright.inert import inert
from actwright.org.query import JsonScalar
from actwright.org.record_id import is_record_id
from actwright.planning.words.text import pieces, stems

_YES, _NO = (
    frozenset({"yes", "y", "yep", "yeah", "ok", "true"}),
    frozenset({"no", "n", "nope", "false"}),
)
_SHOWN = 80
_MOST_SHOWN = 10
_MOST_OFFERED = 25
"""A question with that many candidates may have left some out."""

_LONGEST_NUMBER = 3
"""Digits of a candidate's number; a longer one is a record's."""

_LONGEST = 32_000
GIVEN = "given."
"""What stands before the name of data that says its action, once the person was asked whether it or the goal counts."""

_INPUT = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,79}", re.ASCII)


def with_answers(plan: Plan, answers: Mapping[str, str] | str) -> dict[DataName, JsonScalar]:
    """Return the plan's data with the answers to its open questions.

    An answer is a word: a candidate's number, its value, its label or how only that label begins; yes or no where one
    candidate is that; a value where the question takes any. Upper and lower case are the same.

    Where a question is which blueprint is meant, a value of its action says that too: ``a1.StageName=Closed Won``.

    Args:
        plan: The plan that asked.
        answers: By question id; or one bare answer, where one question is open.

    Raises:
        PayloadError: The plan never asked that (``answer_unasked``), or the answer is none of those it takes
            (``answer_unknown``).
    """
    asked = {each.id.casefold(): each for each in plan.questions}
    data: dict[DataName, JsonScalar] = dict(plan.data)
    for name, text in _named(plan.questions, answers):
        question = asked.get(name.strip().casefold())
        if question is None and _of_open_blueprint(plan.questions, name):
            data[name.strip()] = text.strip()
            continue
        if question is None:
            raise _unasked(f"Nobody asked {plain_name(name)!r}.", plan.questions)
        data |= _set_apart(plan, question)
        kind = _kind(plan, question)
        if kind == "MultiPicklist" and ";" in text:
            data[question.id] = _several(question, text)
        else:
            data[question.id] = _value(question, text, truth=kind == "Boolean")
    return data


def _of_open_blueprint(questions: Sequence[Question], name: str) -> bool:
    """Tell whether a name is a value of an action whose blueprint is asked for, which the planner then chooses by it."""
    head, dot, rest = name.strip().partition(".")
    open_ones = {each.action_id for each in questions if each.input == "blueprint"}
    return bool(dot) and head in open_ones and _INPUT.fullmatch(rest) is not None


def _set_apart(plan: Plan, question: Question) -> dict[DataName, JsonScalar]:
    """Return the datum that contradicts the goal under another name, so that the answer stands beside it."""
    kept, ours = f"{GIVEN}{question.id}", plan.planner.kind in {"offline", "curated"}
    contradicts = question.reason == "unclear" and question.id in plan.data
    if not ours or not contradicts or kept in plan.data:
        return {}
    return {kept: plan.data[question.id]}


def _kind(plan: Plan, question: Question) -> str:
    """Return the data type of what is asked; nothing where no input is."""
    action = plan.action(question.action_id)
    wanted = action.blueprint.input(question.input) if action else None
    return wanted.data_type if wanted is not None else ""


def _several(question: Question, text: str) -> str:
    """Return what several values of one multi-select picklist mean, as the org writes them."""
    parts = [each for each in text.split(";") if each.strip()]
    return ";".join(str(_value(question, each, truth=False)) for each in parts or [text])


def _named(
    questions: Sequence[Question], answers: Mapping[str, str] | str
) -> Iterator[tuple[str, str]]:
    """Yield each answer with the id of its question; a question is answered once."""
    if isinstance(answers, str):
        if len(questions) != 1:
            what = f"{answers[:_SHOWN]!a} does not say which question it answers."
            raise _unasked(what if questions else "Nothing is asked.", questions)
        yield questions[0].id, answers
        return
    seen: set[str] = set()
    for name, text in answers.items():
        if name.strip().casefold() in seen:
            raise PayloadError(
                f"{plain_name(name)!r} is answered twice.",
                where=plain_name(name),
                code="answer_unknown",
            )
        seen.add(name.strip().casefold())
        yield name, text


def _value(question: Question, text: str, *, truth: bool) -> JsonScalar:
    """Return what an answer means.

    Args:
        question: The question.
        text: The answer.
        truth: Whether yes or no is asked.

    Raises:
        PayloadError: It means nothing the question takes.
    """
    said = text.strip()
    if not said or len(said) > _LONGEST:
        raise _unknown(question, said, "is no answer")
    found = _chosen(question.candidates, said)
    if not found and question.input == "blueprint":
        found = _by_stems(question.candidates, said)
    if len(found) == 1:
        return found[0].value
    if found:
        raise _unknown(question, said, "could be several of them", found)
    if truth and not question.candidates:
        return _truth(question, said)
    if _takes_others(question, said):
        return said
    raise _unknown(question, said, "is none of them")


def _truth(question: Question, said: str) -> bool:
    word = said.casefold()
    if word not in _YES | _NO:
        raise _unknown(question, said, "is neither yes nor no")
    return word in _YES


def _chosen(candidates: Sequence[Candidate], said: str) -> list[Candidate]:
    """Return the candidates an answer may mean: the surest way of meaning one counts."""
    word = said.casefold()
    for each in (_by_value, _by_label, _by_number, _by_truth, _by_beginning):
        found = each(candidates, word)
        if found:
            return found
    return []


def _by_value(candidates: Sequence[Candidate], word: str) -> list[Candidate]:
    return [each for each in candidates if str(each.value).casefold() == word]


def _by_label(candidates: Sequence[Candidate], word: str) -> list[Candidate]:
    return [each for each in candidates if each.label.casefold() == word]


def _by_number(candidates: Sequence[Candidate], word: str) -> list[Candidate]:
    """Return the candidate at a number as shown: from 1 on, with a point or brackets around it or without."""
    digits = word.strip("#().")
    at = (
        int(digits)
        if digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER
        else 0
    )
    return [candidates[at - 1]] if 1 <= at <= len(candidates) else []


def _by_truth(candidates: Sequence[Candidate], word: str) -> list[Candidate]:
    """Return the candidate that is yes or no; with a single one, yes is that one."""
    if word not in _YES | _NO:
        return []
    truth = word in _YES
    found = [each for each in candidates if each.value is truth]
    found = found or [each for each in candidates if _says(each, _YES if truth else _NO)]
    return found or list(candidates) if truth and len(candidates) == 1 else found


def _says(candidate: Candidate, words: frozenset[str]) -> bool:
    return pieces(candidate.label)[:1] in {(each,) for each in words}


def _by_beginning(candidates: Sequence[Candidate], word: str) -> list[Candidate]:
    """Return the candidates whose label, or else any of its words, begins with an answer."""
    begun = [each for each in candidates if each.label.casefold().startswith(word)]
    wanted = pieces(word)
    return begun or [each for each in candidates if wanted and _holds(pieces(each.label), wanted)]


def _by_stems(candidates: Sequence[Candidate], word: str) -> list[Candidate]:
    """Return the candidates whose label or key says every word in some form: ``closed won`` is to close it as won."""
    wanted = set(stems(word))
    told = ((each, f"{each.label} {each.value}".replace("_", " ")) for each in candidates)
    return [each for each, text in told if wanted and wanted <= set(stems(text))]


def _holds(words: Sequence[str], wanted: Sequence[str]) -> bool:
    starts = range(len(words) - len(wanted) + 1)
    return any(tuple(words[at : at + len(wanted)]) == tuple(wanted) for at in starts)


def _takes_others(question: Question, said: str) -> bool:
    """Tell whether a question takes an answer that is none of its candidates.

    Whatever has no candidates takes any value. A record may be another than the ones that come near, by its id or its
    name; a picklist, a blueprint and yes or no are what was offered.
    """
    if not question.candidates or len(question.candidates) >= _MOST_OFFERED:
        return True
    if question.input == "blueprint":
        return False
    records = all(
        isinstance(each.value, str) and is_record_id(each.value) for each in question.candidates
    )
    return records and not (said.isdigit() and len(said) <= _LONGEST_NUMBER)


def _unasked(what: str, questions: Sequence[Question]) -> PayloadError:
    open_ones = "; ".join(f"{each.id} ({_brief(each)})" for each in questions)
    return PayloadError(
        what,
        where="answers",
        hint=f"Open: {open_ones}." if questions else "The plan has no open question.",
        code="answer_unasked",
    )


def _brief(question: Question) -> str:
    """Return a question in a few words: what it says about ``-d`` is left out, and it is cut between words."""
    text = question.text.partition(" Answer with -d ")[0]
    shown = inert(text, limit=_SHOWN)
    return f"{shown[:-1].rpartition(' ')[0]}…" if shown.endswith("…") else shown


def _told(candidate: Candidate, *, apart: bool) -> str:
    """Return a candidate's label, with its value where another one reads the same."""
    label = inert(candidate.label, limit=_SHOWN)
    return f"{label} {inert(str(candidate.value), limit=_SHOWN)}" if apart else label


def _unknown(
    question: Question, said: str, what: str, among: Sequence[Candidate] | None = None
) -> PayloadError:
    offered = question.candidates if among is None else among
    places = {id(each): at for at, each in enumerate(question.candidates, 1)}
    labels = Counter(each.label for each in question.candidates)
    shown = [
        f"{places[id(each)]} {_told(each, apart=labels[each.label] > 1)}"
        for each in offered[:_MOST_SHOWN]
    ]
    more = f", and {len(offered) - _MOST_SHOWN} more" if len(offered) > _MOST_SHOWN else ""
    return PayloadError(
        f"{said[:_SHOWN]!a} {what}.",
        where=question.id,
        hint=f"Answer with one of: {', '.join(shown)}{more}." if shown else "Answer in a word.",
        code="answer_unknown",
    )
