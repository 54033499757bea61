"""The archive: files are copies, and a copy that differs is refused."""

from __future__ import annotations

from typing import Any

import pytest
from tests.scenario import plan_of, previewed, task, win

from actwright import Actwright, Plan, Preview
from actwright.canonical import Json
from actwright.errors import DocumentEditedError, DocumentError, NotFoundError, PlanError


@pytest.fixture
def plan(app: Actwright) -> Plan:
    """Give a stored plan."""
    return app.plans.add(plan_of(app, task()))


@pytest.fixture
def preview(app: Actwright) -> Preview:
    """Give a stored preview."""
    return previewed(app, win())


def copy_of(document: Plan | Preview) -> dict[str, Any]:
    """Return a document as its file holds it."""
    return document.model_dump(mode="json")


def test_an_untouched_copy_is_the_stored_document(
    app: Actwright, plan: Plan, preview: Preview
) -> None:
    """A file that says what the store says is as good as the id."""
    assert app.plans.same(copy_of(plan), where="plan.json") == plan
    assert app.previews.same(copy_of(preview), where="preview.json") == preview


def test_an_edited_preview_is_refused(app: Actwright, preview: Preview) -> None:
    """Whatever is changed in the file, it is another document."""
    for name, other in {"goal": "x", "question": "Really?", "issues": [], "undo": []}.items():
        document = copy_of(preview) | {name: other}
        if document == copy_of(preview):
            continue
        with pytest.raises(DocumentEditedError) as caught:
            app.previews.same(document, where="preview.json")
        assert (caught.value.where, caught.value.exit_code) == ("preview.json", 3)


def test_an_edited_plan_cannot_keep_its_id(app: Actwright, plan: Plan) -> None:
    """The id of a plan is made of its content: an edit under the old id, or an old plan under a new id, is refused."""
    other = app.plans.add(plan_of(app, task(subject="Other")))
    for document in (
        copy_of(plan) | {"goal": "another"},
        copy_of(plan) | {"id": "plan_" + "0" * 20},
        copy_of(plan) | {"id": other.id},
        copy_of(other) | {"id": plan.id},
        copy_of(plan) | {"id": "\ud800"},
    ):
        with pytest.raises(DocumentEditedError):
            app.plans.same(document, where="plan.json")


def test_a_document_of_another_store_is_refused(app: Actwright, preview: Preview) -> None:
    """A preview this store never made is not its own."""
    document = copy_of(preview) | {"id": "prv_" + "0" * 20}
    with pytest.raises(DocumentEditedError, match="made elsewhere"):
        app.previews.same(document, where="preview.json")


@pytest.mark.parametrize("document", [None, [], "text", 5, {}, {"id": 5}, {"id": None}])
def test_what_is_no_such_document_is_malformed(app: Actwright, document: Json) -> None:
    """A file without an id is no copy of anything."""
    with pytest.raises(DocumentError, match="no preview"):
        app.previews.same(document, where="preview.json")


def test_a_plan_is_no_preview(app: Actwright, plan: Plan, preview: Preview) -> None:
    """Handing one in for the other names what does not fit."""
    with pytest.raises(DocumentError):
        app.previews.same(copy_of(plan), where="plan.json")
    with pytest.raises(PlanError):
        app.plans.same(copy_of(preview), where="preview.json")


@pytest.mark.parametrize("key", ["plan_0", "", "\ud800", "../../etc/passwd", "x" * 9999])
def test_an_unknown_id_is_not_found(app: Actwright, key: str) -> None:
    """The message repeats no more of the id than is safe, and says how to make one."""
    for archive in (app.plans, app.previews):
        with pytest.raises(NotFoundError) as caught:
            archive.get(key)
        assert len(str(caught.value)) < 200
        assert "ACTWRIGHT_HOME" in (caught.value.hint or "")


def test_long_numbers_survive_the_store(app: Actwright) -> None:
    """Named data past 2^53, as integer or float, reads back as the same plan."""
    plan = app.plans.add(plan_of(app, task(), data={"a": 2**53 + 1, "b": 1e16, "c": -(10**30)}))
    again = app.plans.get(plan.id)
    assert (again.id, again.data) == (plan.id, plan.data)
    assert app.plans.same(copy_of(plan), where="plan.json").id == plan.id
