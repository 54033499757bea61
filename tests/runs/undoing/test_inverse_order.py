"""The order of taking back: nothing goes while something that is taken back still points to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st
from tests.undo_scene import change, done, effect

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.plan import PlannedAction
from actwright.runs.undoing.accomplished import Accomplished
from actwright.runs.undoing.inverse_order import inverse_order


def new(number: int, *to: int, stage: int = 1) -> Accomplished:
    """Return a record that was created, pointing to others."""
    links = [change(f"Link{each}", None, f"001{each}") for each in to]
    return done(f"a{number}.1", *links, record=f"001{number}", created=True, stage=stage)


def order(*happened: Accomplished) -> list[str]:
    """Return the ids of effects in the order they are taken back in."""
    return [turn.done.keys[0] for turn in inverse_order(happened)]


def test_what_came_last_goes_first() -> None:
    """Where nothing points to anything."""
    assert order(new(1), new(2), new(3)) == ["a3.1", "a2.1", "a1.1"]


def test_what_points_to_a_record_goes_before_it() -> None:
    """Also where a later stage made the record an earlier one was led to by a second write."""
    parent, child = new(2), replace(new(1, 2), keys=("a1.1", "2:a1.1"))
    assert order(child, parent) == ["a1.1", "a2.1"]


def test_a_circle_is_opened_at_its_end() -> None:
    """Records that point to each other go in some order, all of them, and the same each time."""
    assert order(new(1, 2), new(2, 1)) == ["a2.1", "a1.1"]


def test_what_acted_by_itself_goes_before_what_it_waited_for() -> None:
    """And behind what waited for it, or came in a later stage."""
    blueprint = ActionBlueprint(name="SendMail", operation="CALL", target="mail")
    needing = PlannedAction(id="a2", blueprint=blueprint, depends_on=("a1",))
    kind: dict[str, Literal["opaque", "CALL"]] = {"kind": "opaque", "operation": "CALL"}
    acted = replace(
        new(2), created=False, record_id="", action=needing, effect=effect("a2.1", **kind)
    )
    assert order(new(1), acted, new(3, stage=2)) == ["a3.1", "a2.1", "a1.1"]
    (_, second, third) = inverse_order([new(1), acted, new(3, stage=2)])
    assert (second.behind, third.behind) == ((0,), (1,))


_LINKS = st.lists(st.sets(st.integers(0, 7), max_size=3), max_size=8)


@given(_LINKS)
def test_every_order_keeps_what_it_says(links: list[set[int]]) -> None:
    """Each thing has one turn, behind its predecessors; without circles, behind all that points to it."""
    happened = [new(at, *(to for to in targets if to < at)) for at, targets in enumerate(links)]
    turns = inverse_order(happened)
    assert sorted(each.done.keys[0] for each in turns) == sorted(each.keys[0] for each in happened)
    gone: set[str] = set()
    for place, turn in enumerate(turns):
        assert all(each < place for each in turn.behind)
        gone.add(turn.done.record_id)
        for other in happened:
            if any(each.after == turn.done.record_id for each in other.effect.changes):
                assert other.record_id in gone
