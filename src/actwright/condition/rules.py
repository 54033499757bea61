"""What a condition may be made of: read from its words, before CEL sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NoReturn

from actwright.errors import ConditionError

LONGEST_CONDITION = 1_000
"""Characters of a condition."""

MOST_MACROS = 2
"""List macros (``all``, ``exists``, ``exists_one``, ``filter``) of a condition."""

Token = tuple[str, str, int]
"""Kind, text and offset of one token."""

MACROS = frozenset({"all", "exists", "exists_one", "filter"})
"""The list macros."""

_TOKEN = re.compile(
    r"""
      (?P<triple>\"{3}|'{3})
    | (?P<text>[rR](?:"[^"\r\n]*"|'[^'\r\n]*')|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    | (?P<comment>//[^\r\n]*)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<number>[0-9][A-Za-z0-9_.]*)
    | (?P<blank>[ \t\r\n]+)
    | (?P<sign>.)
    """,
    re.VERBOSE,
)


def checked(text: str, names: Mapping[str, object], where: str) -> list[Token]:
    """Return the tokens of a condition that keeps the rules.

    Args:
        text: The condition.
        names: What it may name.
        where: What to call it in an error.

    Raises:
        ConditionError: It is empty, too long, or made of what is not allowed; with line and column.
    """
    if len(text) > LONGEST_CONDITION:
        raise ConditionError(
            f"The condition has {len(text)} characters; at most {LONGEST_CONDITION} are read.",
            where=where,
            hint="Split it into several.",
        )
    tokens = list(_tokens(text, where))
    if not tokens:
        raise ConditionError("The condition is empty.", where=where, hint="Write what must hold.")
    calls = [token for token, after in pairwise(tokens) if token[0] == "word" and after[1] == "("]
    macros = [each for each in calls if each[1] in MACROS]
    for each in calls:
        if each[1] == "map":
            refuse(text, each[2], where, "map() is not allowed", "Use all() or exists().")
    if len(macros) > MOST_MACROS:
        what = f"More than {MOST_MACROS} list macros stand here"
        refuse(text, macros[MOST_MACROS][2], where, what, "Split the condition.")
    for each in tokens:
        if macros and each[1] == "+":
            refuse(text, each[2], where, "+ beside a list macro is not allowed", "Leave it out.")
    _check_patterns(text, tokens, where)
    _check_presence(tokens, names, where)
    return tokens


def _tokens(text: str, where: str) -> Iterator[Token]:
    for offset, char in enumerate(text):
        if not char.isprintable() and char not in "\n\r\t":
            what = f"A character that cannot be seen stands here (U+{ord(char):04X})"
            refuse(text, offset, where, what, "Remove it.")
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "sign"
        if kind == "triple" or match.group() == "`":
            what = "Triple quotes and backticks are not read here"
            refuse(text, match.start(), where, what, "Write one pair of plain quotes.")
        if kind not in {"blank", "comment"}:
            yield kind, match.group(), match.start()


def _check_patterns(text: str, tokens: Sequence[Token], where: str) -> None:
    """Refuse a pattern that is no literal: one from a value could be large, and somebody else's."""
    for at, each in enumerate(tokens):
        if each[:2] != ("word", "matches"):
            continue
        dotted = at > 0 and tokens[at - 1][1] == "."
        argument = [token[0] for token in tokens[at + 1 : at + 4]]
        if not dotted or argument != ["sign", "text", "sign"] or tokens[at + 3][1] != ")":
            hint = "Write x.matches('a literal pattern')."
            refuse(text, each[2], where, "matches() takes a literal pattern only", hint)


def _check_presence(tokens: Sequence[Token], names: Mapping[str, object], where: str) -> None:
    """Refuse ``has`` of a declared name: CEL would answer with the value itself."""
    plain = "".join(each for _, each, _ in tokens)
    for called in re.finditer(r"(?<![\w.])has\(\.?([\w.]+)\)", plain):
        if called[1] in names:
            raise ConditionError(
                f"has({called[1]}) would give the value, not whether it is there.",
                where=where,
                hint="Use has() for a key inside a map only.",
            )


def refuse(text: str, offset: int, where: str, what: str, hint: str) -> NoReturn:
    """Refuse a condition for what stands at an offset.

    Raises:
        ConditionError: Always; with line and column.
    """
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    raise ConditionError(f"{what}.", where=f"{where}, line {line}, column {column}", hint=hint)
