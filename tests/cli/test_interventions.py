"""Stepping into runs from the command line: what it takes, what it tells, and the code it ends with."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from rich.console import Console
from tests.cli.conftest import Call
from tests.runs.interventions.staged_run import RECORD, RUN, StagedRun, wish
from tests.scenario import Rest, confirmed, new_deal, sign_in, task

from actwright import Actwright
from actwright.cli.intervening import ACTIONS, completed
from actwright.cli.keys import approver_key
from actwright.cli.render.interventions import objections
from actwright.cli.stepping_in import Stepping
from actwright.cli.terminal import Terminal
from actwright.errors import InputError, RunBusyError
from actwright.runs.interventions.objection import Objection
from actwright.runs.interventions.standing import Standing
from actwright.testing import LocalOrg

WHY = ("--why", "because")


@pytest.fixture
def staged(tmp_path: Path) -> Iterator[StagedRun]:
    """Give a run in the store the command line works on."""
    (tmp_path / "home").mkdir()
    made = StagedRun(tmp_path / "home")
    yield made
    made.close()


def test_a_key_is_shown_once_and_kept_nowhere(call: Call, tmp_path: Path) -> None:
    """Alone on stdout, so that it can be handed on; the list has neither the key nor what it is checked by."""
    added = call("approvers", "add", "Ann Archer")
    key = added.out.strip()
    assert key.startswith("apk_")
    assert "cannot be shown again" in added.err
    (listed,) = call("approvers", "list", "--json").json
    assert sorted(listed) == [
        *("addedBy", "at", "id", "kind", "name", "revoked", "roles", "vouchedBy")
    ]
    assert key not in (tmp_path / "home" / "actwright.db").read_bytes().decode("latin-1")
    (tmp_path / "ann.key").write_text(key, encoding="utf-8")
    own = ("--key-file", str(tmp_path / "ann.key"))
    assert call("approvers", "add", "ann archer", *own).code == 2
    assert call("approvers", "revoke", "ann archer", "--why", "left", *own).code == 0
    shown = call("approvers", "list").out
    assert "Ann Archer" in shown
    assert "revoked" in shown


def test_a_cancel_is_put_on_the_record(call: Call, staged: StagedRun) -> None:
    """As JSON it is the run, the event and whether it was there already."""
    staged.at("retry")
    asked = ("cancel", RUN, *WHY, "--key", "k1", "--no-drive", "--json")
    first, again = call(*asked).json, call(*asked).json
    assert (first["run"]["ending"], first["repeated"], again["repeated"]) == (
        "cancelled",
        False,
        True,
    )
    assert first["intervention"] == again["intervention"]
    assert first["envelope"] is None


def test_what_does_not_apply_exits_with_six(call: Call, staged: StagedRun) -> None:
    """The message says how the run stands and what applies instead."""
    staged.at("doubt")
    refused = call("resume", RUN, "--action", "retry", *WHY, "--no-drive")
    assert refused.code == 6
    assert "nobody can tell whether g1 happened: retry does not apply" in refused.err
    assert "What applies now: abort_flow, provide_clarification, override." in refused.err


@pytest.mark.parametrize(
    ("place", "told", "why"),
    [
        ("retry", ("retry_with_inputs",), "needs new values"),
        ("retry", ("force_branch",), "needs to know what to go on with"),
        ("doubt", ("provide_clarification",), "needs an answer"),
        ("doubt", ("provide_clarification", "--answer", "perhaps"), "needs an answer"),
    ],
)
def test_what_lacks_what_it_needs_exits_with_two(
    call: Call, staged: StagedRun, place: Standing, told: tuple[str, ...], why: str
) -> None:
    """However the run stands, that cannot be used."""
    staged.at(place)
    refused = call("resume", RUN, "--action", *told, *WHY, "--no-drive")
    assert (refused.code, why in refused.err) == (2, True)


def test_the_actions_of_resume_are_completed() -> None:
    """As many as begin with what was typed."""
    assert completed("retry") == ["retry", "retry_with_inputs"]
    assert completed("") == list(ACTIONS)


def test_an_answer_names_the_records(call: Call, staged: StagedRun) -> None:
    """The group before the slash is for people; the effect is what counts."""
    staged.at("doubt")
    told = ("--action", "abort_flow", *WHY)
    asked = ("--action", "provide_clarification", "--answer", "happened", *WHY, "--no-drive")
    assert call("resume", RUN, *asked, "--record", f"e1{RECORD}").code == 2
    assert call("resume", RUN, *asked, "--record", f"g1/e1={RECORD}", "--record", "e1=x").code == 2
    for unclear in ("m-9", "g1/e1=m-9", "e1.=m-9"):
        assert call("resume", RUN, *asked, "--output", unclear).code == 2
    # The org is asked whose it is before a run may go on; a store alone cannot say.
    assert call("resume", RUN, *told, "--no-drive").code == 0
    assert staged.state.ending == "aborted"


@pytest.mark.parametrize(
    "more",
    [
        ("--action", "explode", *WHY),
        ("--action", "override", *WHY),
        ("--action", "retry"),
        ("--action", "retry_with_inputs", *WHY, "--inputs", "[1]"),
        ("--action", "retry_with_inputs", *WHY, "--inputs", "{"),
        ("--action", "retry_with_inputs", *WHY, "--inputs", "@missing.json"),
        ("--action", "retry", *WHY, "--key", "a b"),
        ("--to", "g1"),
        ("--no-drive",),
        WHY,
    ],
)
def test_what_cannot_be_used_is_named(call: Call, staged: StagedRun, more: tuple[str, ...]) -> None:
    """Unknown actions, missing reasons and malformed values end with 2, and change nothing."""
    before = staged.at("retry").events
    assert call("resume", RUN, *more).code == 2
    assert staged.events == before


def test_approvers_decide_an_objection(
    call: Call, staged: StagedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys come from a file, from the environment, or from stdin; a wrong one is refused and counted."""
    staged.at("running")
    keys = [call("approvers", "add", "Ann").out.strip()]
    monkeypatch.setenv("ACTWRIGHT_APPROVER_KEY", keys[0])
    keys += [call("approvers", "add", name).out.strip() for name in ("Ben", "Cleo")]
    monkeypatch.delenv("ACTWRIGHT_APPROVER_KEY")
    assert "Nobody has objected to this run." in call("override", "list", RUN).err
    held = call("override", "file", RUN, *WHY)
    assert held.code == 0
    assert "paused for override" in held.out
    (tmp_path / "ann.key").write_text(f"{keys[0]}\n", encoding="utf-8")
    wrong = call("override", "uphold", RUN, *WHY, "--key-file", "-", stdin="apk_00.nonsense\n")
    assert wrong.code == 6
    assert call("override", "uphold", RUN, *WHY, "--key-file", "ann.key", "--no-drive").code == 0
    assert call("override", "uphold", RUN, *WHY).code == 2
    monkeypatch.setenv("ACTWRIGHT_APPROVER_KEY", keys[1])
    assert "to end as aborted" in call("override", "uphold", RUN, *WHY, "--no-drive").out
    shown = call("override", "list", RUN).out
    assert "decided: uphold" in shown
    assert "1 signatures were refused" not in shown
    assert "1 signature was refused" in shown
    (listed,) = call("override", "list", RUN, "--json").json
    assert [each["name"] for each in listed["signatures"]] == ["Ann", "Ben"]
    assert (len(listed["maySign"]), listed["refused"]) == (3, 1)


