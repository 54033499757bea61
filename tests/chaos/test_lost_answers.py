"""Every fault of an org, at every call that writes, with the ledger and without: done once, told truly, ended once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path

import pytest
from tests.chaos.carriers import CARRIERS, Cargo
from tests.runs.conftest import at_once
from tests.scenario import Rest

from actwright import Actwright, OrchestratorResult
from actwright.checkpoints.groups import packing
from actwright.connectors.salesforce.auth import ClientCredentials
from actwright.connectors.salesforce.connect import connect
from actwright.connectors.salesforce.limits import Limits, Patience
from actwright.orgs import OpenOrg
from actwright.runs.engine.engine import Engine
from actwright.runs.interventions.intervention import Intervention
from actwright.runs.record.chain import first_fault
from actwright.testing import LocalOrg
from actwright.testing.faults import ArmedFault, Faults

Arming = Callable[..., ArmedFault]

PEOPLE = ("alice", "carol")
"""With the right to use the ledger, and without."""

TRANSACTIONS = tuple(each for each in CARRIERS if each != "bulk")
MOST_BEFORE_BULK = 30
SECONDS = 0.25
"""How long a client in a hurry waits for an answer."""

UNANSWERED: dict[str, Callable[[Faults], Arming]] = {
    "answer lost": lambda faults: faults.lose_answer,
    "request lost": lambda faults: faults.lose_request,
    "answer cut": lambda faults: faults.cut_answer,
    "500": lambda faults: faults.fail,
    "500 after the commit": lambda faults: partial(faults.fail, when="commit"),
    "503": lambda faults: faults.unavailable,
    "503 after the commit": lambda faults: partial(faults.unavailable, when="commit"),
    "too slow": lambda faults: partial(faults.slow, 2 * SECONDS),
    "too slow after the commit": lambda faults: partial(faults.slow, 2 * SECONDS, when="commit"),
}
"""Nobody hears what became of the call."""

PASSING: dict[str, Callable[[Faults], Arming]] = {
    "rows locked": lambda faults: faults.lock_rows,
    "session expired": lambda faults: faults.expire_session,
    "requests exhausted": lambda faults: faults.exhaust_requests,
}
"""The org says that nothing was done."""


@pytest.fixture
def people(
    shared_org: LocalOrg, opening: Callable[..., Actwright], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str], Actwright]:
    """Return what gives a person's Actwright, which does not wait long; carol may not use the ledger."""
    monkeypatch.setattr("actwright.calls.running.Engine", partial(Engine, sleep=at_once))
    monkeypatch.setattr(packing, "MOST_BEFORE_BULK", MOST_BEFORE_BULK)

    def person(who: str, fault: str) -> Actwright:
        app = opening(user=who)
        if "slow" in fault:
            _hurry(app, shared_org, who)
        return app

    return person


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("fault", UNANSWERED)
def test_what_nobody_heard_of_is_decided_by_the_ledger(
    shared_org: LocalOrg,
    admin: Rest,
    people: Callable[[str, str], Actwright],
    *,
    carrier: str,
    fault: str,
) -> None:
    """Where the org keeps a ledger, or knows the job, a lost answer is cleared up without anybody."""
    app = people("alice", fault)
    for cargo, armed in _faulty(shared_org, app, admin, carrier, UNANSWERED[fault]):
        envelope = app.run(cargo.preview, cargo.yes)
        _await_the_late(fault, armed)
        assert envelope.status == "completed" or carrier == "bulk"
        _check(app, cargo, envelope)


@pytest.mark.parametrize("carrier", TRANSACTIONS)
@pytest.mark.parametrize("fault", UNANSWERED)
def test_what_nobody_heard_of_is_decided_by_a_person(
    shared_org: LocalOrg,
    admin: Rest,
    people: Callable[[str, str], Actwright],
    *,
    carrier: str,
    fault: str,
) -> None:
    """Without a ledger the run is held with both possibilities, and goes on by what a person found to be true."""
    app = people("carol", fault)
    for cargo, armed in _faulty(shared_org, app, admin, carrier, UNANSWERED[fault]):
        envelope = app.run(cargo.preview, cargo.yes)
        _await_the_late(fault, armed)
        assert (envelope.status, envelope.stopped_by) == ("paused", "outcome_unknown")
        envelope = _clarified(app, cargo, envelope)
        assert envelope.status == "completed"
        _check(app, cargo, envelope)


@pytest.mark.parametrize(("carrier", "who"), [*product(TRANSACTIONS, PEOPLE), ("bulk", "alice")])
@pytest.mark.parametrize("fault", PASSING)
def test_what_the_org_turned_away_is_sent_again(
    shared_org: LocalOrg,
    admin: Rest,
    people: Callable[[str, str], Actwright],
    *,
    carrier: str,
    fault: str,
    who: str,
) -> None:
    """Where the org says that it did nothing, a moment later it is asked again, and does it once."""
    app = people(who, fault)
    for cargo, _ in _faulty(shared_org, app, admin, carrier, PASSING[fault]):
        envelope = app.run(cargo.preview, cargo.yes)
        assert envelope.status == "completed"
        _check(app, cargo, envelope)


def _faulty(
    org: LocalOrg,
    app: Actwright,
    admin: Rest,
    carrier: str,
    arm: Callable[[Faults], Arming],
) -> Iterator[tuple[Cargo, ArmedFault]]:
    """Yield a cargo for each call that carries it, with the fault armed for that call."""
    for nth in range(1, 4 if carrier == "bulk" else 2):
        cargo = Cargo.of(carrier, app, admin)
        armed = arm(org.faults)(path=cargo.path, nth=nth)
        yield cargo, armed
        assert armed.happened == 1


def _await_the_late(fault: str, armed: ArmedFault) -> None:
    """Wait until the org has done what it did too late."""
    if "slow" in fault:
        armed.wait_until_ended()


def _clarified(app: Actwright, cargo: Cargo, envelope: OrchestratorResult) -> OrchestratorResult:
    """Say what a person finds in the org, and let the run go on."""
    run_id = envelope.run_id or ""
    held = app.events(run_id)[-1]
    assert (held.kind, held.data["choices"]) == ("run_paused", ["happened", "did not happen"])
    assert held.data["evidence"]
    written = cargo.written
    answer = "happened" if written else "did not happen"
    why, truth = "as it stands in the org", {"answer": answer, "records": written}
    app.intervene(
        run_id,
        Intervention.model_validate(
            {"action": "provide_clarification", "actor": "dora", "why": why, **truth}
        ),
    )
    return app.resume(run_id)


def _check(app: Actwright, cargo: Cargo, envelope: OrchestratorResult) -> None:
    """Hold what is told against what there is: whole or nothing, each once, and the run ended once."""
    events = app.events(envelope.run_id or "")
    assert [each.kind for each in events].count("run_ended") == 1
    assert first_fault(events) is None
    written = cargo.written
    assert envelope.effects_done == len(written)
    assert envelope.success is (len(written) == len(cargo.preview.effects))
    assert envelope.success or not written
    told = sorted(each for result in envelope.results for each in result.record_ids)
    assert told == sorted(written.values())


def _hurry(app: Actwright, org: LocalOrg, who: str) -> None:
    cache: Path = app.settings.home / "describes"
    limits, patience = Limits(read_seconds=SECONDS), Patience(sleep=lambda _: None)
    login = ClientCredentials(who, "localorg")
    hurried = connect(org.url, login, cache_dir=cache, local=True, limits=limits, patience=patience)
    vars(app)["_open"] = OpenOrg(hurried, None)
