"""The modes of validation and duplicate rules: what an administrator switched, kept in the org's file."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Final

from localorg.database import set_meta

_PREFIX: Final = "rule:"


def switched_modes(connection: sqlite3.Connection) -> Mapping[str, str]:
    """Return the mode of every rule that was switched, by the rule's name."""
    rows = connection.execute(
        "SELECT name, value FROM localorg_meta WHERE name >= ? AND name < ?",
        (_PREFIX, _PREFIX[:-1] + chr(ord(_PREFIX[-1]) + 1)),
    )
    return {str(name).removeprefix(_PREFIX): str(value) for name, value in rows}


def switch(connection: sqlite3.Connection, name: str, mode: str) -> None:
    """Give a rule another mode, inside the running write transaction."""
    set_meta(connection, f"{_PREFIX}{name}", mode)
