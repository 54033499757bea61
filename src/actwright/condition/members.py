"""Members of declared maps: a misspelt one is told when a condition is read, not when it is first asked."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import NoReturn

from actwright.condition.rules import MACROS, Token, refuse

Members = Mapping[str, Collection[str]]
"""By declared name of a map, or of a list of maps: the keys such a map has."""


def check_members(
    text: str, tokens: Sequence[Token], kinds: Mapping[str, str], members: Members, where: str
) -> None:
    """Refuse a member that no map of that name has.

    Args:
        text: The condition.
        tokens: Its tokens.
        kinds: What each declared name stands for.
        members: The maps and lists of maps whose keys are known.
        where: What to call the condition in an error.

    Raises:
        ConditionError: It names a member that is not there; with line, column and the nearest one.
    """
    reader = _Reader(text, tokens, where)
    for at, (kind, word, _) in enumerate(tokens):
        if kind != "word" or word not in members or reader.sign(at - 1) == ".":
            continue
        if kinds.get(word) == "list":
            reader.element_chain(at + 1, members[word])
        else:
            reader.member(at, members[word])


class _Reader:
    """Walks the tokens of one condition."""

    def __init__(self, text: str, tokens: Sequence[Token], where: str) -> None:
        self._text = text
        self._tokens = tokens
        self._where = where

    def sign(self, at: int) -> str:
        """Return the token at a place; nothing beyond the ends."""
        return self._tokens[at][1] if 0 <= at < len(self._tokens) else ""

    def member(self, at: int, known: Collection[str]) -> None:
        """Check what is taken from the map at a place."""
        named = self._tokens[at + 2] if at + 2 < len(self._tokens) else None
        if named is None:
            return
        kind, word, offset = named
        if self.sign(at + 1) == "." and kind == "word" and self.sign(at + 3) != "(":
            self._check(word, offset, known)
        if self.sign(at + 1) == "[" and kind == "text" and self.sign(at + 3) == "]":
            self._check(word.lstrip("rR")[1:-1], offset, known)

    def element_chain(self, at: int, known: Collection[str]) -> None:
        """Check what is taken from the elements of the list that ends before a place: by index, and in macros."""
        while True:
            if self.sign(at) == "[":
                self.member(self._closed(at), known)
                return
            macro = self.sign(at + 1)
            if self.sign(at) != "." or macro not in MACROS or self.sign(at + 2) != "(":
                return
            end = self._closed(at + 2)
            for place in self._uses(self.sign(at + 3), at + 4, end):
                self.member(place, known)
            if macro != "filter":
                return
            at = end + 1

    def _uses(self, variable: str, start: int, stop: int) -> Iterator[int]:
        for at in range(start, stop):
            if self.sign(at) == variable and self.sign(at - 1) != ".":
                yield at

    def _closed(self, at: int) -> int:
        """Return the place of the bracket that closes the one at a place."""
        depth = 0
        for place in range(at, len(self._tokens)):
            kind, word, _ = self._tokens[place]
            depth += kind == "sign" and word in {"(", "[", "{"}
            depth -= kind == "sign" and word in {")", "]", "}"}
            if depth == 0:
                return place
        return len(self._tokens)

    def _check(self, word: str, offset: int, known: Collection[str]) -> None:
        if word not in known:
            self._refuse(word, offset, known)

    def _refuse(self, word: str, offset: int, known: Collection[str]) -> NoReturn:
        near = get_close_matches(word, list(known), n=1)
        nearest = f"Did you mean {near[0]}? " if near else ""
        refuse(
            self._text,
            offset,
            self._where,
            f"There is no member {json.dumps(word[:40])}",
            f"{nearest}There are: {', '.join(sorted(known))}.",
        )
