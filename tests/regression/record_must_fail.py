"""Make ``must_fail`` anew, where the form of cassettes changed: ``python -m tests.regression.record_must_fail``.

Its cassettes are recorded with one other word in a prompt. One case gets none; one is recorded that the suite then
does not have.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from actwright.model.prompts import bundled_prompts
from actwright.regression.cassettes.shelf import Shelf
from actwright.regression.playing.recording import Recorder
from actwright.regression.playing.scene import Scene
from actwright.regression.suite.suite import Suite

FOLDER = Path(__file__).parent / "must_fail"
LEFT_OUT = "never-recorded"
TAKEN_OUT = """  - id: taken-out-of-the-suite
    goal: Book me a flight to Oslo
    expect: {refusal: no_fit}
"""
OLD, NEW = "You plan changes to the records", "You may plan changes to the records"


def main() -> None:
    """Record every case but one, and one that the suite does not have."""
    cassettes = FOLDER / "cassettes"
    shutil.rmtree(cassettes, ignore_errors=True)
    with tempfile.TemporaryDirectory() as home:
        suite = _suite(Path(home))
        with Scene(at=suite.at, prompts=_prompts(Path(home))) as scene:
            recorder = Recorder(suite, scene)
            for case in suite.reviewed:
                if case.id != LEFT_OUT:
                    Shelf(cassettes).keep(recorder.scripted(case))


def _suite(home: Path) -> Suite:
    path = home / "suite.yaml"
    path.write_text((FOLDER / "suite.yaml").read_text("utf-8") + TAKEN_OUT, "utf-8")
    return Suite.load(path)


def _prompts(home: Path) -> Path:
    prompts = home / "prompts"
    shutil.copytree(bundled_prompts(), prompts)
    template = prompts / "plan" / "system.md.jinja"
    text = template.read_text("utf-8")
    assert OLD in text
    template.write_text(text.replace(OLD, NEW), "utf-8")
    return prompts


if __name__ == "__main__":
    main()
