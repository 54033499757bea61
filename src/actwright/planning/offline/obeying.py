"""Obeying: actions held against what the goal says not to do; a default gives way, anything else is a contradiction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from actwright.blueprints.argument import Argument, LookupArgument, ValueArgument
from actwright.blueprints.blueprint import ActionInput
from actwright.errors import PlanningError
from actwright.org.query import JsonScalar
from actwright.planning.bounds.forbidden import Forbidden
from actwright.planning.offline.drafting import Draft

_SHOWN = 120


def obeyed(drafts: Sequence[Draft], said: Sequence[str], forbidden: Forbidden) -> list[Draft]:
    """Return the drafts without defaults that the goal forbids.

    Args:
        drafts: The actions in the making.
        said: The words of the goal each of them comes from.
        forbidden: What the goal says not to do.

    Raises:
        PlanningError: An action does what the goal says not to do, and asks for it too.
    """
    return [_obeyed(each, words, forbidden) for each, words in zip(drafts, said, strict=True)]


def _obeyed(draft: Draft, said: str, forbidden: Forbidden) -> Draft:
    picked = forbidden.picked(draft.choice.reading.index) if draft.rows is not None else None
    if picked is not None:
        raise _narrower(picked)
    for each in _optional(draft):
        words = next(_broken(draft, {each.field_api_name: None}, forbidden), None)
        if words is not None:
            draft = _without(draft, each, words)
    words = next(_broken(draft, _written(draft), forbidden), None)
    if words is not None:
        raise _contradiction(said, words)
    return draft


def _broken(draft: Draft, fields: dict[str, JsonScalar], forbidden: Forbidden) -> Iterator[str]:
    blueprint, index = draft.action.blueprint, draft.choice.reading.index
    return forbidden.broken(blueprint.operation, fields, index, tuple(_records(draft)))


def _optional(draft: Draft) -> Iterator[ActionInput]:
    """Yield the inputs that only a default fills, and that may stay empty."""
    if draft.action.blueprint.operation == "CREATE":
        return
    for each in draft.action.blueprint.inputs:
        argument = draft.action.arguments.get(each.api_name)
        filled = isinstance(argument, ValueArgument) and argument.provenance == "default"
        if each.is_field and filled and not each.required:
            yield each


def _without(draft: Draft, wanted: ActionInput, words: str) -> Draft:
    kept = {key: each for key, each in draft.action.arguments.items() if key != wanted.api_name}
    action = draft.action.model_copy(update={"arguments": kept})
    note = f"{wanted.label} is left out of {draft.action.id}: the goal says {words[:_SHOWN]!r}"
    return replace(draft, action=action, assumptions=(*draft.assumptions, note))


def _written(draft: Draft) -> dict[str, JsonScalar]:
    blueprint = draft.action.blueprint
    key = blueprint.id_input
    return {
        each.field_api_name: _value(draft.action.arguments.get(each.api_name))
        for each in blueprint.inputs
        if each.is_field and each is not key and _said(draft, each)
    }


def _said(draft: Draft, wanted: ActionInput) -> bool:
    """Tell whether the action fills the input, or asks for it."""
    asked = any(each.input == wanted.api_name for each in draft.questions)
    return asked or wanted.api_name in draft.action.arguments


def _value(argument: Argument | None) -> JsonScalar:
    return argument.value if isinstance(argument, ValueArgument) else None


def _records(draft: Draft) -> Iterator[str]:
    key = draft.action.blueprint.id_input
    argument = draft.action.arguments.get(key.api_name) if key is not None else None
    if isinstance(argument, LookupArgument):
        yield from (str(each.value) for each in argument.lookup.where)


def _narrower(words: str) -> PlanningError:
    return PlanningError(
        f"The goal says {words[:_SHOWN]!r}, and asks for many records at once. Nothing was planned.",
        hint="Say which ones are not meant behind the others: all open cases of Acme except 00001001.",
        code="rows_unclear",
    )


def _contradiction(said: str, words: str) -> PlanningError:
    return PlanningError(
        f"The goal asks for {said[:_SHOWN]!r}, and it says {words[:_SHOWN]!r}. Nothing was planned.",
        hint="Say only the one that is meant.",
        code="contradiction",
    )
