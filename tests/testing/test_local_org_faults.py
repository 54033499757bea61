"""The faults a test may arm in its local org: each does what its name says, to the calls it was meant for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest

from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.errors import ActwrightError, OrgBusyError
from actwright.org.effect import Effect, EffectGroup, FieldChange
from actwright.testing import ArmedFault, Faults, LocalOrg

Login = Callable[[str], SalesforceOrg]


@pytest.fixture
def faults(shared_org: LocalOrg) -> Iterator[Faults]:
    """Leave no fault behind."""
    yield shared_org.faults
    shared_org.faults.clear()


@pytest.fixture
def alice(login: Login) -> SalesforceOrg:
    """Log in as Alice, who has looked accounts up."""
    org = login("alice")
    org.describe("Account")
    return org


def send(org: SalesforceOrg, name: str) -> str:
    """Create an account, and return what became of it, or the error's code."""
    changes = (FieldChange(field="Name", label="Name", after=name, provenance="goal"),)
    effect = Effect(id="a", action_id="a", operation="CREATE", object="Account", changes=changes)
    group = EffectGroup(id="g", org=org.identity.id, effects=(effect,))
    try:
        outcome = org.send(group).outcomes[0]
    except ActwrightError as error:
        return error.error_code
    return outcome.faults[0].code if outcome.faults else outcome.status


def stored(org: SalesforceOrg, name: str) -> bool:
    """Tell whether an account was stored."""
    return bool(org.soql(f"SELECT Id FROM Account WHERE Name = '{name}'"))


@pytest.mark.parametrize(
    ("arm", "expected"),
    [
        (lambda faults: faults.lose_answer(), ("unknown", True)),
        (lambda faults: faults.lose_request(), ("unknown", False)),
        (lambda faults: faults.cut_answer(), ("unknown", True)),
        (lambda faults: faults.lock_rows(), ("UNABLE_TO_LOCK_ROW", False)),
        (lambda faults: faults.fail(), ("unknown", False)),
        (lambda faults: faults.fail(when="commit"), ("unknown", True)),
        (lambda faults: faults.unavailable(), ("unknown", False)),
        (lambda faults: faults.unavailable(when="commit"), ("unknown", True)),
        (lambda faults: faults.expire_session(), ("done", True)),
        (lambda faults: faults.exhaust_requests(), ("org_busy", False)),
        (lambda faults: faults.slow(0.05), ("done", True)),
    ],
)
def test_each_fault_does_what_its_name_says(
    alice: SalesforceOrg,
    faults: Faults,
    arm: Callable[[Faults], ArmedFault],
    expected: tuple[str, bool],
) -> None:
    """What the caller is told, and what the org did; it happens once, to the next call that writes."""
    name = uuid4().hex
    fault = arm(faults)
    assert not stored(alice, name)
    assert fault.happened == 0
    assert (send(alice, name), stored(alice, name)) == expected
    fault.wait_until_ended()
    assert (fault.happened, fault.holding) == (1, 0)
    assert send(alice, f"{name} 2") == "done"


def test_a_fault_waits_for_the_calls_it_is_meant_for(alice: SalesforceOrg, faults: Faults) -> None:
    """Path, method and number are kept to, and every call that matches is counted."""
    second = faults.lose_request(path="*/composite", method="POST", nth=2)
    elsewhere = faults.lose_request(path="*/composite/graph")
    assert [send(alice, uuid4().hex) for _ in range(3)] == ["done", "unknown", "done"]
    assert (second.matched, second.happened, elsewhere.matched) == (2, 1, 0)
    reading = faults.exhaust_requests(path="*/query", writes=False)
    with pytest.raises(OrgBusyError):
        stored(alice, "x")
    assert reading.happened == 1


def test_a_call_is_held_until_it_is_released(alice: SalesforceOrg, faults: Faults) -> None:
    """The org carries it out as soon as it is let go."""
    name = uuid4().hex
    held = faults.hang()
    told: list[str] = []
    sending = threading.Thread(target=lambda: told.append(send(alice, name)))
    sending.start()
    held.wait_until_holding()
    assert not stored(alice, name)
    held.release()
    sending.join(20)
    assert (told, stored(alice, name)) == (["done"], True)


def test_nobody_waits_for_ever(faults: Faults) -> None:
    """A call that does not come is an error in the test's own time."""
    start = time.monotonic()
    with pytest.raises(TimeoutError, match="no call was holding"):
        faults.hang().wait_until_holding(seconds=0.05)
    assert time.monotonic() - start < 10
