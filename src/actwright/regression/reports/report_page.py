"""The report as one HTML page: pictures over versions, what changed, every case; no script, no request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from actwright.pages.page import rendered
from actwright.pages.values import shown
from actwright.regression.comparing.comparing import Comparison, MetricChange
from actwright.regression.comparing.plan_diff import PlanChange
from actwright.regression.reports.report import Report, ReportedRow, ReportedVersion
from actwright.regression.reports.report_chart import HEIGHT, WIDTH, Chart, charts_of
from actwright.regression.scores.scorecard import CaseResult, Totals

_MOST_CASES = 100
"""Changed cases of one version that are spelled out."""

_LONG = 600
_TONES = {"same": "", "better": "good", "noise": "doubt", "drop": "bad", "unknown": "open"}
_MOVES = {
    "same": "as before",
    "better": "better",
    "noise": "within the band",
    "drop": "a drop",
    "unknown": "not known on one side",
}
_KINDS = (
    ("plans", "plans"),
    ("questions", "questions"),
    ("refusals", "refusals"),
    ("failures", "bad replies"),
    ("guardrails", "guardrail verdicts"),
)
"""What cases are told apart by, and its word."""


@dataclass(frozen=True, slots=True)
class ShownMetric:
    """One number that moved."""

    words: str
    before: str
    after: str
    allowed: str
    told: str
    tone: str


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One way in which an answer differs."""

    what: str
    where: Markup
    before: Markup
    after: Markup
    alarming: bool
    grave: bool


@dataclass(frozen=True, slots=True)
class ShownCase:
    """One case whose answer or verdict is another one."""

    id: str
    goal: Markup
    verdict: str
    tone: str
    changes: tuple[ShownChange, ...]
    differences: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class ShownStep:
    """What lies between one version and the one before it."""

    version: str
    hash: str
    at: str
    earlier: str
    note: str
    metrics: tuple[ShownMetric, ...]
    cases: tuple[ShownCase, ...]
    more: int
    left_out: tuple[str, ...]
    added: tuple[str, ...]
    reasons: tuple[Markup, ...]
    accepted: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class ListedCase:
    """One case of the newest version."""

    id: str
    goal: Markup
    wanted: str
    verdict: str
    tone: str
    differences: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Tallied:
    """One number of the newest version."""

    label: str
    value: str
    alarming: bool = False


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One prompt with one model."""

    prompt: Markup
    model: Markup
    origin: str
    newest: ReportedVersion
    tally: tuple[Tallied, ...]
    charts: tuple[Chart, ...]
    steps: tuple[ShownStep, ...]
    """The newest first."""
    wrong: tuple[ListedCase, ...]
    right: tuple[ListedCase, ...]


def report_page(report: Report) -> str:
    """Return the report as one HTML page.

    Args:
        report: The scorecards. Their texts may be anybody's: they arrive as plain text with nothing hidden.
    """
    return rendered(
        "regressions",
        package="actwright.regression.reports",
        rows=tuple(map(_row, report.rows)),
        red=report.red,
        width=WIDTH,
        height=HEIGHT,
    )


def _row(row: ReportedRow) -> ShownRow:
    cases = tuple(map(_listed, row.cases))
    return ShownRow(
        prompt=shown(row.prompt),
        model=shown(row.model),
        origin=row.origin,
        newest=row.newest,
        tally=tuple(_tally(row.newest.totals)),
        charts=charts_of(row),
        steps=tuple(_steps(row.versions))[::-1],
        wrong=tuple(each for each in cases if each.tone != "good"),
        right=tuple(each for each in cases if each.tone == "good"),
    )


def _tally(totals: Totals) -> Iterator[Tallied]:
    yield Tallied("cases right", f"{totals.right} of {totals.cases}")
    for name, word in _KINDS:
        if of := int(getattr(totals, name)):
            yield Tallied(f"{word} right", f"{getattr(totals, f'{name}_right')} of {of}")
    yield Tallied("grave", str(totals.grave), alarming=totals.grave > 0)
    lost = totals.checkpoints_lost
    yield Tallied("checkpoint texts lost", str(lost), alarming=lost > 0)
    yield Tallied("unneeded steps", str(totals.unneeded))
    yield Tallied("repair rounds", str(totals.repairs))
    yield Tallied("tokens", f"{totals.tokens:,}")
    if totals.cost is not None:
        yield Tallied("cost", totals.cost)
    if totals.high_seconds is not None:
        seconds = f"{totals.median_seconds:.1f} / {totals.high_seconds:.1f} s"
        yield Tallied("latency, half / 95 in 100", seconds)


def _steps(versions: Sequence[ReportedVersion]) -> Iterator[ShownStep]:
    for each in versions:
        if each.change is not None:
            yield _step(each, each.change)


def _step(version: ReportedVersion, change: Comparison) -> ShownStep:
    note = (
        "" if change.same_suite else "The suite is another one; numbers are of the cases both have."
    )
    return ShownStep(
        version=version.version,
        hash=version.hash[:8],
        at=version.at[:10],
        earlier=f"v{change.before.version} ({change.before.hash[:8]})",
        note=note,
        metrics=tuple(_metric(each) for each in change.metrics if each.move != "same"),
        cases=tuple(_cases(change))[:_MOST_CASES],
        more=max(len(change.changed) - _MOST_CASES, 0),
        left_out=change.left_out,
        added=change.added,
        reasons=tuple(_text(each) for each in change.reasons if each not in version.accepted),
        accepted=tuple(map(_text, version.accepted)),
    )


def _metric(change: MetricChange) -> ShownMetric:
    return ShownMetric(
        words=change.words,
        before=change.before or "-",
        after=change.after or "-",
        allowed=change.allowed,
        told=_MOVES[change.move],
        tone=_TONES[change.move],
    )


def _cases(change: Comparison) -> Iterator[ShownCase]:
    for each in change.changed:
        was, now = (("right" if one else "wrong") for one in (each.right_before, each.right_after))
        yield ShownCase(
            id=each.id,
            goal=_text(each.goal),
            verdict=now if was == now else f"{was} → {now}",
            tone="good" if each.right_after else "bad",
            changes=tuple(map(_change, each.changes)),
            differences=() if each.right_after else tuple(map(_text, each.differences)),
        )


def _change(change: PlanChange) -> ShownChange:
    return ShownChange(
        what=change.kind.replace("_", " "),
        where=_text(change.where),
        before=_text(change.before),
        after=_text(change.after),
        alarming=change.grave or change.kind in {"checkpoint_lost", "action_added"},
        grave=change.grave,
    )


def _listed(case: CaseResult) -> ListedCase:
    verdict = "grave" if case.grave else "right" if case.right else "wrong"
    return ListedCase(
        id=case.id,
        goal=_text(case.goal),
        wanted=case.wanted,
        verdict=verdict,
        tone="good" if case.right else "bad",
        differences=tuple(map(_text, case.differences)),
    )


def _text(text: str) -> Markup:
    return shown(text if len(text) <= _LONG else f"{text[:_LONG]}…")
