"""Plans, questions, refusals and recommendations as people see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from actwright.cli.render.grid import Grid, grid
from actwright.cli.render.words import aside, heading, line, said
from actwright.pages.plan_words import author, rows_words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.blueprints.argument import Argument
    from actwright.blueprints.plan import Plan, PlannedAction, Question
    from actwright.org.identity import RunningUser
    from actwright.planning.planner import (
        PlanningOutcome,
        PlanningUsage,
        Recommendation,
        Refusal,
    )

MOST_CANDIDATES = 25
"""How many candidates of a question are shown; only these can be picked by their number."""

_MOST_NEAR = 3

_WARNING = "Warning: "
"""How an assumption begins that a person should mind, such as what an undo overwrites."""

_LEFT = "Left as "
"""How begins what an undo leaves alone."""


def outcome(
    answer: PlanningOutcome, words: str = "", user: RunningUser | None = None
) -> Iterator[RenderableType]:
    """Yield a planner's answer: the plan, what is still to be asked, or why there is none.

    Args:
        answer: The answer.
        words: The planner's own sentence, where it says more than the actions do.
        user: Who asked.
    """
    if answer.plan is not None:
        yield from plan(answer.plan, words, user)
    if answer.questions:
        yield heading("Open questions")
        for each in answer.questions:
            yield from question(each)
    if answer.refusal is not None:
        yield from refusal(answer.refusal)
    for note in answer.notes:
        yield line("Note: ", said(note, limit=600))
    if answer.usage is not None and answer.usage.calls:
        yield aside(usage(answer.usage))


def usage(spent: PlanningUsage) -> str:
    """Return what a plan cost, in one line."""
    cost = f", cost {spent.cost}" if spent.cost is not None else ""
    calls = "1 request" if spent.calls == 1 else f"{spent.calls} requests"
    return (
        f"{calls} to the model, {spent.input_tokens} tokens in and {spent.output_tokens} out"
        f"{cost}, {spent.seconds:.1f} s"
    )


def plan(
    document: Plan, words: str = "", user: RunningUser | None = None
) -> Iterator[RenderableType]:
    """Yield a plan: its actions in order, and where each argument comes from.

    Args:
        document: The plan.
        words: The planner's own sentence, where it says more than the actions do.
        user: In whose time zone and words the rows are told; in UTC, and by ids, where nobody knows.
    """
    yield line(heading("Plan "), said(document.id))
    yield line("Goal: ", said(document.goal))
    yield line("By: ", said(author(document.planner)))
    if document.confidence is not None:
        yield line(f"Confidence: {document.confidence:.0%}")
    for each in document.order():
        yield from _action(each, user)
    yield from assumptions(document)
    if words:
        yield line("The planner's words: ", said(words, "italic"))


def assumptions(document: Plan) -> Iterator[Text]:
    """Yield what the planner took for granted, one line each; a warning as one."""
    for text in document.assumptions:
        warning = text.startswith(_WARNING)
        # What an undo leaves alone was found in the org; nobody took it for granted.
        found = document.planner.undoes is not None and text.startswith(_LEFT)
        head = Text(_WARNING, "yellow") if warning else Text("" if found else "Assumed: ")
        yield line(head, said(text.removeprefix(_WARNING)))


def question(asked: Question, *, numbered: bool = False) -> Iterator[RenderableType]:
    """Yield an open question with its candidates.

    Args:
        asked: The question. What it says about ``-d`` is left out: it is told once, for all questions.
        numbered: Whether a number is taken as an answer.
    """
    text = asked.text.partition(f" Answer with -d {asked.id}=")[0]
    yield line("? ", said(text, limit=600), aside(f"({asked.id})"))
    for number, each in enumerate(asked.candidates[:MOST_CANDIDATES], start=1):
        value = "" if str(each.value) == each.label else str(each.value)
        mark = f"{number}." if numbered else "-"
        yield line(f"  {mark} ", said(each.label), aside(value))
    left = len(asked.candidates) - MOST_CANDIDATES
    if left > 0:
        yield line(f"  and {left} more")


def refusal(answer: Refusal) -> Iterator[RenderableType]:
    """Yield why there is no plan; and what comes nearest, where it is open what is wanted."""
    yield line(heading("No plan: "), said(answer.message, limit=600))
    if answer.candidates and answer.code == "no_fit":
        near = (f"{each.label} ({each.key})" for each in answer.candidates[:_MOST_NEAR])
        yield line("Nearest: ", said("; ".join(near)))


def recommendations(found: Sequence[Recommendation]) -> Grid:
    """Return blueprints that might fit, best first."""
    return grid(
        ("Score", "Blueprint", "What it does", "Source", "Why"),
        (
            (f"{each.score:.2f}", each.key, each.label, each.source, said(each.rationale, "dim"))
            for each in found
        ),
        whole={"Blueprint"},
    )


def answers_hint(document: Plan | None, questions: Sequence[Question]) -> str:
    """Return the command that would answer questions: ``actwright plan PLAN --answer a1.StageName=VALUE``."""
    asking = f"actwright plan {document.id}" if document else "actwright plan GOAL"
    if len(questions) == 1:
        return f"{asking} --answer VALUE"
    return f"{asking} {' '.join(f'--answer {each.id}=VALUE' for each in questions)}"


def _action(action: PlannedAction, user: RunningUser | None) -> Iterator[RenderableType]:
    sign, blueprint = _SIGNS[action.blueprint.operation], action.blueprint
    waits = f"after {', '.join(sorted(action.needs))}" if action.needs else ""
    name = said(action.id, "bold")
    yield line(f"{sign} ", name, "  ", said(blueprint.label), aside(blueprint.name), aside(waits))
    rows = [_argument(key, each) for key, each in action.arguments.items()]
    if action.for_each is not None:
        zone = user.zone if user else "UTC"
        people = {user.id: f"{user.name or user.username} (you)"} if user else {}
        rows_bound = said(rows_words(action.for_each, zone=zone, people=people), limit=1000)
        yield Padding(line("for each ", rows_bound), (0, 0, 0, 2))
    if rows:
        yield Padding(grid(("Input", "Value", "From"), rows), (0, 0, 0, 2))


_SIGNS = {"CREATE": "+", "UPDATE": "~", "UPSERT": "±", "DELETE": "-", "CALL": ">"}
"""What an operation does to a record, in one character."""


def _argument(name: str, argument: Argument) -> tuple[Text, Text, Text]:
    value, origin = _value(argument)
    return said(name), said(value), said(origin, "dim")


def _value(argument: Argument) -> tuple[str, str]:
    """Return the value of an argument in any of its three shapes, and where it comes from."""
    from actwright.blueprints.argument import (  # noqa: PLC0415 - slow to import
        FromArgument,
        LookupArgument,
    )

    if isinstance(argument, FromArgument):
        origin = "row" if argument.row_field else "output"
        return argument.from_, "data" if argument.data_name else origin
    told = f": {argument.source}" if argument.source else ""
    if isinstance(argument, LookupArgument):
        return str(argument.lookup), f"lookup{told}"
    value = "(empty)" if argument.value is None else str(argument.value)
    return value, "default" if argument.provenance == "default" else f"{argument.provenance}{told}"
