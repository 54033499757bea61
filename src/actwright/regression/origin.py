"""Origin: who answered in a recording. What a script answered says nothing about a model, so the two never mix."""

from __future__ import annotations

from typing import Literal

Origin = Literal["scripted", "live"]
"""``scripted``: an answer a person wrote or that was made from the case; ``live``: a language model's own."""
