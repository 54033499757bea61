"""Names of a run's records, as far as the preview knows them."""

from __future__ import annotations

from tests import pages_scene as scene

from actwright.runs.record.envelope import ActionResult
from actwright.runs.undoing.record_names import record_names

TASK = "00T000000000001AAA"


def test_records_have_the_names_of_the_preview() -> None:
    """What was changed has the name it had, what was created the one it was given."""
    changed = scene.update(1, scene.stage(), name="Acme Renewal")
    created = scene.create_task()
    document = scene.preview((changed, created))
    results = (
        ActionResult(id=changed.action_id, blueprint="Close", status="done", record_ids=(scene.record_id(1),)),
        ActionResult(id=created.action_id, blueprint="Task", status="done", record_ids=(TASK,)),
    )  # fmt: skip
    names = record_names(document, results)
    assert names[scene.record_id(1)] == "Acme Renewal"
    assert created.change("Subject") is not None
    assert names[TASK] == created.change("Subject").after  # type: ignore[union-attr]  # just asserted
    assert record_names(None, results) == {}


def test_no_record_is_called_by_anothers_name() -> None:
    """Where one of two new records is missing, nobody knows which one the id belongs to."""
    made = [scene.create_task().model_copy(update={"id": f"e{each}"}) for each in range(2)]
    result = ActionResult(id=made[0].action_id, blueprint="T", status="failed", record_ids=(TASK,))
    assert record_names(scene.preview(made), (result,)) == {}
