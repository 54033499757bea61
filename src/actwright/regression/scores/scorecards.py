"""The scorecards kept in the repository: one file for each prompt version, model and origin."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from pydantic import ValidationError

from actwright.document import explain, read_json
from actwright.errors import DocumentError
from actwright.regression.scores.scorecard import FORMAT, Scorecard
from actwright.yaml_document import Places, parse_yaml_placed

_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_PART = 60
_AGAIN = "Make it anew: `actwright regress record` writes it from the cassettes."


class KeptScorecards:
    """The scorecards in one folder.

    Args:
        folder: Where they are; it need not be there yet.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _cards(self) -> tuple[Scorecard, ...]:
        cards = (_named(each) for each in self.paths())
        return tuple(sorted(cards, key=_age))

    def paths(self) -> tuple[Path, ...]:
        """Return the files they are in, sorted by name."""
        return tuple(sorted(each for each in self._folder.glob("*.json") if each.is_file()))

    def all(self) -> tuple[Scorecard, ...]:
        """Return all of them, the oldest first; none where there is no such folder.

        Raises:
            DocumentError: A file cannot be read, is malformed, was edited, is of another version, or is not the
                scorecard its name says.
        """
        return self._cards

    def like(self, card: Scorecard) -> Scorecard | None:
        """Return the one of the same prompt version, model and origin, or None.

        Raises:
            DocumentError: As for `all`.
        """
        return next((each for each in self._cards if _key(each) == _key(card)), None)

    def before(self, card: Scorecard) -> Scorecard | None:
        """Return the one of the prompt's version before this one, with the same model and origin, or None.

        Raises:
            DocumentError: As for `all`.
        """
        known = self.like(card) or card
        row = (each for each in self._cards if each.series == card.series)
        return max((each for each in row if _age(each) < _age(known)), key=_age, default=None)

    def path_of(self, card: Scorecard) -> Path:
        """Return the file a scorecard has here."""
        return self._folder / file_name(card)

    def write(self, card: Scorecard) -> Path:
        """Write a scorecard into its file, and leave the file alone where only the moment is another one.

        Raises:
            DocumentError: The folder cannot be written to.
        """
        path = self.path_of(card)
        if path.is_file() and _same(card, path):
            return path
        document = {"format": FORMAT, **card.model_dump(mode="json", exclude_defaults=True)}
        text = json.dumps(document, indent=2, ensure_ascii=True)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{text}\n", encoding="utf-8")
        except OSError as error:
            raise DocumentError(
                f"The scorecard cannot be written: {error.strerror or error}.", where=str(path)
            ) from error
        self.__dict__.pop("_cards", None)
        return path


def file_name(card: Scorecard) -> str:
    """Return what the file of a scorecard is called: ``plan-v3-1a2b3c4d-gpt-4.1-live.json``."""
    parts = (card.prompt, f"v{card.version}", card.hash[:8], card.model, card.origin)
    return f"{'-'.join(map(_fit, parts))}.json"


def read_card(path: Path) -> Scorecard:
    """Return the scorecard in a file, whatever the file is called.

    Raises:
        DocumentError: The file cannot be read, is malformed, was edited, or is of another version.
    """
    document = read_json(path)
    written = document.get("format") if isinstance(document, dict) else None
    if isinstance(written, int) and written != FORMAT:
        raise DocumentError(
            f"The scorecard is of format {written}, and this program reads format {FORMAT}.",
            where=f"{path}, line {_line(path, ('format',))}",
            hint=_AGAIN,
        )
    try:
        card = Scorecard.model_validate(document)
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_input=False)[0]
        way = first.get("ctx", {}).get("at", first["loc"])
        raise DocumentError(
            f"The scorecard breaks its contract: {explain(invalid, Scorecard)}",
            where=f"{path}, line {_line(path, way)}",
            hint=_AGAIN,
        ) from invalid
    return card


def _named(path: Path) -> Scorecard:
    card = read_card(path)
    if path.name != file_name(card):
        raise DocumentError(
            f"The file holds the scorecard {file_name(card)!r}: it was renamed, or edited.",
            where=str(path),
            hint=_AGAIN,
        )
    return card


def _key(card: Scorecard) -> tuple[str, ...]:
    return (*card.series, card.version, card.hash)


def _age(card: Scorecard) -> tuple[tuple[int, ...], str, str]:
    """Return what orders versions: their numbers, then when they were made."""
    return tuple(map(int, re.findall(r"[0-9]{1,9}", card.version))), card.at, card.hash


def _same(card: Scorecard, path: Path) -> bool:
    try:
        kept = read_card(path)
    except DocumentError:
        return False
    return kept.model_copy(update={"at": card.at}) == card


def _fit(part: str) -> str:
    """Return a part of a file's name; one that had to be changed carries a digest of what it was."""
    plain = _UNFIT.sub("_", part)[:_LONGEST_PART]
    if plain == part:
        return plain
    return f"{plain}~{hashlib.sha256(part.encode('utf-8', 'replace')).hexdigest()[:6]}"


def _line(path: Path, way: Sequence[int | str]) -> int:
    """Return the line at which a part of a JSON file stands, or the nearest part around it that has one."""
    try:
        _, places = parse_yaml_placed(path.read_bytes(), where=str(path))
    except (OSError, DocumentError):
        return 1
    return _nearest(places, tuple(way))


def _nearest(places: Places, way: tuple[int | str, ...]) -> int:
    while way and way not in places:
        way = way[:-1]
    return places[way].line if way in places else 1
