"""What a condition may be asked about: plain JSON values of a bounded size."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NoReturn

from actwright.errors import ConditionError

MOST_NODES = 20_000
"""Single values that may be handed in, all lists and maps unfolded."""

LONGEST_TEXT = 20_000
"""Characters of one text that may be handed in."""

_DEEPEST = 32


def check_values(values: Mapping[str, object], where: str) -> None:
    """Accept values that CEL reads as they are.

    Args:
        values: JSON-like values by declared name.
        where: What to call the condition in an error.

    Raises:
        ConditionError: They are too many, too deep or too long, or hold what CEL would misread.
    """
    budget = _Budget(where)
    for name, value in values.items():
        budget.spend(value, name, 0)


class _Budget:
    """Counts what is handed to a condition, and refuses what CEL would misread."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._left = MOST_NODES

    def spend(self, value: object, name: str, depth: int) -> None:
        """Walk ``value``, found under ``name``, once."""
        self._left -= 1
        if self._left < 0 or depth > _DEEPEST:
            self._refuse(name, "is too large or too deep")
        if isinstance(value, str):
            self._text(value, name)
        elif isinstance(value, Mapping):
            for key, item in value.items():
                self._key(key, name)
                self.spend(item, name, depth + 1)
        elif isinstance(value, list | tuple):
            for item in value:
                self.spend(item, name, depth + 1)
        elif isinstance(value, float) and not math.isfinite(value):
            self._refuse(name, "is no finite number")
        elif value is not None and not isinstance(value, bool | int | float):
            self._refuse(name, f"holds a {type(value).__name__}, which is no JSON")

    def _key(self, key: object, name: str) -> None:
        if not isinstance(key, str):
            self._refuse(name, "has a key that is no text")
        self._text(key, name)

    def _text(self, value: str, name: str) -> None:
        if len(value) > LONGEST_TEXT:
            self._refuse(name, f"holds a text of more than {LONGEST_TEXT} characters")
        # CEL's library reads a text to its first NUL only, and no half characters.
        if "\x00" in value or any("\ud800" <= each <= "\udfff" for each in value):
            self._refuse(name, "holds a character that cannot be compared")

    def _refuse(self, name: str, what: str) -> NoReturn:
        raise ConditionError(
            f"The condition cannot be decided: {name} {what}.",
            where=self._where,
            hint="Hand in plain, small values.",
            code="condition_undecidable",
        )
