"""Where a run is: what is out and since when, what it waits for, and what is in doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.text import Text

from actwright.canonical import decimal_text
from actwright.cli.render.words import aside, heading, in_words, line, said
from actwright.pages.telling import Teller, worker_in_words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.checkpoints.preview import Preview
    from actwright.runs.record.event import JournalEvent
    from actwright.runs.record.state import RunState
    from actwright.runs.record.step import StepState

_INDENT = (0, 0, 0, 2)
_LONGEST = 600
_BY_HAND = {
    "retry": "ACTION",
    "doubt": "provide_clarification --answer ANSWER",
}
"""What has to be said beside ``resume``, by what the run stands at; a yes is simply asked for."""
_COMMANDS = {
    "cancel": "actwright cancel",
    "override": "actwright override file",
    "uphold": "actwright override uphold",
    "dismiss": "actwright override dismiss",
    "modify": "actwright override modify",
}
"""Interventions with a command of their own; ``resume --action`` takes all others."""


@dataclass(frozen=True, slots=True)
class Present:
    """The moment a run is looked at.

    Attributes:
        now: The time.
        moment: Writes a point in time by the clock of the run's person.
    """

    now: datetime
    moment: Callable[[str], str]

    def ago(self, at: str) -> str:
        """Return how long ago something was, in words."""
        return in_words((self.now - datetime.fromisoformat(at)).total_seconds())

    def ahead(self, at: str) -> str:
        """Return how long it is until a moment, in words; that it is over where it has passed."""
        seconds = (datetime.fromisoformat(at) - self.now).total_seconds()
        return f"in {in_words(seconds)}" if seconds > 0 else "which has passed"


def where_it_is(
    state: RunState,
    events: Sequence[JournalEvent],
    stages: Sequence[Preview | None],
    present: Present,
    *,
    carried: bool,
    alone: bool = True,
) -> Iterator[RenderableType]:
    """Yield where a run is that has not ended; nothing of one that has.

    Args:
        state: What the events add up to.
        events: The journal.
        stages: The previews of its stages, where the store still has them.
        present: The moment it is looked at.
        carried: Whether a process carries it out that is alive.
        alone: Whether no other machine uses the store, so that no worker elsewhere may be counted on.
    """
    from actwright.runs.telling.flags import next_in_words, over_in_words  # noqa: PLC0415 - slow to import

    if state.ended:
        return
    yield heading("Where it is")
    over = "" if carried else over_in_words(state, present.now)
    left = next_in_words(over, over=bool(over), alone=alone).strip()
    told = [
        _progress(state, stages),
        said(left, "yellow", limit=_LONGEST)
        if over
        else _driver(state, present, left, carried=carried),
        *_steps(state, events, Teller(stages, present.moment), stages, present),
        *_held(state, events, present, over=bool(over)),
        *_bounds(state, present, over=bool(over)),
    ]
    yield from (Padding(each, _INDENT) for each in told if each)


def _progress(state: RunState, stages: Sequence[Preview | None]) -> Text:
    from actwright.runs.record.step import BEHIND  # noqa: PLC0415 - slow to import

    newest = len(state.stages) or 1
    preview = stages[newest - 1] if newest <= len(stages) else None
    steps = [each for each in state.steps if each.stage == newest]
    behind = sum(each.status in BEHIND for each in steps)
    total = len(preview.groups) if preview else len(steps)
    stage = f"Stage {newest}: " if newest > 1 or (preview and preview.later) else ""
    later = (
        f"; {len(preview.later):,} more to come in a later wave"
        if preview and preview.later
        else ""
    )
    return Text(f"{stage}{behind:,} of {total:,} {_noun(total)} behind it{later}.")


def _noun(count: int) -> str:
    return "step" if count == 1 else "steps"


def _driver(state: RunState, present: Present, left: str, *, carried: bool) -> Text:
    if state.stalled:
        return line(Text("Stalled: ", "yellow"), said(state.stalled, limit=_LONGEST))
    if state.status == "queued":
        return Text("No process has begun with it yet.")
    if state.status != "running":
        return Text()
    who = worker_in_words(state.worker) if state.worker else "a process"
    if carried:
        return line("Carried out by ", said(who), ".")
    ago = present.ago(state.updated_at) if state.updated_at else "some time"
    return line(
        Text("Stalled: ", "yellow"),
        said(who),
        f" had it, and was last heard of {ago} ago. {left}",
    )


def _steps(
    state: RunState,
    events: Sequence[JournalEvent],
    teller: Teller,
    stages: Sequence[Preview | None],
    present: Present,
) -> Iterator[RenderableType]:
    """Yield what is out, what is in doubt, what is tried again and what failed, with what each does."""
    newest = len(state.stages) or 1
    for step in state.steps:
        told = _STEPS.get(step.status)
        if told is None or step.stage != newest:
            continue
        head = line(said(step.group_id, "bold"), " ", told(step, present))
        yield line(head, ": ", said(_doing(step, stages, teller), limit=_LONGEST))
        answer = _answer(step, events) if step.status in _NOT_DONE else None
        if answer is not None:
            yield Padding(said(teller.told(answer), limit=_LONGEST), _INDENT)


def _answer(step: StepState, events: Sequence[JournalEvent]) -> JournalEvent | None:
    """Return the event that says why a step was not done."""
    own = (each for each in reversed(events) if each.data.get("groupId") == step.group_id)
    return next((each for each in own if each.kind in _ANSWERS), None)


def _out(step: StepState, present: Present) -> Text:
    since = step.sent_at or step.at
    told = f"is out since {present.moment(since)} ({present.ago(since)})" if since else "is out"
    return line(Text(told, "cyan"), aside(f"try {step.attempt}" if step.attempt > 1 else ""))


def _doubtful(step: StepState, present: Present) -> Text:
    told = f"is in doubt since {present.moment(step.at)} ({present.ago(step.at)})"
    return line(Text(told, "bold red"), aside(f"bulk job {step.job_id}" if step.job_id else ""))


def _again(step: StepState, present: Present) -> Text:
    when = f" at {present.moment(step.until)}, {present.ahead(step.until)}" if step.until else ""
    return Text(f"did not happen, and is tried again{when} (try {step.attempt})", "yellow")


def _not_done(step: StepState, _: Present) -> Text:
    return Text(_NOT_DONE[step.status], "red")


_NOT_DONE = {
    "failed": "failed",
    "partial": "was done in part",
    "refused": "was refused before it was sent",
    "not_sent": "was not sent",
}
_ANSWERS = frozenset({"group_settled", "group_reconciled", "group_refused"})
_STEPS: dict[str, Callable[[StepState, Present], Text]] = {
    "intended": _out,
    "unknown": _doubtful,
    "retrying": _again,
    **dict.fromkeys(_NOT_DONE, _not_done),
}


def _doing(step: StepState, stages: Sequence[Preview | None], teller: Teller) -> str:
    preview = stages[step.stage - 1] if step.stage <= len(stages) else None
    groups = preview.groups if preview else ()
    ids = next(
        ([one.id for one in each.effects] for each in groups if each.id == step.group_id), []
    )
    return teller.deeds(step.stage, ids) if ids else "its preview is not in this store"


def _held(
    state: RunState, events: Sequence[JournalEvent], present: Present, *, over: bool
) -> Iterator[RenderableType]:
    """Yield what a run that is held needs: why, the evidence, what may be answered, and until when."""
    if state.status not in {"waiting", "paused"}:
        return
    data = _holding(events)
    head = "Waits" if state.status == "waiting" else "Paused"
    yield line(Text(f"{head}: ", "yellow"), said(state.reason or "for a person", limit=_LONGEST))
    if state.held_since:
        yield Text(
            f"Since {present.moment(state.held_since)}, {present.ago(state.held_since)} ago."
        )
    found = (*data.get("evidence", ()), *_known(data.get("outputs", {})))
    yield from (Padding(said(each, limit=_LONGEST), _INDENT) for each in found)
    choices = [str(each) for each in data.get("choices", ())]
    if choices:
        yield line("Either it ", Text(" or it ").join(said(each, "bold") for each in choices), ".")
    if state.until:
        yield Text(f"Until {present.moment(state.until)}, {present.ahead(state.until)}.")
    if not over:
        yield from _ways(state)


def _known(outputs: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """Yield what the actions that a later part waits for have put out."""
    for action, values in outputs.items():
        for name, value in values.items():
            yield f"{name} of {action}: {value}"


def _ways(state: RunState) -> Iterator[Text]:
    """Yield how a held run goes on: the command, and which interventions apply."""
    from actwright.runs.interventions.standing import standing_of  # noqa: PLC0415 - slow to import
    from actwright.runs.interventions.table import applicable  # noqa: PLC0415 - same reason

    stands = standing_of(state)
    by_hand = _BY_HAND.get(stands)
    command = f"actwright resume {state.id}"
    if stands == "override":
        command = f"actwright override list {state.id}"
    elif by_hand is not None:
        command = f"{command} --action {by_hand} --why REASON"
    yield line("Next: ", said(command, "bold"))
    fitting = applicable(state)
    told = ", ".join(each for each in fitting if each not in _COMMANDS)
    yield line("What applies: ", said(told))
    others = ", ".join(_COMMANDS[each] for each in fitting if each in _COMMANDS)
    if others:
        yield line("Besides: ", said(others))


def _holding(events: Sequence[JournalEvent]) -> dict[str, Any]:
    held = {"run_paused", "run_waiting"}
    return next((each.data for each in reversed(events) if each.kind in held), {})


def _bounds(state: RunState, present: Present, *, over: bool) -> Iterator[Text]:
    if state.ending and not over:
        why = f": {state.ending_why}" if state.ending_why else ""
        yield line(Text("It is about to end, ", "yellow"), said(f"{state.ending}{why}"))
    if state.deadline:
        yield Text(f"Deadline {present.moment(state.deadline)}, {present.ahead(state.deadline)}.")
    if state.answer_within is not None:
        yield Text(f"It waits for a person for at most {in_words(state.answer_within)} each time.")
    limits = state.limits
    named = ((limits.calls, "API calls"), (limits.rows, "effects"), (limits.seconds, "seconds"))
    told = [f"{each:,} {noun}" for each, noun in named if each is not None]
    if limits.cost is not None:
        told.append(f"a cost of {decimal_text(limits.cost)}")
    if told:
        yield Text(f"It may take at most {', '.join(told)}.")
