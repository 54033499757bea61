"""Reading policies: every fault with its line, nothing half understood, and a version of what is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.policy_scene import policy

from actwright.errors import PolicyError
from actwright.guardrails.policy.policy import BUILT_IN_VERSION, Policy
from actwright.guardrails.policy.reading import read_cases
from actwright.guardrails.policy.source import PolicySource

RULE = "match: {objects: [Lead]}, effect: deny"
WHOLE = """\
version: 1
rules:
  - id: big-deals
    description: Big deals need two people.
    match:
      objects: [Opportunity]
      colour: red
      provenance: [mode]
      amounts: [{field: Amount, over: "50000"}]
    effect: require
    require: {people: 2}
"""


def refusal(text: str | bytes) -> PolicyError:
    """Return the error of a policy that cannot be used."""
    with pytest.raises(PolicyError) as caught:
        Policy.parse(text)
    return caught.value


def test_every_fault_has_its_line_column_path_and_what_is_allowed() -> None:
    """Three faults are told together, each where it stands."""
    found = refusal(WHOLE)
    assert found.where == "policy.yaml, line 8, column 20"
    assert (
        "policy.yaml, line 7, column 7: rules[0].match.colour: unknown key; allowed: amounts, "
        in found.message
    )
    assert "rules[0].match.provenance[0]: has to be 'goal', 'data'" in found.message
    assert (
        "line 9, column 33: rules[0].match.amounts[0].over: write a plain number, without quotes"
        in found.message
    )
    assert found.message.count("policy.yaml, line") == 3
    assert "policy check" in str(found.hint)


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("match: {objects: []}, effect: deny", "at least 1 item"),
        ("match: {field_kinds: [mail]}, effect: deny", "unknown key"),
        ("match: {objects: [Lead]}, effect: forbid", "'allow', 'deny', 'require' or 'warn'"),
        (
            "match: {operations: [INSERT]}, effect: deny",
            "'CREATE', 'UPDATE', 'UPSERT', 'DELETE' or 'CALL'",
        ),
        ("match: {}, effect: require", "belong together"),
        ("match: {}, effect: deny, require: {people: 2}", "belong together"),
        ("match: {}, effect: require, require: {people: 1}", "people: 2 or more"),
        ("match: {}, effect: require, require: {people: '2'}", "a whole number"),
        ("match: {rows: {over: 2}}, effect: allow", "has no amounts, rows or calls"),
        ("match: {transitions: [{field: StageName}]}, effect: deny", "from what, to what"),
        ("match: {during: [{from: '25:00'}]}, effect: deny", "has to match pattern"),
        (
            "match: {during: [{from: '08:00', to: '08:00'}]}, effect: deny",
            "does not end when it begins",
        ),
        ("match: {during: [{zone: Mars/Olympus}]}, effect: deny", "no such time zone"),
        ("match: {during: [{zone: ../../etc/passwd}]}, effect: deny", "Europe/Zurich"),
        ("match: {}, unless: {}, effect: deny", "somebody has to be named"),
        ("match: {fields: ['Amo unt']}, effect: deny", "has to match pattern"),
        (
            "match: {amounts: [{field: Amount, over: -1}]}, effect: deny",
            "greater than or equal to 0",
        ),
        ("id: Big Deals, match: {}, effect: deny", "has to match pattern"),
        (
            "id: made-up-owners, match: {}, effect: deny",
            "is the id of a rule of the built-in policy",
        ),
        ("id: default, match: {}, effect: deny", "built-in"),
        ("match: {when: 'user.nam == 1'}, effect: deny", "Did you mean user.name?"),
        ("match: {when: 'plan.rows'}, effect: deny", "compare it"),
        ("match: {when: 'changes.exists(c, c.feild == 1)'}, effect: deny", "Did you mean field?"),
    ],
)
def test_what_is_refused_and_why(rule: str, says: str) -> None:
    """Nothing is half understood: each of these is refused, and what may stand there is told."""
    with pytest.raises(PolicyError) as caught:
        policy(rule)
    told = f"{caught.value.message} {caught.value.hint}".lower()
    assert says.lower() in told


def test_two_rules_of_one_name_are_refused() -> None:
    """Both are named with their lines; a budget counts as a rule."""
    with pytest.raises(PolicyError, match=r"policy\.yaml:4 and policy\.yaml:5"):
        policy(f"id: a, {RULE}", f"id: a, {RULE}")


@pytest.mark.parametrize(
    "pair",
    [
        (RULE, "match: {objects: [lead]}, effect: allow"),
        (RULE, "match: {objects: [Lead], fields: [Name], operations: [CREATE]}, effect: allow"),
        (RULE, "match: {objects: [Lead], roles: [X]}, effect: require, require: {people: 2}"),
        (
            "match: {fieldKinds: [mail, link], provenance: [model]}, effect: deny",
            "match: {fieldKinds: [mail], provenance: [model]}, effect: warn",
        ),
    ],
)
def test_contradictions_name_both_rules(pair: tuple[str, str]) -> None:
    """A rule that another one denies whole can never have an effect; the order says nothing."""
    for rules in (pair, pair[::-1]):
        with pytest.raises(PolicyError) as caught:
            policy(*rules, head="without: [made-up-recipients]")
        assert caught.value.error_code == "policy_contradiction"
        assert {"policy.yaml:4", "policy.yaml:5"} <= set(
            caught.value.message.replace(",", " ").split()
        )


def test_a_rule_against_the_built_in_policy_names_the_way_out() -> None:
    """Who wants what the built-in policy denies has to say so."""
    rule = "match: {fieldKinds: [owner], provenance: [model]}, effect: warn"
    with pytest.raises(PolicyError, match="made-up-owners, built-in policy:27") as caught:
        policy(rule)
    assert "under `without`" in str(caught.value.hint)
    assert policy(rule, head="without: [made-up-owners]").rules[0].ref.id == "r1"


@pytest.mark.parametrize("name", ["nothing", "deletes"])
def test_only_built_in_rules_that_restrict_can_be_left_out(name: str) -> None:
    """What is not there, and what only allows, cannot be named."""
    with pytest.raises(PolicyError, match=f"no built-in rule {name}"):
        policy(head=f"without: [{name}]")


def test_rules_that_narrow_each_other_are_no_contradiction() -> None:
    """An exception within what is allowed, more people within that, and a ceiling."""
    assert policy(
        "match: {objects: [Task], operations: [DELETE]}, effect: allow",
        "match: {objects: [Task], operations: [DELETE], rows: {over: 5}}, effect: deny",
        "match: {objects: [Task], roles: [Intern]}, effect: deny",
        "match: {objects: [Task]}, effect: require, require: {keys: true}",
    ).rules


def test_the_version_is_of_what_is_said() -> None:
    """Another rule is another version; another layout, comments, tests and the file's name are not."""
    first = policy(RULE)
    assert (
        first.version
        == Policy.parse(
            "rules: # a comment\n- {effect: deny, match: {objects: [Lead]}, id: r1, description: Rule 1 says so.}\n"
            "version: 1\ntests: [{name: a, effects: [{object: Lead, operation: CREATE}], expect: {verdict: deny}}]",
            source="other.yaml",
        ).version
    )
    assert first.version.startswith("pol_")
    assert len(first.version) == 24
    others = [
        policy("match: {objects: [Leads]}, effect: deny"),
        policy("match: {objects: [Lead]}, effect: warn"),
        policy(RULE, head="mode: log-only"),
        policy(RULE, head="default: deny"),
        policy(RULE, head="zone: Europe/Zurich"),
        policy(RULE, head="without: [rights]"),
        policy(RULE, head="http: {reads: ['GET https://a.example/']}"),
        policy(RULE, head="budgets: [{id: b, description: d, per: run, rows: 1}]"),
    ]
    versions = {first.version, *(each.version for each in others)}
    assert len(versions) == 9
    assert BUILT_IN_VERSION == "built-in-2"
    assert Policy.built_in().version == BUILT_IN_VERSION


