"""The previewer to the letter: what it counts, whose limits it asks, and what it says of a trial that was not made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from tests.checkpoints.row_scene import (
    DealOrg,
    codes,
    deal_org,
    lost,
    open_deals,
    plan_for,
    preview_on,
)
from tests.checkpoints.small_org import DEAL, SECOND, small_org, writing, written
from tests.memory_org import FakeClock
from tests.opaque_scene import Mailer
from tests.scenario import action, blueprint, lookup, value

from actwright.actions.factory import Factory
from actwright.canonical import Json
from actwright.checkpoints.limits import Limits
from actwright.checkpoints.preview import Preview, Terms
from actwright.checkpoints.previewer import Previewer
from actwright.checkpoints.reading.standing import Standing, standing
from actwright.checkpoints.resolving.steady import SteadyReader
from actwright.guardrails.rate import RateCounter
from actwright.org.effect import EffectGroup
from actwright.org.outcome import GroupOutcome
from actwright.org.query import Condition, RecordQuery
from actwright.store.sqlite import SqliteDatabase


class Untouched:
    """Must not be asked to try anything."""

    def rehearse(self, group: EffectGroup) -> GroupOutcome:
        """Fail."""
        raise AssertionError(group.id)


@pytest.fixture
def org() -> DealOrg:
    """Give an org of three deals."""
    found = deal_org()
    found.add(3)
    return found


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteDatabase]:
    """Give an empty store."""
    opened = SqliteDatabase(tmp_path / "actwright.db")
    yield opened
    opened.close()


def mailing(
    operation: str = "CALL", *guardrails: Json, org: DealOrg | None = None, allow: bool = False
) -> Preview:
    """Return the preview of an override that acts by itself, under a blueprint of this operation."""
    inputs: list[Json] = [{"apiName": "To", "usage": "PARAMETER"}]
    arguments: dict[str, Json] = {"To": value("jane@example.com")}
    if operation == "DELETE":
        inputs.append({"apiName": "Id", "dataType": "Id", "required": True})
        arguments["Id"] = lookup("Opportunity", "Name", "Deal 1")
    made: Json = {
        "name": "SendMail",
        "operation": operation,
        "targetSObject": "Opportunity",
        "inputs": inputs,
        "guardrails": list(guardrails),
    }
    factory = Factory()
    factory.register("SendMail", Mailer())
    return preview_on(
        org or deal_org(),
        action("mail", made, **arguments),
        factory=factory,
        limits=Limits(allow_opaque=frozenset({"SendMail"})),
        terms=Terms(allow_delete=allow),
    )


def test_only_the_calls_of_this_preview_are_counted(org: DealOrg) -> None:
    """However many the org has answered before."""
    first, second = (preview_on(org, lost(open_deals())) for _ in range(2))
    assert first.cost.preview_calls == second.cost.preview_calls == org.api_calls // 2


def test_an_override_that_acts_for_a_blueprint_that_deletes_needs_leave(
    org: DealOrg,
) -> None:
    """And for no other."""
    assert codes(mailing("DELETE", org=org)) == ["delete_not_allowed"]
    assert codes(mailing("DELETE", org=org, allow=True)) == []
    assert codes(mailing("CALL")) == []


def test_an_override_promises_again_once_personal_data_was_taken_out() -> None:
    """It is handed less than was planned, and its promises are about that."""
    redact: Json = {"type": "PII_REDACT", "params": {"fields": ["To"], "mode": "redact"}}
    preview = mailing("CALL", redact)
    assert "jane@example.com" not in preview.model_dump_json(exclude={"goal"})
    (effect,) = preview.effects
    assert effect.changes[0].taken_out
    assert effect.promises == (f"Sends one mail to {effect.changes[0].after}.",)


def test_a_trial_that_was_not_made_took_nothing(org: DealOrg) -> None:
    """Neither rounds nor calls, and it says why; nothing to send is no trial either."""
    previewer = Previewer(org, Factory(), FakeClock())
    gone = action("d", blueprint("DELETE", "Opportunity", "Id")) | {"forEach": open_deals()}
    nothing: Json = {
        "object": "Opportunity",
        "where": [{"field": "Name", "value": "None"}],
        "limit": 9,
    }
    for planned in (gone, lost(nothing)):
        deep = previewer.preview(plan_for(planned), rehearsal=Untouched()).deep
        assert deep is not None
        assert (deep.rounds, deep.api_calls, deep.complete) == (0, 0, False)
        assert deep.said == (
            "Nothing was tried in the org: mend first what is refused here already.",
        )
        assert deep.at.startswith("2026-11-21T12:00:00")


def test_rates_are_counted_where_there_is_a_counter(org: DealOrg, store: SqliteDatabase) -> None:
    """A preview that would use more than is left says so beforehand."""
    rate: Json = {"type": "RATE_LIMIT", "params": {"max": 4, "per": "hour"}}
    plan = plan_for(lost(open_deals()), lost(open_deals(), key="b"), guardrails=[rate])
    without = Previewer(org, Factory(), FakeClock())
    counting = Previewer(org, Factory(), FakeClock(), rates=RateCounter(store, FakeClock()))
    assert codes(without.preview(plan)) == []
    assert codes(counting.preview(plan)) == ["rate_limited"]


def stood(org: DealOrg, *repeated: str) -> Standing:
    """Return how changes of both deals stand: the first holds its value already."""
    held, other = written("Stage", "Old"), written("Stage", "New")
    effects = [writing(DEAL, held, also_for=("b",)), writing(SECOND, other, id="a.2")]
    return standing(org, effects, repeated)


def test_a_row_that_holds_its_values_already_is_left_alone() -> None:
    """Where every action it is for is repeated; what a person named one by one is shown."""
    both = stood(small_org(), "a", "b")
    assert [each.record_id for each in both.effects] == [SECOND]
    assert both.unchanged == {"a": frozenset({DEAL}), "b": frozenset({DEAL})}
    for repeated in (("a",), ("b",), ()):
        kept = stood(small_org(), *repeated)
        assert [each.record_id for each in kept.effects] == [DEAL, SECOND]
        assert kept.unchanged == {}
    assert set(both.snapshots.records) == {DEAL, SECOND}
    assert both.effects[0].changes[0].before == "Old"


def test_a_row_whose_record_is_gone_is_kept() -> None:
    """Nobody can tell what it holds, and the guardrails say that it is not there."""
    org = small_org()
    org.rows["Deal"].clear()
    empty = writing(DEAL, written("Stage", None))
    assert len(standing(org, [empty], {"a"}).effects) == 1


def test_an_org_that_leaves_an_answer_out_is_not_believed(
    org: DealOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each question has its answer, or none is taken."""
    monkeypatch.setattr(org, "query", lambda _: [])
    asked: Sequence[RecordQuery] = [
        RecordQuery(object="Task", where=(Condition(field="Id", value="1"),))
    ]
    with pytest.raises(ValueError, match="zip"):
        SteadyReader(org).query(asked)
