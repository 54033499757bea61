"""Print the security figure, and keep it in ``security.json`` and on the page; exit 1 where a bar does not hold."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks._security.figure import measure
from benchmarks._security.page import PAGE, written
from benchmarks._security.salesforce.suite import own_rows

_KEPT = Path(__file__).parent.parent / "security.json"


def main() -> int:
    """Measure, print, keep."""
    started = time.perf_counter()
    rows = [*measure(), *own_rows()]
    seconds = round(time.perf_counter() - started, 1)
    table = Table(
        title=f"What is left of an attack, over the agentdojo suites and our own ({seconds} s)"
    )
    for column in ("figure", "value", "unit", "bar", "holds"):
        table.add_column(column, justify="right" if column in {"value", "bar"} else "left")
    for each in rows:
        bar = "" if each["bar"] is None else f"≤ {each['bar']:g}"
        holds = "yes" if each["holds"] else "NO"
        table.add_row(str(each["name"]), f"{each['value']:g}", str(each["unit"]), bar, holds)
    Console().print(table)
    date = datetime.now(UTC).date().isoformat()
    document = {"date": date, "results": rows}
    _KEPT.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), rows, date), encoding="utf-8")
    return 0 if all(each["holds"] for each in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
