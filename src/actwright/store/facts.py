"""Facts about a store, for whoever looks after it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """What a store is.

    Attributes:
        name: Where it is, without any password.
        engine: What keeps it, with its version.
        version: The version of its tables.
        bytes: How large it is on the disk.
        durable: Whether a commit survives a power cut, as far as the database says.
    """

    name: str
    engine: str
    version: int
    bytes: int
    durable: bool
