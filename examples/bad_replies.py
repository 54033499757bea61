# ruff: noqa: INP001 - a script, not a package
"""Run every bad reply through the model planner, over real HTTP, and print what came of each.

    python examples/bad_replies.py [services|texts|plans]

Exit code 1 where an outcome is not the expected one. No model and no key are needed: a scripted server on loopback
stands in for the service, and a local org for the org.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from actwright.app import Actwright
from actwright.errors import ModelError
from actwright.model.openai_chat import OpenAIChat
from actwright.model.prompts import Prompts, load_prompts
from actwright.model.settings import ModelSettings
from actwright.planning.model.planner import ModelPlanner
from actwright.planning.planner import PlanningOutcome, PlanningRequest
from actwright.testing import LocalOrg
from actwright.testing.bad_replies import ASKS, BAD_REPLIES, PARTS, RECOVERS, BadReply
from actwright.testing.model_server import ScriptedModel

_GOOD = ("UpdateOpportunityStage", {"Id", "StageName"})


@dataclass(frozen=True, slots=True)
class Row:
    """One bad reply, what came of it, and what was said about it."""

    bad: BadReply
    outcome: str
    said: str

    @property
    def holds(self) -> bool:
        """Whether the outcome is the expected one."""
        return self.outcome == self.bad.expected


def row_of(bad: BadReply, actwright: Actwright, prompts: Prompts) -> Row:
    """Plan the goal with a model that answers so."""
    model = ScriptedModel(bad.script or ())
    try:
        with model:
            if bad.script is not None:
                return _planned(bad, model.base_url, actwright, prompts)
        return _planned(bad, model.base_url, actwright, prompts)
    except AssertionError as error:
        return Row(bad, "script", str(error))


def _planned(bad: BadReply, base_url: str, actwright: Actwright, prompts: Prompts) -> Row:
    settings = ModelSettings(model="scripted", deadline_seconds=bad.seconds)
    chat = OpenAIChat(base_url=base_url, api_key="scripted-key", backoff_seconds=0.01)
    planner = ModelPlanner(chat, prompts, settings, log=actwright.telemetry)
    request = PlanningRequest(
        goal=bad.goal, library=actwright.library, org=actwright.org, clock=actwright.clock
    )
    try:
        return _judged(bad, planner.plan(request))
    except ModelError as error:
        return Row(bad, error.error_code, str(error))
    finally:
        chat.close()


def _judged(bad: BadReply, outcome: PlanningOutcome) -> Row:
    if outcome.plan is None:
        refusal = outcome.refusal
        return Row(bad, refusal.code if refusal else "nothing", refusal.message if refusal else "")
    if outcome.questions:
        return Row(bad, ASKS, outcome.questions[0].text)
    planned = [(each.blueprint.name, set(each.arguments)) for each in outcome.plan.actions]
    if planned != [_GOOD]:
        return Row(bad, "another plan", str(planned))
    return Row(bad, RECOVERS, "the plan as it should be")


def rows(home: Path, bad: Sequence[BadReply]) -> list[Row]:
    """Return what came of each bad reply."""
    with LocalOrg(home) as org:
        actwright = org.as_user("alice")
        prompts = load_prompts()
        return [row_of(each, actwright, prompts) for each in bad]


def main() -> int:
    """Run them all, print the table, and tell whether every outcome is the expected one."""
    chosen = [each for part in sys.argv[1:] for each in PARTS[part]] or BAD_REPLIES
    with tempfile.TemporaryDirectory() as home:
        found = rows(Path(home), chosen)
    table = Table(title=f"{len(found)} bad replies")
    for column in ("name", "what the model or its service does", "expected", "outcome", "said"):
        table.add_column(column, overflow="fold")
    for each in found:
        outcome = Text(each.outcome, style="green" if each.holds else "bold red")
        bad = each.bad
        cells = (bad.name, bad.what, bad.expected, outcome, each.said[:160])
        table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in cells))
    console = Console(width=None if sys.stdout.isatty() else 200)
    console.print(table)
    wrong = [each for each in found if not each.holds]
    console.print(f"{len(found) - len(wrong)} as expected, {len(wrong)} not.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
