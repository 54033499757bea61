"""One run of a file on its way into a store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from actwright.runs.record.chain import Link, Walk
from actwright.runs.record.event import EventKind
from actwright.runs.record.projection import Columns, changes
from actwright.runs.record.rebuilding import write_row
from actwright.store.database import Transaction

_NUMBERS = frozenset({"effects_done", "effects_total"})
_MOMENTS = frozenset({"wake_at", "deadline"})
_REQUIRED = frozenset({"status", "goal", "org", "username", "plan_id", "preview_id"})


def _fits(column: str, value: object) -> bool:
    """Tell whether a column of the register can hold a value, which somebody else's file may have put anything in."""
    if column in _NUMBERS:
        return value is None or (type(value) is int and 0 <= value < 2**63)
    if column in _MOMENTS:
        return value is None or (isinstance(value, str) and _is_moment(value))
    return isinstance(value, str) or (value is None and column not in _REQUIRED)


def _is_moment(text: str) -> bool:
    """Tell whether a text is a moment with its zone: all that waits for another would never be over."""
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


@dataclass(slots=True)
class TakenRun:
    """The events of a run, gathered until the last of them is there.

    Attributes:
        run_id: The run.
        walk: How far its chain was followed.
        line: Where in the file it begins.
        links: Its events.
        columns: What they make of its row in the register.
    """

    run_id: str
    walk: Walk
    line: int
    links: list[Link] = field(default_factory=list)
    columns: Columns = field(default_factory=dict)

    def take(self, link: Link, data: dict[str, Any]) -> bool:
        """Take one more event in, whose kind is a known one; False where its data is not that of its kind."""
        kind = cast("EventKind", link[3])
        self.links.append(link)
        try:
            moved = changes([(kind, data)], actor=link[5], at=link[2])
        except (AttributeError, TypeError, OverflowError):
            return False
        self.columns |= moved | {"seq": link[1], "hash": link[8], "updated_at": link[2]}
        return all(_fits(name, value) for name, value in moved.items())

    def write_row(self, transaction: Transaction) -> None:
        """Write its row in the register, without touching how far it is sealed."""
        write_row(transaction, self.run_id, self.columns)
