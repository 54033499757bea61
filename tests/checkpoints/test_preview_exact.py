"""The preview as a document: what nobody said is not allowed, and what a document may hold."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from tests.checkpoints.edited_plans import OTHER, effect, preview_made

from actwright.checkpoints.preview import Preview, PreviewedAction, RowsBound
from actwright.guardrails.issue import Issue


def made(key: str) -> PreviewedAction:
    """Return an action of a preview."""
    return PreviewedAction(
        action_id=key,
        blueprint="B",
        label="L",
        implementation="standard.update",
        implementation_kind="standard",
    )


def test_nothing_out_of_the_common_is_allowed_unless_said() -> None:
    """No deletes, no duplicates, no half of it, and no trial in the org; that alone blocks nothing."""
    found = preview_made(effect())
    terms = found.terms
    assert not any([terms.allow_delete, terms.allow_duplicates, terms.apart, terms.deep])
    assert found.blocked == ()


def test_a_document_that_says_nothing_of_it_means_one_transaction_and_no_row_left_alone() -> None:
    """As it was before these were counted."""
    bound = {"action_id": "a", "object": "O", "label": "O", "label_plural": "Os", "query": "all"}
    rows = (RowsBound.model_validate(bound | {"ceiling": 1, "found": 1}),)
    found = preview_made(effect()).model_copy(update={"rows": rows})
    assert (found.cost.transactions, found.rows[0].unchanged) == (1, 0)
    assert [each.id for each in found.effects] == ["a1.1"]


def test_the_planners_words_have_their_bounds() -> None:
    """Three hundred characters, beside the question and never in it."""
    whole = preview_made(effect()).model_dump()
    found = Preview.model_validate(whole | {"plannerWords": "x" * 300})
    assert (found.planner_words, found.blocked) == ("x" * 300, ())
    with pytest.raises(ValidationError):
        Preview.model_validate(whole | {"plannerWords": "x" * 301})


def test_effects_are_those_of_all_groups_in_order() -> None:
    """And only errors keep a preview from being confirmed."""
    first, second = effect("a1.1"), effect("a2.1", OTHER)
    found = preview_made(first, second)
    (group,) = found.groups
    apart = [group.model_copy(update={"effects": (each,)}) for each in (second, first)]
    assert found.model_copy(update={"groups": tuple(apart)}).effects == (second, first)
    error = Issue(code="bad", message="Bad.")
    warned = preview_made(issues=[Issue(code="w", message="W.", severity="warning"), error])
    assert warned.blocked == (error,)


def test_an_action_is_found_by_its_id() -> None:
    """And none is where there is none."""
    found = preview_made().model_copy(update={"actions": (made("a"), made("b"))})
    assert found.action("b") == made("b")
    assert found.action("c") is None
