"""The page of a preview: everything a person needs to say yes or no, on a phone as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup

from actwright.blueprints.plan import Plan
from actwright.checkpoints.preview import Extreme, Preview
from actwright.checkpoints.wording.later_words import later_line
from actwright.guardrails.issue import Issue
from actwright.locales import PersonLocale
from actwright.org.identity import OrgIdentity
from actwright.org.value import FieldValue, Unit
from actwright.pages.beside import (
    Beside,
    approval_lines,
    carried_out,
    loud_notices,
    plain_notices,
    unsaid,
)
from actwright.pages.changes import changes_shown
from actwright.pages.page import rendered
from actwright.pages.provenances import Origin, by_provenance
from actwright.pages.summary import tally, together, undo_summary
from actwright.pages.values import Speech, shown


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the greatest value of a field over the rows an action was bound to."""

    label: str
    least: str
    least_record: str
    greatest: str
    greatest_record: str
    total: str


@dataclass(frozen=True, slots=True)
class Match:
    """A record a duplicate rule holds to be the same."""

    name: str
    url: str | None
    object: str
    rule: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found."""

    severity: str
    place: str
    message: Markup
    hint: str
    rule: str
    url: str | None
    record_id: str
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class OriginShown:
    """The values of one provenance, as a page shows them."""

    origin: Origin
    values: tuple[tuple[str, Markup, str, int], ...]
    """Label, value, source, and how often."""


def preview_page(
    preview: Preview, plan: Plan, locale: PersonLocale, beside: Beside | None = None
) -> str:
    """Return a preview as one HTML page.

    Args:
        preview: The preview.
        plan: The plan it was made of, for what it takes for granted.
        locale: How numbers, money and dates are written.
        beside: What the store knows of it: who has said yes, and who approved the code that carries it out.
    """
    speech = Speech(locale, preview.org)
    known = beside or Beside()
    return rendered(
        "preview",
        preview=preview,
        plan=plan,
        host=_host(preview.org),
        made=locale.moment_to_the_second(preview.at),
        tally=tally(preview.effects),
        together=together(preview),
        undo=undo_summary(preview),
        origins=origins_shown(preview, speech),
        ranges={each.action_id: _ranges(each.extremes, locale) for each in preview.rows},
        findings=findings(preview.issues, speech),
        parts=changes_shown(preview.effects, preview.rows, speech),
        later=tuple(map(later_line, preview.later)),
        number=locale.number,
        approval=tuple(approval_lines(preview, known)),
        decisions=unsaid(preview),
        loud=loud_notices(preview),
        notices=plain_notices(preview),
        decided={
            each.action_id: carried_out(each, known, locale.moment_to_the_second)
            for each in preview.actions
        },
    )


def findings(issues: Sequence[Issue], speech: Speech) -> tuple[Finding, ...]:
    """Return what the checks found, errors first."""
    ordered = sorted(issues, key=lambda each: each.severity != "error")
    return tuple(_finding(each, speech) for each in ordered)


def origins_shown(preview: Preview, speech: Speech) -> tuple[OriginShown, ...]:
    """Return every value by provenance; only the doubtful ones are spelled out."""
    return tuple(
        OriginShown(each, _values(each, speech) if each.doubtful else ())
        for each in by_provenance(preview.effects)
    )


def _host(org: OrgIdentity) -> str:
    """Return the org's address beside its name, where it has both and the address tells something."""
    return "" if org.local or not org.name else urlsplit(org.url).hostname or ""


def _values(origin: Origin, speech: Speech) -> tuple[tuple[str, Markup, str, int], ...]:
    return tuple(
        (
            f"{each.object_label}, {each.change.label}",
            speech.brief(each.change, "after"),
            each.change.source or "",
            each.count,
        )
        for each in origin.values[:_MOST_DOUBTFUL]
    )


_MOST_DOUBTFUL = 20


def _ranges(extremes: Sequence[Extreme], locale: PersonLocale) -> tuple[Range, ...]:
    def said(extreme: Extreme, value: FieldValue) -> str:
        unit: Unit | None = "money" if extreme.total is not None else None
        if extreme.family == "datetime" and value is not None:
            return locale.date_of(str(value))
        return locale.value(value, extreme.family, unit=unit)

    return tuple(
        Range(
            each.label,
            said(each, each.least),
            each.least_record,
            said(each, each.greatest),
            each.greatest_record,
            "" if each.total is None else said(each, each.total),
        )
        for each in extremes
    )


def _finding(issue: Issue, speech: Speech) -> Finding:
    place = ".".join(part for part in (issue.object, issue.field) if part)
    return Finding(
        severity=issue.severity,
        place="" if place in issue.message else place,
        message=shown(issue.message),
        hint=issue.hint or "",
        rule=", ".join(part for part in (issue.code, issue.guardrail) if part),
        url=speech.url(issue.record_id),
        record_id=issue.record_id or "",
        matches=tuple(
            Match(each.name or each.record_id, speech.url(each.record_id), each.object, each.rule)
            for each in issue.duplicates
        ),
    )
