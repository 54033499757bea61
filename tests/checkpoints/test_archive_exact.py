"""The archive held against a store alone: what is stored is what counts, and what differs is told apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.checkpoints.edited_plans import effect, following, plan_made, preview_made

from actwright.blueprints.plan import Plan
from actwright.canonical import Json
from actwright.checkpoints.archive import Archive
from actwright.checkpoints.preview import Preview
from actwright.errors import DocumentEditedError, DocumentError, NotFoundError, PlanError
from actwright.store.sqlite import SqliteDatabase
from actwright.testing import FixedClock

PLAN = plan_made(following(about=None))
PREVIEW = preview_made(effect(after="7"), key="a" * 20)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteDatabase]:
    """Give an empty store."""
    opened = SqliteDatabase(tmp_path / "actwright.db")
    yield opened
    opened.close()


@pytest.fixture
def plans(store: SqliteDatabase) -> Archive[Plan]:
    """Give the plans of the store: one."""
    archive = Archive(store, Plan, FixedClock())
    assert archive.add(PLAN) is PLAN
    return archive


@pytest.fixture
def previews(store: SqliteDatabase) -> Archive[Preview]:
    """Give the previews of the store: one."""
    archive = Archive(store, Preview, FixedClock())
    assert archive.add(PREVIEW) is PREVIEW
    return archive


def test_what_was_stored_is_held_and_read_back(
    plans: Archive[Plan], previews: Archive[Preview]
) -> None:
    """Under its id, and among its own kind only."""
    assert (plans.get(PLAN.id), previews.get(PREVIEW.id)) == (PLAN, PREVIEW)
    assert (plans.holds(PLAN.id), plans.holds(PREVIEW.id)) == (True, False)
    assert (previews.holds(PREVIEW.id), previews.holds(PLAN.id)) == (True, False)


def test_an_unknown_id_is_repeated_in_part_only(previews: Archive[Preview]) -> None:
    """Sixty characters of it are enough to see which one it was."""
    with pytest.raises(NotFoundError, match=f"no preview '{'x' * 60}' in") as caught:
        previews.get("x" * 99)
    assert caught.value.hint == "Make one with `actwright preview`, with the same ACTWRIGHT_HOME."


def test_an_untouched_copy_is_the_document(
    plans: Archive[Plan], previews: Archive[Preview]
) -> None:
    """A file that says what the store says is as good as the id."""
    assert plans.same(PLAN.model_dump(mode="json"), where="f") == PLAN
    assert previews.same(PREVIEW.model_dump(mode="json"), where="f") == PREVIEW


def test_a_copy_that_differs_is_refused(previews: Archive[Preview]) -> None:
    """Whether one of its words is another, or the store never held it."""
    for change in ({"goal": "another"}, {"id": "prv_" + "b" * 20}):
        edited = PREVIEW.model_copy(update=change)
        with pytest.raises(DocumentEditedError, match=f"stored as '{edited.id}'") as caught:
            previews.same(edited.model_dump(mode="json"), where="preview.json")
        assert caught.value.where == "preview.json"
        assert (
            caught.value.hint == "Make a new preview; what was confirmed is what is in the store."
        )


@pytest.mark.parametrize("document", [None, [], ["id"], "id", 5, {}, {"id": 5}, {"id": None}])
def test_what_has_no_id_is_a_copy_of_nothing(previews: Archive[Preview], document: Json) -> None:
    """It is told how such a file is made."""
    with pytest.raises(DocumentError, match="This is no preview: it has no id") as caught:
        previews.same(document, where="preview.json")
    assert (caught.value.where, caught.value.hint) == (
        "preview.json",
        "Use a file written by `actwright preview --out`.",
    )


def test_what_breaks_a_contract_is_told_under_its_kind(
    plans: Archive[Plan], previews: Archive[Preview]
) -> None:
    """A broken plan is a plan error, a broken preview is none."""
    with pytest.raises(PlanError):
        plans.same({"id": PLAN.id, "actions": 5}, where="plan.json")
    with pytest.raises(DocumentError) as caught:
        previews.same({"id": PREVIEW.id, "groups": 5}, where="preview.json")
    assert not isinstance(caught.value, PlanError)


def test_a_plan_under_another_id_repeats_no_more_of_it_than_is_safe(plans: Archive[Plan]) -> None:
    """Sixty characters of whatever the file calls it."""
    copy: Json = {**PLAN.model_dump(mode="json"), "id": "x" * 99}
    with pytest.raises(DocumentEditedError, match=f"stored as '{'x' * 60}'"):
        plans.same(copy, where="plan.json")
