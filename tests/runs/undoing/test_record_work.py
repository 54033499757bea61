"""The work on a record: several effects of a run taken together are one way there, and so one way back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.undo_scene import change, done, effect, values

from actwright.org.value import FieldValue
from actwright.runs.undoing.accomplished import Accomplished
from actwright.runs.undoing.record_work import record_work

FIELDS = ("Name", "Phone", "Website")


def test_twice_changed_goes_back_to_the_first() -> None:
    """The value before the first effect is the one to go back to, whatever stood there in between."""
    (work,) = record_work(
        [
            done("a1.1", change("Name", "a", "b"), record="001A"),
            done("a2.1", change("Name", "b", "c"), change("Phone", None, "1"), record="001A"),
        ]
    )
    assert work.keys == ("a1.1", "a2.1")
    assert values(work) == {"Name": ("a", "c"), "Phone": (None, "1")}


def test_created_and_changed_is_still_new() -> None:
    """It goes altogether; and what was created and deleted by the run itself is no work at all."""
    made = done("a1.1", change("Name", None, "b"), record="001N", created=True)
    then = done("a2.1", change("Name", "b", "c"), record="001N", stage=2)
    (work,) = record_work([made, then])
    assert work.created
    assert work.effect.operation == "CREATE"
    gone = done("a3.1", record="001N")
    deleted = replace(gone, effect=effect("a3.1", record="001N", operation="DELETE"))
    assert record_work([made, then, deleted]) == ()


def test_changed_and_deleted_cannot_come_back() -> None:
    """The delete is what counts."""
    gone = done("a2.1", record="001A")
    deleted = replace(gone, effect=effect("a2.1", record="001A", operation="DELETE"))
    (work,) = record_work([done("a1.1", change("Name", "a", "b"), record="001A"), deleted])
    assert work.effect.operation == "DELETE"


def test_what_is_in_doubt_stays_apart() -> None:
    """Nothing certain is mixed with what nobody knows."""
    sure = done("a1.1", change("Name", "a", "b"), record="001A")
    lost = replace(done("a2.1", change("Name", "b", "c"), record="001A"), status="unknown")
    assert record_work([sure, lost]) == (sure, lost)


_STEPS = st.lists(
    st.tuples(st.sampled_from(["001A", "001B"]), st.sampled_from(FIELDS), st.integers(0, 3)),
    max_size=12,
)


@given(_STEPS)
def test_going_back_ends_where_it_began(steps: list[tuple[str, str, int]]) -> None:
    """Whatever a run writes to which record how often, its work put back gives every field its first value."""
    now: dict[tuple[str, str], FieldValue] = {}
    happened: list[Accomplished] = []
    for place, (record, field, number) in enumerate(steps):
        before, after = now.get((record, field), "first"), str(number)
        happened.append(done(f"a{place}.1", change(field, before, after), record=record))
        now[record, field] = after
    for work in record_work(happened):
        for name, (old, new) in values(work).items():
            assert now[work.record_id, name] == new
            now[work.record_id, name] = old
    assert set(now.values()) <= {"first"}
