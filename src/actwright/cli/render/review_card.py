"""The review card of generated code as people see it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from actwright.cli.render.code import numbered
from actwright.cli.render.words import aside, heading, line, said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.actions.generating.review_card import CardTest, ReviewCard

_INDENT = (0, 0, 0, 2)
_DEEPER = (0, 0, 0, 9)


def review_card(card: ReviewCard) -> Iterator[RenderableType]:
    """Yield a review card: what the code does, what it may touch, the code itself, its tests, and what speaks against it."""
    yield heading(f"Review of {card.name}")
    yield line(said(card.title))
    yield aside(f"Written by {card.made_by}.")
    yield heading("What it does")
    yield from (Padding(line("- ", said(each, limit=600)), _INDENT) for each in card.does)
    yield heading("What it may touch")
    yield from (Padding(each, _INDENT) for each in _touched(card))
    yield heading("The code")
    yield numbered(card.code)
    yield heading("Its tests")
    for test in card.tests:
        yield Padding(_test(test), _INDENT)
        yield from (Padding(said(each, limit=600), _DEEPER) for each in test.holds)
    if card.came:
        yield line("Run against sample records, it")
        yield from (Padding(line(said(each, limit=600)), _INDENT) for each in card.came)
    if card.said:
        yield heading("In the model's own words, which nobody checked")
        yield from (Padding(line(said(each, limit=600)), _INDENT) for each in card.said)
    if card.faults:
        yield heading("Why it cannot be approved")
        yield from (Padding(line("- ", said(each, limit=600)), _INDENT) for each in card.faults)
    yield aside(f"{card.id}, digest {card.digest}")


def _touched(card: ReviewCard) -> Iterator[Text]:
    for name, kind in card.inputs:
        yield line(f"takes {name}: {kind}")
    for name, fields in card.reads:
        yield line(f"reads {name}: {', '.join(fields)}")
    for verb, name, fields in card.writes:
        yield line(f"{verb} {name}: {', '.join(fields)}")
    for each in card.calls:
        yield line(f"calls {each}")


def _test(test: CardTest) -> Text:
    mark = Text("passed ", style="green") if test.passed else Text("failed ", style="red")
    told = f"{test.name}: {test.message}" if test.message else test.name
    return line(mark, said(told, limit=600))
