"""Groups for the ledger's tests: accounts and tasks under names of their own."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.org.effect import Effect, EffectGroup, FieldChange
from actwright.org.outcome import GroupOutcome


def change(field: str, after: str | None = None, **more: str) -> FieldChange:
    """Return one changed field."""
    return FieldChange(field=field, label=field, after=after, provenance="goal", **more)


def new(name: str, key: str = "a", **more: object) -> Effect:
    """Return the create of an account."""
    made = Effect(id=key, action_id=key, operation="CREATE", object="Account", ref=key)
    return made.model_copy(update={"changes": (change("Name", name),), **more})


def contact(name: str, of: str, key: str = "b") -> Effect:
    """Return the create of a contact of an account the same group creates."""
    changes = (change("LastName", name), change("AccountId", linked_to=of))
    return Effect(id=key, action_id=key, operation="CREATE", object="Contact", changes=changes)


def renamed(record: str, before: str, after: str, key: str = "u", **more: object) -> Effect:
    """Return the update of an account's name."""
    name = FieldChange(field="Name", label="Name", before=before, after=after, provenance="goal")
    made = Effect(
        id=key, action_id=key, operation="UPDATE", object="Account", record_id=record,
        record_name=before, changes=(name,),
    )  # fmt: skip
    return made.model_copy(update=more)


def group(org: SalesforceOrg, *effects: Effect, **more: object) -> EffectGroup:
    """Return a group."""
    whole = EffectGroup(id="g1", org=org.identity.id, effects=effects)
    return whole.model_copy(update=more)


def parts(org: SalesforceOrg, names: Sequence[str], **wrong: str) -> EffectGroup:
    """Return a call of one task each; a task whose name is in ``wrong`` refers to nobody."""
    effects = tuple(_task(name, wrong.get(name)) for name in names)
    apart = tuple((each.id,) for each in effects)
    return group(org, *effects, carrier="graph", atomic=False, parts=apart)


def _task(name: str, who: str | None) -> Effect:
    changes = (change("Subject", name), *((change("WhoId", who),) if who else ()))
    return Effect(id=name, action_id=name, operation="CREATE", object="Task", changes=changes)


def fresh() -> str:
    """Return a name nobody has."""
    return f"K{uuid4().hex[:12]}"


def key_of(name: str, attempt: int = 1) -> str:
    """Return a key as an engine makes it."""
    return f"run_{name.lower()}:1:g1:{attempt}"


def count(org: SalesforceOrg, name: str, kind: str = "Account", field: str = "Name") -> int:
    """Return how many records have a name."""
    return len(org.soql(f"SELECT Id FROM {kind} WHERE {field} = '{name}'"))


def statuses(outcome: GroupOutcome) -> list[str]:
    """Return the status of each effect."""
    return [each.status for each in outcome.outcomes]
