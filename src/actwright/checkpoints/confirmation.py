"""The confirmation: an answer to one digest, a person's or a grant's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field, field_validator

from actwright.checkpoints.drawn import Drawn
from actwright.contract import Contract

DEFAULT_LIFETIME = timedelta(minutes=30)
"""How long a yes may wait before the run starts."""

UNATTENDED = "unattended"
"""The approver recorded where nobody was asked: only on a local org."""

BY_GRANT = "grant:"
"""How the approver of a confirmation begins that a grant has given; no person is called so."""


class Covered(Contract):
    """That a grant covers a preview, and what of the grant that takes."""

    grant_id: str
    """The version of the grant."""
    root: str
    """Its first version, under which uses are counted."""
    drawn: Drawn
    begins: bool
    """Whether a run begins, which is a use; else a run of that grant goes on."""


class Confirmation(Contract):
    """An answer to one preview."""

    id: str = Field(pattern=r"^cnf_[0-9a-f]{20}$")
    preview_id: str
    digest: str
    approver: str
    login: str = ""
    """The login name of the account the answer was given from."""
    answer: Literal["yes", "no"]
    at: str
    expires_at: str
    key_id: str = ""
    """The id of the approver key it was signed with; empty where none was asked for."""
    grant: Covered | None = None
    """The grant it comes from, where nobody was asked."""

    @field_validator("at", "expires_at")
    @classmethod
    def _a_moment(cls, text: str) -> str:
        """Refuse what is no moment with a zone: an expiry nobody can read never lets anything start."""
        if datetime.fromisoformat(text).tzinfo is None:
            raise ValueError("a point in time needs a zone")
        return text
