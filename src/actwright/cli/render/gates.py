"""What the regression gate found, and what became of a recording, as people see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from actwright.cli.render.regressions import misses, scorecards
from actwright.cli.render.words import line, said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.regression.finding import Finding
    from actwright.regression.gate.gate import GateResult
    from actwright.regression.gate.renewing import Renewal

_INDENT = (0, 0, 0, 2)
_MOST_CASES = 5
_MOST_DIFFS = 20
_MOST_FILES = 5


def gate(result: GateResult) -> Iterator[RenderableType]:
    """Yield the scorecards of what was played, and what keeps the gate closed."""
    if result.cards:
        yield Padding(scorecards(result.cards), _INDENT)
        yield from misses(result.cards)
    for each in result.findings:
        yield from _finding(each)
    if result.green:
        known = sum(each.totals.cases - each.totals.right for each in result.cards)
        told = f", {_number(known, 'known miss', 'known misses')}" if known else ""
        yield Text(f"The gate is open: {_count(result)}{told}, and nothing got worse.", "green")
    else:
        yield Text(f"The gate is closed: {_number(len(result.findings), 'finding')}.", "bold red")


def document(result: GateResult) -> dict[str, object]:
    """Return what the gate found, as JSON."""
    return {
        "green": result.green,
        "findings": [each.model_dump(mode="json") for each in result.findings],
        "scorecards": [each.model_dump(mode="json", exclude={"cases"}) for each in result.cards],
        "cases": [
            {
                "id": each.case_id,
                "origin": each.origin,
                "model": each.key.model,
                "right": each.verdict.right,
                "grave": each.verdict.grave,
                "differences": list(each.verdict.differences),
            }
            for each in result.plays
        ],
    }


def renewal(renewed: Renewal) -> Iterator[RenderableType]:
    """Yield what became of a recording."""
    yield Text(
        f"{_number(len(renewed.written), 'cassette')} changed, {renewed.unchanged} came out the same."
    )
    for sign, paths in (("+", renewed.written), ("-", renewed.removed)):
        for each in paths[:_MOST_FILES]:
            yield line(f"  {sign} ", said(str(each)))
        if len(paths) > _MOST_FILES:
            yield Text(f"  {sign} and {_number(len(paths) - _MOST_FILES, 'more file')}", "dim")
    if renewed.cards:
        yield Padding(scorecards(renewed.cards), _INDENT)
        yield from misses(renewed.cards)
    for finding in renewed.findings:
        yield from _finding(finding)


def _finding(finding: Finding) -> Iterator[RenderableType]:
    yield line(Text("! ", "bold red"), said(finding.message, limit=600))
    if finding.cases:
        yield line("    ", said(_cases(finding.cases), "dim", limit=600))
    if finding.where:
        yield line("    at:   ", said(finding.where, limit=400))
    for each in finding.diff[:_MOST_DIFFS]:
        yield line("    ", _coloured(each))
    if finding.hint:
        yield line("    next: ", said(finding.hint, limit=400))


def _coloured(stretch: str) -> Text:
    """Return a stretch of a diff with what goes in red, and what comes in green."""
    text = said(stretch, limit=2000)
    text.highlight_regex(r"\[-.*?-\]", "red")
    text.highlight_regex(r"\{\+.*?\+\}", "green")
    return text


def _cases(cases: Sequence[str]) -> str:
    more = f" and {len(cases) - _MOST_CASES} more" if len(cases) > _MOST_CASES else ""
    return f"{_number(len(cases), 'case')}: {', '.join(cases[:_MOST_CASES])}{more}"


def _count(result: GateResult) -> str:
    origins = [each.origin for each in result.plays]
    counted = [(origin, origins.count(origin)) for origin in dict.fromkeys(origins)]
    told = (_number(count, f"{origin} cassette") for origin, count in counted)
    return ", ".join(told) or "no cassettes"


def _number(count: int, noun: str, plural: str = "") -> str:
    return f"{count} {noun if count == 1 else plural or f'{noun}s'}"
