"""Contexts: what checks get to see of each effect, under each action it is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from tests.checkpoints.row_scene import DealOrg, open_deals, plan_for
from tests.checkpoints.small_org import ANN, BOB, DEAL, SECOND, small_org, writing, written
from tests.memory_org import FakeClock
from tests.scenario import action, blueprint

from actwright.actions.implementation import ResolvedArgument
from actwright.blueprints.plan import Plan
from actwright.canonical import Json
from actwright.checkpoints.preview import PreviewedAction
from actwright.checkpoints.reading.contexts import RowInputs, effect_contexts, today_of
from actwright.checkpoints.reading.snapshot import Snapshots, take
from actwright.guardrails.context import EffectContext
from actwright.org.effect import Effect
from actwright.org.identity import RunningUser

GUARDED: Mapping[str, Json] = {
    "guardrails": [{"type": "PII_REDACT", "params": {"fields": ["Code"], "mode": "redact"}}]
}
NEW_DEAL = blueprint("CREATE", "Deal", "Code", "Stage")


def changing(
    key: str, more: Mapping[str, Json] | None = None, *, repeated: bool = False
) -> dict[str, Json]:
    """Return the action that changes a deal, or all that are open."""
    made = action(key, blueprint("UPDATE", "Deal", "Id", "Code", "Stage", **(more or {})))
    rows = open_deals(limit=9)
    assert isinstance(rows, dict)
    return made | {"forEach": rows | {"object": "Deal"}} if repeated else made


def shared(key: str, **values: str) -> PreviewedAction:
    """Return an action with the arguments all its rows share."""
    return PreviewedAction(
        action_id=key,
        blueprint="B",
        label="L",
        implementation="standard.update",
        implementation_kind="standard",
        arguments=tuple(
            ResolvedArgument(input=name, value=each, provenance="goal")
            for name, each in values.items()
        ),
    )


def contexts(
    plan: Plan,
    *effects: Effect,
    actions: Sequence[PreviewedAction] = (),
    snapshots: Snapshots | None = None,
    given: Mapping[str, RowInputs] | None = None,
    allow_opaque: Sequence[str] = (),
    org: DealOrg | None = None,
) -> tuple[EffectContext, ...]:
    """Return the contexts of effects on the small org."""
    return effect_contexts(
        plan,
        actions,
        effects,
        snapshots or Snapshots(),
        reader=org or small_org(),
        clock=FakeClock(),
        given=given,
        allow_opaque=allow_opaque,
    )


def test_an_effect_of_two_actions_is_judged_under_both() -> None:
    """Each with its own inputs and guardrails, and the plan's; an action the plan does not hold judges nothing."""
    plan = plan_for(changing("a", GUARDED), changing("b"), **GUARDED)
    both = writing(DEAL, written("Code", "x"), also_for=("b", "nowhere"))
    actions = [shared("a", Code="x"), shared("b", Stage="y")]
    first, second = contexts(plan, both, actions=actions)
    assert (first.action_id, second.action_id) == ("a", "b")
    assert (first.inputs, second.inputs) == ({"Code": "x"}, {"Stage": "y"})
    assert (len(first.guardrails), len(second.guardrails)) == (2, 1)
    assert first.effect is second.effect is both
    assert contexts(plan, both)[0].inputs == {}


def test_rows_are_counted_action_by_action() -> None:
    """An effect counts for every action it is for."""
    plan = plan_for(changing("a"), changing("b"))
    alone, both = writing(DEAL), writing(SECOND, id="a.2", also_for=("b",))
    assert [(it.action_id, it.rows) for it in contexts(plan, alone, both)] == [
        ("a", 2),
        ("a", 2),
        ("b", 1),
    ]


def test_the_record_its_object_and_the_names_it_points_to_are_known() -> None:
    """A new record has none that stands, and a hidden object no schema."""
    org = small_org()
    plan = plan_for(changing("a"))
    points = written("Contact", BOB, family="id")
    known, new = writing(DEAL, points), writing(None, operation="CREATE")
    hidden = writing(DEAL, object="Gone")
    stands = take(org, [known])
    first, second, third = contexts(plan, known, new, hidden, snapshots=stands, org=org)
    assert first.snapshot == stands.records[DEAL]
    assert (second.snapshot, third.schema) == (None, None)
    assert first.schema is org.schemas["Deal"]
    assert first.references == {ANN: "Ann", BOB: "Bob"}
    assert first.prefixes == {"Deal": "006", "Person": "003", "Line": "00k"}
    assert first.user == org.user


