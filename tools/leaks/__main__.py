"""Run ``python -m tools.leaks PATH...``: look for secrets and personal data of the demo org, and name each place.

Exit code 1 where something was found, 2 where there was nothing to look through.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.leaks.finding import Report
from tools.leaks.scan import scan, told


def exit_code(report: Report) -> int:
    """Return 0 for a clean scan, 1 for leaks, 2 for a scan of nothing."""
    if report.leaks:
        return 1
    return 0 if report.looked else 2


def main(arguments: list[str]) -> int:
    """Scan the paths on the command line, tell what was found, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.leaks", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    paths = parser.parse_args(arguments).paths
    missing = [each for each in paths if not each.exists()]
    if missing:
        parser.error(f"{missing[0]} is not there; name the folder the suite wrote to.")
    report = scan(paths)
    sys.stdout.write("".join(f"{line}\n" for line in told(report)))
    return exit_code(report)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
