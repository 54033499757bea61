"""The report: all scorecards, in rows of one prompt, model and origin each, and what changed from one to the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from actwright.contract import Contract
from actwright.regression.comparing.comparing import Comparison, compare
from actwright.regression.noise import Noise
from actwright.regression.origin import Origin
from actwright.regression.scores.scorecard import CaseResult, Scorecard, Totals


class ReportedVersion(Contract):
    """One version of a prompt in its row."""

    version: str
    hash: str
    at: str
    suite: str
    totals: Totals
    accepted: tuple[str, ...] = ()
    """What a person accepted of what got worse."""
    change: Comparison | None = None
    """What lies between it and the version before; None for the first, and where they share no case."""


class ReportedRow(Contract):
    """One prompt with one model: its versions, and the cases of the newest."""

    prompt: str
    model: str
    origin: Origin
    versions: tuple[ReportedVersion, ...]
    """The oldest first."""
    cases: tuple[CaseResult, ...]
    """Those of the newest version."""

    @property
    def newest(self) -> ReportedVersion:
        """The newest version."""
        return self.versions[-1]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the newest version is red, against the one before; what a person accepted is left out."""
        newest = self.newest
        found = newest.change.reasons if newest.change else ()
        return tuple(each for each in found if each not in newest.accepted)

    @property
    def about(self) -> str:
        """Prompt, model and origin, in a few words."""
        return f"{self.prompt}, {self.model}, {self.origin}"


class Report(Contract):
    """All scorecards."""

    rows: tuple[ReportedRow, ...]

    @property
    def red(self) -> bool:
        """Whether the newest version of some row is worse than the one before, beyond the noise band."""
        return any(each.reasons for each in self.rows)


def report_of(cards: Sequence[Scorecard], noise: Noise) -> Report:
    """Return the report over scorecards.

    Args:
        cards: The scorecards, the oldest first.
        noise: How far a number may move before it counts.
    """
    rows: dict[tuple[str, str, Origin], list[Scorecard]] = defaultdict(list)
    for card in cards:
        rows[card.series].append(card)
    return Report(rows=tuple(_row(rows[key], noise) for key in sorted(rows)))


def _row(cards: Sequence[Scorecard], noise: Noise) -> ReportedRow:
    newest = cards[-1]
    return ReportedRow(
        prompt=newest.prompt,
        model=newest.model,
        origin=newest.origin,
        versions=tuple(_versions(cards, noise)),
        cases=newest.cases,
    )


def _versions(cards: Iterable[Scorecard], noise: Noise) -> Iterator[ReportedVersion]:
    earlier: Scorecard | None = None
    for card in cards:
        yield ReportedVersion(
            version=card.version,
            hash=card.hash,
            at=card.at,
            suite=card.suite,
            totals=card.totals,
            accepted=card.accepted,
            change=_change(earlier, card, noise) if earlier else None,
        )
        earlier = card


def _change(earlier: Scorecard, card: Scorecard, noise: Noise) -> Comparison | None:
    shared = {each.id for each in earlier.cases} & {each.id for each in card.cases}
    return compare(earlier, card, noise) if shared else None
