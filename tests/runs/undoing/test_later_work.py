"""Later work: a new record that more hangs on than anybody can look over is left, and the others are not."""

from __future__ import annotations

from tests.checkpoints.small_org import DEAL, SECOND, small_org
from tests.undo_scene import done, effect

from actwright.runs.undoing.later_work import looked_up


def test_only_the_record_with_too_many_children_is_left() -> None:
    """Why is said, also to whoever wants all the rest taken back; the children of the others are counted."""
    org = small_org()
    org.rows["Line"] += [{"Id": f"00k{place:015}", "Deal": DEAL} for place in range(201)]
    org.rows["Line"].append({"Id": "00k000000000999AAA", "Deal": SECOND})
    wide, narrow = (
        done(key, record=record, created=True, effect=effect(key, object="Deal"))
        for key, record in (("a.1", DEAL), ("b.1", SECOND))
    )
    later = looked_up([wide, narrow], org)
    for also_moved in (False, True):
        assert later.why_left(wide, (), still_held=False, also_moved=also_moved) == (
            "is kept: deleting it would take more than 200 Lines with it."
        )
    assert later.why_left(narrow, (), still_held=False, also_moved=True) is None
    assert [each.count for each in later.under[SECOND]] == [1]
