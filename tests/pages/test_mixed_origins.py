"""What was mixed into a value is shown: on the page, on the terminal, and among the values nobody typed."""

from __future__ import annotations

from tests.checkpoints.override_effects import change, effect

from actwright.cli.render.changes import _origin
from actwright.pages.changes import _column
from actwright.pages.provenances import by_provenance

MIXED = change(provenance="output", source="what ask put out as number", mixed=("model",))


def test_an_output_made_of_a_models_words_is_marked_as_doubtful() -> None:
    """It stands under both: people see what it is, and what went into it."""
    found = by_provenance([effect(MIXED), effect(change())])
    assert [(each.provenance, each.count, each.doubtful) for each in found] == [
        ("model", 1, True),
        ("goal", 1, False),
        ("output", 1, False),
    ]


def test_terminal_and_page_tell_what_was_mixed_in() -> None:
    """Beside the provenance itself, and marked."""
    assert _origin(MIXED).plain == "! output: what ask put out as number (with model)"
    column = _column([MIXED])
    assert column.doubtful
    assert column.origin == "made up by the model, put out by another action"