def test_what_acts_by_itself_has_a_schema_only_where_its_blueprint_names_an_object() -> None:
    """The object of its effect alone is made up of its name."""
    made: Json = {"name": "SendMail", "operation": "CALL", "target": "mail", "inputs": []}
    assert isinstance(made, dict)
    plan = plan_for(
        action("a", made), action("b", {**made, "target": None, "targetSObject": "Deal"})
    )
    acting = [
        writing(None, id=f"{it}.1", action_id=it, kind="opaque", operation="CALL") for it in "ab"
    ]
    assert [it.schema and it.schema.name for it in contexts(plan, *acting)] == [None, "Deal"]
    targetless = writing(DEAL, action_id="a", id="a.2")
    assert contexts(plan, targetless)[0].schema is not None


def test_only_overrides_that_are_named_may_act_by_themselves() -> None:
    """By the name of their blueprint."""
    plan = plan_for(changing("a", {"name": "Mine"}), changing("b", {"name": "Yours"}))
    effects = [writing(DEAL, id=f"{it}.1", action_id=it) for it in "ab"]
    allowed = contexts(plan, *effects, allow_opaque=["Mine"])
    assert [it.opaque_allowed for it in allowed] == [True, False]
    assert not any(it.opaque_allowed for it in contexts(plan, *effects))


def test_each_row_adds_its_own_id_and_what_it_gave() -> None:
    """What it gave comes before what all rows share; a row that gave nothing shares the rest."""
    plan = plan_for(changing("a", repeated=True))
    rows = [writing(DEAL), writing(SECOND, id="a.2")]
    common = [shared("a", Stage="New", Code="x")]
    given = {"a": {DEAL: {"Code": "own"}}}
    first, second = contexts(plan, *rows, actions=common, given=given)
    assert first.inputs == {"Stage": "New", "Code": "own", "Id": DEAL}
    assert second.inputs == {"Stage": "New", "Code": "x", "Id": SECOND}
    assert contexts(plan, *rows, actions=common)[0].inputs == {
        "Stage": "New",
        "Code": "x",
        "Id": DEAL,
    }


def test_a_new_record_of_a_row_has_what_the_row_gave_under_its_effect() -> None:
    """And no id, since there is none yet."""
    rows = open_deals(limit=9)
    plan = plan_for(action("a", NEW_DEAL) | {"forEach": rows})
    new = writing(None, operation="CREATE", id="a.7")
    (found,) = contexts(
        plan, new, actions=[shared("a", Stage="New")], given={"a": {"a.7": {"Code": "1"}}}
    )
    assert found.inputs == {"Stage": "New", "Code": "1"}
    (bare,) = contexts(plan, new, actions=[shared("a", Stage="New")])
    assert bare.inputs == {"Stage": "New"}
    (written_to,) = contexts(plan, writing(DEAL), actions=[shared("a", Stage="New")])
    assert written_to.inputs == {"Stage": "New"}


def test_a_single_action_has_no_row() -> None:
    """Whatever was given for rows elsewhere."""
    plan = plan_for(changing("a"))
    (found,) = contexts(
        plan, writing(DEAL), actions=[shared("a", Code="x")], given={"a": {DEAL: {"Code": "own"}}}
    )
    assert found.inputs == {"Code": "x"}


def test_today_is_the_day_where_the_person_is() -> None:
    """Late in the evening in London it is tomorrow in Tokyo."""
    clock = FakeClock(datetime(2026, 11, 21, 22, tzinfo=UTC))
    london, tokyo = (
        RunningUser(id="005", username="a", zone=each) for each in ("Europe/London", "Asia/Tokyo")
    )
    assert [today_of(each, clock) for each in (london, tokyo)] == [
        date(2026, 11, 21),
        date(2026, 11, 22),
    ]
