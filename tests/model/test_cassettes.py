"""The gate for prompt regressions: recorded exchanges still fit what is sent, and still mean the same plan."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.actions.generating import action_cassette
from tests.model.cassette_cases import (
    CASES,
    CASSETTES,
    ORIGIN,
    CassetteCase,
    body_digest,
    cassette,
    plan,
    recordings,
    secrets_in,
)
from vcr.errors import CannotOverwriteExistingCassetteException  # type: ignore[import-untyped]  # it ships no types

from actwright.blueprints.argument import ValueArgument
from actwright.canonical import Json
from actwright.model.prompts import bundled_prompts, load_prompts
from actwright.planning.planner import PlanningOutcome

AGAIN = "record it again: .venv/bin/python -m tests.model.record_cassettes"


def meaning(outcome: PlanningOutcome, case: CassetteCase) -> dict[str, Json]:
    """Return what an outcome means, as far as the case says something about it."""
    made = outcome.plan
    actions = made.actions if made else ()
    values: dict[str, Json] = {
        f"{action.id}.{name}": str(argument.value)
        for action in actions
        for name, argument in action.arguments.items()
        if isinstance(argument, ValueArgument)
    }
    expected = case.expected.get("values")
    named = expected if isinstance(expected, dict) else {}
    everything: dict[str, Json] = {
        "actions": {each.id: each.blueprint.name for each in actions},
        "values": {name: value for name, value in values.items() if name in named},
        "questions": [*sorted(each.id for each in outcome.questions)],
        "refusal": outcome.refusal.code if outcome.refusal else None,
    }
    return {name: value for name, value in everything.items() if name in case.expected}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_recorded_exchange_leads_to_the_same_plan(case: CassetteCase) -> None:
    """Without a server: every request is in the recording, every recorded answer is used, and the plan is the same."""
    (path,) = recordings(case.name)
    with cassette(path, "none") as tape:
        outcome = plan(case, ORIGIN)
        assert tape.all_played
        assert len(tape) == len(case.replies)
    assert meaning(outcome, case) == dict(case.expected)


@pytest.mark.parametrize("name", ["plan/system.md.jinja", "plan/user.md.jinja"])
def test_a_changed_prompt_fits_no_recording(tmp_path: Path, name: str) -> None:
    """One more word in a prompt, and the gate closes: this test proves that it can."""
    shutil.copytree(bundled_prompts(), tmp_path / "prompts")
    changed = tmp_path / "prompts" / name
    changed.write_text(changed.read_text("utf-8") + "\nQuickly.\n", "utf-8")
    (path,) = recordings(CASES[0].name)
    with cassette(path, "none"), pytest.raises(CannotOverwriteExistingCassetteException):
        plan(CASES[0], ORIGIN, load_prompts([tmp_path / "prompts"]))


def test_a_changed_goal_fits_no_recording() -> None:
    """The user's part of the body counts as well."""
    (path,) = recordings(CASES[0].name)
    other = CassetteCase("other", "Close the Globex Renewal as won", (), {})
    with cassette(path, "none"), pytest.raises(CannotOverwriteExistingCassetteException):
        plan(other, ORIGIN)


def test_every_recording_belongs_to_a_case_and_bears_the_digest_of_its_request() -> None:
    """No orphan, none edited by hand, none missing."""
    names = [*(case.name for case in CASES), action_cassette.NAME]
    files = {each for name in names for each in recordings(name)}
    assert files == set(CASSETTES.glob("*.yaml")), AGAIN
    assert len(files) == len(names), AGAIN
    for path in files:
        with cassette(path, "none") as tape:
            assert path.stem.rpartition("-")[2] == body_digest(tape.requests[0].body), AGAIN


def test_a_digest_does_not_depend_on_the_order_of_keys() -> None:
    """The canonical form of a body names the file."""
    body = {"model": "m", "messages": [{"$ref": 1, "a": 2}]}
    turned = json.dumps(dict(reversed(body.items()))).encode()
    assert body_digest(json.dumps(body).encode()) == body_digest(turned)


def test_no_recording_holds_a_secret() -> None:
    """Neither keys nor tokens, session ids, cookies or addresses."""
    for path in CASSETTES.glob("*.yaml"):
        assert not secrets_in(path.read_text("utf-8")), path.name


@pytest.mark.parametrize(
    "planted",
    [
        "Authorization: Bearer abc",
        "key sk-proj-0123456789abcdef",
        "00D000000000001!AQEAQ",
        "set-cookie: a=b",
        "jane@acme-corp.de",
        "x-api-key: 1",
    ],
)
def test_a_secret_would_be_found(planted: str) -> None:
    """The search can fail."""
    assert secrets_in(f"some text, {planted}, more text")
    assert not secrets_in("some text of bob@example.com")
