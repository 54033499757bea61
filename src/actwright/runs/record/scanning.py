"""Reading the whole journal: page by page in the order of runs and events, however long it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from actwright.store.database import Row, Transaction

_PAGE = 1_000


def pages(
    opening: Callable[[], AbstractContextManager[Transaction]],
    columns: str,
    *,
    run_id: str | None = None,
    size: int = _PAGE,
) -> Iterator[list[Row]]:
    """Yield the rows of the journal, of one run or of all; the reader is free again between two pages.

    Args:
        opening: Opens a transaction for one page; each page sees what was committed when it is read.
        columns: What to read; ``run_id, seq`` come first.
        run_id: Only this run.
        size: How many rows a page has at most.
    """
    only = "" if run_id is None else "run_id = ? AND "
    fixed = () if run_id is None else (run_id,)
    last: tuple[str, int] = ("", 0)
    while True:
        with opening() as transaction:
            page = transaction.execute(
                f"SELECT {columns} FROM journal WHERE {only}(run_id, seq) > (?, ?) "  # noqa: S608 - our own names
                "ORDER BY run_id, seq LIMIT ?",
                (*fixed, *last, size),
            ).fetchall()
        if page:
            yield page
        if len(page) < size:
            return
        last = (page[-1][0], page[-1][1])
