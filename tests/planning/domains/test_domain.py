"""Domain specs: what they may say, and how a wrong one is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from actwright.blueprints.library import load_library
from actwright.document import validated
from actwright.errors import DocumentError, DomainError
from actwright.planning.domains.blueprint_words import check_blueprints
from actwright.planning.domains.domain import DomainSpec, fingerprint, load_domains
from actwright.yaml_document import parse_yaml

EXAMPLES = Path(__file__).parents[3] / "examples" / "domains"

SPEC: dict[str, Any] = {
    "name": "sales",
    "domain": "Selling",
    "version": "1",
    "useCases": [
        {
            "action": "Close {deal} as won",
            "params": {"deal": "Acme"},
            "capabilities": ["Set a stage"],
            "intent": "Revenue",
        }
    ],
}


def _use_case(**changes: object) -> dict[str, Any]:
    return SPEC | {"useCases": [SPEC["useCases"][0] | changes]}


def _constraint(**words: object) -> dict[str, Any]:
    return SPEC | {"constraints": [{"name": "c1", **words}]}


def _read(document: object) -> DomainSpec:
    return validated(DomainSpec, document, where="spec.yaml", error=DomainError)


def _write(folder: Path, name: str, document: object) -> Path:
    path = folder / name
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return path


def test_the_example_is_read() -> None:
    """The example in the repository is a spec, and closed."""
    (spec,) = load_domains([EXAMPLES])
    assert (spec.name, spec.version, spec.scope) == ("sales", "1.2", "closed")
    assert spec.use_cases[0].example == "Close the Acme renewal opportunity as won"


def test_the_spec_in_the_documentation_is_one() -> None:
    """What docs/grounding.md shows as a spec is read as it stands there."""
    page = (EXAMPLES.parents[1] / "docs" / "grounding.md").read_text(encoding="utf-8")
    shown = page.partition("```yaml\n")[2].partition("```")[0]
    spec = _read(parse_yaml(shown, where="docs/grounding.md"))
    assert spec.use_cases[0].blueprints == ("oppty_closed_won", "task_create")


def test_both_spellings_of_use_cases_are_one() -> None:
    """``use-cases`` and ``useCases`` mean the same, and only one of them is given."""
    hyphened = {key if key != "useCases" else "use-cases": each for key, each in SPEC.items()}
    assert _read(hyphened) == _read(SPEC)
    with pytest.raises(DomainError, match="keep one of them"):
        _read(hyphened | SPEC)


@pytest.mark.parametrize("name", ["abc", "a.b-c", "9lives", "x" * 63])
def test_a_name_has_3_to_63_plain_characters(name: str) -> None:
    """Lower-case letters, digits, dots and hyphens make a name."""
    assert _read(SPEC | {"name": name}).name == name


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (SPEC | {"name": "ab"}, "name"),
        (SPEC | {"name": "x" * 64}, "name"),
        (SPEC | {"name": "Sales"}, "name"),
        (SPEC | {"name": "-sales"}, "name"),
        (SPEC | {"name": "sa les"}, "name"),
        (SPEC | {"version": " "}, "version"),
        (SPEC | {"version": 1.2}, "version"),
        (SPEC | {"scope": "shut"}, "scope"),
        (SPEC | {"useCases": []}, "useCases"),
        (SPEC | {"usecases": []}, "unknown field; allowed: constraints, domain, name, scope"),
        (SPEC | {"useCases": SPEC["useCases"] * 2}, "two use cases"),
        (_use_case(params={}), "no example for {deal}"),
        (_use_case(action="Close {deal"), "written {name}"),
        (_use_case(action="Close {the deal}"), "written {name}"),
        (_use_case(action="{deal}"), "nothing beyond its variables"),
        (_use_case(action=" "), "action"),
        (_use_case(capabilities=[]), "capabilities"),
        (_use_case(capabilities=[" "]), "capabilities"),
        (_use_case(goal="x"), "unknown field; allowed: action, blueprints, capabilities"),
        (_constraint(), "exactly one of order, requires"),
        (_constraint(order=["a", "b"], excludes=["a", "b"]), "exactly one"),
        (_constraint(order=["a"]), "order"),
        (_constraint(order=["a", "b' || true || '"]), "order"),
        (_constraint(requires={"if": "a"}), "then"),
        (_constraint(evidence={"blueprint": "a", "inputs": []}), "inputs"),
        (_constraint(evidence={"blueprint": "a", "inputs": ["X"], "provenance": ["me"]}), "goal"),
        (_constraint(kind="order"), "unknown field"),
        (_constraint(rule="plan.size < 3"), "needs a message"),
        (_constraint(rule="plan.size <", message="m"), "line 1, column 12"),
        (_constraint(rule="plan.sise < 3", message="m"), "Did you mean plan.size?"),
        (_constraint(rule="plan.size", message="m"), "true or false"),
        (_constraint(rule="actions.map(a, a) == []", message="m"), r"map\(\) is not allowed"),
        (
            _constraint(rule="action.input.A == 1", message="m"),
            r"member \"input\"\. .*line 1.*inputs",
        ),
        (_constraint(rule="has(action.input.A)", message="m"), "Did you mean inputs?"),
        (_constraint(rule="action['input']['A'] == 1", message="m"), "Did you mean inputs?"),
        (_constraint(rule="actions.all(a, a.blueprnt == 'x')", message="m"), "mean blueprint?"),
        (_constraint(rule="actions[0].row > 1", message="m"), "Did you mean rows?"),
        (
            _constraint(rule="actions.filter(a, a.rows > 1).all(b, b.nam == '')", message="m"),
            "Did you mean name?",
        ),
        (
            _constraint(rule="actions.filter(a, a.rows > 1)[0].nam == ''", message="m"),
            "Did you mean name?",
        ),
        (SPEC | {"constraints": [{"name": "c", "order": ["a", "b"]}] * 2}, "two constraints"),
        ([SPEC], "valid dictionary"),
        (None, "valid dictionary"),
    ],
)
def test_a_wrong_spec_is_refused_by_name_and_path(document: object, words: str) -> None:
    """Every fault is a domain error that says where it stands and what is allowed there."""
    with pytest.raises(DomainError, match=words) as refused:
        _read(document)
    assert refused.value.hint


@pytest.mark.parametrize(
    "rule",
    [
        "action.inputs.input == 1 && has(action.provenance.nam)",
        "actions.exists(a, a.inputs.row == 1 && a.position < 3)",
        "data.action == 1 || data.actions == 2",
        "goal == 'action.input' || size(action.inputs) > 1",
        "actions.size() > 1 && action['inputs']['nam'] == 1",
        "actions.filter(a, a.needs.exists(n, n == 'a1'))[0].rows > 1",
    ],
)
def test_what_an_action_holds_may_be_named(rule: str) -> None:
    """Inputs, data and texts are free; only the members of an action are known."""
    assert _read(_constraint(rule=rule, message="m")).constraints[0].rule == rule


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (_use_case(blueprints=["oppty_closed_wn"]), "sales: useCases[0].blueprints"),
        (_constraint(order=["task_create", "oppty_closed_wn"]), "sales: constraint c1"),
        (_constraint(requires={"if": "task_create", "then": "oppty_closed_wn"}), "constraint c1"),
        (_constraint(evidence={"blueprint": "oppty_closed_wn", "inputs": ["Id"]}), "constraint c1"),
    ],
)
def test_a_blueprint_that_is_not_there_is_found_before_planning(
    document: object, place: str
) -> None:
    """Where the library is known, a use case or a constraint over no blueprint is refused by place and near word."""
    with pytest.raises(DomainError, match="'oppty_closed_wn'") as refused:
        check_blueprints([_read(document)], load_library())
    assert place in str(refused.value.where)
    assert "Did you mean 'oppty_closed_won'?" in str(refused.value.hint)


def test_keys_names_aliases_and_derived_keys_are_blueprints() -> None:
    """A spec may call a blueprint anything the library does, or by a derived key."""
    words = ["oppty_closed_won", "CreateTask", "derived.case.delete"]
    check_blueprints([_read(_constraint(order=words))], load_library())


def test_specs_are_loaded_in_the_order_of_their_names(tmp_path: Path) -> None:
    """Files and folders may be mixed; hidden files and other endings are passed over."""
    _write(tmp_path, "z.yaml", SPEC | {"name": "alpha"})
    _write(tmp_path, "a.yml", SPEC | {"name": "omega"})
    _write(tmp_path, ".hidden.yaml", {"bad": 1})
    _write(tmp_path, "notes.txt", {"bad": 1})
    assert [each.name for each in load_domains([tmp_path])] == ["alpha", "omega"]
    assert [each.name for each in load_domains([tmp_path / "a.yml"])] == ["omega"]


def test_a_file_is_named_where_it_is_wrong(tmp_path: Path) -> None:
    """A spec that breaks its contract is refused with its file."""
    path = _write(tmp_path, "bad.yaml", SPEC | {"scope": "shut"})
    with pytest.raises(DomainError) as refused:
        load_domains([tmp_path])
    assert str(path) in refused.value.message


def test_two_specs_of_one_name_are_refused(tmp_path: Path) -> None:
    """Names are unique over all files, and both files are named."""
    one, other = _write(tmp_path, "a.yaml", SPEC), _write(tmp_path, "b.yaml", SPEC)
    with pytest.raises(DomainError) as refused:
        load_domains([tmp_path])
    assert str(one) in refused.value.message
    assert str(other) in refused.value.message


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """A folder without a spec grounds nothing: that is a mistake, not a choice."""
    with pytest.raises(DomainError, match="no domain spec"):
        load_domains([tmp_path])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x" * 5_000_000, "larger"),
        ("a: &a [1]\nb: [*a, *a]", "anchor"),
        ("name: sales\nname: other", "twice"),
        ("name: !!python/object:os.system x", "tag"),
        ("name: [sales", "no YAML"),
        ("", "empty"),
        ("\x00", "no YAML"),
    ],
)
def test_hostile_files_are_refused(tmp_path: Path, text: str, words: str) -> None:
    """Five megabytes, aliases, repeated keys, tags and torn files end in an error with the file's name."""
    path = tmp_path / "spec.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match=words) as refused:
        load_domains([path])
    assert str(path) in str(refused.value.where)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """A path that leads nowhere is named."""
    with pytest.raises(DocumentError, match="cannot be read"):
        load_domains([tmp_path / "none.yaml"])


def test_the_fingerprint_knows_every_word_and_no_order() -> None:
    """Any change of a spec changes it; the order of the specs does not."""
    one, other = _read(SPEC), _read(SPEC | {"name": "other"})
    assert fingerprint([one, other]) == fingerprint([other, one])
    changed = [
        _read(SPEC | {"version": "2"}),
        _read(SPEC | {"scope": "closed"}),
        _read(_use_case(intent="Other")),
        _read(_constraint(order=["a", "b"])),
    ]
    prints = {fingerprint([each]) for each in [one, other, *changed]}
    assert len(prints) == 6
    assert fingerprint([]) != fingerprint([one])
