"""``actwright verify`` and ``actwright journal``: what a person sees of the journal's keeping, and the exit codes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import Call
from tests.kept_runs import Kept, SteppingClock, ended, intended

from actwright.store.sqlite import SqliteDatabase


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """Give the store of the command line, with one whole run and one that has not ended."""
    made = Kept(
        SqliteDatabase(tmp_path / "home" / "actwright.db"), tmp_path / "home", SteppingClock()
    )
    made.run("run_1", ended(done=1))
    made.run("run_2", intended())
    yield made
    made.database.close()


def test_a_whole_journal_is_said_to_be_whole(call: Call, kept: Kept) -> None:
    """With how much was looked at, and that a seal is missing; all of it as JSON too."""
    answer = call("verify")
    assert answer.code == 0
    assert answer.out == "The journal is whole: 2 runs, 4 events, 0 seals.\n"
    assert "actwright journal seal" in answer.err
    kept.sealing.seal()
    told = call("verify", "run_1", "--json").json
    assert (told["whole"], told["runs"], told["events"], told["seals"]) == (True, 1, 2, 1)


def test_the_first_bad_event_is_named(call: Call, kept: Kept) -> None:
    """Exit code 1, also as JSON."""
    kept.tamper("UPDATE journal SET actor = 'mallory' WHERE run_id = 'run_1' AND seq = 2")
    answer = call("verify")
    assert answer.code == 1
    assert "run_1: event 2 (run_ended) was changed after it was written" in answer.out
    answer = call("verify", "run_1", "--json")
    assert (answer.code, answer.json["whole"]) == (1, False)
    assert answer.json["faults"][0]["runId"] == "run_1"


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("UPDATE journal SET actor = 'eve' WHERE run_id = 'run_1' AND seq = 1", "event 1 (run_"),
        ("DELETE FROM journal WHERE run_id = 'run_1' AND seq = 2", "event 2 is missing"),
    ],
)
def test_whoever_looks_at_a_damaged_run_is_told(
    call: Call, kept: Kept, damage: str, told: str
) -> None:
    """By every command that tells its events: exit code 1, and JSON stays JSON."""
    kept.tamper(damage)
    for command in (("inspect", "run_1"), ("replay", "run_1"), ("show", "run_1")):
        answer = call(*command)
        assert answer.code == 1, command
        assert "The journal is whole" not in answer.out + answer.err
        assert f"The journal is damaged: {told}" in answer.out + answer.err
        assert call(*command, "--json").code == 1


def test_a_seal_is_made_kept_elsewhere_and_verified_against(
    call: Call, kept: Kept, tmp_path: Path
) -> None:
    """With the public key in another place; a key of somebody else is named, and the exit code is 1."""
    answer = call("journal", "seal", "--out", "newest.json")
    assert answer.out.startswith("Seal 1 is made, over 2 runs.")
    assert "Nothing has moved since seal 1" in call("journal", "seal").out
    assert call("journal", "seal", "--json").json["newest"]["number"] == 1
    (tmp_path / "seal.pub").write_bytes(kept.key.public_path.read_bytes())
    options = ("--public-key", "seal.pub", "--against", "newest.json")
    assert call("verify", *options).code == 0
    kept.tamper("DELETE FROM seal")
    answer = call("verify", *options)
    assert answer.code == 1
    assert "seal 1 that was kept elsewhere is not in the store any more" in answer.out
    assert "holds no Ed25519 key" in call("verify", "--public-key", "newest.json").err


def test_an_empty_store_has_nothing_to_seal(call: Call) -> None:
    """And nothing wrong with it."""
    assert call("journal", "seal").out == "There is nothing to seal.\n"
    assert call("verify").code == 0


def test_a_preview_that_is_lost_is_said_where_its_run_is_shown(call: Call, kept: Kept) -> None:
    """Ids stand for names then, and nobody is to take them for all that was known."""
    answer = call("inspect", "run_1")
    assert (
        "prv_run_1 cannot be read, so that ids stand for names: actwright verify run_1"
        in answer.err
    )
    assert (answer.code, kept.verify().whole) == (0, True)


def test_an_empty_store_beside_a_key_of_the_seals_is_named(
    call: Call, kept: Kept, tmp_path: Path
) -> None:
    """Half a restore is no whole journal: `verify` ends with 1, and `ps` says it too."""
    kept.sealing.seal()
    kept.database.close()
    for each in (tmp_path / "home").glob("actwright.db*"):
        each.unlink()
    (tmp_path / "home" / "actwright.db").touch()
    answer = call("verify")
    assert answer.code == 1
    assert "the store is empty, and there is a key of the seals beside it" in answer.out
    assert "is whole" not in answer.out
    assert "a store was sealed: actwright verify" in call("ps").err


def test_a_copy_from_before_a_new_key_names_the_way(call: Call, kept: Kept) -> None:
    """The public half of the key that was given up stays, and verifies it."""
    kept.sealing.seal()
    former = kept.key.former_path(kept.key.public)
    assert call("journal", "seal", "--rotate").code == 0
    kept.tamper("DELETE FROM seal WHERE number > 1")
    answer = call("verify")
    assert (answer.code, "--public-key with that key's seal.*.pub" in answer.err) == (1, True)
    assert call("verify", "--public-key", str(former)).code == 0
    assert call("journal", "seal").code == 0


def test_several_files_and_folders_come_in(call: Call, kept: Kept, tmp_path: Path) -> None:
    """What was lost of the blob store is put back, and said; what such files have not is said too."""
    kept.run("run_3", ended(done=1), goal="x" * 70_000)
    for each in ("run_1", "run_3"):
        call("journal", "export", each, "--out", f"kept/{each}.jsonl")
    call("journal", "export", "run_2", "--out", "two.jsonl")
    taken = call("journal", "import", "kept", "two.jsonl", "--home", "other", "--unfinished")
    assert taken.out.startswith("Taken in of 3 files: 3 runs, 6 events,")
    assert "Not in such a file: approvers" in taken.err
    for blob in (tmp_path / "other" / "blobs").rglob("*"):
        if blob.is_file():
            blob.unlink()
    again = call("journal", "import", "kept", "--home", "other")
    assert "Put back into the blob store, where they were lost: 1 text." in again.out
    assert "Here already: 2" in again.out
    assert "Not in such a file" not in again.err


@pytest.mark.parametrize("content", [None, "", "{}\n", "folder"])
def test_a_file_that_cannot_be_taken_in_is_bad_input(
    call: Call, tmp_path: Path, content: str | None
) -> None:
    """Missing, empty, no export, or a folder without one: exit code 2, as for each file that is handed in."""
    if content == "folder":
        (tmp_path / "file").mkdir()
    elif content is not None:
        (tmp_path / "file").write_text(content)
    assert call("journal", "import", "file").code == 2


def test_runs_go_out_and_come_in(call: Call, kept: Kept, tmp_path: Path) -> None:
    """To a file, as a day, as a backup; into another home."""
    answer = call("journal", "export", "run_1", "--out", "one.jsonl")
    assert answer.out.startswith("1 run with 2 events: one.jsonl\nSHA-256 ")
    assert (
        call("journal", "export", "--to", "days", "--day", "2026-11-20", "--json").json["runs"] == 2
    )
    again = call("journal", "export", "--to", "days", "--day", "2026-11-20")
    assert again.out == "That day was exported before.\n"
    assert call("journal", "backup", "--to", "kept", "--json").json["events"] == 4
    (backup,) = (tmp_path / "kept").iterdir()
    refused = call("journal", "import", str(backup), "--home", "other")
    assert (refused.code, "run_2 has not ended" in refused.err) == (1, True)
    taken = call("journal", "import", str(backup), "--home", "other", "--unfinished")
    assert taken.out.startswith("Taken in: 2 runs, 4 events,")
    assert call("journal", "import", "one.jsonl", "--home", "other", "--json").json["present"] == 1
    assert kept.verify().whole


def test_what_is_damaged_is_not_exported_in_silence(call: Call, kept: Kept) -> None:
    """It is named, with exit code 1 each time; what is sound is taken in, and whoever does so is told of the rest."""
    kept.tamper("UPDATE journal SET actor = 'eve' WHERE run_id = 'run_2' AND seq = 1")
    answer = call("journal", "backup", "--to", "kept")
    assert (answer.code, answer.out.startswith("1 run with 2 events: ")) == (1, True)
    assert "and not in the file: run_2: event 1" in answer.err
    assert "Next: actwright verify" in answer.err
    for options in (("--out", "all.jsonl"), ("--to", "days", "--day", "2026-11-20")):
        answer = call("journal", "export", *options, "--json")
        assert (answer.code, answer.json["leftOut"][0]["runId"]) == (1, "run_2")
    taken = call("journal", "import", "all.jsonl", "--home", "other")
    assert (taken.code, taken.out.startswith("Taken in: 1 run, 2 events,")) == (0, True)
    assert "and not in it: run_2: event 1" in taken.err


@pytest.mark.parametrize(
    "options",
    [(), ("--out", "x", "--to", "y"), ("run_1", "--to", "y"), ("--out", "x", "--day", "2026-11-20")],
)  # fmt: skip
def test_an_export_without_a_place_is_refused(call: Call, options: tuple[str, ...]) -> None:
    """Exit code 2, with an example."""
    answer = call("journal", "export", *options)
    assert answer.code == 2
    assert "actwright journal export --out runs.jsonl" in answer.err


def test_a_new_key_takes_over(call: Call, kept: Kept, tmp_path: Path) -> None:
    """It is told who needs it; the old public key still verifies."""
    call("journal", "seal")
    (tmp_path / "old.pub").write_bytes(kept.key.public_path.read_bytes())
    answer = call("journal", "seal", "--rotate")
    assert answer.out.startswith("Seal 3 is made, over 0 runs.")
    assert "Hand the new key file to every machine" in answer.err
    assert (tmp_path / "old.pub").read_bytes() != kept.key.public_path.read_bytes()
    assert call("verify", "--public-key", "old.pub").code == call("verify").code == 0


def test_a_register_that_lies_is_made_anew(call: Call, kept: Kept) -> None:
    """Verifying names what differs, and the way out."""
    kept.tamper("UPDATE run SET status = 'failed' WHERE run_id = 'run_1'")
    answer = call("verify")
    assert answer.code == 1
    assert "the register says otherwise than the events: status" in answer.out
    assert call("journal", "rebuild", "--json").json == {"runs": 2}
    assert call("verify").code == 0


def test_old_runs_are_moved_out(call: Call, kept: Kept, tmp_path: Path) -> None:
    """Those that stay are named with the reason; a day that is none is refused."""
    (tmp_path / "actwright.toml").write_text("undo_days = 3650\n", encoding="utf-8")
    where = ("--before", "2026-11-21", "--to", "old")
    answer = call("journal", "compact", *where)
    assert answer.out == "No run was moved.\nrun_1 stays: it may still be taken back.\n"
    answer = call("journal", "compact", *where, "--undoable")
    assert answer.out.startswith("Moved 1 run with 2 events: ")
    assert kept.verify().archived == 1
    assert call("journal", "compact", *where, "--json").json["runs"] == 0
    assert call("journal", "compact", "--before", "soon", "--to", "old").code == 2


def test_statistics_are_shown(call: Call, kept: Kept) -> None:
    """By status, with the oldest open run and the newest seal."""
    kept.sealing.seal()
    answer = call("journal", "stats")
    assert "1 completed, 1 running" in answer.out
    assert "run_2, since 2026-11-20" in answer.out
    assert "0 runs moved since" in answer.out
    assert call("journal", "stats", "--json").json["events"] == 4
