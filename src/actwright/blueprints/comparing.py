"""Comparing two blueprints: whether they do the same, and what one guards that the other does not."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from actwright.blueprints.adapters import family_of_type
from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.guardrail import (
    EnumParams,
    FieldParams,
    FieldsParams,
    GuardrailSpec,
    MaxRowsParams,
    PiiParams,
    RangeParams,
    RateLimitParams,
)
from actwright.contract import Contract

Signature = tuple[str, str, frozenset[tuple[object, ...]], frozenset[tuple[str, str]]]
"""Object, operation, inputs and constants of a blueprint."""


def signature(blueprint: ActionBlueprint) -> Signature:
    """Return what a blueprint does, whatever it is called: equal ones are duplicates.

    Its constants are the values it sets where nobody says another one: a default, or the only value allowed.
    """
    target = blueprint.target_s_object or blueprint.target or ""
    inputs = frozenset(_shape(each) for each in blueprint.inputs)
    return target.lower(), blueprint.operation, inputs, frozenset(_constants(blueprint).items())


def _shape(given: ActionInput) -> tuple[object, ...]:
    name = given.field_api_name.lower() if given.is_field else given.api_name
    return name, given.usage, family_of_type(given.data_type), given.required


def _constants(blueprint: ActionBlueprint) -> dict[str, str]:
    constants = {
        each.field_api_name.lower(): repr(each.default)
        for each in blueprint.inputs
        if each.default is not None
    }
    for params in (each.parsed() for each in blueprint.guardrails):
        if isinstance(params, EnumParams) and len(params.values) == 1:
            constants.setdefault(params.field.lower(), repr(params.values[0]))
    return constants


def unguarded(known: ActionBlueprint, offered: ActionBlueprint) -> tuple[GuardrailSpec, ...]:
    """Return the guardrails of ``offered`` that nothing in ``known`` is as strict as."""
    return tuple(each for each in offered.guardrails if not _covered(known, each))


def _covered(known: ActionBlueprint, wanted: GuardrailSpec) -> bool:
    params = wanted.parsed()
    same = [each.parsed() for each in known.guardrails if each.type == wanted.type]
    if isinstance(params, FieldsParams):
        return _lists_as_strict(same, params)
    return any(_as_strict(each, params) for each in same)


def _lists_as_strict(same: list[Contract], wanted: FieldsParams) -> bool:
    """Tell whether each wanted field is listed by a guardrail that is as strict about it."""
    listed = {
        name.lower()
        for each in same
        if isinstance(each, FieldsParams) and _as_strict_about(each, wanted)
        for name in each.fields
    }
    return {name.lower() for name in wanted.fields} <= listed


def _as_strict_about(known: FieldsParams, wanted: FieldsParams) -> bool:
    if isinstance(known, PiiParams) and isinstance(wanted, PiiParams):
        return _as_strict_pii(known, wanted)
    return True


def _as_strict(known: Contract, wanted: Contract) -> bool:
    match known, wanted:
        case EnumParams(), EnumParams():
            return _as_strict_enum(known, wanted)
        case RangeParams(), RangeParams():
            return _as_strict_range(known, wanted)
        case MaxRowsParams(), MaxRowsParams():
            return known.max <= wanted.max
        case RateLimitParams(), RateLimitParams():
            return known.per == wanted.per and known.max <= wanted.max
    if type(wanted) is FieldParams and isinstance(known, FieldParams):
        return known.field.lower() == wanted.field.lower()
    return known == wanted


def _as_strict_pii(known: PiiParams, wanted: PiiParams) -> bool:
    strictness = ("detect", "redact", "block")
    stricter = strictness.index(known.mode) >= strictness.index(wanted.mode)
    return stricter and set(wanted.searched) <= set(known.searched)


def _as_strict_enum(known: EnumParams, wanted: EnumParams) -> bool:
    return known.field.lower() == wanted.field.lower() and set(map(repr, known.values)) <= set(
        map(repr, wanted.values)
    )


def _as_strict_range(known: RangeParams, wanted: RangeParams) -> bool:
    if known.field.lower() != wanted.field.lower():
        return False
    infinite = Decimal("Infinity")
    lowest = known.min if known.min is not None else -infinite
    highest = known.max if known.max is not None else infinite
    return (wanted.min is None or lowest >= wanted.min) and (
        wanted.max is None or highest <= wanted.max
    )


def differences(known: ActionBlueprint, offered: ActionBlueprint) -> Iterator[str]:
    """Yield in words how ``offered`` differs from ``known``, guardrails left aside."""
    for name in ("name", "target_s_object", "operation"):
        mine, theirs = getattr(known, name), getattr(offered, name)
        if mine != theirs:
            yield f"{name.replace('_s_object', '')}: {theirs} instead of {mine}"
    mine_by = {each.field_api_name.lower(): each for each in known.inputs}
    theirs_by = {each.field_api_name.lower(): each for each in offered.inputs}
    for field, given in theirs_by.items():
        if field not in mine_by:
            yield f"a further input, {given.api_name}"
        else:
            yield from _input_differences(mine_by[field], given)
    for field, given in mine_by.items():
        if field not in theirs_by:
            yield f"no input {given.api_name}"


def _input_differences(known: ActionInput, offered: ActionInput) -> Iterator[str]:
    if known.required != offered.required:
        yield f"{offered.api_name} is {'required' if offered.required else 'optional'}"
    if family_of_type(known.data_type) != family_of_type(offered.data_type):
        yield f"{offered.api_name} is {offered.data_type} instead of {known.data_type}"
    if known.default != offered.default:
        yield f"{offered.api_name} has the default {_said(offered.default)} instead of {_said(known.default)}"


def _said(value: object) -> str:
    return "none" if value is None else repr(value)


def guardrail_words(guardrail: GuardrailSpec) -> str:
    """Return a guardrail in one line: its kind and its parameters."""
    params = ", ".join(f"{name}={value}" for name, value in guardrail.params.items())
    return f"{guardrail.type} ({params})" if params else guardrail.type
