"""Suites read from their files: every fault is named with file and line, and nothing is left out silently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from os.path import normpath
from pathlib import Path

from pydantic import ValidationError

from actwright.canonical import Json
from actwright.document import faults, validated
from actwright.errors import DocumentError
from actwright.guardrails.policy.fault_words import fault_words
from actwright.regression.noise import Noise
from actwright.regression.suite.bad_cases import BAD_REPLY, bad_case, unknown
from actwright.regression.suite.suite import Suite, SuiteCase
from actwright.regression.suite.suite_file import VERSION, SuiteEntry, SuiteFile
from actwright.testing.goals import (
    Expectation,
    GoalCase,
    load_placed_goals,
)
from actwright.yaml_document import Places, line_of, read_yaml_placed

_MOST_FAULTS = 6
NO_FIT = "no_fit"
"""The one code a model has for "no plan": right wherever a goal file expects a refusal."""


def read_suite(path: Path) -> Suite:
    """Return the suite in a file, or in the ``*.yaml`` files of a folder.

    Raises:
        DocumentError: As `Suite.load` says.
    """
    files = [_read(each) for each in _paths(path)]
    cases = [case for each in files for case in each.cases()]
    _refuse_twice(cases)
    entries = [one for each in files for one in each.additions()]
    return Suite(
        cases=_with_additions(cases, entries),
        at=_moment(files, path),
        noise=_noise(files),
        path=path,
    )


@dataclass(frozen=True, slots=True)
class _Addition:
    """More about a case of a goal file, and where it stands."""

    entry: SuiteEntry
    place: str


@dataclass(frozen=True, slots=True)
class _File:
    """One file as it was read."""

    path: Path
    content: SuiteFile
    places: Places

    def line(self, *way: str | int) -> str:
        """Return the file and the line of a part."""
        return line_of(self.places, way, self.path)

    def cases(self) -> Iterator[SuiteCase]:
        """Yield the cases that the file names or holds."""
        yield from self._of_goal_files()
        for index, name in enumerate(self.content.bad_replies):
            yield bad_case(name, self.line("badReplies", index))
        for index, entry in enumerate(self.content.cases):
            if entry.goal is not None:
                made = _own(entry, entry.goal, self.line("cases", index))
                yield self._held(made)

    def additions(self) -> Iterator[_Addition]:
        """Yield what the file adds to cases of goal files."""
        for index, entry in enumerate(self.content.cases):
            if entry.goal is None:
                yield _Addition(entry, self.line("cases", index))

    def _of_goal_files(self) -> Iterator[SuiteCase]:
        for index, source in enumerate(self.content.goals):
            paths = [self._goal_file(each, index, at) for at, each in enumerate(source.files)]
            known = {each.case.id: each for each in load_placed_goals(paths)}
            taken = known if source.take == "all" else source.take
            for at, case_id in enumerate(taken):
                if case_id not in known:
                    place = self.line("goals", index, "take", at)
                    raise unknown("case", case_id, place, "The goal files named there have none.")
                yield self._taken(known[case_id].case, known[case_id].place)

    def _goal_file(self, name: str, index: int, at: int) -> Path:
        path = Path(normpath(self.path.parent / name))
        try:
            there = path.exists()
        except (OSError, ValueError):
            there = False
        if not there:
            raise unknown(
                "goal file",
                name,
                self.line("goals", index, "files", at),
                "Its path is seen from the suite's file.",
            )
        return path

    def _taken(self, case: GoalCase, place: str) -> SuiteCase:
        made = SuiteCase(
            id=case.id,
            goal=case.goal,
            kind=case.kind,
            expect=tuple(map(_as_models_refuse, case.expect)),
            data=case.data,
            user=case.user,
            place=place,
        )
        return self._held(made)

    def _held(self, case: SuiteCase) -> SuiteCase:
        """Return a case with what holds for all of the file's that expect a plan."""
        present = self.content.checkpoint is not None and case.wanted == "plan"
        return replace(case, checkpoint=case.checkpoint or present)


def _paths(path: Path) -> Sequence[Path]:
    if not path.is_dir():
        return (path,)
    found = sorted(path.glob("*.yaml"))
    if not found:
        raise DocumentError(
            "The folder of the suite holds no *.yaml file.",
            where=str(path),
            hint="Name the suite's file or folder with --suite.",
        )
    return found


def _read(path: Path) -> _File:
    document, places = read_yaml_placed(path)
    _check_version(document, line_of(places, ("suite",), path))
    try:
        return _File(path, validated(SuiteFile, document, where=path.name), places)
    except DocumentError as error:
        cause = error.__cause__
        if isinstance(cause, ValidationError):
            error.where = line_of(places, cause.errors()[0]["loc"], path)
            error.message = f"{path.name} breaks its contract: {_told(cause)}."
            error.hint = "docs/regressions.md says what a case may hold, and docs/planning.md what `expect` may."
        raise


