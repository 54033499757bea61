"""What must not close the gate, break it, hold it up or leave half a set behind, and what a recording must not keep."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.regression.recorded import PLANNED, SUITE, Recorded, loaded
from vcr.request import Request  # type: ignore[import-untyped]  # it ships no types

from actwright.errors import DocumentError
from actwright.model.openai_chat import OpenAIChat
from actwright.regression.cassettes import tape
from actwright.regression.cassettes.asking import KeptChat
from actwright.regression.gate.leaks import Leaks
from actwright.regression.gate.renewing import renew
from actwright.regression.playing.live import LiveModel
from actwright.regression.playing.recording import Recorder
from actwright.regression.scores.scorecards import read_card
from actwright.testing import FixedClock
from actwright.testing.model_server import ScriptedModel
from actwright.testing.replies import Reply

pytestmark = pytest.mark.xdist_group("regression")


def test_a_suite_of_other_cases_alone_can_be_recorded(kept: Recorded, tmp_path: Path) -> None:
    """Where two scorecards share no case there is nothing to compare, and nothing to fail over."""
    copy = kept.copy(tmp_path)
    renamed = SUITE.replace("badReplies: [500 then good, unknown blueprint once]\n", "")
    suite = loaded(tmp_path, renamed.replace("win-it", "won-it"))
    renewal = renew(Recorder(suite, kept.scene, FixedClock()), copy.shelf, suite.reviewed)
    assert not renewal.findings
    assert copy.checked(suite).green


def test_requests_are_compared_without_assertions() -> None:
    """`python -O` takes every assert out of a program, and with it a matcher that says no by one."""
    one, other = (Request("POST", "http://a/b", each, {}) for each in (b"{}", b"[]"))
    assert tape._same_body(one, one) is True
    assert tape._same_body(one, other) is False


@pytest.mark.parametrize(
    ("name", "value"),
    [("all_proxy", "socks5://127.0.0.1:1"), ("SSL_CERT_FILE", "/nowhere/at/all.pem")],
)
def test_the_network_of_the_shell_has_no_say(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """A tape needs neither a proxy nor a certificate."""
    monkeypatch.setenv(name, value)
    chat = KeptChat()
    chat.for_model("scripted")
    chat.close()


def test_texts_with_the_line_ends_of_windows_are_the_same(kept: Recorded, tmp_path: Path) -> None:
    """A checkout may change the end of each line."""
    copy = kept.copy(tmp_path)
    for path in (copy.folder / "texts").iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert copy.checked().green


def test_a_long_word_does_not_hold_the_gate_up() -> None:
    """Looking for addresses takes time in proportion to the text."""
    leaks = Leaks([])
    assert not list(leaks.findings(Path("a"), "a" * 400_000 + "-eyJ" * 100_000))


@pytest.mark.parametrize(
    ("way", "value"),
    [
        (("version",), "2\x1b[2J"),
        (("prompt",), "../plan"),
        (("at",), "<script>"),
        (("cases", 0, "id"), "\x1b]0;title\x07"),
    ],
)
def test_names_that_act_on_a_terminal_are_no_names(
    kept: Recorded, tmp_path: Path, way: tuple[str | int, ...], value: str
) -> None:
    """What a scorecard calls prompts, versions, moments and cases has a form, so that nobody hides anything in it."""
    (source,) = kept.shelf.scorecards.iterdir()
    card = json.loads(source.read_text("utf-8"))
    part = card
    for step in way[:-1]:
        part = part[step]
    part[way[-1]] = value
    path = tmp_path / "card.json"
    path.write_text(json.dumps(card), "utf-8")
    with pytest.raises(DocumentError) as error:
        read_card(path)
    assert "line" in str(error.value.where)
    assert "\x1b" not in str(error.value)


def test_whoever_breaks_off_leaves_all_as_it_was(kept: Recorded, tmp_path: Path) -> None:
    """Half a set is no set: what scripts answered is written when all of it is there."""
    copy = kept.copy(tmp_path)
    suite = loaded(tmp_path, SUITE.replace("as won", "as lost"))
    before = {each: each.read_bytes() for each in copy.folder.rglob("*") if each.is_file()}

    def breaks_off(done: int) -> None:
        if done == len(suite.reviewed) - 1:
            raise KeyboardInterrupt

    recorder = Recorder(suite, kept.scene, FixedClock())
    with pytest.raises(KeyboardInterrupt):
        renew(recorder, copy.shelf, suite.reviewed, progress=breaks_off)
    assert {each: each.read_bytes() for each in copy.folder.rglob("*") if each.is_file()} == before


def test_a_model_that_says_its_key_is_not_recorded(kept: Recorded, tmp_path: Path) -> None:
    """A key of any form, said again by a service, never reaches a file."""
    copy = kept.copy(tmp_path)
    key = "f00dfacef00dfacef00dface"
    with ScriptedModel([Reply.error(401, f"Wrong key: {key}")]) as server:
        chat = OpenAIChat(base_url=server.base_url, api_key=key)
        model = LiveModel("m", chat)
        recorder = Recorder(copy.suite, copy.scene, FixedClock())
        renewal = renew(recorder, copy.shelf, [copy.suite.case(PLANNED)], live=model)
        chat.close()
    assert [each.code for each in renewal.findings] == ["content_leaked"]
    assert not any(key in each.read_text("utf-8") for each in copy.folder.rglob("*.yaml"))


def test_a_goal_file_that_is_not_there_is_named_with_its_line(tmp_path: Path) -> None:
    """Where the suite names it, whatever the name is."""
    for name in ("nowhere", "9" * 5000):
        with pytest.raises(DocumentError) as error:
            loaded(tmp_path, SUITE + f"goals: [{{files: ['{name}']}}]\n")
        assert "suite.yaml, line 1" in str(error.value.where)


def test_a_live_cassette_that_does_not_fit_names_what_records_it(
    kept: Recorded, tmp_path: Path
) -> None:
    """To record scripts again would not help it."""
    copy = kept.copy(tmp_path)
    with ScriptedModel(copy.suite.replies(copy.suite.case(PLANNED), copy.scene)) as server:
        chat = OpenAIChat(base_url=server.base_url, api_key="none")
        recorder = Recorder(copy.suite, copy.scene, FixedClock())
        renew(recorder, copy.shelf, [copy.suite.case(PLANNED)], live=LiveModel("m", chat))
        chat.close()
    suite = loaded(tmp_path, SUITE.replace("as won", "as won now"))
    hints = [each.hint for each in copy.findings(suite) if each.code == "request_unmatched"]
    assert len(hints) == 2
    assert sum("--live" in str(each) for each in hints) == 1


def test_what_is_no_file_is_passed_over(kept: Recorded, tmp_path: Path) -> None:
    """Folders, links to nowhere and pipes are neither read nor waited for."""
    copy = kept.copy(tmp_path)
    for place in ("scripted/a.yaml", "texts/a.txt", "scorecards/a.json"):
        (copy.folder / place).mkdir()
        (copy.folder / place.replace("a.", "b.")).symlink_to("/nowhere")
        os.mkfifo(copy.folder / place.replace("a.", "c."))
    assert copy.checked().green
