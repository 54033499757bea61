"""The scan finds each kind of thing it looks for, in each place, names the place, and never repeats the value."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import sqlite3
import subprocess
import sys
import zlib
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.leaks.__main__ import exit_code, main
from tools.leaks.artifacts import PLANTED
from tools.leaks.demo_org import personal_needles
from tools.leaks.finding import Report
from tools.leaks.needle import Needles
from tools.leaks.scan import Scan, scan, told
from tools.leaks.secrets import secret_needles

from localorg.seed.demo import demo_rows

ROOT = Path(__file__).parents[2]
NAME = "Maria Garcia"
MAIL = "rosa.klein@umbrella.example"
HANDED = "apk_0123456789abcdef.x2pYlq-0123456789abcdef0123456789abc"
KEY = "sk-proj-0123456789abcdef"

SECRETS = [
    "Authorization: Bearer 1a2b3c4d5e6f",
    KEY,
    "00D000000000001AAA!AQEAQabc.def",
    "00D000000000001!AQEAQabc",
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "Authorization: Basic YWxpY2U6bG9jYWxvcmc=",
    "rk_live_0123456789abcdef",
    HANDED,
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2ln",
    "AKIAIOSFODNN7EXAMPLE",
    "ghp_0123456789abcdefghij",
    "xoxb-123456789-abc",
    "postgresql://worker:hunter2@db.example/actwright",
    "set-cookie: sid=1234",
    '{"client_secret": "abcd1234"}',
    r"{\"client_secret\": \"abcd1234\"}",
]
PLAIN = [
    "the risk-free task-list says: the bearer of this letter",
    "basic settings, locale sk-SK, key fields, session id 00D000000000001AAA",
    "password reset fails; https://host/v1/chat",
    "Close the Acme Renewal as won and call Billing",
    "admin at demo, main street, 555 and 0200",
]


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """Give a folder as a suite leaves one; it says that what is in it is planted, to the scan of this very suite."""
    (tmp_path / PLANTED).touch()
    folder = tmp_path / "left"
    folder.mkdir()
    return folder


def write(folder: Path, name: str, text: str | bytes) -> None:
    """Write a file and the folders it is in."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def store(path: Path, *rows: tuple[str, tuple[object, ...]]) -> None:
    """Write a store of ours with some rows: a statement that makes a table where it is new, and what goes into it."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE journal (run_id, kind, data)")
        connection.execute("CREATE TABLE document (kind, id, body)")
        connection.execute("CREATE TABLE exchange (id, body)")
        connection.execute("CREATE TABLE payload (id, body)")
        for table, values in rows:
            marks = ", ".join("?" * len(values))
            connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)


@pytest.mark.parametrize("secret", SECRETS)
def test_each_form_of_a_secret_is_found(secret: str) -> None:
    """Whatever stands around it."""
    assert list(Needles(tuple(secret_needles())).within(f"some {secret} more".encode()))


@pytest.mark.parametrize("text", PLAIN)
def test_what_only_sounds_like_one_is_not(text: str) -> None:
    """Words, ids and addresses are no secrets, and records are no people."""
    needles = Needles((*secret_needles(), *personal_needles()))
    assert not [each.what for each in needles.within(text.encode())]


def test_every_personal_value_of_the_demo_org_is_found() -> None:
    """Names, addresses, phone numbers: each of the seed, also in the escapes of JSON and of addresses."""
    needles = Needles(tuple(personal_needles()))
    fields = ("Email", "ContactEmail", "Phone", "ContactPhone", "Username", "BillingStreet")
    people = {"Contact", "Lead", "User", "CampaignMember", "Case", "Quote"}
    for name, row in demo_rows(dt.date(2026, 11, 21)):
        wanted = fields if name in people else ("BillingStreet",)
        values = [str(row[each]) for each in wanted if row.get(each)]
        if name in {"Contact", "Lead", "User"}:
            values.append(str(row["Name"]))
        for value in values:
            for written in (value, value.replace("@", "%40"), value.replace("@", r"\u0040")):
                assert list(needles.within(f'{{"a": "x {written}."}}'.encode())), name


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from([NAME, MAIL, KEY]))
def test_a_value_is_found_wherever_it_stands(before: str, after: str, value: str) -> None:
    """In the midst of any text, with a space around it."""
    looking = Scan()
    looking.output("test_x", "Captured log call", f"{before} {value} {after}")
    assert looking.report.leaks
    assert value not in "".join(told(looking.report))


@pytest.mark.parametrize(
    "spelled",
    [
        r"Maria\nGarcia",
        r"call\nGarcia",
        r"Maria\u0020Garcia",
        "q=Maria%20Garcia",
        "MariaGarcia",
        "maria_garcia",
        "Garcia, Maria",
        "100%20Main%20Street",
        "100+Main+Street",
        "15550100",
        "rosa.klein&#64;umbrella.example",
    ],
)
def test_escapes_hide_nothing(spelled: str) -> None:
    """As JSON, web addresses, HTML and names of actions write it."""
    assert any(Needles(tuple(personal_needles())).within(f"x {spelled} y".encode()))


def test_each_place_is_looked_through_and_named(left: Path) -> None:
    """A table, a document, a log, a payload, traces, a cassette, a report: each with its line or its row."""
    store(
        left / "a.db",
        ("exchange", ("one", "nothing")),
        ("exchange", ("two", json.dumps({"goal": f"write to {MAIL}"}))),
        ("document", ("plan", "p", f"call {NAME}")),
        ("document", ("exchange", "e", f"call {NAME}")),
        ("payload", ("x", zlib.compress(NAME.encode()))),
        ("journal", ("r", "intent", f"{NAME}, {KEY}")),
    )
    write(left, "home/prompts.jsonl", f'{{"kind": "exchange"}}\n{{"goal": "{NAME}"}}\n')
    write(left, "home/telemetry/ab12", gzip.compress(f"a\n\n{NAME}".encode()))
    write(left, "traces/1.otlp", b"\x12\x12" + NAME.encode() + b"\x10\x01")
    write(left, "kept/x.yaml", f"version: 1\ninteractions:\n- body: {MAIL}\n")
    write(left, "report.xml", f"<testsuites><testcase name='{NAME}'/></testsuites>")
    write(left, "report.html", f"<html><title>Regressions</title>\n<p>{NAME}")
    write(left, "worker.log", f"took for {MAIL}")
    write(left, "actwright-crash-1.txt", NAME)
    write(left, "page.html", f"<p>{NAME}<p>{KEY}")
    found = [(each.file, each.place, each.what.partition(":")[0]) for each in scan([left]).leaks]
    assert sorted(set(found)) == [
        ("a.db", "table document, row 2, column body", "personal"),
        ("a.db", "table exchange, row 2, column body", "personal"),
        ("a.db", "table journal, row 1, column data", "secret"),
        ("a.db", "table payload, row 1, column body", "personal"),
        ("actwright-crash-1.txt", "line 1", "personal"),
        ("home/prompts.jsonl", "line 2", "personal"),
        ("home/telemetry/ab12", "line 3", "personal"),
        ("kept/x.yaml", "line 3", "personal"),
        ("page.html", "line 1", "secret"),
        ("report.html", "line 2", "personal"),
        ("report.xml", "line 1", "personal"),
        ("traces/1.otlp", "line 1", "personal"),
        ("worker.log", "line 1", "personal"),
    ]


def test_the_record_may_name_people(left: Path) -> None:
    """Plans, previews, journals and their archives, pages and what is printed hold before-images by design."""
    store(left / "a.db", ("journal", ("r", "x", NAME)), ("document", ("preview", "p", MAIL)))
    write(left, "runs.jsonl", '{"header":{"actwright":"journal","runs":1}}\n{"x":"' + NAME + '"}\n')
    write(left, "plan.html", NAME)
    write(left, "printed/out", NAME)
    write(left, "goals.csv", NAME)
    looking = Scan()
    looking.below(left)
    looking.output("test_x", "Captured stdout call", NAME)
    assert looking.report.leaks == []
    assert (looking.report.stores, looking.report.files, looking.report.outputs) == (1, 3, 1)


def test_a_key_is_handed_out_once_and_kept_nowhere(left: Path) -> None:
    """An approver's key is printed for its holder; in a store or in telemetry it has no place."""
    write(left, "printed/out", HANDED)
    assert scan([left]).leaks == []
    store(left / "a.db", ("journal", ("r", "x", HANDED)))
    write(left, "a.jsonl", HANDED)
    assert [each.file for each in sorted(scan([left]).leaks)] == ["a.db", "a.jsonl"]


