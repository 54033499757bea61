"""``actwright regress diff`` and ``report``: two recorded sets compared as plans, and all scorecards on one page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.options import JsonOption
from actwright.cli.output import write_text
from actwright.cli.page_file import write_page
from actwright.cli.terminal import Terminal
from actwright.errors import InputError

if TYPE_CHECKING:
    from actwright.regression.comparing.sets import SetDifference
    from actwright.regression.noise import Noise
    from actwright.regression.scores.scorecard import Scorecard
    from actwright.regression.suite.suite import Suite

SuiteOption = Annotated[
    Path | None,
    typer.Option(
        "--suite",
        metavar="FILE",
        help="The suite: a YAML file, or a folder of them; cassettes/suite where left out.",
    ),
]
JUnitOption = Annotated[
    Path | None,
    typer.Option("--junit", metavar="FILE", help="Also write the results as JUnit XML."),
]
_SUITE = Path("cassettes/suite")
_SCORECARDS = Path("cassettes/scorecards")


def diff(
    before: Annotated[
        Path,
        typer.Argument(metavar="BEFORE", help="A scorecard, or a folder of cassettes or of them."),
    ],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="The same, later.")],
    *,
    suite: SuiteOption = None,
    junit: JUnitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two recorded sets as plans: actions, arguments, checkpoint texts, questions, refusals.

    Exit code 1 on a drop beyond the noise band, on a lost checkpoint text, and where an answer could now be confirmed that was a question or a refusal.
    """
    from actwright.cli.render.regressions import set_difference  # noqa: PLC0415 - slow to import
    from actwright.regression.comparing.sets import differences, read_set  # noqa: PLC0415 - same reason
    from actwright.regression.reports.report_junit import difference_junit  # noqa: PLC0415 - same reason

    terminal, chosen = Terminal(as_json=as_json), _suite(suite)
    with terminal.progress("comparing") as tell:
        old, new = (
            read_set(each, lambda path: _played(path, chosen, tell)) for each in (before, after)
        )
        found = differences(old, new, _noise(chosen))
    if junit is not None:
        write_text(difference_junit(found), junit)
    if as_json:
        terminal.document(_document(found))
    terminal.show(*set_difference(found))
    if found.red:
        raise typer.Exit(1)


def report(
    *,
    scorecards: Annotated[
        Path,
        typer.Option("--scorecards", metavar="FOLDER", help="Where the scorecards are kept."),
    ] = _SCORECARDS,
    suite: SuiteOption = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write them as one page for a browser."),
    ] = None,
    junit: JUnitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show every scorecard kept: score, cost, tokens and latency by version, and what changed from one to the next.

    Scripted and live are never added up: what a script answered says nothing about a model.
    """
    from actwright.cli.render import regressions  # noqa: PLC0415 - slow to import
    from actwright.regression.reports.report import report_of  # noqa: PLC0415 - same reason
    from actwright.regression.reports.report_junit import report_junit  # noqa: PLC0415 - same reason
    from actwright.regression.reports.report_page import report_page  # noqa: PLC0415 - same reason
    from actwright.regression.scores.scorecards import KeptScorecards  # noqa: PLC0415 - same reason

    terminal, cards = Terminal(as_json=as_json), KeptScorecards(scorecards).all()
    found = report_of(cards, _noise(_suite(suite)))
    if html is not None:
        write_page(report_page(found), html)
    if junit is not None:
        write_text(report_junit(found), junit)
    if as_json:
        terminal.document({"red": found.red, **found.model_dump(mode="json")})
    if cards:
        newest = tuple({each.series: each for each in cards}.values())
        terminal.show(
            regressions.scorecards(cards), *regressions.misses(newest), *regressions.drops(found)
        )
    else:
        terminal.hint("There are no scorecards. Next: actwright regress record")


def _suite(path: Path | None) -> Suite | None:
    """Return the suite that was named, or the one that is kept here; None where neither is there."""
    from actwright.regression.suite.suite import Suite  # noqa: PLC0415 - slow to import

    if path is None and not _SUITE.exists():
        return None
    return Suite.load(path or _SUITE)


def _noise(suite: Suite | None) -> Noise:
    """Return the suite's noise band; the default one where there is no suite."""
    from actwright.regression.noise import Noise  # noqa: PLC0415 - slow to import

    return suite.noise if suite is not None else Noise()


def _played(
    folder: Path, suite: Suite | None, tell: Callable[[str], None]
) -> tuple[Scorecard, ...]:
    """Return the scorecards of a folder of cassettes, played over an org of its own."""
    from actwright.regression.cassettes.shelf import Shelf  # noqa: PLC0415 - same reason
    from actwright.regression.comparing.sets import recorded_cards  # noqa: PLC0415 - same reason
    from actwright.regression.playing.scene import Scene  # noqa: PLC0415 - slow to import

    if suite is None:
        raise InputError(
            "A folder of cassettes cannot be played without its suite.",
            where="--suite",
            hint="Name the suite, or compare scorecards.",
            code="suite_missing",
        )
    of = len(Shelf(folder))
    with Scene(at=suite.at) as scene:
        return recorded_cards(
            folder, suite, scene, progress=lambda done: tell(f"{folder}, {done} of {of}")
        )


def _document(found: SetDifference) -> dict[str, object]:
    return {
        "red": found.red,
        "reasons": list(found.reasons),
        "missing": list(found.missing),
        "added": list(found.added),
        "comparisons": [each.model_dump(mode="json") for each in found.comparisons],
    }
