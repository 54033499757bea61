"""Recording: what a script or a model says becomes a cassette; nothing changes where nothing changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.regression.recorded import PLANNED, SUITE, Recorded, loaded

from actwright.cli.regress import record as record_command
from actwright.errors import ConfigError, InputError, NotFoundError, RefusedError
from actwright.model.openai_chat import OpenAIChat
from actwright.regression.gate.renewing import chosen, renew
from actwright.regression.playing.live import LiveModel, live_model
from actwright.regression.playing.recording import Recorder
from actwright.regression.suite.suite import Suite
from actwright.settings import Settings
from actwright.testing import FixedClock
from actwright.testing.model_server import ScriptedModel

pytestmark = pytest.mark.xdist_group("regression")


def files(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder with what it holds."""
    found = (each for each in folder.rglob("*") if each.is_file())
    return {str(each.relative_to(folder)): each.read_bytes() for each in found}


def recorder(kept: Recorded, suite: Suite | None = None) -> Recorder:
    """Return what records a suite in the scene all share."""
    return Recorder(suite or kept.suite, kept.scene, FixedClock())


def test_recording_again_changes_nothing(kept: Recorded, tmp_path: Path) -> None:
    """The same suite with the same prompts leaves every file as it is, byte for byte."""
    copy = kept.copy(tmp_path)
    before = files(copy.folder)
    renewal = renew(recorder(kept), copy.shelf, copy.suite.reviewed)
    assert (renewal.written, renewal.unchanged, renewal.removed) == ([], 3, [])
    assert files(copy.folder) == before


def test_recording_takes_away_what_nobody_needs(kept: Recorded, tmp_path: Path) -> None:
    """Cassettes of cases that are no more go, and so do the texts only they referred to."""
    copy = kept.copy(tmp_path)
    copy.shelf.texts.keep("left over")
    suite = loaded(tmp_path, SUITE.replace(", unknown blueprint once", ""))
    renewal = renew(recorder(kept, suite), copy.shelf, suite.reviewed)
    assert [each.parent.name for each in renewal.removed][:2] == ["scripted", "texts"]
    assert copy.checked(suite).green


def test_one_case_is_recorded_alone(kept: Recorded, tmp_path: Path) -> None:
    """The others stay, and the scorecard is about all of them."""
    copy = kept.copy(tmp_path)
    copy.path().unlink()
    renewal = renew(recorder(kept), copy.shelf, chosen(copy.suite, [PLANNED]))
    assert [each.name for each in renewal.written] == [kept.path().name]
    assert [each.totals.cases for each in renewal.cards] == [3]
    assert copy.checked().green


def test_a_live_model_is_recorded_beside_the_script(kept: Recorded, tmp_path: Path) -> None:
    """Its answers say that they are live and how long they took, and have a scorecard of their own."""
    copy = kept.copy(tmp_path)
    scripted = files(copy.folder / "scripted")
    replies = copy.suite.replies(copy.suite.case(PLANNED), copy.scene)
    with ScriptedModel(replies) as server:
        chat = OpenAIChat(base_url=server.base_url, api_key="sk-a-key-nobody-may-see")
        model = LiveModel("gpt-of-somebody", chat)
        renewal = renew(recorder(kept), copy.shelf, chosen(copy.suite, [PLANNED]), live=model)
        chat.close()
    made = copy.shelf.read(copy.path(origin="live"), "live").cassette
    assert (made.header.origin, made.header.model, len(made.header.seconds)) == (
        "live",
        "gpt-of-somebody",
        1,
    )
    assert "nobody-may-see" not in copy.path(origin="live").read_text("utf-8")
    assert files(copy.folder / "scripted") == scripted
    assert {(each.origin, each.model, each.totals.cases) for each in renewal.cards} == {
        ("scripted", "scripted", 3),
        ("live", "gpt-of-somebody", 1),
    }
    assert copy.checked().green