def _told(invalid: ValidationError) -> str:
    """Return what is wrong in words of the form; a list that is short only of what is wrong in it is not told twice."""
    found = invalid.errors(include_url=False, include_input=False)
    ways = [each["loc"] for each in found]
    lines = []
    for fault, told in zip(found, faults(invalid, SuiteFile), strict=True):
        way, kind = fault["loc"], fault["type"]
        inner = any(each[: len(way)] == way != each for each in ways)
        if kind == "too_short" and inner:
            continue
        place = told.removesuffix(fault["msg"].removeprefix("Value error, ").removesuffix("."))
        plain = kind == "extra_forbidden"
        lines.append(told if plain else f"{place}{fault_words(kind, fault['msg'])}")
    more = [f"and {len(lines) - _MOST_FAULTS} more"] if len(lines) > _MOST_FAULTS else []
    return "; ".join([*lines[:_MOST_FAULTS], *more])


def _check_version(document: Json, place: str) -> None:
    said = document.get("suite") if isinstance(document, dict) else None
    if said != VERSION:
        what = "says no version" if said is None else f"is written in version {str(said)[:20]!r}"
        raise DocumentError(
            f"The suite {what} of the form; this program reads version {VERSION}.",
            where=place,
            hint=f"Write `suite: {VERSION}`, and what docs/regressions.md says of it.",
            code="suite_version",
        )


def _own(entry: SuiteEntry, goal: str, place: str) -> SuiteCase:
    made = SuiteCase(
        id=entry.id,
        goal=goal,
        kind=entry.kind,
        expect=entry.expect or (),
        data=entry.data,
        user=entry.user,
        failure=entry.failure,
        place=place,
    )
    return _added(made, entry)


def _added(case: SuiteCase, entry: SuiteEntry) -> SuiteCase:
    return replace(
        case,
        expect=(*(entry.expect or case.expect), *(entry.also_right or ())),
        checkpoint=case.checkpoint or entry.checkpoint is not None,
        order=entry.order,
        guardrails=dict(entry.guardrails),
        replies=tuple(each.reply() for each in entry.replies) or case.replies,
        tags=(*case.tags, *entry.tags),
        status=entry.status,
    )


def _with_additions(
    cases: Sequence[SuiteCase], additions: Sequence[_Addition]
) -> tuple[SuiteCase, ...]:
    """Return the cases with what is added to them, each at most once."""
    whole = {each.id: each for each in cases}
    seen: dict[str, str] = {}
    for each in additions:
        case_id = each.entry.id
        if case_id in seen:
            raise _twice(case_id, seen[case_id], each.place)
        if case_id not in whole:
            raise unknown(
                "case", case_id, each.place, "Give it a goal, or take it from a goal file."
            )
        seen[case_id] = each.place
        whole[case_id] = _added(whole[case_id], each.entry)
    return tuple(whole.values())


def _refuse_twice(cases: Sequence[SuiteCase]) -> None:
    """Refuse an id that stands there twice, and a goal that does, but for what bad replies answer."""
    known: dict[tuple[str, ...], SuiteCase] = {}
    for case in cases:
        said = (case.goal.casefold(), case.user, repr(sorted(case.data.items())))
        keys = [(case.id,)] if BAD_REPLY in case.tags else [(case.id,), said]
        for key in keys:
            if key in known:
                raise _twice(case.id, known[key].place, case.place)
            known[key] = case


def _as_models_refuse(expected: Expectation) -> Expectation:
    """Return an expectation in which a model's own word for no plan is right as well."""
    if expected.refusal is None or NO_FIT in expected.refusal:
        return expected
    return expected.model_copy(update={"refusal": (*expected.refusal, NO_FIT)})


def _moment(files: Sequence[_File], path: Path) -> datetime:
    said = {each.content.at: each for each in files if each.content.at is not None}
    if len(said) == 1:
        (moment,) = said
        return moment
    last = next(reversed(said.values()), None)
    raise DocumentError(
        "The suite names two moments."
        if last
        else "The suite does not say at which moment it plans.",
        where=last.line("at") if last else str(path),
        hint="Write `at: 2026-11-21T12:00:00Z` into one of its files, so that dates mean the same each time.",
    )


def _noise(files: Sequence[_File]) -> Noise:
    said = [each for each in files if each.content.noise is not None]
    if len(said) > 1:
        raise DocumentError(
            "The suite names its noise bands twice.",
            where=said[1].line("noise"),
            hint="Keep one of the two.",
        )
    return next((each.content.noise for each in said if each.content.noise), Noise())


def _twice(case_id: str, first: str, second: str) -> DocumentError:
    return DocumentError(
        f"The case {case_id!r} stands there twice; the other is at {first}.",
        where=second,
        hint="Give each case an id and a goal of its own.",
        code="case_twice",
    )
