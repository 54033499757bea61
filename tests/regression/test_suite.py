"""A suite is read strictly: what it refers to must be there, once, and every fault is named with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from actwright.errors import DocumentError, NotFoundError
from actwright.regression.suite.bad_cases import bad_case_id
from actwright.regression.suite.suite import Suite
from actwright.testing.bad_replies import BAD_REPLIES

GOALS = """goals:
  - id: won
    kind: plain
    goal: close the Acme Renewal as won
    expect: {actions: [{blueprint: UpdateOpportunityStage, arguments: {Id: "Opportunity: Acme Renewal"}}]}
  - id: weather
    kind: out_of_scope
    goal: what is the weather?
    expect: {refusal: part_not_understood}
"""
SUITE = """suite: 1
at: 2026-11-21T12:00:00Z
checkpoint: present
goals:
  - files: [goals.yaml]
    take: [weather, won]
"""
OWN = """cases:
  - id: won-by-carol
    goal: close the Acme Renewal as won
    user: carol
    expect: {refusal: no_fit}
    replies: [{status: 500}, {text: "{}"}]
    guardrails: {object_not_editable: blocked}
"""


def suite_at(folder: Path, text: str = SUITE, goals: str = GOALS) -> Path:
    """Write a suite and its goals, and return the suite's file."""
    (folder / "goals.yaml").write_text(goals, encoding="utf-8")
    path = folder / "suite.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path) -> DocumentError:
    """Return the error that reading a suite ends in."""
    with pytest.raises(DocumentError) as caught:
        Suite.load(path)
    return caught.value


def test_a_suite_takes_the_cases_it_names_in_its_own_order(tmp_path: Path) -> None:
    """Goals come from the goal files; a case that expects a plan also has to have its checkpoint texts."""
    suite = Suite.load(suite_at(tmp_path))
    weather, won = suite.cases
    assert [(each.id, each.wanted, each.checkpoint) for each in (weather, won)] == [
        ("weather", "refusal", False),
        ("won", "plan", True),
    ]
    assert won.place == f"{tmp_path / 'goals.yaml'}, line 2"
    assert suite.case("won") is won


def test_without_names_a_suite_takes_every_case_of_its_goal_files(tmp_path: Path) -> None:
    """``take`` may be left out, and the files come in the order in which they stand there."""
    path = suite_at(tmp_path, SUITE.replace("    take: [weather, won]\n", ""))
    assert [each.id for each in Suite.load(path).cases] == ["won", "weather"]


def test_a_model_has_one_word_for_no_plan(tmp_path: Path) -> None:
    """Where a goal file expects a refusal by another code, ``no_fit`` is right as well."""
    (expected,) = Suite.load(suite_at(tmp_path)).case("weather").expect
    assert expected.refusal == ("part_not_understood", "no_fit")


def test_a_suite_adds_to_a_case_and_holds_cases_of_its_own(tmp_path: Path) -> None:
    """An entry without a goal says more of a case that is there; one with a goal is a new case."""
    more = (
        OWN + "  - {id: won, order: [UpdateOpportunityStage], tags: [sales], status: suggested}\n"
    )
    suite = Suite.load(suite_at(tmp_path, SUITE + more))
    own, won = suite.case("won-by-carol"), suite.case("won")
    assert own.user == "carol"
    assert [each.status for each in own.replies] == [500, 200]
    assert own.guardrails == {"object_not_editable": "blocked"}
    assert (won.order, won.tags, won.checkpoint) == (("UpdateOpportunityStage",), ("sales",), True)
    assert [each.id for each in suite.reviewed] == ["weather", "won-by-carol"]


def test_what_is_added_takes_nothing_away(tmp_path: Path) -> None:
    """A bad reply that is retired keeps its script and its tag."""
    more = (
        "badReplies: [fenced JSON]\ncases: [{id: bad-fenced-json, status: retired, tags: [old]}]\n"
    )
    suite = Suite.load(suite_at(tmp_path, SUITE + more))
    bad = suite.case("bad-fenced-json")
    assert (bad.status, bad.tags, len(bad.replies)) == ("retired", ("bad-reply", "old"), 1)
    assert bad not in suite.reviewed


def test_a_folder_is_one_suite(tmp_path: Path) -> None:
    """A file may say more of what another one takes, and one of them says the moment."""
    folder = tmp_path / "suite"
    folder.mkdir()
    suite_at(folder, SUITE)
    (folder / "goals.yaml").rename(tmp_path / "goals.yaml")
    (folder / "suite.yaml").write_text(SUITE.replace("[goals.yaml]", "[../goals.yaml]"), "utf-8")
    (folder / "bad.yaml").write_text("suite: 1\nbadReplies: [fenced JSON, '401']\n", "utf-8")
    suite = Suite.load(folder)
    fenced, key = suite.case("bad-fenced-json"), suite.case("bad-401")
    assert (fenced.wanted, key.wanted, key.failure) == ("plan", "failure", "model_authentication")
    assert len(suite.cases) == 4


def test_the_digest_is_of_what_counts(tmp_path: Path) -> None:
    """Where cases stand and what is scripted is not in it; what must hold of one, and whether it counts, is."""
    first = Suite.load(suite_at(tmp_path)).digest
    turned = SUITE.replace("weather, won", "won, weather")
    scripted = SUITE + "cases: [{id: won, replies: [{text: x}], tags: [slow]}]\n"
    ordered = SUITE + "cases: [{id: won, order: [CreateTask]}]\n"
    retired = SUITE + "cases: [{id: won, status: retired}]\n"
    same = [Suite.load(suite_at(tmp_path, each)).digest for each in (turned, scripted)]
    others = [Suite.load(suite_at(tmp_path, each)).digest for each in (ordered, retired)]
    assert same == [first, first]
    assert first not in others
    assert others[0] != others[1]


