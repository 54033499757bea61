"""The page of a run: what became of it, what the org changed beside the plan, and the journal behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from actwright.checkpoints.preview import Preview
from actwright.locales import PersonLocale, user_locale
from actwright.pages.changes import Card, Sheet, changes_shown
from actwright.pages.page import rendered
from actwright.pages.preview import Finding, findings
from actwright.pages.standing import left_out_in_words, standing
from actwright.pages.telling import Teller
from actwright.pages.values import Speech, folded
from actwright.runs.record.chain import first_fault
from actwright.runs.record.envelope import ActionResult, OrchestratorResult, SideChange
from actwright.runs.record.event import JournalEvent
from actwright.runs.record.state import RunState
from actwright.runs.undoing.record_names import record_names

_MOST_RECORDS = 6
_MOST_LOGS = 30
_MOST_BESIDE = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of the journal."""

    number: int
    at: str
    clock: str
    kind: str
    told: Markup


@dataclass(frozen=True, slots=True)
class Beside:
    """One field that changed beside the plan."""

    label: str
    before: Markup
    after: Markup
    cause: str
    records: int
    record_id: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one action."""

    result: ActionResult
    status: str
    tone: str
    records: tuple[tuple[str, str | None], ...]
    """The first of them: what people call each, and its address."""
    more: int
    beside: tuple[Beside, ...]
    more_beside: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What was confirmed for one stage."""

    number: int
    approver: str
    because: str
    """Why there is a further stage; empty for the first."""
    parts: tuple[Card | Sheet, ...]


_TONES = {"done": "good", "not_run": "open", "unknown": "doubt"}
_BECAUSE = {
    "start": "",
    "wave": "what it waited for was known",
    "inputs": "a person gave other inputs",
    "branch": "a person said what comes next",
}


def run_page(
    state: RunState,
    events: Sequence[JournalEvent],
    stages: Sequence[Preview | None],
    envelope: OrchestratorResult | None,
    locale: PersonLocale | None = None,
) -> str:
    """Return a run as one HTML page.

    Args:
        state: What the events add up to.
        events: The journal.
        stages: What was carried out, stage by stage, where the store still has it.
        envelope: What the caller was told; of a run that is held, how far it has come; None for one that goes on.
        locale: How numbers, money and dates are written; the person's own where left out.
    """
    preview = next((each for each in stages if each is not None), None)
    person = preview.running_user if preview else None
    spoken = locale or (user_locale(person.locale, zone=person.zone) if person else PersonLocale())
    speech = Speech(spoken, preview.org if preview else None)
    teller = Teller(stages, spoken.moment_to_the_second)
    results = envelope.results if envelope else ()
    names = _names(stages, results)
    return rendered(
        "run",
        state=state,
        envelope=envelope,
        verdict=_verdict(state, envelope),
        started=spoken.moment_to_the_second(state.started_at) if state.started_at else "",
        ended=spoken.time_of(state.ended_at) if state.ended_at else "",
        until=spoken.moment_to_the_second(state.until) if state.until else "",
        outcomes=tuple(_outcome(each, speech, names) for each in results),
        errors=_untold(envelope),
        warnings=tuple(each for each in envelope.warnings if each != state.reason)
        if envelope
        else (),
        logs=envelope.logs[:_MOST_LOGS] if envelope else (),
        more_logs=max(len(envelope.logs) - _MOST_LOGS, 0) if envelope else 0,
        confirmed=tuple(_confirmed(state, at, each, speech) for at, each in enumerate(stages)),
        journal=tuple(_entry(each, teller, spoken) for each in events),
        fault=first_fault(events),
        number=spoken.number,
    )


def _names(stages: Sequence[Preview | None], results: Sequence[ActionResult]) -> Mapping[str, str]:
    """Return what people call the records a run wrote, by their ids."""
    names: dict[str, str] = {}
    for each in stages:
        names |= record_names(each, results)
    return names


def _confirmed(state: RunState, place: int, preview: Preview | None, speech: Speech) -> Confirmed:
    stage = state.stages[place] if place < len(state.stages) else None
    return Confirmed(
        number=place + 1,
        approver=stage.approver if stage else state.approver,
        because=_BECAUSE[stage.because] if stage else "",
        parts=changes_shown(preview.effects, preview.rows, speech) if preview else (),
    )


def _verdict(state: RunState, envelope: OrchestratorResult | None) -> tuple[str, str]:
    """Return in a word how the run stands, and the tone to say it in."""
    if state.status == "completed":
        left_out = envelope and left_out_in_words(envelope.effects_done, envelope.effects_total)
        return (f"Ended: {left_out}", "doubt") if left_out else ("Done", "good")
    if state.in_doubt and state.status not in {"waiting", "paused"}:
        return "In doubt", "doubt"
    if envelope and envelope.in_part and state.status == "failed":
        return f"Partly done: {envelope.effects_done:,} of {envelope.effects_total:,}", "doubt"
    if state.status == "failed":
        return "Not done", "bad"
    told = standing(
        state.status,
        state.waiting_for,
        in_doubt=bool(state.in_doubt),
        stalled=bool(state.stalled),
    )
    return told.word.capitalize(), told.tone


def _untold(envelope: OrchestratorResult | None) -> tuple[str, ...]:
    """Return the errors that no action's issue tells."""
    if envelope is None:
        return ()
    told = {issue.message for each in envelope.results for issue in each.issues}
    return tuple(each for each in envelope.errors if each not in told)


def _outcome(result: ActionResult, speech: Speech, names: Mapping[str, str]) -> Outcome:
    beside = _all_beside(result, speech)
    first = result.record_ids[:_MOST_RECORDS]
    return Outcome(
        result=result,
        status=result.status.replace("_", " "),
        tone=_TONES.get(result.status, "bad"),
        records=tuple((names.get(each, each), speech.url(each)) for each in first),
        more=max(len(result.record_ids) - _MOST_RECORDS, 0),
        beside=beside[:_MOST_BESIDE],
        more_beside=max(len(beside) - _MOST_BESIDE, 0),
        findings=findings(result.issues, speech),
    )


def _all_beside(result: ActionResult, speech: Speech) -> tuple[Beside, ...]:
    """Return what changed beside the plan, with what happened to many records alike told once."""
    alike: dict[tuple[object, ...], list[SideChange]] = defaultdict(list)
    for each in dict.fromkeys(result.side_changes):
        alike[each.label, each.before, each.after, each.after_text, each.cause].append(each)
    return tuple(_beside(each, result, speech) for each in alike.values())


def _beside(changes: Sequence[SideChange], result: ActionResult, speech: Speech) -> Beside:
    """Return one change beside the plan; its record is named where the action has others."""
    first = changes[0]
    after = first.after_text or speech.locale.value(first.after, "string")
    records = dict.fromkeys(each.record_id for each in changes)
    named = len(records) == 1 and result.record_ids != (first.record_id,)
    return Beside(
        label=first.label,
        before=folded(speech.locale.value(first.before, "string")),
        after=folded(after),
        cause=first.cause,
        records=len(records),
        record_id=first.record_id if named else "",
        url=speech.url(first.record_id),
    )


def _entry(event: JournalEvent, teller: Teller, locale: PersonLocale) -> Entry:
    return Entry(
        number=event.seq,
        at=event.at,
        clock=locale.time_of(event.at),
        kind=event.kind.replace("_", " "),
        told=folded(teller.told(event)),
    )
