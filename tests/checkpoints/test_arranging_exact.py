"""Arranging to the last place: what stands before what, what belongs together, and what acts by itself."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.checkpoints.linked_effects import needing, row, updates

from actwright.checkpoints.groups.arranging import Arrangement, components
from actwright.checkpoints.groups.packing import packed
from actwright.checkpoints.groups.staging import staged
from actwright.errors import RefusedError
from actwright.org.effect import Effect, FieldChange


def test_what_is_awaited_stands_before_what_waits() -> None:
    """Collections are sorted by wave first, also where one effect carries out two actions."""
    effects = [*updates("late", 15), *updates("early", 15, "Zebra")]
    both = effects[-1].model_copy(update={"also_for": ("other",)})
    needs = needing({"late": {"other"}, "other": {"early"}})
    (load,) = packed([*effects[:-1], both], needs, apart=False)
    assert [each.action_id for each in load.effects[:15]] == ["early"] * 15
    arrangement = Arrangement([*effects[:-1], both], needs)
    assert [arrangement.wave(each) for each in (effects[-2], both, effects[0])] == [0, 1, 2]


def test_a_wave_counts_actions_without_effects() -> None:
    """An action that writes nothing still stands between two that do, and an unknown one counts as none."""
    first, last, stray = row("a.1"), row("c.1"), row("x.1")
    arrangement = Arrangement([first, last], needing({"c": {"b"}, "b": {"a"}}))
    assert [arrangement.wave(each) for each in (first, last, stray)] == [0, 2, 0]


def test_a_depth_is_the_longest_way_to_a_record_that_exists() -> None:
    """A link outside the effects is none, and a create behind two others is behind the deeper one."""
    effects = [row("a.1", ref="a"), row("b.1", ref="b", to="a"), row("c.1", to="elsewhere")]
    both = [
        FieldChange(field=each, label=each, family="id", linked_to=each, provenance="output")
        for each in ("a", "b")
    ]
    last = row("d.1", changes=tuple(both))
    arrangement = Arrangement([last, *effects], {})
    assert [arrangement.depth(each) for each in (*effects, last)] == [0, 1, 0, 2]


def test_a_circle_of_links_stands_behind_all_that_is_none() -> None:
    """The connector refuses it by name; until then it has a place."""
    plain, one, other = row("a.1"), row("b.1", ref="b", to="c"), row("c.1", ref="c", to="b")
    arrangement = Arrangement([one, other, plain], {})
    assert [arrangement.depth(each) for each in (plain, one, other)] == [0, 2, 2]


def test_inside_a_wave_those_alike_stand_together() -> None:
    """Creates before changes before deletes, then by object, then by the record they hang on."""
    hanging = FieldChange(field="WhatId", label="What", family="id", after="001B", provenance="goal")  # fmt: skip
    emptied = hanging.model_copy(update={"after": None})
    titled = FieldChange(field="Title", label="Title", after="0", provenance="goal")
    effects = [
        row("d.1", operation="DELETE", record_id="00Q1"),
        row("u.2", operation="UPDATE", record_id="00Q9", object="Account"),
        row("u.1", operation="UPDATE", record_id="00Q1"),
        row("n.2", changes=(titled, emptied, hanging)),
        row("n.1", changes=(hanging.model_copy(update={"after": "001A"}),)),
        row("n.3", object="Account"),
    ]
    arrangement = Arrangement(effects, {})
    assert [each.id for each in arrangement.sorted(effects)] == ["n.3", "n.1", "n.2", "u.2", "u.1", "d.1"]  # fmt: skip
    assert arrangement.place(effects[2]) == (0, 0, 1, "Lead", "00Q1")


def test_a_delete_stands_by_what_it_takes_along() -> None:
    """Its rank is the longest chain of other deletes below it; its own kind below it counts for nothing."""
    below = {"Account": ("Contact", "Account"), "Contact": ("Case",), "Case": ("Task",)}
    effects = [
        row(f"{name}.1", operation="DELETE", object=name, record_id=name, also_deletes=tuple(
            {"object": each, "label": each, "count": 1, "records": "0"} for each in children
        ))
        for name, children in below.items()
    ]  # fmt: skip
    arrangement = Arrangement(effects, {})
    assert [arrangement.place(each)[1] for each in effects] == [2, 1, 0]


def ids(parts: Sequence[Sequence[Effect]]) -> list[list[str]]:
    """Return the ids of effects that belong together."""
    return [[each.id for each in part] for part in parts]


def test_what_links_or_shares_an_action_of_several_kinds_belongs_together() -> None:
    """Rows of one action and one kind stand for themselves, and a link to elsewhere joins nothing."""
    effects = [
        row("a.1", ref="a"),
        row("b.1", to="a"),
        row("c.1"),
        row("c.2", object="Case"),
        row("d.1"),
        row("d.2", to="elsewhere"),
    ]
    assert ids(components(effects)) == [["a.1", "b.1"], ["c.1", "c.2"], ["d.1"], ["d.2"]]


def test_where_waiting_counts_an_action_belongs_to_what_it_waits_for() -> None:
    """All its rows join all of the other's, through whatever effect carries it out; without needs none do."""
    effects = [row("a.1"), row("a.2"), row("b.1"), row("c.1", also_for=("d",)), row("e.1")]
    needs = needing({"b": {"a"}, "e": {"d"}})
    assert ids(components(effects, needs)) == [["a.1", "a.2", "b.1"], ["c.1", "e.1"]]
    assert ids(components(effects)) == [["a.1"], ["a.2"], ["b.1"], ["c.1"], ["e.1"]]


def override(action: str) -> Effect:
    """Return the effect of an override that acts by itself."""
    return Effect(
        id=f"{action}.1",
        action_id=action,
        kind="opaque",
        operation="CALL",
        object="Mailer",
        promises=("Acts.",),
    )


def test_overrides_that_wait_for_each_other_go_out_in_that_order() -> None:
    """Each is a stage, in the plan's order where it does not matter; nothing at all makes no stage."""
    found = staged([override("x"), override("y"), override("z")], needing({"x": {"z"}}))
    assert ids(found) == [["y.1"], ["z.1"], ["x.1"]]
    assert staged([], {}) == ()


def test_a_circle_of_overrides_is_refused() -> None:
    """Neither could go first; the error names one of them and how to split the plan."""
    with pytest.raises(RefusedError) as caught:
        staged([override("x"), override("y")], needing({"x": {"y"}, "y": {"x"}}))
    assert (caught.value.where, caught.value.error_code) == ("x", "link_across_groups")
