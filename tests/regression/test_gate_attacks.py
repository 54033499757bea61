"""The gate under attack: what somebody may edit, take away, forge or weaken so that it stays open."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tests.regression.recorded import PLANNED, SUITE, Recorded, loaded

from actwright.model.prompts import bundled_prompts
from actwright.regression.cassettes.cassette import CassetteHeader
from actwright.regression.gate.leaks import Leaks
from actwright.regression.playing.scene import Scene

pytestmark = pytest.mark.xdist_group("regression")


def codes(kept: Recorded) -> set[str]:
    """Return what keeps the gate closed."""
    return {each.code for each in kept.findings()}


def edited(path: Path, old: str, new: str) -> None:
    """Replace a text in a file, in which it has to stand."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[DONE]", "[GONE]"),
        ("status: 200", "status: 201"),
        ("plan/user.md.jinja:", "plan/other.md.jinja:"),
        ('actwright: "', 'actwright: "9'),
    ],
)
def test_no_line_of_a_recording_can_be_edited(
    kept: Recorded, tmp_path: Path, old: str, new: str
) -> None:
    """Answers and header are covered by a digest as the request is by the name."""
    copy = kept.copy(tmp_path)
    edited(copy.path(), old, new)
    findings = {each.code: each for each in copy.findings()}
    assert "cassette_tampered" in findings
    assert copy.path().name in str(findings["cassette_tampered"].where)


def test_an_answer_that_no_script_gave_is_told(kept: Recorded, tmp_path: Path) -> None:
    """A scripted recording is held to its case's script, however well its digest was forged."""
    copy = kept.copy(tmp_path)
    made = copy.shelf.read(copy.path(), "scripted").cassette
    (one,) = made.interactions
    body = one.response.body.replace("data: [DONE]", ": forged\n\ndata: [DONE]")
    said = one.model_copy(update={"response": one.response.model_copy(update={"body": body})})
    copy.path().unlink()
    copy.shelf.keep(made.model_copy(update={"interactions": (said,)}))
    assert "script" in copy.only("cassette_tampered").message


def test_a_header_that_names_other_prompts_is_told(kept: Recorded, tmp_path: Path) -> None:
    """A prompt that is left out of the header could change unseen."""
    copy = kept.copy(tmp_path)
    path = copy.path("bad-unknown-blueprint-once")
    made = copy.shelf.read(path, "scripted").cassette
    header = made.header.model_copy(update={"prompts": made.header.prompts[:1]})
    copy.shelf.keep(made.model_copy(update={"header": header}))
    assert "prompts" in copy.only("cassette_tampered").message
    with pytest.raises(ValueError, match="prompts"):
        CassetteHeader.model_validate(header.model_dump() | {"prompts": ()})


def test_a_prompt_that_no_recording_uses_cannot_change_unseen(
    kept: Recorded, tmp_path: Path
) -> None:
    """One other word in any prompt names its template, and the way on."""
    prompts = tmp_path / "prompts"
    shutil.copytree(bundled_prompts(), prompts)
    changed = ("generate_action/user", "recommend/system", "respond/system")
    for template in changed:
        with (prompts / f"{template}.md.jinja").open("a", encoding="utf-8") as file:
            file.write("And one more word.\n")
    with Scene(at=kept.suite.at, prompts=prompts) as scene:
        findings = kept.checked(scene=scene).findings
    for finding, template in zip(findings, changed, strict=True):
        assert finding.code == "prompt_changed"
        assert f"prompts/{template}.md.jinja" in finding.message
        assert "actwright regress record" in str(finding.hint)


def test_the_list_of_prompts_cannot_be_taken_away(kept: Recorded, tmp_path: Path) -> None:
    """Without it, or with another text in it, nobody knows what has changed."""
    copy = kept.copy(tmp_path)
    edited(copy.folder / "prompts.yaml", "format: 1", "format: 2")
    assert "line" in str(copy.only("prompts_malformed").where)
    (copy.folder / "prompts.yaml").unlink()
    assert copy.only("prompts_missing").hint


def test_a_scorecard_that_lowers_the_bar_is_told(kept: Recorded, tmp_path: Path) -> None:
    """One that says a case was wrong, where it is right, would let it become wrong."""
    copy = kept.copy(tmp_path)
    (path,) = copy.shelf.scorecards.iterdir()
    card = json.loads(path.read_text("utf-8"))
    case = next(each for each in card["cases"] if each["id"] == PLANNED)
    case["right"] = False
    card["totals"]["right"] -= 1
    card["totals"]["plansRight"] -= 1
    path.write_text(json.dumps(card), "utf-8")
    assert PLANNED in "".join(copy.only("scorecard_outdated").diff)


