"""Budgets: what a run, a person or an org may spend, counted in the store in the transaction of the intent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.policy_scene import ORG, USER, change, context, policy

from actwright.guardrails.issue import Issue
from actwright.guardrails.policy.budgets import BudgetCounter, Demand, reserve_budgets
from actwright.guardrails.policy.policy import Policy
from actwright.org.effect import Effect
from actwright.org.identity import RunningUser
from actwright.store.sqlite import SqliteDatabase

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
EVE = RunningUser(id="005E", username="eve")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    """Give an empty store."""
    store = SqliteDatabase(tmp_path / "actwright.db")
    yield store
    store.close()


def budget(said: str, mode: str = "enforce") -> Policy:
    """Return a policy of one budget."""
    return policy(
        head=f"mode: {mode}\nbudgets: [{{id: b, description: Enough is enough., {said}}}]"
    )


def demand(
    rows: int = 1,
    *,
    amount: object = None,
    calls: int = 1,
    run: str | None = "run_1",
    user: RunningUser = USER,
) -> Demand:
    """Return what writing deals would spend."""
    given = () if amount is None else (change("Amount", amount),)  # type: ignore[arg-type]  # hostile values too
    effects: list[Effect] = [context(*given, number=place).effect for place in range(1, rows + 1)]
    return Demand(effects, calls, user, ORG, run)


def reserve(
    database: SqliteDatabase, chosen: Policy, wanted: Demand, now: datetime = NOW
) -> tuple[Issue, ...]:
    """Reserve in a transaction of its own, which is taken back where there is no room."""
    with database.write() as transaction:
        return reserve_budgets(transaction, chosen, wanted, now)


def test_rows_within_a_day(database: SqliteDatabase) -> None:
    """What was reserved counts for a day, for this person, and the issue says how much there was."""
    chosen, counter = budget("per: day, rows: 5"), BudgetCounter(database)
    assert reserve(database, chosen, demand(4)) == ()
    (issue,) = counter.issues(chosen, demand(2), NOW)
    assert (issue.code, issue.severity, issue.rule) == (
        "policy_budget",
        "error",
        "b, policy.yaml:3",
    )
    assert issue.message == (
        "Enough is enough: rule b, policy.yaml:3. 4 rows within the last 24 hours already, "
        "and 2 rows would be spent; at most 5 rows."
    )
    assert reserve(database, chosen, demand(2, run="run_2")) == (issue,)
    assert reserve(database, chosen, demand(1, run="run_2")) == ()
    assert reserve(database, chosen, demand(5, user=EVE)) == ()
    assert counter.issues(chosen, demand(1), NOW + timedelta(hours=23)) != ()
    assert counter.issues(chosen, demand(5), NOW + timedelta(hours=24)) == ()


def test_the_day_of_an_org(database: SqliteDatabase) -> None:
    """All people together."""
    chosen = budget("per: day, of: org, calls: 3")
    assert reserve(database, chosen, demand(calls=2)) == ()
    assert len(reserve(database, chosen, demand(calls=2, user=EVE))) == 1
    assert reserve(database, chosen, demand(calls=1, user=EVE)) == ()


def test_amounts_of_a_run(database: SqliteDatabase) -> None:
    """Added up to the cent over its groups, signs aside; another run has its own."""
    chosen = budget("per: run, amounts: {Opportunity.Amount: 100}")
    assert reserve(database, chosen, demand(2, amount=Decimal("-49.99"))) == ()
    assert len(reserve(database, chosen, demand(amount=Decimal("0.03")))) == 1
    assert reserve(database, chosen, demand(amount=Decimal("0.02"))) == ()
    assert reserve(database, chosen, demand(amount=Decimal(100), run="run_2")) == ()
    assert (
        len(
            BudgetCounter(database).issues(chosen, demand(amount=Decimal("100.001"), run=None), NOW)
        )
        == 1
    )


@pytest.mark.parametrize("amount", ["1", True, Decimal("1e40")])
def test_what_nobody_can_add_up_has_no_room(database: SqliteDatabase, amount: object) -> None:
    """A text, a truth and a number beyond all bounds are refused, and nothing is counted."""
    chosen = budget("per: day, amounts: {Opportunity.Amount: 1000000}")
    effect = context(change("Amount", amount, family="string")).effect  # type: ignore[arg-type]  # hostile values
    wanted = Demand([effect], 1, USER, ORG, "run_1")
    (issue,) = reserve(database, chosen, wanted)
    assert "nobody can tell how much" in issue.message
    assert reserve(database, chosen, demand(amount=Decimal(1000000))) == ()


def test_what_acts_alone_on_the_object_has_no_room(database: SqliteDatabase) -> None:
    """Nobody knows what it writes."""
    chosen = budget("per: day, amounts: {Opportunity.Amount: 10}")
    alone = Demand([context(kind="opaque").effect], 1, USER, ORG, "run_1")
    assert len(reserve(database, chosen, alone)) == 1
    elsewhere = Demand([context(kind="opaque", on="Mail").effect], 1, USER, ORG, "run_1")
    assert reserve(database, chosen, elsewhere) == ()


def test_log_only_counts_and_stops_nothing(database: SqliteDatabase) -> None:
    """So that it shows what would have been stopped."""
    chosen = budget("per: day, rows: 1", mode="log-only")
    assert reserve(database, chosen, demand(3)) == ()
    (issue,) = BudgetCounter(database).issues(chosen, demand(1), NOW)
    assert (issue.code, issue.severity) == ("policy_log_only", "warning")
    assert "3 rows within" in issue.message


def test_without_budgets_nothing_is_read_or_written(database: SqliteDatabase) -> None:
    """The built-in policy has none."""
    built_in = Policy.built_in()
    assert reserve(database, built_in, demand(9)) == ()
    assert BudgetCounter(database).issues(built_in, demand(9), NOW) == ()
    with database.read() as transaction:
        assert transaction.execute("SELECT count(*) FROM spent").fetchone()[0] == 0
