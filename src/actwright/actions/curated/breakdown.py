"""Breakdowns: what foreign code says as it breaks, bounded, and without the secrets of this process's environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from actwright.inert import inert

_SECRET = re.compile(
    r"(?:^|_)(?:key|token|secret|password|passwd|pwd|credentials?)s?$", re.IGNORECASE
)
_SHORTEST = 6
_LONGEST = 300


def told(error: BaseException, *, environment: Mapping[str, str] = os.environ) -> str:
    """Return what kind of error it is and what it says, on one line; it ends up in previews and journals.

    Args:
        error: What foreign code raised.
        environment: Where secrets stand under names that sound like one.
    """
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - its own text is foreign code too
        text = "it cannot even say why"
    for name, value in environment.items():
        if len(value) >= _SHORTEST and _SECRET.search(name):
            text = text.replace(value, f"[{name} removed]")
    return f"{inert(type(error).__name__, limit=80)}: {inert(text, limit=_LONGEST)}"
