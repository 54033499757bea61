"""``actwright policy``: check, try, explain and compare the organisation's rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.effect_asked import EffectOption, MomentOption, judged, moment_of, noon
from actwright.cli.explained import Explained
from actwright.cli.help import Command, Group
from actwright.cli.operands import preview_of
from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption
from actwright.cli.render import policies
from actwright.cli.session import opened
from actwright.cli.terminal import Terminal
from actwright.errors import InputError, PolicyError

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.checkpoints.preview import Preview
    from actwright.guardrails.policy.policy import Policy

app = typer.Typer(
    cls=Group,
    help="Check, try, explain and compare the organisation's rules.",
    no_args_is_help=True,
)

_BESIDE = "policy_tests.yaml"

FileArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="[FILE]",
        help="A policy; the one of the settings where left out, else the built-in one.",
    ),
]
OptionalPreview = Annotated[
    str | None, typer.Argument(metavar="[PREVIEW]", help="A preview's id, or a file of one.")
]
AskedPolicyOption = Annotated[
    Path | None,
    typer.Option("--policy", metavar="FILE", help="Ask this policy of the effect."),
]


@app.command("check", cls=Command)
def check(
    file: FileArgument = None,
    *,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read a policy, say in words what each rule means, and what is hardly what was meant.

    With --org or --as that org is asked, too, whether what the rules name is there. Exit code 2 where it is malformed, or two rules contradict each other.
    """
    from actwright.guardrails.policy.describing import rule_words  # noqa: PLC0415 - slow to import
    from actwright.guardrails.policy.lint import findings  # noqa: PLC0415 - same reason
    from actwright.guardrails.policy.strange_names import (  # noqa: PLC0415 - same reason
        strange_names,
    )

    terminal, path = Terminal(as_json=as_json), _path(file)
    chosen = _policy(path)
    found = findings(chosen, path) if path else ()
    if org is not None or user is not None:
        with opened(org=org, user=user, home=home) as opened_app:
            found = (*found, *strange_names(chosen, opened_app.org))
    if as_json:
        terminal.document(
            {
                "version": chosen.version,
                "source": chosen.source,
                "mode": chosen.read.document.mode,
                "rules": [
                    {
                        "id": each.ref.id,
                        "source": each.ref.source,
                        "effect": each.rule.effect,
                        "description": each.rule.description,
                        "words": rule_words(each.rule),
                    }
                    for each in chosen.rules
                ],
                "findings": [each.model_dump(mode="json") for each in found],
            }
        )
    terminal.show(*policies.policy(chosen, found))


@app.command("test", cls=Command)
def try_cases(file: FileArgument = None, *, as_json: JsonOption = False) -> None:
    """Hold a policy to the cases in it, and to those in policy_tests.yaml beside it.

    Exit code 1 where a case comes out otherwise than expected, 2 where there is none.
    """
    from actwright.guardrails.policy.reading import read_cases  # noqa: PLC0415 - slow to import
    from actwright.guardrails.policy.trying import tried  # noqa: PLC0415 - same reason

    terminal, path = Terminal(as_json=as_json), _path(file)
    chosen = _policy(path)
    beside = path.with_name(_BESIDE) if path else None
    more = read_cases(beside).tests if beside and beside.exists() else ()
    found = [tried(chosen, each) for each in (*chosen.read.document.tests, *more)]
    if not found:
        raise InputError(
            "There are no cases to try.",
            where=str(path or chosen.source),
            hint=f"Write some under `tests`, or in {_BESIDE} beside the policy.",
        )
    if as_json:
        terminal.document(
            [
                {
                    "name": each.case.name,
                    "passed": not each.faults,
                    "faults": each.faults,
                    "verdict": each.verdict.word,
                    "decisions": [one.model_dump(mode="json") for one in each.verdict.decisions],
                }
                for each in found
            ]
        )
    terminal.show(*policies.cases(found))
    if any(each.case.at is None for each in found):
        terminal.hint(f"A case without `at` takes place {noon()}.")
    if any(each.faults for each in found):
        raise typer.Exit(1)


