"""The letters code is written in: a person who reviews it has to see what runs."""

from __future__ import annotations

import io
import re
import tokenize
from itertools import islice

from actwright.inert import visible
from actwright.sandbox.finding import MOST_FINDINGS, Finding

_NOT_PLAIN = re.compile(r"[^\n\t\x20-\x7e]")

_CODE_INSIDE = re.compile(r"\{[^{}]*\}")


def unseen(source: str) -> Finding | None:
    """Return the first character that a reader of the review card would not see as it is."""
    for found in _NOT_PLAIN.finditer(source):
        char = found[0]
        if char.isascii() or visible(char) != char:
            above = source[: found.start()]
            text = f"The character {visible(char)} cannot be seen; write it as an escape, or leave it out."
            return Finding("unseen", text, above.count("\n") + 1, found.start() - above.rfind("\n"))
    return None


def foreign(source: str) -> tuple[Finding, ...]:
    """Return what is not written in plain letters outside of texts: the parser takes some of it for other names."""
    if source.isascii():
        return ()
    found = (
        Finding(
            "name",
            f"Write {visible(each.string, limit=60)} in plain letters.",
            each.start[0],
            each.start[1] + 1,
        )
        for each in tokenize.generate_tokens(io.StringIO(source).readline)
        if not each.string.isascii() and not _is_prose(each)
    )
    try:
        return tuple(islice(found, MOST_FINDINGS))
    except tokenize.TokenError as error:
        return (Finding("syntax", f"This is no Python: {error.args[0]}.", 0, 0),)


def _is_prose(token: tokenize.TokenInfo) -> bool:
    """Tell whether a token is a comment or a text; of one with code inside, whether that code is in plain letters."""
    if token.type == tokenize.STRING:
        formatted = "f" in token.string[: token.string.find(token.string[-1])].lower()
        return not formatted or all(each.isascii() for each in _CODE_INSIDE.findall(token.string))
    return token.type == tokenize.COMMENT or tokenize.tok_name[token.type] == "FSTRING_MIDDLE"
