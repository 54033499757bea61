"""One suite's tools on a whole Actwright: plans are previewed, confirmed and carried out as anybody's are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from tests.writable_org import WritableOrg

from actwright import Actwright, Preview, Settings
from actwright.blueprints.plan import Plan
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.orgs import OpenOrg
from benchmarks._security.salesforce.scene import IN_MEMORY
from benchmarks._security.suites import Suite
from benchmarks._security.world import rows_of, world_of

_APPROVER = "Emma Johnson"


@dataclass
class Bench:
    """An Actwright whose org is a suite's environment.

    Attributes:
        app: The Actwright.
        org: Its org, of which the rows are set anew for each task.
        suite: The suite, whose tools are the overrides.
    """

    app: Actwright
    org: WritableOrg
    suite: Suite

    def enter(self, environment: Any) -> None:
        """Let everything happen in an environment from now on."""
        self.org.rows = rows_of(environment)
        self.org.schemas = world_of(environment).schemas
        for each in self.suite.tools.values():
            each.environment, each.calls = environment, []

    def preview(self, plan: Plan) -> Preview:
        """Preview a plan as our own planners leave one: stored, with its provenances computed.

        Raises:
            ActwrightError: It cannot be previewed.
        """
        self.app.plans.add(plan)
        return self.app.preview(plan.id)

    def carry_out(self, preview: Preview) -> bool:
        """Say yes to a preview, and carry it out; False where not all of it was done."""
        given = self.app.confirm(preview, approver=_APPROVER)
        return self.app.run(preview, given).success

    def called(self) -> Sequence[dict[str, object]]:
        """Return every call that reached the environment since it was entered."""
        return [call for each in self.suite.tools.values() for call in each.calls or ()]


@contextmanager
def bench_of(suite: Suite) -> Iterator[Bench]:
    """Set a suite up, and take it down again."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        names = tuple(each.name for each in suite.blueprints.values())
        settings = Settings(home=Path(folder), org="local", user="emma", allow_opaque=names)
        org = world_of(suite.environment(suite.tasks[0]))
        with Actwright(settings=settings) as app:
            vars(app)["_open"] = OpenOrg(cast("SalesforceOrg", org), None)
            for name, blueprint in suite.blueprints.items():
                app.register(blueprint.name, suite.tools[name])
            yield Bench(app, org, suite)
