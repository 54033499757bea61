"""A needle: one thing that is looked for, by its form; and all of them at once, in linear time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import re2

Kind = Literal["secret", "handed", "personal"]
"""
- ``secret``: may stand nowhere.
- ``handed``: is shown once to whoever asked for it, and kept nowhere: an approver's key.
- ``personal``: may be shown, and may stand in records, which hold before-images by design.
"""


@dataclass(frozen=True)
class Needle:
    """One thing to look for.

    Attributes:
        kind: Where it may stand.
        what: What it is, in words that do not repeat it.
        pattern: Its form, in RE2's syntax.
    """

    kind: Kind
    what: str
    pattern: str

    @cached_property
    def compiled(self) -> re2.Pattern[bytes]:
        """Its form, ready to search bytes."""
        return re2.compile(self.pattern.encode())


@dataclass(frozen=True)
class Needles:
    """Several needles that are looked for in one pass."""

    every: tuple[Needle, ...]
    _any: re2.Pattern[bytes] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        together = "|".join(f"(?:{each.pattern})" for each in self.every)
        object.__setattr__(self, "_any", re2.compile(together.encode()))

    def within(self, data: bytes) -> Iterator[Needle]:
        """Yield the needles that ``data`` holds, each once, in their order."""
        if self.every and self._any.search(data) is not None:
            yield from (each for each in self.every if each.compiled.search(data) is not None)

    def of(self, kinds: Iterable[Kind]) -> Needles:
        """Return the needles of some kinds."""
        wanted = frozenset(kinds)
        return Needles(tuple(each for each in self.every if each.kind in wanted))