def test_a_file_is_read_again_whenever_it_counts(tmp_path: Path) -> None:
    """What did not change is not compiled again; what did holds at once, and what is gone is an error."""
    path = tmp_path / "policy.yaml"
    path.write_text(f"version: 1\nrules: [{{id: a, description: d, {RULE}}}]")
    source = PolicySource(path)
    first = source.current()
    assert source.current() is first
    path.write_text("version: 1\n")
    assert source.current().version != first.version
    path.unlink()
    with pytest.raises(PolicyError) as caught:
        source.current()
    assert caught.value.error_code == "policy_unreadable"
    assert PolicySource().current() is Policy.built_in()


def test_a_link_counts_and_a_pipe_does_not(tmp_path: Path) -> None:
    """Policies are mounted as links; a pipe would hold the program for ever."""
    path = tmp_path / "policy.yaml"
    path.write_text("version: 1\n")
    (tmp_path / "link.yaml").symlink_to(path)
    assert Policy.load(tmp_path / "link.yaml").source == "link.yaml"
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", ".", "nothing"):
        with pytest.raises(PolicyError):
            Policy.load(tmp_path / name)


def test_cases_beside_a_policy(tmp_path: Path) -> None:
    """They are a document of their own, as strict."""
    path = tmp_path / "policy_tests.yaml"
    path.write_text(
        "tests: [{name: a, effects: [{object: Lead, operation: CREATE}], expect: {verdict: deny}}]"
    )
    assert read_cases(path).tests[0].name == "a"
    path.write_text("tests: [{name: a, effects: [], expect: {verdict: maybe}}]")
    with pytest.raises(PolicyError, match="line 1"):
        read_cases(path)


def test_which_calls_are_declared_as_reads() -> None:
    """The method and the whole address, or what stands below a folder; nothing that could be more."""
    chosen = policy(
        head="http: {reads: ['GET https://a.example/v1/*', 'POST https://b.example/search']}"
    )
    assert chosen.reads_only("GET", "https://a.example/v1/rates/EUR")
    assert chosen.reads_only("POST", "https://b.example/search")
    for method, url in (
        ("POST", "https://a.example/v1/rates"),
        ("GET", "https://a.example/v2"),
        ("GET", "https://a.example.evil.example/v1/x"),
        ("GET", "https://a.example/v1/../v2"),
        ("GET", "https://a.example/v1/%2e%2e/v2"),
        ("GET", "https://a.example/v1/x?secret=1"),
        ("GET", "https://a.example/v1/x#y"),
        ("GET", "https://me@a.example/v1/x"),
        ("GET", "http://a.example/v1/x"),
        ("POST", "https://b.example/search/more"),
        ("GET", "https://a.example/v1/x\\..\\y"),
        ("GET", "https://a.example/v1/\nx"),
    ):
        assert not chosen.reads_only(method, url), url


@pytest.mark.parametrize(
    "read",
    [
        "DELETE https://a.example/",
        "GET http://a.example/",
        "GET https://*",
        "GET https://a.example/v*",
        "GET https://a.example/../x",
        "GET https://u@a.example/",
        "GET https://a.example/?x",
        "https://a.example/",
    ],
)
def test_what_is_no_read(read: str) -> None:
    """Other methods, plain HTTP, patterns in the middle, and what could lead elsewhere."""
    with pytest.raises(PolicyError, match=r"http\.reads"):
        policy(head=f"http: {{reads: ['{read}']}}")
