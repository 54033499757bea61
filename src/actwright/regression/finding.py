"""Findings: what keeps the gate closed, each with its place and the way on."""

from __future__ import annotations

from actwright.contract import Contract


class Finding(Contract):
    """One thing that keeps the gate closed."""

    code: str
    """Stable: ``request_unmatched``, ``reply_unused``, ``cassette_missing``, ``cassette_orphaned``, ..."""
    message: str
    case: str | None = None
    """The case it is about, where it is about one."""
    cases: tuple[str, ...] = ()
    """All cases that it is about, where several share it."""
    where: str | None = None
    """The file, and the line where it is known."""
    hint: str | None = None
    """What to do next."""
    diff: tuple[str, ...] = ()
    """What changed, a stretch each: ``[-gone-]`` and ``{+new+}`` between words that stay."""
