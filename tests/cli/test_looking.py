"""The commands that only look: query, org, blueprints, doctor, ps, inspect, recommend."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from actwright.cli.help import flowing

Call = Callable[..., Any]

SPEC_OVER_NOTHING = """
name: sales
domain: Selling
version: "1"
use-cases:
  - action: Open a case
    capabilities: [Open]
    intent: Help
    blueprints: [task_creat]
"""


def test_query_gives_plain_nested_records(call: Call) -> None:
    """Parents are objects, children lists, and the org's notes about rows are gone."""
    soql = "SELECT Name, Account.Name FROM Opportunity WHERE Name = 'Acme Renewal'"
    assert call("query", soql, "--json").json == [
        {"Name": "Acme Renewal", "Account": {"Name": "Acme"}}
    ]


def test_query_counts(call: Call) -> None:
    """A count is one record; no match is an empty list."""
    assert call("query", "SELECT COUNT() FROM Opportunity", "--json").json == [{"count": 17}]
    assert call("query", "SELECT Id FROM Account WHERE Name = 'Nobody'", "--json").json == []


def test_query_shows_a_table(call: Call) -> None:
    """For people: a parent's field has its path as a heading, and the count stands on stderr."""
    answer = call("query", "SELECT Name, Account.Name FROM Opportunity")
    assert answer.out.splitlines()[0].split() == ["Name", "Account.Name"]
    assert answer.err == "17 records.\n"


def test_query_prints_whole_numbers_plainly(call: Call) -> None:
    """An amount of 30000 is 30000 to people; the JSON keeps the number as the org gave it."""
    soql = "SELECT Amount FROM Opportunity WHERE Name = 'Globex Pilot'"
    assert call("query", soql).out.split()[-1] == "30000"
    assert call("query", soql, "--json").json == [{"Amount": 30000.0}]


def test_a_wide_query_breaks_no_word(call: Call) -> None:
    """What does not fit 80 columns comes record by record."""
    answer = call(
        "query", "SELECT Id, Name, Amount, StageName, CloseDate, Account.Name FROM Opportunity"
    )
    assert "StageName: Proposal/Price Quote" in answer.out.splitlines()


@pytest.mark.parametrize(
    ("soql", "line"),
    [
        ("SELECT Id, Nme FROM Account", "SELECT Id, Nme FROM Account"),
        ("SELECT Id,\n  Nme\nFROM Account", "  Nme"),
    ],
)
def test_a_mistake_in_a_query_is_pointed_at(call: Call, soql: str, line: str) -> None:
    """The line of the query is shown with a caret under the place, and the message without either."""
    shown, caret, message = call("query", soql).err.splitlines()[:3]
    assert (shown, caret.index("^")) == (line, line.index("Nme"))
    assert message.startswith("Error: No such column 'Nme'")
    assert "ERROR at Row" in call("query", soql, "--json").json["error"]["message"]


def test_an_unknown_user_of_the_local_org(call: Call) -> None:
    """Whoever mistypes a name is told the names there are."""
    error = call("org", "show", "--as", "zoe", "--json").json["error"]
    assert error["message"] == (
        "No user 'zoe' on the local org; there are admin, alice, bob, carol, dana."
    )
    assert call("org", "show", "--as", "zoe").code == 2


def test_a_dead_org_is_named(call: Call) -> None:
    """Where nobody answers, the address that was tried is in the error."""
    answer = call("org", "show", "--org", "http://127.0.0.1:9", "--json")
    assert answer.json["error"]["where"] == "http://127.0.0.1:9"


def test_an_empty_query_is_refused(call: Call) -> None:
    """Nothing is sent for it."""
    assert call("query", "  ", "--json").json["error"]["where"] == "query"


def test_org_says_who_and_where(call: Call) -> None:
    """Without options: alice, on the embedded local org."""
    document = call("org", "show", "--json").json
    assert document["org"]["local"] is True
    assert document["user"]["username"].startswith("alice@")
    assert "Alice" in call("org", "show").out


def test_org_describes_what_the_person_may_write(call: Call) -> None:
    """Bob reads Amount and may not edit it."""
    fields = call("org", "describe", "opportunity", "--as", "bob", "--json").json["fields"]
    amount = next(each for each in fields if each["name"] == "Amount")
    assert amount["updateable"] is False
    assert "keyPrefix" in call("org", "objects", "--json").json[0]


