"""Promotion: an approved version as files of a project, which name it by what it does."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.generated_scene import SUMMED, case_blueprint, open_total
from tests.memory_org import MemoryOrg

from actwright.actions.factory import Factory
from actwright.actions.generated.implementation import GeneratedImplementation
from actwright.actions.generated.promotion import MANIFEST, promote, read_promoted
from actwright.canonical import Json
from actwright.errors import DocumentError, ImplementationError
from actwright.sandbox import Sandbox
from actwright.yaml_document import read_yaml

ACTION = open_total(tests=(SUMMED,))


def entry(folder: Path, name: str = "OpenTotalTask") -> Json:
    """Return an entry of a folder's manifest."""
    document = read_yaml(folder / MANIFEST)
    assert isinstance(document, dict)
    actions = document["actions"]
    assert isinstance(actions, dict)
    return actions[name]


def test_what_was_promoted_reads_back_as_it_was(tmp_path: Path) -> None:
    """The code stands in a file of its own, as it was; all else beside it."""
    written = promote(ACTION, tmp_path)
    code, about = written.files
    assert code.read_text(encoding="utf-8") == ACTION.code
    assert "code" not in about.read_text(encoding="utf-8").split('"tests"')[0]
    assert read_promoted(entry(tmp_path), tmp_path, where="it") == ACTION


@settings(deadline=None)
@given(st.text(min_size=1, max_size=300))
def test_any_code_reads_back_to_the_byte(text: str) -> None:
    """Line ends, tabs and letters of any script are part of what was approved."""
    action = open_total(text)
    with TemporaryDirectory() as folder:
        promote(action, Path(folder))
        assert read_promoted(entry(Path(folder)), Path(folder), where="it") == action


def test_promoting_again_changes_nothing_and_another_name_is_added(tmp_path: Path) -> None:
    """The manifest keeps what stands in it, comments included."""
    manifest = tmp_path / MANIFEST
    manifest.write_text(
        "version: 1\nactions:\n  # ours\n  Mine:\n    implementation: mine:close\n",
        encoding="utf-8",
    )
    promote(ACTION, tmp_path)
    once = manifest.read_text(encoding="utf-8")
    promote(ACTION, tmp_path)
    promote(open_total(blueprint=case_blueprint(name="Second")), tmp_path)
    assert manifest.read_text(encoding="utf-8").startswith(once)
    assert "# ours" in once
    assert entry(tmp_path, "Mine") == {"implementation": "mine:close"}
    assert entry(tmp_path, "Second") != entry(tmp_path)


def test_another_override_of_that_name_is_a_conflict(tmp_path: Path) -> None:
    """Neither the one nor the other is silently replaced."""
    promote(ACTION, tmp_path)
    with pytest.raises(ImplementationError) as refused:
        promote(open_total(f"{ACTION.code}# newer\n"), tmp_path)
    assert refused.value.error_code == "override_conflict"
    assert read_promoted(entry(tmp_path), tmp_path, where="it") == ACTION


def test_a_manifest_whose_list_stands_elsewhere_is_left_alone(tmp_path: Path) -> None:
    """Nothing is written where a line at the end would land in another part."""
    text = "actions: {}\nversion: 1\n"
    (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError):
        promote(ACTION, tmp_path)
    assert (tmp_path / MANIFEST).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("place", [0, 1])
def test_files_that_were_edited_are_refused(tmp_path: Path, place: int) -> None:
    """The manifest pins code and capabilities: a change of either is another action."""
    path = promote(ACTION, tmp_path).files[place]
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"Subject"', '"Description"', 1), encoding="utf-8")
    with pytest.raises((ImplementationError, DocumentError)):
        read_promoted(entry(tmp_path), tmp_path, where="it")


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        {},
        {"generated": ACTION.id},
        {
            "generated": ACTION.id,
            "digest": ACTION.digest,
            "code": "../code.py",
            "action": "it.json",
        },
        {
            "generated": ACTION.id,
            "digest": ACTION.digest,
            "code": "/etc/passwd",
            "action": "it.json",
        },
        {
            "generated": ACTION.id,
            "digest": ACTION.digest,
            "code": "a.py",
            "action": "b.json",
            "more": 1,
        },
        {"generated": ACTION.id, "digest": ACTION.digest, "code": "a.py", "action": "b.json"},
    ],
)
def test_an_entry_that_names_no_files_beside_it_is_refused(tmp_path: Path, given: object) -> None:
    """An entry has three parts, and its files stand in the manifest's own folder."""
    with pytest.raises(DocumentError):
        read_promoted(given, tmp_path, where="it")  # type: ignore[arg-type]  # the point


def test_a_promoted_action_is_registered_as_what_it_is(sandbox: Sandbox, org: MemoryOrg) -> None:
    """It stands before everything else of its name, goes by its id, and keeps its taint."""
    del org
    factory = Factory()
    factory.register(ACTION.name, GeneratedImplementation(ACTION, sandbox))
    chosen = factory.resolve(ACTION.blueprint)
    assert (chosen.kind, chosen.name, chosen.withheld) == ("generated", ACTION.id, "")


def test_the_whole_digest_is_pinned_and_not_only_the_id(tmp_path: Path) -> None:
    """An entry whose id fits, and whose digest is another one, names nothing."""
    promote(ACTION, tmp_path)
    there = entry(tmp_path)
    assert isinstance(there, dict)
    assert there["digest"] == ACTION.digest
    changed = {**there, "digest": ACTION.digest[:-1] + ("0" if ACTION.digest[-1] != "0" else "1")}
    with pytest.raises(ImplementationError) as refused:
        read_promoted(changed, tmp_path, where="it")
    assert refused.value.error_code == "generated_changed"
