"""The shelf: the folder of cassettes, by who answered, with the texts they share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

from actwright.errors import DocumentError
from actwright.regression.cassettes.asking import SCRIPTED_MODEL
from actwright.regression.cassettes.cassette import Cassette
from actwright.regression.cassettes.cassette_file import (
    AGAIN,
    CassetteFile,
    read_cassette,
    write_cassette,
)
from actwright.regression.cassettes.texts import SharedTexts
from actwright.regression.finding import Finding
from actwright.regression.origin import Origin

_HEX = "[0-9a-f]"
_CASE = re.compile(r"(?P<case>[a-z0-9][a-z0-9_-]{0,79})-[0-9a-f]{16}\.yaml")
"""The name of a cassette: it says whose it is where the file itself cannot."""


class Shelf:
    """Reads and keeps cassettes.

    Args:
        folder: The folder with ``scripted``, ``live``, ``texts`` and ``scorecards``.
    """

    origins: tuple[Origin, ...] = get_args(Origin)
    """Who may have answered; each has a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        """Where it is."""
        self.texts = SharedTexts(folder / "texts")
        """The texts cassettes share."""

    def __len__(self) -> int:
        """Return how many cassettes lie there, whoever answered."""
        return sum(len(self.paths(each)) for each in self.origins)

    @property
    def scorecards(self) -> Path:
        """Where the scorecards are."""
        return self.folder / "scorecards"

    @property
    def prompts(self) -> Path:
        """Where it stands which prompts there were when the whole suite was recorded."""
        return self.folder / "prompts.yaml"

    def paths(self, origin: Origin) -> tuple[Path, ...]:
        """Return the files of an origin's cassettes, sorted."""
        found = (self.folder / origin).glob("*.yaml")
        return tuple(sorted(each for each in found if each.is_file()))

    def unknown(self) -> Iterator[Finding]:
        """Yield a finding for each file that lies among cassettes and can be none."""
        for origin in self.origins:
            folder = self.folder / origin
            known = set(self.paths(origin))
            for path in sorted(folder.iterdir()) if folder.is_dir() else ():
                if path.is_file() and path not in known and not path.name.startswith("."):
                    yield Finding(
                        code="file_unknown",
                        message="Something lies among the cassettes that is none.",
                        where=str(path),
                        hint="Take it away: cassettes are files called CASE-DIGEST.yaml.",
                    )

    def cassettes(self, origin: Origin) -> tuple[CassetteFile, ...]:
        """Return an origin's cassettes.

        Raises:
            DocumentError: One of them cannot be read.
        """
        return tuple(self.read(each, origin) for each in self.paths(origin))

    def sound(self) -> tuple[tuple[CassetteFile, ...], tuple[Finding, ...]]:
        """Return all cassettes that can be read, and a finding for each that cannot."""
        files: list[CassetteFile] = []
        findings: list[Finding] = []
        for origin in self.origins:
            for path in self.paths(origin):
                try:
                    files.append(self.read(path, origin))
                except DocumentError as error:
                    findings.append(_unreadable(error, path))
        return tuple(files), tuple(findings)

    def read(self, path: Path, origin: Origin) -> CassetteFile:
        """Return a cassette of an origin.

        Raises:
            DocumentError: It cannot be read, or somebody else answered than its folder says.
        """
        file = read_cassette(path, self.texts)
        said = file.cassette.header.origin
        if said != origin:
            raise DocumentError(
                f"The cassette's answers are {said}, and it lies with those that are {origin}.",
                where=f"{path}, line 1",
                hint=f"Move it into the folder {said}.",
                code="origin_mixed",
            )
        model = file.cassette.header.model
        if (model == SCRIPTED_MODEL) is not (said == "scripted"):
            raise DocumentError(
                f"The cassette's answers are {said}, and it was {model[:80]!r} that was asked.",
                where=f"{path}, line 1",
                hint=f"Only scripts are asked as {SCRIPTED_MODEL!r}: take the file away, or record the case again.",
                code="origin_mixed",
            )
        return file

    def keep(self, cassette: Cassette) -> tuple[Path, bool]:
        """Keep a cassette in place of older ones of its case and model; return its file, and whether anything changed.

        One that says the same as the kept one is left alone, so that recording anew changes nothing where nothing
        has changed.
        """
        header = cassette.header
        folder, older = self.folder / header.origin, list[Path]()
        for path in folder.glob(f"{header.case}-{_HEX * 16}.yaml"):
            kept = self._kept(path, header.origin)
            if kept is None or (kept.header.case, kept.header.model) == (header.case, header.model):
                if kept is not None and kept.same_as(cassette):
                    return path, False
                older.append(path)
        written = write_cassette(cassette, folder, self.texts)
        for path in older:
            if path != written:
                path.unlink()
        return written, True

    def stray(self, files: Iterable[CassetteFile]) -> Iterator[Path]:
        """Yield the shared texts that none of these cassettes refers to."""
        used = {name for each in files for name in each.texts}
        yield from (self.texts.path_of(each) for each in sorted(self.texts.names() - used))

    def _kept(self, path: Path, origin: Origin) -> Cassette | None:
        try:
            return self.read(path, origin).cassette
        except DocumentError:
            return None


def _unreadable(error: DocumentError, path: Path) -> Finding:
    code, named = error.error_code, _CASE.fullmatch(path.name)
    return Finding(
        case=named["case"] if named else None,
        code="cassette_malformed" if code == DocumentError.code else code,
        message=error.message,
        where=error.where,
        hint=error.hint or AGAIN,
    )
