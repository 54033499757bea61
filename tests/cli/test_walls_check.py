"""The doctor's check of the sandbox."""

from __future__ import annotations

import pytest

from actwright import sandbox
from actwright.cli.walls_check import walls_state
from actwright.errors import SandboxUnavailableError
from actwright.sandbox import Executed, Wall


def test_the_walls_that_stand_are_told() -> None:
    """Code is run through it, and each wall that stands is named."""
    assert walls_state().startswith("walls that stand: ")


def test_a_wall_that_is_missing_is_told_with_what_it_would_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever reads it knows what the machine lacks."""
    told = (Wall("interpreter", True, "x"), Wall("files", False, "reading files"))  # noqa: FBT003 - a wall's own order
    monkeypatch.setattr(sandbox, "walls", lambda: told)
    assert walls_state() == (
        "walls that stand: none beside the interpreter; missing: files (reading files)"
    )


def test_without_the_interpreter_generated_actions_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """That is no fault: the rest works without it."""
    monkeypatch.setattr(sandbox, "walls", lambda: (Wall("interpreter", False, "x"),))  # noqa: FBT003 - same reason
    assert "pip install 'actwright[sandbox]'" in walls_state()


def test_a_sandbox_that_reckons_wrongly_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes out is looked at."""
    monkeypatch.setattr(
        sandbox.Sandbox, "run", lambda *_, **__: Executed(3, "", calls=0, seconds=0.0)
    )
    with pytest.raises(SandboxUnavailableError, match="wrongly"):
        walls_state()
