"""Comparisons and reports as JUnit XML: a result for each case, each number, and each prompt that is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from actwright.regression.comparing.comparing import CaseChange, Comparison, MetricChange
from actwright.regression.comparing.sets import SetDifference
from actwright.regression.reports.junit import JUnitCase, junit_text
from actwright.regression.reports.report import Report, ReportedRow


def difference_junit(found: SetDifference) -> str:
    """Return what lies between two sets as JUnit XML; what makes it red is a failure, nothing else is."""
    cases = [each for one in found.comparisons for each in _compared(one)]
    missing = [JUnitCase("both sets", "sets", failure=each) for each in found.missing]
    return junit_text("actwright regress diff", [*cases, *missing])


def report_junit(report: Report) -> str:
    """Return the newest version of each row as JUnit XML: every case, and every number against the version before.

    What makes the report red is a failure; a case that is wrong as its scorecard says, or a loss that was accepted,
    is told and is none.
    """
    return junit_text(
        "actwright regress report", [each for row in report.rows for each in _row(row)]
    )


def _row(row: ReportedRow) -> Iterator[JUnitCase]:
    newest = row.newest
    about = f"{row.prompt} v{newest.version} {newest.hash[:8]}.{row.model}.{row.origin}"
    for case in row.cases:
        yield JUnitCase(
            name=case.id,
            classname=about,
            details="\n".join(("a known miss", *case.differences)) if not case.right else "",
            seconds=case.seconds or 0.0,
        )
    for each in _compared(newest.change) if newest.change else ():
        yield each if row.reasons else replace(each, failure=None)


def _compared(found: Comparison) -> Iterator[JUnitCase]:
    side = found.after
    version, before = (f"v{each.version} {each.hash[:8]}" for each in (side, found.before))
    about = f"{side.prompt} {version} after {before}.{side.model}.{side.origin}"
    for each in found.metrics:
        yield _metric(each, about)
    for case in found.changed:
        yield _case(case, about, scripted=side.origin == "scripted")
    if found.left_out and found.same_suite:
        yield JUnitCase("every case", about, failure=f"left out: {', '.join(found.left_out)}")


def _metric(change: MetricChange, about: str) -> JUnitCase:
    told = f"{change.before} -> {change.after}, may get worse by {change.allowed}"
    return JUnitCase(change.words, about, failure=told if change.move == "drop" else None)


def _case(case: CaseChange, about: str, *, scripted: bool) -> JUnitCase:
    alarming = [each for each in case.changes if each.grave or each.kind == "checkpoint_lost"]
    turned = scripted and case.right_before and not case.right_after
    told = "; ".join(map(str, alarming)) or "; ".join(case.differences) or "wrong"
    return JUnitCase(
        name=case.id,
        classname=about,
        failure=told if alarming or turned else None,
        details="\n".join((case.goal, *map(str, case.changes), *case.differences)),
    )
