"""A scene for repeated actions: deals in an org in memory, and previews of plans over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.memory_org import FakeClock, MemoryOrg, demo_org
from tests.scenario import action, blueprint

from actwright.actions.factory import Factory
from actwright.blueprints.plan import Plan
from actwright.canonical import Json
from actwright.checkpoints.limits import Limits
from actwright.checkpoints.preview import Preview, Terms
from actwright.checkpoints.previewer import Previewer
from actwright.document import validated
from actwright.errors import PlanError
from actwright.org.ports import OrgReader, RecordRead, RecordSnapshot
from actwright.org.record_id import record_id
from actwright.org.value import FieldValue

VERSION = "2026-11-01T00:00:00Z"
STAGE: Mapping[str, Json] = {"apiName": "StageName", "dataType": "Picklist"}
AMOUNT: Mapping[str, Json] = {"apiName": "Amount", "dataType": "Currency"}


@dataclass
class DealOrg(MemoryOrg):
    """The org in memory with nothing but the deals a test puts into it, whose records may be read."""

    reads: list[RecordRead] = field(default_factory=list)

    def read(self, reads: Sequence[RecordRead]) -> Mapping[str, RecordSnapshot]:
        """Return the records as they stand, in one call."""
        self.api_calls += 1
        self.reads += reads
        found = [snapshot for each in reads for snapshot in self._snapshots(each)]
        return {each.id: each for each in found}

    def _snapshots(self, read: RecordRead) -> list[RecordSnapshot]:
        rows = [each for each in self.rows.get(read.object, []) if each["Id"] in read.ids]
        return [
            RecordSnapshot(
                object=read.object,
                id=str(row["Id"]),
                version=VERSION,
                name=str(row["Name"]),
                values={each: plain(row.get(each)) for each in read.fields},
                editable=True,
                deletable=True,
            )
            for row in rows
        ]

    def add(self, count: int = 1, **values: Json) -> list[str]:
        """Add deals, called ``Deal 1`` and so on; return their ids."""
        deals = self.rows["Opportunity"]
        ids: list[str] = []
        for _ in range(count):
            number = len(deals) + 1
            ids.append(record_id(f"006{number:012}"))
            standing: dict[str, object] = {
                "Id": ids[-1],
                "Name": f"Deal {number}",
                "StageName": "Prospecting",
                "CloseDate": "2027-01-01",
                "Amount": 100 * number,
                "IsClosed": False,
            }
            deals.append(standing | values)
        return ids


def plain(value: object) -> FieldValue:
    """Return a seed row's value as a field's."""
    assert value is None or isinstance(value, bool | int | str)
    return value


def deal_org() -> DealOrg:
    """Return an org without any deal, seen by Alice."""
    demo = demo_org()
    return DealOrg(demo.rows | {"Opportunity": []}, demo.schemas, demo.user)


def open_deals(limit: int = 1_000, **more: Json) -> Json:
    """Return the ``forEach`` over all deals that are not closed."""
    where: Json = [{"field": "IsClosed", "value": False}]
    return {"object": "Opportunity", "where": where, "limit": limit, **more}


def handed(*rows: Json, limit: int = 1_000, **more: Json) -> Json:
    """Return the ``forEach`` over deals that are handed in."""
    return {"object": "Opportunity", "rows": list(rows), "limit": limit, **more}


def repeated(
    for_each: Json, *inputs: Mapping[str, Json], key: str = "a", **arguments: Json
) -> dict[str, Json]:
    """Return the action that changes every deal of some rows."""
    entry = blueprint("UPDATE", "Opportunity", "Id", *(inputs or (STAGE,)))
    return action(key, entry, **arguments) | {"forEach": for_each}


def lost(for_each: Json, key: str = "a") -> dict[str, Json]:
    """Return the action that closes every deal of some rows as lost."""
    return repeated(for_each, key=key, StageName={"value": "Closed Lost", "provenance": "goal"})


def plan_for(*actions: Mapping[str, Json], **more: Json) -> Plan:
    """Return a plan of these actions."""
    document: Json = {
        "goal": "close them as lost",
        "actions": [dict(each) for each in actions],
        "planner": {"kind": "scripted"},
        **more,
    }
    return validated(Plan, document, where="the plan", error=PlanError)


def preview_on(
    org: OrgReader,
    *actions: Mapping[str, Json],
    limits: Limits | None = None,
    terms: Terms | None = None,
    factory: Factory | None = None,
) -> Preview:
    """Return the preview of these actions on an org."""
    previewer = Previewer(
        org, factory or Factory(), FakeClock(), limits=limits or Limits(mass_change=200)
    )
    return previewer.preview(plan_for(*actions), terms)


def codes(preview: Preview) -> list[str]:
    """Return the codes of what blocks a preview."""
    return [each.code for each in preview.blocked]
