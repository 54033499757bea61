"""What a preview says beforehand about answers that may get lost."""

from __future__ import annotations

import pytest
from tests.checkpoints.row_scene import plan_for
from tests.memory_org import FakeClock
from tests.scenario import action, blueprint, value
from tests.writable_org import WritableOrg, writable_org

from actwright.actions.factory import Factory
from actwright.blueprints.plan import Plan
from actwright.checkpoints.preview import Preview
from actwright.checkpoints.previewer import Previewer
from actwright.checkpoints.wording.lost_answers import lost_answers
from actwright.org.effect import EffectGroup

PERSON = "If the org's answer to"


@pytest.fixture
def org() -> WritableOrg:
    """Give an org in memory with a ledger."""
    return writable_org()


def _plan() -> Plan:
    entry = blueprint("CREATE", "Account", "Name")
    return plan_for(action("a", entry, Name=value("Acme Two")))


def _preview(org: WritableOrg, plan: Plan) -> Preview:
    return Previewer(org, Factory(), FakeClock(), recoverable=org).preview(plan)


def _group(preview: Preview, **other: object) -> EffectGroup:
    return preview.groups[0].model_copy(update=other)


def test_without_a_ledger_a_preview_says_who_would_have_to_look_and_the_way_out(
    org: WritableOrg,
) -> None:
    """One notice, which costs no call and is no part of what is confirmed."""
    plan = _plan()
    kept = _preview(org, plan)
    org.ledger = False
    told = _preview(org, plan)
    assert not any(PERSON in each for each in kept.notices)
    (notice,) = [each for each in told.notices if PERSON in each]
    assert "a person would have to look what happened: The org has no ledger." in notice
    assert "actwright doctor" in notice
    assert "docs/ledger.md" in notice
    assert told.digest == kept.digest
    assert told.cost == kept.cost
    silent = Previewer(org, Factory(), FakeClock()).preview(plan)
    assert not any(PERSON in each for each in silent.notices)


def test_a_part_that_the_ledger_cannot_hold_is_called_a_part(org: WritableOrg) -> None:
    """Where the ledger is there, nobody is sent to deploy it."""
    preview = _preview(org, _plan())
    (effect,) = preview.effects
    person = _group(preview, effects=(effect.model_copy(update={"object": "User"}),))
    (notice,) = lost_answers([_group(preview), person], org)
    assert "answer to a part of this were lost" in notice
    assert "docs/ledger.md" not in notice
    assert "answer to this were lost" in lost_answers([person], org)[0]


def test_jobs_and_overrides_are_no_part_of_it(org: WritableOrg) -> None:
    """A job has an id; an override is asked itself, and a person where it does not know."""
    org.ledger = False
    preview = _preview(org, _plan())
    groups = [_group(preview, carrier="bulk"), _group(preview, carrier="opaque")]
    assert lost_answers(groups, org) == ()
