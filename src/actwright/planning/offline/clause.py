"""Clauses: the parts of a goal that ask for one action each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from actwright.planning.offline.listing import items
from actwright.planning.words.lexicon import (
    ASKING,
    COORDINATORS,
    DETERMINERS,
    OPENING_MANNERS,
    OPENINGS,
    POLITE,
    THANKS,
    VERBS,
)
from actwright.planning.words.text import Token

_NOUNS = {("close", "date")}
"""A verb and a noun that together name a field."""
_MOST_CUTS = 5
_IN_ORDER: tuple[tuple[str, ...], ...] = (
    *((each,) for each in ("first", "firstly", "second", "secondly", "third", "thirdly", "next")),
    *((each,) for each in ("finally", "lastly", "afterwards", "afterward")),
    ("after", "that"),
    ("once", "done"),
    ("as", "a", "last", "step"),
)
"""What says the order of the actions, which is the order they are said in."""

_LEADING_ON = (("after", "that"), ("and", "after", "that"), ("afterwards",), ("finally",))
_BREAKS = frozenset({";", ".", ",", "\n"})


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of the goal.

    Attributes:
        text: Its words.
        verb: Its verb in base form; None where it does not begin with one the planner knows.
        tokens: What stands behind the verb, or all of it where there is none.
        said: What says the verb, as it stands in the goal.
        asking: Whether it opens as a polite question, which a question mark may end.
        owner: Who is to own the new record, where a clause of its own said so: ``and assign it to Bob``.
    """

    text: str
    verb: str | None
    tokens: tuple[Token, ...]
    said: str = ""
    asking: bool = False
    owner: tuple[Token, ...] = ()

    def halves(self, goal: str, joins: frozenset[str]) -> Iterator[tuple[Clause, Clause]]:
        """Yield the clause cut in two at each of ``joins`` in turn, the verb said once for both."""
        cuts = [
            at for at, each in enumerate(self.tokens) if each.key in joins and each.kind != "quoted"
        ]
        for at in cuts[:_MOST_CUTS]:
            before, behind = self.tokens[:at], self.tokens[at + 1 :]
            if before and behind:
                yield self._over(goal, before), self._over(goal, behind)

    def _over(self, goal: str, tokens: tuple[Token, ...]) -> Clause:
        text = f"{self.said} {goal[tokens[0].start : tokens[-1].end]}"
        return replace(self, text=text, tokens=tokens)


def clauses(goal: str, tokens: tuple[Token, ...]) -> tuple[Clause, ...]:
    """Return the clauses of a goal, in order; every token but coordinators belongs to one."""
    return tuple(each for item in items(goal, tokens) for each in _clauses(goal, item))


def _clauses(goal: str, tokens: tuple[Token, ...]) -> Iterator[Clause]:
    starts = [0, *_starts(tokens)]
    spans = zip(starts, [*starts[1:], len(tokens)], strict=True)
    yield from (_clause(goal, tokens[start:stop]) for start, stop in spans if stop > start)


def _starts(tokens: tuple[Token, ...]) -> Iterator[int]:
    """Yield where a clause begins: behind a break or a coordinator, at a verb in lower case."""
    begun, at = 0, 1
    while at < len(tokens):
        behind = at
        if _break_length(tokens, at) and not _break_length(tokens, at - 1):
            behind = _behind_breaks(tokens, at)
            sentence = any(each.text in {".", ";"} for each in tokens[at:behind])
            wordy = not sentence and _holds_text(tokens, begun, at)
            opened = begun + _polite_length(tokens, begun) < at and behind < len(tokens)
            if opened and _begins(tokens, behind, sentence=sentence, wordy=wordy):
                begun = at
                yield at
        at = max(behind, at + 1)


def _holds_text(tokens: tuple[Token, ...], begun: int, stop: int) -> bool:
    """Tell whether the clause so far holds words of its own to write down, which ``and call Bob`` would go on with.

    An errand stands behind ``to`` where a record is created; what is changed ``to high`` is no text.
    """
    start = _behind_breaks(tokens, begun)
    verb, _ = _verb(tokens[:stop], start + _polite_length(tokens, start))
    manners = OPENING_MANNERS.get(verb or "") or VERBS.get(verb or "", frozenset())
    errands = verb is None or bool(manners & {"create", "errand"})
    for at in range(begun, stop):
        behind = tokens[at + 1 : min(at + 2, stop)]
        errand = errands and tokens[at].key == "to" and any(_plain_word(one) for one in behind)
        if tokens[at].text == ":" or errand:
            return True
    return False


