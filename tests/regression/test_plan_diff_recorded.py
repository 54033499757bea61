"""A pair of recorded sets, over real cassettes: what the second set's replies lost and added is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from tests.regression.recorded import PLANNED, SUITE, Recorded, loaded

from actwright.regression.cassettes.shelf import Shelf
from actwright.regression.comparing.sets import differences, read_set, recorded_cards
from actwright.regression.playing.recording import Recorder
from actwright.regression.suite.suite import Suite

pytestmark = pytest.mark.xdist_group("regression")

LOST = "checkpoint lost: the plan"


@pytest.fixture(scope="module")
def worse(kept: Recorded, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """Record the planned case again, with a model that forgets the checkpoint text and adds a task."""
    folder = tmp_path_factory.mktemp("worse")
    (said,) = kept.suite.replies(kept.suite.case(PLANNED), kept.scene)
    reply = json.loads(said.text or "")
    subject = {"name": "Subject", "kind": "literal", "value": "Close the Acme Renewal"}
    task: dict[str, object] = {
        "id": "a2",
        "blueprint": "CreateTask",
        "arguments": [subject],
        "depends_on": [],
        "for_each": None,
    }
    reply |= {"checkpoint": "", "actions": [*reply["actions"], task]}
    suite = _scripted(folder, reply)
    Shelf(folder / "cassettes").keep(Recorder(suite, kept.scene).scripted(suite.case(PLANNED)))
    return Recorded(suite, folder / "cassettes", kept.scene)


def _scripted(folder: Path, reply: object) -> Suite:
    """Return the suite with that reply in its script; what has to come of it is the same."""
    document = yaml.safe_load(SUITE)
    document["cases"][0]["replies"] = [{"json": reply}]
    document |= {"at": "2026-11-21T12:00:00Z", "badReplies": []}
    return loaded(folder, yaml.safe_dump(document))


def test_a_lost_checkpoint_text_and_an_added_action_are_found_in_the_replies(
    kept: Recorded, worse: Recorded
) -> None:
    """The diff is red, names the case, and tells both as changes of the plan."""
    before, after = (
        read_set(each.folder, lambda folder: recorded_cards(folder, worse.suite, worse.scene))
        for each in (kept, worse)
    )
    found = differences(before, after, worse.suite.noise)
    assert found.red
    (case,) = found.comparisons[0].changed
    assert (case.id, case.right_before, case.right_after) == (PLANNED, True, False)
    assert [each.kind for each in case.changes] == ["action_added", "checkpoint_lost"]
    assert case.changes[0].where == "CreateTask"
    assert any(LOST in each for each in found.reasons)
