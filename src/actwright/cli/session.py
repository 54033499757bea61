"""Opening Actwright for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actwright.app import Actwright


@contextmanager
def opened(
    *, org: str | None = None, user: str | None = None, home: Path | None = None
) -> Iterator[Actwright]:
    """Open the store for one command; the org follows when it is first needed, and both are closed at the end.

    Raises:
        ConfigError: The settings do not fit.
        StoreError: The store cannot be opened.
    """
    from actwright.app import Actwright  # noqa: PLC0415 - slow to import; the help must not wait
    from actwright.settings import load_settings  # noqa: PLC0415 - same reason

    settings = load_settings({"org": org, "user": user, "home": home})
    with Actwright(settings=settings) as app:
        yield app
