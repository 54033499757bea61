"""``actwright telemetry``: what was asked, what became of it, what it came to; and forgetting it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Answer
from tests.telemetry.fates.asked import exchange, planning
from tests.telemetry.fates.plan_life import PlanLife

from actwright.calls import telling
from actwright.canonical import Json
from actwright.cli.terminal import Terminal
from actwright.clock import timestamp
from actwright.model.exchange import Exchange
from actwright.telemetry.log.entry import Entry, TextsEntry
from actwright.telemetry.log.planning import PlanningRecord
from actwright.telemetry.log.store import StoreSink

Call = Callable[..., Answer]
NOW = datetime.now(UTC)
ANCIENT, OLD, NEW = (timestamp(NOW - timedelta(days=each)) for each in (90, 20, 1))
BETWEEN = (NOW - timedelta(days=10)).date().isoformat()
HOSTILE = "\x1b[2J[bold]X[/]\u202e"


class Log:
    """A home whose log tests fill by hand."""

    def __init__(self, home: Path) -> None:
        self.life = PlanLife.at(home)
        self.sink = StoreSink(self.life.database)

    def keep(self, *entries: Entry) -> None:
        """Keep entries."""
        self.sink.write(entries)

    def asked(
        self, number: int, plan_id: str | None, **more: object
    ) -> tuple[Exchange, PlanningRecord]:
        """Keep an exchange with the planning it was asked for."""
        talk = f"talk_{number}"
        named = {"blueprints": ("UpdateOpportunity", "CreateTask")} if plan_id else {}
        place: dict[str, object] = {"id": f"planning_{number}", "at": NEW, "conversations": (talk,)}
        record = planning(plan_id, **place, **named)
        given: dict[str, object] = {
            "at": NEW,
            "planning": record.id,
            "user": "alice",
            "session": "session_1",
        }
        asked = exchange(talk, id=f"exchange_{number}", **given | more)
        self.keep(asked, record)
        return asked, record


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    """Return the log of the home that commands use."""
    made = Log(tmp_path / "home")
    yield made
    made.life.database.close()


def texts(exchange_id: str, *contents: str, **more: Json) -> TextsEntry:
    """Return what was said in an exchange."""
    messages: list[Json] = [{"role": "user", "content": each} for each in contents]
    document: Json = {"exchange": exchange_id, "messages": messages, "reply": "{}", **more}
    return TextsEntry(exchange_id, NEW, document, {})


def test_a_list_says_what_became_of_each_and_can_be_held_to_a_fate(call: Call, log: Log) -> None:
    """Each exchange has its plan and its fate; a fate, a model, a day narrow the list, and no words are in it."""
    done, refused = log.life.planned("close the first"), log.life.planned("close the second")
    log.life.ran(log.life.previewed(done))
    log.life.answered(log.life.previewed(refused), "no")
    log.asked(1, done.id, at=OLD)
    log.asked(2, refused.id, model="other")
    log.asked(3, None)
    ids = [each["id"] for each in call("telemetry", "list", "--exchanges", "--json").json]
    assert sorted(ids) == ["exchange_1", "exchange_2", "exchange_3"]
    (one,) = call("telemetry", "list", "--exchanges", "--fate", "refused", "--json").json
    assert (one["id"], one["planId"], one["fate"]) == ("exchange_2", refused.id, "refused")
    (one,) = call("telemetry", "list", "--exchanges", "--model", "other", "--json").json
    assert one["id"] == "exchange_2"
    since = call("telemetry", "list", "--exchanges", "--since", BETWEEN, "--json").json
    assert {each["fate"] for each in since} == {"refused", "declined"}
    shown = call("telemetry", "list", "--exchanges", "--fate", "completed")
    assert "completed" in shown.out
    assert "refused" not in shown.out


def test_a_list_holds_plannings_that_asked_no_model(call: Call, log: Log) -> None:
    """Planned offline, edited, and found by that fate; its short id shows it, and so does a conversation's."""
    plan = log.life.planned()
    log.life.edited(plan, a1_Amount=7)
    offline = {"planner": "offline", "model": None, "prompt_name": None, "conversations": ()}
    log.keep(planning(plan.id, id="planning_d56ffe5c", at=NEW, **offline))
    log.asked(1, log.life.planned("close another").id)
    (one,) = call("telemetry", "list", "--fate", "edited", "--json").json
    assert (one["id"], one["planId"], one["fate"]) == ("planning_d56ffe5c", plan.id, "edited")
    everything = call("telemetry", "list")
    assert "offline" in everything.out
    assert "plan 3" in everything.out
    for key in ("d", "d56", "planning_d56f"):
        assert call("telemetry", "show", key, "--json").json["planning"]["id"] == one["id"]
    talk = call("telemetry", "show", "talk_1", "--json").json
    assert talk["planning"]["id"] == "planning_1"
    several = call("telemetry", "show", "1")
    assert (several.code, "Several" in several.err) == (2, True)


