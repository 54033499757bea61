"""The store, or a journal in it, cannot be used as it is (exit code 1), or a file for it cannot (2)."""

from __future__ import annotations

from actwright.errors.base import ActwrightError


class StoreError(ActwrightError):
    """The store is missing, locked, damaged, or newer than this program."""

    code = "store_failed"


class JournalConflictError(StoreError):
    """Somebody else appended to the run meanwhile; whoever lost has to read it again."""

    code = "journal_conflict"


class JournalUnknownError(StoreError):
    """An event has a kind or a form this program does not know; it was written by a newer one."""

    code = "journal_unknown"


class JournalDamagedError(StoreError):
    """A journal was edited, cut, reordered, or belongs to another run."""

    code = "journal_damaged"


class ExportDamagedError(JournalDamagedError):
    """A file that was handed in is no exported journal, is not as it was exported, or contradicts the store."""

    code = "export_damaged"
    exit_code = 2


class DocumentLostError(StoreError):
    """A large plan, preview or other document was kept outside the rows, and is not there, or not as it was."""

    code = "document_lost"


class SealError(StoreError):
    """A seal is missing, broken, or was made with another key."""

    code = "seal_invalid"
