"""A process that races others for one confirmation: it stops when all is open, and writes down how it went."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

from tests.chaos.doomed import Gate

from actwright import Actwright, Settings
from actwright.connectors.salesforce.embedded import EmbeddedLocalOrg


def race(*, home: str, url: str, preview: str, confirmation: str, folder: str) -> int:
    """Carry a preview out as soon as the gate opens.

    Args:
        home: The folder of the store.
        url: The org's address.
        preview: What is carried out.
        confirmation: The yes to it, which others use as well.
        folder: Of the gate, and of the file for the answer.
    """
    settings = Settings(home=Path(home), org="local", user="alice")
    running = cast("EmbeddedLocalOrg", SimpleNamespace(url=url))
    with Actwright(settings=settings, local_org=running) as app:
        app.org.objects()
        Gate(Path(folder)).stop("ready")
        envelope = app.run(preview, app.confirmations.get(confirmation))
    (Path(folder) / "answer").write_text(str(envelope.stopped_by), encoding="utf-8")
    return 0
