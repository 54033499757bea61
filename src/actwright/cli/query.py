"""``actwright query``: a look at the org's records, with the person's own rights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption
from actwright.cli.render.words import grid, said
from actwright.cli.session import opened
from actwright.cli.terminal import Terminal
from actwright.cli.wire import one_line

if TYPE_CHECKING:
    from actwright.org.ports import Row


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
    with opened(org=org, user=user, home=home) as app, terminal.busy("Asking"):
        rows = app.query(soql)
    if as_json:
        terminal.document(rows)
    if rows:
        terminal.show(_table(rows))
    terminal.hint(f"{len(rows)} {'record' if len(rows) == 1 else 'records'}.")


def _table(rows: Sequence[Row]) -> Table:
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
    return value if isinstance(value, str) else one_line(value)
