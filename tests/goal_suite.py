"""The goal suite, run: every case of ``tests/goals`` planned offline over the demo org in memory, and judged.

``python -m tests.goal_suite`` prints what is not right; with ``--record`` it writes the score and the list of misses
to ``tests/goals/score.json`` and to ``docs/planning.md``.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from tests.memory_org import FakeClock, demo_org

from actwright.blueprints.library import load_library
from actwright.planning.offline.planner import OfflinePlanner
from actwright.planning.planner import PlanningRequest
from actwright.testing.goals import GoalCase, load_goals
from actwright.testing.judging import Verdict, judge

FOLDER = Path(__file__).parent / "goals"
SCORE = FOLDER / "score.json"
PAGE = Path(__file__).parent.parent / "docs" / "planning.md"
START = "<!-- misses: written by python -m tests.goal_suite --record -->"
END = "<!-- end of misses -->"


@cache
def cases() -> tuple[GoalCase, ...]:
    """Return every case."""
    return load_goals([FOLDER])


@cache
def verdicts() -> Mapping[str, Verdict]:
    """Plan and judge every case, once a process, by its id."""
    library, planner, clock = load_library(), OfflinePlanner(), FakeClock()
    people = {user: demo_org(user) for user in {each.user for each in cases()}}
    found: dict[str, Verdict] = {}
    for case in cases():
        org = people[case.user]
        request = PlanningRequest(case.goal, library, org, clock, case.data)
        found[case.id] = judge(case, planner.plan(request), org)
    return found


def misses() -> tuple[GoalCase, ...]:
    """Return the cases that are not right, in order."""
    return tuple(each for each in cases() if not verdicts()[each.id].right)


def graves() -> tuple[str, ...]:
    """Return the ids of the cases whose plan acts where a question or a refusal was right."""
    return tuple(each for each, verdict in verdicts().items() if verdict.grave)


def score() -> dict[str, object]:
    """Return the score as it is recorded."""
    missed = [each.id for each in misses()]
    return {"goals": len(cases()), "right": len(cases()) - len(missed), "misses": sorted(missed)}


def table() -> str:
    """Return the page's block: the score by kind, then every miss with its goal and what is wrong."""
    total = Counter(each.kind for each in cases())
    missed = Counter(each.kind for each in misses())
    right = len(cases()) - len(misses())
    lines = [
        f"{right} of {len(cases())} goals are right ({100 * right / len(cases()):.1f} percent).",
        "",
        "| kind | goals | right |",
        "|---|---|---|",
        *(
            f"| {kind} | {count} | {count - missed[kind]} |"
            for kind, count in sorted(total.items())
        ),
        "",
        *_listed(),
    ]
    return "\n".join(lines)


def _listed() -> Iterator[str]:
    if not misses():
        yield "There are no misses."
        return
    yield from ("| miss | goal | difference |", "|---|---|---|")
    for case in misses():
        cells = (case.goal, "; ".join(verdicts()[case.id].differences))
        goal, difference = (_cell(each) for each in cells)
        yield f"| `{case.id}` | {goal} | {difference} |"


def _cell(text: str) -> str:
    shown = text if text.isprintable() else ascii(text)
    return shown.replace("|", "\\|").replace("<", "&lt;")


def written(page: str) -> str:
    """Return ``page`` with the block as it is now."""
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{table()}\n{END}{after}"


def main() -> int:
    """Print what is not right, or record it; exit 1 where a plan is grave."""
    for case in misses():
        verdict = verdicts()[case.id]
        sign = "GRAVE" if verdict.grave else "miss"
        print(f"{sign} {case.id} [{case.kind}] {case.goal!r} {dict(case.data) or ''}")  # noqa: T201 - a command
        for each in verdict.differences:
            print(f"    {each}")  # noqa: T201 - a command
    print({**score(), "misses": len(misses()), "grave": len(graves())})  # noqa: T201 - a command
    if "--record" in sys.argv[1:]:
        SCORE.write_text(json.dumps(score(), indent=2) + "\n", encoding="utf-8")
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 1 if graves() else 0


if __name__ == "__main__":
    sys.exit(main())
