"""The page of a run: what became of it, what the org changed beside the plan, and the journal behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from actwright.checkpoints.preview import Preview
from actwright.locales import PersonLocale, user_locale
from actwright.pages.changes import changes_shown
from actwright.pages.page import rendered
from actwright.pages.preview import Finding, findings
from actwright.pages.summary import tally
from actwright.pages.telling import Teller
from actwright.pages.values import Speech, folded
from actwright.runs.envelope import ActionResult, OrchestratorResult, SideChange
from actwright.runs.event import JournalEvent
from actwright.runs.journal import first_fault
from actwright.runs.record_names import record_names
from actwright.runs.state import RunState

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


_TONES = {"done": "good", "not_run": "open", "unknown": "doubt"}


def run_page(
    state: RunState,
    events: Sequence[JournalEvent],
    preview: Preview | None,
    envelope: OrchestratorResult | None,
    locale: PersonLocale | None = None,
) -> str:
    """Return a run as one HTML page.

    Args:
        state: What the events add up to.
        events: The journal.
        preview: What was carried out, where the store still has it.
        envelope: What the caller was told; None for a run that never ended.
        locale: How numbers, money and dates are written; the person's own where left out.
    """
    person = preview.running_user if preview else None
    spoken = locale or (user_locale(person.locale, zone=person.zone) if person else PersonLocale())
    speech, teller = Speech(spoken, preview.org if preview else None), Teller(preview)
    results = envelope.results if envelope else ()
    names = record_names(preview, results)
    return rendered(
        "run",
        state=state,
        preview=preview,
        envelope=envelope,
        verdict=_verdict(state, envelope),
        started=spoken.moment_to_the_second(state.started_at) if state.started_at else "",
        ended=spoken.time_of(state.ended_at) if state.ended_at else "",
        outcomes=tuple(_outcome(each, speech, names) for each in results),
        errors=_untold(envelope),
        logs=envelope.logs[:_MOST_LOGS] if envelope else (),
        more_logs=max(len(envelope.logs) - _MOST_LOGS, 0) if envelope else 0,
        tally=tally(preview.effects) if preview else None,
        parts=changes_shown(preview.effects, preview.rows, speech) if preview else (),
        journal=tuple(_entry(each, teller, spoken) for each in events),
        fault=first_fault(events),
        number=spoken.number,
    )


def _verdict(state: RunState, envelope: OrchestratorResult | None) -> tuple[str, str]:
    """Return in a word how the run stands, and the tone to say it in."""
    if state.status == "completed":
        return "Done", "good"
    if state.in_doubt:
        return "In doubt", "doubt"
    if envelope and envelope.in_part:
        return f"Partly done: {envelope.effects_done:,} of {envelope.effects_total:,}", "doubt"
    return ("Running", "open") if state.status == "running" else ("Not done", "bad")


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
