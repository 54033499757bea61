"""Exactly once, over real HTTP: the ledger decides what became of a group, whatever happened to the answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.connectors.salesforce.keyed_groups import (
    change,
    contact,
    count,
    fresh,
    group,
    key_of,
    new,
    parts,
    renamed,
    statuses,
)

from actwright.connectors.salesforce.auth import ClientCredentials
from actwright.connectors.salesforce.connect import connect
from actwright.connectors.salesforce.ledger import content_of
from actwright.connectors.salesforce.limits import Limits
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.errors import OrgBusyError, RefusedError
from actwright.org.effect import Effect
from actwright.org.outcome import GroupOutcome
from actwright.org.settlement import Settlement, left_of
from actwright.testing import Faults

SENT, PROBED = "*/composite", "*/composite/sobjects"


@pytest.fixture
def faults(local_org: str) -> Iterator[Faults]:
    """Arm faults in the local org, and leave none behind."""
    armed = Faults(lambda: local_org)
    yield armed
    armed.clear()


@pytest.fixture
def carol(local_org: str, tmp_path: Path) -> Iterator[SalesforceOrg]:
    """Log in as Carol, who may not use the ledger."""
    org = connect(local_org, ClientCredentials("carol", "localorg"), cache_dir=tmp_path / "carol")
    yield org
    org.close()


def test_a_group_leaves_a_row_with_what_it_created(alice: SalesforceOrg) -> None:
    """The row holds key, run and the new ids; sent again under its key, the group is what it was the first time."""
    name = fresh()
    both = group(alice, new(name), contact(name, "a"))
    assert alice.recovery(both).by == "ledger"
    first = alice.send(both, key=key_of(name))
    [row] = alice.soql(
        f"SELECT Run__c, Status__c, Content__c, Created_Ids__c FROM Actwright_Ledger__c WHERE Key__c = '{key_of(name)}'"
    )
    ids = [each.record_id for each in first.outcomes]
    assert row == {
        "Run__c": f"run_{name.lower()}",
        "Status__c": "committed",
        "Content__c": content_of(both.effects),
        "Created_Ids__c": f"0={ids[0]}\n1={ids[1]}",
    }
    assert alice.send(both, key=key_of(name)).outcomes == first.outcomes
    assert count(alice, name) == 1


@pytest.mark.parametrize("fault", ["lose_answer", "cut_answer", "fail"])
def test_a_lost_answer_is_found_in_the_ledger(
    alice: SalesforceOrg, faults: Faults, fault: str
) -> None:
    """The call committed and nobody heard: the row tells so, with the ids of what is new."""
    name = fresh()
    both = group(alice, new(name), contact(name, "a"))
    armed = getattr(faults, fault)(path=SENT, **({"when": "commit"} if fault == "fail" else {}))
    assert statuses(alice.send(both, key=key_of(name))) == ["unknown", "unknown"]
    assert armed.happened == 1
    settled = alice.settle(both, key_of(name))
    assert (settled.by, settled.decided, statuses(settled.outcome)) == (
        "ledger",
        True,
        ["done"] * 2,
    )
    [account] = alice.soql(f"SELECT Id FROM Account WHERE Name = '{name}'")
    assert (settled.outcome.outcomes[0].record_id, settled.outcome.outcomes[0].created) == (
        account["Id"],
        True,
    )
    ids = [str(each.record_id) for each in settled.outcome.outcomes]
    assert f"marked committed ({', '.join(ids)})." in settled.evidence[0]


def test_a_lost_request_is_settled_for_good(alice: SalesforceOrg, faults: Faults) -> None:
    """Nothing happened: the key is abandoned, what is sent under it does nothing, the next key does it once."""
    name = fresh()
    one = group(alice, new(name))
    faults.lose_request(path=SENT)
    assert statuses(alice.send(one, key=key_of(name))) == ["unknown"]
    for _ in range(2):
        settled = alice.settle(one, key_of(name))
        assert (settled.by, statuses(settled.outcome)) == ("ledger", ["not_sent"])
    assert statuses(alice.send(one, key=key_of(name))) == ["not_sent"]
    assert count(alice, name) == 0
    assert alice.send(one, key=key_of(name, 2)).committed
    assert count(alice, name) == 1


def test_a_first_try_that_arrives_late_is_taken_back_whole(
    alice: SalesforceOrg, faults: Faults
) -> None:
    """Settled while its request is still on the way, the group cannot happen any more, whoever carries it there."""
    name = fresh()
    both = group(alice, new(name), contact(name, "a"))
    late = faults.hang(path=SENT)
    told: list[GroupOutcome] = []
    sending = threading.Thread(
        target=lambda: told.append(alice.send(both, key=key_of(name))), daemon=True
    )
    sending.start()
    late.wait_until_holding()
    assert statuses(alice.settle(both, key_of(name)).outcome) == ["not_sent", "not_sent"]
    assert alice.send(both, key=key_of(name, 2)).committed
    late.release()
    sending.join(30)
    assert [statuses(each) for each in told] == [["not_sent", "not_sent"]]
    assert (count(alice, name), count(alice, name, "Contact", "LastName")) == (1, 1)


def test_a_try_the_caller_gave_up_on_does_nothing_later(
    local_org: str, faults: Faults, tmp_path: Path
) -> None:
    """The client's patience ends, the key is abandoned, and only then the org gets to the request."""
    limits = Limits(read_seconds=0.3)
    alice = connect(
        local_org, ClientCredentials("alice", "localorg"), cache_dir=tmp_path, limits=limits
    )
    name = fresh()
    one = group(alice, new(name))
    assert alice.recovery(one).by == "ledger"
    alice.describe("Account")
    late = faults.hang(path=SENT)
    assert statuses(alice.send(one, key=key_of(name))) == ["unknown"]
    assert statuses(alice.settle(one, key_of(name)).outcome) == ["not_sent"]
    late.release()
    late.wait_until_ended()
    assert count(alice, name) == 0
    alice.close()


