"""For your own tests: scripted planners, local orgs that fail on demand, clocks that stand still, runs done again.

``pytest_plugins = ["actwright.testing.fixtures"]`` gives the fixtures ``local_org`` and ``fixed_clock``.
"""

from actwright.testing.clock import FixedClock
from actwright.testing.faults import ArmedFault, Faults
from actwright.testing.goals import Expectation, GoalCase, load_goals
from actwright.testing.judging import Verdict, judge
from actwright.testing.local_org import LocalOrg
from actwright.testing.planner import ScriptedPlanner
from actwright.testing.re_executing import re_execute

__all__ = [
    "ArmedFault",
    "Expectation",
    "Faults",
    "FixedClock",
    "GoalCase",
    "LocalOrg",
    "ScriptedPlanner",
    "Verdict",
    "judge",
    "load_goals",
    "re_execute",
]