def test_a_live_model_that_says_nothing_is_no_recording(kept: Recorded, tmp_path: Path) -> None:
    """Nothing is written, and the way on is told."""
    copy = kept.copy(tmp_path)
    with ScriptedModel() as server:
        nowhere = server.base_url
    chat = OpenAIChat(base_url=nowhere, api_key="none", attempts=1)
    renewal = renew(
        recorder(kept), copy.shelf, chosen(copy.suite, [PLANNED]), live=LiveModel("m", chat)
    )
    chat.close()
    assert [each.code for each in renewal.findings] == ["nothing_recorded"]
    assert not (copy.folder / "live").exists()


def test_a_scorecard_that_gets_worse_is_not_written(kept: Recorded, tmp_path: Path) -> None:
    """It stays as it was, and so the gate stays closed, until somebody accepts the loss."""
    copy = kept.copy(tmp_path)
    order = "    order: [UpdateOpportunityStage, CreateTask]\n"
    suite = loaded(tmp_path, SUITE.replace("    checkpoint: present\n", order))
    renewal = renew(recorder(kept, suite), copy.shelf, suite.reviewed)
    assert [each.code for each in renewal.findings] == ["score_dropped"]
    assert not copy.checked(suite).green
    renewal = renew(recorder(kept, suite), copy.shelf, suite.reviewed, accept_lower=True)
    assert [each.totals.right for each in renewal.cards] == [2]
    assert copy.checked(suite).green


@pytest.mark.parametrize(
    ("replies", "code"),
    [
        (["{text: '{}'}"] * 4, "reply_unused"),
        (["{status: 503}"] * 5, "reply_unused"),
    ],
)
def test_a_script_with_a_reply_too_many_is_refused(
    kept: Recorded, tmp_path: Path, replies: list[str], code: str
) -> None:
    """What nobody asks for proves nothing."""
    more = f"    replies: [{', '.join(replies)}]\n"
    suite = loaded(tmp_path, SUITE.replace("    checkpoint: present\n", more))
    with pytest.raises(InputError) as error:
        recorder(kept, suite).scripted(suite.case(PLANNED))
    assert error.value.error_code == code


def test_a_script_that_runs_out_says_its_last_answer_again(kept: Recorded, tmp_path: Path) -> None:
    """A model that repeats its fault is recorded to the end."""
    one = "    replies: [{text: 'no JSON'}]\n"
    suite = loaded(tmp_path, SUITE.replace("    checkpoint: present\n", one))
    made = recorder(kept, suite).scripted(suite.case(PLANNED))
    assert len(made.interactions) == 3
    assert [each.name for each in made.header.prompts] == ["plan", "repair"]
    assert json.loads(made.interactions[2].request.body)["messages"][-1]["role"] == "user"


def test_only_reviewed_cases_of_the_suite_are_recorded(tmp_path: Path) -> None:
    """A case that is merely suggested, or that nobody knows, is refused by name."""
    suite = loaded(
        tmp_path, SUITE.replace("  - id: win-it", "  - id: win-it\n    status: suggested")
    )
    with pytest.raises(InputError, match="is suggested"):
        chosen(suite, [PLANNED])
    with pytest.raises(NotFoundError):
        chosen(suite, ["nobody-knows-it"])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("CI", "true"),
        ("CI", "1"),
        ("CI", "yes"),
        ("JENKINS_URL", "http://ci/"),
        ("TF_BUILD", "True"),
    ],
)
def test_ci_never_records(monkeypatch: pytest.MonkeyPatch, name: str, said: str) -> None:
    """Whatever is asked, and whatever the system calls itself: there is no way around it."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv(name, said)
    with pytest.raises(RefusedError) as error:
        record_command(live=True)
    assert error.value.error_code == "record_in_ci"


def test_a_live_recording_needs_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service's own address asks for one; a service of one's own may not."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ConfigError) as error:
        live_model(Settings(planner="openai"))
    assert error.value.where == "OPENAI_API_KEY"
    model = live_model(Settings(planner="openai", model="m", model_url="http://127.0.0.1:1/v1"))
    model.chat.close()
    assert model.name == "m"
