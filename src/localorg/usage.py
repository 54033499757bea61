"""How many API calls were made, and which ones last."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Final

DAILY_CALLS: Final = 15_000
"""The calls a day the org pretends to allow; nothing is refused beyond."""

_REMEMBERED: Final = 1000


@dataclass
class Usage:
    """The calls since the start or the last reset; those for a token are not counted."""

    count: int = 0
    _recent: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, method: str, path: str) -> None:
        """Count one call."""
        with self._lock:
            self.count += 1
            self._recent.append((method, path))

    def reset(self) -> None:
        """Forget every call."""
        with self._lock:
            self.count = 0
            self._recent.clear()

    def recent(self) -> list[dict[str, str]]:
        """Return the last calls, oldest first."""
        with self._lock:
            return [{"method": method, "path": path} for method, path in self._recent]

    @property
    def header(self) -> dict[str, str]:
        """The header that tells a caller how much of the limit is used."""
        return {"Sforce-Limit-Info": f"api-usage={self.count}/{DAILY_CALLS}"}
