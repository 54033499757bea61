"""The call: one request to the offline planner, with what was indexed and looked up for all its attempts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from actwright.blueprints.library import LibraryEntry
from actwright.planning.planner import PlanningRequest
from actwright.planning.ranking.indexes import Indexes
from actwright.planning.words.lookups import Finder


@dataclass(frozen=True)
class Call:
    """What is asked, what was indexed before, and the chosen blueprint; the org is asked each thing once."""

    request: PlanningRequest
    indexes: Indexes
    entry: LibraryEntry | None
    finder: Finder

    @classmethod
    def of_request(
        cls, request: PlanningRequest, indexes: Indexes, entry: LibraryEntry | None
    ) -> Call:
        """Return the call of a request, before any record was looked up."""
        finder = Finder(request.org, indexes.objects(request.org), indexes.fields(request.org))
        return cls(request, indexes, entry, finder)

    def about(self, request: PlanningRequest) -> Call:
        """Return the same call with other data."""
        return replace(self, request=request)
