"""The arguments of a repeated action, row by row: what all rows share, and what each row gives itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from actwright.actions.implementation import ResolvedArgument
from actwright.blueprints.argument import FromArgument
from actwright.blueprints.blueprint import ActionInput
from actwright.canonical import decimal_text
from actwright.checkpoints.resolving.arguments import ResolvedAction
from actwright.checkpoints.resolving.rows import Binding, BoundRow, is_row_bound
from actwright.checkpoints.resolving.typed_values import TypedValues
from actwright.errors import ActwrightError, InputError, NotFoundError, ValueInvalidError
from actwright.guardrails.issue import Issue
from actwright.inert import inert
from actwright.org.provenance import Provenance
from actwright.org.query import JsonScalar
from actwright.org.value import FieldValue

_ID = "id"
_LONGEST_SOURCE = 300


@dataclass(slots=True)
class RowFaults:
    """What is wrong with rows: the first row of each kind of fault in full, the others counted."""

    resolved: ResolvedAction
    first: dict[tuple[str, str | None], Issue] = field(default_factory=dict)
    more: dict[tuple[str, str | None], int] = field(default_factory=dict)

    def add(self, row: BoundRow, error: ActwrightError, field_name: str | None) -> None:
        """Note what is wrong with one row."""
        key = (error.error_code, field_name)
        if key in self.first:
            self.more[key] = self.more.get(key, 0) + 1
            return
        name = inert(row.name or row.id or "", limit=80)
        self.first[key] = Issue(
            code=error.error_code,
            action_id=self.resolved.action.id,
            object=self.resolved.action.blueprint.target_s_object,
            field=field_name,
            message=f"{name}: {error.message}" if name else error.message,
            hint=error.hint,
            record_id=row.id,
        )

    def issues(self) -> tuple[Issue, ...]:
        """Return one issue for each kind of fault, with how many rows have it."""
        return tuple(_counted(each, self.more.get(key, 0)) for key, each in self.first.items())


class RowArguments:
    """Gives each row of one repeated action its arguments.

    Args:
        resolved: The action, with the arguments all rows share.
        binding: Its rows.
        values: Brings what a row gives into the inputs' types.
    """

    def __init__(self, resolved: ResolvedAction, binding: Binding, values: TypedValues) -> None:
        self._resolved = resolved
        self._binding = binding
        self._values = values
        self._source = _source(binding)
        action = resolved.action
        self._inputs = [
            (each, _row_field(resolved, each))
            for each in action.blueprint.inputs
            if is_row_bound(action, each)
        ]

    def each(self, faults: RowFaults) -> Iterator[tuple[BoundRow, Mapping[str, ResolvedArgument]]]:
        """Yield every row with what it gives itself, by input; a row that gives something unfit goes to ``faults``."""
        for row in self._binding.rows:
            own: dict[str, ResolvedArgument] = {}
            sound = True
            for wanted, name in self._inputs:
                try:
                    own[wanted.api_name] = self._given(row, wanted, name)
                except (ValueInvalidError, NotFoundError) as error:
                    faults.add(row, error, wanted.field_api_name)
                    sound = False
            if sound:
                yield row, own

    def _given(self, row: BoundRow, wanted: ActionInput, name: str) -> ResolvedArgument:
        key = name.lower()
        if key == _ID and row.id is not None:
            provenance: Provenance = "lookup" if self._binding.found_by_query else "data"
            typed = self._typed(wanted, row.id, provenance)
            return typed.model_copy(update={"text": row.name}) if row.name else typed
        if key not in row.values:
            raise NotFoundError(
                f"{wanted.label} is to come from the row's {name}, which was not given.",
                hint=f"Give every row a value for {name}, or null to empty the field.",
                code="row_value_missing",
            )
        value = row.values[key]
        if wanted.required and _is_blank(value):
            raise NotFoundError(
                f"{wanted.label} is required, and the row has no {name}.",
                hint="Leave such rows out by a condition, or give the value in another way.",
                code="required_missing",
            )
        return self._typed(wanted, value, "record" if self._binding.found_by_query else "data")

    def _typed(
        self, wanted: ActionInput, value: FieldValue | float, provenance: Provenance
    ) -> ResolvedArgument:
        raw: JsonScalar = decimal_text(value) if isinstance(value, Decimal) else value
        return self._values.typed(self._resolved.action, wanted, raw, provenance, self._source)


def row_error(error: InputError) -> str | None:
    """Return the field an error of an implementation is about, or None."""
    return (error.where or "").partition(".")[2] or None


def _row_field(resolved: ResolvedAction, wanted: ActionInput) -> str:
    given = resolved.action.arguments.get(wanted.api_name)
    return (given.row_field if isinstance(given, FromArgument) else None) or "Id"


def _source(binding: Binding) -> str:
    if not binding.found_by_query:
        return binding.said[:_LONGEST_SOURCE]
    return f"{binding.for_each.object}: {binding.said}"[:_LONGEST_SOURCE]


def _is_blank(value: FieldValue | float) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _counted(issue: Issue, more: int) -> Issue:
    if not more:
        return issue
    rows = "1 more row has" if more == 1 else f"{more:,} more rows have"
    return issue.model_copy(update={"message": f"{issue.message} And {rows} the same fault."})
