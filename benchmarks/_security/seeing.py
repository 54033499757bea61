"""What a person is shown: a preview as the terminal prints it, and whether a value stands there with its origin."""

from __future__ import annotations

import re

from rich.console import Console

from actwright import Preview
from actwright.blueprints.plan import Plan
from actwright.cli.render.previews import preview as rendered
from actwright.inert import inert
from actwright.org.effect import FieldChange

_WIDE = 4_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_OTHERS = frozenset({"record", "extract", "lookup", "output"})
"""Provenances that say that the value is neither the person's words nor the blueprint's."""


def printed(preview: Preview, plan: Plan) -> str:
    """Return a preview as it is printed, all of every record."""
    console = Console(width=_WIDE, no_color=True, highlight=False, legacy_windows=False)
    with console.capture() as captured:
        for part in rendered(preview, plan, every=True):
            console.print(part)
    return captured.get()


def is_marked(change: FieldChange, text: str) -> bool:
    """Tell whether a value is printed on a line of its field, together with where it came from.

    Args:
        change: The value.
        text: The preview as printed.
    """
    if change.provenance not in {*_OTHERS, "model"}:
        return False
    label = re.escape(inert(change.label, limit=80))
    line = rf"^ *{label} .*\b{change.provenance}(: .*)? *$"
    return re.search(line, text, re.MULTILINE) is not None


def is_inert(text: str) -> bool:
    """Tell whether nothing in a text could hide, move or reorder what is printed."""
    return _CONTROL.search(text) is None