def _plain_word(token: Token) -> bool:
    return token.kind == "word" and not token.capital and token.key not in DETERMINERS


def _begins(tokens: tuple[Token, ...], at: int, *, sentence: bool, wordy: bool) -> bool:
    start = at + _polite_length(tokens, at)
    if _opening(tokens, start) is not None:
        return not wordy
    if start >= len(tokens) or tokens[start].kind != "word":
        return False
    verb, behind = tokens[start], tokens[start + 1 : start + 2]
    if verb.key not in VERBS or verb.possessive or not behind:
        return False
    if (verb.key, behind[0].key) in _NOUNS:
        return False
    return sentence or not verb.capital


def _break_length(tokens: tuple[Token, ...], at: int) -> int:
    if at >= len(tokens):
        return 0
    if tokens[at].kind == "symbol" and tokens[at].text in _BREAKS:
        return 1
    keys = tuple(each.key if each.kind != "quoted" else "" for each in tokens[at : at + 3])
    marks = (*_LEADING_ON, *COORDINATORS)
    return next((len(each) for each in marks if keys[: len(each)] == each), 0)


def _behind_breaks(tokens: tuple[Token, ...], at: int) -> int:
    while length := _break_length(tokens, at):
        at += length
    return at


def _polite_length(tokens: tuple[Token, ...], at: int) -> int:
    start = at
    while True:
        keys = tuple(each.key for each in tokens[at : at + 5])
        opening = (*POLITE, *_IN_ORDER)
        step = max((len(each) for each in opening if keys[: len(each)] == each), default=0)
        if step == 0:
            return at - start
        at += step
        while at < len(tokens) and tokens[at].text == ",":
            at += 1


def _clause(goal: str, tokens: tuple[Token, ...]) -> Clause:
    start = _behind_breaks(tokens, 0)
    body = _without_thanks(tokens[start:])
    if not body:
        return Clause(goal[tokens[0].start : tokens[-1].end], None, ())
    text = goal[body[0].start : body[-1].end]
    polite = _polite_length(body, 0)
    verb, length = _verb(body, polite)
    if verb is None:
        return Clause(text, None, body)
    asking = any(each.key in ASKING for each in body[:polite])
    rest = body[polite + length :]
    if rest and (rest[-1].text == "!" or (asking and rest[-1].text == "?")):
        rest = rest[:-1]
    said = goal[body[polite].start : body[polite + length - 1].end]
    return Clause(text, verb, rest, said, asking)


def _verb(body: tuple[Token, ...], at: int) -> tuple[str | None, int]:
    """Return the verb in base form, and how many tokens say it."""
    opening = _opening(body, at)
    if opening is not None:
        return opening
    verb = body[at] if at < len(body) else None
    if verb is None or verb.kind != "word" or verb.key not in VERBS or verb.possessive:
        return None, 0
    return verb.key, 1


def _opening(tokens: tuple[Token, ...], at: int) -> tuple[str, int] | None:
    """Return what stands for a verb at ``at``, and its length: ``we won`` a deal, ``call`` somebody named."""
    keys = tuple(each.key for each in tokens[at : at + 2])
    for words, verb in OPENINGS.items():
        behind = tokens[at + len(words) : at + len(words) + 1]
        named = any(each.capital or each.kind == "quoted" for each in behind)
        if keys[: len(words)] == words and (named or (behind and verb != "call")):
            return verb, len(words)
    return None


def _without_thanks(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Return the tokens less courtesies at their end, where a break stands before them."""
    stop = len(tokens)
    while stop and tokens[stop - 1].text in {"!", "."}:
        stop -= 1
    for words in THANKS:
        start = stop - len(words)
        spoken = tuple(each.key for each in tokens[max(start, 0) : stop])
        if start > 1 and spoken == words and tokens[start - 1].text in {",", ".", "!", ";"}:
            return tokens[: start - 1]
    return tokens
