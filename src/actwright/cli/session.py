"""Opening Actwright for one command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actwright.app import Actwright


@contextmanager
def opened(
    *,
    org: str | None = None,
    user: str | None = None,
    home: Path | None = None,
    planning: Mapping[str, object] | None = None,
) -> Iterator[Actwright]:
    """Open the store for one command; the org follows when it is first needed, and both are closed at the end.

    Args:
        org: ``--org``.
        user: ``--as``.
        home: ``--home``.
        planning: The settings the planning options stand for.

    Raises:
        ConfigError: The settings do not fit.
        StoreError: The store cannot be opened.
    """
    from actwright.app import Actwright  # noqa: PLC0415 - slow to import; the help must not wait
    from actwright.settings import load_settings  # noqa: PLC0415 - same reason

    settings = load_settings({"org": org, "user": user, "home": home, **(planning or {})})
    with Actwright(settings=settings) as app:
        yield app


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
