"""Long texts that many cassettes share, each kept once, under its own digest: a folder of ``SHA256.txt``."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from actwright.errors import DocumentError
from actwright.regression.whole import write_whole

_NAME = re.compile(r"[0-9a-f]{64}")
_LARGEST = 4 * 1024 * 1024


class SharedTexts:
    """Reads and keeps texts by their digest.

    Args:
        folder: Where they lie; made when the first one is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        """Where they lie."""
        self._read: dict[str, str] = {}

    def keep(self, text: str) -> str:
        """Keep a text, and return its digest."""
        content = text.encode()
        name = hashlib.sha256(content).hexdigest()
        path = self.path_of(name)
        if self._read.get(name) != text:
            if not path.is_file() or path.read_bytes() != content:
                write_whole(path, content)
            self._read[name] = text
        return name

    def get(self, name: str, *, where: str) -> str:
        """Return the text with that digest.

        Args:
            name: The digest.
            where: What refers to it, for the error.

        Raises:
            DocumentError: It is missing, or is another text than its name says.
        """
        if name not in self._read:
            self._read[name] = self._checked(name, where)
        return self._read[name]

    def path_of(self, name: str) -> Path:
        """Return the file of a digest."""
        return self.folder / f"{name}.txt"

    def names(self) -> frozenset[str]:
        """Return the digests of all texts that are kept."""
        return frozenset(each.stem for each in self.folder.glob("*.txt") if each.is_file())

    def _checked(self, name: str, where: str) -> str:
        if not _NAME.fullmatch(name):
            raise DocumentError(
                "A shared text is named by no digest.",
                where=where,
                hint="A cassette is never edited by hand: record it again.",
            )
        content = _meant(self._content(name, where), name)
        if content is None:
            raise DocumentError(
                "A shared text is another one than its name says: it was edited.",
                where=str(self.path_of(name)),
                hint="Take it back to what was committed, or record the cassettes again.",
                code="text_tampered",
            )
        return _decoded(content, str(self.path_of(name)))

    def _content(self, name: str, where: str) -> bytes:
        try:
            with self.path_of(name).open("rb") as file:
                return file.read(_LARGEST)
        except OSError as error:
            raise DocumentError(
                f"A shared text cannot be read: {error.strerror}: {self.path_of(name).name}.",
                where=where,
                hint="Take it back from what was committed, or record the cassettes again.",
                code="text_missing",
            ) from error


def _decoded(content: bytes, where: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise DocumentError(
            "A shared text is no text in UTF-8.", where=where, hint="Record the cassettes again."
        ) from error


def _meant(content: bytes, name: str) -> bytes | None:
    """Return the content whose digest ``name`` is: what was read, or that with plain line ends; None where it is neither.

    A checkout on Windows may have changed the end of each line.
    """
    for each in (content, content.replace(b"\r\n", b"\n")):
        if hashlib.sha256(each).hexdigest() == name:
            return each
    return None
