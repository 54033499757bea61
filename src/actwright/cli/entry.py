"""The way in and out: arguments in, an exit code out, and never a traceback on the screen."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import typer
from typer.main import get_command

from actwright.cli.application import app
from actwright.cli.failure import complain, crash, misuse
from actwright.errors import ActwrightError

PROGRAM = "actwright"
_INTERRUPTED = 130
_USAGE = 2


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and return its exit code.

    Args:
        arguments: What stands behind the program's name.
    """
    _forgiving_streams()
    as_json = wants_json(arguments)
    try:
        return _invoke(list(arguments))
    except ActwrightError as error:
        complain(error.as_dict(), as_json=as_json)
        return error.exit_code
    except typer.TyperException as error:
        complain(misuse(error), as_json=as_json)
        return _USAGE
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except Exception as error:  # noqa: BLE001 - the last line of defence: a file, not a traceback
        if isinstance(error, OSError) and error.errno == errno.EPIPE:
            return _broken_pipe()
        complain(crash(error, arguments), as_json=as_json)
        return 1


def wants_json(arguments: Sequence[str]) -> bool:
    """Tell whether ``--json`` is among the options, also where they cannot be parsed."""
    options = list(arguments)
    before = options[: options.index("--")] if "--" in options else options
    return "--json" in before


def _invoke(arguments: list[str]) -> int:
    if not arguments:
        _call(["--help"])
        return _USAGE
    code = _call(arguments)
    sys.stdout.flush()
    return code


def _call(arguments: list[str]) -> int:
    """Return the exit code of one call; typer turns Ctrl-C into its own exit."""
    code: object = get_command(app).main(
        args=arguments, prog_name=PROGRAM, complete_var="_ACTWRIGHT_COMPLETE", standalone_mode=False
    )
    if code == _INTERRUPTED:
        return _interrupted()
    return code if isinstance(code, int) else 0


def _interrupted() -> int:
    sys.stderr.write("\nInterrupted. A run that had begun may have changed records: actwright ps\n")
    return _INTERRUPTED


def _broken_pipe() -> int:
    """Leave quietly where nobody reads on, and keep the interpreter from flushing into the void."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
    return 1


def _forgiving_streams() -> None:
    """Print ``?`` for what the terminal's encoding lacks, and nowhere what has no stream to go to."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for good
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
