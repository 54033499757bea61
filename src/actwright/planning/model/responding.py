"""Responding with a model: the plan prompt once more, with the plan a person saw and what they said about it.

The model is told the plan's own words: blueprints, literals, lookups by their conditions. A value that was taken out of
a text, a row that was handed in and the candidates of a question stay with us, and no record is read for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from actwright.blueprints.argument import Argument, FromArgument, LookupArgument
from actwright.blueprints.derived import derived_key
from actwright.blueprints.library import Library
from actwright.blueprints.plan import ForEach, Plan, PlannedAction
from actwright.canonical import Json, digest
from actwright.model.chat import Message
from actwright.model.prompt import RenderedPrompt
from actwright.model.prompts import Prompts
from actwright.org.query import Condition, JsonScalar
from actwright.planning.planner import Earlier, PlanningRequest

_HANDED_IN = ("edit.", "payload.")
"""How the names of data begin that a person gave for single inputs."""

_LONGEST = 200


def responding(plan: Plan, words: str, request: PlanningRequest) -> PlanningRequest:
    """Return the request for a plan as a person's words want it: they count as the last words of the goal.

    Values the person gave for single inputs join the goal too, so that what they say now may contradict them.

    Args:
        plan: The plan they saw.
        words: What they say about it.
        request: Gives library, org, person and day.
    """
    lines = [plan.goal]
    data: dict[str, JsonScalar] = {}
    for name, value in plan.data.items():
        said = _said(plan, name, value)
        if said:
            lines.append(said)
        elif not name.startswith("edit."):
            data[name] = value
    goal = "\n".join((*lines, words))
    return replace(request, goal=goal, data=data, earlier=Earlier(plan, words))


def with_response(
    prompt: RenderedPrompt, prompts: Prompts, request: PlanningRequest
) -> RenderedPrompt:
    """Return the plan prompt with the plan a person saw and their response behind it; as it is where there is none.

    Args:
        prompt: The plan prompt.
        prompts: Where the prompt ``respond`` is.
        request: The request.

    Raises:
        PromptError: The prompt is not there, or broken.
    """
    earlier = request.earlier
    if earlier is None:
        return prompt
    added = prompts.get("respond").render(
        plan=list(_actions(earlier.plan, request.library)), response=earlier.words
    )
    behind = {each.role: each.content for each in added.messages}
    return RenderedPrompt(
        tuple(
            Message(each.role, f"{each.content}\n\n{behind[each.role]}") for each in prompt.messages
        ),
        added.name,
        added.version,
        digest([prompt.hash, added.hash]),
        prompt.settings,
    )


def _said(plan: Plan, name: str, value: JsonScalar) -> str:
    """Return a value given for one input as words of the person; nothing where it is other data, or long."""
    prefix = next((each for each in _HANDED_IN if name.startswith(each)), None)
    text = "" if value is None else str(value)
    if prefix is None or not text or len(text) > _LONGEST:
        return ""
    key, _, wanted = name.removeprefix(prefix).partition(".")
    action = plan.action(key)
    given = action.blueprint.input(wanted) if action else None
    return f"{given.label}: {text}" if given is not None else ""


def _actions(plan: Plan, library: Library) -> Iterator[Json]:
    for each in plan.actions:
        shown: dict[str, Json] = {
            "id": each.id,
            "blueprint": _key(each, library),
            "arguments": [
                {"name": name, **_argument(argument)} for name, argument in each.arguments.items()
            ],
        }
        if each.depends_on:
            shown["dependsOn"] = list(each.depends_on)
        if each.for_each is not None:
            shown["forEach"] = _rows(each.for_each)
        yield shown


def _key(action: PlannedAction, library: Library) -> str:
    """Return the key the model knows a blueprint by."""
    entry = library.find(action.blueprint.name)
    if entry is not None and entry.blueprint == action.blueprint:
        return entry.key
    name, operation = action.blueprint.target_s_object, action.blueprint.operation
    known = operation if operation in {"CREATE", "UPDATE", "DELETE"} else None
    return derived_key(name, known) if name and known else action.blueprint.name


def _argument(argument: Argument) -> dict[str, Json]:
    if isinstance(argument, FromArgument):
        return {"from": argument.from_}
    if isinstance(argument, LookupArgument):
        found = argument.lookup
        where = [_condition(each) for each in found.where]
        return {"record": {"object": found.object, "where": where}}
    if argument.provenance in {"extract", "record", "lookup", "output"}:
        return {"withheld": True}
    return {"literal": argument.value}


def _rows(rows: ForEach) -> Json:
    """Return the conditions the rows are told by; rows a person excepted or handed in are no more than counted."""
    if rows.rows is not None:
        return {"object": rows.object, "rowsHandedIn": len(rows.rows)}
    told = [each for each in rows.where if each.field.lower() != "id"]
    return {"object": rows.object, "where": [_condition(each) for each in told]}


def _condition(condition: Condition) -> Json:
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    return {"field": condition.field, "operator": condition.operator, "values": list(values)}
