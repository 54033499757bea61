"""Quoting: hostile text as data on one line, which cannot close what delimits it."""

from __future__ import annotations

import json
import re
import unicodedata

from actwright.canonical import Json

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SUSPECT = re.compile(r"[<>&`\x7f]|[^\x00-\x7f]")


def quoted(value: Json) -> str:
    """Return ``value`` as JSON on one line, without ``<``, ``>``, ``&``, backticks and characters nobody sees.

    They are written as JSON escapes, so that the value reads back the same, while no tag, fence or line of a prompt
    can be closed or begun by it.

    Raises:
        TypeError: It is no value of JSON.
        ValueError: It holds a number that is not finite.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _SUSPECT.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    char = match[0]
    if char not in "<>&`\x7f" and unicodedata.category(char) not in _HIDDEN:
        return char
    return f"\\u{ord(char):04x}" if char.isascii() else json.dumps(char)[1:-1]
