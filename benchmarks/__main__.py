"""Run every benchmark, print one table, write ``results.json``.

A benchmark is a module beside this one with ``run() -> list[dict]``; each row has ``name``, ``value``, ``unit``,
``bar``, ``better`` (``lower`` or ``higher``) and ``holds``.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

Row = dict[str, Any]
HERE = Path(__file__).parent


def main() -> int:
    """Measure, print, write; exit 1 where a bar does not hold."""
    names = sorted(each.name for each in pkgutil.iter_modules([str(HERE)]) if each.name[0] != "_")
    chosen = sys.argv[1:] or names
    rows = [row for name in chosen for row in importlib.import_module(f"benchmarks.{name}").run()]
    _print(rows)
    if chosen == names:
        _write(rows)
    return 0 if all(row["holds"] for row in rows) else 1


def _print(rows: list[Row]) -> None:
    table = Table(title=f"Benchmarks on {_machine()}")
    for column in ("name", "value", "unit", "bar", "holds"):
        table.add_column(column, justify="right" if column in {"value", "bar"} else "left")
    for row in rows:
        sign = "≤" if row["better"] == "lower" else "≥"
        bar = "" if row["bar"] is None else f"{sign} {row['bar']:g}"
        table.add_row(
            row["name"], f"{row['value']:.3g}", row["unit"], bar, "yes" if row["holds"] else "NO"
        )
    Console().print(table)


def _write(rows: list[Row]) -> None:
    document = {
        "machine": _machine(),
        "date": datetime.now(UTC).date().isoformat(),
        "results": rows,
    }
    (HERE / "results.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _machine() -> str:
    return f"{os.cpu_count()} CPUs, {platform.machine()}, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())
