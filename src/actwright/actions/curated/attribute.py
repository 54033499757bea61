"""Attributes: what an override says of itself, asked such that asking can break nothing."""

from __future__ import annotations

from actwright.actions.curated.breakdown import told
from actwright.errors import ImplementationError


def attribute(override: object, name: str) -> object:
    """Return what an override says under a name; None where it says nothing.

    Raises:
        ImplementationError: It broke down when it was asked.
    """
    try:
        return getattr(override, name, None)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        # Properties are foreign code too.
        raise ImplementationError(
            f"{type(override).__qualname__} broke down when it was asked for its {name}: {told(error)}",
            hint="Mend the override, or take its registration out.",
        ) from error
