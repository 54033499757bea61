"""Renewing: cases are recorded again, what nobody needs any more goes, and the scorecards are made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from actwright.clock import timestamp
from actwright.errors import InputError, NotFoundError
from actwright.regression.cassettes.cassette import Cassette
from actwright.regression.cassettes.cassette_file import CassetteFile
from actwright.regression.cassettes.noted_prompts import note_prompts
from actwright.regression.cassettes.shelf import Shelf
from actwright.regression.comparing.comparing import drops
from actwright.regression.finding import Finding
from actwright.regression.gate.coverage import by_case
from actwright.regression.gate.gate import fitting, tally
from actwright.regression.gate.leaks import Leaks, leaks_of
from actwright.regression.playing.live import LiveModel
from actwright.regression.playing.recording import Recorder
from actwright.regression.scores.scorecard import Scorecard
from actwright.regression.scores.scorecards import KeptScorecards
from actwright.regression.suite.suite import UNJUDGEABLE, Suite, SuiteCase

_LOWER = "Mend the prompt, or accept what is lost with --accept-lower."


@dataclass(slots=True)
class Renewal:
    """What became of a recording.

    Attributes:
        written: The cassettes that changed.
        unchanged: How many came out as they were.
        removed: Files nobody needs any more.
        cards: The scorecards as they are now.
        findings: What could not be recorded, and scorecards that would have become worse.
    """

    written: list[Path] = field(default_factory=list)
    unchanged: int = 0
    removed: list[Path] = field(default_factory=list)
    cards: tuple[Scorecard, ...] = ()
    findings: list[Finding] = field(default_factory=list)


def chosen(suite: Suite, only: Sequence[str]) -> tuple[SuiteCase, ...]:
    """Return the cases to record: those named, or all that count.

    Raises:
        NotFoundError: The suite has no such case.
        InputError: A named case does not count.
    """
    if not only:
        return suite.reviewed
    cases = tuple(suite.case(each) for each in dict.fromkeys(only))
    for case in cases:
        if case.status != "reviewed":
            raise InputError(
                f"The case {case.id!r} is {case.status}: only reviewed cases are recorded.",
                where=case.place,
                hint="Review it first, and set its status to reviewed.",
            )
    return cases


def renew(
    recorder: Recorder,
    shelf: Shelf,
    cases: Iterable[SuiteCase],
    *,
    live: LiveModel | None = None,
    accept_lower: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Renewal:
    """Record cases, and make the scorecards anew.

    What scripts answered is kept when all of it is there, so that whoever breaks off leaves all as it was; what a
    model answered has cost something, and each is kept at once. Where the whole suite is recorded, all prompts there
    are are noted, those no cassette uses as well.

    Args:
        recorder: Records them.
        shelf: Where they are kept.
        cases: The cases.
        live: The model that is asked; the cases' scripts where left out.
        accept_lower: Whether scorecards may become worse than those that are kept.
        progress: Told how many cases are recorded.

    Raises:
        OrgError: The scene's org cannot be asked.
    """
    renewal, wanted, made = Renewal(), tuple(cases), list[Cassette]()
    leaks = leaks_of(recorder.scene)
    for number, case in enumerate(wanted, 1):
        try:
            cassette = recorder.live(case, live) if live else recorder.scripted(case)
            _check_leaks(cassette, case, leaks)
        except (InputError, NotFoundError) as error:
            renewal.findings.append(_not_recorded(case, error))
            continue
        made.append(cassette)
        if live:
            _keep(renewal, shelf, made.pop())
        progress(number)
    for cassette in made:
        _keep(renewal, shelf, cassette)
    whole = {each.id for each in wanted} >= set(by_case(recorder.suite))
    if whole and not live and note_prompts(shelf.prompts, recorder.scene.prompts):
        renewal.written.append(shelf.prompts)
    files = _tidied(renewal, shelf, recorder.suite)
    _score(renewal, shelf, recorder, files, accept_lower=accept_lower)
    return renewal


def _keep(renewal: Renewal, shelf: Shelf, cassette: Cassette) -> None:
    path, changed = shelf.keep(cassette)
    if changed:
        renewal.written.append(path)
    else:
        renewal.unchanged += 1


def _check_leaks(cassette: Cassette, case: SuiteCase, leaks: Leaks) -> None:
    """Make sure that nothing is kept which must not stand in a cassette.

    Raises:
        InputError: What was asked or answered holds something of the kind.
    """
    asked = dict.fromkeys(
        what for each in cassette.interactions for what in leaks.asked(each.request)
    )
    if asked:
        raise InputError(
            f"The case {case.id!r} says {', '.join(asked)}; it was not recorded.",
            where=case.place,
            hint="Change the case's goal or data so that nothing of it is in there.",
            code="content_leaked",
        )
    found = dict.fromkeys(
        what for each in cassette.interactions for what in leaks.of(each.response)
    )
    if found:
        raise InputError(
            f"An answer to the case {case.id!r} holds {', '.join(found)}; it was not kept.",
            where=case.place,
            hint="Change the case's goal or reply so that nothing of it is in there.",
            code="content_leaked",
        )


def _not_recorded(case: SuiteCase, error: InputError) -> Finding:
    return Finding(
        code=error.error_code,
        message=error.message,
        case=case.id,
        where=error.where,
        hint=error.hint,
    )


def _tidied(renewal: Renewal, shelf: Shelf, suite: Suite) -> list[CassetteFile]:
    """Remove cassettes of cases that are no more, and texts nobody refers to; return the cassettes that are left."""
    files, broken = shelf.sound()
    renewal.findings += broken
    counted = by_case(suite)
    kept = [each for each in files if each.cassette.header.case in counted]
    gone = [each.path for each in files if each.cassette.header.case not in counted]
    if not broken:
        gone += shelf.stray(kept)
    for path in gone:
        path.unlink()
    renewal.removed += gone
    return kept


def _score(
    renewal: Renewal,
    shelf: Shelf,
    recorder: Recorder,
    files: Sequence[CassetteFile],
    *,
    accept_lower: bool,
) -> None:
    suite, scene = recorder.suite, recorder.scene
    cases = by_case(suite)
    told = [fitting(cases[each.cassette.header.case], each, scene, suite) for each in files]
    known = {each.case for each in renewal.findings}
    faults = (each for _, found in told for each in found if each.code == UNJUDGEABLE)
    renewal.findings += [each for each in faults if each.case not in known]
    if any(each.code == UNJUDGEABLE for each in renewal.findings):
        return
    plays = [played for played, _ in told if played is not None]
    unfit = {each.key for each in plays if each.findings}
    kept = KeptScorecards(shelf.scorecards)
    for card in tally([each for each in plays if each.key not in unfit], suite):
        dated = card.model_copy(update={"at": timestamp(recorder.clock.now())})
        lower = tuple(_lower(kept, dated, suite))
        if lower and not accept_lower:
            renewal.findings += lower
            continue
        kept.write(_accepting(kept, dated, lower))
        renewal.cards += (dated,)


def _accepting(kept: KeptScorecards, card: Scorecard, lower: Sequence[Finding]) -> Scorecard:
    """Return a scorecard with what was accepted for it, now or before."""
    same = kept.like(card)
    known = same.accepted if same else ()
    now = (reason for each in lower for reason in each.diff)
    return card.model_copy(update={"accepted": tuple(dict.fromkeys((*known, *now)))})


def _lower(kept: KeptScorecards, card: Scorecard, suite: Suite) -> Iterator[Finding]:
    same = kept.like(card)
    for older in (same, kept.before(card)):
        known = same.accepted if same and older is not same else ()
        reasons = drops(older, card, suite.noise, accepted=known) if older else ()
        if older and reasons:
            yield Finding(
                code="score_dropped",
                message=f"{card.about} does worse than {older.about} did; its scorecard was not written.",
                where=str(kept.path_of(older)),
                hint=_LOWER,
                diff=reasons,
            )
