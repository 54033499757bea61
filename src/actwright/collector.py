"""Python's garbage collector, as it suits a process of ours: a command that ends soon, a worker that carries runs on."""

from __future__ import annotations

import gc

_YOUNG, _MIDDLE, _OLD = 20_000, 20, 20
"""After how many new containers it looks at the young ones; and after how many of its looks at the older ones."""


def ease_collector() -> None:
    """Let the collector look less often, and never at what was imported before; for the start of a process of its own.

    Importing makes many small objects that stay, and a run many that live until it ends, with no cycle among them. Looked
    at every 700 new ones, as Python has it, they cost a tenth of all that either takes. What really is a cycle goes a
    little later.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
