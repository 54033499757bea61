"""Trying: a generated action run against sample records, and what came out held against what was expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from actwright.actions.generated.action import GeneratedAction
from actwright.actions.generated.implementation import GeneratedImplementation, Runner, Worked
from actwright.actions.generated.sample_org import SampleOrg
from actwright.actions.generated.trial import (
    DryRun,
    ExpectedEffect,
    GeneratedTest,
    SampleRow,
    TrialResult,
)
from actwright.actions.implementation import ActionRequest, ResolvedArgument
from actwright.blueprints.adapters import adapt, family_of_type
from actwright.canonical import decimal_text
from actwright.errors import InputError, SandboxUnavailableError
from actwright.inert import inert, visible
from actwright.org.effect import Effect, FieldChange
from actwright.org.ports import OrgReader
from actwright.org.query import JsonScalar
from actwright.org.value import FieldValue, same_value

_ACTION_ID = "sample"
_LONGEST = 600
_UNAVAILABLE = SandboxUnavailableError.code


def tried(
    action: GeneratedAction, test: GeneratedTest, runner: Runner, described: OrgReader
) -> TrialResult:
    """Run one test of an action, and return whether it handed out exactly what was expected.

    Args:
        action: The action.
        test: Its arguments, its sample records, and the effects expected.
        runner: Runs the code.
        described: The org whose schema counts; no record of it is read.

    Raises:
        ImplementationError: There is no sandbox to run it in.
        OrgError: The org cannot be asked for its schema.
    """
    try:
        worked = _worked(action, test.arguments, test.records, runner, described)
    except InputError as error:
        if error.error_code == _UNAVAILABLE:
            raise
        message = "" if test.fails else f"It broke off: {error}"
        return TrialResult(
            name=test.name, passed=test.fails, message=inert(message, limit=_LONGEST)
        )
    came = tuple(_seen(each, worked.effects) for each in worked.effects)
    if test.fails:
        return TrialResult(
            name=test.name,
            passed=False,
            message=f"It was to break off, and handed out {_count(came)}.",
        )
    message = _difference(test.effects, came, worked.effects)
    return TrialResult(name=test.name, passed=not message, message=inert(message, limit=_LONGEST))


def dry_run(
    action: GeneratedAction,
    arguments: Mapping[str, JsonScalar],
    records: Mapping[str, Sequence[SampleRow]],
    runner: Runner,
    described: OrgReader,
) -> DryRun:
    """Run an action once against sample records, and return what came out, or why it broke off.

    Args:
        action: The action.
        arguments: Values by input.
        records: The sample records by object.
        runner: Runs the code.
        described: The org whose schema counts; no record of it is read.

    Raises:
        ImplementationError: There is no sandbox to run it in.
        OrgError: The org cannot be asked for its schema.
    """
    counts = {name: len(rows) for name, rows in records.items()}
    try:
        worked = _worked(action, arguments, records, runner, described)
    except InputError as error:
        if error.error_code == _UNAVAILABLE:
            raise
        return DryRun(records=counts, failure=inert(str(error), limit=_LONGEST))
    came = tuple(_seen(each, worked.effects) for each in worked.effects)
    failure = "" if came or worked.calls else "It handed out nothing."
    return DryRun(records=counts, effects=came, lines=worked.lines, failure=failure)


def _worked(
    action: GeneratedAction,
    arguments: Mapping[str, JsonScalar],
    records: Mapping[str, Sequence[SampleRow]],
    runner: Runner,
    described: OrgReader,
) -> Worked:
    reader = SampleOrg(described, records)
    request = ActionRequest(_ACTION_ID, action.blueprint, dict(_typed(action, arguments)), reader)
    return GeneratedImplementation(action, runner).work(request)


def _typed(
    action: GeneratedAction, arguments: Mapping[str, JsonScalar]
) -> list[tuple[str, ResolvedArgument]]:
    return [
        (
            each.api_name,
            ResolvedArgument(
                input=each.api_name,
                value=adapt(each.data_type, arguments[each.api_name], label=each.label),
                family=family_of_type(each.data_type),
                provenance="data",
                source="the sample",
            ),
        )
        for each in action.blueprint.inputs
        if arguments.get(each.api_name) is not None
    ]


def _seen(effect: Effect, among: Sequence[Effect]) -> ExpectedEffect:
    """Return an effect as a test would expect it."""
    places = {each.ref: place for place, each in enumerate(among, start=1) if each.ref}
    return ExpectedEffect(
        operation="CREATE" if effect.operation == "CREATE" else "UPDATE",
        object=effect.object,
        record_id=effect.record_id,
        values={each.field: _plain(each.after) for each in effect.changes if not each.linked_to},
        links={
            each.field: places[each.linked_to]
            for each in effect.changes
            if each.linked_to in places
        },
    )


def _plain(value: FieldValue) -> JsonScalar:
    return decimal_text(value) if isinstance(value, Decimal) else value


def _difference(
    expected: Sequence[ExpectedEffect], came: Sequence[ExpectedEffect], effects: Sequence[Effect]
) -> str:
    """Return the first way in which effects differ from what was expected; empty where they do not."""
    if len(expected) != len(came):
        return f"{_count(expected)} expected, {_count(came)} came."
    for place, (wanted, had, effect) in enumerate(
        zip(expected, came, effects, strict=True), start=1
    ):
        said = _unlike(wanted, had, effect)
        if said:
            return f"Effect {place}: {said}"
    return ""


def _unlike(wanted: ExpectedEffect, had: ExpectedEffect, effect: Effect) -> str:
    for told in ("operation", "object", "record_id", "links"):
        one, other = getattr(wanted, told), getattr(had, told)
        if one != other:
            return f"{told.replace('_', ' ')} {one!r} expected, {other!r} came."
    changes = {each.field: each for each in effect.changes if not each.linked_to}
    for name in dict.fromkeys((*wanted.values, *changes)):
        if name not in changes or name not in wanted.values:
            return f"{name} was {'not ' if name not in changes else ''}written."
        if not _same(wanted.values[name], changes[name]):
            came = visible(str(changes[name].after))
            return f"{name} {visible(str(wanted.values[name]))!r} expected, {came!r} came."
    return ""


def _same(wanted: JsonScalar, change: FieldChange) -> bool:
    try:
        told = change.model_copy(update={"after": wanted}).model_dump()
        return same_value(FieldChange.model_validate(told).after, change.after)
    except ValueError:
        return False


def _count(effects: Sequence[ExpectedEffect]) -> str:
    return f"{len(effects)} effect{'' if len(effects) == 1 else 's'}"
