"""The pages of a plan and of a run, over real documents of a real run on the local org."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from tests import pages_scene as scene

from actwright import Actwright, OrchestratorResult, Plan, Preview
from actwright.blueprints.plan import ForEach
from actwright.locales import PersonLocale, chosen_locale
from actwright.pages.page import in_short
from actwright.pages.plan import plan_page
from actwright.pages.plan_words import author, rows_words
from actwright.pages.run import run_page
from actwright.pages.telling import DAMAGED, Teller
from actwright.runs.record.envelope import ActionResult, SideChange
from actwright.runs.record.event import JournalEvent
from actwright.runs.record.folding import fold
from actwright.runs.record.state import RunState
from actwright.testing import LocalOrg

GOAL = "Close the Acme Renewal as won and create a follow-up task for 24 November 2026"
pytestmark = pytest.mark.xdist_group("pages_run")


class Carried:
    """A goal that was carried out: every document of it."""

    def __init__(self, app: Actwright) -> None:
        plan = app.plan(GOAL).plan
        assert plan is not None
        self.plan: Plan = plan
        self.preview: Preview = app.preview(plan)
        self.envelope: OrchestratorResult = app.run(
            self.preview, app.confirm(self.preview, approver="alice")
        )
        assert self.envelope.run_id is not None
        self.events: tuple[JournalEvent, ...] = app.events(self.envelope.run_id)
        self.state: RunState = fold(self.events)


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carried]:
    """Give one run to all tests of this module."""
    with LocalOrg(tmp_path_factory.mktemp("pages")) as org, org.as_user() as app:
        yield Carried(app)


def _text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.partition("<main>")[2])).split())


def test_a_plan_shows_what_each_action_is_given(carried: Carried) -> None:
    """Actions in order, values in the person's locale, where they come from, what was taken for granted."""
    text = _text(plan_page(carried.plan, chosen_locale("de-CH")))
    assert text.index("UpdateOpportunityStage") < text.index("CreateTask")
    assert "Stage Closed Won from the goal's words" in text
    assert "Di., 24. Nov. 2026" in text
    assert "Opportunity where Name = 'Acme Renewal' found by a lookup" in text
    assert "By the offline planner" in text
    assert "Taken for granted" in text
    assert f"actwright preview {carried.plan.id}" in text


def test_a_plan_shows_rows_questions_and_values_that_do_not_fit(carried: Carried) -> None:
    """A repeated action says for which rows; an open question has its candidates; a bad value stands as written."""
    document = carried.plan.model_dump(mode="json")
    update, create = document["actions"]
    update["arguments"].pop("Id")
    update["forEach"] = {
        "object": "Opportunity",
        "where": [{"field": "Name", "value": "x"}],
        "limit": 1000,
    }
    create["arguments"]["ActivityDate"] = {"value": "someday", "provenance": "model"}
    create["arguments"].pop("WhatId")
    candidates = [{"value": "a", "label": "The <b>first</b>"}]
    asked = {
        "id": "a2.WhatId",
        "actionId": "a2",
        "input": "WhatId",
        "reason": "ambiguous",
        "text": "Which one?",
        "candidates": candidates,
    }
    document["questions"] = [asked]
    page = plan_page(Plan.model_validate(document), PersonLocale())
    text = _text(page)
    assert "Once for each Opportunity: called x; at most 1,000" in text
    assert "someday ! made up by the model".replace("! ", "") in text
    assert "One open question Which one? a2.WhatId The <b>first</b>" in text
    assert "<b>first" not in page


def test_who_made_a_plan_is_said(carried: Carried) -> None:
    """An edit, an undo, a cache, a fallback and a prompt are all told."""
    planner = carried.plan.planner
    told = {
        "undo": author(planner.model_copy(update={"kind": "undo", "undoes": "run_1"})),
        "edited": author(planner.model_copy(update={"edited_from": "plan_1"})),
        "model": author(
            planner.model_copy(
                update={
                    "kind": "model",
                    "model": "m",
                    "prompt_name": "plan",
                    "prompt_version": "3",
                    "cached_from": "plan_2",
                    "fallback_for": "no key",
                }
            )
        ),
    }
    assert told == {
        "undo": "the undo of run_1",
        "edited": "the offline planner, edited from plan_1",
        "model": "the model m, prompt plan 3, in the shape of plan_2, instead of the model: no key",
    }


def test_rows_that_were_handed_in_are_counted() -> None:
    """Rows of the caller's own are told by number and source, not as a query."""
    rows = ForEach(object="Lead", limit=5, rows=({"Id": "1"}, {"Id": "2"}), source="leads.csv")
    assert rows_words(rows) == "of 2 rows of Lead that were handed in: leads.csv"


def test_a_run_shows_what_became_of_it(carried: Carried) -> None:
    """Status, who said yes, each action's records, what the org did beside the plan, and the whole journal."""
    page = run_page(carried.state, carried.events, [carried.preview], carried.envelope)
    text = _text(page)
    assert "Done Close the Acme Renewal" in text
    assert "with the yes of alice" in text
    assert "Beside the plan Probability (%) 90 → 100 by automation" in text
    assert "Negotiation/Review → Closed Won" in text
    assert f"Whole: {len(carried.events)} events" in text
    assert carried.state.id in text
    became = text.partition("What became of it")[2].partition("What was confirmed")[0]
    assert "UpdateOpportunityStage a1 done Acme Renewal ·" in became
    for each in carried.envelope.results:
        assert each.record_ids[0] not in became


