"""Exchanges with language models as people see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from actwright.cli.render.grid import Grid, grid

if TYPE_CHECKING:
    from actwright.model.exchange import Exchange


def exchanges(found: Sequence[Exchange]) -> Grid:
    """Return exchanges, newest first."""
    return grid(
        ("At", "Prompt", "Model", "Tokens", "Seconds", "Outcome"),
        (
            (
                each.at,
                f"{each.prompt_name} {each.prompt_version}",
                each.model,
                f"{each.input_tokens} + {each.output_tokens}",
                f"{each.seconds:.1f}",
                each.outcome,
            )
            for each in found
        ),
        whole={"At", "Prompt"},
    )
