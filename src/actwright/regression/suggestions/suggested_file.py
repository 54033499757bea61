"""The file suggested cases are written to: in the suite's form, for a person to read, change and take over."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import yaml

from actwright.regression.suggestions.suggesting import Refused, Suggestions
from actwright.regression.suite.suite_file import VERSION, SuiteEntry

_HEAD = """\
# Suggested by `actwright regress suggest` from what people did with plans. Nothing in here counts in the gate.
# For each case: read the goal and what is expected, name records that the suite's org has, set dates as they are
# from the suite's day, write `status: reviewed`, and move it into the suite.
"""

_REFUSED = """\

# People said no to the plans below. What would have been right, only a person knows: write it under `expect`, and
# take the marks in front of the lines away. What stands under `planned` was not right.
"""


def suggestions_text(found: Suggestions) -> str:
    """Return suggestions as the text of a suite's file; plans that were refused stand in comments."""
    lines = [_HEAD, f"suite: {VERSION}\n"]
    lines.append("cases:\n" if found.cases else "cases: []\n")
    lines += map(_entry, found.cases)
    if found.refused:
        lines.append(_REFUSED)
        lines += _comments(found.refused)
    return "".join(lines)


def _entry(case: SuiteEntry) -> str:
    document = case.model_dump(mode="json", exclude_defaults=True)
    return yaml.safe_dump(
        [document], sort_keys=False, allow_unicode=False, width=110, default_flow_style=None
    )


def _comments(refused: Iterable[Refused]) -> Iterator[str]:
    """Yield each refused plan as a case that has yet to be told what is right; JSON keeps it on its lines."""
    for each in refused:
        planned = each.planned.model_dump(mode="json", exclude_defaults=True)
        yield f"# - id: {each.id}\n"
        yield f"#   goal: {json.dumps(each.goal)}\n"
        yield "#   status: suggested\n"
        yield f"#   source: {json.dumps(each.source)}\n"
        yield f"#   # planned: {json.dumps(planned)}\n"
        yield "#   expect: []\n"
