"""Tries attacks out in processes of their own, watched from outside: ``python -m tests.security.sandbox.trial GROUP``.

Prints one JSON line an attack. The process makes itself the one that orphans come back to, so that no worker can be
overlooked.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Never

from tests.security.sandbox.attack import Attack

from actwright.errors import ActwrightError
from actwright.sandbox import (
    Call,
    Capability,
    Opaque,
    Parameter,
    Sandbox,
    SandboxDenied,
    SandboxLimits,
    Surface,
    Value,
    check,
)
from actwright.sandbox.session import ARGUMENTS, Session

LIMITS = SandboxLimits(
    seconds=0.12,
    memory_bytes=32_000_000,
    depth=100,
    calls=20,
    printed=16_000,
    nodes=2000,
    value_bytes=200_000,
)
HELD = "HELD-5ECRET"
"""What the opaque handle holds. No code may ever see it."""

ON_HOST = "HOST-5ECRET"
"""What stands in the environment and in a file of the host. No code may ever see it."""

PATIENCE = 15.0
"""Seconds after which an attack is said to hang, with two orders of magnitude to spare for a busy machine."""

SURFACE = Surface(
    (
        Capability("org", "query", (Parameter("object", "str"), Parameter("fields", "list[str]", required=False)), "list[dict[str, Any]]", "Read records."),
        Capability("org", "create", (Parameter("object", "str"), Parameter("values", "dict[str, Any]")), "Opaque", "Make a record."),
        Capability("org", "link", (Parameter("record", "Opaque"), Parameter("to", "str")), "None", "Link a record."),
        Capability("org", "amount", (Parameter("value", "int"),), "int", "Take a number."),
        Capability("org", "deny", (), "None", "Is always denied."),
        Capability("org", "fail", (), "None", "Always fails on the host."),
        Capability("svc", "log", (Parameter("text", "str"),), "None", "Write a line."),
    )
)  # fmt: skip


LONGEST_TOLD = 1500
"""Characters of all an error tells, whatever the code said."""


class HostFailed(Exception):  # noqa: N818 - stands for any failure of the host
    """A failure of the host whose text is nobody's business inside."""


@dataclass
class Host:
    """Answers calls, and keeps what was asked."""

    asked: list[Call] = field(default_factory=list)

    def answer(self, call: Call) -> Value:
        """Answer one call."""
        self.asked.append(call)
        if call.name == "deny":
            raise SandboxDenied("Not this one.")
        if call.name == "fail":
            raise HostFailed(f"postgres://app:{ON_HOST}@db")
        if call.name == "query":
            return [{"Id": "001", "Amount": 5, "Ssn": Opaque(HELD, "Contact.Ssn")}]
        return Opaque(HELD, "a new record") if call.name == "create" else None


@dataclass
class Outcome:
    """What came of one attack, from one side of the lint."""

    code: str
    seconds: float
    calls: int
    leaked: bool
    told: str = ""
    tidy: bool = True


def attempt(sandbox: Sandbox, code: str, *, inside: bool) -> Outcome:
    """Try code out.

    Args:
        sandbox: Where.
        code: The attack.
        inside: Whether it is let past the lint, as if that had missed it.
    """
    host, started, tidy = Host(), time.perf_counter(), True
    arguments: dict[str, Value] = {"handle": Opaque(HELD, "an argument")}
    try:
        value, printed = (
            _past_lint(sandbox, code, arguments, host)
            if inside
            else _run(sandbox, code, arguments, host)
        )
        ended, seen = "returned", f"{value!r}{printed}"
    except ActwrightError as error:
        ended, seen = error.error_code, json.dumps(error.as_dict())
        tidy = (
            len(seen) < LONGEST_TOLD and str(error).isprintable() and str(error.hint).isprintable()
        )
    except HostFailed:
        ended, seen = "host_failed", ""
    seconds = time.perf_counter() - started
    seen += repr(host.asked)
    return Outcome(
        ended, seconds, len(host.asked), HELD in seen or ON_HOST in seen, seen[:300], tidy
    )


