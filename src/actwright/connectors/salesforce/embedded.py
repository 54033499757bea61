"""The embedded local org: started as a child process, reached over HTTP, stopped with us."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from actwright.connectors.salesforce.origin import origin_of
from actwright.errors import ConfigError, OrgUnreachableError

_START_SECONDS = 30.0
_STOP_SECONDS = 3.0
_LONGEST_COMPLAINT = 2000
_HINT = "Install it with: pip install 'actwright[localorg]'"


class EmbeddedLocalOrg:
    """A context manager that runs a local org for as long as it is open.

    Several may run on the same home at once: they share the database file.

    Args:
        home: The folder of ``localorg.db``; made where it is missing.
        seed: What a new org starts with: ``demo`` or ``none``.
        start_seconds: How long to wait for it to be ready.
    """

    def __init__(
        self, home: Path, *, seed: str = "demo", start_seconds: float = _START_SECONDS
    ) -> None:
        self._home = home
        self._seed = seed
        self._start_seconds = start_seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._stderr: IO[bytes] | None = None
        self._url: str | None = None

    @property
    def url(self) -> str:
        """The address it serves at.

        Raises:
            ConfigError: It is not running.
        """
        if self._url is None:
            raise ConfigError("The local org is not running.", hint="Enter it with 'with' first.")
        return self._url

    def start(self) -> str:
        """Start it, wait until it is ready, and return its address.

        Raises:
            ConfigError: Its packages are not installed.
            OrgUnreachableError: It died, or was not ready in time.
        """
        if importlib.util.find_spec("localorg") is None:
            raise ConfigError("The local org is not installed.", hint=_HINT)
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        self._child = subprocess.Popen(  # noqa: S603 - fixed arguments, no shell
            self._command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
        )
        try:
            self._url = self._ready(self._child)
        except BaseException:
            self.stop()
            raise
        return self._url

    def stop(self) -> None:
        """Stop it; does nothing where it is not running."""
        child, self._child, self._url = self._child, None, None
        if child is not None:
            _end(child)
        if self._stderr is not None:
            self._stderr.close()
            self._stderr = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _command(self) -> list[str]:
        database = str(self._home / "localorg.db")
        options = ["--port", "0", "--db", database, "--seed", self._seed, "--with-parent"]
        # -P keeps a folder called localorg, wherever the caller happens to stand, from being run instead.
        return [sys.executable, "-P", "-m", "localorg", "serve", *options]

    def _ready(self, child: subprocess.Popen[bytes]) -> str:
        line = _first_line(child, self._start_seconds)
        try:
            origin = origin_of(str(json.loads(line or b"")["url"]))
        except (ValueError, KeyError, TypeError, ConfigError) as error:
            raise self._failure(line) from error
        if not origin.loopback:
            raise self._failure(line)
        return str(origin)

    def _failure(self, line: bytes | None) -> ConfigError | OrgUnreachableError:
        complaint = self._complaint()
        if "ModuleNotFoundError" in complaint:
            return ConfigError(
                f"The local org lacks a package: {_last_line(complaint)}", hint=_HINT
            )
        if line is None:
            return OrgUnreachableError(
                f"The local org was not ready within {self._start_seconds:g} seconds.",
                where=str(self._home),
                hint=complaint or "Try again; the machine may be busy.",
            )
        return OrgUnreachableError(
            f"The local org did not start: {_last_line(complaint) or 'it said nothing'}",
            where=str(self._home),
            hint=complaint or "Run it by hand: python -m localorg serve",
        )

    def _complaint(self) -> str:
        if self._stderr is None:
            return ""
        self._stderr.seek(0)
        return self._stderr.read().decode(errors="replace").strip()[-_LONGEST_COMPLAINT:]


def _first_line(child: subprocess.Popen[bytes], seconds: float) -> bytes | None:
    """Return the child's first line, empty where it died, or None where there was none in time."""
    found: list[bytes] = []
    stdout = child.stdout

    def read() -> None:
        found.append(stdout.readline() if stdout is not None else b"")

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(seconds)
    if found and not found[0]:
        child.wait(_STOP_SECONDS)
    return found[0] if found else None


def _end(child: subprocess.Popen[bytes]) -> None:
    """Close the child's input, which ends it; then ask it to end, and at last make it."""
    if child.stdin is not None:
        child.stdin.close()
    for urge in (child.terminate, child.kill):
        try:
            child.wait(_STOP_SECONDS)
            break
        except subprocess.TimeoutExpired:
            urge()
    child.wait()
    if child.stdout is not None:
        child.stdout.close()


def _last_line(words: str) -> str:
    lines = words.splitlines()
    return lines[-1] if lines else ""
