"""What the gate and a recording tell: the cause, the case and its line, and never an advice that makes it worse."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from rich.console import Console, RenderableType
from tests.regression.recorded import PLANNED, SUITE, Recorded, loaded

from actwright.cli.regress import check as check_command
from actwright.cli.render import gates
from actwright.errors import DocumentError
from actwright.regression.cassettes.cassette import RecordedRequest
from actwright.regression.gate.leaks import Leaks, leaks_of
from actwright.regression.gate.renewing import Renewal, renew
from actwright.regression.playing.recording import Recorder
from actwright.regression.scores.scorecard import Scorecard
from actwright.regression.scores.scorecards import KeptScorecards
from actwright.regression.suite.suite import Suite
from actwright.testing import FixedClock

pytestmark = pytest.mark.xdist_group("regression")

PERSONAL = (
    ("Contact.Name", "Jane Roe"),
    ("Contact.Email", "jane.roe@example.com"),
    ("Contact.Phone", "+1 555 0188 42"),
    ("Account.BillingStreet", "1 Straße"),
)


def renewed(kept: Recorded, suite: Suite) -> Renewal:
    """Record a suite over a folder of cassettes."""
    return renew(Recorder(suite, kept.scene, FixedClock()), kept.shelf, suite.reviewed)


def shown(parts: Iterable[RenderableType]) -> str:
    """Return what a person reads."""
    console = Console(file=io.StringIO(), width=200)
    for each in parts:
        console.print(each)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_deleted_cassette_makes_no_orphans_of_its_texts(kept: Recorded, tmp_path: Path) -> None:
    """Whoever deleted the texts as well could not take the cassette back."""
    copy = kept.copy(tmp_path)
    copy.path().unlink()
    finding = copy.only("cassette_missing")
    assert finding.message == "The case has no scripted cassette."
    assert str(finding.hint).startswith("Record it")


def test_a_deleted_text_is_told_with_its_cases_and_nothing_else(
    kept: Recorded, tmp_path: Path
) -> None:
    """The cases were recorded, and the other texts are theirs."""
    copy = kept.copy(tmp_path)
    for each in (copy.folder / "texts").iterdir():
        each.unlink()
    found = copy.findings()
    assert {each.code for each in found} == {"text_missing"}
    assert sorted({case for each in found for case in each.cases}) == [
        "bad-500-then-good",
        "bad-unknown-blueprint-once",
        PLANNED,
    ]


def test_a_file_that_is_no_cassette_is_told(kept: Recorded, tmp_path: Path) -> None:
    """What nobody reads is not looked at for secrets either, and so must not lie there."""
    copy = kept.copy(tmp_path)
    (copy.folder / "scripted" / "x.txt").write_text("notes", "utf-8")
    assert str(copy.only("file_unknown").where).endswith("x.txt")


ACTION = SUITE[SUITE.index("{blueprint: Upd") :].strip()


@pytest.mark.parametrize(
    "action",
    [
        ACTION.replace("UpdateOpportunityStage", "CreateTusk"),
        "{blueprint: CreateTask, arguments: {Subjekt: Call}}",
    ],
)
def test_a_slip_in_what_a_case_expects_is_told_with_the_case_and_its_line(
    kept: Recorded, tmp_path: Path, action: str
) -> None:
    """By the gate and by a recording, which writes no scorecard then, and blames no prompt."""
    copy = kept.copy(tmp_path)
    suite = loaded(tmp_path, SUITE.replace(ACTION, action))
    for findings in (copy.findings(suite), renewed(copy, suite).findings):
        (found,) = [each for each in findings if each.code == "case_unjudgeable"]
        assert repr(PLANNED) in found.message
        assert "suite.yaml, line 6" in str(found.where)
        assert "score_dropped" not in {each.code for each in findings}


def test_a_record_nobody_has_is_told_with_the_case(kept: Recorded, tmp_path: Path) -> None:
    """A slip in a name is told by the gate as what it is."""
    suite = loaded(tmp_path, SUITE.replace('"Opportunity: Acme Renewal"', '"Opportunity: Acme R"'))
    (found,) = [each for each in kept.findings(suite) if each.code == "case_unjudgeable"]
    assert "not exactly one Opportunity" in found.message
    assert found.case == PLANNED


def test_what_is_wrong_is_listed_by_case(kept: Recorded, tmp_path: Path) -> None:
    """A suite of which much is wrong is open at once, and does not look as if all were well."""
    copy = kept.copy(tmp_path)
    order = "    order: [UpdateOpportunityStage, CreateTask]\n"
    suite = loaded(tmp_path, SUITE.replace("    checkpoint: present\n", order))
    recorder = Recorder(suite, copy.scene, FixedClock())
    renewal = renew(recorder, copy.shelf, suite.reviewed, accept_lower=True)
    result = copy.checked(suite)
    assert result.green
    for told in (shown(gates.gate(result)), shown(gates.renewal(renewal))):
        assert f"{PLANNED}  the order is UpdateOpportunityStage, not" in told
    assert "1 known miss, and nothing got worse" in shown(gates.gate(result))
    one = replace(result, plays=result.plays[:1])
    assert "1 scripted cassette," in shown(gates.gate(one))


def test_other_words_with_the_same_version_are_told(kept: Recorded, tmp_path: Path) -> None:
    """Two prompts that are both version 3 could not be told apart afterwards."""
    copy = kept.copy(tmp_path)
    cards = KeptScorecards(copy.shelf.scorecards)
    (card,) = cards.all()
    cards.write(card.model_copy(update={"hash": "f" * 64, "at": "2026-01-01T00:00:00Z"}))
    finding = copy.only("version_not_raised")
    assert "ffffffff" in finding.message
    assert card.hash[:8] in finding.message
    assert "prompts/plan/system.md.jinja" in str(finding.hint)


def test_a_case_that_names_a_person_is_not_recorded(kept: Recorded, tmp_path: Path) -> None:
    """Neither a cassette nor a scorecard says the name, and the recording says which case has it."""
    copy = kept.copy(tmp_path)
    (person,) = copy.scene.rows("SELECT Name FROM Contact LIMIT 1")
    goal = f"paint the house of {person['Name']}"
    case = f"  - {{id: house, goal: {goal}, expect: {{refusal: no_fit}}}}\n"
    renewal = renewed(copy, loaded(tmp_path, SUITE + case))
    (finding,) = renewal.findings
    assert (finding.code, finding.case) == ("content_leaked", "house")
    assert str(person["Name"]) not in finding.message
    held = (each for each in copy.folder.rglob("*") if each.is_file())
    assert not [each for each in held if str(person["Name"]) in each.read_text("utf-8")]


_FRAGMENTS = some.sampled_from(
    (
        *("Jane", "jane", "JANE", "roe", " ", "\x0b", "\x1c", "\n", ".", "@", "example.com", "x", "\u017f", "\u212a"),
        *("555", "0188", "42", "-", "1", "straße", "STRASSE", "sk-abcdefghij", "Bearer ", "api_key:"),
        *("00D000000000000!", "eyJabcdefghijk.abcdefghijk", "-----BEGIN RSA PRIVATE KEY", "evil.org"),
    )
)  # fmt: skip


@given(some.lists(_FRAGMENTS, max_size=8).map("".join))
def test_the_quick_look_for_leaks_misses_nothing(text: str) -> None:
    """Most texts hold nothing of the kind, and are not looked at twice; those that do are."""
    quick, slow = Leaks(PERSONAL), Leaks(PERSONAL)
    slow._suspect = _Everything()
    request = RecordedRequest(method="POST", path="/", body=text)
    assert list(quick.asked(request)) == list(slow.asked(request))


class _Everything:
    """Suspects every text."""

    def search(self, text: str) -> bool:
        """Return that there may be something."""
        del text
        return True


def test_progress_is_told_for_each_cassette(kept: Recorded) -> None:
    """Whoever waits sees how many of how many are played."""
    from actwright.regression.gate.gate import check  # noqa: PLC0415 - beside its one use

    seen: list[int] = []
    check(kept.suite, kept.folder, kept.scene, progress=seen.append)
    assert seen == [1, 2, 3]
    assert len(kept.shelf) == 3


def test_a_folder_without_a_suite_says_how_to_name_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The option is named, since nobody typed the path."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DocumentError) as error:
        check_command()
    assert "--suite" in str(error.value.hint)


def test_an_edited_total_is_named_with_its_line(kept: Recorded, tmp_path: Path) -> None:
    """Not with the first line of the file."""
    copy = kept.copy(tmp_path)
    (path,) = copy.shelf.scorecards.iterdir()
    lines = path.read_text("utf-8").splitlines()
    at = next(
        number for number, each in enumerate(lines) if '"inputTokens"' in each and number < 40
    )
    lines[at] = lines[at].replace(": ", ": 1")
    path.write_text("\n".join(lines), "utf-8")
    assert str(copy.only("scorecard_malformed").where).endswith(f"line {at + 1}")


def test_leaks_are_found_in_the_scene(kept: Recorded) -> None:
    """The names of the demo org's own people are among what is looked for."""
    (person,) = kept.scene.rows("SELECT Name FROM Contact LIMIT 1")
    request = RecordedRequest(method="POST", path="/", body=f'{{"goal": "{person["Name"]}"}}')
    assert list(leaks_of(kept.scene).asked(request)) == [
        "the Contact.Name of somebody in the demo org"
    ]


def test_cards_of_one_version_are_told_apart(kept: Recorded) -> None:
    """The short hash stands wherever a version does."""
    (card,) = kept.checked().cards
    assert isinstance(card, Scorecard)
    assert f"v{card.version} {card.hash[:8]}" in shown(gates.gate(kept.checked()))
