"""Rows that move while a preview is made: between the query that finds them and the reading of the records."""

from __future__ import annotations

from tests.checkpoints.row_scene import VERSION, codes, deal_org, lost, open_deals, preview_on


def test_a_row_that_moved_before_it_was_read_is_named_and_stops_it() -> None:
    """The record may not fit the conditions any more, though the question says them."""
    org = deal_org()
    org.add(2, LastModifiedDate=VERSION)
    (moved,) = org.add(LastModifiedDate="2026-10-31T23:59:59Z")
    preview = preview_on(org, lost(open_deals()))
    (issue,) = preview.blocked
    assert (issue.code, issue.record_id) == ("row_moved", moved)
    assert issue.message == "Deal 3 was changed while this preview was made."


def test_rows_that_stand_still_are_left_in_peace() -> None:
    """A record that is as the query found it raises nothing, nor does one whose version cannot be seen."""
    org = deal_org()
    org.add(2, LastModifiedDate=VERSION)
    org.add(1)
    assert codes(preview_on(org, lost(open_deals()))) == []
