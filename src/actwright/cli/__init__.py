"""The command line: ``actwright plan``, ``preview``, ``confirm``, ``apply``, and what stands around them."""

from __future__ import annotations

import sys

from actwright.collector import ease_collector


def main() -> None:
    """Run the command line with the process's arguments, and end the process with its exit code."""
    ease_collector()
    from actwright.cli.entry import run  # noqa: PLC0415 - `import actwright.cli` stays free of typer

    sys.exit(run(sys.argv[1:]))
