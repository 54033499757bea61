"""The gate's result as JUnit XML: a result for each cassette, and one for each finding that is about none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actwright.regression.finding import Finding
from actwright.regression.gate.gate import GateResult
from actwright.regression.reports.junit import JUnitCase, junit_text

_PLACE = re.compile(r"(?P<file>.+?)(?:, line (?P<line>[0-9]{1,9}).*)?", re.DOTALL)


def gate_junit(result: GateResult) -> str:
    """Return what the gate found as JUnit XML; what keeps it closed is a failure, nothing else is."""
    return junit_text("actwright regress check", [*_played(result), *_others(result)])


def _played(result: GateResult) -> Iterator[JUnitCase]:
    about = {case: each for each in result.findings for case in each.cases}
    for each in result.plays:
        key = each.key
        classname = f"{key.prompt} v{key.version} {key.hash[:8]}.{key.model}.{key.origin}"
        finding = about.get(each.case_id)
        if finding is None:
            yield JUnitCase(name=each.case_id, classname=classname)
        else:
            yield _failed(finding, each.case_id, classname)


def _others(result: GateResult) -> Iterator[JUnitCase]:
    played = {each.case_id for each in result.plays}
    for finding in result.findings:
        unplayed = [each for each in finding.cases if each not in played]
        for name in unplayed or ([] if finding.cases else [finding.code]):
            yield _failed(finding, name, "gate")


def _failed(finding: Finding, name: str, classname: str) -> JUnitCase:
    place = _PLACE.fullmatch(finding.where or "")
    line = place["line"] if place else None
    lines = (finding.message, *finding.diff, finding.hint or "")
    return JUnitCase(
        name=name,
        classname=classname,
        failure=finding.message,
        details="\n".join(each for each in lines if each),
        file=place["file"] if place else None,
        line=int(line) if line else None,
    )