def test_a_commit_behind_a_slow_answer_is_found(
    local_org: str, faults: Faults, tmp_path: Path
) -> None:
    """The org had committed before the client gave up: settling finds it done."""
    limits = Limits(read_seconds=0.3)
    alice = connect(
        local_org, ClientCredentials("alice", "localorg"), cache_dir=tmp_path, limits=limits
    )
    name = fresh()
    one = group(alice, new(name))
    assert alice.recovery(one).by == "ledger"
    alice.describe("Account")
    slow = faults.hang(path=SENT, when="commit")
    assert statuses(alice.send(one, key=key_of(name))) == ["unknown"]
    assert statuses(alice.settle(one, key_of(name)).outcome) == ["done"]
    slow.release()
    assert count(alice, name) == 1
    alice.close()


def test_many_rows_leave_one_row(alice: SalesforceOrg, faults: Faults) -> None:
    """Collections of 450 creates and updates: one key, and every new id in its place."""
    name = fresh()
    kept = alice.send(group(alice, new(name))).outcomes[0].record_id or ""
    rows = tuple(
        Effect(id=f"r{n}", action_id="r", operation="CREATE", object="Task", changes=(change("Subject", f"{name} {n}"),))
        for n in range(450)
    )  # fmt: skip
    many = group(alice, *rows, renamed(kept, name, f"{name} 2"), carrier="collections")
    faults.lose_answer(path=SENT)
    assert set(statuses(alice.send(many, key=key_of(name)))) == {"unknown"}
    settled = alice.settle(many, key_of(name))
    assert (settled.by, set(statuses(settled.outcome))) == ("ledger", {"done"})
    made = {
        str(each["Id"]): str(each["Subject"])
        for each in alice.soql(f"SELECT Id, Subject FROM Task WHERE Subject LIKE '{name} %'")
    }
    outcomes = settled.outcome.outcomes
    assert [made[str(each.record_id)] for each in outcomes[:450]] == [f"{name} {n}" for n in range(450)]  # fmt: skip
    assert (outcomes[450].record_id, outcomes[450].created) == (kept, False)


