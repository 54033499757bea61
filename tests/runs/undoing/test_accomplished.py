"""What a run accomplished: the newest word on each effect, stage by stage."""

from __future__ import annotations

from tests.undo_scene import change, effect, intended, outcome, past, settled, started, told

from actwright.canonical import Json
from actwright.runs.undoing.accomplished import accomplished

ONE = effect("a1.1", change("Name", "old", "new"), record="001A")
TWO = effect("a2.1", change("Name", "old", "new"), record="001B")


def test_what_was_told_last_counts() -> None:
    """An answer that was lost and found out about later is what was found out."""
    lost = settled(outcome("a1.1", "unknown"), outcome("a2.1", "unknown"))
    sure: Json = [outcome("a1.1"), outcome("a2.1", "not_sent")]
    found = told("group_reconciled", groupId="g1", by="ledger", outcomes=sure)
    intent = intended("a1.1", "a2.1")
    doubtful = accomplished(past([[ONE, TWO]], intent, lost))
    assert [each.status for each in doubtful] == ["unknown", "unknown"]
    known = accomplished(past([[ONE, TWO]], intent, lost, found))
    assert [(each.keys, each.status) for each in known] == [(("a1.1",), "done")]


def test_what_was_sent_again_without_an_answer_may_have_happened() -> None:
    """A second try that nobody heard of is as doubtful as a first one; what happened before it has happened."""
    events = (
        intended("a1.1", "a2.1"),
        settled(outcome("a1.1"), outcome("a2.1", "not_sent")),
        intended("a1.1", "a2.1", attempt=2),
    )
    found = accomplished(past([[ONE, TWO]], *events))
    assert [(each.keys, each.status) for each in found] == [(("a1.1",), "done"), (("a2.1",), "unknown")]  # fmt: skip


def test_what_was_skipped_failed_or_rolled_back_is_no_part_of_it() -> None:
    """Only what happened, or may have, can be taken back."""
    events = (
        intended("a1.1"),
        settled(outcome("a1.1", "failed")),
        told("group_skipped", groupId="g1", why="no"),
    )
    assert accomplished(past([[ONE, TWO]], *events)) == ()


def test_stages_do_not_take_each_others_words() -> None:
    """One action can be tried in two stages under one id: each has its own outcome and its own name."""
    events = (
        intended("a1.1"),
        settled(outcome("a1.1", "failed")),
        told("run_continued", **started(2)),
        intended("a1.1", stage=2),
        settled(outcome("a1.1"), stage=2),
    )
    (found,) = accomplished(past([[ONE], [ONE]], *events))
    assert (found.keys, found.stage) == (("2:a1.1",), 2)


def test_links_are_ids_by_then() -> None:
    """What pointed to a record yet to be created points to that very record, within its own stage."""
    made = effect("a1.1", change("Name", None, "new"))
    linked = effect("a2.1", change("ParentId", None, None, "a1"), record="001B")
    events = (intended("a1.1", "a2.1"), settled(outcome("a1.1", recordId="001N", created=True), outcome("a2.1")))  # fmt: skip
    first, second = accomplished(past([[made, linked]], *events))
    assert (first.created, first.record_id) == (True, "001N")
    assert [each.effect.changes[0].after == "001N" for each in (first, second)] == [False, True]


def test_versions_and_side_changes_are_of_the_record() -> None:
    """The version the run left is the last one it saw; what automation put in is what it left behind."""
    side: Json = {
        "object": "Account",
        "recordId": "001A",
        "field": "Name",
        "label": "Name",
        "before": "new",
        "after": "NEW",
    }
    events = (
        intended("a1.1"),
        settled(outcome("a1.1")),
        told("group_observed", groupId="g1", sideChanges=[side], versions={"001A": "v2"}),
    )
    (found,) = accomplished(past([[ONE]], *events))
    assert found.version == "v2"
    assert [found.left_behind(each) for each in found.effect.changes] == ["NEW"]
