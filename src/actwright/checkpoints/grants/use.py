"""Uses: what became of a grant, one entry for each run it began, and for each wave it let go on."""

from __future__ import annotations

from actwright.checkpoints.drawn import Drawn
from actwright.contract import Contract


class GrantUse(Contract):
    """One run that a grant began, or one wave of it."""

    root: str
    """The first version of the grant, under which uses are counted."""
    grant_id: str
    """The version that said yes."""
    number: int
    """Which use it is, from 1; 0 for a wave, which is part of its run's use."""
    run_id: str
    preview_id: str
    confirmation_id: str
    at: str
    drawn: Drawn


class GrantSignature(Contract):
    """One approver's key under a grant."""

    grant_id: str
    """The version that was signed."""
    key_id: str
    name: str
    at: str


class GrantEnd(Contract):
    """The end of a grant before its time, or the moment somebody saw that its time was over."""

    grant_id: str
    by: str
    why: str
    at: str
