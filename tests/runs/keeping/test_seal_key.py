"""The key of the seals: made once, read by its owner only, and nothing else passes for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from actwright.errors import SealError
from actwright.runs.keeping.seal_key import SealKey, read_public_key


@pytest.fixture
def key(tmp_path: Path) -> SealKey:
    """Give a key."""
    made = SealKey(tmp_path / "home" / "seal.key")
    made.make()
    return made


def test_a_key_is_made_once(key: SealKey) -> None:
    """For its owner only; making it again changes nothing."""
    content = key.path.read_bytes()
    key.make()
    assert key.path.read_bytes() == content
    assert key.path.stat().st_mode & 0o777 == 0o600
    assert read_public_key(key.public_path) == key.public


def test_a_signature_holds_for_its_message_and_key_alone(key: SealKey, tmp_path: Path) -> None:
    """Another message, another key, or anything else: no."""
    other = SealKey(tmp_path / "other.key")
    other.make()
    signature = key.read().sign(b"text")
    assert key.public.holds(b"text", signature)
    assert not key.public.holds(b"other", signature)
    assert not key.public.holds(b"text", "no hexadecimal digits")
    assert not other.public.holds(b"text", signature)
    assert other.public.fingerprint != key.public.fingerprint


def test_a_key_others_can_read_is_refused(key: SealKey) -> None:
    """With the way out."""
    key.path.chmod(0o644)
    with pytest.raises(SealError, match="read by others") as refused:
        key.read().sign(b"text")
    assert "chmod 600" in str(refused.value.hint)


@pytest.mark.parametrize("content", [b"", b"not a key", b"\xff"])
def test_what_is_no_key_is_refused(key: SealKey, content: bytes) -> None:
    """Private or public."""
    key.path.write_bytes(content)
    key.public_path.write_bytes(content)
    with pytest.raises(SealError, match="holds no Ed25519 key"):
        key.read().sign(b"text")
    with pytest.raises(SealError, match="holds no Ed25519 key"):
        read_public_key(key.public_path)


def test_a_key_of_another_kind_is_refused(key: SealKey) -> None:
    """Only Ed25519 is."""
    other = ec.generate_private_key(ec.SECP256R1())
    pem, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    key.path.write_bytes(
        other.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    key.public_path.write_bytes(other.public_key().public_bytes(pem, form))
    with pytest.raises(SealError, match="holds no Ed25519 key"):
        key.read().sign(b"text")
    with pytest.raises(SealError, match="holds no Ed25519 key"):
        read_public_key(key.public_path)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file where the folder should be."""
    (tmp_path / "home").write_text("")
    with pytest.raises(SealError, match="cannot be written"):
        SealKey(tmp_path / "home" / "seal.key").make()


def test_a_key_is_there_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that dies while it makes one leaves no empty file that would be refused for ever after."""
    key = SealKey(tmp_path / "seal.key")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("actwright.runs.keeping.whole_file.os.fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        key.make()
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []
    key.make()
    assert read_public_key(key.public_path) == key.public


def test_a_link_counts_as_what_it_points_to(key: SealKey, tmp_path: Path) -> None:
    """Its rights are those of the file, read from the open file itself; one that dangles is replaced by nothing."""
    link = SealKey(tmp_path / "link.key")
    link.path.symlink_to(key.path)
    assert link.public == key.public
    key.path.chmod(0o640)
    with pytest.raises(SealError, match="read by others"):
        link.read()
    dangling = SealKey(tmp_path / "dangling.key")
    dangling.path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(SealError, match="cannot be written"):
        dangling.make()


def test_a_key_of_another_user_is_refused(key: SealKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever owns the file could have kept a copy."""
    monkeypatch.setattr("actwright.runs.keeping.seal_key.os.geteuid", lambda: 4711)
    if key.path.stat().st_uid == 0:
        os.chown(key.path, 4712, -1)
    with pytest.raises(SealError, match="another user's file"):
        key.read()
