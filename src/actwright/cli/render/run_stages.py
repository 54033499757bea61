"""What a run went through: its stages with who confirmed each, and who stepped in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from actwright.cli.render.grid import grid
from actwright.cli.render.words import heading
from actwright.pages.telling import action_in_words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.runs.record.event import JournalEvent
    from actwright.runs.record.stage import Stage
    from actwright.runs.record.state import RunState

_WORDS = {
    "checked": "looked at",
    "refused": "refused",
    "intended": "out",
    "unknown": "in doubt",
    "retrying": "to be tried again",
    "done": "done",
    "partial": "done in part",
    "failed": "failed",
    "not_sent": "not sent",
    "skipped": "left out",
}
_BECAUSE = {
    "start": "the start",
    "wave": "a later wave",
    "inputs": "other inputs",
    "branch": "another way",
}


def stages_of(state: RunState) -> Iterator[RenderableType]:
    """Yield the stages of a run with more than one: who confirmed each, why there is one, and how far it has come."""
    if len(state.stages) < 2:  # noqa: PLR2004 - one stage is told by the head of the run
        return
    yield heading("Stages")
    yield grid(
        ("#", "Because of", "Confirmed by", "Preview", "Steps"),
        (_stage(each, state) for each in state.stages),
        whole={"Preview"},
    )


def _stage(stage: Stage, state: RunState) -> tuple[str, ...]:
    counts = Counter(_WORDS[each.status] for each in state.steps if each.stage == stage.number)
    steps = ", ".join(f"{count:,} {word}" for word, count in counts.items()) or "none yet"
    return (
        str(stage.number),
        _BECAUSE[stage.because],
        stage.approver,
        stage.preview_id,
        steps,
    )


def interventions(
    events: Sequence[JournalEvent], moment: Callable[[str], str]
) -> Iterator[RenderableType]:
    """Yield who stepped in, when, how and why; nothing where nobody did."""
    own = [each for each in events if each.kind == "intervened"]
    if not own:
        return
    yield heading("Interventions")
    yield grid(
        ("At", "Who", "What", "Why"), (_intervention(each, moment) for each in own), whole={"At"}
    )


def _intervention(event: JournalEvent, moment: Callable[[str], str]) -> tuple[str, ...]:
    data = event.data
    target = f" {data['target']}" if data.get("target") else ""
    refused = f", refused: {data['refused']}" if data.get("refused") else ""
    what = f"{action_in_words(str(data.get('action', '')))}{target}{refused}"
    who = str(data.get("by") or event.actor)
    return moment(event.at), who, what, str(data.get("why", ""))
