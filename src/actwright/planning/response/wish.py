"""Wishes: what a response asks to be otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from actwright.blueprints.argument import Argument
from actwright.blueprints.plan import Candidate
from actwright.inert import inert
from actwright.org.query import Condition

YesOrNo = Literal["y", "n"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A value somebody wants, and the inputs it could be for.

    Attributes:
        words: The words that say it.
        options: ``ACTION.INPUT`` with the argument that input would get; one, where it is clear.
        problem: Why the words are no value, where they are none.
    """

    words: str
    options: tuple[tuple[str, Argument], ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Words that could mean several things, or nothing that a plan can hold.

    Attributes:
        words: The words.
        text: What is open, in one sentence.
        candidates: What they could mean.
    """

    words: str
    text: str
    candidates: tuple[Candidate, ...] = ()


@dataclass
class Wishes:
    """What a response asks for, as it is read.

    Attributes:
        without: Names to leave out: ``a2``, ``a1.Amount``.
        arguments: New arguments by ``ACTION.INPUT``.
        narrowed: Conditions that rows must meet besides, by the id of the action that is repeated for them.
        kept: Names of what is to stay.
        added: Words that ask for what the plan does not hold, and no edit can add.
        unclear: What has to be asked.
        left: Words that nobody understood.
        answer: Whether the words are a yes or a no to the plan as it is; nothing else is read then.
    """

    without: list[str] = field(default_factory=list)
    arguments: dict[str, Argument] = field(default_factory=dict)
    narrowed: dict[str, tuple[Condition, ...]] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    unclear: list[Unclear] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    answer: YesOrNo | None = None

    def __bool__(self) -> bool:
        """Tell whether anything is to be otherwise."""
        return bool(self.without or self.arguments or self.narrowed)

    def set(self, name: str, argument: Argument, words: str) -> None:
        """Take note of a value; another one for the same input is a contradiction, not a correction."""
        if self.arguments.setdefault(name, argument) != argument:
            self.unclear.append(Unclear(words, f"{name} would get two values."))

    def contradictions(self) -> Iterator[Unclear]:
        """Yield what is to be left out and to stay, or to be another, at once."""
        for each in dict.fromkeys(self.without):
            if each in self.arguments:
                yield Unclear(each, f"{each} would be left out, and get another value.")
            elif each in self.kept:
                yield Unclear(each, f"{each} would be left out, and stay.")


def several(words: str, names: Sequence[str]) -> Unclear:
    """Return that words could be meant for several actions or values.

    Args:
        words: The words.
        names: What they could be meant for.
    """
    shown = inert(words, limit=80)
    return Unclear(
        words,
        f'"{shown}" could be meant for several: {", ".join(names)}.',
        tuple(Candidate(value=each, label=each) for each in names),
    )
