"""Overrides to declare: modules on disk, packages with entry points, and the blueprint they stand behind."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.scenario import blueprint

from actwright import ActionBlueprint, ActionRequest, Effect
from actwright.actions.curated.declared import Declared, Origin, importing

CREATE = ActionBlueprint.model_validate(blueprint("CREATE", "Account", "Name"))

NOTE = '''
class Note:
    """Writes a note."""

    version = "1.2.0"

    def effects(self, request):
        """Return one."""
        return (request.create("Account", {"Name": "x"}),)


note = Note()
'''


class Plain:
    """Hands out one account."""

    def effects(self, request: ActionRequest) -> Sequence[Effect]:
        """Return it."""
        return (request.create("Account", {"Name": "x"}),)


def declared(path: str, name: str = "CreateAccount", place: str = "actions.yaml") -> Declared:
    """Return an override that a manifest declares."""
    return Declared(name, Origin("manifest", place), path, importing(path))


@contextmanager
def modules(folder: Path, patch: pytest.MonkeyPatch, files: Mapping[str, str]) -> Iterator[None]:
    """Put modules on the path, and forget them again."""
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    patch.syspath_prepend(folder)
    yield
    for name in files:
        sys.modules.pop(name, None)


def package(folder: Path, name: str, version: str, points: Mapping[str, str]) -> None:
    """Put the metadata of an installed package into a folder of the path."""
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    lines = "".join(f"{key} = {value}\n" for key, value in points.items())
    (info / "entry_points.txt").write_text(f"[actwright.actions]\n{lines}")
