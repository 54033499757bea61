"""Bulk: how many rows an action is repeated for today, and what is said of that before anything is planned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from actwright.blueprints.plan import ForEach, PlannedAction
from actwright.errors import InputError, PlanningError
from actwright.org.condition_words import conditions_in_words
from actwright.org.ports import OrgReader
from actwright.org.query import Condition, RecordQuery
from actwright.planning.offline.drafting import Draft
from actwright.planning.rows.row_binding import BoundRows
from actwright.planning.words.matching import FieldIndex

_LONGEST_NOTE = 500
_LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True)
class RowCounting:
    """Counts the rows of planned actions, and says them in the person's words.

    Attributes:
        org: Where the rows are.
        fields: Gives an object's fields by their words.
    """

    org: OrgReader
    fields: Callable[[str], FieldIndex]

    def counts(self, actions: Sequence[PlannedAction]) -> tuple[int | None, ...]:
        """Return how many rows each action is repeated for today; None for one that is not repeated.

        Only ids are read, and one more of them than the ceiling allows: the preview refuses what goes beyond it.

        Raises:
            PlanningError: An action has no rows, or the org cannot find them by these conditions.
            OrgError: The org cannot be asked.
        """
        wanted = tuple(dict.fromkeys(each.for_each for each in actions if each.for_each))
        found = dict(zip(wanted, self._asked(wanted), strict=True))
        for each, count in found.items():
            self._check(each, count)
        return tuple(found[each.for_each] if each.for_each else None for each in actions)

    def told(
        self, drafts: Sequence[Draft], counted: Sequence[int | None]
    ) -> Iterator[tuple[str, ...]]:
        """Yield for each action what its rows are, and how many there are today; nothing where it has none."""
        for draft, count in zip(drafts, counted, strict=True):
            if draft.rows is None or count is None:
                yield ()
            else:
                yield (self._told(draft, draft.rows, count),)

    def _told(self, draft: Draft, rows: BoundRows, count: int) -> str:
        limit = draft.action.for_each.limit if draft.action.for_each else count
        schema = self.fields(rows.object).schema
        records = f"{count:,} {schema.label if count == 1 else schema.label_plural}"
        if count > limit:
            records = f"more than {limit:,} {schema.label_plural}"
        note = (
            f"{draft.action.id} is done for {records} today: {self._words(rows.object, rows.where)}"
        )
        return "; ".join((note, *rows.asides))[:_LONGEST_NOTE]

    def _asked(self, wanted: Sequence[ForEach]) -> list[int]:
        queries = [
            RecordQuery(object=each.object, where=each.where, limit=each.limit + 1)
            for each in wanted
        ]
        try:
            return [len(rows) for rows in self.org.query(queries)] if queries else []
        except InputError as error:
            raise PlanningError(
                f"The org cannot find rows by these conditions: {error.message[:200]}",
                hint=error.hint or "Say the rows by other fields.",
                code="rows_unclear",
            ) from error

    def _check(self, rows: ForEach, count: int) -> None:
        if count == 0:
            raise PlanningError(
                f"No {self.fields(rows.object).schema.label} fits today: {self._words(rows.object, rows.where)}."
                " Nothing was planned.",
                hint="Say the records by something else, or check the names and dates.",
                code="no_rows",
            )

    def _words(self, name: str, where: Sequence[Condition]) -> str:
        user, schema = self.org.user, self.fields(name).schema
        people = {user.id: f"{user.name or user.username} (you)"}
        return conditions_in_words(schema, where, zone=user.zone, people=people)[:_LONGEST_WORDS]
