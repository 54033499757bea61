"""The note of all prompts there were when a suite was recorded, so that none changes unseen that no cassette uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Literal

from pydantic import ValidationError

from actwright.contract import Contract
from actwright.document import explain
from actwright.errors import DocumentError
from actwright.model.prompts import Prompts
from actwright.regression.cassettes.cassette import PromptStamp
from actwright.regression.cassettes.cassette_file import exact_yaml
from actwright.regression.cassettes.difference import changed_templates
from actwright.regression.finding import Finding
from actwright.regression.whole import write_whole
from actwright.yaml_document import line_of, read_yaml_placed

_FORMAT: Final = 1


class NotedPrompts(Contract):
    """The prompts there were."""

    format: Literal[1] = _FORMAT
    prompts: tuple[PromptStamp, ...]
    """By name."""


def stamp_of(name: str, prompts: Prompts) -> PromptStamp:
    """Return which prompt it is that has a name now."""
    now = prompts.get(name)
    return PromptStamp(
        name=now.name, version=now.version, hash=now.hash, templates=dict(now.sources)
    )


def note_prompts(path: Path, prompts: Prompts) -> bool:
    """Note all prompts there are; return whether that changed the file.

    Raises:
        DocumentError: The file cannot be written.
    """
    noted = NotedPrompts(prompts=tuple(stamp_of(each, prompts) for each in prompts.names))
    content = exact_yaml(noted.model_dump(mode="json")).encode()
    if path.is_file() and path.read_bytes().replace(b"\r\n", b"\n") == content:
        return False
    write_whole(path, content)
    return True


def changed_prompts(
    path: Path, prompts: Prompts, recorded: Iterable[PromptStamp]
) -> Iterator[Finding]:
    """Yield a finding for each prompt that is another one than was noted, and that no cassette tells of.

    Args:
        path: The note.
        prompts: The prompts there are.
        recorded: Those that cassettes were made with: these tell of changes themselves, in shared parts too.
    """
    if not path.exists():
        yield Finding(
            code="prompts_missing",
            message="Nobody noted which prompts there were when the suite was recorded.",
            where=str(path),
        )
        return
    try:
        noted = {each.name: each for each in _read(path).prompts}
    except DocumentError as error:
        yield Finding(
            code="prompts_malformed", message=error.message, where=error.where, hint=error.hint
        )
        return
    told = {each.name: each for each in recorded}
    parts = {template for each in told.values() for template in each.templates}
    for name in sorted({*noted, *prompts.names} - told.keys()):
        message = _change(name, noted.get(name), prompts, parts)
        if message:
            yield Finding(code="prompt_changed", message=message, where=str(path))


def _change(name: str, noted: PromptStamp | None, prompts: Prompts, told: set[str]) -> str:
    if noted is None:
        return f"The prompt {name!r} is new, and no cassette shows what comes of it."
    if name not in prompts.names:
        return f"The prompt {name!r} is there no more."
    if noted == stamp_of(name, prompts):
        return ""
    templates = changed_templates([noted], prompts)
    if templates and told.issuperset(templates):
        return ""
    named = ", ".join(f"prompts/{each}" for each in templates) or f"prompts/{name}"
    return f"{named} changed, and no cassette shows what comes of it: look at it yourself."


def _read(path: Path) -> NotedPrompts:
    value, places = read_yaml_placed(path)
    try:
        return NotedPrompts.model_validate(value)
    except ValidationError as invalid:
        way = invalid.errors(include_url=False, include_input=False)[0]["loc"]
        raise DocumentError(
            f"The note of prompts breaks its contract: {explain(invalid, NotedPrompts)}",
            where=line_of(places, way, path),
            hint="Make it anew: `actwright regress record` writes it.",
        ) from invalid
