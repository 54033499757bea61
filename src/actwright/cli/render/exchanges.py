"""Exchanges with language models and plannings as people see them: in lists, and one asking with all that came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from actwright.cli.render.fates import fate
from actwright.cli.render.grid import Grid, grid
from actwright.cli.render.plans import plan
from actwright.cli.render.words import heading, here, line, said
from actwright.inert import visible

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.model.exchange import Exchange, ExchangeTexts
    from actwright.telemetry.fates.asked import Asked
    from actwright.telemetry.fates.story import Story
    from actwright.telemetry.fates.told_planning import ToldPlanning
    from actwright.telemetry.log.planning import PlanningRecord
    from actwright.telemetry.log.reading import KeptExchange

_LONGEST_LINE = 4_000
_HASH = 12
_DIGITS = 8


def exchanges(found: Sequence[Asked]) -> Grid:
    """Return exchanges in the order they are given, with what became of the plan each was asked for."""
    return grid(
        ("At", "Id", "Prompt", "Model", "Tokens", "s", "Outcome", "Fate"),
        (
            (
                here(each.exchange.at),
                short_id(each.exchange.id),
                f"{each.exchange.prompt_name} {each.exchange.prompt_version}",
                each.exchange.model,
                f"{each.exchange.input_tokens} + {each.exchange.output_tokens}",
                f"{each.exchange.seconds:.1f}",
                each.exchange.outcome,
                each.fate or "",
            )
            for each in found
        ),
        whole={"Id"},
    )


def plannings(found: Sequence[ToldPlanning]) -> Grid:
    """Return plannings in the order they are given, with what became of each."""
    return grid(
        ("At", "Id", "Call", "Planner", "Model", "Tokens", "s", "Plan", "Fate"),
        (
            (
                here(each.planning.at),
                short_id(each.planning.id),
                each.planning.call,
                _planner(each.planning),
                each.planning.model or "",
                _tokens(each.planning),
                f"{each.planning.seconds:.1f}",
                each.planning.plan_id or each.planning.refusal or each.planning.error or "",
                each.fate or "",
            )
            for each in found
        ),
        whole={"Id", "Fate"},
    )


def _planner(planning: PlanningRecord) -> str:
    if planning.prompt_name is None:
        return planning.planner or "offline"
    return f"{planning.prompt_name} {planning.prompt_version}"


def _tokens(planning: PlanningRecord) -> str:
    return f"{planning.input_tokens} + {planning.output_tokens}" if planning.calls else ""


def nothing(noun: str, level: str, *, narrowed: bool) -> str:
    """Return why a list is empty.

    Args:
        noun: What it would list.
        level: What the settings say is kept.
        narrowed: Whether options ask for some of them only.
    """
    if narrowed:
        return f"The log holds no {noun} that fits these options."
    if level == "off":
        return f"The log holds no {noun}: telemetry is off, so nothing is kept."
    return f"The log holds no {noun}."


def short_id(key: str) -> str:
    """Return what an exchange or a planning is called in a list: its first digits, which ``show`` takes too."""
    return key.rpartition("_")[2][:_DIGITS]


def story(found: Story, *, texts: bool) -> Iterator[RenderableType]:
    """Yield one asking: what was asked, round by round, the plan, and what became of it.

    Args:
        found: The asking.
        texts: Whether to print what was said, where that was kept.
    """
    yield from _asked(found)
    if found.exchanges:
        yield _rounds([each.exchange for each in found.exchanges])
    if found.planning is not None:
        yield from _planning(found.planning)
    if found.plan is not None:
        yield Text()
        yield from plan(found.plan)
    if found.fate is not None:
        yield Text()
        yield from fate(found.fate)
    for each in found.exchanges:
        yield from _kept(each, texts=texts)


def _asked(found: Story) -> Iterator[Text]:
    """Yield what was asked, of whom, and by whom."""
    goal = _goal(found)
    if goal is not None and found.plan is None:
        yield line(heading("Goal: "), said(goal, limit=2_000))
    if found.exchanges:
        first = found.exchanges[0].exchange
        name = f"{first.prompt_name} {first.prompt_version}, hash {first.prompt_hash[:_HASH]}"
        yield line(heading("Prompt: "), said(name))
        yield line(heading("Model: "), said(", ".join(_settings(first))))
    told = found.planning or (found.exchanges[0].exchange if found.exchanges else None)
    if told is not None and told.user:
        yield line(
            heading("Asked: "),
            said(f"{here(told.at)} as {told.user} on {told.org or 'no org'}, {told.session or ''}"),
        )


def _goal(found: Story) -> str | None:
    kept = (each.texts.goal for each in found.exchanges if each.texts is not None)
    return next(kept, None) or (found.planning.goal if found.planning else None)


def _settings(asked: Exchange) -> Iterator[str]:
    yield asked.model
    if asked.mode is not None:
        yield asked.mode
    if asked.temperature is not None:
        yield f"temperature {asked.temperature:g}"
    if asked.max_output_tokens is not None:
        yield f"at most {asked.max_output_tokens} tokens"


def _rounds(asked: Sequence[Exchange]) -> Grid:
    return grid(
        ("Round", "Outcome", "Faults", "Tokens", "Cached", "Cost", "Seconds", "Finish"),
        (
            (
                str(each.round),
                f"{each.outcome}: {each.code}" if each.code else each.outcome,
                f"{each.faults} ({each.fault_kind})" if each.fault_kind else str(each.faults),
                f"{each.input_tokens} + {each.output_tokens}",
                str(each.cached_tokens),
                each.cost or "",
                f"{each.seconds:.1f}",
                each.finish or "",
            )
            for each in asked
        ),
    )


def _planning(told: PlanningRecord) -> Iterator[Text]:
    """Yield what the planning came to, beside its plan."""
    for head, text in (
        ("Refused by the planner: ", told.refusal),
        ("Broken off: ", told.error),
        ("From the shape of: ", told.cached_from),
        ("Borne out by neither goal nor data: ", ", ".join(told.ungrounded)),
        ("Asks: ", ", ".join(told.questions)),
    ):
        if text:
            yield line(heading(head), said(text))
    if told.fallback:
        yield Text("Another planner stood in for the one that was asked.")


def _kept(asked: KeptExchange, *, texts: bool) -> Iterator[RenderableType]:
    """Yield what was kept of the words, what was taken out of them, and what is missing."""
    for sentence in asked.missing:
        yield Text.assemble(("Missing: ", "yellow"), said(sentence))
    if asked.texts is None:
        return
    if asked.texts.redacted:
        counted = ", ".join(f"{name} {count}x" for name, count in asked.texts.redacted.items())
        yield line(heading("Taken out before it was kept: "), said(counted, limit=2_000))
    if texts:
        yield from _said(asked.exchange.round, asked.texts)


def _said(number: int, kept: ExchangeTexts) -> Iterator[Text]:
    for message in kept.messages:
        yield from _paragraph(f"Round {number}, {message.role}", message.content)
    if kept.reply is not None:
        yield from _paragraph(f"Round {number}, reply", kept.reply)
    for fault in kept.faults:
        yield line("  fault: ", said(fault, limit=_LONGEST_LINE))
    if kept.error:
        yield line("  error: ", said(kept.error, limit=_LONGEST_LINE))


def _paragraph(name: str, text: str) -> Iterator[Text]:
    """Yield a text line by line, as it stands, with nothing hidden in it."""
    yield Text()
    yield heading(name)
    for each in text.split("\n"):
        yield Text(visible(each, limit=_LONGEST_LINE))
