"""The report: rows of versions, pictures of their numbers, and a page that runs nothing and asks for nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path

import pytest
import typer
from tests import scorecard_scene as scene

from actwright.cli.regress_report import diff, report
from actwright.errors import InputError
from actwright.regression.noise import Noise
from actwright.regression.reports.report import report_of
from actwright.regression.reports.report_chart import HEIGHT, WIDTH, charts_of
from actwright.regression.reports.report_page import report_page
from actwright.regression.scores.scorecard import Scorecard
from actwright.regression.scores.scorecards import KeptScorecards


def _page(cards: Sequence[Scorecard]) -> str:
    return report_page(report_of(cards, Noise()))


def _lives(count: int) -> list[Scorecard]:
    return [scene.live(str(each), scene.first().cases) for each in range(1, count + 1)]


def test_scripted_and_live_stand_in_rows_of_their_own() -> None:
    """Nothing is ever added up over the two; each row says which it is."""
    found = report_of([scene.first(), *_lives(2), scene.second()], Noise())
    told = [(each.origin, [one.version for one in each.versions]) for each in found.rows]
    assert told == [("live", ["1", "2"]), ("scripted", ["1", "2"])]
    assert found.red
    page = _page([scene.first(), *_lives(2)])
    assert '<p class="state open">scripted</p>' in page
    assert '<p class="state good">live</p>' in page


def test_what_a_person_accepted_is_shown_and_not_red() -> None:
    """A loss that was meant stays on the page, under its name."""
    found = report_of([scene.first(), scene.second()], Noise())
    accepted = scene.second().model_copy(update={"accepted": found.rows[0].reasons})
    again = report_of([scene.first(), accepted], Noise())
    assert not again.red
    assert "Accepted by a person" in report_page(again)


def test_two_prompts_of_one_version_are_told_apart_in_a_picture() -> None:
    """Where the version says nothing, the hash stands at the bar."""
    other = scene.first().model_copy(update={"hash": "ab" * 32})
    row = report_of([scene.first(), other, scene.second()], Noise()).rows[0]
    assert [each.version for each in charts_of(row)[0].bars] == ["0101", "abab", "v2"]


def test_a_picture_is_drawn_for_each_number_that_is_known() -> None:
    """A script has no latency and no cost; a model has four pictures."""
    scripted, live = (report_of(each, Noise()).rows[0] for each in ([scene.first()], _lives(1)))
    assert [each.title for each in charts_of(scripted)] == ["Right", "Tokens a case"]
    assert [each.title for each in charts_of(live)] == [
        "Right",
        "Tokens a case",
        "Cost a case",
        "Latency of 95 in 100",
    ]


def test_bars_are_as_high_as_their_numbers_and_inside_the_picture() -> None:
    """Half as many right are half as high; a drop is marked; nothing runs off the side."""
    half = scene.card(
        [
            scene.case("a", scene.refused()),
            scene.wrong("b", scene.refused("other"), "another refusal"),
        ],
        version="2",
    )
    whole = scene.card([scene.case(each, scene.refused()) for each in "ab"])
    first, second = charts_of(report_of([whole, half], Noise()).rows[0])[0].bars
    assert second.height == pytest.approx(first.height / 2, abs=0.02)
    assert (first.tone, second.tone) == ("", "bad")
    assert (first.value, second.value) == ("100%", "50%")
    for each in (first, second):
        assert 0 <= each.x <= each.x + each.width <= WIDTH
        assert 0 <= each.y <= each.y + each.height <= HEIGHT


def test_only_the_newest_versions_are_drawn() -> None:
    """Of many versions as many are drawn as can be read, and the note says so."""
    chart = charts_of(report_of(_lives(13), Noise()).rows[0])[0]
    assert len(chart.bars) == 10
    assert chart.bars[-1].version == "v13"
    assert "the newest 10 of 13 versions" in chart.note


def test_the_page_asks_for_nothing_and_runs_nothing() -> None:
    """It holds no address, no script and no style but its own, and its policy says so."""
    page = _page([scene.first(), scene.second(), *_lives(2)])
    assert "default-src 'none'" in unescape(page)
    assert not re.search(r"https?:|<script|\bsrc=|\bhref=|\bstyle=|\bon\w+=", page)


def test_hostile_texts_arrive_as_plain_text() -> None:
    """Goals, differences, arguments and names of models may be anybody's."""
    bad = scene.HOSTILE
    action = scene.close(blueprint=bad, arguments={bad: bad}, checkpoint=bad)
    case = scene.wrong("a", scene.planned(action, checkpoint=bad), bad, goal=bad)
    one = scene.card([scene.case("a", scene.refused(bad), goal=bad)], model=bad)
    page = _page([one, scene.card([case], version="2", model=bad)])
    assert "<script" not in page
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "&lt;script&gt;" in page


