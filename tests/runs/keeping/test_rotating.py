"""Going over to a new key: the old one names it, and whoever trusts one of them can follow."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from tests.kept_runs import Kept, SteppingClock, rows

from actwright.errors import SealError
from actwright.runs.keeping.seal import (
    Seal,
    SealBody,
    insert_seal,
    newest_seal,
    read_seal,
    signed,
    write_seal,
)
from actwright.runs.keeping.seal_key import PublicKey, SealKey, read_public_key
from actwright.runs.keeping.verifying import verify
from actwright.store.sqlite import SqliteDatabase


@pytest.fixture
def sealed(small: Kept) -> Kept:
    """Give a store with a sealed run."""
    small.run("run_1")
    small.sealing.seal()
    return small


def faults(kept: Kept, public: PublicKey) -> list[str]:
    """Return what verifying with a key that was kept elsewhere finds wrong."""
    found = verify(kept.database, kept.journal.offloading, public=public)
    return [str(each) for each in found.faults]


def test_a_new_key_takes_over(kept: Kept) -> None:
    """The old one seals what moved and names it; the new one is in the file, signs at once, and goes on."""
    kept.run("run_1")
    kept.sealing.seal()
    old = kept.key.public
    kept.run("run_2")
    made = kept.sealing.rotate()
    kept.run("run_3")
    kept.sealing.seal()
    new = kept.key.public
    assert made.content().key == new.raw != old.raw
    bodies = [row[0] for row in rows(kept.database, "SELECT body FROM seal ORDER BY number")]
    assert [new.raw in each for each in bodies] == [False, True, True, True]
    assert "run_2" in bodies[1]
    assert kept.key.path.stat().st_mode & 0o777 == 0o600
    assert not kept.key.next.exists
    assert faults(kept, old) == faults(kept, new) == []


def test_a_second_change_can_be_followed_from_the_first_key(sealed: Kept) -> None:
    """Also by a seal that was kept elsewhere, of whichever key."""
    first, kept_elsewhere = sealed.key.public, sealed.sealing.rotate()
    sealed.sealing.rotate()
    assert faults(sealed, first) == []
    assert sealed.faults(against=kept_elsewhere) == []
    sealed.tamper("DELETE FROM seal WHERE number > 2", "UPDATE run SET sealed = 0")
    cut = sealed.faults(against=kept_elsewhere)
    assert any("signed with another key" in each for each in cut)


@pytest.fixture
def brought_back(sealed: Kept, tmp_path: Path) -> Iterator[Kept]:
    """Give a copy of the store from before its key was changed twice, beside the present key."""
    copy = tmp_path / "copy.db"
    sealed.database.close()
    shutil.copy(tmp_path / "small.db", copy)
    later = Kept(SqliteDatabase(tmp_path / "small.db"), tmp_path, SteppingClock())
    later.sealing.rotate()
    later.sealing.rotate()
    later.database.close()
    made = Kept(SqliteDatabase(copy), tmp_path, SteppingClock())
    yield made
    made.database.close()


def former(kept: Kept) -> PublicKey:
    """Return the kept public half of the key that signed the first seal."""
    (body,) = rows(kept.database, "SELECT body FROM seal WHERE number = 1")[0]
    first = PublicKey(json.loads(body)["key"])
    return read_public_key(kept.key.former_path(first))


def test_a_copy_from_before_the_change_is_verified_with_the_old_public_half(
    brought_back: Kept,
) -> None:
    """It stays beside the new one. With the new one alone nothing vouches for the old seals, and that is said."""
    assert faults(brought_back, former(brought_back)) == []
    assert "seal 1 was signed with another key" in faults(brought_back, brought_back.key.public)[0]


def test_a_copy_from_before_the_change_is_sealed_on(brought_back: Kept) -> None:
    """With the present key, to which the seals of the changes hand over; whoever trusts either key can follow.

    At once, though no run has moved, so that the copy can be verified.
    """
    made = brought_back.sealing.seal()
    assert made is not None
    assert made.content().key == brought_back.key.public.raw
    assert [each.content().next_key is None for each in made.content().handed] == [False, False]
    assert brought_back.sealing.seal() is None
    assert brought_back.faults() == []
    brought_back.run("run_3")
    brought_back.sealing.rotate()
    assert faults(brought_back, former(brought_back)) == []
    assert faults(brought_back, brought_back.key.public) == []


def test_without_the_seal_of_the_change_such_a_copy_is_not_sealed(
    brought_back: Kept, tmp_path: Path
) -> None:
    """Nor with one that somebody else has signed."""
    brought_back.run("run_2")
    path = brought_back.key.handover_path(former(brought_back))
    mallory = SealKey(tmp_path / "mallory.key")
    mallory.make()
    forged = _signed_by(
        read_seal(path).content().model_copy(update={"next_key": brought_back.key.public.raw}),
        mallory,
    )
    write_seal(forged, path)
    with pytest.raises(SealError, match="hands over was signed with another key"):
        brought_back.sealing.seal()
    path.unlink()
    with pytest.raises(SealError, match="was signed with another key") as refused:
        brought_back.sealing.seal()
    assert "handover.json" in str(refused.value.hint)


def test_a_forged_seal_of_a_change_is_no_way_into_the_chain(sealed: Kept, tmp_path: Path) -> None:
    """A seal that carries it is refused by whoever verifies."""
    mallory = SealKey(tmp_path / "mallory.key")
    mallory.make()
    with sealed.database.write() as transaction:
        last = newest_seal(transaction)
        assert last is not None
        handing = last.content().model_copy(update={"next_key": mallory.public.raw})
        body = last.content().model_copy(
            update={"number": 2, "previous": last.hash, "handed": (_signed_by(handing, mallory),)}
        )
        insert_seal(transaction, _signed_by(body, mallory))
    assert "hands over was signed with another key" in sealed.faults()[0]


def test_a_key_nobody_named_does_not_take_over(sealed: Kept, tmp_path: Path) -> None:
    """Not with a whole chain of its own that hands over to the trusted key, nor by going on behind it."""
    mallory = SealKey(tmp_path / "mallory.key")
    mallory.make()
    with sealed.database.write() as transaction:
        last = newest_seal(transaction)
        assert last is not None
        body = last.content().model_copy(update={"number": 2, "previous": last.hash})
        insert_seal(transaction, _signed_by(body, mallory))
    assert any("seal 2 was signed with another key" in each for each in sealed.faults())
    first = last.content().model_copy(update={"next_key": sealed.key.public.raw})
    sealed.tamper("DELETE FROM seal")
    with sealed.database.write() as transaction:
        insert_seal(transaction, _signed_by(first, mallory))
    assert any("seal 1 was signed with another key" in each for each in sealed.faults())


def _signed_by(body: SealBody, key: SealKey) -> Seal:
    private = key.read()
    return signed(body.model_copy(update={"key": private.public.raw}), private)


def test_a_change_broken_off_before_the_commit_leaves_the_old_key(
    sealed: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new key is on the disk by then, and is thrown away by the next change."""
    old = sealed.key.public
    monkeypatch.setattr("actwright.runs.keeping.sealing.insert_seal", _killed)
    with pytest.raises(KeyboardInterrupt):
        sealed.sealing.rotate()
    monkeypatch.undo()
    left_lying = sealed.key.next.public
    sealed.run("run_2")
    made = sealed.sealing.seal()
    assert made is not None
    assert made.content().key == old.raw
    assert sealed.sealing.rotate().content().key not in {old.raw, left_lying.raw}
    assert sealed.verify().whole


def test_a_change_broken_off_behind_the_commit_is_finished_by_the_next_seal(
    sealed: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seals name the key that waits beside the old one."""
    monkeypatch.setattr(SealKey, "give_way", _killed)
    with pytest.raises(KeyboardInterrupt):
        sealed.sealing.rotate()
    monkeypatch.undo()
    named = sealed.key.next.public
    assert sealed.key.public != named
    sealed.run("run_2")
    assert sealed.sealing.seal() is not None
    assert sealed.key.public == named
    assert sealed.verify().whole


def test_the_old_key_seals_nothing_any_more(sealed: Kept) -> None:
    """A machine that was not given the new one is told so; nothing is sealed."""
    old = sealed.key.path.read_bytes()
    sealed.sealing.rotate()
    sealed.key.path.write_bytes(old)
    sealed.run("run_2")
    with pytest.raises(SealError, match="was signed with another key"):
        sealed.sealing.seal()
    with pytest.raises(SealError, match="was signed with another key"):
        sealed.sealing.rotate()
    assert rows(sealed.database, "SELECT count(*) FROM seal") == [(3,)]


def _killed(*_: object) -> NoReturn:
    raise KeyboardInterrupt
