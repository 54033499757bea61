"""The gate for the prompt that writes code: the recorded exchange still fits what is sent, and still leads to an action."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.actions.generating.action_cassette import SHELF, played
from tests.actions.generating.replies import OPEN_CASES

from actwright.model.prompts import bundled_prompts, load_prompts
from actwright.regression.cassettes.tape import UnmatchedRequestError
from actwright.regression.gate.leaks import Leaks
from actwright.sandbox import Sandbox


def test_the_recorded_exchange_leads_to_the_same_action(sandbox: Sandbox) -> None:
    """Without a server; where it fails, record again: python -m tests.actions.generating.action_cassette."""
    made = played(sandbox)
    assert (made.code, made.review.passed) == (OPEN_CASES, True)


def test_the_recording_is_of_the_prompt_as_it_is_and_holds_no_secret() -> None:
    """It is not older than its prompt, nothing of it is left over, and no line of it looks like a key."""
    (file,) = SHELF.cassettes("scripted")
    assert {each.name: each.hash for each in file.cassette.header.prompts} == {
        "generate_action": load_prompts().get("generate_action").hash
    }
    assert not list(SHELF.stray([file]))
    for path in (file.path, *map(SHELF.texts.path_of, file.texts)):
        assert not list(Leaks(()).findings(path, path.read_text("utf-8")))


@pytest.mark.parametrize("part", ["system.md.jinja", "user.md.jinja"])
def test_a_changed_prompt_fits_no_recording(part: str, tmp_path: Path, sandbox: Sandbox) -> None:
    """One more word in either template, and the gate closes."""
    shutil.copytree(bundled_prompts(), tmp_path / "prompts")
    changed = tmp_path / "prompts" / "generate_action" / part
    changed.write_text(changed.read_text("utf-8") + "\nQuickly.\n", "utf-8")
    with pytest.raises(UnmatchedRequestError):
        played(sandbox, load_prompts([tmp_path / "prompts"]))