def looked_at(sandbox: Sandbox, code: str) -> Outcome:
    """Have code checked.

    Args:
        sandbox: Whose worker checks its types.
        code: The attack.
    """
    started = time.perf_counter()
    found = check(code, entry="act", signature="def act(handle)", surface=SURFACE, sandbox=sandbox)
    told = str(found)[:300]
    return Outcome("checked", time.perf_counter() - started, 0, leaked=False, told=told)


def _run(
    sandbox: Sandbox, code: str, arguments: Mapping[str, Value], host: Host
) -> tuple[Value, str]:
    done = sandbox.run(code, entry="act", arguments=arguments, surface=SURFACE, answer=host.answer)
    return done.value, done.printed


def _past_lint(
    sandbox: Sandbox, code: str, arguments: Mapping[str, Value], host: Host
) -> tuple[Value, str]:
    with sandbox.session(SURFACE, now=datetime(2026, 1, 1, tzinfo=UTC)) as worker:
        session = Session(worker, surface=SURFACE, limits=LIMITS, answer=host.answer)
        return session.run(f"{code}\nact(**{ARGUMENTS})", arguments), session.printed


def fight(attacks: list[Attack], pipe: int) -> Never:
    """Try attacks one after another in this process, and tell of each one. Ends the process.

    Args:
        attacks: The attacks.
        pipe: Where to tell.
    """
    with Sandbox(limits=LIMITS, workers=1) as sandbox:
        for each in attacks:
            tried = {"inside": vars(attempt(sandbox, each.code, inside=True))}
            if each.front or each.read:
                tried["front"] = vars(attempt(sandbox, each.code, inside=False))
            if each.read:
                tried["checked"] = vars(looked_at(sandbox, each.code))
            os.write(pipe, (json.dumps({"name": each.name, **tried}) + "\n").encode())
        honest = attempt(sandbox, "def act(handle):\n    return 1 + 1", inside=False)
    host, worker = map(_peak, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    told = {"after": honest.code, "host": host, "worker": worker}
    os.write(pipe, (json.dumps(told) + "\n").encode())
    os._exit(0)


def _peak(whose: int) -> int:
    """Return the largest resident set so far of this process, or of any of its children, in MiB."""
    return resource.getrusage(whose).ru_maxrss // 1024


def watched(attacks: list[Attack]) -> Iterator[dict[str, Any]]:
    """Fork a process for attacks, and yield what it tells, until it ends or is silent for too long."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.close(1)
        fight(attacks, writing)
    os.close(writing)
    told = b""
    while select.select([reading], [], [], PATIENCE)[0]:
        chunk = os.read(reading, 65536)
        if not chunk:
            break
        *lines, told = (told + chunk).split(b"\n")
        yield from map(json.loads, lines)
    else:
        os.kill(child, signal.SIGKILL)
        yield {"hung": [each.name for each in attacks]}
    os.close(reading)
    _, status = os.waitpid(child, 0)
    if status:
        yield {"died": os.waitstatus_to_exitcode(status), "of": [each.name for each in attacks]}


def left_behind() -> list[int]:
    """Return the processes that are still there two seconds after everything ended."""
    until = time.monotonic() + 2
    while True:
        children = (
            Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
        )
        if not children or time.monotonic() > until:
            return [int(each) for each in children]
        try:
            os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return []
        time.sleep(0.01)


def main(group: str) -> None:
    """Try every attack of one group, and print what came of each."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    os.environ["ACTWRIGHT_TEST_SECRET"] = ON_HOST
    attacks: list[Attack] = importlib.import_module(f"tests.security.sandbox.{group}").ATTACKS
    importlib.import_module("pydantic_monty")
    gc.freeze()
    together = [each for each in attacks if not each.alone]
    alone = [[each] for each in attacks if each.alone]
    for batch in ([together] if together else []) + alone:
        for line in watched(batch):
            print(json.dumps(line), flush=True)  # noqa: T201 - this is how it tells
    print(json.dumps({"left": left_behind()}))  # noqa: T201 - same reason


if __name__ == "__main__":
    main(sys.argv[1])
