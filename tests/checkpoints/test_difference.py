"""The difference between a preview and the one it was edited into."""

from __future__ import annotations

from tests.checkpoints.edited_plans import DEAL, OTHER, effect, preview_made

from actwright.checkpoints.editing.difference import Difference, difference
from actwright.guardrails.issue import Issue


def test_the_same_preview_differs_in_nothing() -> None:
    """Another id and another time are no difference."""
    old = preview_made(effect(after="1"))
    assert difference(old, preview_made(effect(after="1"), key="1" * 20)).empty


def test_effects_come_and_go() -> None:
    """An effect is known by its action and its record."""
    old = preview_made(effect("a1.1", DEAL), effect("a2.1", None))
    new = preview_made(effect("a1.1", DEAL), effect("a3.1", None))
    found = difference(old, new)
    assert [each.id for each in found.removed] == ["a2.1"]
    assert [each.id for each in found.added] == ["a3.1"]
    assert found.changed == ()
    assert not found.empty


def test_a_row_keeps_its_record_when_its_number_moves() -> None:
    """Leaving the first row out gives the second one its number, and only the first is gone."""
    old = preview_made(effect("a1.1", DEAL, after="1"), effect("a1.2", OTHER, after="2"))
    found = difference(old, preview_made(effect("a1.1", OTHER, after="2")))
    assert [each.record_id for each in found.removed] == [DEAL]
    assert (found.added, found.changed) == ((), ())


def test_a_changed_value_is_shown_old_and_new() -> None:
    """Both values and where they came from are there."""
    old = preview_made(effect(after="1"))
    new = preview_made(effect(after="2", provenance="data"))
    (changed,) = difference(old, new).changed
    assert (changed.action_id, changed.record_id, changed.field) == ("a1", DEAL, "Amount")
    assert changed.old is not None
    assert changed.new is not None
    assert (changed.old.after, changed.new.after) == ("1", "2")
    assert (changed.old.provenance, changed.new.provenance) == ("goal", "data")


def test_a_field_that_is_not_written_any_more_has_no_new_value() -> None:
    """And one that is written only now has no old one."""
    old, new = preview_made(effect(field="Amount")), preview_made(effect(field="Name"))
    gone, come = difference(old, new).changed
    assert (gone.field, gone.new) == ("Amount", None)
    assert (come.field, come.old) == ("Name", None)


def test_other_words_for_where_a_value_came_from_are_no_difference() -> None:
    """The same value of the same provenance is the same thing to say yes to, as the digest has it."""
    old = preview_made(effect(after="1", source="one"))
    assert difference(old, preview_made(effect(after="1", source="two"))).empty


def test_issues_come_and_go() -> None:
    """An issue that stays is neither."""
    kept, gone, come = (Issue(code=each, message=each) for each in ("kept", "gone", "come"))
    old = preview_made(effect(), issues=[kept, gone])
    found = difference(old, preview_made(effect(), issues=[kept, come]))
    assert (found.issues_come, found.issues_gone) == ((come,), (gone,))


def test_it_reads_back_as_it_was() -> None:
    """It is a document like every other, and carries both digests and both questions."""
    old = preview_made(effect(after="1"), question="One?")
    new = preview_made(effect(after="2"), key="1" * 20, question="Two?")
    found = difference(old, new)
    assert Difference.model_validate(found.model_dump(mode="json")) == found
    assert (found.old_digest, found.new_digest) == (old.digest, new.digest)
    assert (found.old_question, found.new_question) == ("One?", "Two?")