def test_an_object_that_is_not_there(call: Call) -> None:
    """A hidden object and a missing one get the same answer."""
    answer = call("org", "describe", "Nonsense", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (2, "not_found")


def test_blueprints_list_and_show(call: Call) -> None:
    """The library can be read without an org; each one by key, name or alias."""
    document = call("blueprints", "list", "--json").json
    assert "oppty_closed_won" in [each["key"] for each in document["blueprints"]]
    assert document["quarantined"] == []
    shown = call("blueprints", "show", "OPPTY_closed_won", "--json").json
    assert shown["operation"] == "UPDATE"
    assert "CreateTask" in call("blueprints", "show", "task_create").out


def test_a_derived_blueprint_can_be_shown(call: Call) -> None:
    """Its key names the object and the operation; an unknown operation is refused."""
    shown = call("blueprints", "show", "derived.opportunity.update", "--json").json
    assert shown["targetSObject"] == "Opportunity"
    deleted = call("blueprints", "show", "derived.opportunity.delete", "--json").json
    assert deleted["operation"] == "DELETE"
    assert call("blueprints", "show", "derived.opportunity.explode").code == 2


def test_a_broken_blueprint_is_quarantined_and_linted(call: Call, tmp_path: Path) -> None:
    """One broken file harms nothing else; list, lint and doctor all name it."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "broken.json").write_text('{"name": "Broken", "operation": "EXPLODE"}')
    (tmp_path / "actwright.toml").write_text('blueprints = ["own"]\n')
    document = call("blueprints", "list", "--json").json
    assert [Path(each["path"]).name for each in document["quarantined"]] == ["broken.json"]
    linted = call("blueprints", "lint", "--json")
    assert linted.code == 2
    assert [key for key, found in linted.json.items() if found] == [str(Path("own/broken.json"))]
    doctor = call("doctor", "--json")
    assert doctor.code == 1
    assert [each["name"] for each in doctor.json if not each["ok"]] == ["blueprints"]


def test_lint_takes_files(call: Call, tmp_path: Path) -> None:
    """A file that is not in the library yet can be checked, before it is put there."""
    path = tmp_path / "draft.json"
    path.write_text(
        '{"name": "Draft", "operation": "CREATE", "targetSObject": "Account",'
        ' "inputs": [{"apiName": "Nonsense__c"}]}'
    )
    answer = call("blueprints", "lint", str(path), "--json")
    assert answer.code == 2
    assert any(each["severity"] == "error" for each in answer.json[str(path)])
    assert call("blueprints", "lint", "nonsense").code == 2


def test_lint_names_a_missing_file_once(call: Call) -> None:
    """No path twice, and no empty advice."""
    answer = call("blueprints", "lint", "nofile.json")
    assert answer.code == 2
    assert answer.out.count("nofile.json") == 1
    assert "next:" not in answer.out


def test_the_help_says_nothing_about_types(call: Call) -> None:
    """A flag takes nothing, and an operand is named by what it is."""
    for command in (("run",), ("blueprints", "lint"), ("ps",), ()):
        shown = call(*command, "--help").out
        assert not [word for word in ("<bool>", "<str>", "<list") if word in shown]
        assert "--help" in shown


def test_the_help_of_every_command_names_the_exit_codes_and_wraps_by_itself(call: Call) -> None:
    """Groups and what is in them too; no line of a docstring leaves a few words on a line of their own."""
    for command in (("undo",), ("approvers",), ("store", "upgrade")):
        assert "Exit codes: 0 done;" in call(*command, "--help").out
    assert flowing("One\nline.\n\nAnother\n one.") == "One line.\n\nAnother one."


def test_an_unknown_setting_is_answered_with_the_known_ones(call: Call, tmp_path: Path) -> None:
    """A mistyped key of actwright.toml is no riddle."""
    (tmp_path / "actwright.toml").write_text('usr = "bob"\n')
    message = call("org", "show", "--json").json["error"]["message"]
    assert "usr: unknown field; allowed: " in message
    assert "confirmation_minutes" in message


def test_doctor_finds_everything_in_place(call: Call) -> None:
    """On a fresh machine every check is ok, and each says what it found."""
    answer = call("doctor", "--json")
    assert answer.code == 0
    assert [each["name"] for each in answer.json] == [
        "python",
        "settings",
        "home",
        "keyring",
        "overrides",
        "sandbox",
        "traces",
        "policy",
        "planner",
        "prompts",
        "prices",
        "private key",
        "store",
        "blobs",
        "runs",
        "prompt log",
        "blueprints",
        "domains",
        "org",
        "explaining connection",
        "ledger",
    ]


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("--org", "http://127.0.0.1:9"), "org"),
        (("--org", "nonsense"), "settings"),
    ],
)
def test_doctor_says_what_to_do(call: Call, arguments: tuple[str, ...], name: str) -> None:
    """A problem comes with a hint, and makes the exit code 1."""
    answer = call("doctor", *arguments, "--json")
    assert answer.code == 1
    (problem,) = [each for each in answer.json if not each["ok"]]
    assert problem["name"] == name
    assert problem["hint"]


def test_doctor_names_a_home_that_is_no_folder(call: Call, tmp_path: Path) -> None:
    """A file stands where the home should be: folder and store are both told, with a way out."""
    (tmp_path / "file").write_text("")
    answer = call("doctor", "--home", str(tmp_path / "file"), "--json")
    assert answer.code == 1
    problems = {each["name"]: each["hint"] for each in answer.json if not each["ok"]}
    assert set(problems) == {"home", "store"}
    assert all("ACTWRIGHT_HOME" in hint for hint in problems.values())


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ('planner = "openai"', ("planner", "OPENAI_API_KEY")),
        ('planner = "openai"\nmodel_url = "http://127.0.0.1:9/v1"', None),
        ('prompts = "none"', ("prompts", "configuration")),
        ('prices = "none.yaml"', ("prices", "")),
        ('blobs = "actwright.toml"', ("blobs", "free space")),
        ('model_cost = "0.5"', ("prices", "price")),
        ('private_key_file = "none.pem"', ("private key", "PEM")),
        ('private_key_file = "actwright.toml"', ("private key", "PEM")),
        ('domains = ["none.yaml"]', ("domains", "")),
        ('domains = ["spec.yaml"]', ("domains", "task_create")),
    ],
)
def test_doctor_looks_at_what_the_settings_point_at(
    call: Call,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: str,
    problem: tuple[str, str] | None,
) -> None:
    """The model's key, prompts, prices, domain specs and the private key file are checked, each with a way out."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    (tmp_path / "actwright.toml").write_text(settings)
    (tmp_path / "spec.yaml").write_text(SPEC_OVER_NOTHING)
    answer = call("doctor", "--json")
    found = [each for each in answer.json if not each["ok"]]
    assert answer.code == (1 if problem else 0)
    assert [each["name"] for each in found] == ([problem[0]] if problem else [])
    assert all(problem and problem[1] in (each["hint"] or "") for each in found)


def test_a_domain_spec_over_no_blueprint_stops_planning(call: Call, tmp_path: Path) -> None:
    """The blueprint that is not there is named when the goal is planned, whatever use case it fits."""
    (tmp_path / "actwright.toml").write_text('domains = ["spec.yaml"]')
    (tmp_path / "spec.yaml").write_text(SPEC_OVER_NOTHING)
    answer = call("plan", "Close the Acme Renewal as won", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (2, "blueprint_unknown")
    assert "task_creat" in answer.json["error"]["message"]


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("close_opportunity", "opportunity_close_lost"),
        ("oppty_close_won", "oppty_closed_won"),
        ("CreateTsk", "task_create"),
        ("zzz", None),
    ],
)
def test_a_blueprint_that_is_not_there_has_near_ones(
    call: Call, word: str, near: str | None
) -> None:
    """A word that comes near a key, a name or an alias is answered with the keys; another one with the list only."""
    answer = call("blueprints", "show", word, "--json")
    hint = answer.json["error"]["hint"]
    assert answer.code == 2
    assert (near in hint.partition("?")[0]) if near else hint.startswith("`actwright")


