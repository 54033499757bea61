"""Bans: the parts of a goal that say what not to do, each with the words it speaks of.

``do not touch the amount``, ``the amount must not be changed``, ``the amount stays as it is``, ``no task, please``,
``as lost, not won``. The wider reading counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from actwright.planning.bounds.negation import CHANGING
from actwright.planning.words.lexicon import STATES, VERBS, Manner
from actwright.planning.words.text import Token

_NOT = frozenset({"don't", "dont", "never", "without", "mustn't", "shouldn't"})
_NOT_AFTER = frozenset(
    {"do", "must", "should", "but", "please", "and", ",", "will", "may", ";", ".", "(", "!"}
)
_SHUNNED: tuple[tuple[str, ...], ...] = (
    ("avoid",),
    ("refrain", "from"),
    ("hands", "off"),
    ("instead", "of"),
    ("rather", "than"),
    ("no", "need", "to"),
    ("no", "change"),
    ("no", "changes"),
    ("can't",),
    ("cannot",),
    *((who, modal) for who in ("nobody", "none") for modal in ("should", "must", "may", "can")),
    *(("no", "one", modal) for modal in ("should", "must", "may", "can")),
)
"""Other ways to begin what is not to be done; a colon ends them."""
_NOT_PASSIVE = frozenset(
    {"mustn't", "shouldn't", "can't", "cannot", "won't", "isn't", "aren't", "needn't"}
)
_MODALS = frozenset({"must", "should", "may", "can", "will", "shall", "is", "are", "need", "does"})
_PASSIVE = frozenset({"to", "be", "get", "ever"})
_STAYING = frozenset({"stay", "stays", "remain", "remains"})
_EXCEPT = frozenset({"except", "excluding", "besides"})
_KEEP = frozenset({"leave", "keep"})
_AS_IT_IS = frozenset({"alone", "unchanged", "untouched", "as", "same", "intact"})
_HARMLESS = frozenset({"forget", "hesitate", "worry", "mind"})
_ENDS = frozenset({".", ";", "!", "?", "but", "instead", "just", "only"})
_JOINS = frozenset({"and", "then", ","})
_STOPS = frozenset({".", ";", ":", "!", "?", "(", "but", "though"})
_CHANGING: frozenset[Manner] = frozenset({"set", "move", "assign", "rename", "date", "clear"})
_CREATING: frozenset[Manner] = frozenset({"create"})
_LOG_IN = frozenset({"in", "on", "into", "onto"})
"""Somebody who cannot log in forbids nothing."""
_ELSE = frozenset({"nothing", "anything", "everything"})
_MOST_TOKENS = 4_000
"""The most tokens of all bans together that are looked at one by one."""
_LONGEST_SUBJECT = 100
_FAR = 4
"""How many words behind ``stays`` or ``no`` still belong to it."""


@dataclass(frozen=True, slots=True)
class Ban:
    """One thing the goal says not to do.

    Attributes:
        words: The goal's own words.
        tokens: The tokens that say what it is about.
        manners: What the forbidden verb asks for; empty where it is any change, as in ``touch``.
        state: The words of the picklist value the verb stands for, as in ``close``.
    """

    words: str
    tokens: tuple[Token, ...]
    manners: frozenset[Manner]
    state: tuple[str, ...] = ()

    @property
    def any_change(self) -> bool:
        """Whether every change is meant, rather than only creations, deletions or one state."""
        return not self.manners or bool(self.manners & _CHANGING)


def bans(goal: str, tokens: tuple[Token, ...]) -> Iterator[Ban]:
    """Yield each ban of a goal; where there are more than people write, whatever the goal names is banned."""
    spent = 0
    for each in _each(goal, tokens):
        spent += len(each.tokens)
        if spent > _MOST_TOKENS:
            yield Ban(each.words, tokens, frozenset())
            return
        yield each


def _each(goal: str, tokens: tuple[Token, ...]) -> Iterator[Ban]:
    for at, token in enumerate(tokens):
        if token.kind != "quoted":
            yield from _opened(goal, tokens, at)
            yield from _shunned(goal, tokens, at)
            yield from _spoken_of(goal, tokens, at)


def nothing_else(tokens: Sequence[Token]) -> str | None:
    """Return the words that forbid whatever the goal does not ask for, or None: ``nothing else``, ``only change``."""
    keys = [each.key if each.kind != "quoted" else "" for each in tokens]
    for first, second in pairwise(keys):
        alone = first == "only" and second in CHANGING | {"set"}
        if alone or (first in _ELSE and second == "else"):
            return f"{first} {second}"
    return None


def _opened(goal: str, tokens: tuple[Token, ...], at: int) -> Iterator[Ban]:
    start = _behind_negation(tokens, at)
    if start is None or start >= len(tokens) or tokens[start].key in _HARMLESS:
        return
    stop = _end(tokens, start)
    kept = tokens[at].key in _KEEP
    if stop <= start or (kept and not any(each.key in _AS_IT_IS for each in tokens[start:stop])):
        return
    begin = at - 1 if tokens[at].key == "not" and at and tokens[at - 1].kind == "word" else at
    verb = None if kept or tokens[at].key in _EXCEPT else _verb(tokens[start])
    manners = VERBS.get(verb or "", frozenset())
    if tokens[at].key == "without" and _said(tokens[start]) is None:
        manners = _CREATING | _CHANGING
    words = _words(goal, tokens, begin, stop)
    yield Ban(words, tokens[start:stop], manners, _state(verb))


def _shunned(goal: str, tokens: tuple[Token, ...], at: int) -> Iterator[Ban]:
    """Yield the ban that another opening begins: ``avoid changing``, ``no follow-up task``."""
    keys = tuple(each.key for each in tokens[at : at + 3])
    mark = next((each for each in _SHUNNED if keys[: len(each)] == each), None)
    if keys[1:2] == ("log",) and keys[2:3] and keys[2] in _LOG_IN:
        return
    if mark is not None and at + len(mark) < len(tokens):
        start = at + len(mark)
        stop = _end(tokens, start, frozenset({":"}))
        verb = _verb(tokens[start])
        manners = VERBS.get(verb or "", frozenset())
        if stop > start:
            yield Ban(_words(goal, tokens, at, stop), tokens[start:stop], manners, _state(verb))
    elif keys[:1] == ("no",) and (not at or tokens[at - 1].key in _NOT_AFTER | {"then"}):
        stop = min(_end(tokens, at + 1, frozenset({":", ","})), at + 1 + _FAR)
        if stop > at + 1:
            yield Ban(_words(goal, tokens, at, stop), tokens[at + 1 : stop], _CREATING)


def _spoken_of(goal: str, tokens: tuple[Token, ...], at: int) -> Iterator[Ban]:
    """Yield the ban whose object comes first: ``the amount must not be changed``, ``the amount stays as it is``."""
    key = tokens[at].key
    modal = at - 1 if key == "not" and at and tokens[at - 1].key in _MODALS else at
    if key in _STAYING:
        behind = tokens[at + 1 : at + 1 + _FAR]
        same = next((n for n, each in enumerate(behind) if each.key in _AS_IT_IS), None)
        found, stop = (None, at + 2 + same) if same is not None else (None, 0)
    elif key in _NOT_PASSIVE or modal < at:
        verb = at + 1
        while verb < len(tokens) and tokens[verb].key in _PASSIVE:
            verb += 1
        found = _said(tokens[verb]) if verb < len(tokens) else None
        stop = verb + 1 if found is not None else 0
    else:
        return
    start = _subject(tokens, modal)
    if stop and start < modal:
        manners = VERBS.get(found or "", frozenset())
        words = _words(goal, tokens, start, stop)
        yield Ban(words, tokens[start:modal], manners, _state(found))


def _subject(tokens: Sequence[Token], stop: int) -> int:
    """Return where what a clause speaks of begins: behind the last stop, or behind a part that asks for something."""
    start = stop
    first = max(0, stop - _LONGEST_SUBJECT)
    while start > first and tokens[start - 1].key not in _STOPS:
        start -= 1
    at = start
    while at < stop:
        behind = at + 1
        while behind < stop and tokens[behind].key not in _JOINS:
            behind += 1
        asks = any(_asks(tokens, each) for each in range(at, behind))
        if asks and behind < stop:
            start = behind + 1
        at = behind + 1
    return start


def _asks(tokens: Sequence[Token], at: int) -> bool:
    date = [each.key for each in tokens[at + 1 : at + 2]] == ["date"]
    return tokens[at].key in VERBS and not tokens[at].capital and not date


def _behind_negation(tokens: Sequence[Token], at: int) -> int | None:
    """Return where what is forbidden begins, if a negation begins at ``at``."""
    key = tokens[at].key
    if tokens[at].kind != "word":
        return None
    if key in _NOT | _EXCEPT | _KEEP:
        return at + 1
    if key == "not" and (not at or tokens[at - 1].key in _NOT_AFTER):
        return at + 1
    return None


def _end(tokens: Sequence[Token], start: int, more: frozenset[str] = frozenset()) -> int:
    for at in range(start, len(tokens)):
        if tokens[at].key in _ENDS | more and at > start:
            return at
        if at - 1 > start and tokens[at - 1].key in _JOINS:
            continue
        behind = at
        while behind < len(tokens) and tokens[behind].key in _JOINS:
            behind += 1
        if behind > at > start and behind < len(tokens) and _begins_anew(tokens[behind]):
            return at
    return len(tokens)


def _begins_anew(token: Token) -> bool:
    return token.key in VERBS or token.key in _NOT | _KEEP | {"please", "not", "do"}


def _said(token: Token) -> str | None:
    """Return the verb a word stands for, one that means any change included: ``touched`` is ``touch``."""
    verb = _verb(token)
    forms = {token.key, *_bare(token.key)}
    return verb or next((each for each in sorted(forms) if each in CHANGING), None)


def _verb(token: Token) -> str | None:
    """Return the verb of the lexicon a word stands for: ``creating`` and ``created`` are ``create``."""
    if token.key in VERBS:
        return token.key
    return next((each for each in _bare(token.key) if each in VERBS), None)


def _bare(word: str) -> tuple[str, ...]:
    for ending, instead in (("ing", ""), ("ied", "y"), ("ed", ""), ("written", "write")):
        if word.endswith(ending):
            begun = word.removesuffix(ending) + instead
            return (begun, f"{begun}e", begun[:-1])
    return ()


def _state(verb: str | None) -> tuple[str, ...]:
    return STATES.get(verb or "", ())


def _words(goal: str, tokens: Sequence[Token], start: int, stop: int) -> str:
    return goal[tokens[start].start : tokens[stop - 1].end][:120]