@app.command("explain", cls=Command)
def explain(
    preview: OptionalPreview = None,
    *,
    effect: EffectOption = None,
    at: MomentOption = None,
    policy: AskedPolicyOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say which rule decided what, and why: as the preview recorded it, or of an effect written down."""
    terminal = Terminal(as_json=as_json)
    _check_asked(preview, effect, at, policy)
    if effect is not None:
        found = Explained.of_verdict(judged(_policy(_path(policy)), effect, moment_of(at)))
        when = at if at is not None else noon()
        terminal.hint(
            f"Judged {when}, of somebody without a role: --at says when, and `tests` also who."
        )
    else:
        with opened(home=home) as opened_app:
            shown = preview_of(opened_app, preview or "")
            _tell_changed(terminal, opened_app, shown)
        found = Explained.of_preview(shown)
    if as_json:
        terminal.document(found.document())
    terminal.show(*policies.decisions(found.decisions, found.approval, found.beside))


@app.command("diff", cls=Command)
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="A policy.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The policy that takes its place.")],
    *,
    previews: Annotated[
        int,
        typer.Option(
            "--previews",
            metavar="N",
            min=0,
            max=10_000,
            help="How many of the newest stored previews to judge by both.",
        ),
    ] = 100,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what becomes allowed, denied or asked for: rule by rule, and over the newest previews.

    A stored preview holds no field that nobody wrote, and of the person only the name: what a rule has to know beside
    counts as the stricter. Exit code 1 where something differs.
    """
    from actwright.checkpoints.policy_difference import difference  # noqa: PLC0415 - slow to import

    terminal = Terminal(as_json=as_json)
    before, after = _policy(old), _policy(new)
    with opened(home=home) as opened_app:
        found = difference(before, after, opened_app.previews.newest(previews))
    if as_json:
        terminal.document(found.model_dump(mode="json"))
    terminal.show(*policies.differences(found))
    if found.rules or found.previews:
        raise typer.Exit(1)


def _check_asked(
    preview: str | None, effect: str | None, at: str | None, policy: Path | None
) -> None:
    """Refuse what cannot be asked at once: a preview was judged when it was made, and by its own policy.

    Raises:
        InputError: There is neither a preview nor an effect, or both; or something is asked of a preview that only an
            effect can be asked.
    """
    if (preview is None) == (effect is None):
        raise InputError("Name a preview, or give an effect.", where="PREVIEW")
    if preview is not None and policy is not None:
        raise InputError(
            "A preview tells what was decided when it was made, and by which policy.",
            where="--policy",
            hint="Judge stored previews by another one: actwright policy diff OLD NEW",
        )
    if preview is not None and at is not None:
        raise InputError(
            "A preview tells what was decided when it was made.",
            where="--at",
            hint="Say --at with --effect.",
        )


def _tell_changed(terminal: Terminal, opened_app: Actwright, shown: Preview) -> None:
    """Tell that another policy holds now than a preview was judged by, or that nobody can tell which one does."""
    version = shown.policy_version
    try:
        now = opened_app.policing.source.current().version
    except PolicyError as error:
        terminal.hint(f"It was judged by {version}; what holds now cannot be read: {error.message}")
        return
    if now != version:
        terminal.hint(f"It was judged by {version}; now {now} holds. Preview the plan again.")


def _path(file: Path | None) -> Path | None:
    """Return the file that is meant: the one named, else the one of the settings."""
    from actwright.settings import load_settings  # noqa: PLC0415 - slow to import

    return file or load_settings().policy


def _policy(path: Path | None) -> Policy:
    from actwright.guardrails.policy.policy import Policy  # noqa: PLC0415 - slow to import

    return Policy.load(path) if path else Policy.built_in()
