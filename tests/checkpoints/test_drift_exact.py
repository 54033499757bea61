"""Drift: each way a record can have moved on since the preview, told with what it was and what it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from tests.checkpoints.edited_plans import DEAL, OTHER

from actwright.checkpoints.drift import appeared, drift, joined
from actwright.checkpoints.reading.snapshot import Snapshots
from actwright.guardrails.issue import Issue
from actwright.org.effect import Cascade, Effect, FieldChange
from actwright.org.ports import RecordSnapshot
from actwright.org.value import FieldValue

SEEN, LATER = "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"


def renaming(before: str | None = "Old", **more: object) -> Effect:
    """Return the effect that renames a deal, seen at a certain version."""
    change = FieldChange(
        field="Name", label="Deal Name", before=before, after="N", provenance="goal"
    )
    whole = {
        "id": "a.1",
        "action_id": "a",
        "operation": "UPDATE",
        "object": "Opportunity",
        "record_id": DEAL,
        "version": SEEN,
        "changes": (change,),
    }
    return Effect.model_validate(whole | more)


def standing(version: str = SEEN, **values: FieldValue) -> Snapshots:
    """Return the deal as it stands."""
    record = RecordSnapshot(
        "Opportunity", DEAL, version, None, values, editable=True, deletable=True
    )
    return Snapshots({DEAL: record})


def test_what_stands_as_it_was_seen_has_not_moved() -> None:
    """Neither has a record that does not exist yet."""
    assert drift([renaming()], standing(Name="Old")) == ()
    assert drift([renaming(before=None)], standing(Name="")) == ()
    assert drift([renaming(record_id=None)], Snapshots()) == ()


def test_a_record_that_is_gone_is_told_by_what_people_call_it() -> None:
    """By its name and its object's label; by id and object name where it has none."""
    (issue,) = drift([renaming(record_name="Acme", object_label="Deal")], Snapshots())
    assert issue.message == "Deal Acme is gone, or you may no longer see it."
    assert (issue.code, issue.action_id, issue.object) == ("drift_gone", "a", "Opportunity")
    assert (issue.field, issue.record_id, issue.severity) == (None, DEAL, "error")
    assert issue.hint == "Preview the plan again and confirm what it shows then."
    (nameless,) = drift([renaming()], Snapshots())
    assert nameless.message.startswith(f"Opportunity {DEAL} is gone")


def test_a_field_that_moved_is_told_with_both_values() -> None:
    """And the newer version is not told beside it."""
    (issue,) = drift([renaming(record_name="Acme")], standing(LATER, Name="Mine"))
    assert (issue.code, issue.field) == ("drift_field", "Name")
    assert issue.message == "Opportunity Acme: Deal Name was Old at the preview and is Mine now."


def test_a_newer_version_is_told_where_no_field_of_ours_moved() -> None:
    """Somebody wrote to the record, and nobody can tell from here what."""
    (issue,) = drift([renaming(record_name="Acme")], standing(LATER, Name="Old"))
    assert (issue.code, issue.field) == ("drift_version", None)
    assert f"was changed at {LATER}, after it was previewed" in issue.message


def test_every_effect_is_looked_at() -> None:
    """One that stands still hides none that does not."""
    moved = renaming(id="a.2", record_id=OTHER)
    assert [each.record_id for each in drift([renaming(), moved], standing(Name="Old"))] == [OTHER]


def test_a_key_that_matches_another_record_is_told() -> None:
    """Which one it was, and which one it is; none where there is none."""
    was = renaming(operation="UPSERT", key_field="Email", object_label="Person")
    new, other = (was.model_copy(update={"record_id": it}) for it in (None, OTHER))
    assert appeared([was, new], [was, new]) == ()
    first, second = appeared([new, was], [other, new])
    assert (
        first.message == f"Person: at the preview Email matched no record, now it matches {OTHER}."
    )
    assert second.message == f"Person: at the preview Email matched {DEAL}, now it matches none."
    assert (first.code, first.field) == ("drift_key", "Email")
    (plain,) = appeared([renaming(object_label="", record_id=OTHER)], [renaming()])
    assert plain.message.startswith("Opportunity: ")


def test_children_that_joined_are_told_with_both_counts() -> None:
    """A delete that would take others along than were shown is another delete."""
    tasks, notes = (
        Cascade(object=name, label=label, count=count, records="r")
        for name, label, count in (("Task", "Tasks", 2), ("Note", "Note", 1))
    )
    was = renaming(operation="DELETE", record_name="Acme", also_deletes=())
    now = was.model_copy(update={"also_deletes": (tasks, notes)})
    assert joined([was, now], [was, now]) == ()
    (issue,) = joined([was], [now])
    assert issue.message == (
        "Deleting Opportunity Acme would now take 2 Tasks, 1 Note with it; at the preview it was nothing."
    )
    assert (issue.code, issue.field, issue.record_id) == ("drift_cascade", None, DEAL)


def test_a_delete_is_told_by_label_and_id_where_that_is_all_there_is() -> None:
    """Whatever is known of the record stands in the message."""
    child = Cascade(object="Task", label="Task", count=1, records="r")
    now = renaming(operation="DELETE", also_deletes=(child,))
    (issue,) = joined([renaming(operation="DELETE", object_label="Deal")], [now])
    assert issue.message.startswith(f"Deleting Deal {DEAL} would now take 1 Task with it")


@pytest.mark.parametrize("compared", [appeared, joined])
def test_what_has_no_counterpart_is_not_passed_over(
    compared: Callable[[Sequence[Effect], Sequence[Effect]], tuple[Issue, ...]],
) -> None:
    """Effects are held against the same effects, each against its own."""
    with pytest.raises(ValueError, match="zip"):
        compared([renaming(), renaming()], [renaming()])
