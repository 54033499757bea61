"""Plannings by what their goals have in common, read by an index and without any text of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actwright.document import validated
from actwright.errors import DocumentError
from actwright.store.database import Database, Row
from actwright.store.documents import stored_json
from actwright.telemetry.log.planning import PlanningRecord

_MOST_OF_ONE = 16
"""How many plannings of one person are looked at, the newest: whoever plans much keeps nobody else's from counting."""

_LIKE = """SELECT id, body FROM planning WHERE seq IN (
    SELECT seq FROM (
        SELECT seq, row_number() OVER (PARTITION BY username ORDER BY seq DESC) AS place
        FROM planning WHERE shape = ? AND plan_id IS NOT NULL
    ) AS placed WHERE place <= ?
) ORDER BY seq DESC LIMIT ?"""


class LikePlannings:
    """Finds the plannings of goals that are alike.

    Args:
        database: The store.
        org: The org whose plannings count.
    """

    def __init__(self, database: Database, org: str) -> None:
        self._database = database
        self._org = org

    def newest(self, like: str, limit: int) -> tuple[PlanningRecord, ...]:
        """Return the newest plannings that made a plan of a goal, newest first; damaged ones are left out.

        A plan made of what a person said about another one is that one's edit, and no planning of its own.

        Args:
            like: What their goals have in common, as `Likeness` tells it.
            limit: How many are looked at.

        Raises:
            StoreError: The store cannot be read.
        """
        with self._database.read() as connection:
            rows = connection.execute(_LIKE, (like, _MOST_OF_ONE, limit)).fetchall()
        return tuple(each for each in _read(rows) if (each.org, each.call) == (self._org, "plan"))


def _read(rows: Sequence[Row]) -> Iterator[PlanningRecord]:
    for key, body in rows:
        try:
            yield validated(PlanningRecord, stored_json(body, where=key), where=key)
        except DocumentError:
            continue
