"""Cassettes as files: YAML that a person can read, its long texts kept apart, checked by its name when it is read."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from actwright.canonical import Json
from actwright.errors import DocumentError
from actwright.regression.cassettes.bodies import folded, references, unfolded
from actwright.regression.cassettes.cassette import FORMAT, Cassette, CassetteHeader, Interaction
from actwright.regression.cassettes.texts import SharedTexts
from actwright.regression.placed import placed
from actwright.regression.whole import write_whole
from actwright.yaml_document import Places, largest_yaml, line_of, parse_yaml_placed

AGAIN = "A cassette is never edited by hand: record it again with actwright regress record."

_DIGEST = "digest"
"""The key of the SHA-256 over all else in the file, long texts by their digests."""
_KEYS = frozenset({"cassette", "interactions", _DIGEST})
_NUMBERLIKE = re.compile(r"[-+.0-9]")
_OTHER_BREAKS = re.compile("[\r\x85\u2028\u2029\ufeff]")
"""What YAML takes for the end of a line, or for nothing, outside of double quotes."""


@dataclass(frozen=True, slots=True)
class CassetteFile:
    """A cassette, and the file it was read from.

    Attributes:
        path: The file.
        cassette: What it holds.
        lines: The line of each interaction.
        texts: The digests of the shared texts it refers to.
    """

    path: Path
    cassette: Cassette
    lines: tuple[int, ...]
    texts: frozenset[str]

    def where(self, interaction: int = 0) -> str:
        """Return the file and the line of an interaction, counted from 0."""
        return f"{self.path}, line {self.lines[interaction]}"


def write_cassette(cassette: Cassette, folder: Path, texts: SharedTexts) -> Path:
    """Write a cassette into ``folder`` under its own name, and return the file."""
    left_out = None if cassette.header.seconds else {"seconds"}
    header: dict[str, Json] = cassette.header.model_dump(mode="json", exclude=left_out)
    document: dict[str, Json] = {
        "cassette": header,
        "interactions": [_interaction(each, texts) for each in cassette.interactions],
    }
    path = folder / cassette.name
    write_whole(path, exact_yaml({**document, _DIGEST: _digest(document)}).encode())
    return path


def read_cassette(path: Path, texts: SharedTexts) -> CassetteFile:
    """Return the cassette in a file.

    Raises:
        DocumentError: It is missing, malformed, of another format, was edited, or a text of it is missing or was
            edited; with file and line.
    """
    value, places = parse_yaml_placed(_content(path), where=str(path))
    if not isinstance(value, dict):
        raise DocumentError("The file holds no cassette.", where=f"{path}, line 1", hint=AGAIN)
    header = _header(value, places, path)
    listed = value.get("interactions")
    entries = listed if isinstance(listed, list) else []
    whole: dict[str, Json] = {
        "header": header.model_dump(mode="json"),
        "interactions": [
            _whole(each, texts, line_of(places, ("interactions", number), path))
            for number, each in enumerate(entries)
        ],
        **{name: held for name, held in value.items() if name not in _KEYS},
    }
    cassette = placed(Cassette, whole, places, path=path)
    _check_name(cassette, path)
    _check_digest(value, places, path)
    lines = (places[("interactions", number)].line for number in range(len(entries)))
    named = (name for each in entries for name in references(_body(each)))
    return CassetteFile(path, cassette, tuple(lines), frozenset(named))


def _header(value: Mapping[str, Json], places: Places, path: Path) -> CassetteHeader:
    header = value.get("cassette")
    written = header.get("format") if isinstance(header, dict) else None
    if isinstance(header, dict) and written != FORMAT:
        raise DocumentError(
            f"The cassette is of format {json.dumps(written)}, and this version reads format {FORMAT}.",
            where=line_of(places, ("cassette", "format"), path),
            hint=AGAIN,
            code="cassette_format",
        )
    return placed(CassetteHeader, header, places, path=path, at=("cassette",))


def _check_name(cassette: Cassette, path: Path) -> None:
    if cassette.name != path.name:
        raise DocumentError(
            f"The cassette should be called {cassette.name}: its first request, or its name, was edited.",
            where=str(path),
            hint=AGAIN,
            code="cassette_tampered",
        )


def _check_digest(value: Mapping[str, Json], places: Places, path: Path) -> None:
    if value.get(_DIGEST) != _digest(value):
        raise DocumentError(
            "The cassette is another one than its digest says: it was edited.",
            where=line_of(places, (_DIGEST,), path),
            hint=AGAIN,
            code="cassette_tampered",
        )


def _digest(document: Mapping[str, Json]) -> str:
    held = {name: each for name, each in document.items() if name != _DIGEST}
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(largest_yaml + 1)
    except OSError as error:
        raise DocumentError(
            f"The cassette cannot be read: {error.strerror}.", where=str(path), hint=AGAIN
        ) from error


def _interaction(interaction: Interaction, texts: SharedTexts) -> Json:
    request: dict[str, Json] = interaction.request.model_dump(mode="json")
    document = json.loads(interaction.request.body)
    if isinstance(document, dict):
        request["body"] = folded(document, texts)
    response: dict[str, Json] = interaction.response.model_dump(mode="json", exclude_defaults=True)
    return {"request": request, "response": {"status": interaction.response.status, **response}}


def _body(entry: Json) -> Mapping[str, Json]:
    request = entry.get("request") if isinstance(entry, dict) else None
    body = request.get("body") if isinstance(request, dict) else None
    return body if isinstance(body, dict) else {}


def _whole(entry: Json, texts: SharedTexts, where: str) -> Json:
    """Return an interaction as its contract wants it: the body as one text, its long texts in their places."""
    request = entry.get("request") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(request, dict):
        return entry
    body = json.dumps(unfolded(_body(entry), texts, where=where), ensure_ascii=False)
    return {**entry, "request": {**request, "body": body}}


class _Dumper(yaml.SafeDumper):
    """Writes texts such that only texts are read from them: several lines as a block, the others quoted."""

    def ignore_aliases(self, _: object) -> bool:
        """Write everything out: an alias is not read."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    exact = "\n" in text or _NUMBERLIKE.match(text) or _OTHER_BREAKS.search(text)
    style = '"' if exact else None
    if "\n" in text.rstrip("\n") and not _OTHER_BREAKS.search(text):
        style = "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def exact_yaml(document: Json) -> str:
    """Return a document as YAML from which only what it holds is read."""
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=4096)
