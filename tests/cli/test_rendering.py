"""Plans, previews and envelopes for people, with hostile words in every place that others write."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from rich.console import Console, RenderableType

from actwright.blueprints.plan import Plan
from actwright.checkpoints.preview import Preview
from actwright.cli.render import envelopes, plans, previews
from actwright.pages.telling import DAMAGED, told
from actwright.runs.record.envelope import OrchestratorResult
from actwright.runs.record.event import JournalEvent

Call = Callable[..., Any]

GOAL = "Close the Acme Renewal as won and create a follow-up task for next Tuesday"
HOSTILE = "\x1b[2J[bold red]X[/]\u202e\r\n:skull:"
SHOWN = "[bold red]X[/] :skull:"


@pytest.fixture
def document(call: Call) -> dict[str, Any]:
    """What a real run printed."""
    answer = call("run", GOAL, "--yes", "--json")
    assert answer.code == 0
    return dict(answer.json)


def _printed(parts: Iterable[RenderableType], width: int = 80) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, highlight=False, markup=False, emoji=False, force_terminal=False
    )
    for each in parts:
        console.print(each)
    return stream.getvalue()


def _poisoned(value: Any, keys: frozenset[str]) -> Any:
    """Return a document with hostile words under the given keys."""
    if isinstance(value, dict):
        return {
            key: HOSTILE if key in keys and isinstance(item, str) else _poisoned(item, keys)
            for key, item in value.items()
        }
    return [_poisoned(each, keys) for each in value] if isinstance(value, list) else value


def _harmless(text: str) -> bool:
    return not any(char in text for char in "\x1b\u202e\r")


def test_a_preview_shows_all_a_person_decides_on(document: dict[str, Any]) -> None:
    """Symbols, old beside new, where each value came from, cost, the way back, the question, the planner's words."""
    plan = Plan.model_validate(document["plan"])
    shown = previews.preview(Preview.model_validate(document["preview"]), plan, "Shall we?")
    text = _printed(shown, width=120)
    lines = text.splitlines()
    assert any(each.startswith('~ Opportunity "Acme Renewal"') for each in lines)
    assert any(each.startswith("+ Task") for each in lines)
    (stage,) = [each for each in lines if each.strip().startswith("Stage ")]
    told = " ".join(stage.split()).casefold()
    assert told == "stage negotiation/review closed won goal: close as won"
    for words in ("Field", "Old", "New", "From", "Undo", "Cost: 2 writes in 1 atomic call"):
        assert words in text
    assert "Question: " in text
    assert "The planner's words: Shall we?" in text
    assert 'Assumed: "next Tuesday" is ' in text
    assert text.index("Assumed: ") < text.index("Question: ")
    assert "default of" not in text


def test_a_hostile_preview_is_only_words(document: dict[str, Any]) -> None:
    """Record names, labels, values, sources, issues and the planner's words cannot act on the terminal."""
    keys = frozenset(
        {"recordName", "label", "source", "afterText", "text", "plannerWords", "objectLabel"}
    )
    poisoned = _poisoned(document["preview"], keys)
    poisoned["issues"] = [{"code": "x", "message": HOSTILE, "hint": HOSTILE, "field": HOSTILE}]
    plan = Plan.model_validate(document["plan"])
    shown = [
        *previews.preview(Preview.model_validate(poisoned), plan),
        *previews.preview(Preview.model_validate(poisoned | {"issues": []}), plan, HOSTILE),
    ]
    text = _printed(shown, width=200)
    assert _harmless(text)
    assert text.count(SHOWN) > 6


def test_a_hostile_plan_is_only_words(document: dict[str, Any]) -> None:
    """The goal, the planner's sentence and its assumptions are shown as they were written."""
    poisoned = _poisoned(document["plan"], frozenset({"goal", "checkpoint", "source", "label"}))
    poisoned["assumptions"] = [HOSTILE]
    text = _printed(plans.plan(Plan.model_validate(poisoned), HOSTILE), width=200)
    assert _harmless(text)
    assert text.count(SHOWN) >= 4


def test_a_hostile_envelope_is_only_words(document: dict[str, Any]) -> None:
    """What an org answers is somebody else's text too."""
    poisoned = document["envelope"] | {key: [HOSTILE] for key in ("logs", "warnings", "errors")}
    text = _printed(envelopes.envelope(OrchestratorResult.model_validate(poisoned)), width=200)
    assert _harmless(text)
    assert text.count(SHOWN) == 3


