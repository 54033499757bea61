"""The orchestrator: what keeps a run from starting, and what an envelope tells of one that ended."""

from __future__ import annotations

import asyncio

import pytest
from tests.scenario import (
    Rest,
    action,
    amount,
    confirmed,
    plan_of,
    previewed,
    texts,
    value,
    win,
)

from actwright import Actwright
from actwright.errors import (
    InputError,
    PlanError,
    exit_code_of,
)
from actwright.testing import LocalOrg


def test_an_empty_plan_is_an_error_even_before_anybody_is_asked(app: Actwright) -> None:
    """A plan without actions has no preview."""
    with pytest.raises(PlanError) as caught:
        app.preview(plan_of(app))
    assert caught.value.error_code == "plan_empty"


def test_a_blocked_preview_that_nobody_confirmed_tells_its_issues(
    app: Actwright, deal: str
) -> None:
    """The envelope of a blocked preview holds each action's issues, not that nobody said yes."""
    preview = previewed(app, win(name=deal), amount("no", "No Such Deal", 5))
    envelope = app.run(preview)
    assert envelope.stopped_by == InputError.code
    assert [each.status for each in envelope.results] == ["not_run", "refused"]
    assert [each.code for each in envelope.results[1].issues] == ["lookup_not_found"]
    assert "No Such Deal" in texts(envelope.errors)
    assert "no actions" not in texts(envelope.errors)


def test_side_changes_are_told_apart_from_planned_ones(app: Actwright, deal: str) -> None:
    """What automation moved stands in the result, and the planned field does not."""
    preview, yes = confirmed(app, win(name=deal))
    result = app.run(preview, yes).results[0]
    moved = {each.field: (each.before, each.after) for each in result.side_changes}
    assert moved["Probability"] == (90, 100)
    assert "StageName" not in moved


def test_a_record_written_by_two_actions_gives_both_a_result(
    app: Actwright, admin: Rest, deal: str
) -> None:
    """Two agreeing writes become one, and a failure of it is told to both actions."""
    preview, yes = confirmed(app, win(name=deal), amount("a", deal, 7))
    assert preview.cost.writes == 1
    envelope = app.run(preview, yes)
    assert [each.status for each in envelope.results] == ["done", "done"]
    assert admin.field("Opportunity", deal, "Amount") == 7


async def _trip(app: Actwright, deal: str) -> str | None:
    preview = await app.apreview(plan_of(app, win(name=deal)))
    yes = await app.aconfirm(preview, approver="Alice")
    return (await app.arun(preview, yes)).stopped_by


def test_the_async_twins_do_the_same(app: Actwright, deal: str) -> None:
    """A whole trip works without blocking an event loop."""
    assert asyncio.run(_trip(app, deal)) is None


def test_a_person_without_the_object_is_refused_with_who_could_grant_it(
    shared_org: LocalOrg,
) -> None:
    """An object hidden from the person is a refusal by permission, not a spelling mistake."""
    carol = shared_org.as_user("carol")
    new = action("a", "lead_create", LastName=value("Doe"), Company=value("Fabrikam"))
    preview = previewed(carol, new)
    assert [each.code for each in preview.blocked] == ["object_not_visible"]
    envelope = carol.run(preview)
    assert (envelope.stopped_by, exit_code_of(envelope.stopped_by)) == ("refused", 5)
    assert envelope.results[0].issues[0].hint