def test_a_suite_without_a_case_holds_nothing(kept: Recorded, tmp_path: Path) -> None:
    """Nothing was played, so nothing is proved."""
    suite = replace(kept.suite, cases=())
    copy = kept.copy(tmp_path)
    shutil.rmtree(copy.folder / "scripted")
    shutil.rmtree(copy.folder / "texts")
    assert "suite_empty" in {each.code for each in copy.checked(suite).findings}


def test_a_scorecard_whose_recordings_are_gone_is_told(kept: Recorded, tmp_path: Path) -> None:
    """Live recordings that were deleted take what a model did out of sight."""
    copy = kept.copy(tmp_path)
    (path,) = copy.shelf.scorecards.iterdir()
    text = path.read_text("utf-8").replace('"origin": "scripted"', '"origin": "live"')
    live = path.with_name(path.name.replace("-scripted.json", "-live.json"))
    live.write_text(text, "utf-8")
    assert copy.only("scorecard_orphaned").where == str(live)


def test_a_wider_noise_band_is_another_suite(kept: Recorded, tmp_path: Path) -> None:
    """What excuses a drop is part of what a scorecard was made with."""
    suite = loaded(tmp_path, SUITE + "noise: {scripted: {tokens: {percent: 100}}}\n")
    assert suite.digest != kept.suite.digest
    assert {each.code for each in kept.findings(suite)} == {"scorecard_outdated"}


def test_the_checkpoint_rule_of_a_file_holds_for_its_own_cases(tmp_path: Path) -> None:
    """It is said once, above all of them."""
    text = SUITE.replace("    checkpoint: present\n", "") + "checkpoint: present\n"
    assert loaded(tmp_path, text).case(PLANNED).checkpoint


@pytest.mark.parametrize(
    "secret",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "github_pat_11ABCDEFG0123456789abcdefghij",
        "https://user:hunter22@host/",
        "client_secret: abcdef123456",
    ],
)
def test_secrets_of_every_form_the_log_knows_are_found(secret: str) -> None:
    """What the prompt log takes out must not stand in a recording either."""
    assert list(Leaks([]).findings(Path("a"), f"x {secret}"))


def test_a_scorecard_holds_nothing_personal_either(kept: Recorded, tmp_path: Path) -> None:
    """What a model answered stands in its outline."""
    copy = kept.copy(tmp_path)
    (path,) = copy.shelf.scorecards.iterdir()
    edited(path, "Closed Won", "ask jane@acme-corp.de")
    found = [each for each in copy.findings() if each.code == "content_leaked"]
    assert f"{path}, line " in str(found[0].where)


def test_a_name_behind_escapes_is_found(kept: Recorded, tmp_path: Path) -> None:
    """JSON in JSON may write any character as an escape."""
    copy = kept.copy(tmp_path)
    (person,) = kept.scene.rows("SELECT Name FROM Contact ORDER BY Name LIMIT 1")
    hidden = "".join(f"\\u{ord(each):04x}" for each in str(person["Name"]))
    made = copy.shelf.read(copy.path(), "scripted").cassette
    (one,) = made.interactions
    reply = one.response.model_copy(update={"body": f'{{"error": "{hidden}"}}'})
    copy.path().unlink()
    said = one.model_copy(update={"response": reply})
    copy.shelf.keep(made.model_copy(update={"interactions": (said,)}))
    assert "content_leaked" in codes(copy)


def test_texts_of_a_cassette_nobody_can_read_are_not_called_orphans(
    kept: Recorded, tmp_path: Path
) -> None:
    """Whoever followed that advice would delete what belongs to it."""
    copy = kept.copy(tmp_path)
    edited(copy.path(), "format: 1", "format: 2")
    assert codes(copy) == {"cassette_format"}


def test_a_script_cannot_be_passed_off_as_a_model(kept: Recorded, tmp_path: Path) -> None:
    """However well header, name and digest are forged: what a script is asked as, no model is."""
    copy = kept.copy(tmp_path)
    made = copy.shelf.read(copy.path(), "scripted").cassette
    live = made.header.model_copy(update={"origin": "live"})
    copy.shelf.keep(made.model_copy(update={"header": live}))
    assert copy.only("origin_mixed").where
