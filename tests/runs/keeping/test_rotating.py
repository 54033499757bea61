"""Going over to a new key: the old one names it, and whoever trusts one of them can follow."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest
from tests.kept_runs import Kept, rows

from actwright.errors import SealError
from actwright.runs.keeping.seal import Seal, SealBody, insert_seal, newest_seal, signed
from actwright.runs.keeping.seal_key import PublicKey, SealKey
from actwright.runs.keeping.verifying import verify


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