def test_each_part_of_a_call_is_settled_by_itself(alice: SalesforceOrg, faults: Faults) -> None:
    """Of three transactions two committed: the third alone is left to send, under the next key."""
    name = fresh()
    names = [f"{name} {place}" for place in range(3)]
    three = parts(alice, names, **{names[1]: "003000000000001AAA"})
    assert alice.recovery(three).by == "ledger"
    faults.lose_answer(path="*/composite/graph")
    assert set(statuses(alice.send(three, key=key_of(name)))) == {"unknown"}
    settled = alice.settle(three, key_of(name))
    assert (settled.by, statuses(settled.outcome)) == ("ledger", ["done", "not_sent", "done"])
    assert settled.outcome.api_calls == 2
    left = left_of(three, settled.outcome)
    assert left is not None
    assert left.parts == ((names[1],),)
    assert statuses(alice.send(left, key=key_of(name, 2))) == ["failed"]
    again = alice.send(three, key=key_of(name))
    assert (again.outcomes, statuses(again)) == (settled.outcome.outcomes, ["done", "not_sent", "done"])  # fmt: skip


def test_the_probe_itself_may_be_lost(alice: SalesforceOrg, faults: Faults) -> None:
    """Once: it is written again, and finds itself. Twice: undecided, and asking again decides."""
    name = fresh()
    one = group(alice, new(name))
    faults.lose_answer(path=PROBED)
    assert statuses(alice.settle(one, key_of(name)).outcome) == ["not_sent"]
    faults.lose_answer(path=PROBED, times=2)
    undecided = alice.settle(one, key_of(name, 2))
    assert (undecided.by, undecided.ask_again, undecided.decided) == ("nobody", True, False)
    assert statuses(alice.settle(one, key_of(name, 2)).outcome) == ["not_sent"]


def test_two_may_settle_at_once(alice: SalesforceOrg, faults: Faults) -> None:
    """The second one's row goes in first; the first one finds it, and both say the same."""
    name = fresh()
    one = group(alice, new(name))
    held = faults.hang(path=PROBED)
    told: list[Settlement] = []
    settling = threading.Thread(
        target=lambda: told.append(alice.settle(one, key_of(name))), daemon=True
    )
    settling.start()
    held.wait_until_holding()
    told.append(alice.settle(one, key_of(name)))
    held.release()
    settling.join(30)
    assert [(each.by, statuses(each.outcome)) for each in told] == [("ledger", ["not_sent"])] * 2
    assert count(alice, key_of(name), "Actwright_Ledger__c", "Key__c") == 1


def test_a_locked_ledger_leaves_it_undecided(alice: SalesforceOrg, faults: Faults) -> None:
    """A lock proves nothing either way: ask again. The same lock on a send fails every effect by its code."""
    name = fresh()
    one = group(alice, new(name))
    faults.lock_rows(path=PROBED)
    undecided = alice.settle(one, key_of(name))
    assert (undecided.by, undecided.ask_again, statuses(undecided.outcome)) == ("nobody", True, ["unknown"])  # fmt: skip
    assert "unable to obtain exclusive access" in undecided.evidence[0]
    faults.lock_rows(path=SENT)
    locked = alice.send(one, key=key_of(name)).outcomes[0]
    assert (locked.status, locked.faults[0].code) == ("failed", "UNABLE_TO_LOCK_ROW")
    assert alice.send(one, key=key_of(name)).committed


def test_an_expired_session_is_renewed_in_the_middle(alice: SalesforceOrg, faults: Faults) -> None:
    """Send and probe are repeated once with a new token, the very same request, and happen once."""
    name = fresh()
    one = group(alice, new(name))
    faults.expire_session(path=SENT)
    assert alice.send(one, key=key_of(name)).committed
    faults.expire_session(path=PROBED)
    assert statuses(alice.settle(one, key_of(name)).outcome) == ["done"]
    assert count(alice, name) == 1


def test_a_used_up_limit_decides_nothing(alice: SalesforceOrg, faults: Faults) -> None:
    """The org says that it did nothing: the error names the limit and what to wait for, and later it is decided."""
    name = fresh()
    one = group(alice, new(name))
    faults.exhaust_requests(path=PROBED)
    with pytest.raises(OrgBusyError, match="TotalRequests") as caught:
        alice.settle(one, key_of(name))
    assert "wait for it to reset" in (caught.value.hint or "")
    assert statuses(alice.settle(one, key_of(name)).outcome) == ["not_sent"]


