"""SOQL text into tokens, each with its place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from localorg.errors import ApiError

Kind = Literal["name", "string", "number", "date", "datetime", "symbol", "end"]

_TOKEN: Final = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<datetime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d))
    | (?P<date>\d{4}-\d\d-\d\d)(?![\w:])
    | (?P<number>[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)(?![\w:])
    | (?P<string>'(?:[^'\\]|\\.)*')
    | (?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)
    | (?P<symbol><=|>=|!=|<>|[=<>(),:])
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_PLAIN: Final = frozenset("'\"\\_%")


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a query."""

    kind: Kind
    text: str
    position: int


def syntax_error(
    source: str, position: int, message: str, code: str = "MALFORMED_QUERY"
) -> ApiError:
    """Return a query error that shows the line, marks the place and names row and column."""
    before = source[:position]
    row = before.count("\n") + 1
    column = position - (before.rfind("\n") + 1)
    lines = source.splitlines() or [""]
    line = lines[row - 1] if row <= len(lines) else ""
    start = max(0, column - 60)
    shown = line[start : column + 60]
    mark = " " * (column - start) + "^"
    return ApiError(
        400, code, f"\n{shown}\n{mark}\nERROR at Row:{row}:Column:{column + 1}\n{message}"
    )


def tokenize(source: str) -> Iterator[Token]:
    """Yield the tokens of a query, then one of kind ``end``.

    Raises:
        ApiError: ``MALFORMED_QUERY`` at a character no token starts with.
    """
    position = 0
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None:
            raise syntax_error(source, position, f"unexpected token: '{source[position]}'")
        if match.lastgroup != "space":
            yield Token(_KINDS[str(match.lastgroup)], match.group(), position)
        position = match.end()
    yield Token("end", "<EOF>", len(source))


_KINDS: Final[dict[str, Kind]] = {
    "name": "name",
    "string": "string",
    "number": "number",
    "date": "date",
    "datetime": "datetime",
    "symbol": "symbol",
}


def _unescape(source: str, token: Token, *, pattern: bool) -> str:
    def replace(match: re.Match[str]) -> str:
        escape = match.group(1)
        if escape[0] == "u" and len(escape) > 1:
            plain = chr(int(escape[1:], 16))
            return _literal(plain) if pattern else plain
        if escape in _PLAIN:
            return _literal(escape) if pattern else escape
        if escape.lower() not in _ESCAPES:
            place = token.position + 1 + match.start()
            raise syntax_error(source, place, f"Illegal escape sequence: \\{escape}")
        return _ESCAPES[escape.lower()]

    return _join_surrogates(_ESCAPE.sub(replace, token.text[1:-1]))


def _literal(char: str) -> str:
    """Return a character as it stands in a pattern when it is not to be a wildcard."""
    return "\\" + char if char in "\\_%" else char


def _join_surrogates(text: str) -> str:
    r"""Join pairs written as two ``\uXXXX``; a lone surrogate is not text and becomes U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def string_value(source: str, token: Token) -> str:
    """Return what a string token says, its escapes resolved."""
    return _unescape(source, token, pattern=False)


def pattern_value(source: str, token: Token) -> str:
    r"""Return a string token as a LIKE pattern: ``\%``, ``\_`` and ``\\`` keep their backslash."""
    return _unescape(source, token, pattern=True)
