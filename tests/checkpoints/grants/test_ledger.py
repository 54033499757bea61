"""The grants of a store: made, signed, narrowed, revoked, and used up, one use a run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.grant_scene import (
    NOON,
    PLAN,
    Desk,
    change,
    effect,
    granted,
    json_of,
    money,
    need,
    preview,
    with_ceilings,
)

from actwright.checkpoints.drawn import Drawn
from actwright.checkpoints.grants.choosing import chosen
from actwright.checkpoints.grants.grant import Grant
from actwright.checkpoints.grants.proposing import proposed
from actwright.document import validated
from actwright.errors import (
    ConfirmationForeignError,
    DocumentError,
    GrantError,
    InputError,
    NotFoundError,
)
from actwright.store.database import Database
from actwright.store.documents import holder_of


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give an empty store at noon."""
    made = Desk(tmp_path)
    yield made
    made.close()


def code_of(desk: Desk, grant: Grant) -> str | None:
    """Return why a grant does not stand, or None."""
    why = desk.grants.why_not(grant)
    return why.error_code if why else None


def test_a_use_names_its_run_and_what_it_drew(desk: Desk) -> None:
    """One claim for each use, and an entry with effects and amounts."""
    grant = desk.make(effect(1, change(), money(50)))
    runs = [desk.use(grant, effect(1, money(20))), desk.use(grant, effect(1, money(50)))]
    assert [holder_of(desk.store, "grant", f"{grant.id}:{number}") for number in (1, 2, 3)] == [
        *runs,
        None,
    ]
    first, second = desk.grants.uses(grant)
    assert (first.number, first.run_id, first.preview_id) == (1, runs[0], f"prv_{'0' * 20}")
    assert second.drawn == Drawn(
        rows=1,
        amounts={"opportunity.amount": Decimal(50)},
        writes={"UPDATE Opportunity": 1},
    )
    assert desk.grants.used(grant).drawn == {"opportunity.amount": Decimal(70)}


def test_a_narrowed_version_takes_the_place(database: Database, tmp_path: Path) -> None:
    """The uses so far count on, and the old version says yes to nothing; in a store of each kind."""
    desk = Desk(tmp_path, given=database)
    grant = desk.make(uses=2)
    desk.use(grant)
    newer = desk.grants.narrow(grant.id, {"rows": 1, "uses": 2, "uses_per_day": 9}, by="Bo")
    assert code_of(desk, grant) == "grant_superseded"
    assert desk.grants.newest(grant) == newer
    desk.use(newer)
    with pytest.raises(GrantError, match="used up: 2 of 2") as caught:
        desk.use(newer)
    assert caught.value.error_code == "grant_used_up"
    with pytest.raises(GrantError):
        desk.grants.narrow(grant.id, {"uses": 1}, by="Bo")


def test_a_revoked_grant_says_who_and_why(desk: Desk) -> None:
    """In all its versions, and once."""
    grant = desk.make()
    newer = desk.grants.narrow(grant.id, {"uses": 1}, by="Bo")
    desk.grants.revoke(grant.id, by="Cy", why="the season is over")
    with pytest.raises(GrantError, match="Cy: the season is over"):
        desk.grants.standing(newer.id)
    end = desk.grants.ended(newer)
    assert end is not None
    assert end.by == "Cy"
    with pytest.raises(GrantError, match="has ended before"):
        desk.grants.revoke(newer.id, by="Cy", why="again")
    with pytest.raises(InputError, match="needs a reason"):
        desk.grants.revoke(newer.id, by="Cy", why=" ")


def test_a_day_is_24_hours(desk: Desk) -> None:
    """A use counts until a day after it, whatever the calendar says."""
    grant = desk.make(uses=9, uses_per_day=1)
    desk.use(grant)
    desk.clock.move(hours=23, minutes=59)
    with pytest.raises(GrantError, match="within 24 hours"):
        desk.use(grant)
    desk.clock.move(minutes=2)
    desk.use(grant)


def test_signatures_stand_as_long_as_their_keys(database: Database, tmp_path: Path) -> None:
    """A grant whose keys were all revoked stands no more until somebody signs it anew; who signed is kept."""
    desk = Desk(tmp_path, given=database)
    ann, bo = desk.key("Ann"), desk.key("Bo")
    signers = [desk.approvers.holder_of(each) for each in (ann, bo)]
    grant = desk.grants.make(granted(), signer=signers[0])
    assert [each.name for each in desk.grants.used(grant).signers] == ["Ann"]
    desk.approvers.revoke("Ann", by="root", why="left")
    assert code_of(desk, grant) == "grant_unsigned"
    assert signers[1] is not None
    desk.grants.sign(grant.id, signers[1])
    assert code_of(desk, grant) is None
    assert [each.name for each in desk.grants.signatures(grant)] == ["Ann", "Bo"]


