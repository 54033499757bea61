"""Coverage: each case of the suite has its cassette, each cassette its case, and both are of the same age."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from actwright.model.prompts import Prompts
from actwright.regression.cassettes.cassette import PromptStamp
from actwright.regression.cassettes.cassette_file import CassetteFile
from actwright.regression.cassettes.difference import changed_templates
from actwright.regression.finding import Finding
from actwright.regression.playing.played import Played
from actwright.regression.playing.recording import as_scripted, case_digest, stamps
from actwright.regression.playing.scene import Scene
from actwright.regression.suite.suite import Suite, SuiteCase

_GONE = "Delete the file, or put the case back."
_BY_PLACE = frozenset({"text_tampered", "file_unknown"})
"""Findings of one cause each, though several say the same of other files."""


def missing(
    suite: Suite, files: Sequence[CassetteFile], broken: Sequence[Finding]
) -> Iterator[Finding]:
    """Yield a finding for each case without a scripted cassette; live ones may be of a part of the suite.

    Args:
        suite: The cases.
        files: The cassettes that can be read.
        broken: What is wrong with the others: a case of which there is one was recorded.
    """
    recorded = {
        each.cassette.header.case for each in files if each.cassette.header.origin == "scripted"
    }
    recorded |= {each.case for each in broken if each.case is not None}
    for case in suite.reviewed:
        if case.id not in recorded:
            yield Finding(
                code="cassette_missing",
                message="The case has no scripted cassette.",
                case=case.id,
                where=case.place,
            )


def orphaned(suite: Suite, files: Sequence[CassetteFile]) -> Iterator[Finding]:
    """Yield a finding for each cassette of no case that counts, and for each case that was recorded twice."""
    statuses = {each.id: each.status for each in suite.cases}
    sets = Counter(map(_set, files))
    for file in files:
        case = file.cassette.header.case
        status = statuses.get(case)
        if status != "reviewed":
            why = f"is {status}" if status else "is not in the suite"
            yield Finding(
                code="cassette_orphaned",
                message=f"A cassette belongs to no case that counts: its case {why}.",
                case=case,
                where=str(file.path),
                hint=_GONE,
            )
        elif sets[_set(file)] > 1:
            yield Finding(
                code="cassette_twice",
                message="The case was recorded twice with the same model.",
                case=case,
                where=str(file.path),
                hint="Delete one of the two, or record the case again.",
            )


def outdated(
    file: CassetteFile, played: Played, case: SuiteCase, suite: Suite, scene: Scene
) -> Iterator[Finding]:
    """Yield a finding for each prompt that is newer than a cassette, and for a case that is another one by now.

    So is a cassette that says otherwise than what was played: other prompts, or answers its script does not give.
    """
    header, found = file.cassette.header, False
    for stamp in header.prompts:
        message = _outdated(stamp, scene.prompts)
        if message:
            found = True
            yield Finding(
                code="cassette_outdated", message=message, case=case.id, where=str(file.path)
            )
    if not found and stamps(played.exchanges, scene.prompts) != header.prompts:
        yield _tampered("Its header names other prompts than were asked with.", file, case)
    script = suite.replies(case, scene) if header.origin == "scripted" else ()
    if case_digest(case, script) != header.case_digest:
        yield Finding(
            code="case_changed",
            message="The case, or what its script answers, is another one than was recorded.",
            case=case.id,
            where=case.place,
        )
    elif script and not as_scripted(file.cassette, script):
        yield _tampered("An answer in it is another one than its case's script gives.", file, case)


def by_origin(findings: Iterable[Finding], file: CassetteFile, command: str) -> Iterator[Finding]:
    """Yield findings about a cassette; of a live one, with what records it again: no script does."""
    for each in findings:
        if file.cassette.header.origin == "scripted" or each.hint:
            yield each
            continue
        hint = f"Ask the model again, or delete its cassettes: {command} --live --only CASE"
        yield each.model_copy(update={"hint": hint})


def grouped(findings: Sequence[Finding], command: str) -> tuple[Finding, ...]:
    """Return findings of one cause as one, with all their cases, and the command that records them again.

    Args:
        findings: The findings.
        command: What records the whole suite again.
    """
    groups: dict[tuple[str, str, bool], list[Finding]] = {}
    for each in findings:
        single = each.case is None or each.hint == _GONE or each.code in _BY_PLACE
        alone = each.where or "" if single else ""
        hinted = each.hint is not None
        groups.setdefault((each.code, each.message + alone, hinted), []).append(each)
    return tuple(_as_one(each, command) for each in groups.values())


def _as_one(group: Sequence[Finding], command: str) -> Finding:
    first = group[0]
    cases = tuple(dict.fromkeys(each.case for each in group if each.case))
    only = f" --only {cases[0]}" if len(cases) == 1 else ""
    meant = "If that is meant, record again and commit what changes"
    what = "Record it, and commit what is written" if first.code == "cassette_missing" else meant
    hint = first.hint or f"{what}: {command}{only}"
    return first.model_copy(update={"cases": cases, "hint": hint})


def _tampered(message: str, file: CassetteFile, case: SuiteCase) -> Finding:
    return Finding(
        code="cassette_tampered",
        message=f"A cassette was edited. {message}",
        case=case.id,
        where=file.where(),
    )


def _set(file: CassetteFile) -> tuple[str, str, str]:
    header = file.cassette.header
    return header.case, header.model, header.origin


def _outdated(stamp: PromptStamp, prompts: Prompts) -> str:
    if stamp.name not in prompts.names:
        return f"Recorded with the prompt {stamp.name!r}, which is there no more."
    now = prompts.get(stamp.name)
    if stamp.version != now.version:
        return f"Recorded with version {stamp.version} of the prompt {stamp.name!r}, and that is version {now.version} now."
    templates = ", ".join(f"prompts/{each}" for each in changed_templates([stamp], prompts))
    if not templates:
        return ""
    return f"Recorded with another text of version {stamp.version} of the prompt {stamp.name!r}: {templates} changed."


def by_case(suite: Suite) -> Mapping[str, SuiteCase]:
    """Return the cases that count, by their ids."""
    return {each.id: each for each in suite.reviewed}
