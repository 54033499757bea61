"""Questions to the person, and how each is answered."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.plan import Candidate, Question, QuestionReason
from actwright.planning.words.lookups import Match

_LONGEST = 600
_SHOWN_WORDS = 80


def question(
    action_id: str,
    wanted: ActionInput,
    reason: QuestionReason,
    what: str,
    candidates: Sequence[Candidate] = (),
) -> Question:
    """Return the question for one input of one action.

    Args:
        action_id: The action it is about.
        wanted: The input whose value is open.
        reason: Why it is open.
        what: What happened, in one sentence.
        candidates: Possible answers.
    """
    name = f"{action_id}.{wanted.api_name}"
    text = f"{what} Answer with -d {name}={_example(wanted, candidates)}."
    return Question(
        id=name,
        action_id=action_id,
        input=wanted.api_name,
        reason=reason,
        text=text[:_LONGEST],
        candidates=tuple(candidates),
    )


def missing(label: str, wanted: ActionInput) -> str:
    """Return the sentence for a required value nobody gave."""
    return f"{label} needs a value for {wanted.label}."


def ambiguous(words: str, count: int) -> str:
    """Return the sentence for words that name several records."""
    return f"{words[:_SHOWN_WORDS]!r} names {count} records."


def not_found(words: str, labels: Sequence[str]) -> str:
    """Return the sentence for words that name no record."""
    kinds = " or ".join(dict.fromkeys(each.lower() for each in labels)) or "record"
    return f"No {kinds} is called {words[:_SHOWN_WORDS]!r}, or you may not see it."


def as_candidates(matches: Sequence[Match]) -> tuple[Candidate, ...]:
    """Return records as possible answers: the id to answer with, the name to choose by."""
    return tuple(Candidate(value=each.id, label=each.label) for each in matches)


def _example(wanted: ActionInput, candidates: Sequence[Candidate]) -> str:
    if candidates:
        return "ONE-OF-THE-CANDIDATES"
    return "ID-OR-NAME" if wanted.data_type in {"Id", "Reference"} else "VALUE"
