"""Promises: what an override that acts by itself says it will do, in the words of the question."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.inert import inert
from actwright.org.effect import Effect

_MOST_HANDED = 6


def acting_sentence(effect: Effect, handed: Sequence[str]) -> str:
    """Return what an override promises, what it is handed, and that nobody can check it, or take it back but itself.

    Args:
        effect: What it promises.
        handed: Its arguments in words.
    """
    label = inert(effect.object_label or effect.object, limit=80)
    more = len(handed) - _MOST_HANDED
    further = f", and {more} more" if more > 0 else ""
    given = f"It is handed {', '.join(handed[:_MOST_HANDED])}{further}; it" if handed else "It"
    promised = spoken_promises(effect.promises)
    let = f"Let {label} act by itself: {promised}. {given}"
    if effect.compensation:
        return f"{let} cannot be checked; {inert(effect.compensation, limit=200)}."
    return f"{let} can be neither checked nor taken back."


def spoken_promises(promises: Sequence[str]) -> str:
    """Return promises as parts of one sentence, without their full stops."""
    return "; ".join(inert(each, limit=300).rstrip(" .;") or "nothing" for each in promises)