@pytest.mark.parametrize(
    ("text", "line", "fault"),
    [
        (SUITE.replace("suite: 1", "suite: 2"), 1, "version '2'"),
        (SUITE.replace("suite: 1\n", ""), None, "no version"),
        (SUITE.replace("[weather, won]", "[weather, lost]"), 6, "no case 'lost'"),
        (SUITE.replace("[weather, won]", "[won, won]"), None, "stands there twice"),
        (SUITE + "cases:\n  - {id: lost, order: [CreateTask]}\n", 8, "no case 'lost'"),
        (SUITE + "cases:\n  - {id: won}\n  - {id: won}\n", 9, "stands there twice"),
        (SUITE + OWN.replace("won-by-carol", "won"), 8, "stands there twice"),
        (SUITE + OWN.replace("    user: carol\n", ""), 8, "stands there twice"),
        (SUITE + OWN.replace("expect: {refusal: no_fit}", "failure: model_busy, x"), 11, "failure"),
        (SUITE + OWN.replace("    expect: {refusal: no_fit}\n", ""), 8, "exactly one of expect"),
        (SUITE + OWN.replace("status: 500", "status: 500, text: x"), 12, "exactly one of json"),
        (SUITE + OWN.replace("blocked", "shouted"), 13, "guardrails"),
        (SUITE + "cases: [{id: won, prose: nice}]\n", 7, "unknown field"),
        (SUITE + "cases: [{id: won, data: {a: 1}}]\n", 7, "a goal of its own"),
        (SUITE + "badReplies: [no such thing]\n", 7, "no bad reply"),
        (SUITE + "badReplies: [nobody there]\n", 7, "nothing can be recorded"),
        (SUITE + "noise: {scripted: {right: {cases: 3}}}\n", 7, "no noise"),
        (SUITE.replace("at: 2026-11-21T12:00:00Z\n", ""), None, "at which moment"),
        (SUITE.replace("12:00:00Z", "12:00:00"), 2, "zone"),
        (SUITE.replace("checkpoint", "'checkpoint"), 7, "no YAML"),
    ],
)
def test_a_fault_of_a_suite_is_named_with_file_and_line(
    text: str, line: int | None, fault: str, tmp_path: Path
) -> None:
    """Another version, a case nobody knows, one that stands there twice, an unknown field: each has its place."""
    path = suite_at(tmp_path, text)
    error = refused(path)
    assert fault in f"{error.message} {error.hint}"
    if line is not None:
        assert error.where is not None
        assert error.where.startswith(f"{path}, line {line}")


def test_a_fault_of_a_goal_file_is_named_with_its_line(tmp_path: Path) -> None:
    """The goal file is named, not the suite that refers to it."""
    path = suite_at(tmp_path, goals=GOALS.replace("kind: out_of_scope", "kind: funny"))
    assert refused(path).where == f"{tmp_path / 'goals.yaml'}, line 7"


@pytest.mark.parametrize("name", ["missing.yaml", "empty"])
def test_a_suite_that_is_not_there_is_an_error(name: str, tmp_path: Path) -> None:
    """Neither a missing file nor a folder without files is a suite of nothing."""
    (tmp_path / "empty").mkdir()
    assert refused(tmp_path / name).where == str(tmp_path / name)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("suite: 1\nat: 2027-01-01T00:00:00Z\n", "two moments"),
        ("suite: 1\nnoise: {}\n", "twice"),
    ],
)
def test_two_files_do_not_contradict_each_other(more: str, fault: str, tmp_path: Path) -> None:
    """One of the files of a suite says the moment, and at most one the noise bands."""
    suite_at(tmp_path, SUITE + "noise: {}\n")
    (tmp_path / "goals.yaml").rename(tmp_path / "goals.txt")
    path = tmp_path / "suite.yaml"
    path.write_text(path.read_text("utf-8").replace("goals.yaml", "goals.txt"), "utf-8")
    (tmp_path / "z.yaml").write_text(more, encoding="utf-8")
    error = refused(tmp_path)
    assert fault in error.message
    assert error.where == f"{tmp_path / 'z.yaml'}, line 2"


def test_a_case_nobody_knows_is_an_error(tmp_path: Path) -> None:
    """A caller who asks for one is told so, with a code."""
    with pytest.raises(NotFoundError) as caught:
        Suite.load(suite_at(tmp_path)).case("lost")
    assert caught.value.error_code == "case_unknown"


def test_every_bad_reply_can_be_a_case() -> None:
    """Their names give ids that fit, and no two the same."""
    ids = [bad_case_id(each.name) for each in BAD_REPLIES]
    assert len(set(ids)) == len(ids)


@given(some.text(max_size=300))
def test_no_text_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Whatever a suite's file holds, it is a suite or a named error."""
    path = tmp_path_factory.getbasetemp() / "any_suite.yaml"
    path.write_text(f"suite: 1\n{text}", encoding="utf-8", errors="surrogatepass")
    with pytest.raises(DocumentError):
        Suite.load(path)


def test_a_fault_is_told_once_and_in_words_of_the_form(tmp_path: Path) -> None:
    """Who writes a question as a text reads what to write instead, and nothing of the program's own types."""
    more = "  - {id: own, goal: do it, expect: {questions: [a1.LastName]}}\n"
    error = refused(suite_at(tmp_path, SUITE + "cases:\n" + more))
    assert "has to be keys with their values" in error.message
    assert not {"ExpectedQuestion", "Tuple", "dictionary"} & set(error.message.split())
    assert error.message.count("has to") == 1
    assert "docs/planning.md" in str(error.hint)
