"""Bad replies as cases of a suite: what a model or its service does wrong, and what must come of it in the gate."""

from __future__ import annotations

import re

from actwright.errors import DocumentError
from actwright.regression.suite.suite import SuiteCase
from actwright.testing.bad_replies import ASKS, BAD_REPLIES, RECOVERS, BadReply
from actwright.testing.goals import Expectation, ExpectedAction, ExpectedQuestion

BAD_REPLY = "bad-reply"
"""The tag of these cases."""

_BY_NAME = {each.name: each for each in BAD_REPLIES}
_NO_WORD = re.compile(r"[^a-z0-9]+")
_LONGEST_ID = 60
_RECOVERED = Expectation(
    actions=(
        ExpectedAction(
            blueprint=("UpdateOpportunityStage",),
            arguments={"Id": "Opportunity: Acme Renewal", "StageName": "Closed Won"},
        ),
    )
)
_ASKED = Expectation(questions=(ExpectedQuestion(id=("a2.Subject",)),))


def bad_case(name: str, place: str) -> SuiteCase:
    """Return the case that a bad reply of the library becomes.

    Args:
        name: Its name in the library.
        place: Where the suite names it.

    Raises:
        DocumentError: The library has none of that name, or nobody answers there and nothing can be recorded.
    """
    bad = _BY_NAME.get(name)
    if bad is None:
        raise unknown("bad reply", name, place, "The library of bad replies has no such name.")
    if bad.script is None:
        hint = "Nobody answers there, so nothing can be recorded; a test of its own holds it."
        raise unknown("recorded reply", name, place, hint)
    return SuiteCase(
        id=bad_case_id(name),
        goal=bad.goal,
        kind="hostile",
        expect=_expected(bad),
        failure=bad.expected if bad.expected.startswith("model_") else None,
        replies=bad.script,
        tags=(BAD_REPLY,),
        seconds=bad.seconds,
        place=place,
    )


def bad_case_id(name: str) -> str:
    """Return the id of the case that a bad reply becomes."""
    return f"bad-{_NO_WORD.sub('-', name.casefold()).strip('-')}"[:_LONGEST_ID].rstrip("-")


def unknown(what: str, name: str, place: str, hint: str) -> DocumentError:
    """Return the error about something a suite names that is not there."""
    return DocumentError(
        f"There is no {what} {name[:80]!r}.", where=place, hint=hint, code="case_unknown"
    )


def _expected(bad: BadReply) -> tuple[Expectation, ...]:
    if bad.expected == RECOVERS:
        return (_RECOVERED,)
    if bad.expected == ASKS:
        return (_ASKED,)
    if bad.expected.startswith("model_"):
        return ()
    return (Expectation(refusal=(bad.expected,)),)
