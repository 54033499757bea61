"""What a run has behind it: read off its events and previews alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checkpoints.row_scene import deal_org, handed, lost, open_deals, plan_for, preview_on
from tests.scenario import action, blueprint, value

from actwright.actions.factory import Factory
from actwright.canonical import Json
from actwright.checkpoints.preview import Preview
from actwright.checkpoints.waves.going_on import GoingOn
from actwright.checkpoints.waves.parting import part_of
from actwright.errors import RefusedError, RunError
from actwright.runs.record.event import EventKind, JournalEvent
from actwright.runs.telling.behind import going_on

ORG = deal_org()
DEALS = ORG.add(3)
_STATUSES = ("done", "failed", "rolled_back", "not_sent", "unknown")
Happened = tuple[EventKind, dict[str, object]]


def task(key: str = "t", **more: Json) -> dict[str, Json]:
    """Return the action that creates a task."""
    return action(key, blueprint("CREATE", "Task", "Subject"), Subject=value("Call")) | more


def previewed(*actions: Mapping[str, Json]) -> Preview:
    """Return the preview of these actions."""
    return preview_on(ORG, *actions)


def events(*entries: Happened) -> list[JournalEvent]:
    """Return events of a run, without a chain."""
    return [
        JournalEvent(
            run_id="run_1",
            seq=at,
            at="2026-11-21T12:00:00Z",
            kind=kind,
            actor="alice",
            data=data,
            prev_hash="",
            hash="",
        )
        for at, (kind, data) in enumerate([("run_started", {}), *entries], start=1)
    ]


def settled(
    preview: Preview, statuses: Sequence[str], *, kind: EventKind = "group_settled", stage: int = 1
) -> list[Happened]:
    """Return the answers to the groups of a preview, with these statuses one effect after the other."""
    left = iter(statuses)
    return [
        (
            kind,
            {
                "groupId": group.id,
                "stage": stage,
                "outcomes": [
                    {"effectId": each.id, "status": next(left), "recordId": each.record_id}
                    for each in group.effects
                ],
            },
        )
        for group in preview.groups
    ]


def behind(preview: Preview, *entries: Happened) -> GoingOn:
    """Return what a run of one stage has behind it."""
    return going_on(events(*entries), [preview], "inputs")


def test_what_is_done_in_part_goes_on_without_its_rows() -> None:
    """The records that are written are left out of the rows, and all else of the action stays."""
    action_ = lost(open_deals())
    found = behind(previewed(action_), *settled(previewed(action_), ["done", "failed", "done"]))
    assert (found.done, found.in_part) == ((), {"a": (DEALS[0], DEALS[2])})
    (left,) = part_of(plan_for(action_), Factory(), found).plan.actions
    assert left.for_each is not None
    assert left.for_each.where[-1].value == (DEALS[0], DEALS[2])
    assert "a is done for 2 of its rows already" in found.notices(plan_for(action_))[0]


def test_rows_that_were_handed_in_go_on_without_those_written() -> None:
    """Fewer are handed in."""
    rows: list[Json] = [{"Id": each} for each in DEALS]
    action_ = lost(handed(*rows))
    found = behind(previewed(action_), *settled(previewed(action_), ["done", "failed", "failed"]))
    (left,) = part_of(plan_for(action_), Factory(), found).plan.actions
    assert left.for_each is not None
    assert [row["Id"] for row in left.for_each.rows or ()] == DEALS[1:]


def test_the_rows_of_all_stages_together_keep_to_the_ceiling() -> None:
    """What is done counts: rows that match by now fill up no more than what is left of it."""
    action_ = lost(open_deals(limit=3))
    preview = previewed(action_)
    found = behind(preview, *settled(preview, ["done", "failed", "done"]))
    (left,) = part_of(plan_for(action_), Factory(), found).plan.actions
    assert left.for_each is not None
    assert (left.for_each.limit, found.writes) == (1, 2)
    none_left = replace(found, in_part={"a": tuple(DEALS)})
    with pytest.raises(
        RefusedError, match="has been done for 3 rows by run_1, and may be for no more"
    ):
        part_of(plan_for(action_), Factory(), none_left)


def test_records_created_in_part_are_refused() -> None:
    """Nobody could tell which of them are left, and none is created twice."""
    made = task() | {"forEach": open_deals()}
    found = behind(previewed(made), *settled(previewed(made), ["done", "failed", "failed"]))
    assert "t" in found.in_part
    with pytest.raises(RefusedError, match="done in part") as caught:
        part_of(plan_for(made), Factory(), found)
    assert caught.value.error_code == "done_in_part"


def test_what_a_later_stage_finishes_is_done() -> None:
    """The first stage wrote one row, the second the rest."""
    action_ = lost(open_deals())
    preview = previewed(action_)
    rest = preview.model_copy(update={"stage": 2})
    told = events(
        *settled(preview, ["done", "failed", "failed"]),
        ("run_continued", {}),
        *settled(rest, ["done", "done", "done"], stage=2),
    )
    assert going_on(told, [preview, rest], "inputs").done == ("a",)
    held = events(*settled(preview, ["done", "failed", "failed"]), ("run_continued", {}))
    assert "a" in going_on(held, [preview, rest], "inputs").in_part


def test_what_was_skipped_is_behind_and_has_put_nothing_out() -> None:
    """And what was tried before it was skipped counts as it ended."""
    preview = previewed(task())
    group = preview.groups[0].id
    skipped: Happened = ("group_skipped", {"groupId": group, "stage": 1, "why": "no"})
    found = behind(preview, *settled(preview, ["failed"]), skipped)
    assert (found.done, found.skipped, found.outputs["t"]) == ((), ("t",), {})
    done = behind(preview, *settled(preview, ["done"]), skipped)
    assert (done.done, done.skipped) == (("t",), ())


def test_nothing_comes_behind_a_doubt() -> None:
    """Not before somebody has said what became of it; then that counts."""
    preview = previewed(task())
    effects = [each.id for each in preview.effects]
    sent: Happened = (
        "group_intended",
        {"groupId": preview.groups[0].id, "stage": 1, "effects": effects},
    )
    with pytest.raises(RunError, match="Nobody knows yet what became of t") as caught:
        behind(preview, sent)
    assert caught.value.error_code == "run_in_doubt"
    cleared = settled(preview, ["not_sent"], kind="group_reconciled")
    assert behind(preview, sent, *cleared).behind == frozenset()
    happened = settled(preview, ["done"], kind="group_reconciled")
    assert behind(preview, sent, *happened).done == ("t",)


def test_nothing_is_left_of_a_plan_that_is_done() -> None:
    """It is refused by name."""
    preview = previewed(task())
    found = behind(preview, *settled(preview, ["done"]))
    with pytest.raises(RefusedError, match="all of it is behind run_1"):
        part_of(plan_for(task()), Factory(), found)


@given(st.lists(st.sampled_from(_STATUSES), min_size=4, max_size=4))
def test_no_action_is_both_behind_and_left(statuses: list[str]) -> None:
    """Whatever became of four effects: each action is done, begun or open, and no doubt is passed over."""
    actions = (lost(open_deals()), task())
    preview = previewed(*actions)
    told = settled(preview, statuses)
    outcomes = {
        str(one["effectId"]): str(one["status"])
        for _, data in told
        for one in data["outcomes"]  # type: ignore[attr-defined]  # as made above
    }
    if "unknown" in statuses:
        with pytest.raises(RunError):
            behind(preview, *told)
        return
    found = behind(preview, *told)
    for key in ("a", "t"):
        own = {outcomes[each.id] for each in preview.effects if each.action_id == key}
        assert (key in found.done) == (own == {"done"})
        assert (key in found.in_part) == ("done" in own and own != {"done"})
    assert not set(found.done) & set(found.in_part)
