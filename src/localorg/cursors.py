"""Query results that did not fit one answer, kept until they are fetched."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from localorg.errors import ApiError

BATCH: Final = 2000
"""Rows in one answer, and the most that may be asked for."""

SMALLEST: Final = 200
"""The fewest rows in one answer that may be asked for."""

_KEPT: Final = 20


@dataclass(frozen=True, slots=True)
class _Result:
    """The records of one query, whose they are, and how many go into one answer."""

    owner: str
    records: Sequence[Mapping[str, object]]
    batch: int

    def holds(self, start: str) -> bool:
        """Tell whether a text is the place of one of the records."""
        return start.isdecimal() and int(start) < len(self.records)

    def batch_from(self, path: str, key: str, start: int) -> dict[str, object]:
        """Return the answer that begins at a place."""
        end, total = start + self.batch, len(self.records)
        answer: dict[str, object] = {"totalSize": total, "done": end >= total}
        if end < total:
            answer["nextRecordsUrl"] = f"{path}/{key}-{end}"
        return answer | {"records": self.records[start:end]}


@dataclass
class Cursors:
    """The open results of this process, the oldest dropped first."""

    _open: OrderedDict[str, _Result] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def first(
        self, user_id: str, path: str, records: Sequence[Mapping[str, object]], batch: int = BATCH
    ) -> dict[str, object]:
        """Answer with the first batch; ``path`` is the resource under which the others lie."""
        result = _Result(user_id, records, batch)
        if len(records) <= batch:
            return {"totalSize": len(records), "done": True, "records": records}
        key = "01g" + secrets.token_hex(6)
        with self._lock:
            self._open[key] = result
            while len(self._open) > _KEPT:
                self._open.popitem(last=False)
        return result.batch_from(path, key, 0)

    def further(self, user_id: str, path: str, locator: str) -> dict[str, object]:
        """Answer with the batch a locator names.

        Raises:
            ApiError: The locator is unknown, dropped, or somebody else's.
        """
        key, _, start = locator.partition("-")
        with self._lock:
            result = self._open.get(key)
        if result is None or result.owner != user_id or not result.holds(start):
            raise ApiError(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        return result.batch_from(path, key, int(start))
