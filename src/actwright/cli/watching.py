"""Watching: something shown again whenever the store was written to, until it is over or somebody breaks it off."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing, suppress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from actwright.store.database import Watch

SHORTEST = 0.2
"""Seconds between two looks, however much is written."""

_LONGEST = 1.0
"""Seconds between two looks where nothing is written: times that are told move on all the same."""

Seen = TypeVar("Seen")


def watched(
    watch: Watch,
    look: Callable[[], Seen],
    show: Callable[[Seen], None],
    *,
    over: Callable[[Seen], bool] = lambda _: False,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Look and show, again and again, until it is over or Ctrl-C; that is no failure here.

    Args:
        watch: Tells when something was written; it is closed at the end.
        look: Reads what is to be shown.
        show: Shows it.
        over: Whether what was seen is the last of it.
        sleep: Waits so many seconds.
    """
    with suppress(KeyboardInterrupt), closing(watch):
        while True:
            seen = look()
            show(seen)
            if over(seen):
                return
            sleep(SHORTEST)
            watch.wait(_LONGEST - SHORTEST)
