"""A steady org: nobody writes to the scene's org, so what it answered once it would answer again, and is not asked."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.org.ports import OrgReader, Record
from actwright.org.query import RecordQuery
from actwright.org.read_only import ReadOnly


class SteadyOrg(ReadOnly):
    """A reader that remembers the rows of every query.

    Args:
        org: The org to read from, as one user; nobody writes to it.
    """

    def __init__(self, org: OrgReader) -> None:
        super().__init__(org)
        self._rows: dict[RecordQuery, Sequence[Record]] = {}

    def query(self, queries: Sequence[RecordQuery]) -> Sequence[Sequence[Record]]:
        """Answer several queries, in the given order; the org is asked those that are new.

        Raises:
            InputError: A field or object does not exist for the user, or a value does not fit its field.
            OrgError: The org cannot be asked.
        """
        new = [each for each in dict.fromkeys(queries) if each not in self._rows]
        if new:
            self._rows |= zip(new, super().query(new), strict=True)
        return [self._rows[each] for each in queries]
