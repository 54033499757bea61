"""Policing: the policy in force is asked again at every point of no return, and nothing is told twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.checkpoints.small_org import DEAL, writing, written
from tests.checkpoints.test_composing_exact import composed
from tests.memory_org import FakeClock

from actwright.checkpoints.archive import Archive
from actwright.checkpoints.policing import Policing, unechoed
from actwright.checkpoints.preview import Preview
from actwright.errors import PolicyChangedError
from actwright.guardrails.issue import Issue
from actwright.guardrails.policy.decision import PolicyVerdict
from actwright.guardrails.policy.source import PolicySource
from actwright.store.sqlite import SqliteDatabase


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    """Give an empty store."""
    store = SqliteDatabase(tmp_path / "actwright.db")
    yield store
    store.close()


def previewed(version: str) -> Preview:
    """Return a preview that was judged by a policy of that version."""
    made = composed(writing(DEAL, written("Stage", "New")))
    return made.model_copy(update={"policy_version": version})


def test_the_version_is_held_against_the_file_as_it_stands(
    tmp_path: Path, database: SqliteDatabase
) -> None:
    """Also inside the transaction of the intent: a policy that changed a moment ago lets nothing be counted."""
    path = tmp_path / "policy.yaml"
    path.write_text("version: 1\nbudgets: [{id: b, description: d, per: day, rows: 1}]\n")
    policing = Policing(PolicySource(path), clock=FakeClock())
    shown = previewed(policing.source.current().version)
    (group,) = shown.groups
    policing.check_version(shown)
    assert policing.changed(shown) == ()
    path.write_text("version: 1\n")
    with database.write() as transaction:
        (issue,) = policing.reserve(transaction, shown, group, "run_1")
    assert issue.code == "policy_changed"
    assert "Nothing was sent." in issue.message
    path.write_text("version: 9\n")
    (unread,) = policing.changed(shown)
    assert "cannot be read any more" in unread.message
    with pytest.raises(PolicyChangedError):
        policing.check_version(shown)


def test_an_older_built_in_policy_is_another_one() -> None:
    """What was shown under the rules of an earlier version is shown again."""
    assert Policing().changed(previewed("built-in-2")) == ()
    assert [each.code for each in Policing().changed(previewed("built-in-1"))] == ["policy_changed"]


def test_what_does_not_exist_is_told_once() -> None:
    """The guardrails name it already; what they do not name stays."""
    unknown = Issue(code="policy_unknown", action_id="a", message="m")
    denied = Issue(code="policy_denied", action_id="a", message="m")
    found = PolicyVerdict("v", issues=(unknown, denied))
    hidden = Issue(code="field_not_visible", action_id="a", message="m")
    assert unechoed(found, [hidden]) == (denied,)
    elsewhere = hidden.model_copy(update={"action_id": "b"})
    assert unechoed(found, [elsewhere]) == (unknown, denied)
    assert unechoed(found, []) == (unknown, denied)


def test_the_newest_previews_are_those_that_can_be_read(database: SqliteDatabase) -> None:
    """Newest first, as many as wanted; one of another program's is passed over."""
    archive: Archive[Preview] = Archive(database, Preview, FakeClock())
    kept = [archive.add(previewed("built-in-2")) for _ in range(3)]
    with database.write() as transaction:
        transaction.execute(
            "INSERT INTO document (kind, id, body, at) VALUES ('preview', 'prv_odd', '{}', '2026')"
        )
    assert [each.id for each in archive.newest(3)] == [each.id for each in kept[:0:-1]]
    assert [each.id for each in archive.newest(9)] == [each.id for each in kept[::-1]]
    assert archive.newest(0) == ()