def test_doctor_names_an_override_that_does_not_load(call: Call, tmp_path: Path) -> None:
    """A broken override is found before it is needed."""
    (tmp_path / "actwright.toml").write_text('[actions]\nCreateTask = "no.such:thing"\n')
    answer = call("doctor", "--json")
    assert [each["name"] for each in answer.json if not each["ok"]] == ["overrides"]


def test_doctor_names_an_override_that_stands_in_for_nothing(call: Call, tmp_path: Path) -> None:
    """A misspelt blueprint name would leave the standard implementation in place, unnoticed."""
    (tmp_path / "actwright.toml").write_text(
        '[actions]\nUpdateOpportunityStag = "actwright.actions.standard:StandardUpdate"\n'
    )
    answer = call("doctor", "--json")
    found = next(each for each in answer.json if each["name"] == "overrides")
    assert not found["ok"]
    assert "UpdateOpportunityStage" in found["hint"]


def test_ps_and_inspect_need_no_org(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record is read from the store alone."""
    run_id = call("run", "Change the amount of Globex Pilot to 7", "--yes", "--json").json[
        "envelope"
    ]["runId"]
    monkeypatch.setenv("ACTWRIGHT_ORG", "http://127.0.0.1:9")
    assert [each["id"] for each in call("ps", "--json").json] == [run_id]
    document = call("inspect", run_id, "--json").json
    assert document["fault"] is None
    assert document["events"][-1]["kind"] == "run_ended"
    assert document["run"]["envelope"]["success"] is True
    assert "envelope" not in call("ps", "--json").json[0]
    shown = call("inspect", run_id).out
    assert "journal is whole" in shown
    assert "Confirmed by unattended (login " in shown
    assert "on the local org" in shown
    assert 'about to update Opportunity "Globex Pilot"' in " ".join(shown.split())


def test_ps_keeps_the_goal_on_a_line_of_its_own(call: Call) -> None:
    """Id, status, when and who on one line of 80 columns, the goal indented below."""
    goal = "Change the amount of Globex Pilot to 7"
    run_id = call("run", goal, "--yes", "--json").json["envelope"]["runId"]
    first, second = call("ps").out.splitlines()
    assert first.startswith(f"{run_id}  completed  ")
    assert first.endswith("  alice")
    assert second.rstrip() == f"    {goal}"


def test_a_run_says_how_it_is_taken_back_and_by_which_run_it_was(call: Call) -> None:
    """The way back stands under the run; afterwards the list and the run itself tell of it, for programs too."""
    done = call("run", "Change the amount of Globex Pilot to 7", "--yes")
    run_id = done.out.partition("run_")[2].split()[0]
    assert f"Take it back: actwright undo run_{run_id}" in done.err
    undone = call("undo", f"run_{run_id}", "--yes", "--json").json["envelope"]["runId"]
    newest, first = call("ps", "--json").json
    assert (first["undoneBy"], newest["undoes"]) == ([undone], first["id"])
    assert f"taken back by {undone}" in call("ps").out
    assert f"Taken back by {undone}" in call("inspect", first["id"]).out
    assert f"Takes back {first['id']}" in call("inspect", undone).out
    assert f"Taken back by <code>{undone}</code>" in _page(call, first["id"])


def _page(call: Call, run_id: str) -> str:
    call("show", run_id, "--html", "page.html")
    refused = call("show", "page.html", "--json").json["error"]
    assert (refused["code"], "browser" in refused["message"]) == ("page_given", True)
    return Path("page.html").read_text(encoding="utf-8")


def test_inspect_tells_a_journal_that_was_changed(call: Call, tmp_path: Path) -> None:
    """An edited event breaks the chain, and the first bad event is named."""
    run_id = call("run", "Change the amount of Globex Pilot to 7", "--yes", "--json").json[
        "envelope"
    ]["runId"]
    with sqlite3.connect(tmp_path / "home" / "actwright.db") as connection:
        connection.execute("DROP TRIGGER journal_no_update")
        connection.execute("UPDATE journal SET actor = 'mallory' WHERE seq = 2")
    connection.close()
    answer = call("inspect", run_id, "--json")
    assert answer.code == 1
    assert "event 2" in answer.json["fault"]


def test_recommend_ranks(call: Call) -> None:
    """The nearest comes first, and --top limits the list."""
    found = call("recommend", "close the opportunity as won", "--top", "2", "--json").json
    assert len(found) == 2
    assert found[0]["key"] == "oppty_closed_won"
    assert found[0]["score"] >= found[1]["score"]
