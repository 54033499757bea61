"""``actwright regress``: recorded exchanges with models, and what has to come of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.help import Command, Group
from actwright.cli.options import JsonOption
from actwright.cli.output import write_text
from actwright.cli.regress_report import JUnitOption, diff, report
from actwright.cli.regress_suggest import suggest
from actwright.cli.render import gates
from actwright.cli.terminal import Terminal
from actwright.errors import ConfigError, DocumentError, RefusedError

if TYPE_CHECKING:
    from actwright.regression.playing.live import LiveModel
    from actwright.regression.playing.scene import Scene
    from actwright.regression.suite.suite import Suite

app = typer.Typer(
    cls=Group,
    help="Keep prompts and models from changing plans unseen: cassettes, scorecards, and a gate over both.",
    no_args_is_help=True,
)

CI_NAMES = (
    "CI",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "BUILDKITE",
    "JENKINS_URL",
    "TEAMCITY_VERSION",
    "TF_BUILD",
)
"""What CI systems set, some of them without `CI`."""
_CASSETTES, _SUITE = Path("cassettes"), Path("cassettes/suite")

SuiteOption = Annotated[
    Path,
    typer.Option("--suite", metavar="FILE", help="The suite: a file, or a folder of files."),
]
PromptsOption = Annotated[
    Path | None,
    typer.Option(
        "--prompts", metavar="DIR", help="A folder of prompts that come before the bundled ones."
    ),
]
CassettesOption = Annotated[
    Path,
    typer.Option("--cassettes", metavar="DIR", help="The folder of cassettes and scorecards."),
]
PricesOption = Annotated[
    Path | None,
    typer.Option("--prices", metavar="FILE", help="A price table, for what exchanges cost."),
]


@app.command("record", cls=Command)
def record(
    *,
    suite: SuiteOption = _SUITE,
    prompts: PromptsOption = None,
    cassettes: CassettesOption = _CASSETTES,
    prices: PricesOption = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="CASE", help="Record this case alone; repeatable."),
    ] = None,
    live: Annotated[
        bool,
        typer.Option("--live", help="Ask the settings' model instead of each case's script."),
    ] = False,
    accept_lower: Annotated[
        bool,
        typer.Option(
            "--accept-lower", help="Write scorecards that are worse than the kept ones, too."
        ),
    ] = False,
) -> None:
    """Record the suite's exchanges anew, and write their scorecards.

    Scripted answers come from the suite, over real HTTP; with --live a model is asked, which costs. Recordings that
    come out the same are left alone. CI never records.
    """
    _refuse_in_ci()
    terminal = Terminal(as_json=False)
    with _opened(suite, prompts, prices) as (loaded, scene):
        from actwright.regression.cassettes.shelf import Shelf  # noqa: PLC0415 - same reason
        from actwright.regression.gate.renewing import chosen, renew  # noqa: PLC0415 - same reason
        from actwright.regression.playing.recording import Recorder  # noqa: PLC0415 - slow to import

        cases = chosen(loaded, only or ())
        model = _live_model() if live else None
        with terminal.counting("recording", len(cases)) as done:
            renewal = renew(
                Recorder(loaded, scene),
                Shelf(cassettes),
                cases,
                live=model,
                accept_lower=accept_lower,
                progress=done,
            )
        if model is not None:
            model.chat.close()
    terminal.show(*gates.renewal(renewal))
    if renewal.findings:
        raise typer.Exit(1)


@app.command("check", cls=Command)
def check(
    *,
    suite: SuiteOption = _SUITE,
    prompts: PromptsOption = None,
    cassettes: CassettesOption = _CASSETTES,
    prices: PricesOption = None,
    junit: JUnitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Play every cassette without a network, judge what it means, and compare it with the scorecards.

    Exit code 1 where a request is not the recorded one, a cassette is missing, unused, orphaned, older than its
    prompt, edited or holds a secret, or a scorecard dropped.
    """
    terminal = Terminal(as_json=as_json)
    with _opened(suite, prompts, prices) as (loaded, scene):
        from actwright.regression.cassettes.shelf import Shelf  # noqa: PLC0415 - same reason
        from actwright.regression.gate.gate import check as checked  # noqa: PLC0415 - slow to import

        with terminal.counting("playing", len(Shelf(cassettes))) as done:
            result = checked(
                loaded,
                cassettes,
                scene,
                command=_command(suite, prompts, cassettes),
                progress=done,
            )
    if junit is not None:
        from actwright.regression.reports.gate_junit import gate_junit  # noqa: PLC0415 - slow to import

        write_text(gate_junit(result), junit)
    if as_json:
        terminal.document(gates.document(result))
    terminal.show(*gates.gate(result))
    if not result.green:
        raise typer.Exit(1)


for _command_of in (diff, report, suggest):
    app.command(cls=Command)(_command_of)


@contextmanager
def _opened(
    suite: Path, prompts: Path | None, prices: Path | None
) -> Iterator[tuple[Suite, Scene]]:
    """Load a suite, and set its scene.

    Raises:
        ConfigError: A package is missing, or a folder.
        DocumentError: The suite is malformed.
    """
    try:
        import vcr  # type: ignore[import-untyped]  # noqa: F401, PLC0415 - it ships no types; only whether it is there
    except ImportError as error:
        raise ConfigError(
            "The package vcrpy is missing, which plays and records exchanges.",
            hint="Install it with: pip install 'actwright[regress,localorg]'",
        ) from error
    from actwright.regression.playing.scene import Scene  # noqa: PLC0415 - slow to import
    from actwright.regression.suite.suite import Suite  # noqa: PLC0415 - same reason

    if suite == _SUITE and not suite.exists():
        raise DocumentError(
            "There is no suite here.",
            where=str(suite),
            hint="Name its file or folder with --suite, or go to the folder that holds cassettes/suite.",
        )
    loaded = Suite.load(suite)
    with Scene(at=loaded.at, prompts=prompts, prices=prices) as scene:
        yield loaded, scene


def _refuse_in_ci() -> None:
    """Refuse to record where nobody looks at what is recorded.

    Raises:
        RefusedError: It is a CI system.
    """
    said = (
        each for each in CI_NAMES if os.environ.get(each, "").casefold() not in {"", "0", "false"}
    )
    system = next(said, None)
    if system is not None:
        raise RefusedError(
            "CI never records: a gate that records what it should check checks nothing.",
            where=system,
            hint="Record on your own machine, look at what changed, and commit it.",
            code="record_in_ci",
        )


def _live_model() -> LiveModel:
    """Return the settings' model.

    Raises:
        ConfigError: There is no key for it.
    """
    from actwright.regression.playing.live import live_model  # noqa: PLC0415 - slow to import
    from actwright.settings import load_settings  # noqa: PLC0415 - same reason

    return live_model(load_settings({"planner": "openai"}))


def _command(suite: Path, prompts: Path | None, cassettes: Path) -> str:
    """Return the command that records again what was checked."""
    words = ["actwright regress record"]
    if suite != _SUITE:
        words.append(f"--suite {suite}")
    if prompts is not None:
        words.append(f"--prompts {prompts}")
    if cassettes != _CASSETTES:
        words.append(f"--cassettes {cassettes}")
    return " ".join(words)
