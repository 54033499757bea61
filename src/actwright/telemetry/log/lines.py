"""The log as JSON lines: one object a line, appended in one piece, so that several processes may share a file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from actwright.canonical import Json, canonical_bytes
from actwright.errors import StoreError
from actwright.model.exchange import Exchange
from actwright.telemetry.log.entry import Entry, TextsEntry


class LinesSink:
    """Appends entries to a file, which is opened anew for each batch: it may be moved away at any time.

    Args:
        path: The file; made with its folder where missing, readable by its owner only.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._torn = False

    @property
    def name(self) -> str:
        """The file."""
        return str(self._path)

    def write(self, entries: Sequence[Entry]) -> None:
        """Append a line for each entry.

        Raises:
            StoreError: The file cannot be written.
        """
        lines = b"".join(canonical_bytes(_line(each)) + b"\n" for each in entries)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._append(lines)
        except OSError as error:
            raise StoreError(
                f"The prompt log's file cannot be written: {error.strerror or error}.",
                where=self.name,
                hint="Check telemetry_file, the free space and who may write there.",
            ) from error

    def _append(self, lines: bytes) -> None:
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # A full disk takes half a line: the next one begins anew, so that no other is lost with it.
            left = memoryview(b"\n" + lines if self._torn and lines else lines)
            while left:
                left = left[os.write(handle, left) :]
                self._torn = bool(left)
        finally:
            os.close(handle)


def _line(entry: Entry) -> dict[str, Json]:
    if isinstance(entry, TextsEntry):
        return {
            "kind": "texts",
            "exchange": entry.exchange,
            "at": entry.at,
            "texts": entry.document,
        }
    kind = "exchange" if isinstance(entry, Exchange) else "planning"
    return {"kind": kind, **entry.model_dump(mode="json")}