def test_a_server_that_went_away_decides_nothing(alice: SalesforceOrg, faults: Faults) -> None:
    """Whoever answers that it is not available may have committed before: only the ledger tells that it had not."""
    name = fresh()
    one = group(alice, new(name))
    faults.unavailable(path=SENT)
    assert statuses(alice.send(one, key=key_of(name))) == ["unknown"]
    assert count(alice, key_of(name), "Actwright_Ledger__c", "Key__c") == 0
    assert statuses(alice.settle(one, key_of(name)).outcome) == ["not_sent"]
    assert alice.send(one, key=key_of(name, 2)).committed


def test_a_key_that_comes_again_for_something_else_proves_nothing(alice: SalesforceOrg) -> None:
    """A store brought back from a backup may use a key anew: what was sent under it before is not claimed as done."""
    name = fresh()
    assert alice.send(group(alice, new(name)), key=key_of(name)).committed
    other = group(alice, new(f"{name} 2"))
    assert statuses(alice.send(other, key=key_of(name))) == ["unknown"]
    settled = alice.settle(other, key_of(name))
    assert (settled.by, settled.ask_again, statuses(settled.outcome)) == ("nobody", False, ["unknown"])  # fmt: skip
    assert "marked committed, in a row that stands for something else." in settled.evidence[0]
    assert count(alice, f"{name} 2") == 0


def test_a_row_of_another_persons_is_not_believed(
    alice: SalesforceOrg, local_org: str, tmp_path: Path
) -> None:
    """Somebody who may see and edit all rows forges one: it takes the key, and proves nothing."""
    name = fresh()
    one = group(alice, new(name))
    admin = connect(local_org, ClientCredentials("admin", "localorg"), cache_dir=tmp_path / "admin")
    alice.send(one, key=key_of(name))
    [row] = alice.soql(f"SELECT Id FROM Actwright_Ledger__c WHERE Key__c = '{key_of(name)}'")
    path = admin._client.object_path("Actwright_Ledger__c", str(row["Id"]))
    forged = {"method": "PATCH", "url": path, "referenceId": "x", "body": {"Status__c": "abandoned"}}  # fmt: skip
    assert admin._client.composite_write({"allOrNone": True, "compositeRequest": [forged]})
    admin.close()
    settled = alice.settle(one, key_of(name))
    assert (settled.by, settled.ask_again, statuses(settled.outcome)) == ("nobody", False, ["unknown"])  # fmt: skip
    assert "somebody else has written or changed" in settled.evidence[0]


def test_a_group_that_fails_leaves_no_row(alice: SalesforceOrg) -> None:
    """What is rolled back takes its row with it, and the key is free."""
    name = fresh()
    stale = renamed("001000000000001AAA", "x", name)
    outcome = alice.send(group(alice, new(name), stale), key=key_of(name))
    assert statuses(outcome) == ["rolled_back", "failed"]
    assert count(alice, key_of(name), "Actwright_Ledger__c", "Key__c") == 0
    assert alice.send(group(alice, new(name)), key=key_of(name)).committed


def test_a_long_key_is_hashed(alice: SalesforceOrg) -> None:
    """Longer than the field, or with what an org might fold or trim: the hash stands for it, everywhere."""
    name = fresh()
    long = " RUN@{x}" + name * 40
    one = group(alice, new(name))
    assert alice.send(one, key=long).committed
    assert statuses(alice.settle(one, long).outcome) == ["done"]
    assert count(alice, name) == 1


