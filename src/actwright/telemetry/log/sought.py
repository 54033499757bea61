"""What is sought in texts: values as sequences of words, found in time that does not depend on how many there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from actwright.telemetry.log.spelling import Reading, Span, Word, readings

Found = tuple[int, int, int]
"""A span of a text, and the place of the label that is to stand there."""

Node: TypeAlias = dict[str, Any]
"""The words that may come next, each with its node; under the empty word the place of a label, where one ends here."""

_SHORTEST = 2
_SHORTEST_PART = 3
"""What is shorter is no name in the middle of a word."""
_LONGEST_RUN = 12
"""Of a longer value, runs of so many words are sought."""
_WIDEST_GAP = 12
"""How many characters may stand between two words of one value."""
_OWNED = 4
"""From how many letters on a word is found with an ``s`` behind it: ``Smiths``."""
_END = ""
_JOINED = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)+")
_COMMON = frozenset(
    {
        "the", "and", "for", "not", "inc", "ltd", "llc", "gmbh", "corp", "company", "von", "van", "der", "den", "del",
        "las", "los", "street", "road", "avenue", "lane", "drive", "floor", "suite",
    }
)  # fmt: skip
"""Words that tell nobody apart; they are never looked for alone."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for.

    Attributes:
        labels: The labels, each once.
        tree: The sequences of words, by their first word.
        inside: Words of scripts that write no blanks between words, with the places of their labels.
    """

    labels: tuple[str, ...]
    tree: Node
    inside: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, values: Mapping[str, str], phrases: Mapping[str, str]) -> Sought:
        """Return what is to be looked for.

        Args:
            values: Values with their labels; their words are looked for one by one, too.
            phrases: The same, as a whole only.
        """
        places: dict[str, int] = {}
        tree, inside = Node(), dict[str, int]()
        for run, label in _runs(values, phrases):
            place = places.setdefault(label, len(places))
            if any(map(_is_unspaced, run)):
                inside["".join(run)] = place
            _grow(tree, run, place)
        return cls(tuple(places), tree, tuple(inside.items()))

    def spans(self, text: str) -> list[Found]:
        """Return where a text says what is looked for, in its order, none of it twice."""
        found = [
            (*reading.span(start, end), place)
            for reading in readings(text)
            for start, end, place in self._within(reading)
        ]
        return _apart(found)

    def _within(self, reading: Reading) -> Iterator[Found]:
        words = reading.words()
        yield from self._sequences(words)
        yield from self._sequences(reading.parts(words))
        for each, place in self.inside:
            for start, end in _all(reading.plain, each):
                yield start, end, place

    def _sequences(self, words: Sequence[Word]) -> Iterator[Found]:
        for at in range(len(words)):
            found = self._longest(words, at)
            if found is not None:
                yield found

    def _longest(self, words: Sequence[Word], at: int) -> Found | None:
        """Return the longest sequence that begins with a word, or None."""
        first, found, node = words[at], None, self.tree
        end = first.end
        for word in words[at : at + _LONGEST_RUN]:
            if word.start - end > _WIDEST_GAP:
                break
            step = _step(node, word.text)
            if step is None:
                break
            node, end = step, word.end
            short = word is first and word.is_part and len(word.text) < _SHORTEST_PART
            if _END in node and not short:
                found = (first.start, end, int(node[_END]))
        return found


def is_word(word: str) -> bool:
    """Tell whether a word of a value tells somebody apart."""
    return len(word) >= _SHORTEST and word not in _COMMON and not any(map(str.isdigit, word))


def _runs(
    values: Mapping[str, str], phrases: Mapping[str, str]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the sequences of words to look for, those that know the label best at the end."""
    for phrase, label in phrases.items():
        yield from ((run, label) for run in _whole(phrase))
    for value, label in values.items():
        if "@" not in value:
            yield from (((each,), label) for each in _words(value) if is_word(each))
            yield from ((run, label) for each in _JOINED.findall(value) for run in _whole(each))
    for value, label in values.items():
        yield from ((run, label) for run in _whole(value))


def _whole(value: str) -> Iterator[tuple[str, ...]]:
    """Yield a value's words as it says them, and as it says them with joined words taken apart."""
    reading = Reading(value)
    words = reading.words()
    for each in (words, reading.parts(words)):
        run = tuple(word.text for word in each)
        if len("".join(run)) >= _SHORTEST:
            last = max(len(run) - _LONGEST_RUN, 0)
            starts = dict.fromkeys((*range(0, last, _LONGEST_RUN), last))
            yield from (run[start : start + _LONGEST_RUN] for start in starts)


def _words(value: str) -> Iterable[str]:
    return (each.text for each in Reading(value).words())


def _grow(tree: Node, run: Sequence[str], place: int) -> None:
    node = tree
    for each in run:
        node = node.setdefault(each, Node())
    node[_END] = place


def _step(node: Node, word: str) -> Node | None:
    found: Node | None = node.get(word)
    if found is None and len(word) > _OWNED and word.endswith("s"):
        found = node.get(word[:-1])
    return found


def _is_unspaced(word: str) -> bool:
    """Tell whether a word has letters of a script without capitals, many of which write no blanks."""
    return any(each.isalpha() and each.lower() == each.upper() for each in word)


def _all(text: str, wanted: str) -> Iterator[Span]:
    at = text.find(wanted)
    while at >= 0:
        yield at, at + len(wanted)
        at = text.find(wanted, at + len(wanted))


def _apart(found: Iterable[Found]) -> list[Found]:
    """Return spans in their order; of those that overlap, all of both goes under the first one's label."""
    kept = list[Found]()
    for start, end, place in sorted(found, key=lambda each: (each[0], -each[1])):
        if kept and start < kept[-1][1]:
            first, last, known = kept[-1]
            kept[-1] = (first, max(last, end), known)
        else:
            kept.append((start, end, place))
    return kept