def test_one_damaged_answer_costs_one_fate(call: Call, log: Log) -> None:
    """It is named; its plan's fate is unknown, and the other's is told as ever, in lists and statistics."""
    good, bad = log.life.planned("first"), log.life.planned("second")
    log.life.answered(log.life.previewed(good), "no")
    answer = log.life.answered(log.life.previewed(bad))
    log.asked(1, good.id)
    log.asked(2, bad.id)
    with log.life.database.write() as transaction:
        transaction.execute("DROP TRIGGER document_no_update", ())
        transaction.execute("UPDATE document SET body = '{' WHERE id = ?", (answer.id,))
    listed = call("telemetry", "list", "--json")
    assert [each["fate"] for each in listed.json] == ["unknown", "refused"]
    assert answer.id in call("telemetry", "list").err
    assert len(call("telemetry", "list", "--exchanges", "--json").json) == 2
    counted = call("telemetry", "stats", "--json").json
    assert counted["damaged"] == [answer.id]
    assert counted["figures"][0]["fates"] == {"refused": 1, "unknown": 1}


def test_an_asking_is_shown_round_by_round_with_its_plan_and_fate(call: Call, log: Log) -> None:
    """By the id of the exchange, of the planning, or of the plan: the same rounds, the plan, and what became of it."""
    plan = log.life.planned()
    run_id = log.life.ran(log.life.previewed(plan))
    log.asked(1, plan.id, outcome="invalid", faults=2, fault_kind="contract")
    repair = {
        "purpose": "repair",
        "prompt_name": "repair",
        "round": 1,
        "planning": "planning_1",
        "at": NEW,
    }
    log.keep(exchange("talk_1", id="exchange_2", **repair))
    for key in ("exchange_2", "planning_1", plan.id):
        document = call("telemetry", "show", key, "--json").json
        rounds = [each["exchange"]["round"] for each in document["exchanges"]]
        assert rounds == [0, 1]
        assert (document["fate"]["kind"], document["fate"]["runId"]) == ("completed", run_id)
        assert document["plan"]["id"] == plan.id
    shown = call("telemetry", "show", "exchange_1")
    assert "2 (contract)" in shown.out
    assert "completed" in shown.out
    assert "not kept" in shown.err


def test_texts_are_shown_as_they_were_kept_and_cannot_act_on_the_terminal(
    call: Call, log: Log
) -> None:
    """What was taken out is counted; the words are printed only where asked for; a damaged one is named."""
    log.asked(1, None)
    counted: Json = {"Contact.Name": 3}
    log.keep(texts("exchange_1", f"mail [Contact.Name]\n  {HOSTILE}", redacted=counted))
    plain = call("telemetry", "show", "exchange_1")
    assert "Contact.Name 3x" in plain.out
    assert "mail" not in plain.out
    full = call("telemetry", "show", "exchange_1", "--texts")
    assert "mail [Contact.Name]" in full.out
    assert "\x1b[2J" not in full.out
    assert "\u202e" not in full.out
    log.asked(2, None)
    log.keep(
        texts("exchange_2", "x").__class__(
            "exchange_2", NEW, {"exchange": "exchange_2", "reply": {"payload": "ab" * 32}}, {}
        )
    )
    broken = call("telemetry", "show", "exchange_2")
    assert broken.code == 0
    assert "Missing: " in broken.out


def test_statistics_tell_prompts_models_shares_and_edits(call: Call, log: Log) -> None:
    """One of two plans was edited: half; the input that was changed is named with its kinds, and no value is."""
    plan, other = log.life.planned("first"), log.life.planned("second")
    log.life.ran(log.life.previewed(log.life.edited(plan, a1_Amount=98765)))
    log.life.ran(log.life.previewed(other))
    log.asked(1, plan.id)
    log.asked(2, other.id)
    answer = call("telemetry", "stats", "--json")
    (figures,) = answer.json["figures"]
    assert figures["shares"] == {
        "confirmed": 0.5, "edited": 0.5, "refused": 0.0, "failed": 0.0, "undone": 0.0
    }  # fmt: skip
    assert (figures["exchanges"], figures["cost"]) == (2, "0.002")
    (changed,) = answer.json["edits"]["inputs"]
    assert (changed["input"], changed["edited"], changed["planned"]) == ("Amount", 1, 2)
    assert answer.json["health"] == {"written": 0, "dropped": 0, "failed": 0, "lastError": None}
    shown = call("telemetry", "stats")
    assert "goal -> data 1x" in shown.out.replace("\n", " ")
    assert "98765" not in shown.out + answer.out
    for name in ("--model", "--prompt"):
        none = call("telemetry", "stats", name, "nobody", "--json")
        assert (none.json["figures"], none.json["edits"]["inputs"]) == ([], [])
    assert "fits these options" in call("telemetry", "stats", "--model", "nobody").err
    found = call("telemetry", "stats", "--prompt", "plan", "--json").json
    assert found["edits"]["inputs"] == [changed]