def test_a_key_file_that_is_not_there_is_named(call: Call, staged: StagedRun) -> None:
    """Nothing is put on the record."""
    before = staged.at("override").events
    missing = call("override", "dismiss", RUN, *WHY, "--key-file", "nowhere.key")
    assert missing.code == 2
    assert "nowhere.key" in missing.err
    assert staged.events == before


@pytest.fixture(scope="module")
def admin(shared_org: LocalOrg) -> Rest:
    """Give the administrator's own view of the org."""
    return sign_in(shared_org.url)


def _held(app: Actwright, admin: Rest, subject: str) -> str:
    """Start a run that the org refuses once, and return its id."""
    preview, yes = confirmed(app, task(subject=subject))
    admin.fault(status=400, body=[{"errorCode": "APEX_ERROR", "message": "not today"}])
    held = app.run(preview, yes, on_failure="pause")
    assert held.status == "paused", held
    return held.run_id or ""


def test_an_accepted_intervention_drives_the_run_on(
    shared_org: LocalOrg, admin: Rest, capsys: pytest.CaptureFixture[str]
) -> None:
    """The envelope follows, and its exit code."""
    app, subject = shared_org.as_user(), new_deal(admin)
    run_id = _held(app, admin, subject)
    stepping = Stepping(app, Terminal(as_json=False), run_id)
    with pytest.raises(typer.Exit) as ended:
        stepping.step_in(wish("retry"))
    assert ended.value.exit_code == 0
    shown = capsys.readouterr().out
    assert "retry accepted" in shown
    assert len(admin.rows(f"SELECT Id FROM Task WHERE Subject = '{subject}'")) == 1


def test_other_values_are_shown_and_confirmed_on_the_way(
    shared_org: LocalOrg, admin: Rest, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --yes nobody is asked on the local org; without, and without a terminal, nothing is done."""
    app, subject, other = shared_org.as_user(), new_deal(admin), new_deal(admin)
    run_id = _held(app, admin, subject)
    wanted = wish("retry_with_inputs", inputs={"task.Subject": other})
    with pytest.raises(typer.Exit) as ended:
        Stepping(app, Terminal(as_json=False), run_id, yes=True).step_in(wanted)
    assert ended.value.exit_code == 0
    assert other in capsys.readouterr().out
    assert len(admin.rows(f"SELECT Id FROM Task WHERE Subject = '{other}'")) == 1


def test_a_run_somebody_else_carries_out_is_left_to_them(
    shared_org: LocalOrg,
    admin: Rest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The intervention stands, and the other process takes note of it."""
    app = shared_org.as_user()
    run_id = _held(app, admin, new_deal(admin))

    def busy(*_: object, **__: object) -> object:
        raise RunBusyError("somebody has it")

    monkeypatch.setattr(app, "resume", busy)
    Stepping(app, Terminal(as_json=False), run_id).step_in(wish("abort_flow"))
    assert "takes note of this" in capsys.readouterr().err
    assert app.run_state(run_id).ending == "aborted"


def test_no_key_no_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody can be asked, a missing key is said before anything is opened."""
    monkeypatch.delenv("ACTWRIGHT_APPROVER_KEY", raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(InputError, match="needs an approver's key"):
        approver_key(None, what="Deciding an objection")


def test_an_open_objection_counts_its_signatures() -> None:
    """Whoever looks sees how far it is from being decided."""
    objection = Objection(
        id="int_1",
        filed_by="alice",
        why="too early",
        at="2026-11-21T12:00:00Z",
        until="2026-11-24T12:00:00Z",
        needed=2,
        may_sign=("a", "b", "c"),
    )
    console = Console(width=80, file=io.StringIO(), record=True)
    console.print(*objections([objection], "Europe/Zurich"))
    shown = console.export_text()
    assert "open, 2 of 3 have to agree; 0 signed" in shown
    assert "until 2026-11-24 13:00 CET" in " ".join(shown.split())
    assert "alice at 2026-11-21 13:00 CET: too early" in shown
