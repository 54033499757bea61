"""Reading a goal as text: screening what nobody should have to read, and cutting the rest into tokens.

Offsets always count in the goal as it was handed in, so that every value can show the very words it came from.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from actwright.errors import PlanningError

LONGEST_GOAL = 2_000
"""Characters the offline planner reads; a goal of one or two actions needs no more."""

Kind = Literal["word", "number", "quoted", "date", "time", "email", "url", "phone", "symbol"]
"""What a token is made of."""

_UNREADABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_ALLOWED_CONTROLS = "\n\r\t"
_MOST_MARKS = 4
"""Marks in a row that a letter of some script may carry; more of them only hide what is written."""

_REPLACEMENT = "\ufffd"

_MARKS = r"\u0300-\u036f"
"""Accents written behind their letter instead of on it."""

_EXTENSION = r"(?:\s?(?:x|ext\.?)\s?\d{1,6})?(?!\w)"
_TOKEN = re.compile(
    rf"""
      (?P<quoted>"[^"\n]*"|[\u201c\u201e][^\u201c\u201d\n]*[\u201c\u201d]|\u201d[^\u201d\n]*\u201d
        |\xab[^\xbb\n]*\xbb|\xbb[^\xab\n]*\xab|\u2039[^\u203a\n]*\u203a|\u300c[^\u300d\n]*\u300d|\u300e[^\u300f\n]*\u300f
        |(?<!\w)'[^'\n]+'(?!\w)|(?<!\w)[\u2018\u201a][^\u2018\u2019\n]+[\u2018\u2019](?!\w)|(?<!\w)`[^`\n]+`(?!\w))
    | (?P<email>[^\s@,;:<>()"]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}})+)
    | (?P<url>https?://[^\s,;<>"]+|www\.[^\s,;<>"]+)
    | (?P<date>\d{{4}}-\d{{2}}-\d{{2}}(?:T\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d{{1,6}})?)?(?:Z|[+-]\d{{2}}:?\d{{2}})?)?(?![\w-])
        |\d{{1,2}}/\d{{1,2}}/\d{{4}}(?![\w/])|\d{{4}}/\d{{1,2}}/\d{{1,2}}(?![\w/])|\d{{1,2}}\.\d{{1,2}}\.\d{{4}}(?!\w|\.\d))
    | (?P<time>\d{{1,2}}:\d{{2}}(?:\s?[ap](?:m|\.m\.))?(?![\w:])|\d{{1,2}}\s?[ap](?:m(?!\w)|\.m\.))
    | (?P<phone>\+\d[\d ().\-/]{{5,24}}\d{_EXTENSION}|\(?\d{{3}}\)?[ .\-]\d{{3}}[ .\-]\d{{4}}{_EXTENSION}|\d{{3}}-\d{{4}}{_EXTENSION}
        |00\d{{1,3}}[ /\-][\d /\-]{{5,20}}\d(?!\w)|0\d{{2,4}}[ /]\d{{3,4}}[ ]\d{{3,5}}(?!\w))
    | (?P<number>(?:(?<![^\s=:(])[-\u2212](?=[$€£¥]?\d))?(?:[$€£¥]?\d{{1,3}}(?:\.\d{{3}})+(?:,\d+)?(?![\w.%])|[$€£¥]?\d[\d,]*(?:\.\d+)?\s?(?:%|(?:k|m|bn|K|M)(?!\w))|[$€£¥]?\d(?:[\d,]*\d)?(?:\.\d+)?(?![\w]|['\u2019]s)))
    | (?P<word>[^\W_][^\W_{_MARKS}]*(?:[{_MARKS}][^\W_]*)*(?:['\u2019/&._\-][^\W_]+|_+)*)
    | (?P<symbol>\S)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PIECE = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"(?:['\u2019]s|(?<=s)['\u2019])$", re.IGNORECASE)
_CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_ENDINGS = ("ications", "ication", "ations", "ation", "ated", "ates", "ate", "ied", "ies", "ed")
_SHORT_ENDINGS = ("es", "s", "e", "y")
_SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a goal.

    Attributes:
        text: The token without quotes and possessive ending.
        start: Offset of its first character in the goal, quotes included.
        end: Offset behind its last character.
        kind: What it is made of.
        parts: Its letters and digits, case-folded, cut at inner punctuation.
        possessive: Whether it ended in an apostrophe s.
        capital: Whether it starts with an upper-case letter.
        written: What stands in the goal, where the token is read as another word; empty where it is read as it stands.
    """

    text: str
    start: int
    end: int
    kind: Kind
    parts: tuple[str, ...]
    possessive: bool = False
    capital: bool = False
    written: str = ""

    @property
    def key(self) -> str:
        """The text as it is compared: case-folded, typographic apostrophes made plain."""
        return self.text.casefold().replace("\u2019", "'")


def screen(goal: str) -> None:
    """Accept a goal that can be read by eye.

    Raises:
        PlanningError: The goal is blank, too long, or holds characters nobody can see.
    """
    if len(goal) > LONGEST_GOAL:
        raise PlanningError(
            f"The goal has {len(goal)} characters; at most {LONGEST_GOAL} are read.",
            hint="Say the goal in one or two sentences, and hand long texts in as data (-d).",
            code="goal_too_long",
        )
    for offset, char in enumerate(goal):
        if hidden(char):
            raise PlanningError(
                f"The goal holds a character that cannot be seen: U+{ord(char):04X}.",
                where=f"character {offset + 1}",
                hint="Remove it, or type the goal again.",
                code="goal_unreadable",
            )
    stacked = re.search(rf"[{_MARKS}]{{{_MOST_MARKS + 1}}}", goal)
    if stacked is not None:
        raise PlanningError(
            "The goal stacks marks upon a letter until it cannot be read.",
            where=f"character {stacked.start() + 1}",
            hint="Type the goal again without them.",
            code="goal_unreadable",
        )
    if not goal.strip():
        raise PlanningError("The goal is empty.", hint="Say what to do.", code="goal_empty")


def hidden(char: str) -> bool:
    """Tell whether ``char`` cannot be seen: controls, marks of direction, half and unassigned characters."""
    if char in _ALLOWED_CONTROLS:
        return False
    return char == _REPLACEMENT or unicodedata.category(char) in _UNREADABLE


def tokenize(goal: str) -> tuple[Token, ...]:
    """Return the tokens of a screened goal, in order."""
    return tuple(_token(match) for match in _TOKEN.finditer(goal))


def _token(match: re.Match[str]) -> Token:
    kind, text = match.lastgroup, match.group()
    start, end = match.span()
    possessive = False
    if kind == "quoted":
        text = text[1:-1].strip()
    elif kind == "word":
        plain = _POSSESSIVE.sub("", text)
        possessive, text = plain != text, plain
    elif kind in {"number", "phone", "url"}:
        text = text.rstrip(" .,!?") if kind == "url" else text.rstrip()
        end = start + len(text)
    return Token(text, start, end, _kind(kind), pieces(text), possessive, text[:1].isupper())


def _kind(name: str | None) -> Kind:
    kinds: dict[str | None, Kind] = {
        "word": "word",
        "number": "number",
        "quoted": "quoted",
        "date": "date",
        "time": "time",
        "email": "email",
        "url": "url",
        "phone": "phone",
    }
    return kinds.get(name, "symbol")


def pieces(text: str) -> tuple[str, ...]:
    """Return the runs of letters and digits in ``text``, case-folded."""
    return tuple(_PIECE.findall(unicodedata.normalize("NFC", text.casefold())))


def camel_words(name: str) -> tuple[str, ...]:
    """Return the words of an API name: ``StageName`` and ``stage_name__c`` give ``stage``, ``name``."""
    plain = name.removesuffix("__c").removesuffix("__C")
    return tuple(each.casefold() for each in _CAMEL.findall(plain.replace("_", " ")))


def stem(word: str) -> str:
    """Return a word's rough stem, for ranking only: ``qualify`` and ``qualified`` meet, ``leading`` and ``lead`` do not."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    for ending in _SHORT_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def stems(text: str) -> tuple[str, ...]:
    """Return the stems of the words in ``text``."""
    return tuple(stem(each) for each in pieces(text))