def test_no_scorecards_make_a_page_that_says_what_to_do() -> None:
    """A page over nothing names the command that makes something."""
    assert "actwright regress record" in _page([])


def _kept(tmp_path: Path, *cards: Scorecard) -> list[Path]:
    kept = KeptScorecards(tmp_path / "scorecards")
    return [kept.write(each) for each in cards]


def test_diff_is_red_by_its_exit_code_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As JSON it tells the reasons and the plan diff; the JUnit file holds the same failures."""
    monkeypatch.chdir(tmp_path)
    old, new = _kept(tmp_path, scene.first(), scene.second())
    with pytest.raises(typer.Exit) as caught:
        diff(old, new, junit=tmp_path / "diff.xml", as_json=True)
    assert caught.value.exit_code == 1
    told = json.loads(capsys.readouterr().out)
    assert told["red"] is True
    kinds = [each["kind"] for each in told["comparisons"][0]["changed"][0]["changes"]]
    assert kinds == ["action_added", "checkpoint_lost"]
    assert "checkpoint lost" in (tmp_path / "diff.xml").read_text(encoding="utf-8")


def test_diff_shows_people_what_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The terminal tells the added action, the lost text and the numbers; the same twice is green."""
    monkeypatch.chdir(tmp_path)
    old, new = _kept(tmp_path, scene.first(), scene.second())
    with pytest.raises(typer.Exit):
        diff(old, new)
    shown = " ".join(capsys.readouterr().out.split())
    assert "action added CreateTask" in shown
    assert "checkpoint lost the plan Do it?" in shown
    assert "right -> wrong" in shown
    diff(old, old)
    assert "No drop beyond the noise band" in capsys.readouterr().out


def test_a_folder_of_cassettes_is_not_compared_without_a_suite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a recording has to mean stands in the suite."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        diff(tmp_path, tmp_path)
    assert caught.value.error_code == "suite_missing"


def test_report_writes_a_page_and_shows_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line a scorecard, its origin among it; the page stands in its file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")
    _kept(tmp_path, scene.first(), *_lives(1))
    report(scorecards=tmp_path / "scorecards", html=tmp_path / "report.html")
    shown = capsys.readouterr().out
    assert "scripted" in shown
    assert "live" in shown
    assert "4 of 4" in shown
    assert "A drop" not in shown
    assert "<svg" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_report_tells_what_the_newest_version_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It shows and does not decide: the exit code stays 0."""
    monkeypatch.chdir(tmp_path)
    _kept(tmp_path, scene.first(), scene.second())
    report(scorecards=tmp_path / "scorecards")
    shown = capsys.readouterr().out
    assert "A drop: plan, scripted-model, scripted" in shown
    assert "close: checkpoint lost: the plan: Do it?" in shown


def test_a_file_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page lies in no store: the hint does not say so."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        report(scorecards=tmp_path, html=tmp_path / "no" / "x.html")
    assert caught.value.error_code == "file_unwritable"
    assert "store" not in str(caught.value.hint)
