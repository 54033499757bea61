"""Documents whose text is kept in the blob store, looked at one by one: it must be there, as it was kept."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.errors import ActwrightError, DocumentLostError
from actwright.runs.keeping.references import REFERRING, references
from actwright.runs.keeping.verification import Fault
from actwright.runs.record.offloading import Offloading
from actwright.store.database import Database, Row
from actwright.store.offloading import OFFLOADED

_MARK = f'{{"{OFFLOADED}":'
_REFERS = f"substr(body, 1, {len(_MARK)}) = ?"
"""Of a long body a server unpacks no more than that."""

_ALL = f"SELECT kind, id, body FROM document WHERE {_REFERS} ORDER BY seq"  # noqa: S608 - our own names
_ONE = f"SELECT kind, id, body FROM document WHERE kind = ? AND id = ? AND {_REFERS}"  # noqa: S608 - our own names


def lost_documents(
    database: Database, offloading: Offloading, run_id: str | None
) -> Iterator[Fault]:
    """Yield a fault for each document that is not in the blob store as it was kept.

    Args:
        database: The store.
        offloading: Where large documents are.
        run_id: Only those this run refers to; all of them where left out.

    Raises:
        StoreError: The store cannot be read.
    """
    rows = _all(database) if run_id is None else _of_run(database, offloading, run_id)
    for kind, key, held in rows:
        try:
            offloading.whole(held, where=f"the {kind} {key}")
        except DocumentLostError as error:
            yield Fault(what=str(error), document=key)


def _all(database: Database) -> list[Row]:
    with database.read() as transaction:
        return transaction.execute(_ALL, (_MARK,)).fetchall()


def _of_run(database: Database, offloading: Offloading, run_id: str) -> Iterator[Row]:
    marks = ", ".join("?" * len(REFERRING))
    with database.read() as transaction:
        events = transaction.execute(
            f"SELECT seq, kind, data FROM journal WHERE run_id = ? AND kind IN ({marks}) ORDER BY seq",  # noqa: S608 - our own names
            (run_id, *REFERRING),
        ).fetchall()
    # No transaction is open while the blob store is asked: it may be slow, and connections are few.
    for named in _named(events, offloading, run_id):
        with database.read() as transaction:
            rows = transaction.execute(_ONE, (*named, _MARK)).fetchall()
        yield from rows


def _named(events: list[Row], offloading: Offloading, run_id: str) -> Iterator[tuple[str, str]]:
    """Yield kind and id of each document that events name, once; an event that is lost names none."""
    found: dict[tuple[str, str], None] = {}
    for seq, kind, text in events:
        try:
            data = offloading.read(text, run_id=run_id, seq=seq)
        except ActwrightError:
            continue
        found |= dict.fromkeys(references(kind, data))
    yield from found
