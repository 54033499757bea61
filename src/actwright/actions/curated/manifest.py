"""The manifest: ``actions.yaml``, which names a project's own overrides, their versions, and what they take and give."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from actwright.actions.curated.declared import Declared, Origin, importing
from actwright.actions.curated.naming import checked_name
from actwright.actions.curated.shape import Shape, TypeText
from actwright.actions.generated.action import GeneratedAction
from actwright.actions.generated.promotion import read_promoted
from actwright.actions.implementation import Implementation
from actwright.blueprints.blueprint import InputName
from actwright.contract import Contract
from actwright.document import faults, plain_name
from actwright.errors import DocumentError, ImplementationError
from actwright.yaml_document import Places, largest_yaml, parse_yaml_placed

Generated = Callable[[GeneratedAction], Implementation]
"""Makes an implementation of a generated action."""

_MOST_FAULTS = 12
_PROMOTED = ("generated", "digest", "code", "action")
_HINT = (
    "An entry is `NAME: {implementation: package.module:name, version: 1.2.0, inputs: {...}, outputs: {...}}`, "
    "or what `actwright actions promote` writes."
)


class ManifestEntry(Contract):
    """One override: code of one's own, or a generated action that was promoted."""

    implementation: str | None = Field(default=None, max_length=300, pattern=r"^[\w.]+:[\w.]+$")
    version: str | None = Field(
        default=None, max_length=60, pattern=r"^[0-9A-Za-z][0-9A-Za-z.+_!-]*$"
    )
    inputs: Mapping[InputName, TypeText] | None = Field(default=None, max_length=1000)
    outputs: Mapping[InputName, TypeText] | None = Field(default=None, max_length=50)
    generated: Annotated[str, Field(pattern=r"^gen_[0-9a-f]{20}$")] | None = None
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    code: str | None = Field(default=None, max_length=130)
    action: str | None = Field(default=None, max_length=130)

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        """Refuse an entry that is both, or neither."""
        promoted = [getattr(self, each) for each in _PROMOTED]
        own = (self.implementation, self.version, self.inputs, self.outputs)
        if self.implementation is not None and not any(promoted):
            return self
        if all(promoted) and all(each is None for each in own):
            return self
        raise ValueError(
            "an entry has implementation (and version, inputs, outputs), or generated, digest, code and action"
        )


class ActionsManifest(Contract):
    """The overrides of a project, by the name of the blueprint they stand behind."""

    version: Literal[1]
    actions: Mapping[str, ManifestEntry] = Field(default_factory=dict, max_length=1000)


def read_manifest(path: Path, generated: Generated) -> tuple[Declared, ...]:
    """Return the overrides a manifest declares; none of their code is imported.

    Args:
        path: The file.
        generated: Makes an implementation of a promoted action.

    Raises:
        DocumentError: The file is missing, malformed, or breaks the contract; with the line of each fault.
    """
    value, places = parse_yaml_placed(_content(path), where=path.name)
    try:
        manifest = ActionsManifest.model_validate(value)
    except ValidationError as invalid:
        raise _broken(invalid, places, path.name) from invalid
    return tuple(
        _declared(name, entry, path, _line(places, ("actions", name)), generated)
        for name, entry in manifest.actions.items()
    )


def _declared(
    name: str, entry: ManifestEntry, path: Path, line: str, generated: Generated
) -> Declared:
    where = f"{path.name}{line}"
    try:
        checked_name(name)
    except ImplementationError as error:
        raise DocumentError(error.message, where=where, hint=error.hint) from error
    origin = Origin("manifest", where)
    if entry.implementation is not None:
        shape = Shape(inputs=entry.inputs, outputs=entry.outputs)
        load = importing(entry.implementation)
        version = entry.version or ""
        return Declared(name, origin, entry.implementation, load, version, bool(version), shape)
    files = {each: getattr(entry, each) for each in _PROMOTED}

    def promoted() -> Implementation:
        action = read_promoted(files, path.parent, where=where)
        if action.name != name:
            raise ImplementationError(
                f"{action.id} was generated for {action.name}, and the manifest has it as {plain_name(name)}.",
                where=where,
                hint=f"Call the entry {action.name}.",
            )
        return generated(action)

    return Declared(name, origin, str(entry.generated), promoted)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(largest_yaml + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise DocumentError(
            f"The manifest cannot be read: {reason or error}.",
            where=str(path),
            hint="Name another file in `actions_file`, or take the setting out.",
        ) from error


def _broken(invalid: ValidationError, places: Places, source: str) -> DocumentError:
    lines = list(_told(invalid, places))
    more = len(lines) - _MOST_FAULTS
    told = "; ".join(lines[:_MOST_FAULTS]) + (f"; and {more} more" if more > 0 else "")
    first = invalid.errors(include_url=False, include_input=False)[0]["loc"]
    return DocumentError(
        f"{source} breaks its contract: {told}.",
        where=f"{source}{_line(places, first)}",
        hint=_HINT,
    )


def _told(invalid: ValidationError, places: Places) -> Iterator[str]:
    errors = invalid.errors(include_url=False, include_input=False)
    for fault, told in zip(errors, faults(invalid, ActionsManifest), strict=True):
        yield f"{told}{_line(places, fault['loc'])}"


def _line(places: Places, way: tuple[int | str, ...]) -> str:
    """Return the line of something, or of the nearest thing around it; empty where nothing is known."""
    while way and way not in places:
        way = way[:-1]
    place = places.get(way)
    return f", line {place.line}" if place else ""
