"""What is previewed later, in words: the actions, and what they wait for."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.checkpoints.preview import Awaited, Later
from actwright.inert import inert

_MOST_NAMED = 5


def later_sentence(later: Sequence[Later]) -> str:
    """Return in a sentence what comes later, and that a person is asked again."""
    waits = list(dict.fromkeys(_output(each) for one in later for each in one.waits_for))
    known = f"when {_listed(waits)} {'is' if len(waits) == 1 else 'are'} known"
    return f"Then, {known}: {named_later(later)}; you are asked again."


def later_line(later: Later) -> str:
    """Return one action that comes later, with what it waits for input by input."""
    waits = [f"{inert(each.label, limit=80)} from {_output(each)}" for each in later.waits_for]
    after = f"after {', '.join(later.after)}" if later.after else ""
    told = "; ".join(
        each for each in ("waits for " + ", ".join(waits) if waits else "", after) if each
    )
    return f"{_called(later)}: {told}"


def named_later(later: Sequence[Later]) -> str:
    """Return the actions by name and id; of many, the first and how many more."""
    return _listed([_called(each) for each in later])


def _called(later: Later) -> str:
    return f"{inert(later.label, limit=80)} ({later.action_id})"


def _output(awaited: Awaited) -> str:
    return f"{awaited.output} of {awaited.action_id}"


def _listed(names: Sequence[str]) -> str:
    shown, more = list(names[:_MOST_NAMED]), len(names) - _MOST_NAMED
    if more > 0:
        return f"{', '.join(shown)} and {more:,} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
