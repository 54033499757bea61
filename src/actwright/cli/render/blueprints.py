"""Blueprints, the library and lint findings as people see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from actwright.cli.render.grid import grid
from actwright.cli.render.words import aside, heading, line, said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.blueprints.blueprint import ActionBlueprint
    from actwright.blueprints.finding import LintFinding
    from actwright.blueprints.library import Library


def library(found: Library) -> Iterator[RenderableType]:
    """Yield the blueprints of a library, and its quarantined files."""
    yield grid(
        ("Blueprint", "Does", "What it does"),
        (
            (
                each.key,
                f"{each.blueprint.operation} {_target(each.blueprint)}",
                each.blueprint.summary,
            )
            for each in found.entries
        ),
        whole={"Blueprint"},
    )
    for each in found.quarantined:
        yield line(Text("Quarantined: ", "red"), said(each.path), aside(str(each.error), "red"))


def blueprint(found: ActionBlueprint) -> Iterator[RenderableType]:
    """Yield one blueprint with its inputs and guardrails."""
    yield line(heading("Blueprint "), said(found.name, "bold"), aside(found.label))
    yield line(f"{found.operation} ", said(_target(found)))
    if found.summary:
        yield said(found.summary, limit=500)
    if found.aliases:
        yield line("Also called: ", said(", ".join(found.aliases)))
    yield grid(
        ("Input", "Type", "Required", "Default", "Meaning"),
        (
            (
                each.api_name,
                each.data_type,
                "yes" if each.required else "-",
                "-" if each.default is None else str(each.default),
                each.description or each.label,
            )
            for each in found.inputs
        ),
    )
    if found.guardrails:
        yield heading("Guardrails")
    for each in found.guardrails:
        params = ", ".join(f"{key}={value}" for key, value in each.params.items())
        yield line("  ", said(each.type), aside(params))


def findings(found: Mapping[str, Sequence[LintFinding]]) -> Iterator[RenderableType]:
    """Yield what lint found, blueprint by blueprint, and how much it is."""
    for key, items in found.items():
        for each in items:
            style = "red" if each.severity == "error" else "yellow"
            path = "" if each.path == key else each.path
            yield line(
                Text(f"{each.severity}: ", style), said(key, "bold"), aside(path), aside(each.rule)
            )
            yield line("  ", said(each.message, style))
            if each.hint:
                yield line("  next: ", said(each.hint))
    total = [each.severity for items in found.values() for each in items]
    errors = total.count("error")
    yield Text(
        f"{len(found)} checked: {_count(errors, 'error')}, {_count(len(total) - errors, 'warning')}."
    )


def _target(found: ActionBlueprint) -> str:
    return found.target_s_object or found.target or ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
