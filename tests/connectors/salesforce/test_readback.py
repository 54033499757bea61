"""Reading back: each change in a sentence a person can decide by, whatever the records hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from tests.connectors.salesforce.keyed_groups import change, new, renamed
from tests.memory_org import MemoryOrg, demo_org

from actwright.connectors.salesforce.readback import MOST_SHOWN, Readback
from actwright.errors import NotFoundError
from actwright.org.effect import Effect, EffectGroup, FieldChange
from actwright.org.schema import ObjectSchema

SINCE = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def org() -> MemoryOrg:
    """Return the demo org, in which somebody has changed the first account."""
    org = demo_org()
    audit = {"LastModifiedDate": "2026-11-21T12:03:11Z", "LastModifiedById": org.user.id}
    org.rows["Account"][0] |= {"Name": "Acme\u202e\nLtd", **audit}
    return org


def group(*effects: Effect) -> EffectGroup:
    """Return a group."""
    return EffectGroup(id="g", org="00D000000000001", effects=effects)


def first(org: MemoryOrg) -> str:
    """Return the id of the first account."""
    return str(org.rows["Account"][0]["Id"])


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("old", "Acme\u202e\nLtd", "holds what this change writes"),
        ("Acme\u202e\nLtd", "new", "holds what stood there before"),
        ("old", "new", "holds neither what this change writes nor what stood there before"),
    ],
)
def test_a_change_is_told_by_what_stands_there(
    org: MemoryOrg, before: str, after: str, words: str
) -> None:
    """Its values, when it was last changed and by whom; nothing in a record's text can move or hide our words."""
    line = Readback(org).evidence(group(renamed(first(org), before, after)), SINCE)[0]
    assert f"({first(org)}) {words}: Name is 'Acme Ltd'; last changed 2026-11-21T12:03:11Z by Alice Archer." in line  # fmt: skip


def test_a_record_that_is_gone_is_told(org: MemoryOrg) -> None:
    """For a delete that speaks for it, for a change against it; a record that is there says the opposite."""
    gone = "001000000000009AAA"
    delete = Effect(id="d", action_id="d", operation="DELETE", object="Account", record_id=gone)
    there = delete.model_copy(update={"id": "e", "record_id": first(org)})
    lines = Readback(org).evidence(group(delete, there), None)
    assert lines[0] == f"Account ({gone}) is gone, or hidden from you."
    assert lines[1].startswith(f"Account ({first(org)}) is still there; last changed")


def test_only_values_that_can_be_compared_are_looked_for(org: MemoryOrg) -> None:
    """Links, empty values, long texts and amounts are left out; who and when are not."""
    amount = FieldChange(
        field="AnnualRevenue",
        label="Revenue",
        family="decimal",
        after=Decimal(1),
        provenance="goal",
    )
    changes = (
        change("Name", "x"),
        change("ParentId", linked_to="p"),
        change("Phone", ""),
        change("Site", "s" * 256),
        amount,
    )
    Readback(org).evidence(group(new("x", changes=changes)), SINCE)
    [query] = org.asked
    assert [(each.field, each.operator, each.value) for each in query.where] == [
        ("CreatedById", "=", org.user.id),
        ("CreatedDate", ">=", "2026-11-20T12:00:00Z"),
        ("Name", "=", "x"),
    ]  # fmt: skip


def test_many_changes_are_read_in_part(org: MemoryOrg) -> None:
    """Twenty are shown, the rest are counted, and both answers are explained at the end."""
    many = (new(f"x{n}", f"e{n}", ref=None) for n in range(MOST_SHOWN + 3))
    lines = Readback(org).evidence(group(*many), None)
    assert len(lines) == MOST_SHOWN + 3
    assert lines[MOST_SHOWN] == "3 further changes were not read back."
    assert [each.split(",")[0] for each in lines[-2:]] == ["If it happened", "If it did not happen"]


@dataclass
class Hiding(MemoryOrg):
    """An org that hides accounts by now."""

    def describe(self, name: str) -> ObjectSchema:
        """Hide accounts."""
        if name == "Account":
            raise NotFoundError("hidden")
        return super().describe(name)


def test_an_object_hidden_by_now_is_told(org: MemoryOrg) -> None:
    """Nothing can be read of it, and nothing is claimed."""
    hiding = Hiding(org.rows, org.schemas, org.user)
    assert "is gone, or hidden" in Readback(hiding).evidence(group(renamed(first(org), "a", "b")), None)[0]  # fmt: skip
    assert Readback(hiding).as_written(group(renamed(first(org), "a", "b")), SINCE) is None


def test_only_this_persons_own_writing_counts_as_written(org: MemoryOrg) -> None:
    """The same values written by somebody else, or before the call went out, prove nothing of ours."""
    same = group(renamed(first(org), "old", "Acme\u202e\nLtd"))
    stands = Readback(org).as_written(same, SINCE)
    assert stands is not None
    assert stands.committed
    later = datetime(2026, 11, 21, 12, 9, tzinfo=UTC)
    assert Readback(org).as_written(same, later) is None
    assert Readback(org).as_written(same, None) is None
    assert Readback(org).as_written(group(renamed(first(org), "old", "new")), SINCE) is None
    org.rows["Account"][0]["LastModifiedById"] = "005000000000009AAA"
    assert Readback(org).as_written(same, SINCE) is None


def test_every_value_counts(org: MemoryOrg) -> None:
    """A link to another record, or more values than are read back, are never passed over."""
    one = renamed(first(org), "old", "Acme\u202e\nLtd")
    linked = (*one.changes, change("ParentId", linked_to="p"))
    many = one.changes * 21
    for changes in (linked, many):
        told = group(one.model_copy(update={"changes": changes}))
        assert Readback(org).as_written(told, SINCE) is None
    line = Readback(org).evidence(group(one.model_copy(update={"changes": linked})), SINCE)[0]
    assert "holds what this change writes, in 1 of 2 fields: " in line
    only = one.model_copy(update={"changes": linked[1:]})
    line = Readback(org).evidence(group(only), SINCE)[0]
    assert "is there, and nothing of this change can be compared" in line


def test_one_that_stands_speaks_for_no_other(org: MemoryOrg) -> None:
    """A group happened as a whole or not at all: a single change that is not there says that it did not."""
    there = renamed(first(org), "old", "Acme\u202e\nLtd")
    other = renamed(str(org.rows["Account"][1]["Id"]), "old", "nowhere", key="v")
    assert Readback(org).as_written(group(there, other), SINCE) is None


def test_a_new_record_is_taken_for_ours_only_where_no_other_can_be(org: MemoryOrg) -> None:
    """Two records alike, or two creates alike, and nobody can tell which is which."""
    audit = {"CreatedById": org.user.id, "CreatedDate": "2026-11-21T12:00:01Z", "Name": "twin"}
    one, two = new("twin", "a"), new("twin", "b")
    org.rows["Account"][0] |= audit
    assert Readback(org).created_ids(group(one), SINCE) == {"a": first(org)}
    assert Readback(org).created_ids(group(one), None) == {}
    assert Readback(org).created_ids(group(one, two), SINCE) == {}
    org.rows["Account"][1] |= audit
    assert Readback(org).created_ids(group(one), SINCE) == {}
