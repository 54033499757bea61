"""Clashes: actions of one goal that cannot both be meant, or that a text may only have mentioned. Nothing is planned then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from actwright.blueprints.argument import ValueArgument
from actwright.errors import PlanningError
from actwright.planning.offline.drafting import Draft
from actwright.planning.words.lexicon import FREE_TEXT_FIELDS

_SHOWN = 120
_TEXTS = frozenset({*FREE_TEXT_FIELDS, "NextStep"})
_QUOTES = ("'", '"', "\N{RIGHT SINGLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}")


def without_clashes(goal: str, drafts: Sequence[Draft], said: Sequence[str]) -> None:
    """Accept the drafts where no two of them clash.

    Args:
        goal: The goal's words.
        drafts: The actions in the making.
        said: The words of the goal each of them comes from.

    Raises:
        PlanningError: Two actions write different values into one field of one record, or a deletion stands behind a
            text without quotes, which may have been meant to go on.
    """
    for (first, one), (second, other) in combinations(zip(drafts, said, strict=True), 2):
        if _same_records(first, second) and any(_differing(first, second)):
            raise _contradiction(one, other)
        if second.action.blueprint.operation == "DELETE" and any(_open_texts(goal, first)):
            raise _mentioned(other)


def _same_records(first: Draft, second: Draft) -> bool:
    """Tell whether both change the same record, or the same rows."""
    blueprints = (first.action.blueprint, second.action.blueprint)
    if any(each.operation != "UPDATE" or each.id_input is None for each in blueprints):
        return False
    if blueprints[0].target_s_object != blueprints[1].target_s_object:
        return False
    if first.rows is not None or second.rows is not None:
        return first.rows == second.rows
    one, other = (
        draft.action.arguments.get(draft.action.blueprint.id_input.api_name)
        for draft in (first, second)
        if draft.action.blueprint.id_input is not None
    )
    return one is not None and one == other


def _differing(first: Draft, second: Draft) -> Iterator[str]:
    """Yield the fields that both say, each in another way; a default says nothing."""
    mine, theirs = dict(_written(first)), dict(_written(second))
    yield from (each for each in mine if each in theirs and mine[each] != theirs[each])


def _written(draft: Draft) -> Iterator[tuple[str, object]]:
    key = draft.action.blueprint.id_input
    for each in draft.action.blueprint.inputs:
        argument = draft.action.arguments.get(each.api_name)
        if each is key or not each.is_field or argument is None:
            continue
        if not isinstance(argument, ValueArgument):
            yield each.field_api_name, argument
        elif argument.provenance != "default":
            yield each.field_api_name, argument.value


def _open_texts(goal: str, draft: Draft) -> Iterator[str]:
    """Yield the texts an action writes down whose end no quote says."""
    for each in draft.choice.reading.assignments:
        text = each.value if each.field.name in _TEXTS and each.origin == "goal" else None
        if isinstance(text, str) and not any(f"{text}{mark}" in goal for mark in _QUOTES):
            yield text


def _contradiction(one: str, other: str) -> PlanningError:
    return PlanningError(
        f"The goal asks for {one[:_SHOWN]!r}, and for {other[:_SHOWN]!r}. Nothing was planned.",
        hint="Say only the one that is meant.",
        code="contradiction",
    )


def _mentioned(words: str) -> PlanningError:
    return PlanningError(
        f"{words[:_SHOWN]!r} may be a part of the text before it. Nothing was planned.",
        hint="Put the text in quotes, or ask for the deletion by itself.",
        code="part_not_understood",
    )
