"""A verification: what was looked at, and every fault that was found, each with its first bad event."""

from __future__ import annotations

from actwright.contract import Contract


class Fault(Contract):
    """What is wrong with one run, with one seal, or with one document kept in the blob store."""

    what: str
    """In words, naming the event."""
    run_id: str | None = None
    seal: int | None = None
    document: str | None = None
    """Its id."""

    def __str__(self) -> str:
        if self.run_id is not None:
            return f"{self.run_id}: {self.what}"
        return self.what if self.seal is None else f"seal {self.seal} {self.what}"


class Verification(Contract):
    """What came of verifying one run, or all of them and the seals."""

    runs: int
    """Runs looked at."""
    events: int
    """Events looked at."""
    archived: int
    """Runs that were moved out to a file."""
    seals: int
    """Seals looked at."""
    sealed_at: str | None
    """When the newest seal was made."""
    sealed_events: int
    """Events that a seal covers."""
    faults: tuple[Fault, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults
