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
) -> Standing:
    """Return how a run stands.

    Args:
        status: Its status.
        waiting_for: What it needs, where it waits or is paused.
        in_part: Whether it ended with some of its effects carried out.
        in_doubt: Whether nobody knows what became of something it sent.
        stalled: Whether nothing moves although something should.
    """
    if status in {"waiting", "paused"}:
        return _HELD.get((status, waiting_for), Standing(status, "doubt"))
    if status == "running" and stalled:
        return Standing("stalled, in doubt" if in_doubt else "stalled", "doubt")
    if status == "failed" and in_part:
        return Standing("partly done", "doubt")
    return Standing(status, _TONES.get(status, "bad"))


_TONES: dict[str, Tone] = {
    "queued": "open",
    "running": "open",
    "completed": "good",
    "cancelled": "doubt",
    "aborted": "bad",
    "failed": "bad",
}
_HELD = {
    ("waiting", "confirmation"): Standing("waiting for a yes", "doubt"),
    ("waiting", "clarification"): Standing("waiting for an answer", "doubt"),
    ("waiting", "override"): Standing("waiting for approvers", "doubt"),
    ("paused", "retry"): Standing("paused: what next?", "doubt"),
    ("paused", "clarification"): Standing("paused, in doubt", "doubt"),
    ("paused", "override"): Standing("paused by an objection", "doubt"),
    ("paused", "confirmation"): Standing("paused for a yes", "doubt"),
}