def test_a_run_that_was_done_in_part_says_how_much(carried: Carried) -> None:
    """The page does not call it not done."""
    envelope = OrchestratorResult(effects_done=1, effects_total=2)
    state = carried.state.model_copy(update={"status": "failed", "envelope": envelope})
    text = _text(run_page(state, carried.events, (), envelope))
    assert text.startswith("Actwright Run Partly done: 1 of 2")


def test_the_title_of_a_page_breaks_no_word(carried: Carried) -> None:
    """A long goal is cut between two words in the title, and whole in the page; a single long word is cut anywhere."""
    goal = "Close the renewal " * 9
    page = run_page(carried.state.model_copy(update={"goal": goal}), carried.events, (), None)
    title = page.partition("<title>")[2].partition("</title>")[0]
    assert title == f"Run: {'Close the renewal ' * 4}Close…"
    assert in_short("x" * 100) == "x" * 79 + "…"
    assert in_short("short") == "short"


def test_a_damaged_journal_is_said_on_the_page(carried: Carried) -> None:
    """An event that was changed after it was written is told as damaged, and the rest is shown all the same."""
    events = list(carried.events)
    events[1] = events[1].model_copy(update={"data": {"versions": 5}})
    text = _text(run_page(carried.state, events, (), None))
    assert "Damaged." in text
    assert DAMAGED in text


def test_two_fields_that_bear_one_label_and_say_the_same_are_told_once(carried: Carried) -> None:
    """A person cannot tell them apart; the journal keeps both."""
    (seen, *_) = (each for each in carried.events if each.kind == "group_observed")
    one = SideChange(
        object="Opportunity",
        record_id=scene.record_id(1),
        field="ForecastCategory",
        label="Forecast Category",
        before="Pipeline",
        after="Closed",
    )
    both = [one, one.model_copy(update={"field": "ForecastCategoryName"})]
    data = {**seen.data, "sideChanges": [each.model_dump(mode="json") for each in both]}
    line = Teller([None]).told(seen.model_copy(update={"data": data}))
    assert line.count("Forecast Category") == 1


def test_a_run_in_doubt_says_so(carried: Carried) -> None:
    """Of a run whose answer was lost, the page says what is not known and that one has to look."""
    intended = [
        each
        for each in carried.events
        if each.kind not in {"group_settled", "group_observed", "run_ended"}
    ]
    text = _text(run_page(fold(intended), intended, [carried.preview], None))
    assert "In doubt" in text
    assert "is not known. Look in the org" in text


def test_a_failed_run_tells_its_errors_and_issues(carried: Carried) -> None:
    """What stopped it stands first, an action's own issue beside the action, and what to do next."""
    issue = scene.refused().issues[2]
    result = ActionResult(id="a1", blueprint="Close", status="failed", issues=(issue,))
    envelope = OrchestratorResult(
        errors=("It all stopped.", issue.message),
        warnings=("Slow.",),
        results=(result,),
        hint="Preview again.",
    )
    state = carried.state.model_copy(update={"status": "failed", "envelope": envelope})
    text = _text(run_page(state, carried.events, [carried.preview], envelope))
    assert "Not done It all stopped. Next: Preview again." in text
    assert "Warnings Slow." in text
    assert text.count(issue.message) == 1


def test_what_happened_to_many_records_alike_is_told_once(carried: Carried) -> None:
    """A side change of a thousand records is one line with their number; of one of many, it names the record."""
    same = [
        SideChange(
            object="Opportunity",
            record_id=scene.record_id(n),
            field="IsClosed",
            label="Closed",
            before=False,
            after=True,
        )
        for n in range(1_000)
    ]
    other = SideChange(
        object="Opportunity",
        record_id=scene.record_id(7),
        field="X",
        label="Only one",
        after="x",
        cause="another user",
    )
    result = ActionResult(
        id="a1",
        blueprint="Close",
        status="done",
        record_ids=tuple(scene.record_id(n) for n in range(1_000)),
        side_changes=(*same, other),
    )
    envelope = OrchestratorResult(success=True, results=(result,))
    text = _text(run_page(carried.state, carried.events, [scene.many(1_000)], envelope))
    assert "Closed no → yes by automation, in 1,000 records" in text
    assert f"x by another user, {scene.record_id(7)}" in text
    assert "and 994 more" in text


def test_events_of_many_effects_are_counted(carried: Carried) -> None:
    """An intent over a thousand effects, and its answer, are told by numbers; faults are named, a few of them."""
    document = scene.many(1_000)
    teller = Teller([document])
    intended, settled = (
        next(each for each in carried.events if each.kind == kind)
        for kind in ("group_intended", "group_settled")
    )
    ids = [each.id for each in document.effects]
    fault = {"code": "LOCKED", "message": "is locked"}
    outcomes = [
        {
            "effectId": each,
            "status": "failed" if at < 20 else "rolled_back",
            "recordId": None,
            "created": False,
            "faults": [fault] if at < 20 else [],
        }
        for at, each in enumerate(ids)
    ]
    assert (
        teller.told(intended.model_copy(update={"data": {"effects": ids}}))
        == "about to update Opportunity: 1,000"
    )
    told = teller.told(settled.model_copy(update={"data": {"outcomes": outcomes}}))
    assert told.startswith("20 failed, 980 rolled back; failed (LOCKED: is locked)")
    assert told.endswith("and 8 more")
    done = {
        "effectId": ids[0],
        "status": "done",
        "recordId": "006A",
        "created": False,
        "faults": [],
    }
    data = {"by": "ledger", "outcomes": [done], "evidence": ["The key is there (006A)."]}
    found = settled.model_copy(update={"kind": "group_reconciled", "data": data})
    assert teller.told(found) == "the org's ledger says: done 006A. The key is there (006A)."
