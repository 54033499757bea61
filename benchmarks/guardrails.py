"""How long guardrails and baseline take for a plan of 200 actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from statistics import median
from time import perf_counter

from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.guardrail import GuardrailSpec
from actwright.guardrails.context import EffectContext
from actwright.guardrails.verdict import judge
from actwright.org.effect import Effect, FieldChange
from actwright.org.identity import RunningUser
from actwright.org.ports import RecordSnapshot
from actwright.org.record_id import checksum
from actwright.org.schema import FieldSchema, ObjectSchema, PicklistValue

_ACTIONS = 200
_BAR_MS = 50.0
_ROUNDS = 15
_STAGES = tuple(PicklistValue(f"Stage {number}", f"Stage {number}") for number in range(10))


def _id(prefix: str, number: int) -> str:
    short = f"{prefix}{number:012d}"
    return short + checksum(short)


def _schema() -> ObjectSchema:
    named = (
        FieldSchema("Id", "Id", "id", nillable=False, permissionable=False),
        FieldSchema("Name", "Name", "string", length=120, nillable=False, updateable=True),
        FieldSchema("StageName", "Stage", "picklist", picklist_values=_STAGES, updateable=True),
        FieldSchema("Amount", "Amount", "currency", precision=18, scale=2, updateable=True),
        FieldSchema("CloseDate", "Close Date", "date", nillable=False, updateable=True),
        FieldSchema(
            "AccountId", "Account", "reference", reference_to=("Account",), updateable=True
        ),
    )
    others = tuple(
        FieldSchema(f"Extra{number}__c", f"Extra {number}", "string", length=255, updateable=True)
        for number in range(60 - len(named))
    )
    return ObjectSchema(
        "Opportunity", "Opportunity", "Opportunities", "006", (*named, *others), updateable=True
    )


def _blueprint() -> ActionBlueprint:
    fields = ("Name", "StageName", "Amount", "CloseDate", "AccountId")
    guardrails = (
        {"type": "FLS_EDIT", "params": {"fields": list(fields)}},
        {"type": "NUMERIC_RANGE", "params": {"field": "Amount", "min": 0, "max": 10**7}},
        {
            "type": "ENUM_ALLOWED",
            "params": {"field": "StageName", "values": [each.value for each in _STAGES]},
        },
        {"type": "DATE_RANGE", "params": {"field": "CloseDate", "from": "today", "to": "today+1y"}},
        {"type": "REGEX_MATCH", "params": {"field": "Name", "pattern": "[A-Z][A-Za-z0-9 ]+"}},
        {"type": "SHARING_REQUIRED"},
    )
    return ActionBlueprint(
        name="UpdateOpportunity",
        target_s_object="Opportunity",
        operation="UPDATE",
        inputs=(
            ActionInput(api_name="Id", data_type="Id", required=True),
            *(ActionInput(api_name=each) for each in fields),
        ),
        guardrails=tuple(GuardrailSpec.model_validate(each) for each in guardrails),
    )


def _changes(number: int, *, refused: bool) -> tuple[FieldChange, ...]:
    stage = "No such stage" if refused else "Stage 2"
    return (
        FieldChange(field="Name", label="Name", after=f"Deal {number}", provenance="data"),
        FieldChange(field="StageName", label="Stage", after=stage, provenance="goal"),
        FieldChange(
            field="Amount", label="Amount", family="decimal", after=number + 1, provenance="goal"
        ),
        FieldChange(
            field="CloseDate",
            label="Close Date",
            family="date",
            after="2026-12-24",
            provenance="goal",
        ),
        FieldChange(
            field="AccountId",
            label="Account",
            family="id",
            after=_id("001", number),
            provenance="lookup",
        ),
        FieldChange(field="Extra3__c", label="Extra 3", after="text " * 20, provenance="data"),
    )


def _contexts(*, refused: bool) -> list[EffectContext]:
    schema, blueprint = _schema(), _blueprint()
    references = {_id("001", number): f"Account {number}" for number in range(_ACTIONS)}
    prefixes = {f"Object{number}__c": f"a{number:02d}" for number in range(90)} | {"Account": "001"}
    return [
        EffectContext(
            action_id=f"a{number}",
            blueprint=blueprint,
            guardrails=blueprint.guardrails,
            effect=Effect(
                id=f"a{number}.1",
                action_id=f"a{number}",
                operation="UPDATE",
                object="Opportunity",
                record_id=_id("006", number),
                changes=_changes(number, refused=refused),
            ),
            schema=schema,
            snapshot=RecordSnapshot(
                object="Opportunity",
                id=_id("006", number),
                version="2026-11-01T00:00:00Z",
                name=f"Deal {number}",
                values={},
                editable=True,
                deletable=False,
            ),
            inputs={},
            user=RunningUser(id=_id("005", 1), username="bob", zone="America/New_York"),
            today=date(2026, 11, 24),
            prefixes=prefixes,
            references=references,
        )
        for number in range(_ACTIONS)
    ]


def _median_ms(work: Callable[[], object]) -> float:
    work()
    times = []
    for _ in range(_ROUNDS):
        start = perf_counter()
        work()
        times.append((perf_counter() - start) * 1000)
    return median(times)


def run() -> list[dict[str, object]]:
    """Return a row for a plan that passes, and one for a plan in which every action is refused."""
    rows: list[dict[str, object]] = []
    for name, refused in (("passing", False), ("refused", True)):
        contexts = _contexts(refused=refused)
        issues = judge(contexts)
        assert bool(issues) is refused
        value = round(_median_ms(partial(judge, contexts)), 2)
        rows.append(
            {
                "name": f"guardrails and baseline, {_ACTIONS} actions, {name}",
                "value": value,
                "unit": "ms",
                "bar": _BAR_MS,
                "better": "lower",
                "holds": value < _BAR_MS,
            }
        )
    return rows


if __name__ == "__main__":
    for row in run():
        print(row)
