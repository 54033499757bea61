"""Phrases of a response: what joins its parts, what keeps, what leaves out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actwright.planning.offline.assigning import LINKING
from actwright.planning.words.lexicon import Manner
from actwright.planning.words.text import Token

JOINING = frozenset(
    {",", ";", ".", "!", ":", "-", "and", "but", "then", "also", "instead", "please", "ok", "okay"}
    | {
        "yes",
        "well",
        "nor",
        "rather",
        "thanks",
        "fine",
        "good",
        "so",
        "though",
    }
)
"""Words between the parts of a response; ``or`` is none of them, since it leaves open which part counts."""

ENDS = frozenset({",", ";", ".", "!", "and", "but", "or", "nor", "instead", "please"})
TRAILING = frozenset({"instead", "please", ".", "!", "thanks", "then", "though"})
_ALL_BUT = tuple(
    (*before, every, *but)
    for before in ((), ("keep",), ("do",))
    for every in ("everything", "all")
    for but in (("but", "not"), ("except", "for"), ("apart", "from"), ("but",), ("except",))
)
_LEAVING_OUT: tuple[tuple[str, ...], ...] = (
    ("leave", "out"),
    ("take", "out"),
    ("get", "rid", "of"),
    ("forget", "about"),
    ("no", "need", "for"),
    ("no", "need", "to"),
    ("except", "for"),
    *_ALL_BUT,
    *((first, "not") for first in ("do", "but")),
    *(("i", each, verb) for each in ("don't", "dont") for verb in ("want", "need")),
    *((each,) for each in ("not", "no", "without", "skip", "drop", "remove", "omit", "cancel")),
    *((each,) for each in ("forget", "except", "minus", "don't", "dont", "never")),
)
LEAVING_OUT = tuple(sorted(_LEAVING_OUT, key=len, reverse=True))
"""What begins a part that names what is to be left out; longer ones come first."""

NOT_NEEDED: tuple[tuple[str, ...], ...] = (
    ("can", "go"),
    ("is", "not", "needed"),
    ("isn't", "needed"),
    ("not", "needed"),
    ("is", "unnecessary"),
)
"""What ends a part that names what is to be left out."""

OUT = frozenset({"leave", "take"})
KEEP = frozenset({"leave", "keep"})
AS_IT_IS: tuple[tuple[str, ...], ...] = (
    ("as", "it", "is"),
    ("as", "is"),
    ("alone",),
    ("unchanged",),
    ("untouched",),
    ("the", "same"),
)
DOING = frozenset({"do", "create", "make", "add", "book", "log", "change", "touch", "set", "want"})
ONLY = frozenset({"only", "just"})
WISHING = frozenset({"i", "i'd", "we", "we'd", "you", "let's"})
WISHED = WISHING | {
    "want",
    "wants",
    "would",
    "like",
    "need",
    "to",
    "have",
    "also",
    "please",
    "could",
}
"""Words that say no more than that somebody wants what follows."""

LONGEST_PART = 12

LISTING = frozenset({",", "and", "nor"})
"""What stands between things that are left out together."""
LISTED = frozenset({"and", "nor"})
"""At least one of these does; a comma alone may as well begin what is wanted instead."""

NEGATING = frozenset(each[0] for each in _LEAVING_OUT if len(each) == 1) | {
    "leave",
    "take",
    "unless",
}
"""What turns a thing that is to be left out into its opposite."""
TURNING = frozenset({"for", "of", "at", "to", "with", "about", "on", "in", "by"})
"""What begins the words for whom or when something does not hold, rather than what is left out."""
CHANGING = frozenset({"change", "touch", "set"})
"""Verbs that say of a new record neither that it is not wanted nor that it is."""

SETTING = frozenset(
    {"use", "make", "set", "change", "put", "move", "push", "postpone", "reschedule", "update"}
    | {
        "take",
        "give",
        "assign",
        "reassign",
        "say",
        "call",
        "have",
        "let",
        "with",
        "to",
        "it",
        "be",
        "should",
    }
    | {"is", "on", "by", "for", "at", "as", "rather", "do", "into", "until", "only", "just"}
)
"""Words before a value that say no more than that it is one."""

BEHIND_FIELD = LINKING | {"should", "be", "of", "on", "for"}
SAYING_MORE: frozenset[Manner] = frozenset({"delete", "clear", "rename"})
"""What verbs ask for that is never only another value."""

OF = frozenset({"of", "on", "for", "in"})
ME = frozenset({"me", "myself"})
OWNING = frozenset({"assign", "give", "reassign"})
OWNED = frozenset({("owned", "by"), ("belong", "to"), ("belongs", "to")})
"""Words of setting that lead on to who is to own the record."""

_DAY = re.compile(r"(0?[1-9]|[12][0-9]|3[01])\.(0?[1-9]|1[0-2])\.?", re.ASCII)
_PLACE = re.compile(r"[0-9]|[12][0-9]|3[01]", re.ASCII)


def is_day(word: str) -> bool:
    """Tell whether a number is written as many people write a day of a month: ``15.12.``."""
    return _DAY.fullmatch(word) is not None


def is_place(word: str) -> bool:
    """Tell whether a number could be that of an action, or a day, as well as an amount."""
    return _PLACE.fullmatch(word) is not None


def less_trailing(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Return the tokens without the last ones that say nothing: ``instead``, ``please``."""
    stop = len(tokens)
    while stop and tokens[stop - 1].kind != "quoted" and tokens[stop - 1].key in TRAILING:
        stop -= 1
    return tuple(tokens[:stop])
