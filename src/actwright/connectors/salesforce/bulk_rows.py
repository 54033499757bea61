"""The rows of a bulk job as CSV: written exactly, and read back out of its results."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from actwright.canonical import decimal_text
from actwright.connectors.salesforce.draft import Draft
from actwright.connectors.salesforce.soql import Describer
from actwright.errors import InputError, OrgProtocolError, RefusedError, ValueInvalidError
from actwright.inert import inert
from actwright.org.batch import JOB_NULL, Verb, verb_of
from actwright.org.effect import Effect, EffectGroup
from actwright.org.outcome import Fault
from actwright.org.schema import ObjectSchema
from actwright.org.value import in_family

MOST_BYTES = 100_000_000
"""The most a job takes; base64, in which the org keeps it, makes 150 million of it."""

OPERATIONS: Final[Mapping[Verb, str]] = {"POST": "insert", "PATCH": "update", "DELETE": "delete"}
"""What a job is told to do with its rows."""

_ERROR = re.compile(r"([A-Z][A-Z0-9_]*):(.*):([^:]*?)\s*--", re.DOTALL | re.ASCII)


@dataclass(frozen=True, slots=True)
class JobRows:
    """A job's rows in order, all with the same columns.

    ``cells`` holds, by effect id, what stands in its row.
    """

    schema: ObjectSchema
    verb: Verb
    columns: tuple[str, ...]
    cells: Mapping[str, tuple[str, ...]]

    def csv(self) -> bytes:
        """Return the rows as CSV: UTF-8, commas, line feeds, a header, every cell in quotes.

        Raises:
            RefusedError: They are more than one job takes.
        """
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(self.columns)
        writer.writerows(self.cells.values())
        content = text.getvalue().encode()
        if len(content) > MOST_BYTES:
            raise RefusedError(
                f"The rows take {len(content)} bytes; one bulk job takes {MOST_BYTES}.",
                where=self.schema.name,
                hint="Split the plan.",
                code="too_many_writes",
            )
        return content


def job_rows(group: EffectGroup, describe: Describer) -> JobRows:
    """Return a group's effects as the rows of one job.

    Args:
        group: Effects of one object and one operation, linked to nothing.
        describe: Looks the object up.

    Raises:
        InputError: A name, an id or a value does not fit, or the effects are not alike.
        RefusedError: An upsert would create a record, and the org would not notice one with the same key.
    """
    verbs = {(each.object, verb_of(each)) for each in group.effects}
    if len(verbs) > 1:
        raise InputError(
            "A bulk job writes one object in one way.",
            where=f"group {group.id}",
            hint="Put the others into transactions of their own.",
        )
    ((name, verb),) = verbs
    schema = describe(name)
    found = {each.id: _cells(each, schema) for each in group.effects}
    columns = tuple(dict.fromkeys(column for cells in found.values() for column in cells))
    rows = {key: tuple(cells.get(each, "") for each in columns) for key, cells in found.items()}
    return JobRows(schema, verb, columns, rows)


def _cells(effect: Effect, schema: ObjectSchema) -> dict[str, str]:
    content = Draft(effect, schema, effect.id, {}, lambda *_: "").content()
    cells = {"Id": content.record_id} if content.record_id else {}
    for name in content.values:
        change = effect.change(name)
        found = schema.field(name)
        if change is not None and found is not None:
            value = in_family(change.after, found.family)
            exact = value if isinstance(value, Decimal) else content.values[name]
            cells[name] = _cell(exact, f"{effect.id}: {schema.name}.{name}")
    return cells


def _cell(value: object, where: str) -> str:
    """Return a value as a cell, which is read back as that very value; an empty cell would leave the field alone."""
    if value is None:
        return JOB_NULL
    if isinstance(value, bool):
        return "true" if value else "false"
    text = decimal_text(value) if isinstance(value, Decimal) else str(value)
    if text == JOB_NULL:
        raise ValueInvalidError(
            f"A bulk job reads {JOB_NULL} as no value at all.",
            where=where,
            hint="Write it differently.",
        )
    return text


@dataclass
class RowResults:
    """Finds out which effect each row of a job's results stands for.

    A record's id tells, and where there is none yet, the very cells of the row: rows alike are as good as each other.
    """

    rows: JobRows
    _open: dict[tuple[str, ...], list[str]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        waiting: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for effect_id, cells in self.rows.cells.items():
            waiting[self._key(cells)].append(effect_id)
        self._open = {key: each[::-1] for key, each in waiting.items()}

    @property
    def complete(self) -> bool:
        """Whether each row has been found."""
        return not any(self._open.values())

    def read(self, content: bytes) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Yield effect id and cells for each row of one kind of results.

        Raises:
            OrgProtocolError: It is no such CSV, or holds a row nobody sent, or one twice.
        """
        try:
            reader = csv.DictReader(
                io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True
            )
            for row in reader:
                if None in row or None in row.values():
                    raise OrgProtocolError("A row of a bulk job's results has other columns.")
                yield self._taken(row), row
        except (csv.Error, UnicodeDecodeError) as error:
            raise OrgProtocolError("A bulk job's results are no CSV.") from error

    def _taken(self, row: Mapping[str, str]) -> str:
        cells = tuple(row.get(each, "") for each in self.rows.columns)
        waiting = self._open.get(self._key(cells))
        if not waiting:
            raise OrgProtocolError("A bulk job's results hold a row nobody sent, or one twice.")
        return waiting.pop()

    def _key(self, cells: Sequence[str]) -> tuple[str, ...]:
        """Return what makes a row one's own: the record's id, else all its cells."""
        if self.rows.columns[0] == "Id":
            return (cells[0][:15],)
        return tuple(cells)


def row_fault(text: str) -> Fault:
    """Return what ``sf__Error`` says: ``CODE:message:fields --``; a text of another form is kept as it is."""
    found = _ERROR.fullmatch(text.strip())
    if found is None:
        return Fault(
            code="UNKNOWN_EXCEPTION", message=inert(text, limit=1000) or "No reason given."
        )
    names = tuple(each.strip() for each in found[3].split(",") if each.strip(" -"))
    return Fault(code=found[1][:100], message=inert(found[2], limit=1000), fields=names)