def test_a_policy_that_asks_for_keys_is_met_by_a_grant_with_as_many(desk: Desk) -> None:
    """Distinct people, each by a key that counts."""
    names = ("Ann", "Bo")
    signers = [desk.approvers.holder_of(desk.key(each)) for each in names]
    grant = desk.grants.make(granted(), signer=signers[0])
    shown = preview(approval=need(2))
    (found,) = desk.grants.outside(grant, shown, PLAN)
    assert str(found) == (
        "approval: the policy asks for the keys of 2, and the grant allows what 1 signed: Ann"
    )
    for each in (signers[0], signers[1]):
        assert each is not None
        desk.grants.sign(grant.id, each)
    assert desk.grants.outside(grant, shown, PLAN) == ()


def test_the_one_that_covers_is_found(desk: Desk) -> None:
    """Of several the one that ends first; of none the nearest is named with what it lacks."""
    shown = preview(effect(1, money(100)))
    with pytest.raises(ConfirmationForeignError, match="there is no grant that stands"):
        chosen(desk.grants, shown, PLAN)
    desk.make(effect(1, change("NextStep")), expires_at="2026-11-23T00:00:00Z")
    near = desk.make(effect(1, change(), money(60)))
    with pytest.raises(ConfirmationForeignError) as caught:
        chosen(desk.grants, shown, PLAN)
    assert caught.value.error_code == "confirmation_unattended"
    assert f"the nearest grant, {near.id}, does not cover it: amount: 100" in caught.value.message
    later = desk.make(effect(1, money(100)))
    sooner = desk.make(effect(1, money(100)), expires_at="2026-11-25T00:00:00Z")
    assert chosen(desk.grants, shown, PLAN) == sooner
    desk.grants.revoke(sooner.id, by="Bo", why="no")
    assert chosen(desk.grants, shown, PLAN) == later


def test_a_grant_is_its_content() -> None:
    """The same content has the same id, and no other."""
    grant = granted()
    assert Grant.model_validate(json_of(grant)) == grant
    assert with_ceilings(grant, rows=2).id != grant.id


@pytest.mark.parametrize("days", [0, -1, 366.001, 4000])
def test_a_grant_stands_for_up_to_a_year(days: float) -> None:
    """No longer, and not for no time."""
    with pytest.raises(InputError, match="366 days"):
        proposed(preview(), PLAN, approver="Ann", now=NOON, expires_after=timedelta(days=days))


def test_a_grant_is_made_now(desk: Desk) -> None:
    """Not for a time long ago, nor for one to come, and not as a version of another one."""
    grant = granted()
    desk.clock.move(days=2)
    with pytest.raises(InputError, match="made now"):
        desk.grants.make(grant)
    with pytest.raises(InputError, match="by narrowing"):
        desk.grants.make(
            validated(Grant, {**json_of(grant), "id": "", "lineage": grant.id}, where="it")
        )
    with pytest.raises(NotFoundError):
        desk.grants.get(grant.id)
    with pytest.raises(DocumentError, match="not that of this content"):
        validated(Grant, {**json_of(grant), "user": "006"}, where="it")


@pytest.mark.parametrize(
    "more", [{"uses": 0}, {"uses": 10**7}, {"approver": ""}, {"approver": "x" * 201}]
)
def test_what_cannot_be_proposed(more: dict[str, Any]) -> None:
    """No use, too many, nobody's, or somebody's with an endless name."""
    with pytest.raises(InputError):
        proposed(preview(), PLAN, **{"approver": "Ann", "now": NOON, **more})


def test_a_grant_counts_however_many_were_made_after_it(desk: Desk) -> None:
    """No list of grants leaves out the oldest."""
    first = desk.make(effect(1))
    with desk.store.write() as transaction:
        transaction.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
            "INSERT INTO document (kind, id, body, at, parent) "
            "SELECT d.kind, d.id || '-' || n.i, d.body, d.at, d.parent FROM document d, n WHERE d.id = ?",
            (first.id,),
        )
    assert len(desk.grants.everything()) == 1001
