"""Record the cassettes anew: ``.venv/bin/python -m tests.model.record_cassettes``.

To be run on purpose, after a change of a prompt, of the reply's schema or of the form of a request, and to be
committed with it. What answers is the scripted model, over real HTTP on loopback; no live model is asked.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.actions.generating import action_cassette
from tests.model.cassette_cases import CASES, CASSETTES, CassetteCase, body_digest, cassette, plan

from actwright.testing.model_server import ScriptedModel
from actwright.testing.replies import Reply


def record(case: CassetteCase, folder: Path) -> Path:
    """Record one case into ``folder``, in place of its old recording; return the file."""
    with tempfile.TemporaryDirectory() as home:
        fresh = Path(home) / "fresh.yaml"
        with (
            ScriptedModel([Reply.json(each) for each in case.replies]) as model,
            cassette(fresh, "all") as tape,
        ):
            plan(case, model.base_url)
            digest = body_digest(tape.requests[0].body)
        for old in folder.glob(f"{case.name}-*.yaml"):
            old.unlink()
        target = folder / f"{case.name}-{digest}.yaml"
        target.write_bytes(fresh.read_bytes())
    return target


def main() -> int:
    """Record every case."""
    for case in CASES:
        sys.stdout.write(f"{record(case, CASSETTES).name}\n")
    with tempfile.TemporaryDirectory() as home:
        sys.stdout.write(f"{action_cassette.record(Path(home)).name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
