"""Generated actions as people see them: lists, one version with its history, differences, and how tests went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from actwright.actions.generated.difference import GeneratedDifference, line_of_code, reach_of
from actwright.cli.render.code import numbered
from actwright.cli.render.grid import grid
from actwright.cli.render.words import aside, heading, here, line, said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.actions.generated.trial import TrialResult
    from actwright.actions.generated.version import Decision, GeneratedVersion, Standing

_STYLES: dict[Standing, str] = {"waiting": "yellow", "approved": "green", "revoked": "red"}
_WORDS: dict[Standing, str] = {
    "waiting": "waits for review",
    "approved": "approved",
    "revoked": "revoked",
}
_INDENT = (0, 0, 0, 2)


def versions(found: Sequence[GeneratedVersion]) -> RenderableType:
    """Return versions as a table."""
    return grid(
        ("Action", "Version", "Standing", "Writes", "Made by", "Id"),
        (
            (
                each.action.name,
                str(each.version),
                Text(_WORDS[each.standing], _STYLES[each.standing]),
                ", ".join(dict.fromkeys(one.object for one in each.action.writes)) or "-",
                _maker(each),
                each.action.id,
            )
            for each in found
        ),
        whole={"Id"},
    )


def version(found: GeneratedVersion) -> Iterator[RenderableType]:
    """Yield one version: what it may reach, its code, and what was decided about it."""
    action = found.action
    yield line(
        heading("Generated action "),
        said(action.name, "bold"),
        aside(f"version {found.version}"),
        aside(_WORDS[found.standing], _STYLES[found.standing]),
    )
    yield line(said(action.id), aside(f"added {here(found.at)}, made by {_maker(found)}"))
    if action.blueprint.summary:
        yield said(action.blueprint.summary, limit=500)
    yield heading("What it may reach")
    for each in reach_of(action):
        yield Padding(said(each), _INDENT)
    yield heading("Code")
    yield numbered(tuple(map(line_of_code, action.code.rstrip("\n").split("\n"))))
    if found.history:
        yield heading("Decisions")
    for decision in found.history:
        yield Padding(_decided(decision), _INDENT)


def trials(found: Sequence[TrialResult]) -> Iterator[RenderableType]:
    """Yield how tests went, one a line, and how many passed."""
    for each in found:
        sign = Text("passed  ", "green") if each.passed else Text("failed  ", "red")
        yield line(sign, said(each.name, "bold"))
        if each.message:
            yield Padding(said(each.message, limit=600), (0, 0, 0, 8))
    passed = sum(each.passed for each in found)
    yield Text(f"{passed} of {len(found)} passed.")


def difference(found: GeneratedDifference) -> Iterator[RenderableType]:
    """Yield what another version may reach in addition and no more, and how its code differs."""
    yield line(said(found.before), " -> ", said(found.after, "bold"))
    for sign, style, lines in (("+ ", "green", found.gained), ("- ", "red", found.lost)):
        for each in lines:
            yield line(Text(sign, style), said(each, style))
    if not (found.gained or found.lost):
        yield Text("It may reach the same.")
    for each in found.code:
        yield Text(line_of_code(each), _line_style(each))
    if not found.code:
        yield Text("The code is the same.")


def _line_style(text: str) -> str:
    return {"+": "green", "-": "red", "@": "cyan"}.get(text[:1], "")


def _decided(decision: Decision) -> Text:
    key = " with a key" if decision.key else ""
    why = f": {decision.why}" if decision.why else ""
    return line(
        Text(decision.kind, "bold"), f" by {decision.by}{key}", aside(here(decision.at)), said(why)
    )


def _maker(found: GeneratedVersion) -> str:
    made_by = found.action.made_by
    return made_by.model or (f"template {made_by.template}" if made_by.template else "-")
