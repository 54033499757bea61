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
from actwright.runs.envelope import OrchestratorResult

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
    text = _printed(previews.preview(Preview.model_validate(document["preview"])), width=120)
    lines = text.splitlines()
    assert any(each.startswith('~ Opportunity "Acme Renewal"') for each in lines)
    assert any(each.startswith("+ Task") for each in lines)
    (stage,) = [each for each in lines if each.strip().startswith("Stage ")]
    assert " ".join(stage.split()) == "Stage Negotiation/Review Closed Won goal: close as won"
    for words in ("Field", "Old", "New", "From", "Undo", "Cost: 2 writes in 1 atomic call"):
        assert words in text
    assert "Question: " in text
    assert "The planner's words: " in text


def test_a_hostile_preview_is_only_words(document: dict[str, Any]) -> None:
    """Record names, labels, values, sources, issues and the planner's words cannot act on the terminal."""
    keys = frozenset(
        {"recordName", "label", "source", "afterText", "text", "plannerWords", "objectLabel"}
    )
    poisoned = _poisoned(document["preview"], keys)
    poisoned["issues"] = [{"code": "x", "message": HOSTILE, "hint": HOSTILE, "field": HOSTILE}]
    text = _printed(previews.preview(Preview.model_validate(poisoned)), width=200)
    assert _harmless(text)
    assert text.count(SHOWN) > 6


def test_a_hostile_plan_is_only_words(document: dict[str, Any]) -> None:
    """The goal, the planner's sentence and its assumptions are shown as they were written."""
    poisoned = _poisoned(document["plan"], frozenset({"goal", "checkpoint", "source", "label"}))
    poisoned["assumptions"] = [HOSTILE]
    text = _printed(plans.plan(Plan.model_validate(poisoned)), width=200)
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
            *previews.preview(Preview.model_validate(document["preview"])),
            *envelopes.envelope(OrchestratorResult.model_validate(document["envelope"])),
        ],
        width=width,
    )
    assert max(map(len, text.splitlines())) <= width
