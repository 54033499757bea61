"""Doctor's word on the ledger: there, not there, or there and of no use, with the way to have it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from tests.writable_org import WritableOrg, writable_org

from actwright.cli.ledger_check import ledger_state
from actwright.errors import ConfigError, NotFoundError
from actwright.org.schema import ObjectSchema


@dataclass
class Without(WritableOrg):
    """An org whose ledger nobody may see."""

    def describe(self, name: str) -> ObjectSchema:
        """Hide the ledger."""
        raise NotFoundError(f"no object {name}")


def test_a_ledger_that_can_be_used_is_good_news() -> None:
    """Runs settle lost answers by themselves."""
    assert "settled without asking" in ledger_state(writable_org())


def test_an_org_without_a_ledger_is_no_problem() -> None:
    """It says what is different then, and how to have one."""
    demo = writable_org()
    said = ledger_state(Without(demo.rows, demo.schemas, demo.user, ledger=False))
    assert f"none that {demo.user.username} may see" in said
    assert "asks a person" in said
    assert "sf project deploy start --source-dir" in said
    assert "salesforce/force-app" in said.replace("\\", "/")


def test_a_ledger_of_no_use_is_a_problem() -> None:
    """There is one, and a right or a property is lacking: the reason, and the way to put it right."""
    org = writable_org()
    org.ledger = False
    with pytest.raises(ConfigError, match="no run can use it: The org has no ledger") as caught:
        ledger_state(org)
    assert caught.value.where == "Actwright_Ledger__c"
    assert "sf org assign permset --name Actwright_Ledger" in (caught.value.hint or "")
