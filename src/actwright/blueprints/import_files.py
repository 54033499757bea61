"""Writing imported blueprints: one file each, named by its key, and never over another file unasked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.importing import ImportItem
from actwright.blueprints.library import is_key
from actwright.document import read_json
from actwright.errors import BlueprintError, InputError


def against_folder(
    items: Iterable[ImportItem], folder: Path, *, force: bool
) -> tuple[ImportItem, ...]:
    """Return the items, those held back whose file is there already with other content.

    Args:
        items: What was gathered.
        folder: Where they are to be written.
        force: Whether a file may be replaced.
    """
    return tuple(
        _against(each, folder, force=force) if each.status == "imported" else each for each in items
    )


def write_items(items: Sequence[ImportItem], folder: Path) -> tuple[Path, ...]:
    """Write every item that is imported into ``folder``, which is made, and return the files.

    Raises:
        InputError: The folder or a file cannot be written; what was written before stays.
    """
    written = []
    for item in items:
        if item.status == "imported" and item.blueprint is not None:
            path = _path(folder, item.key)
            _write(path, blueprint_text(item.blueprint))
            written.append(path)
    return tuple(written)


def blueprint_text(blueprint: ActionBlueprint) -> str:
    """Return a blueprint as it stands in a file of the library: what says nothing is left out."""
    document = blueprint.model_dump(mode="json", exclude_defaults=True)
    for each, given in zip(document.get("inputs", ()), blueprint.inputs, strict=True):
        if given.field_api_name == given.api_name:
            each.pop("fieldApiName", None)
        if given.label == given.field_api_name:
            each.pop("label", None)
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _against(item: ImportItem, folder: Path, *, force: bool) -> ImportItem:
    path = _path(folder, item.key)
    if item.blueprint is None or not (path.exists() or path.is_symlink()):
        return item
    if _same(path, item.blueprint):
        return replace(item, status="unchanged")
    if force:
        return item
    error = BlueprintError(
        "The file is there already, with other content.",
        where=str(path),
        hint="Say --force to replace it, or name another folder with --out.",
        code="file_exists",
    )
    return item.held_back(error)


def _same(path: Path, blueprint: ActionBlueprint) -> bool:
    try:
        return bool(ActionBlueprint.model_validate(read_json(path)) == blueprint)
    except (InputError, ValueError):
        return False


def _path(folder: Path, key: str) -> Path:
    """Return the file of a key; a key is made of letters, digits and underscores only."""
    if not is_key(key):
        raise BlueprintError(f"{key[:80]!r} cannot be a key.", where=str(folder))
    return folder / f"{key}.json"


def _write(path: Path, text: str) -> None:
    """Put the whole text in place at once: a link is replaced and never followed."""
    draft = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        with draft.open("x", encoding="utf-8") as file:
            file.write(text)
        draft.replace(path)
    except OSError as error:
        raise InputError(
            f"The file cannot be written: {error.strerror or error}.",
            where=str(path),
            hint="Name a folder that can be written with --out.",
            code="file_unwritable",
        ) from error