def test_an_export_is_lines_that_are_json(call: Call, log: Log, tmp_path: Path) -> None:
    """To stdout and to a file go the same lines, and neither can act on a terminal."""
    log.asked(1, None, model=HOSTILE)
    out = tmp_path / "log.jsonl"
    printed = call("telemetry", "export").out
    assert call("telemetry", "export", "--out", str(out)).code == 0
    assert out.read_text(encoding="utf-8") == printed
    again = call("telemetry", "export", "--out", str(out))
    assert (again.code, "there already" in again.err) == (2, True)
    assert out.read_text(encoding="utf-8") == printed
    kinds = {json.loads(each)["kind"] for each in printed.splitlines()}
    assert kinds == {"exchange", "planning"}
    assert "\u202e" not in printed
    nowhere = call("telemetry", "export", "--out", str(tmp_path / "no" / "log.jsonl"))
    assert nowhere.code == 2


def test_purging_removes_what_was_named_and_no_record_of_what_was_done(
    call: Call, log: Log
) -> None:
    """What is older than a day goes, then a person's, then all; the plan and its fate stay."""
    plan = log.life.planned()
    log.life.ran(log.life.previewed(plan))
    log.asked(1, plan.id, at=OLD)
    log.asked(2, plan.id)
    log.asked(3, plan.id, user="bob")
    done = call("telemetry", "purge", "--before", BETWEEN, "--yes", "--json").json
    assert done["exchanges"] == 1
    call("telemetry", "purge", "--user", "bob", "--yes")
    left = call("telemetry", "list", "--exchanges", "--json").json
    assert [each["id"] for each in left] == ["exchange_2"]
    assert call("telemetry", "purge", "--all", "--yes").code == 0
    assert call("telemetry", "list", "--exchanges", "--json").json == []
    assert call("show", plan.id, "--json").code == 0
    assert log.life.fates.of(plan.id).kind == "completed"


def test_a_person_is_asked_how_much_is_to_go(
    call: Call, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question says how many records it is about; anything but a yes leaves them there."""
    log.asked(1, None)
    log.asked(2, None, user="bob")
    asked: list[str] = []
    answers = iter(["", "yes"])

    def ask(_: Terminal, prompt: str) -> str:
        asked.append(prompt)
        return next(answers)

    monkeypatch.setattr(Terminal, "interactive", property(lambda _: True))
    monkeypatch.setattr(Terminal, "ask", ask)
    refused = call("telemetry", "purge", "--user", "bob")
    assert (refused.code, asked) == (
        3, ["Remove 1 exchange and 0 plannings for good? [y/N]"]
    )  # fmt: skip
    assert len(call("telemetry", "list", "--exchanges", "--json").json) == 2
    assert call("telemetry", "purge", "--user", "bob").code == 0
    assert len(call("telemetry", "list", "--exchanges", "--json").json) == 1


def test_looking_lets_what_is_too_old_go(call: Call, log: Log) -> None:
    """What is older than the settings keep it is gone before anybody sees it, once and for all."""
    log.asked(1, None, at=ANCIENT)
    log.asked(2, None)
    ids = [each["id"] for each in call("telemetry", "list", "--exchanges", "--json").json]
    assert ids == ["exchange_2"]


def test_what_cannot_be_done_is_said(call: Call, log: Log) -> None:
    """Nothing named, nobody to ask, no such moment, fate or id: an error that names it, and nothing is removed."""
    log.asked(1, None)
    for arguments, said in (
        (("purge",), "what to remove"),
        (("purge", "--all", "--user", "alice"), "what to remove"),
        (("purge", "--all"), "--yes"),
        (("purge", "--before", "last week", "--yes"), "no moment"),
        (("list", "--since", "9999-99-99"), "no moment"),
        (("list", "--fate", "forgotten"), "no fate"),
        (("show", "exchange_0"), "exchange_0"),
        (("show", "plan_0"), "plan_0"),
        (("show", "\x1b[2J"), ""),
    ):
        answer = call("telemetry", *arguments)
        assert answer.code == 2, arguments
        assert said in answer.err
        assert "\x1b" not in answer.err
    left: list[Any] = call("telemetry", "list", "--exchanges", "--json").json
    assert len(left) == 1


def test_an_empty_log_says_so(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store nobody has asked a model from has nothing to list, to count or to export."""
    assert call("telemetry", "list", "--exchanges").out == ""
    assert call("telemetry", "list").err == "The log holds no planning.\n"
    monkeypatch.setenv("ACTWRIGHT_TELEMETRY", "off")
    assert "telemetry is off" in call("telemetry", "list").err
    assert call("telemetry", "stats", "--json").json["figures"] == []
    assert call("telemetry", "export").out == ""


def test_statistics_of_a_part_say_so(call: Call, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is more than is counted, nobody may take the newest for all there is."""
    log.asked(1, log.life.planned().id)
    log.asked(2, log.life.planned("close another").id)
    assert call("telemetry", "stats", "--json").json["whole"]
    monkeypatch.setattr(telling, "MOST_COUNTED", 1)
    assert "more records than were counted" in call("telemetry", "stats").out
