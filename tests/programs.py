"""The command line as a process of its own, forked from one that has imported everything: real, and there at once."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests.chaos.doomed import Child, Zygote

from actwright.cli import entry

_SECONDS = 100.0


@dataclass(frozen=True)
class Ended:
    """A process that ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Programs:
    """Starts ``actwright``.

    Attributes:
        zygote: What processes are forked from.
        folder: Where what they print is put.
    """

    zygote: Zygote
    folder: Path

    def run(self, *arguments: str, folder: Path, env: Mapping[str, str]) -> Ended:
        """Run it to its end, without a terminal, and return how it went.

        Args:
            arguments: What stands behind the program's name.
            folder: Where it is run.
            env: Its environment, all of it.
        """
        put = Path(mkdtemp(dir=self.folder))
        streams = (os.devnull, str(put / "out"), str(put / "err"))
        code = self.start(*arguments, folder=folder, env=env, streams=streams).ended(
            seconds=_SECONDS
        )
        out, err = ((put / name).read_text(encoding="utf-8") for name in ("out", "err"))
        return Ended(code, out, err)

    def start(
        self, *arguments: str, folder: Path, env: Mapping[str, str], streams: Sequence[str]
    ) -> Child:
        """Start it over three files: what it reads, and the two that it writes to."""
        return self.zygote.child(
            "tests.programs:command",
            arguments=list(arguments),
            folder=str(folder),
            env=dict(env),
            streams=list(streams),
        )


def clean_environment(*prefixes: str) -> dict[str, str]:
    """Return this process's environment without settings of Actwright's, and without other names that begin so."""
    left_out = ("ACTWRIGHT_", *prefixes)
    return {name: value for name, value in os.environ.items() if not name.startswith(left_out)}


def command(
    *, arguments: Sequence[str], folder: str, env: Mapping[str, str], streams: Sequence[str]
) -> int:
    """Be the program, in the child: where it is run, with what environment, over which streams."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    for number, path in enumerate(streams):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOCTTY)
        os.dup2(handle, number)
        os.close(handle)
    sys.stdin = os.fdopen(0, "r", encoding="utf-8", closefd=False)
    sys.stdout, sys.stderr = (
        os.fdopen(each, "w", encoding="utf-8", closefd=False, buffering=1) for each in (1, 2)
    )
    sys.argv = ["actwright", *arguments]
    return entry.run(arguments)
