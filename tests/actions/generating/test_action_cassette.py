"""The gate for the prompt that writes code: the recorded exchange still fits what is sent, and still leads to an action."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.actions.generating.action_cassette import NAME, written
from tests.actions.generating.replies import OPEN_CASES
from tests.model.cassette_cases import ORIGIN, cassette, recordings, secrets_in
from vcr.errors import CannotOverwriteExistingCassetteException  # type: ignore[import-untyped]  # it ships no types

from actwright.model.prompts import bundled_prompts, load_prompts
from actwright.sandbox import Sandbox


def test_the_recorded_exchange_leads_to_the_same_action(sandbox: Sandbox) -> None:
    """Without a server; where the prompt or the reply's schema changed, record it again (see record_cassettes)."""
    (path,) = recordings(NAME)
    with cassette(path, "none") as tape:
        made = written(ORIGIN, sandbox)
        assert tape.all_played
    assert (made.code, made.review.passed) == (OPEN_CASES, True)
    assert secrets_in(path.read_text("utf-8")) == []


@pytest.mark.parametrize("part", ["system.md.jinja", "user.md.jinja"])
def test_a_changed_prompt_fits_no_recording(part: str, tmp_path: Path, sandbox: Sandbox) -> None:
    """One more word in either template, and the gate closes."""
    shutil.copytree(bundled_prompts(), tmp_path / "prompts")
    changed = tmp_path / "prompts" / "generate_action" / part
    changed.write_text(changed.read_text("utf-8") + "\nQuickly.\n", "utf-8")
    (path,) = recordings(NAME)
    with cassette(path, "none"), pytest.raises(CannotOverwriteExistingCassetteException):
        written(ORIGIN, sandbox, load_prompts([tmp_path / "prompts"]))
