"""For your own tests: a scripted planner, a local org, a clock that stands still.

``pytest_plugins = ["actwright.testing.fixtures"]`` gives the fixtures ``local_org`` and ``fixed_clock``.
"""

from actwright.testing.clock import FixedClock
from actwright.testing.local_org import LocalOrg
from actwright.testing.planner import ScriptedPlanner

__all__ = ["FixedClock", "LocalOrg", "ScriptedPlanner"]
