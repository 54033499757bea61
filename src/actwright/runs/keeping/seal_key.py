"""The key of the seals: Ed25519, the private half in a file of its owner's, the public half beside it."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from actwright.errors import SealError
from actwright.runs.keeping.whole_file import new_file, whole_file

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_LARGEST = 16 * 1024


@dataclass(frozen=True)
class PublicKey:
    """What seals are checked with.

    Attributes:
        raw: The 32 bytes of the key, in hexadecimal digits.
    """

    raw: str

    @property
    def fingerprint(self) -> str:
        """A short name of the key, for people."""
        return sha256(bytes.fromhex(self.raw)).hexdigest()[:16]

    def holds(self, message: bytes, signature: str) -> bool:
        """Tell whether ``signature`` was made with this key's private half over ``message``."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - slow to import

        try:
            self.key.verify(bytes.fromhex(signature), message)
        except (InvalidSignature, ValueError):
            return False
        return True

    @cached_property
    def key(self) -> Ed25519PublicKey:
        """The key itself."""
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - slow

        return ed25519.Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.raw))


@dataclass(frozen=True)
class PrivateKey:
    """A private half that was read.

    Attributes:
        public: Its public half.
    """

    public: PublicKey
    _key: Ed25519PrivateKey

    def sign(self, message: bytes) -> str:
        """Return the signature over ``message``, in hexadecimal digits."""
        return self._key.sign(message).hex()


@dataclass(frozen=True)
class SealKey:
    """The file of the private half, read anew each time: another process may have gone over to a new key.

    Attributes:
        path: Its file, in PEM, readable by its owner only.
    """

    path: Path

    @property
    def public_path(self) -> Path:
        """The file of the public half; copy it to where seals are checked."""
        return self.path.with_suffix(".pub")

    def former_path(self, public: PublicKey) -> Path:
        """Return the file in which the public half of a key stays that was given up for another one."""
        return self.path.with_name(f"{self.path.stem}.{public.fingerprint}.pub")

    def handover_path(self, public: PublicKey) -> Path:
        """Return the file of the seal by which such a key handed over to the next one."""
        return self.path.with_name(f"{self.path.stem}.{public.fingerprint}.handover.json")

    @property
    def next(self) -> SealKey:
        """The key that is to follow this one, while a store goes over to it."""
        return SealKey(self.path.with_name(f"{self.path.name}.next"))

    @property
    def exists(self) -> bool:
        """Whether the key has been made."""
        return self.path.exists()

    @property
    def public(self) -> PublicKey:
        """The public half.

        Raises:
            SealError: As `read` does.
        """
        return self.read().public

    def read(self) -> PrivateKey:
        """Return the private half.

        Raises:
            SealError: The file is missing, is no such key, can be read by others, or is somebody else's.
        """
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - slow
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - slow
            load_pem_private_key,
        )

        content = _content(self.path, private=True)
        try:
            key = load_pem_private_key(content, password=None)
        except (ValueError, TypeError) as error:
            raise _no_key(self.path) from error
        if not isinstance(key, ed25519.Ed25519PrivateKey):
            raise _no_key(self.path)
        return PrivateKey(_public_half(key.public_key()), key)

    def make(self) -> None:
        """Make a new key, unless the file is there already; a crash leaves it whole or not there.

        Raises:
            SealError: The files cannot be written.
        """
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - slow

        private = ed25519.Ed25519PrivateKey.generate()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self.exists:
                return
            new_file(self.path, _private_pem(private))
        except OSError as error:
            raise _unwritable(self.path, error) from error
        self._write_public(private.public_key())

    def give_way(self) -> None:
        """Put the next key in this one's place, of which the public half stays.

        Raises:
            SealError: There is no next key, or the files cannot be written.
        """
        following, former = self.next.read(), self.public
        with whole_file(self.former_path(former)) as out:
            out.write(_public_pem(former.key))
        try:
            self.next.path.replace(self.path.resolve())
            self.next.public_path.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(self.path, error) from error
        self._write_public(following.public.key)

    def discard(self) -> None:
        """Remove a key that nothing was signed with.

        Raises:
            SealError: Its files cannot be removed.
        """
        try:
            for each in (self.path, self.public_path):
                each.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def _write_public(self, key: Ed25519PublicKey) -> None:
        with whole_file(self.public_path) as out:
            out.write(_public_pem(key))


def read_public_key(path: Path) -> PublicKey:
    """Return the public key in a file.

    Raises:
        SealError: The file is missing, or is no such key.
    """
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - slow to import
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - slow
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - slow
        load_pem_public_key,
    )

    try:
        key = load_pem_public_key(_content(path))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _no_key(path) from error
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise _no_key(path)
    return _public_half(key)


def _content(path: Path, *, private: bool = False) -> bytes:
    """Return what is in the file of a key; of a private one only if nobody else can have read or put it there."""
    try:
        with path.open("rb") as file:
            if private:
                _check_private(os.fstat(file.fileno()), path)
            return file.read(_LARGEST)
    except OSError as error:
        raise SealError(
            f"The key of the seals cannot be read: {error.strerror or error}.",
            where=str(path),
            hint="Put the key of the earlier seals there, or name its file with ACTWRIGHT_SEAL_KEY_FILE.",
        ) from error


def _check_private(found: os.stat_result, path: Path) -> None:
    if found.st_mode & _OTHERS:
        raise SealError(
            "The key of the seals can be read by others.",
            where=str(path),
            hint=f"chmod 600 {path}",
        )
    if found.st_uid not in {0, os.geteuid()}:
        raise SealError(
            "The key of the seals is another user's file.",
            where=str(path),
            hint=f"Give it to whoever runs this: chown {os.geteuid()} {path}",
        )


def _public_half(key: Ed25519PublicKey) -> PublicKey:
    return PublicKey(key.public_bytes_raw().hex())


def _private_pem(key: Ed25519PrivateKey) -> bytes:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - slow to import

    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _public_pem(key: Ed25519PublicKey) -> bytes:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - slow to import

    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _no_key(path: Path) -> SealError:
    return SealError(
        "The file holds no Ed25519 key in PEM.",
        where=str(path),
        hint="Name the file seal.key (to seal) or seal.pub (to verify) that Actwright made.",
    )


def _unwritable(path: Path, error: OSError) -> SealError:
    return SealError(
        f"The key of the seals cannot be written: {error.strerror or error}.",
        where=str(path),
        hint="Name another file with ACTWRIGHT_SEAL_KEY_FILE.",
    )
