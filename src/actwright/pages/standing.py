"""How a run stands, in a few words for people, and the tone to say them in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["good", "open", "doubt", "bad"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a run stands.

    Attributes:
        word: In a few words.
        tone: ``good`` is done, ``open`` goes on, ``doubt`` wants somebody to look, ``bad`` has failed.
    """

    word: str
    tone: Tone


def standing(
    status: str,
    waiting_for: str = "",
    *,
    in_part: bool = False,
    in_doubt: bool = False,
    stalled: bool = False,
    over: bool = False,
) -> Standing:
    """Return how a run stands.

    Args:
        status: Its status.
        waiting_for: What it needs, where it waits or is paused.
        in_part: Whether it ended with some of its effects carried out.
        in_doubt: Whether nobody knows what became of something it sent.
        stalled: Whether nothing moves although something should.
        over: Whether it has only its end to come, which nobody carries out yet.
    """
    if over:
        return Standing("about to end", "doubt")
    if status in {"waiting", "paused"}:
        return Standing(_held(status, waiting_for, in_doubt=in_doubt, stalled=stalled), "doubt")
    if status == "running" and stalled:
        return Standing("stalled, in doubt" if in_doubt else "stalled", "doubt")
    if status == "failed" and in_part:
        return Standing("partly done", "doubt")
    doubt = ", in doubt" if in_doubt else ""
    return Standing(f"{status}{doubt}", _TONES.get(status, "bad"))


def _held(status: str, waiting_for: str, *, in_doubt: bool, stalled: bool) -> str:
    """Return what holds a run; a doubt comes before a failure, since it has to be cleared up first."""
    if stalled:
        return "stalled, in doubt" if in_doubt else f"{status}, stalled"
    if in_doubt and waiting_for in {"retry", "clarification"}:
        return f"{status}, in doubt"
    word = _HELD.get((status, waiting_for), status)
    return f"{word}, in doubt" if in_doubt else word


def left_out_in_words(done: int, total: int) -> str:
    """Return how much of what there was to do a run did that came to its end without the rest; nothing where it did all.

    Args:
        done: How many effects it carried out.
        total: How many there were.
    """
    return f"{done:,} of {total:,} effects; the rest was left out" if done < total else ""


_TONES: dict[str, Tone] = {
    "queued": "open",
    "running": "open",
    "completed": "good",
    "cancelled": "doubt",
    "aborted": "bad",
    "failed": "bad",
}
_HELD = {
    ("waiting", "confirmation"): "waiting for a yes",
    ("waiting", "override"): "waiting for approvers",
    ("paused", "retry"): "paused: what next?",
    ("paused", "clarification"): "paused, in doubt",
    ("paused", "override"): "paused by an objection",
    ("paused", "confirmation"): "paused for a yes",
}
