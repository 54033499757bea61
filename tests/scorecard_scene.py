"""Scorecards to compare and to show: two versions of a prompt, by a script and by a model."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.regression.scores.outline import ActionOutline, OutcomeOutline
from actwright.regression.scores.scorecard import CaseResult, Scorecard, totals_of

SUITE = "5a" * 32
HOSTILE = '<script>alert("x")</script>\u202e\x1b[2J'


def close(**changes: object) -> ActionOutline:
    """Return the action that closes an opportunity."""
    return ActionOutline.model_validate(
        {
            "id": "a1",
            "blueprint": "UpdateOpportunityStage",
            "operation": "UPDATE",
            "target": "Opportunity",
            "arguments": {
                "Id": "Opportunity where Name = 'Acme Renewal'",
                "StageName": '"Closed Won"',
            },
            "origins": {"StageName": "goal"},
            "checkpoint": "Close the opportunity?",
            **changes,
        }
    )


def follow_up(number: int = 2, *, of: str = "a1", **changes: object) -> ActionOutline:
    """Return the action that makes a task about another action's record."""
    return ActionOutline.model_validate(
        {
            "id": f"a{number}",
            "blueprint": "CreateTask",
            "operation": "CREATE",
            "target": "Task",
            "arguments": {"Subject": '"Call"', "WhatId": f"actions.{of}.output.id"},
            "origins": {"Subject": "goal"},
            "needs": (of,),
            "checkpoint": "Create the task?",
            **changes,
        }
    )


def planned(*actions: ActionOutline, checkpoint: str = "Do it?") -> OutcomeOutline:
    """Return a plan."""
    return OutcomeOutline(kind="plan", actions=actions, checkpoint=checkpoint)


def asked(**questions: str) -> OutcomeOutline:
    """Return questions, by input with their reason."""
    return OutcomeOutline(kind="questions", questions={f"a1.{k}": v for k, v in questions.items()})


def refused(code: str = "no_plan") -> OutcomeOutline:
    """Return a refusal."""
    return OutcomeOutline(kind="refusal", refusal=code)


def case(name: str, outcome: OutcomeOutline, **changes: object) -> CaseResult:
    """Return a case that went right."""
    wanted = {"failed": "failure"}.get(outcome.kind, outcome.kind)
    return CaseResult.model_validate(
        {
            "id": name,
            "goal": f"Close the Acme Renewal as won ({name})",
            "wanted": wanted,
            "right": True,
            "inputTokens": 900,
            "outputTokens": 100,
            "outcome": outcome,
            **changes,
        }
    )


def wrong(name: str, outcome: OutcomeOutline, difference: str, **changes: object) -> CaseResult:
    """Return a case that went wrong."""
    return case(name, outcome, right=False, differences=(difference,), **changes)


def card(cases: Sequence[CaseResult], *, version: str = "1", **changes: object) -> Scorecard:
    """Return a scorecard over cases; its hash is made of its version."""
    ordered = tuple(sorted(cases, key=lambda each: each.id))
    return Scorecard.model_validate(
        {
            "prompt": "plan",
            "version": version,
            "hash": f"{int(version):x}".rjust(2, "0") * 32,
            "model": "scripted-model",
            "origin": "scripted",
            "suite": SUITE,
            "at": f"2026-11-2{int(version) % 10}T12:00:00.000Z",
            "totals": totals_of(ordered),
            "cases": ordered,
            **changes,
        }
    )


def first() -> Scorecard:
    """Return a scorecard on which everything is right."""
    return card(
        [
            case("close", planned(close())),
            case("close-and-call", planned(close(), follow_up())),
            case("which", asked(Id="ambiguous")),
            case("weather", refused()),
        ]
    )


def second() -> Scorecard:
    """Return the same cases after a prompt lost a checkpoint text and added an action."""
    return card(
        [
            wrong(
                "close",
                planned(close(), follow_up(), checkpoint=""),
                "also plans CreateTask(subject=call)",
                unneeded=1,
                checkpointsLost=("a1",),
            ),
            case("close-and-call", planned(close(), follow_up())),
            case("which", asked(Id="ambiguous")),
            case("weather", refused()),
        ],
        version="2",
    )


def live(version: str, cases: Sequence[CaseResult], *, model: str = "gpt-4.1") -> Scorecard:
    """Return a scorecard of a live model."""
    timed = [
        each.model_copy(update={"seconds": 1.0 + at / 10, "cost": "0.0021"})
        for at, each in enumerate(cases)
    ]
    return card(timed, version=version, origin="live", model=model)
