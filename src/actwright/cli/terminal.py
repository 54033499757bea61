"""The terminal: data to stdout, everything else to stderr, colour and questions only where a person sits."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cached_property
from typing import TYPE_CHECKING

from actwright.cli.wire import document_text, line_text
from actwright.errors import InterruptedQuestionError
from actwright.inert import inert

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_LONGEST_MESSAGE = 2000


class Terminal:
    """Where one command reads and writes.

    Args:
        as_json: Whether stdout carries one JSON document and nothing else.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    @property
    def interactive(self) -> bool:
        """Whether a person can be asked: both the questions and the answers go through a terminal."""
        return all(each is not None and each.isatty() for each in (sys.stdin, sys.stderr))

    @property
    def shows_people(self) -> bool:
        """Whether what is shown on stdout is seen by the person who answers."""
        return not self.as_json and sys.stdout is not None and sys.stdout.isatty()

    def document(self, value: object) -> None:
        """Print JSON-ready data to stdout, as one document."""
        sys.stdout.write(document_text(value, encoding=sys.stdout.encoding))

    def line(self, text: str) -> None:
        """Print one line of data to stdout as it is; the text is our own or already inert."""
        sys.stdout.write(f"{text}\n")

    def record(self, value: object) -> None:
        """Print JSON-ready data to stdout as one line, at once; nothing where stdout is for people."""
        if self.as_json:
            sys.stdout.write(line_text(value, encoding=sys.stdout.encoding))
            sys.stdout.flush()

    @contextmanager
    def live(self) -> Iterator[Callable[..., None]]:
        """Show parts on stdout in one place: each call of what is given takes the place of the one before."""
        from rich.console import Group  # noqa: PLC0415 - slow to import
        from rich.live import Live  # noqa: PLC0415 - same reason

        with Live(console=self._out, auto_refresh=False) as place:
            yield lambda *parts: place.update(Group(*parts), refresh=True)

    def show(self, *parts: RenderableType) -> None:
        """Print something for people to stdout; nothing where stdout carries JSON."""
        if not self.as_json:
            for each in parts:
                self._out.print(each)

    def aside(self, *parts: RenderableType) -> None:
        """Print something for people to stderr: what a question is about, while stdout carries JSON."""
        for each in parts:
            self._err.print(each)

    def hint(self, text: str) -> None:
        """Tell on stderr what can be done next; nothing where stdout carries JSON."""
        if not self.as_json:
            self._message(text, style="dim")

    def failure(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        """Print what went wrong, where, and what to do next, to stderr."""
        self._message(message, before="Error: ", style="red")
        if where:
            self._message(where, before="  at:   ", style="red")
        if hint:
            self._message(hint, before="  next: ")

    def busy(self, text: str) -> AbstractContextManager[object]:
        """Return a context manager that shows a spinner on stderr, where stderr is a terminal."""
        return self._err.status(text) if self._err.is_terminal else nullcontext()

    @contextmanager
    def progress(self, text: str) -> Iterator[Callable[[str], None]]:
        """Show a spinner on stderr, where stderr is a terminal, whose text the caller may go on to tell."""
        if not self._err.is_terminal:
            yield lambda _: None
            return
        with self._err.status(text) as status:
            yield lambda told: status.update(f"{text}: {inert(told, limit=120)}")

    @contextmanager
    def counting(self, text: str, total: int) -> Iterator[Callable[[int], None]]:
        """Show a bar on stderr, where stderr is a terminal, that the caller moves by telling how many are done."""
        if not self._err.is_terminal:
            yield lambda _: None
            return
        from rich.progress import (  # noqa: PLC0415 - slow to import
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        columns = (TextColumn(text), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._err, transient=True) as bar:
            task = bar.add_task(text, total=total)
            yield lambda done: bar.update(task, completed=done)

    def ask(self, prompt: str) -> str:
        """Ask the person one line on stderr; an end of input counts as an empty answer.

        Raises:
            InterruptedQuestionError: The person broke it off.
        """
        self._err.print(prompt, end=" ")
        sys.stderr.flush()
        try:
            return sys.stdin.readline().strip()
        except KeyboardInterrupt:
            raise InterruptedQuestionError(
                "Interrupted at the question: nothing was answered, and nothing was done."
            ) from None

    def _message(self, text: str, *, before: str = "", style: str = "") -> None:
        """Print one line that the terminal may wrap and we do not, so that a command in it can be copied."""
        line = f"{before}{inert(text, limit=_LONGEST_MESSAGE)}"
        self._err.print(line, style=style, soft_wrap=True)

    @cached_property
    def _out(self) -> Console:
        return _console(stderr=False)

    @cached_property
    def _err(self) -> Console:
        return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    from rich.console import Console  # noqa: PLC0415 - slow to import, and not every command prints

    return Console(stderr=stderr, highlight=False, markup=False, emoji=False)