@pytest.mark.parametrize("width", [40, 80, 200])
def test_everything_fits_the_terminal(document: dict[str, Any], width: int) -> None:
    """Nothing is wider than the terminal, however narrow it is."""
    text = _printed(
        [
            *plans.plan(Plan.model_validate(document["plan"])),
            *previews.preview(
                Preview.model_validate(document["preview"]), Plan.model_validate(document["plan"])
            ),
            *envelopes.envelope(OrchestratorResult.model_validate(document["envelope"])),
        ],
        width=width,
    )
    assert max(map(len, text.splitlines())) <= width


def test_a_refused_preview_asks_nothing(document: dict[str, Any]) -> None:
    """No question, cost or way back: the errors before the warnings, and one line that ends it."""
    issues = [
        {"code": "no_change", "message": "Nothing to do.", "severity": "warning"},
        {
            "code": "field_not_editable",
            "object": "Opportunity",
            "field": "Amount",
            "message": "Amount (Opportunity.Amount): no.",
        },
        {"code": "x", "object": "Task", "field": "Subject", "message": "Too long."},
    ]
    preview = Preview.model_validate(document["preview"] | {"issues": issues})
    lines = _printed(previews.preview(preview, Plan.model_validate(document["plan"]))).splitlines()
    assert [each.partition("  [")[0] for each in lines[lines.index("Issues") :]] == [
        "Issues",
        "error: Amount (Opportunity.Amount): no.",
        "error: Task.Subject: Too long.",
        "warning: Nothing to do.",
        "Refused, for the 2 errors above. Nothing was done.",
    ]


def test_unchanged_fields_come_last(document: dict[str, Any]) -> None:
    """A field that keeps its value is marked, and stands behind those that change."""
    changed = document["preview"]
    (change,) = changed["groups"][0]["effects"][0]["changes"]
    same = change | {"field": "NextStep", "label": "Next Step", "before": "Call", "after": "Call"}
    changed["groups"][0]["effects"][0]["changes"] = [same, change]
    shown = previews.preview(Preview.model_validate(changed), Plan.model_validate(document["plan"]))
    lines = [" ".join(each.split()) for each in _printed(shown, width=120).splitlines()]
    (first,) = [at for at, each in enumerate(lines) if each.startswith("Stage Neg")]
    assert lines[first + 1].startswith("Next Step Call unchanged")


def test_a_long_value_is_shown_whole(document: dict[str, Any]) -> None:
    """Nobody says yes to half a text."""
    changed = document["preview"]
    changed["groups"][0]["effects"][0]["changes"][0]["after"] = "word " * 200 + "the end"
    shown = previews.preview(Preview.model_validate(changed), Plan.model_validate(document["plan"]))
    assert "the end" in " ".join(_printed(shown).partition("Assumed")[0].split())


def test_words_that_every_derived_blueprint_says_are_left_out(call: Call) -> None:
    """A curated blueprint's sentence is shown, a generic one is not; a planner's own always is."""
    derived = call("plan", "Set the probability of Globex Pilot to 7").out
    assert "The planner's words" not in derived
    assert "The planner's words: Close this" in call("plan", "Close the Globex Pilot as won").out


def test_an_event_that_was_tampered_with_is_told(call: Call) -> None:
    """Whatever stands in an event's data, its line can be shown."""
    events = call(
        "inspect", call("run", GOAL, "--yes", "--json").json["envelope"]["runId"], "--json"
    ).json["events"]
    for each in events:
        event = JournalEvent.model_validate(each)
        assert told(event, None) != DAMAGED
        for data in ({}, {"outcomes": 5, "issues": [3], "effects": None, "envelope": []}):
            assert told(event.model_copy(update={"data": data}), None) == DAMAGED


def test_a_warning_among_the_assumptions_is_told_as_one(document: dict[str, Any]) -> None:
    """What an undo overwrites is no assumption."""
    said = {"assumptions": ["Warning: lost.", "it is open"]}
    plan = Plan.model_validate(document["plan"] | said)
    assert [each.plain for each in plans.assumptions(plan)] == [
        "Warning: lost.",
        "Assumed: it is open",
    ]
    left = {"assumptions": ["Left as it is: Task is gone."]}
    undo = {"planner": document["plan"]["planner"] | {"undoes": "run_1"}}
    taken_back = Plan.model_validate(document["plan"] | left | undo)
    assert [each.plain for each in plans.assumptions(taken_back)] == [
        "Left as it is: Task is gone."
    ]


def test_the_question_comes_last(document: dict[str, Any]) -> None:
    """Nothing stands between it and the answer; the digest it is bound to is above it."""
    preview = Preview.model_validate(document["preview"])
    text = _printed(previews.preview(preview, Plan.model_validate(document["plan"])))
    assert text.index("Digest: ") < text.index("Question: ")
    assert " ".join(text.split()).endswith(preview.question)
