"""Where a value came from. Computed by us, never read from a model's reply."""

from __future__ import annotations

from typing import Literal

Provenance = Literal["goal", "data", "default", "lookup", "record", "output", "extract", "model"]
"""
- ``goal``: it occurs in the goal's words.
- ``data``: named data, an answer to a question, an edit at the confirmation.
- ``default``: a constant of the blueprint or of an override.
- ``lookup``: a record found by a query.
- ``record``: a field read from a record.
- ``output``: another action's result.
- ``extract``: taken out of a record's text by a quarantined model call.
- ``model``: the model made it up.
"""
