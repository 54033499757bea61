"""What became of a run that had not ended, when somebody asked for recovery."""

from __future__ import annotations

from typing import Literal

from actwright.contract import Contract

Became = Literal[
    "continued", "to_continue", "in_doubt", "waiting", "paused", "busy", "foreign", "failed"
]
"""
- ``continued``: it was carried on, and its status says how far.
- ``to_continue``: it would be, were this not a dry run.
- ``in_doubt``: nobody can say what became of a step; a person has to. Where it was not that before, it was carried on.
- ``waiting``, ``paused``: it needs a person; nothing was done.
- ``busy``: another process carries it out.
- ``foreign``: it belongs to another org or another person.
- ``failed``: it could not be carried on, and stands as it stood.
"""


class Recovered(Contract):
    """One unfinished run, and what became of it."""

    run_id: str
    goal: str
    user: str
    """Whose rights count."""
    was: str
    """Its status before."""
    became: Became
    status: str
    """Its status now."""
    reason: str = ""
    """Why it stands as it does, in a sentence."""
    hint: str | None = None
    """What a person can do next."""