def test_a_database_of_somebody_else_is_left_alone(left: Path) -> None:
    """The local org is full of people, and none of our stores."""
    with closing(sqlite3.connect(left / "org.db")) as connection, connection:
        connection.execute("CREATE TABLE Contact (Name)")
        connection.execute("INSERT INTO Contact VALUES (?)", (NAME,))
    write(left, "empty.db", b"")
    assert not scan([left]).looked


def test_a_damaged_store_is_searched_as_it_is(left: Path) -> None:
    """Secrets in it are found all the same, and the summary says that it could not be read."""
    write(left, "a.db", b"SQLite format 3\x00" + b"\xff" * 200 + KEY.encode())
    report = scan([left])
    assert [each.place for each in report.leaks] == ["its bytes"]
    assert report.damaged == ["a.db"]
    assert "1 damaged or unreadable files" in report.summary()


def test_what_cannot_be_read_is_told(left: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is gone, or whose owner lets nobody read it, ends no scan, and is counted."""
    write(left, "a.jsonl", "fine")
    write(left, "b.log", MAIL)
    read = Path.read_bytes

    def refusing(path: Path) -> bytes:
        if path.name == "a.jsonl":
            raise PermissionError(path)
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refusing)
    report = scan([left])
    assert {each.file for each in report.leaks} == {"b.log"}
    assert report.damaged == ["a.jsonl"]


def test_folders_in_which_something_was_planted_are_left_out_and_counted(left: Path) -> None:
    """Only those that say so: a test that proves a leak would be found leaves one behind."""
    write(left, "planted/deep/worker.log", MAIL)
    write(left, f"planted/{PLANTED}", "")
    write(left, "worker.log", "fine")
    report = scan([left])
    assert report.leaks == []
    assert report.planted == ["planted"]
    assert "1 folders with planted values left out" in report.summary()


def test_the_exit_code_tells(left: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Clean, leaking, and a scan of nothing, which proves nothing."""
    assert main([str(left)]) == 2
    assert "nothing to look through" in capsys.readouterr().out
    write(left, "a.log", "fine")
    assert main([str(left)]) == 0
    write(left, "b.log", MAIL)
    assert main([str(left)]) == 1
    out = capsys.readouterr().out
    assert "b.log, line 1: personal: a value of Contact.Email" in out
    assert MAIL not in out
    assert exit_code(Report()) == 2


def test_a_missing_path_is_refused(left: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt folder is no clean one."""
    with pytest.raises(SystemExit) as refused:
        main([str(left / "absent")])
    assert refused.value.code == 2
    assert "is not there" in capsys.readouterr().err


def test_a_suite_that_leaks_turns_red(left: Path) -> None:
    """With the plugin, a session whose tests pass fails where one of them leaves something behind."""
    write(
        left,
        "test_it.py",
        "import logging\n"
        f"def test_it(tmp_path):\n    (tmp_path / 'a.jsonl').write_text({MAIL!r})\n"
        f"    print({NAME!r})\n    logging.getLogger('x').warning({KEY!r})\n",
    )
    options = ("-q", "-p", "tools.leaks.plugin", "-p", "no:cacheprovider", "-c", "/dev/null")
    places = (f"--rootdir={left}", f"--basetemp={left / 'written'}", str(left / "test_it.py"))
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *places],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "1 passed" in ended.stdout
    assert "test_it0/a.jsonl, line 1: personal: a value of Contact.Email" in ended.stdout
    assert "Captured log call: secret: the key of a model's service" in ended.stdout
    assert MAIL not in ended.stdout
    assert NAME not in ended.stdout
