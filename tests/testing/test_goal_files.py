"""Goal files are read strictly: what a case does not say exactly is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.goal_suite import cases
from tests.memory_org import demo_org

from actwright.document import validated
from actwright.errors import DocumentError
from actwright.testing.goals import GoalCase, load_goals, load_placed_goals

GOOD = """
goals:
  - id: won
    kind: plain
    goal: close it as won
    expect: {actions: [{blueprint: UpdateOpportunityStage, arguments: {StageName: Closed Won}}]}
"""


def test_a_folder_stands_for_its_files(tmp_path: Path) -> None:
    """Files are read by name, cases in order, one name or outcome is a list of one."""
    (tmp_path / "b.yaml").write_text(GOOD.replace("won", "lost"), encoding="utf-8")
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    found = load_goals([tmp_path])
    assert [each.id for each in found] == ["won", "lost"]
    assert found[0].user == "alice"
    assert found[0].expect[0].actions is not None
    assert found[0].expect[0].actions[0].blueprint == ("UpdateOpportunityStage",)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (GOOD.replace("kind: plain", "kind: funny"), "kind"),
        (GOOD.replace("    kind: plain\n", ""), "kind"),
        (GOOD.replace("id: won", "id: Won Again"), "id"),
        (GOOD.replace("blueprint: UpdateOpportunityStage, ", ""), "needs a blueprint"),
        (GOOD.replace("expect: {", "expect: {refusal: no_fit, "), "exactly one"),
        (GOOD.replace("actions: [{", "deeds: [{"), "unknown field"),
        (GOOD + GOOD.removeprefix("\ngoals:\n"), "same case"),
        (GOOD + GOOD.removeprefix("\ngoals:\n").replace("id: won", "id: other"), "same case"),
        ("goals: []", "goals"),
    ],
)
def test_a_case_that_is_not_exact_is_refused(text: str, fault: str, tmp_path: Path) -> None:
    """Another kind, an unknown field, two outcomes in one, a case that stands there twice: each is named."""
    path = tmp_path / "goals.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError) as error:
        load_goals([path])
    assert fault in str(error.value)


def test_a_fault_is_named_with_its_line(tmp_path: Path) -> None:
    """A broken case is found in a long file, and so is the second of two that are the same."""
    path = tmp_path / "goals.yaml"
    path.write_text(GOOD.replace("kind: plain", "kind: funny"), encoding="utf-8")
    with pytest.raises(DocumentError) as broken:
        load_goals([path])
    assert broken.value.where == f"{path}, line 4"
    path.write_text(GOOD + GOOD.removeprefix("\ngoals:\n"), encoding="utf-8")
    with pytest.raises(DocumentError) as twice:
        load_goals([path])
    assert twice.value.where == f"{path}, line 7"


def test_a_case_knows_where_it_stands(tmp_path: Path) -> None:
    """Whoever builds on goal files can name file and line of each case."""
    path = tmp_path / "goals.yaml"
    path.write_text(GOOD, encoding="utf-8")
    (placed,) = load_placed_goals([path])
    assert (placed.case.id, placed.place) == ("won", f"{path}, line 3")


def test_no_goals_at_all_are_an_error(tmp_path: Path) -> None:
    """A suite of nothing would pass everything."""
    with pytest.raises(DocumentError, match="no goals"):
        load_goals([tmp_path])


def _named(value: Any) -> list[str]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = [value] if isinstance(value, str) else []
    return own + [each for one in inner for each in _named(one)]


def test_every_record_the_suite_names_is_in_the_demo_org() -> None:
    """Each ``Object: Name`` of our own goals names exactly one record, so that no case can be unjudgeable."""
    org = demo_org()
    wanted = {
        each
        for case in cases()
        for expected in case.expect
        for each in _named(expected.model_dump(mode="json"))
        if each.partition(": ")[0] in org.schemas and ": " in each
    }
    assert len(wanted) > 40
    for each in wanted:
        name, _, label = each.partition(": ")
        field = org.describe(name).name_field
        assert field is not None
        rows = [row for row in org.rows[name] if row.get(field.name) == label]
        assert len(rows) == 1, each


def test_a_case_is_written_back_as_it_was_read() -> None:
    """A case survives the way through JSON."""
    for case in cases():
        document = case.model_dump(mode="json", by_alias=True)
        assert validated(GoalCase, document, where="the case") == case
