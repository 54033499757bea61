"""Later work: what the org keeps beside each record by itself is nobody's."""

from __future__ import annotations

import pytest
from tests.memory_org import demo_org
from tests.undo_scene import change, done

from actwright.org.effect import Cascade
from actwright.org.ports import RecordSnapshot
from actwright.runs.undoing.later_work import LaterWork

NEW = "001000000000001AAA"


@pytest.mark.parametrize(
    ("child", "left"),
    [
        ("AccountShare", False),
        ("OpportunityHistory", False),
        ("Car__Share", False),
        ("Contact", True),
        ("Time_Share__c", True),
    ],
)
def test_shares_and_histories_of_a_new_record_are_no_work_of_others(child: str, left: bool) -> None:  # noqa: FBT001 - one of two answers
    """The org makes them for every record; what people add keeps the record."""
    values = {"Name": "Acme", "CreatedDate": "2026-11-21T12:00:00Z"}
    stands = RecordSnapshot("Account", NEW, "2026-11-21T12:00:01Z", "Acme", values, None, None)
    goes = Cascade(object=child, label=child, count=1, records="d")
    later = LaterWork(demo_org(), {NEW: stands}, {NEW: (goes,)})
    made = done("a.1", change("Name", None, "Acme"), record=NEW, created=True)
    reason = later.why_left(made, (), still_held=False, also_moved=False)
    assert (reason is not None) is left
    assert later.overwritten(made) is None
