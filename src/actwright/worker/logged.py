"""Logged: what the libraries under a worker log, told as notices, so that its lines are all there is on stderr."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from actwright.worker.notice import Notice, Tell

_TOLD_ANYHOW: Final = ("procrastinate", "psycopg", "psycopg.pool")
"""Loggers of the queue and its connections: the worker tells itself that they broke, once and not at each try."""


@contextmanager
def logs_told(tell: Tell) -> Iterator[None]:
    """Tell inside the context what is logged as a warning or worse, each as one ``trouble``.

    Args:
        tell: Told on whichever thread logs.
    """
    told, root = _Told(tell), logging.getLogger()
    hush()
    root.addHandler(told)
    logging.captureWarnings(capture=True)
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        root.removeHandler(told)


def hush() -> None:
    """Keep off stderr what the worker tells itself, where nobody has set logging up; may be called again."""
    for name in _TOLD_ANYHOW:
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


class _Told(logging.Handler):
    """Hands on what is logged, but for what is told anyhow."""

    def __init__(self, tell: Tell) -> None:
        super().__init__(logging.WARNING)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one record, in one line and without its traceback."""
        if record.name.partition(".")[0] in _TOLD_ANYHOW:
            return
        try:
            self._tell(Notice("trouble", record.getMessage()))
        except Exception:  # noqa: BLE001 - as the standard library's handlers: logging stops nobody
            self.handleError(record)
