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
"""Rows in one answer."""

_KEPT: Final = 20


@dataclass
class Cursors:
    """The open results of this process, the oldest dropped first."""

    _open: OrderedDict[str, tuple[str, Sequence[Mapping[str, object]]]] = field(
        default_factory=OrderedDict
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def first(
        self, user_id: str, path: str, records: Sequence[Mapping[str, object]]
    ) -> dict[str, object]:
        """Answer with the first batch; ``path`` is the resource under which the others lie."""
        if len(records) <= BATCH:
            return {"totalSize": len(records), "done": True, "records": records}
        key = "01g" + secrets.token_hex(6)
        with self._lock:
            self._open[key] = (user_id, records)
            while len(self._open) > _KEPT:
                self._open.popitem(last=False)
        return _batch(path, key, 0, records)

    def further(self, user_id: str, path: str, locator: str) -> dict[str, object]:
        """Answer with the batch a locator names.

        Raises:
            ApiError: The locator is unknown, dropped, or somebody else's.
        """
        key, _, start = locator.partition("-")
        with self._lock:
            owner, records = self._open.get(key, ("", ()))
        if owner != user_id or not start.isdecimal() or int(start) >= len(records):
            raise ApiError(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        return _batch(path, key, int(start), records)


def _batch(
    path: str, key: str, start: int, records: Sequence[Mapping[str, object]]
) -> dict[str, object]:
    end = start + BATCH
    answer: dict[str, object] = {"totalSize": len(records), "done": end >= len(records)}
    if end < len(records):
        answer["nextRecordsUrl"] = f"{path}/{key}-{end}"
    return answer | {"records": records[start:end]}
