"""How a group could be settled: only where the ledger's own requests have a place beside the group's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from tests.connectors.salesforce.keyed_groups import change, new, renamed
from tests.connectors.salesforce.scripted_org import ORG_ID

from actwright.connectors.salesforce.describe_cache import TTL
from actwright.connectors.salesforce.recovering import LedgerAccess, recovery_of
from actwright.errors import NotFoundError
from actwright.org.effect import Effect, EffectGroup
from actwright.org.schema import ObjectSchema


def graph(*effects: Effect, parts: int = 1) -> EffectGroup:
    """Return a graph call of as many transactions of the same size."""
    ids = [each.id for each in effects]
    apart = tuple(tuple(ids[place::parts]) for place in range(parts)) if parts > 1 else ()
    return EffectGroup(
        id="g1", org=ORG_ID, effects=effects, carrier="graph", atomic=not apart, parts=apart
    )


def of_kinds(count: int) -> EffectGroup:
    """Return creates of so many objects."""
    return graph(*(new("x", f"e{n}", object=f"Kind{n}__c") for n in range(count)))


def chain(count: int, first: str | None = None) -> EffectGroup:
    """Return creates each of which links to the one before it."""
    links = [first, *(f"e{n}" for n in range(count - 1))]
    return graph(
        *(
            new("x", f"e{n}", changes=(change("ParentId", linked_to=to) if to else change("Name", "x"),))
            for n, to in enumerate(links)
        )
    )  # fmt: skip


def many(count: int, parts: int = 1) -> EffectGroup:
    """Return so many creates of one object."""
    return graph(*(new("x", f"e{n}", ref=None) for n in range(count)), parts=parts)


@pytest.mark.parametrize(
    ("fits", "too_much"),
    [
        (of_kinds(14), of_kinds(15)),
        (chain(14), chain(15)),
        (chain(14), chain(15, first="e14")),
        (many(498), many(499)),
        (many(350, parts=75), many(375, parts=75)),
    ],
)
def test_a_graph_needs_room_for_the_ledger(fits: EffectGroup, too_much: EffectGroup) -> None:
    """An object, a level and two requests in each transaction: at the border, and one beyond it."""
    assert recovery_of(fits, ()).by == "ledger"
    how = recovery_of(too_much, ())
    assert (how.by, how.reason) == ("nobody", "The group leaves no room for the ledger; preview the plan again.")  # fmt: skip


def test_what_is_no_one_transaction_carries_no_key() -> None:
    """Rows that stand or fall by themselves, people and permissions, and overrides are settled otherwise."""
    apart = EffectGroup(id="g1", org=ORG_ID, effects=(new("x"),), atomic=False)
    person = renamed("005000000000001AAA", "a", "b", object="user")
    acting = new("x", kind="opaque")
    for one in (
        apart,
        apart.model_copy(update={"effects": (person,), "atomic": True}),
        apart.model_copy(update={"effects": (acting,), "atomic": True}),
    ):
        assert recovery_of(one, ()).by == "nobody"
    assert recovery_of(apart.model_copy(update={"carrier": "bulk"}), ()).by == "job"
    assert recovery_of(None, ()).by == "ledger"


@dataclass
class Moment:
    """A clock that stands until it is moved, and an org that counts how often it is asked for its ledger."""

    at: datetime = datetime(2026, 11, 21, tzinfo=UTC)
    asked: list[datetime] = field(default_factory=list)

    def now(self) -> datetime:
        """Return the moment."""
        return self.at

    def absent(self) -> ObjectSchema:
        """Say that there is none."""
        self.asked.append(self.at)
        raise NotFoundError("no such object")


def test_an_org_that_gets_a_ledger_is_found_out_by_itself() -> None:
    """That there was none is believed for some minutes, and not for good."""
    moment = Moment()
    access = LedgerAccess(moment.absent, moment)
    for wait in (timedelta(0), TTL - timedelta(seconds=1), timedelta(seconds=1)):
        moment.at += wait
        assert "no object Actwright_Ledger__c" in access.lacking()[0]
    assert len(moment.asked) == 2
