"""Answers: words that are as a whole a yes or a no to a plan, and ask for no change of it."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.planning.words.text import Token

_YES = (
    "y|yes|yes please|yep|yeah|ok|okay|sure|fine|good|great|perfect|lgtm|all good|looks good|looks fine|looks right"
    "|that looks good|looks good to me|sounds good|do it|do this|do that|do so|do everything|do all of it|go"
    "|go ahead|go for it|confirm|confirm it|confirmed|approve|approve it|approved"
)
_NO = (
    "n|no|nope|no thanks|no way|nothing|not now|never mind|nevermind|forget about it|don't|don't do it"
    "|don't do this|do nothing|leave it|reject|reject it|rejected|cancel|stop|abort"
)
_ENDING = ("cancel", "stop", "abort", "drop", "skip", "forget")
_ALL = "it|this|that|all|everything|all of it|the plan|the whole plan|the whole thing"

_ANSWERS = {
    **dict.fromkeys((tuple(each.split()) for each in _YES.split("|")), True),
    **dict.fromkeys((tuple(each.split()) for each in _NO.split("|")), False),
    **dict.fromkeys(((verb, *all_.split()) for verb in _ENDING for all_ in _ALL.split("|")), False),
}


def said_answer(tokens: Sequence[Token]) -> bool | None:
    """Return whether words are as a whole a yes or a no to the plan as it is; None where they are neither.

    Args:
        tokens: All words that were said.
    """
    said = [each for each in tokens if each.kind != "symbol"]
    if any(each.kind == "quoted" for each in said):
        return None
    return _ANSWERS.get(tuple(each.key for each in said))
