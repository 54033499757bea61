"""``actwright query``: a look at the org's records, with the person's own rights."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption
from actwright.cli.render.grid import Grid, grid
from actwright.cli.render.words import said
from actwright.cli.session import opened
from actwright.cli.terminal import Terminal
from actwright.cli.wire import one_line
from actwright.errors import InputError
from actwright.inert import visible

if TYPE_CHECKING:
    from actwright.org.ports import Row

_PLACE = re.compile(r"^.*? ERROR at Row:(\d{1,4}):Column:(\d{1,6}) ", re.DOTALL)
"""How an org says where in a query it stumbled: a piece of the query, a caret, then the place."""


def query(
    soql: Annotated[str, typer.Argument(metavar="SOQL", help="A query: SELECT ... FROM ...")],
    *,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask the org for records, and print them. With --json: a list of records.

    A query that only counts gives one record with the field "count".
    """
    terminal = Terminal(as_json=as_json)
    with (
        opened(org=org, user=user, home=home) as app,
        _pointed_out(terminal, soql),
        terminal.busy("Asking"),
    ):
        rows = app.query(soql)
    if as_json:
        terminal.document(rows)
    if rows:
        terminal.show(_table(rows))
    terminal.hint(f"{len(rows)} {'record' if len(rows) == 1 else 'records'}.")


@contextmanager
def _pointed_out(terminal: Terminal, soql: str) -> Iterator[None]:
    """Show people the line of the query that the org complains about, with a caret under the place."""
    try:
        yield
    except InputError as error:
        found = _PLACE.match(error.message)
        lines = soql.splitlines()
        if terminal.as_json or found is None or not 1 <= int(found[1]) <= len(lines):
            raise
        shown, before = lines[int(found[1]) - 1], lines[int(found[1]) - 1][: int(found[2]) - 1]
        terminal.aside(visible(shown, limit=len(shown)))
        terminal.aside(f"{' ' * len(visible(before, limit=len(before)))}^")
        raise InputError(
            error.message[found.end() :],
            where=f"query, row {found[1]}, column {found[2]}",
            hint=error.hint,
            code=error.error_code,
        ) from error


def _table(rows: Sequence[Row]) -> Grid:
    flat = [dict(_flat(each)) for each in rows]
    columns = list(dict.fromkeys(name for each in flat for name in each))
    return grid(columns, ([said(each.get(name, "")) for name in columns] for each in flat))


def _flat(row: Row, prefix: str = "") -> Iterable[tuple[str, str]]:
    """Yield a row's values by path, a parent's fields as ``Account.Name``."""
    for name, value in row.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            yield f"{prefix}{name}", one_line(value)
        else:
            yield f"{prefix}{name}", "" if value is None else _shown(value)


def _shown(value: object) -> str:
    """Return a plain value for a cell; a whole number without a fraction, as far as that is exact."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return value if isinstance(value, str) else one_line(value)
