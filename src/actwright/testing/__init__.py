"""For your own tests: a scripted planner, a local org, a clock that stands still, and goals with what is expected.

``pytest_plugins = ["actwright.testing.fixtures"]`` gives the fixtures ``local_org`` and ``fixed_clock``.
"""

from actwright.testing.clock import FixedClock
from actwright.testing.goals import Expectation, GoalCase, load_goals
from actwright.testing.judging import Verdict, judge
from actwright.testing.local_org import LocalOrg
from actwright.testing.planner import ScriptedPlanner

__all__ = [
    "Expectation",
    "FixedClock",
    "GoalCase",
    "LocalOrg",
    "ScriptedPlanner",
    "Verdict",
    "judge",
    "load_goals",
]
