"""How many examples a property is tried on: a part of them in the suite, all of them with ``ACTWRIGHT_CHAOS=all``."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

ALL = os.environ.get("ACTWRIGHT_CHAOS") == "all"
"""Whether nothing is left out."""

_PART = 4
_LEAST = 20


def examples(most: int) -> settings:
    """Return settings for a property whose examples take long: with fixtures shared by all of them, and no deadline.

    Args:
        most: How many examples there are where nothing is left out.
    """
    return settings(
        max_examples=most if ALL else max(min(most, _LEAST), most // _PART),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
