"""Promotion: an approved version written out as a curated override, into files that a project keeps with its own code.

The manifest names the version by its id and its whole digest, which are made of its code and capabilities. Whoever
changes either file changes both, and is told when it is read. From then on no store is needed to know that it was approved: that it stands in the
project says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from actwright.actions.generated.action import GeneratedAction
from actwright.canonical import Json
from actwright.document import read_json, validated
from actwright.errors import DocumentError, ImplementationError
from actwright.inert import inert
from actwright.yaml_document import parse_yaml

MANIFEST = "actions.yaml"
"""What the manifest is called."""

_HEAD = "# Curated overrides of this project, by the name of the blueprint they stand behind.\nversion: 1\nactions:\n"
_LARGEST_CODE = 65_536
_PARTS = ("generated", "digest", "code", "action")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,120}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Promoted:
    """What a promotion wrote.

    Attributes:
        manifest: The manifest, which names the action now.
        files: The files beside it: the code, and all else about the action.
    """

    manifest: Path
    files: tuple[Path, ...]


def promote(action: GeneratedAction, folder: Path) -> Promoted:
    """Write an action out as a curated override, and name it in the folder's manifest.

    Args:
        action: An approved one.
        folder: Where ``actions.yaml`` stands, or is to stand.

    Raises:
        ImplementationError: The manifest names something else under that name, or a file of that name is another one's.
        DocumentError: A file cannot be read or written, or the manifest's form leaves no room for another line.
    """
    manifest, name = folder / MANIFEST, action.name
    text = _read(manifest) if manifest.exists() else _HEAD
    entry = {
        "generated": action.id,
        "digest": action.digest,
        "code": f"{name}.py",
        "action": f"{name}.json",
    }
    there = _entries(text, str(manifest)).get(name)
    if there is not None and there != entry:
        raise ImplementationError(
            f"{manifest.name} has another override for {name} already: {there}.",
            where=f"{manifest}: {name}",
            hint="Take it out of the manifest first, if this one is to stand instead.",
            code="override_conflict",
        )
    if there is None:
        lines = "".join(f"    {key}: {value}\n" for key, value in entry.items())
        text = f"{text.rstrip()}\n  {name}:\n{lines}"
        if _entries(text, str(manifest)).get(name) != entry:
            raise DocumentError(
                "The manifest's last part is not its list of actions, so that none can be added at its end.",
                where=str(manifest),
                hint="Move `actions:` to the end of the file.",
            )
    code, rest = folder / entry["code"], folder / entry["action"]
    if there is None:
        _check_free(action, code, rest)
    about = action.model_dump_json(indent=2, exclude={"code"})
    _write({code: action.code, rest: f"{about}\n", manifest: text})
    return Promoted(manifest, (code, rest))


def read_promoted(entry: Json, folder: Path, *, where: str) -> GeneratedAction:
    """Return the generated action that an entry of a manifest names.

    Args:
        entry: The entry: ``generated``, the id; ``digest``, all of it; ``code`` and ``action``, files beside the manifest.
        folder: Where the manifest stands.
        where: What to call the entry in an error.

    Raises:
        DocumentError: The entry or a file is malformed.
        ImplementationError: The files do not hold the version the manifest names.
    """
    if not isinstance(entry, Mapping) or sorted(entry) != sorted(_PARTS):
        raise DocumentError(f"The entry has {', '.join(_PARTS)}, and nothing else.", where=where)
    known, pinned, code, about = (str(entry[each]) for each in _PARTS)
    if not all(_FILE.fullmatch(each) for each in (code, about)):
        raise DocumentError("The files of an entry stand beside the manifest.", where=where)
    document = read_json(folder / about)
    if not isinstance(document, dict):
        raise DocumentError("The file holds no generated action.", where=str(folder / about))
    action = validated(
        GeneratedAction, {**document, "code": _read(folder / code)}, where=str(folder / about)
    )
    if (action.id, action.digest) != (known, pinned):
        raise ImplementationError(
            f"The files of {action.name} hold {action.id} with the digest {action.digest}, and the manifest names {known} "
            f"with {inert(pinned, limit=80)}: they were edited.",
            where=where,
            hint="Bring the files back, or promote the version you mean again.",
            code="generated_changed",
        )
    return action


def _check_free(action: GeneratedAction, code: Path, rest: Path) -> None:
    """Refuse to write over files of a project that are no promoted version of this action.

    Its name was made by a model, or by whoever wrote the goal: it may be that of a file which is there already.

    Raises:
        ImplementationError: There is one.
    """
    taken = next((each for each in (code, rest) if each.exists() or each.is_symlink()), None)
    if taken is None or _is_promoted(action.name, rest):
        return
    raise ImplementationError(
        f"{taken.name} is there already, and no promoted version of {action.name}.",
        where=str(taken),
        hint="Promote it into another folder, or move that file away.",
        code="override_conflict",
    )


def _is_promoted(name: str, rest: Path) -> bool:
    try:
        document = read_json(rest)
    except DocumentError:
        return False
    blueprint = document.get("blueprint") if isinstance(document, dict) else None
    return isinstance(blueprint, dict) and blueprint.get("name") == name


def _entries(text: str, where: str) -> Mapping[str, Json]:
    document = parse_yaml(text, where=where)
    actions = document.get("actions") if isinstance(document, dict) else None
    if actions is None:
        return {}
    if not isinstance(actions, dict):
        raise DocumentError("`actions` holds no entries by name.", where=where)
    return actions


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_CODE * 16 + 1)
        return content.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"The file cannot be read: {error}.", where=str(path)) from error


def _write(files: Mapping[Path, str]) -> None:
    for path, text in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise DocumentError(
                f"The file cannot be written: {error.strerror}.", where=str(path)
            ) from error
