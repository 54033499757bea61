"""Notices: what a worker tells the people who operate it, one line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from actwright.inert import inert

What = Literal[
    "started",
    "took",
    "left",
    "held",
    "escalated",
    "trouble",
    "sealed",
    "exported",
    "stopping",
    "stopped",
]
"""
- ``started``, ``stopping``, ``stopped``: the worker itself.
- ``took``: it drives a run now.
- ``left``: the run ended, waits, is paused, or was handed back.
- ``held``: the run cannot be driven here for now, and is looked at again later.
- ``escalated``: the run has waited or been paused for too long, or nobody decided an objection in its window.
- ``trouble``: the store, the queue or the org cannot be used; the worker tries again by itself.
- ``sealed``: the heads of all runs were sealed.
- ``exported``: a day's runs were copied to where `daily_export` says.
"""

_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing worth telling.

    Attributes:
        what: The kind of thing.
        text: A sentence about it, inert.
        run_id: The run it is about, where it is about one.
        status: The run's status then.
    """

    what: What
    text: str = ""
    run_id: str = ""
    status: str = ""

    @property
    def line(self) -> str:
        """It as a line for people."""
        told = (self.what, self.run_id, self.status, inert(self.text, limit=_LONGEST))
        return "  ".join(each for each in told if each)

    def document(self) -> dict[str, str]:
        """Return it as JSON-ready data."""
        return {
            "event": self.what,
            "run": self.run_id,
            "status": self.status,
            "text": inert(self.text, limit=_LONGEST),
        }


Tell: TypeAlias = Callable[[Notice], None]
"""Told each notice as it happens, on the worker's own thread."""
