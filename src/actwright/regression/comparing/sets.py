"""Sets: the two sides of a comparison, each a scorecard, a folder of them, or a folder of cassettes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from actwright.clock import timestamp
from actwright.errors import InputError
from actwright.regression.comparing.comparing import Comparison, compare
from actwright.regression.noise import Noise
from actwright.regression.origin import Origin
from actwright.regression.playing.playing import played_set
from actwright.regression.playing.scene import Scene
from actwright.regression.scores.scorecard import Scorecard
from actwright.regression.scores.scorecards import KeptScorecards, read_card
from actwright.regression.scores.tallying import scorecards_of
from actwright.regression.suite.suite import Suite

Play = Callable[[Path], Sequence[Scorecard]]
"""Plays a folder of cassettes, whatever prompt they were recorded with, and returns its scorecards."""


@dataclass(frozen=True, slots=True)
class SetDifference:
    """What lies between two recorded sets.

    Attributes:
        comparisons: One for each prompt and origin both have.
        missing: What only the first has, a sentence each.
        added: What only the second has, a sentence each.
    """

    comparisons: tuple[Comparison, ...]
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is red; nothing where it is not."""
        return (*self.missing, *(line for each in self.comparisons for line in each.reasons))

    @property
    def red(self) -> bool:
        """Whether the second set is worse than the first, or lacks what the first has."""
        return bool(self.reasons)


def recorded_cards(
    folder: Path,
    suite: Suite,
    scene: Scene,
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[Scorecard, ...]:
    """Return the scorecards of a folder of cassettes: each reply in its order, whatever was asked for it.

    Args:
        folder: The cassettes.
        suite: What they have to mean; cassettes of other cases are passed over.
        scene: What planners look at.
        progress: Told how many cassettes are played.

    Raises:
        DocumentError: A cassette is malformed.
        OrgError: The scene's org cannot be asked.
    """
    plays = played_set(folder, suite, scene, progress=progress)
    return scorecards_of(
        ((suite.case(each.case_id), each) for each in plays),
        suite_digest=suite.digest,
        recorded_at=timestamp(suite.at),
    )


def read_set(path: Path, play: Play) -> tuple[Scorecard, ...]:
    """Return the scorecards of one side, the newest of each prompt, model and origin.

    Args:
        path: A scorecard, a folder of scorecards, or a folder of cassettes.
        play: Plays a folder of cassettes.

    Raises:
        InputError: There is no such file or folder, or it holds nothing that was recorded.
        DocumentError: A scorecard or a cassette is malformed.
    """
    if path.is_file():
        return (read_card(path),)
    if not path.is_dir():
        raise InputError(
            "There is no such recorded set.",
            where=str(path),
            hint="Name a scorecard (*.json), or a folder of cassettes or scorecards.",
            code="set_missing",
        )
    cards = KeptScorecards(path).all() or tuple(play(path))
    if not cards:
        raise InputError(
            "The folder holds neither scorecards nor cassettes of this suite.",
            where=str(path),
            hint="`actwright regress record` makes both.",
            code="set_empty",
        )
    return tuple({each.series: each for each in cards}.values())


def differences(
    before: Sequence[Scorecard], after: Sequence[Scorecard], noise: Noise
) -> SetDifference:
    """Return what lies between two sets, prompt by prompt, and scripted and live apart.

    Two models are compared where each side has one: what is asked then is what another model changes.

    Raises:
        InputError: They have nothing in common.
    """
    pairs: list[tuple[Scorecard, Scorecard]] = []
    missing: list[Scorecard] = []
    added: list[Scorecard] = []
    for key in dict.fromkeys(map(_kind, (*before, *after))):
        old = [each for each in before if _kind(each) == key]
        new = [each for each in after if _kind(each) == key]
        found = tuple(_paired(old, new))
        pairs += found
        missing += [each for each in old if all(each is not one for one, _ in found)]
        added += [each for each in new if all(each is not other for _, other in found)]
    if not pairs:
        raise InputError(
            f"The two sets have nothing in common: {_listed(before)} and {_listed(after)}.",
            hint="Compare recordings of one prompt, scripted with scripted or live with live.",
            code="nothing_shared",
        )
    return SetDifference(
        tuple(compare(old, new, noise) for old, new in pairs),
        tuple(f"not in the second set: {each.about}" for each in missing),
        tuple(f"not in the first set: {each.about}" for each in added),
    )


def _kind(card: Scorecard) -> tuple[str, Origin]:
    return card.prompt, card.origin


def _paired(
    old: Sequence[Scorecard], new: Sequence[Scorecard]
) -> Iterator[tuple[Scorecard, Scorecard]]:
    if len(old) == len(new) == 1:
        yield old[0], new[0]
        return
    models = {each.model: each for each in new}
    for each in old:
        if each.model in models:
            yield each, models[each.model]


def _listed(cards: Sequence[Scorecard]) -> str:
    return ", ".join(f"{each.prompt} {each.origin}" for each in cards)
