"""What a policy wants to know beside the effects: asked for only where a rule asks, and unknown where it may not be known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

import pytest
from tests.policy_scene import USER, change, context

from actwright.checkpoints.reading.looked_at import looked_at, person_of
from actwright.errors import InputError, OrgError
from actwright.org.identity import RunningUser
from actwright.org.ports import OrgReader, Record, RecordRead, RecordSnapshot
from actwright.org.query import RecordQuery
from actwright.org.value import FieldValue


@dataclass
class SmallOrg:
    """An org that answers two questions about a person, and tells what a record holds; some may be closed."""

    closed: tuple[str, ...] = ()
    error: Exception = field(default_factory=lambda: InputError("hidden"))
    sets: tuple[str, ...] = ("Sales", "Extra")
    user: RunningUser = USER
    asked: list[object] = field(default_factory=list)

    def query(self, queries: Sequence[RecordQuery]) -> list[list[Record]]:
        """Answer, or refuse all where one is closed."""
        self.asked.append(queries)
        if any(each.object in self.closed for each in queries):
            raise self.error
        return [self._answer(each.object) for each in queries]

    def read(self, reads: Sequence[RecordRead]) -> Mapping[str, RecordSnapshot]:
        """Return what is asked for; every amount is five."""
        self.asked.append(reads)
        return {
            key: RecordSnapshot(
                each.object,
                key,
                "v",
                None,
                {name: Decimal(5) for name in each.fields},
                editable=True,
                deletable=True,
            )
            for each in reads
            for key in each.ids
        }

    def _answer(self, name: str) -> list[Record]:
        if name == "User":
            told: dict[str, FieldValue] = {"Profile.Name": "Standard", "UserRole.Name": None}
            return [Record("User", USER.id, told)]
        return [
            Record(name, str(at), {"PermissionSet.Name": each}) for at, each in enumerate(self.sets)
        ]


def reader(org: SmallOrg) -> OrgReader:
    """Return the org as what it is taken for."""
    return cast("OrgReader", org)


def test_a_person_is_asked_about_only_where_a_rule_asks() -> None:
    """One call for everything, and none where nobody wants to know."""
    org = SmallOrg()
    plain = person_of(reader(org), wanted=False)
    assert (plain.username, plain.role, plain.permission_sets) == (USER.username, None, None)
    assert org.asked == []
    known = person_of(reader(org), wanted=True)
    assert (known.profile, known.role, known.permission_sets) == (
        "Standard",
        "",
        ("Sales", "Extra"),
    )
    assert len(org.asked) == 1


def test_what_may_not_be_known_stays_unknown() -> None:
    """A hidden object hides nothing else; what cannot be asked at all is an error."""
    known = person_of(reader(SmallOrg(closed=("PermissionSetAssignment",))), wanted=True)
    assert (known.profile, known.permission_sets) == ("Standard", None)
    hidden = person_of(reader(SmallOrg(closed=("User",))), wanted=True)
    assert (hidden.profile, hidden.role, hidden.permission_sets) == (None, None, ("Sales", "Extra"))
    with pytest.raises(OrgError):
        person_of(reader(SmallOrg(closed=("User",), error=OrgError("down"))), wanted=True)


def test_a_list_that_was_cut_counts_as_unknown() -> None:
    """Of a thousand permission sets there may be more."""
    assert person_of(reader(SmallOrg(sets=("A",) * 1_000)), wanted=True).permission_sets is None


def test_fields_are_read_once_and_only_those_nobody_read() -> None:
    """One call for all records; what the snapshot holds, what the object has not, and new records are left out."""
    org = SmallOrg()
    effects = [
        context(change("Name", "x"), number=1),
        context(change("Name", "x"), number=2, standing={"AMOUNT": 1}),
        context(change("Name", "x"), number=3, operation="CREATE"),
    ]
    fields = {"opportunity": frozenset({"amount", "Nope__c"}), "*": frozenset({"Discount__c"})}
    found = looked_at(reader(org), effects, fields)
    assert found == {
        "006000000000001AAA": {"amount": Decimal(5), "discount__c": Decimal(5)},
        "006000000000002AAA": {"amount": Decimal(5), "discount__c": Decimal(5)},
    }
    assert len(org.asked) == 1
    assert looked_at(reader(org), effects, {}) == {}
    assert len(org.asked) == 1
