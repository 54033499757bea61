"""The manifest: a closed document that declares overrides, with the line of whatever is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from tests.actions.curated.override_scene import CREATE, NOTE, modules
from tests.generated_scene import open_total

from actwright.actions.curated.declared import Declared
from actwright.actions.curated.manifest import read_manifest
from actwright.actions.factory import Factory
from actwright.actions.generated.implementation import GeneratedImplementation, Runner
from actwright.actions.generated.promotion import promote
from actwright.errors import DocumentError, ImplementationError


def read(folder: Path, text: str) -> tuple[Declared, ...]:
    """Return what a manifest declares; no generated code runs here."""
    path = folder / "actions.yaml"
    if text:
        path.write_text(text, encoding="utf-8")
    runner = cast("Runner", None)
    return read_manifest(path, lambda action: GeneratedImplementation(action, runner))


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the name of a module with an override."""
    name = f"listed_{abs(hash(tmp_path))}"
    with modules(tmp_path, monkeypatch, {name: NOTE}):
        yield name


def entry(module: str, **more: str) -> str:
    """Return a manifest of one entry."""
    lines = "".join(f"    {key}: {value}\n" for key, value in more.items())
    return f"version: 1\nactions:\n  CreateAccount:\n    implementation: {module}:note\n{lines}"


def test_an_entry_declares_implementation_version_and_types(tmp_path: Path, module: str) -> None:
    """It stands behind its blueprint, under its version, and its origin is the file and line."""
    (found,) = read(tmp_path, entry(module, version="1.2.0", inputs="{Name: String?}"))
    assert str(found.origin) == "manifest, actions.yaml, line 3"
    chosen = Factory(declared=[found]).resolve(CREATE)
    assert (chosen.name, chosen.shape.inputs) == (f"{module}:note@1.2.0", {"Name": "String?"})


def test_another_version_than_the_manifest_says_is_refused(tmp_path: Path, module: str) -> None:
    """The override and its manifest say the same, or it cannot be used; both are named."""
    (found,) = read(tmp_path, entry(module, version="1.3.0"))
    with pytest.raises(ImplementationError, match=r"version 1\.2\.0.*says 1\.3\.0") as caught:
        Factory(declared=[found]).resolve(CREATE)
    assert caught.value.error_code == "override_version"


def test_inputs_that_do_not_fit_the_blueprint_are_refused(tmp_path: Path, module: str) -> None:
    """What it needs and the blueprint has not, has otherwise, or may leave out; override and blueprint are named."""
    for inputs, words in (
        ("{Name: Date?}", "as Date.*as String"),
        ("{}", "hands in Name"),
        ("{Name: String?, Day: Date}", "takes Day"),
        ("{Name: String}", "lets it be left out"),
    ):
        (found,) = read(tmp_path, entry(module, inputs=inputs))
        with pytest.raises(ImplementationError, match=f"does not fit CreateAccount.*{words}"):
            Factory(declared=[found]).resolve(CREATE)


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("version: 2\nactions: {}\n", "version", 1),
        ("version: 1\nactions:\n  A:\n    implementation: a:b\n    extra: 1\n", "unknown field", 5),
        ("version: 1\nactions:\n  A:\n    implementation: no path\n", "implementation", 4),
        ("version: 1\nactions:\n  A:\n    version: '1'\n", "an entry has", 3),
        ("version: 1\nactions:\n  A: {implementation: 'a:b', generated: gen_1}\n", "gen_", 3),
        ("version: 1\nactions:\n  A: {implementation: 'a:b', inputs: {X: Car}}\n", "X", 3),
        ("version: 1\nactions:\n  \u0410: {implementation: 'a:b'}\n", "No blueprint", 3),
        ("version: 1\nactions:\n  A: {}\n  A: {}\n", "twice", 4),
        ("- a\n", "the document", 1),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, text: str, words: str, line: int
) -> None:
    """The document is closed, and read as strictly as any."""
    with pytest.raises(DocumentError, match=words) as caught:
        read(tmp_path, text)
    assert f"line {line}" in str(caught.value)


def test_a_manifest_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A file that was named is never passed over."""
    with pytest.raises(DocumentError, match="cannot be read"):
        read(tmp_path, "")


def test_a_promoted_action_is_read_from_the_files_that_were_written(tmp_path: Path) -> None:
    """It stays generated code under its id; edited files, and another name, are refused."""
    action = open_total()
    manifest = promote(action, tmp_path).manifest
    (found,) = read(tmp_path, "")
    chosen = Factory(declared=[found]).resolve(action.blueprint)
    assert (chosen.kind, chosen.name) == ("generated", action.id)
    text = manifest.read_text(encoding="utf-8")
    (renamed,) = read(tmp_path, text.replace(f"  {action.name}:", "  Other:"))
    with pytest.raises(ImplementationError, match="was generated for"):
        renamed.load()
    (tmp_path / f"{action.name}.py").write_text(action.code + "\n# more\n", encoding="utf-8")
    (edited,) = read(tmp_path, text)
    with pytest.raises(ImplementationError, match="they were edited"):
        Factory(declared=[edited]).resolve(action.blueprint)
