"""Words for scenes with generated actions: one action that reads, adds up and writes, and small ones made of a few lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tests.memory_org import MemoryOrg, demo_org

from actwright.actions.generated.action import GeneratedAction, Maker
from actwright.actions.generated.capability import FieldsOf, WritesOf
from actwright.actions.generated.implementation import GeneratedImplementation, Runner, Worked
from actwright.actions.generated.trial import (
    DryRun,
    ExpectedEffect,
    GeneratedTest,
    ReviewResult,
    TrialResult,
)
from actwright.actions.implementation import ActionRequest, ResolvedArgument
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.org.effect import Effect
from actwright.org.provenance import Provenance
from actwright.org.record_id import record_id
from actwright.org.value import Family, FieldValue

PASSED = ReviewResult(dry_run=DryRun(), tests=(TrialResult(name="sums up", passed=True),))
"""A review in which nothing was found."""

OPEN_TOTAL = """
import org
from decimal import Decimal


def produce(CaseId: str) -> None:
    case = org.get("Case", CaseId, ["AccountId", "Account.Name", "Account.OwnerId"])
    where = [["AccountId", "=", case["AccountId"]], ["IsClosed", "=", False]]
    deals = org.query("Opportunity", ["Amount"], where)
    total = sum([each["Amount"] for each in deals if each["Amount"] is not None], Decimal(0))
    org.create("Task", {
        "Subject": "Look at " + case["Account.Name"],
        "Description": f"Open opportunities: {total:,.2f}",
        "OwnerId": case["Account.OwnerId"],
        "WhatId": CaseId,
    })
"""
"""Opens a task with the sum of an account's open opportunities."""


_CASE, _ACCOUNT, _OWNER = (record_id(f"{each}000000000001") for each in ("500", "001", "005"))

SUMMED = GeneratedTest(
    name="sums up what is open",
    arguments={"CaseId": _CASE},
    records={
        "Case": ({"Id": _CASE, "AccountId": _ACCOUNT},),
        "Account": ({"Id": _ACCOUNT, "Name": "Acme", "OwnerId": _OWNER},),
        "Opportunity": (
            {
                "Id": record_id("006000000000001"),
                "AccountId": _ACCOUNT,
                "Amount": "100.50",
                "IsClosed": False,
            },
            {
                "Id": record_id("006000000000002"),
                "AccountId": _ACCOUNT,
                "Amount": 20,
                "IsClosed": False,
            },
            {
                "Id": record_id("006000000000003"),
                "AccountId": _ACCOUNT,
                "Amount": 7,
                "IsClosed": True,
            },
        ),
    },
    effects=(
        ExpectedEffect(
            operation="CREATE",
            object="Task",
            values={
                "Subject": "Look at Acme",
                "Description": "Open opportunities: 120.50",
                "OwnerId": _OWNER,
                "WhatId": _CASE,
            },
        ),
    ),
)
"""What `OPEN_TOTAL` does with two open deals and a closed one."""


def case_blueprint(**more: object) -> ActionBlueprint:
    """Return the blueprint of an action about one case."""
    document = {
        "name": "OpenTotalTask",
        "label": "Open a task with the open total",
        "operation": "CALL",
        "targetSObject": "Task",
        "inputs": [
            {"apiName": "CaseId", "dataType": "Reference", "required": True, "usage": "PARAMETER"}
        ],
        **more,
    }
    return ActionBlueprint.model_validate(document)


def open_total(code: str = OPEN_TOTAL, **more: object) -> GeneratedAction:
    """Return the action that opens a task with the sum of an account's open opportunities."""
    document: dict[str, object] = {
        "blueprint": case_blueprint(),
        "code": code,
        "reads": (
            FieldsOf(object="Case", fields=("AccountId", "Account.Name", "Account.OwnerId")),
            FieldsOf(object="Opportunity", fields=("Amount", "AccountId", "IsClosed")),
        ),
        "writes": (
            WritesOf(
                operation="CREATE",
                object="Task",
                fields=("Subject", "Description", "OwnerId", "WhatId"),
            ),
        ),
        "origin": "template",
        "made_by": Maker(template="create_from_sum"),
        "review": PASSED,
        "tests": (SUMMED,),
        **more,
    }
    return GeneratedAction.model_validate(document)


def small(
    body: str,
    *,
    inputs: Mapping[str, str] | None = None,
    reads: Sequence[FieldsOf] = (),
    writes: Sequence[WritesOf] = (),
    **more: object,
) -> GeneratedAction:
    """Return an action whose function has the given lines.

    Args:
        body: The lines, indented by four.
        inputs: The type of each input, by name.
        reads: What it may read.
        writes: What it may write; a task's subject, description and references where left out.
        more: Further fields of the action.
    """
    given = inputs or {}
    entries = [
        {"apiName": name, "dataType": kind, "required": True, "usage": "PARAMETER"}
        for name, kind in given.items()
    ]
    head = "import org\nimport log\nfrom typing import Any\nfrom datetime import date, datetime\nfrom decimal import Decimal\n"
    parameters = ", ".join(f"{name}: Any" for name in given)
    task = WritesOf(
        operation="CREATE",
        object="Task",
        fields=("Subject", "Description", "WhatId", "ActivityDate"),
    )
    return open_total(
        f"{head}\n\ndef produce({parameters}) -> None:\n{body}\n",
        blueprint=case_blueprint(name="Small", inputs=entries),
        reads=tuple(reads),
        writes=tuple(writes) or (task,),
        **more,
    )


def argument(
    value: FieldValue,
    family: Family = "string",
    provenance: Provenance = "goal",
    **more: object,
) -> ResolvedArgument:
    """Return a resolved argument; its input's name does not matter."""
    document = {"input": "x", "value": value, "family": family, "provenance": provenance, **more}
    return ResolvedArgument.model_validate(document)


def request_for(
    action: GeneratedAction, reader: MemoryOrg | None = None, **arguments: ResolvedArgument
) -> ActionRequest:
    """Return the request of one action called ``a1``."""
    return ActionRequest("a1", action.blueprint, arguments, reader or demo_org())


def work(
    action: GeneratedAction,
    runner: Runner,
    reader: MemoryOrg | None = None,
    **arguments: ResolvedArgument,
) -> Worked:
    """Return what the action's code comes to."""
    return GeneratedImplementation(action, runner).work(request_for(action, reader, **arguments))


def written(effect: Effect) -> dict[str, tuple[FieldValue, Provenance, str | None]]:
    """Return value, provenance and source of each field an effect writes."""
    return {each.field: (each.after, each.provenance, each.source) for each in effect.changes}


def ids(reader: MemoryOrg, name: str, holds: Callable[[dict[str, object]], bool]) -> list[str]:
    """Return the ids of an object's records for which something holds."""
    return [str(each["Id"]) for each in reader.rows[name] if holds(each)]


def read(name: str, *fields: str, opaque: Sequence[str] = ()) -> FieldsOf:
    """Return the declaration of a read."""
    return FieldsOf(object=name, fields=fields, opaque=tuple(opaque))


def create(name: str, *fields: str) -> WritesOf:
    """Return the declaration of a create."""
    return WritesOf(operation="CREATE", object=name, fields=fields)


def update(name: str, *fields: str) -> WritesOf:
    """Return the declaration of an update."""
    return WritesOf(operation="UPDATE", object=name, fields=fields)
