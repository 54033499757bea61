"""Refusals and the rows of plans, as people see them in a terminal."""

from __future__ import annotations

import io

from rich.console import Console
from tests.memory_org import FakeClock, demo_org

from actwright.blueprints.library import load_library
from actwright.cli.render import plans
from actwright.cli.render.issues import shown_errors
from actwright.guardrails.issue import Issue
from actwright.planning.offline.planner import OfflinePlanner
from actwright.planning.planner import PlanningOutcome, PlanningRequest


def planned(goal: str) -> PlanningOutcome:
    """Return what the offline planner answers alice."""
    return OfflinePlanner().plan(PlanningRequest(goal, load_library(), demo_org(), FakeClock()))


def shown(answer: PlanningOutcome) -> str:
    """Return what a wide terminal shows alice of an answer."""
    stream = io.StringIO()
    console = Console(file=stream, width=300, highlight=False, force_terminal=False)
    for each in plans.outcome(answer, user=demo_org().user):
        console.print(each)
    return stream.getvalue()


def test_a_refusal_is_a_line_or_two() -> None:
    """It quotes the words that were strange, and no table of scores stands below it."""
    strange = shown(planned("close all deals of Acme that bore me as lost"))
    assert strange == "No plan: I did not understand 'that bore me'. Nothing was planned.\n"
    open_ended = shown(planned("delete all contacts")).splitlines()
    assert open_ended[0].startswith("No plan: 'all contacts' needs a condition, such as open, or")
    assert open_ended[1].startswith("Nearest: Delete Contact (derived.contact.delete); ")
    assert len(open_ended) == 2


def test_rows_read_as_people_say_them() -> None:
    """A plan tells its rows in the words and the zone of the person, once above and once with their number."""
    text = shown(planned("close every opportunity of Contoso older than 90 days as lost"))
    said = "of Contoso, open, created before 23 Aug 2026"
    assert f"for each Opportunity: {said}; at most 1,000" in text
    assert f"Opportunities today: {said}; those that are closed already are left out" in text
    assert "for each Task: owned by Alice Archer (you), open" in shown(
        planned("push all my open tasks to next Monday")
    )


def test_what_is_the_same_of_two_records_is_one_error() -> None:
    """A reader counts what is shown; a warning is none."""
    one = Issue(code="object_not_deletable", object="Task", message="You may not delete a Task.")
    alike = one.model_copy(update={"record_id": "00T000000000001AAA"})
    other = Issue(code="field_required", message="A Subject is needed.")
    warning = Issue(code="odd", message="Odd.", severity="warning")
    assert shown_errors([one, alike, warning]) == 1
    assert shown_errors([one, alike, other, warning]) == 2
