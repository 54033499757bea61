"""The gate: every cassette is played without a network, judged by what it means, and compared with its scorecard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from actwright.clock import timestamp
from actwright.errors import DocumentError
from actwright.regression.cassettes.cassette_file import CassetteFile
from actwright.regression.cassettes.noted_prompts import changed_prompts, stamp_of
from actwright.regression.cassettes.shelf import Shelf
from actwright.regression.comparing.comparing import drops
from actwright.regression.finding import Finding
from actwright.regression.gate.coverage import (
    by_case,
    by_origin,
    grouped,
    missing,
    orphaned,
    outdated,
)
from actwright.regression.gate.leaks import leaks_of
from actwright.regression.playing.played import Played
from actwright.regression.playing.playing import play
from actwright.regression.playing.scene import Scene
from actwright.regression.scores.scorecard import Scorecard
from actwright.regression.scores.scorecards import KeptScorecards
from actwright.regression.scores.tallying import scorecards_of
from actwright.regression.suite.suite import UNJUDGEABLE, Suite, SuiteCase

_MOST_NAMED = 12
_MOST_READ = 8 * 1024 * 1024
"""Of a file that is looked through for leaks; no cassette and no text that can be read is as large."""
RECORD = "actwright regress record"
"""What records a suite again."""


@dataclass(frozen=True, slots=True)
class GateResult:
    """What the gate found.

    Attributes:
        plays: Every cassette, played.
        findings: What keeps the gate closed.
        cards: The scorecards of what was played, scripted and live apart.
    """

    plays: tuple[Played, ...]
    findings: tuple[Finding, ...]
    cards: tuple[Scorecard, ...]

    @property
    def green(self) -> bool:
        """Whether nothing keeps the gate closed."""
        return not self.findings


def check(
    suite: Suite,
    cassettes: Path,
    scene: Scene,
    *,
    command: str = RECORD,
    progress: Callable[[int], None] = lambda _: None,
) -> GateResult:
    """Play every cassette of a suite, and compare what comes of it with the scorecards.

    Args:
        suite: The cases.
        cassettes: The folder of cassettes.
        scene: What planners look at.
        command: What records the suite again; findings name it.
        progress: Told how many cassettes are played.

    Raises:
        OrgError: The scene's org cannot be asked.
    """
    shelf = Shelf(cassettes)
    files, broken = shelf.sound()
    cases = by_case(suite)
    plays: list[Played] = []
    gone = tuple(missing(suite, files, broken))
    found = [*_empty(suite), *broken, *shelf.unknown(), *gone, *orphaned(suite, files)]
    for number, file in enumerate(files, 1):
        case = cases.get(file.cassette.header.case)
        if case is not None:
            played, unfit = fitting(case, file, scene, suite)
            plays += (played,) if played else ()
            found += by_origin(unfit, file, command)
        progress(number)
    recorded = (stamp for each in files for stamp in each.cassette.header.prompts)
    found += changed_prompts(shelf.prompts, scene.prompts, recorded)
    found += _contents(shelf, files, scene)
    if not broken and not gone:
        found += _stray(shelf, files)
    cards = tally(plays, suite)
    if not found:
        found += _scores(shelf, cards, suite, scene)
    return GateResult(tuple(plays), grouped(found, command), cards)


def fitting(
    case: SuiteCase, file: CassetteFile, scene: Scene, suite: Suite
) -> tuple[Played | None, tuple[Finding, ...]]:
    """Play a cassette; return it with what does not fit, or only why its case cannot be judged.

    Raises:
        OrgError: The scene's org cannot be asked.
    """
    try:
        played = play(case, file, scene, suite)
        return played, played.findings or tuple(outdated(file, played, case, suite, scene))
    except DocumentError as error:
        if error.error_code != UNJUDGEABLE:
            raise
        told = Finding(
            code=error.error_code,
            message=error.message,
            case=case.id,
            where=error.where,
            hint=error.hint,
        )
        return None, (told,)


def tally(plays: Sequence[Played], suite: Suite) -> tuple[Scorecard, ...]:
    """Return the scorecards of what was played and fits its cassette."""
    cases = by_case(suite)
    fitting = [(cases[each.case_id], each) for each in plays if not each.findings]
    return scorecards_of(fitting, suite_digest=suite.digest, recorded_at=timestamp(suite.at))


def _contents(shelf: Shelf, files: Sequence[CassetteFile], scene: Scene) -> Iterator[Finding]:
    """Yield what must not stand in any file of the shelf, scorecards too."""
    leaks = leaks_of(scene)
    texts = map(shelf.texts.path_of, sorted(shelf.texts.names()))
    cards = KeptScorecards(shelf.scorecards).paths()
    for path in (
        *(each for origin in shelf.origins for each in shelf.paths(origin)),
        *texts,
        *cards,
    ):
        with path.open("rb") as opened:
            yield from leaks.findings(path, opened.read(_MOST_READ).decode("utf-8", "replace"))
    for file in files:
        yield from leaks.in_replies(file)


def _stray(shelf: Shelf, files: Sequence[CassetteFile]) -> Iterator[Finding]:
    """Yield the texts that no cassette refers to, where all cassettes can be read and so be asked."""
    for path in shelf.stray(files):
        yield Finding(
            code="text_orphaned",
            message="A shared text belongs to no cassette.",
            where=str(path),
            hint="Delete the file.",
        )


def _empty(suite: Suite) -> Iterator[Finding]:
    if not suite.reviewed:
        yield Finding(
            code="suite_empty",
            message="The suite holds no case that counts, so nothing is held to anything.",
            where=str(suite.path),
            hint="Write cases with `status: reviewed`, or name another suite with --suite.",
        )


def _scores(
    shelf: Shelf, cards: Sequence[Scorecard], suite: Suite, scene: Scene
) -> Iterator[Finding]:
    kept = KeptScorecards(shelf.scorecards)
    for card in cards:
        where = str(kept.path_of(card))
        try:
            same, before = kept.like(card), kept.before(card)
        except DocumentError as error:
            yield Finding(
                code="scorecard_malformed",
                message=error.message,
                where=error.where,
                hint=error.hint,
            )
            return
        if same is None:
            yield Finding(
                code="scorecard_missing",
                message=f"There is no scorecard of {card.about}.",
                where=where,
            )
            continue
        yield from _version_not_raised(kept, card)
        found = [*_drop(same, card, suite, where)]
        if before is not None:
            found += _drop(before, card, suite, where, accepted=same.accepted)
        if not found:
            found += _outdated(same, card, where)
        yield from found
    yield from _without_cassettes(kept, cards, scene)


def _version_not_raised(kept: KeptScorecards, card: Scorecard) -> Iterator[Finding]:
    """Yield that a prompt has other words than a kept scorecard of the same version was made with."""
    for other in kept.all():
        if (*other.series, other.version) == (
            *card.series,
            card.version,
        ) and other.hash != card.hash:
            yield Finding(
                code="version_not_raised",
                message=(
                    f"The words of the prompt {card.prompt!r} changed and its version did not:"
                    f" {other.hash[:8]} and {card.hash[:8]} are both version {card.version}."
                ),
                where=str(kept.path_of(other)),
                hint=f"Raise `version` in prompts/{card.prompt}/system.md.jinja and record again; "
                "where nobody ever used the older words, delete their scorecard.",
            )


def _without_cassettes(
    kept: KeptScorecards, cards: Sequence[Scorecard], scene: Scene
) -> Iterator[Finding]:
    """Yield the kept scorecards of prompts as they are now of which nothing was played."""
    stamps = (stamp_of(each, scene.prompts) for each in scene.prompts.names)
    now = {(each.name, each.version, each.hash) for each in stamps}
    played = {kept.path_of(each) for each in cards}
    for each in kept.all():
        path = kept.path_of(each)
        if path not in played and (each.prompt, each.version, each.hash) in now:
            yield Finding(
                code="scorecard_orphaned",
                message=f"The cassettes of {each.about} are gone, and its scorecard is there.",
                where=str(path),
                hint="Put the cassettes back; where it is meant that they are gone, delete the scorecard as well.",
            )


def _drop(
    kept: Scorecard, card: Scorecard, suite: Suite, where: str, *, accepted: tuple[str, ...] = ()
) -> Iterator[Finding]:
    reasons = drops(kept, card, suite.noise, accepted=accepted)
    if reasons:
        yield Finding(
            code="score_dropped",
            message=f"{card.about} does worse than {kept.about} did.",
            where=where,
            hint="Mend the prompt. Where the loss is meant: actwright regress record --accept-lower",
            diff=reasons,
        )


def _outdated(same: Scorecard, card: Scorecard, where: str) -> Iterator[Finding]:
    """Yield that a kept scorecard says otherwise than what was played, though nothing got worse.

    An improvement nobody recorded could be lost unseen; so could what an edited scorecard calls wrong. What it cost
    follows from tokens and price table, and is not compared.
    """
    if same.suite != card.suite:
        yield Finding(
            code="scorecard_outdated",
            message=f"The scorecard of {card.about} was made with another suite.",
            where=where,
        )
        return
    was, now = (
        {one.id: one.model_copy(update={"cost": None}) for one in each.cases}
        for each in (same, card)
    )
    other = sorted(each for each in was.keys() | now.keys() if was.get(each) != now.get(each))
    if other:
        yield Finding(
            code="scorecard_outdated",
            message=f"The scorecard of {card.about} says otherwise than what was played.",
            where=where,
            diff=tuple(other[:_MOST_NAMED]),
        )
