"""Opening Actwright for one command."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from actwright.cli.terminal import Terminal
from actwright.errors import InputError

if TYPE_CHECKING:
    from actwright.app import Actwright

_OF_A_MODEL = {
    "model": "--model",
    "candidates": "--candidates",
    "fallback": "--fallback",
    "plan_cache": "--no-cache",
}
"""Settings the offline planner has no use for, and the options that set them."""


@contextmanager
def opened(
    *,
    org: str | None = None,
    user: str | None = None,
    home: Path | None = None,
    planning: Mapping[str, object] | None = None,
    telling: bool = True,
    lost: Callable[[str], None] | None = None,
) -> Iterator[Actwright]:
    """Open the store for one command; the org follows when it is first needed, and both are closed at the end.

    Args:
        org: ``--org``.
        user: ``--as``.
        home: ``--home``.
        planning: The settings the planning options stand for.
        telling: Whether to tell, on stderr, that runs have been abandoned.
        lost: Told at the end where the prompt log lost something; stderr where left out.

    Raises:
        ConfigError: The settings do not fit.
        InputError: The planning options are a model's, and the offline planner plans.
        StoreError: The store cannot be opened.
    """
    from actwright.app import Actwright  # noqa: PLC0415 - slow to import; the help must not wait
    from actwright.settings import load_settings  # noqa: PLC0415 - same reason

    settings = load_settings({"org": org, "user": user, "home": home, **(planning or {})})
    if settings.planner == "offline":
        _check_no_model(planning or {})
    with Actwright(settings=settings) as app:
        if telling:
            offer_recovery(app.stalled())
        yield app
    _tell_of_lost(app, lost or Terminal(as_json=False).hint)


def offer_recovery(count: int) -> None:
    """Offer, on stderr, to recover runs whose process has died, where there are some."""
    if count:
        from actwright.runs.engine.left import left_in_words  # noqa: PLC0415 - slow to import

        Terminal(as_json=False).hint(f"{left_in_words(count)}: actwright recover")


def _tell_of_lost(app: Actwright, tell: Callable[[str], None]) -> None:
    """Say once that the prompt log lost something; nothing else was stopped by it."""
    health = app.telemetry.health()
    if not health.sound:
        lost = health.dropped + health.failed
        entries = "1 entry" if lost == 1 else f"{lost} entries"
        why = f" ({health.last_error})" if health.last_error else ""
        tell(f"The prompt log lost {entries}{why}: actwright doctor")


def _check_no_model(planning: Mapping[str, object]) -> None:
    """Refuse a model's options where no model is asked: they would be ignored without a word."""
    given = [option for name, option in _OF_A_MODEL.items() if planning.get(name) is not None]
    if given:
        raise InputError(
            f"{', '.join(given)} {'is' if len(given) == 1 else 'are'} for a language model, and the offline planner plans.",
            where=given[0],
            hint=f"Add --planner openai, or leave out {', '.join(given)}.",
        )


def planning_options(
    *,
    planner: str | None = None,
    model: str | None = None,
    candidates: int | None = None,
    fallback: bool = False,
    no_cache: bool = False,
) -> dict[str, object]:
    """Return the settings that planning options stand for; what was not given stays as the settings have it."""
    return {
        "planner": planner,
        "model": model,
        "candidates": candidates,
        "fallback": True if fallback else None,
        "plan_cache": False if no_cache else None,
    }
