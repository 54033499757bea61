"""The gate: open over cassettes that fit, closed over each thing that does not, with the place and the way on."""

from __future__ import annotations

import copy as copying
import json
import shutil
from pathlib import Path

import pytest
from tests.regression.recorded import PLANNED, SUITE, Recorded, loaded

from actwright.model.prompts import bundled_prompts, load_prompts
from actwright.regression.cassettes.cassette import Cassette, Interaction
from actwright.regression.playing.scene import Scene
from actwright.regression.reports.gate_junit import gate_junit

pytestmark = pytest.mark.xdist_group("regression")


def edited(path: Path, old: str, new: str) -> None:
    """Replace a text in a file, in which it has to stand."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def beside(scene: Scene, prompts: Path) -> Scene:
    """Return a scene over the same org, which is dear to start, with other prompts."""
    other = copying.copy(scene)
    other.prompts, other._planners = load_prompts([prompts, bundled_prompts()]), {}
    return other


def test_what_was_just_recorded_passes(kept: Recorded) -> None:
    """Every case is played, judged right, and has the scorecard that was written with it."""
    result = kept.checked()
    assert result.green
    assert {each.case_id: each.verdict.right for each in result.plays} == {
        PLANNED: True,
        "bad-500-then-good": True,
        "bad-unknown-blueprint-once": True,
    }
    (card,) = result.cards
    assert (card.origin, card.totals.right, card.totals.cases, card.totals.repairs) == (
        "scripted",
        3,
        3,
        1,
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"plan/system.md.jinja": ("no extra task", "no other task")},
        {
            "plan/user.md.jinja": ("The objects that matter", "The objects which matter"),
            "_parts/data_not_instructions.md.jinja": ("whoever it claims", "whomever it claims"),
        },
    ],
)
def test_one_other_word_in_a_template_closes_the_gate(
    kept: Recorded, tmp_path: Path, changes: dict[str, tuple[str, str]]
) -> None:
    """Each template is named, each word is shown, and so is the command that records again."""
    prompts = tmp_path / "prompts"
    shutil.copytree(bundled_prompts(), prompts)
    for template, (old, new) in changes.items():
        edited(prompts / template, old, new)
    result = kept.checked(scene=beside(kept.scene, prompts))
    (finding,) = result.findings
    assert finding.code == "request_unmatched"
    assert len(finding.cases) == 3
    for template, (old, new) in changes.items():
        assert f"prompts/{template}" in finding.message
        (word,) = set(new.split()) - set(old.split())
        assert any(f"{{+{word}+}}" in each for each in finding.diff)
    assert "actwright regress record" in str(finding.hint)
    assert not result.cards


def test_a_new_version_with_the_same_words_is_newer_than_its_recording(
    kept: Recorded, tmp_path: Path
) -> None:
    """The requests fit, and yet the cassettes are older than the prompt: they have to be made anew."""
    prompts = tmp_path / "prompts"
    shutil.copytree(bundled_prompts(), prompts)
    edited(prompts / "repair" / "system.md.jinja", "\nversion: ", "\nversion: 9")
    (finding,) = kept.checked(scene=beside(kept.scene, prompts)).findings
    assert finding.code == "cassette_outdated"
    assert "'repair'" in finding.message
    assert finding.cases == ("bad-unknown-blueprint-once",)


def test_a_changed_goal_shows_what_changed(kept: Recorded, tmp_path: Path) -> None:
    """No template is blamed for a case that says something else now."""
    suite = loaded(tmp_path, SUITE.replace("as won", "as won now"))
    (finding,) = kept.findings(suite)
    assert finding.code == "request_unmatched"
    assert "no template has changed" in finding.message
    assert any("# Goal" in each and "{+ now+}" in each for each in finding.diff)
    assert finding.cases == (PLANNED,)
    assert str(finding.hint).endswith(f"--only {PLANNED}")


def test_a_case_whose_script_changed_has_to_be_recorded(kept: Recorded, tmp_path: Path) -> None:
    """The request is the same, the answer the suite would give is not: the cassette is of yesterday."""
    reply = "    replies: [{json: {outcome: noPlan, actions: [], checkpoint: '', assumptions: [], questions: [], reason: No}}]\n"
    suite = loaded(tmp_path, SUITE.replace("    checkpoint: present\n", reply))
    codes = {each.code for each in kept.findings(suite)}
    assert codes == {"case_changed"}


def test_a_case_that_was_never_recorded_is_missing(kept: Recorded, tmp_path: Path) -> None:
    """It is named, with the line it stands at."""
    suite = loaded(tmp_path, SUITE.replace("once]", "once, null content]"))
    (finding,) = kept.findings(suite)
    assert (finding.code, finding.cases) == ("cassette_missing", ("bad-null-content",))
    assert "suite.yaml, line 4" in str(finding.where)


@pytest.mark.parametrize(
    ("suite", "why"),
    [
        (
            SUITE.replace("[500 then good, unknown blueprint once]", "[500 then good]"),
            "not in the suite",
        ),
        (SUITE.replace("  - id: win-it", "  - id: win-it\n    status: retired"), "is retired"),
        (SUITE.replace("  - id: win-it", "  - id: win-it\n    status: suggested"), "is suggested"),
    ],
)
def test_a_recording_of_no_case_that_counts_is_an_orphan(
    kept: Recorded, tmp_path: Path, suite: str, why: str
) -> None:
    """Deleted, retired and merely suggested cases have no cassettes."""
    findings = kept.findings(loaded(tmp_path, suite))
    assert [each.code for each in findings] == ["cassette_orphaned"]
    assert why in findings[0].message


def test_a_reply_nobody_asks_for_is_told(kept: Recorded, tmp_path: Path) -> None:
    """An interaction that is left over is named with its line."""
    copy = kept.copy(tmp_path)
    path = copy.path()
    made = copy.shelf.read(path, "scripted").cassette
    more = made.model_copy(update={"interactions": (*made.interactions, *made.interactions)})
    path.unlink()
    copy.shelf.keep(more)
    finding = copy.only("reply_unused")
    file = copy.shelf.read(copy.path(), "scripted")
    assert finding.where == file.where(1)
    assert f"line {file.lines[1]}" in file.where(1)


def test_one_request_more_than_was_recorded_closes_the_gate(kept: Recorded, tmp_path: Path) -> None:
    """A cassette that lost its end is not taken for a shorter one."""
    copy = kept.copy(tmp_path)
    path = copy.path("bad-unknown-blueprint-once")
    made = copy.shelf.read(path, "scripted").cassette
    path.unlink()
    copy.shelf.keep(made.model_copy(update={"interactions": made.interactions[:1]}))
    said = {each.code: each.message for each in copy.findings()}
    assert "once more than was recorded" in said["request_unmatched"]


def test_a_recording_that_was_edited_is_named_and_the_others_are_played(
    kept: Recorded, tmp_path: Path
) -> None:
    """The digest in its name gives it away; nobody says of its case that it was never recorded."""
    copy = kept.copy(tmp_path)
    edited(copy.path(), "Close the Acme Renewal", "Delete the Acme Renewal")
    assert copy.only("cassette_tampered").cases == (PLANNED,)
    assert len(copy.checked().plays) == 2


def test_a_recording_among_those_of_another_origin_is_refused(
    kept: Recorded, tmp_path: Path
) -> None:
    """A script's answers cannot pass for a model's by lying in its folder."""
    copy = kept.copy(tmp_path)
    (copy.folder / "live").mkdir()
    copy.path().rename(copy.folder / "live" / copy.path().name)
    assert copy.only("origin_mixed").cases == (PLANNED,)


def asked_of(model: str, made: Cassette) -> tuple[Interaction, ...]:
    """Return the interactions of a cassette as if another model had been asked."""
    (one,) = made.interactions
    body = json.dumps(json.loads(one.request.body) | {"model": model})
    request = one.request.model_copy(update={"body": body})
    return (one.model_copy(update={"request": request}),)


def test_scripted_and_live_are_never_added_up(kept: Recorded, tmp_path: Path) -> None:
    """The same exchange once as a script's and once as a model's makes two scorecards, and the second is missing."""
    copy = kept.copy(tmp_path)
    text = copy.path().read_text("utf-8")
    made = copy.shelf.read(copy.path(), "scripted").cassette
    live = made.header.model_copy(update={"origin": "live", "model": "m", "seconds": (1.25,)})
    copy.shelf.keep(Cassette(header=live, interactions=asked_of("m", made)))
    result = copy.checked()
    assert [(each.origin, each.totals.cases) for each in result.cards] == [
        ("scripted", 3),
        ("live", 1),
    ]
    assert [each.totals.median_seconds for each in result.cards] == [None, 1.25]
    assert {each.code for each in result.findings} == {"case_changed"}
    assert copy.path().read_text("utf-8") == text


def test_a_case_that_was_recorded_twice_is_told(kept: Recorded, tmp_path: Path) -> None:
    """Of two cassettes of one case with one model, nobody knows which one counts."""
    copy = kept.copy(tmp_path)
    made = copy.shelf.read(copy.path(), "scripted").cassette
    (one,) = made.interactions
    body = one.request.body.replace("as won", "as won!")
    other = one.model_copy(update={"request": one.request.model_copy(update={"body": body})})
    first = copy.path()
    text = first.read_text("utf-8")
    copy.shelf.keep(made.model_copy(update={"interactions": (other,)}))
    first.write_text(text, "utf-8")
    assert "cassette_twice" in {each.code for each in copy.findings()}


def test_a_shared_text_nobody_refers_to_is_told(kept: Recorded, tmp_path: Path) -> None:
    """What no cassette needs any more does not stay for ever."""
    copy = kept.copy(tmp_path)
    name = copy.shelf.texts.keep("left over")
    assert str(copy.only("text_orphaned").where).endswith(f"{name}.txt")


def test_a_scorecard_that_was_better_closes_the_gate(kept: Recorded, tmp_path: Path) -> None:
    """Where a case was right and is not any more, the drop is named with its numbers."""
    copy = kept.copy(tmp_path)
    order = "    order: [UpdateOpportunityStage, CreateTask]\n"
    suite = loaded(tmp_path, SUITE.replace("    checkpoint: present\n", order))
    (dropped,) = copy.findings(suite)
    assert dropped.code == "score_dropped"
    assert any("right" in each and "3 -> 2" in each for each in dropped.diff)


@pytest.mark.parametrize(
    ("change", "code"), [(None, "scorecard_missing"), ("{", "scorecard_malformed")]
)
def test_a_scorecard_that_is_gone_or_broken_is_named(
    kept: Recorded, tmp_path: Path, change: str | None, code: str
) -> None:
    """Without a scorecard nobody can tell whether a prompt got worse."""
    copy = kept.copy(tmp_path)
    (card,) = copy.shelf.scorecards.glob("*.json")
    card.unlink()
    if change is not None:
        card.write_text(change, "utf-8")
    assert card.name in str(copy.only(code).where)


def test_the_result_as_junit_names_case_file_and_line(kept: Recorded, tmp_path: Path) -> None:
    """A CI system shows which cases failed, and where to look."""
    suite = loaded(tmp_path, SUITE.replace("as won", "as won now"))
    text = gate_junit(kept.checked(suite))
    assert 'tests="3" failures="1"' in text
    assert f'name="{PLANNED}"' in text
    assert f'file="{kept.path()}"' in text
    assert 'line="' in text
    assert 'failures="0"' in gate_junit(kept.checked())
