"""Lives: the rows the store holds of what came after plans, read for many plans at once and without their bodies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from actwright.checkpoints.confirmation import Confirmation
from actwright.document import validated
from actwright.errors import DocumentError
from actwright.runs.record.register import can_be_id
from actwright.store.database import Row, Transaction
from actwright.store.documents import Document

_AT_ONCE = 400
"""Ids in one statement; SQLite takes no more than 999 marks where it is old."""


@dataclass(frozen=True, slots=True)
class Later:
    """A document that came of a plan: a preview of it, or a plan it was edited into."""

    id: str
    at: str


@dataclass(frozen=True, slots=True)
class LifeRun:
    """A run that carried a plan out.

    Attributes:
        id: The run.
        status: How it stands; ``archived`` where its journal was moved out.
        since: When it started, or ended.
        ended: Whether it has ended, and the register still knows how.
        effects_done: How many effects it carried out.
        undone_by: The runs that took it back, at least in part, oldest first.
        undone_at: When the newest of those moved last.
    """

    id: str
    status: str = "archived"
    since: str = ""
    ended: bool = False
    effects_done: int = 0
    undone_by: tuple[str, ...] = ()
    undone_at: str = ""


@dataclass(slots=True)
class Life:
    """What came after one plan, each list oldest first."""

    plan_id: str
    previews: list[Later] = field(default_factory=list)
    edits: list[Later] = field(default_factory=list)
    answers: list[Confirmation] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    """The ids of answers that cannot be read."""
    runs: list[LifeRun] = field(default_factory=list)


def lives(transaction: Transaction, plan_ids: Iterable[str]) -> Mapping[str, Life]:
    """Return what came after each of these plans; plans nobody knows have an empty life.

    Raises:
        StoreError: The store cannot be read.
    """
    found = {each: Life(each) for each in plan_ids}
    known = [each for each in found if can_be_id(each)]
    of_preview: dict[str, Life] = {}
    for parent, key, at in _rows(transaction, _PREVIEWS, known):
        found[parent].previews.append(Later(key, at))
        of_preview[key] = found[parent]
    for parent, key, at in _rows(transaction, _EDITS, known):
        found[parent].edits.append(Later(key, at))
    _add_answers(transaction, of_preview)
    _add_runs(transaction, of_preview)
    return found


_OF_PARENT = (
    "SELECT parent, id, at FROM document WHERE kind = '{kind}' AND parent IN ({marks}) ORDER BY seq"
)
_PREVIEWS = _OF_PARENT.replace("{kind}", "preview")
_EDITS = _OF_PARENT.replace("{kind}", "plan")
_ANSWERS = "SELECT parent, id, body, at, seq FROM document WHERE kind = 'confirmation' AND parent IN ({marks})"
_CLAIMED = "SELECT key, holder FROM claim WHERE kind = 'preview' AND key IN ({marks})"
_RUNS = (
    "SELECT run_id, status, started_at, updated_at, ended_at, effects_done FROM run "
    "WHERE run_id IN ({marks})"
)
_UNDOERS = (
    "SELECT undoes, run_id, updated_at FROM run WHERE effects_done > 0 AND undoes IN ({marks}) "
    "ORDER BY started_at, run_id"
)


def _rows(transaction: Transaction, sql: str, keys: Collection[str]) -> Iterator[Row]:
    wanted = tuple(keys)
    for first in range(0, len(wanted), _AT_ONCE):
        some = wanted[first : first + _AT_ONCE]
        marked = sql.format(marks=", ".join("?" * len(some)))
        yield from transaction.execute(marked, some).fetchall()


def _add_answers(transaction: Transaction, of_preview: Mapping[str, Life]) -> None:
    """Add the answers to previews, oldest first; one that is damaged is named, and stops nothing."""
    rows = sorted(_rows(transaction, _ANSWERS, of_preview), key=itemgetter(-1))
    for parent, key, body, at, _ in rows:
        life, document = of_preview[parent], Document("confirmation", key, body, at)
        try:
            life.answers.append(validated(Confirmation, document.json(), where=key))
        except DocumentError:
            life.damaged.append(key)


def _add_runs(transaction: Transaction, of_preview: Mapping[str, Life]) -> None:
    """Add the runs that used a preview up, oldest first."""
    claims = _rows(transaction, _CLAIMED, of_preview)
    carried = {(of_preview[key].plan_id, holder): of_preview[key] for key, holder in claims}
    ids = tuple(dict.fromkeys(run_id for _, run_id in carried))
    runs = _runs(transaction, ids)
    for (_, run_id), life in carried.items():
        life.runs.append(runs.get(run_id, LifeRun(run_id)))
    for life in of_preview.values():
        life.runs.sort(key=lambda each: each.since)


def _runs(transaction: Transaction, ids: Sequence[str]) -> Mapping[str, LifeRun]:
    took: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for undone, by, at in _rows(transaction, _UNDOERS, ids):
        took[undone].append((by, at))
    return {
        run_id: LifeRun(
            run_id,
            status,
            ended or started,
            ended is not None,
            done or 0,
            tuple(by for by, _ in took[run_id]),
            max((at for _, at in took[run_id]), default=""),
        )
        for run_id, status, started, _, ended, done in _rows(transaction, _RUNS, ids)
    }