def test_without_a_ledger_nothing_is_pretended(carol: SalesforceOrg) -> None:
    """A key is refused before anything is sent; without one, a person is shown what there is."""
    name = fresh()
    one = group(carol, new(name))
    how = carol.recovery(one)
    assert (how.by, how.reason) == ("nobody", "The org has no object Actwright_Ledger__c that you may see.")  # fmt: skip
    with pytest.raises(RefusedError, match="cannot carry a key") as caught:
        carol.send(one, key=key_of(name))
    assert caught.value.error_code == "ledger_unusable"
    assert count(carol, name) == 0
    before = datetime.now(UTC)
    assert "no record like the one" in carol.settle(one, since=before).evidence[0]
    made = carol.send(one).outcomes[0].record_id
    settled = carol.settle(one, since=before)
    assert (settled.by, settled.ask_again, statuses(settled.outcome)) == ("nobody", False, ["unknown"])  # fmt: skip
    earliest, moment = before - timedelta(days=1), "%Y-%m-%d %H:%M:%S UTC"
    assert f"made by Carol Chen since {earliest:{moment}} (it was sent at {before:{moment}}): {made}, created 2" in settled.evidence[0]  # fmt: skip
    assert settled.evidence[-2].startswith("If it happened,")
    assert settled.evidence[-1].startswith("If it did not happen,")


def test_a_key_that_did_not_travel_is_never_tried(alice: SalesforceOrg) -> None:
    """Sent without a key, a group is read back although the org has a ledger: a new row would prove nothing."""
    name = fresh()
    made = alice.send(group(alice, new(name))).outcomes[0].record_id or ""
    change_it = group(alice, renamed(made, name, f"{name} 2"))
    for words in ("holds what stood there before", "holds what this change writes"):
        settled = alice.settle(change_it)
        assert (settled.by, statuses(settled.outcome)) == ("nobody", ["unknown"])
        assert words in settled.evidence[0]
        assert "by Alice Archer" in settled.evidence[0]
        alice.send(change_it)


def test_setup_objects_share_no_transaction_with_the_ledger(alice: SalesforceOrg) -> None:
    """A change of a person is read back."""
    person = Effect(id="p", action_id="p", operation="UPDATE", object="User", record_id=alice.user.id, changes=(change("Title", "x"),))  # fmt: skip
    assert alice.recovery(group(alice, person)).by == "nobody"


def test_no_plan_writes_the_ledger(alice: SalesforceOrg) -> None:
    """Whoever could forge a row could make a run believe what never happened."""
    forged = Effect(id="f", action_id="f", operation="CREATE", object="actwright_ledger__C", changes=(change("Key__c", "k"),))  # fmt: skip
    with pytest.raises(RefusedError, match="by no plan"):
        alice.send(group(alice, forged))


def test_ids_of_others_are_not_believed(alice: SalesforceOrg) -> None:
    """A row that names one record twice, or a record of another object, proves the commit and gives no id."""
    name = fresh()
    two = group(alice, new(name), contact(name, "a"))
    alice.send(two, key=key_of(name))
    [row] = alice.soql(
        f"SELECT Id, Created_Ids__c FROM Actwright_Ledger__c WHERE Key__c = '{key_of(name)}'"
    )
    forged = str(row["Created_Ids__c"]).split("\n")[0].removeprefix("0=")
    body = {"Created_Ids__c": f"0={forged}\n1={forged}"}
    path = alice._client.object_path("Actwright_Ledger__c", str(row["Id"]))
    change_it = {"method": "PATCH", "url": path, "referenceId": "x", "body": body}
    assert alice._client.composite_write({"allOrNone": True, "compositeRequest": [change_it]})
    settled = alice.settle(two, key_of(name))
    assert [(each.status, each.record_id) for each in settled.outcome.outcomes] == [("done", None)] * 2  # fmt: skip
    assert alice.send(two, key=key_of(name)).outcomes == settled.outcome.outcomes


def test_a_record_that_moved_on_takes_the_row_with_it(alice: SalesforceOrg) -> None:
    """A stale change or delete fails the group with the ledger's row in it; the key stays free."""
    name = fresh()
    made = alice.send(group(alice, new(name))).outcomes[0].record_id or ""
    stale = renamed(made, name, f"{name} 2", version="2020-01-01T00:00:00Z")
    gone = stale.model_copy(update={"operation": "DELETE", "changes": ()})
    for effect in (stale, gone):
        outcome = alice.send(group(alice, effect), key=key_of(name)).outcomes[0]
        assert (outcome.status, outcome.faults[0].code) == ("failed", "PRECONDITION_FAILED")
    assert count(alice, key_of(name), "Actwright_Ledger__c", "Key__c") == 0
