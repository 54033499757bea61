"""Playing a cassette: its case is planned again, with the recorded answers, and the outcome is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from actwright.errors import ModelError
from actwright.model.exchange import Exchange
from actwright.model.openai_chat import OpenAIChat
from actwright.planning.planner import PlanningOutcome
from actwright.regression.cassettes.asking import settings_for
from actwright.regression.cassettes.cassette import CassetteHeader
from actwright.regression.cassettes.cassette_file import CassetteFile
from actwright.regression.cassettes.difference import changed_templates, request_diff
from actwright.regression.cassettes.shelf import Shelf
from actwright.regression.cassettes.tape import Tape, UnmatchedRequestError, playing
from actwright.regression.finding import Finding
from actwright.regression.playing.played import Played, SetKey
from actwright.regression.playing.scene import Scene
from actwright.regression.suite.suite import Suite, SuiteCase
from actwright.testing.judging import Verdict

_NOT_PLAYED = Verdict(right=False, grave=False, differences=("the cassette does not fit",))


class Planned(NamedTuple):
    """What a planner made of a case."""

    outcome: PlanningOutcome | None
    error: str | None
    exchanges: tuple[Exchange, ...]


def planned(case: SuiteCase, scene: Scene, model: str, chat: OpenAIChat) -> Planned:
    """Return what the planner makes of a case.

    Args:
        case: The case.
        scene: What the planner looks at.
        model: The model's name.
        chat: What answers.

    Raises:
        OrgError: The org cannot be asked.
    """
    exchanges: list[Exchange] = []
    try:
        outcome = scene.plan(case, chat, settings_for(model, case.seconds), exchanges)
    except ModelError as error:
        return Planned(None, error.error_code, tuple(exchanges))
    return Planned(outcome, None, tuple(exchanges))


def play(
    case: SuiteCase, file: CassetteFile, scene: Scene, suite: Suite, *, strict: bool = True
) -> Played:
    """Play a cassette.

    Args:
        case: The case it was recorded of.
        file: The cassette.
        scene: What the planner looks at.
        suite: Judges the outcome.
        strict: Whether each request must be the recorded one; else the answers come in their order.

    Raises:
        OrgError: The org cannot be asked.
    """
    header, tape = file.cassette.header, Tape(file.cassette.interactions)
    key = key_of(header)
    chat = scene.kept_chat.for_model(header.model)
    try:
        with playing(tape, strict=strict):
            made = planned(case, scene, header.model, chat)
    except UnmatchedRequestError as unmatched:
        finding = _unmatched(file, unmatched, scene)
        return Played(case.id, key, None, _NOT_PLAYED, (), findings=(finding,))
    return Played(
        case.id,
        key,
        made.outcome,
        suite.judge(case, made.outcome, scene, error=made.error),
        made.exchanges,
        made.error,
        header.seconds,
        tuple(_unused(file, tape)) if strict else (),
    )


def played_set(
    cassettes: Path,
    suite: Suite,
    scene: Scene,
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[Played, ...]:
    """Play every cassette of a folder whose case the suite counts, the answers in their order, whatever is asked.

    A set that was recorded with other prompts can be looked at so.

    Args:
        cassettes: The folder with ``scripted`` and ``live``.
        suite: The cases.
        scene: What the planner looks at.
        progress: Told how many cassettes are played.

    Raises:
        DocumentError: A cassette cannot be read.
        OrgError: The org cannot be asked.
    """
    counted = {each.id: each for each in suite.reviewed}
    shelf = Shelf(cassettes)
    files = [each for origin in shelf.origins for each in shelf.cassettes(origin)]
    plays: list[Played] = []
    for number, each in enumerate(files, 1):
        case = counted.get(each.cassette.header.case)
        if case is not None:
            plays.append(play(case, each, scene, suite, strict=False))
        progress(number)
    return tuple(plays)


def key_of(header: CassetteHeader) -> SetKey:
    """Return what a cassette is scored with: the prompt that began its exchange."""
    first = header.prompts[0]
    return SetKey(first.name, first.version, first.hash, header.model, header.origin)


def _unused(file: CassetteFile, tape: Tape) -> Iterator[Finding]:
    for number in tape.unused:
        yield Finding(
            code="reply_unused",
            message="A recorded reply was not asked for.",
            case=file.cassette.header.case,
            where=file.where(number),
        )


def _unmatched(file: CassetteFile, unmatched: UnmatchedRequestError, scene: Scene) -> Finding:
    header, number = file.cassette.header, unmatched.interaction
    if number is None:
        return Finding(
            code="request_unmatched",
            message="The planner asks once more than was recorded.",
            case=header.case,
            where=file.where(),
        )
    recorded = file.cassette.interactions[number].request.body
    return Finding(
        code="request_unmatched",
        message=_cause(changed_templates(header.prompts, scene.prompts)),
        case=header.case,
        where=file.where(number),
        diff=request_diff(recorded, unmatched.body),
    )


def _cause(templates: tuple[str, ...]) -> str:
    if not templates:
        return (
            "The request is another one than was recorded, though no template has changed: the blueprints, the org's"
            " schema, the case or the code that fills the templates has."
        )
    named = ", ".join(f"prompts/{each}" for each in templates)
    return (
        f"The request is another one than was recorded: the template"
        f"{'s' * (len(templates) > 1)} {named} ha{'ve' if len(templates) > 1 else 's'} changed."
    )
