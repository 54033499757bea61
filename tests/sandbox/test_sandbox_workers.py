"""The worker processes: behind which walls they stand, and that none outlives what it was for."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from actwright.errors import SandboxCrashedError, SandboxUnavailableError
from actwright.sandbox import (
    Call,
    Capability,
    Sandbox,
    SandboxLimits,
    Surface,
    Value,
    walls,
)
from actwright.sandbox.leash import Leash

ASKING = Surface((Capability("host", "ask", (), "None", "Ask the host."),))
ASK = "import host\n\ndef act():\n    return host.ask()\n"
ONE = "def act():\n    return 1\n"
SPIN = "import host\n\ndef act():\n    host.ask()\n    while True:\n        pass\n"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the walls are Linux's")


def _answered(sandbox: Sandbox, answer: Callable[[], Value]) -> Value:
    def ask(_: Call) -> Value:
        return answer()

    return sandbox.run(ASK, entry="act", arguments={}, surface=ASKING, answer=ask).value


def _workers(process: int) -> list[int]:
    """Return the children of a process, whichever of its threads started them."""
    folders = Path(f"/proc/{process}/task").glob("*/children")
    return [int(each) for folder in folders for each in folder.read_text().split()]


def _worker(sandbox: Sandbox) -> int:
    """Return the one worker that is lent just now."""
    (leash,) = sandbox._workers._lent
    return leash.pid


def _runs(process: int) -> bool:
    """Tell whether a process is there, and is more than an entry its parent has not fetched."""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def _gone(processes: list[int]) -> bool:
    """Tell whether processes end within five seconds."""
    until = time.monotonic() + 5
    while any(map(_runs, processes)):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def _open() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _host(program: str) -> subprocess.Popen[str]:
    """Start a process that makes a sandbox and prints the number of its worker when code is inside."""
    setting = (
        "import os, pathlib, sys, threading, time\n"
        "from actwright.sandbox import Sandbox, SandboxLimits, Surface, Capability\n"
        f"ASK, ONE, SPIN = {ASK!r}, {ONE!r}, {SPIN!r}\n"
        "ASKING = Surface((Capability('host', 'ask', (), 'None', ''),))\n"
        "def workers():\n"
        "    found = pathlib.Path(f'/proc/{os.getpid()}/task').glob('*/children')\n"
        "    return ' '.join(each.read_text() for each in found)\n"
        "def tell(*_):\n    print(workers(), flush=True)\n"
        "def run(sandbox, code, answer=tell):\n"
        "    return sandbox.run(code, entry='act', arguments={}, surface=ASKING, answer=answer).value\n"
        "sandbox = Sandbox(limits=SandboxLimits(seconds=30), workers=1)\n"
    )
    return subprocess.Popen(
        (sys.executable, "-c", setting + program), stdout=subprocess.PIPE, text=True
    )


def _first_line(host: subprocess.Popen[str]) -> list[int]:
    assert host.stdout is not None
    return [int(each) for each in host.stdout.readline().split()]


def _possible() -> set[str]:
    """Return the walls that must stand, by what the kernel itself says it has."""
    possible = {"interpreter", "host", "privileges", "ceilings"}
    if "Seccomp:" in Path("/proc/self/status").read_text():
        possible |= {"network", "processes", "calls"}
    landlock = ctypes.CDLL(None).syscall(444, None, 0, 1)
    return possible | ({"files"} if landlock >= 1 else set())


def test_every_wall_stands_on_this_kernel() -> None:
    """A process raises them around itself, and finds each one in its way; each says what it is for."""
    standing = walls()
    assert [each.name for each in standing] == [
        "interpreter",
        "host",
        "privileges",
        "ceilings",
        "network",
        "files",
        "processes",
        "calls",
    ]
    assert all(each.stops for each in standing)
    assert {each.name for each in standing if each.stands} >= _possible()


def test_the_worker_itself_stands_behind_what_the_probe_found() -> None:
    """The kernel's own account of a worker agrees with what `walls` tells."""
    told: dict[str, str] = {}

    def look() -> None:
        worker = _worker(sandbox)
        lines = Path(f"/proc/{worker}/status").read_text().splitlines()
        for line in lines:
            name, _, value = line.partition(":\t")
            told[name] = value
        told["fds"] = str(len(list(Path(f"/proc/{worker}/fd").iterdir())))
        told["environ"] = Path(f"/proc/{worker}/environ").read_text()
        told["limits"] = Path(f"/proc/{worker}/limits").read_text()

    with Sandbox(workers=1) as sandbox:
        _answered(sandbox, look)
    assert told["NoNewPrivs"] == "1"
    assert (told["fds"], told["environ"]) == ("3", "")
    assert "Max file size             0                    0 " in told["limits"]
    if "calls" in _possible():
        assert told["Seccomp"] == "2"


def test_closing_leaves_no_process() -> None:
    """After `close` there is no worker, and none of its descriptors."""
    before, open_before = _workers(os.getpid()), _open()
    with Sandbox() as sandbox:
        threads = [
            threading.Thread(target=_answered, args=(sandbox, lambda: time.sleep(0.02)))
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        started = set(_workers(os.getpid())) - set(before)
        assert started
    assert _gone(list(started))
    assert _open() == open_before


def test_closing_ends_what_still_runs() -> None:
    """Code that spins is stopped by a close from another thread, with an error and not with a hang."""
    sandbox = Sandbox(limits=SandboxLimits(seconds=30), workers=1)
    ended: list[BaseException] = []

    def spin() -> None:
        try:
            sandbox.run(
                "import host\n\ndef act():\n    host.ask()\n    while True:\n        pass\n",
                entry="act",
                arguments={},
                surface=ASKING,
                answer=lambda _: inside.set(),
            )
        except SandboxCrashedError as error:
            ended.append(error)

    inside = threading.Event()
    thread = threading.Thread(target=spin)
    thread.start()
    assert inside.wait(10)
    sandbox.close()
    thread.join(5)
    assert len(ended) == 1


def test_closing_sends_home_who_waits_for_a_worker() -> None:
    """Runs that wait for their turn are told at once that there will be none."""
    sandbox = Sandbox(workers=1)
    inside, told = threading.Event(), []

    def hold() -> None:
        inside.set()
        time.sleep(0.3)

    def run() -> None:
        try:
            _answered(sandbox, hold)
        except (SandboxCrashedError, SandboxUnavailableError) as error:
            told.append(type(error))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert inside.wait(10)
    sandbox.close()
    for thread in threads:
        thread.join(10)
    assert sorted(each.__name__ for each in told) == [
        "SandboxCrashedError",
        *["SandboxUnavailableError"] * 3,
    ]


def test_a_leash_that_was_dropped_ends_nothing() -> None:
    """Its worker's number may be another process's by then."""
    with subprocess.Popen(("sleep", "60")) as process:
        leash = Leash(process.pid)
        leash.drop()
        leash.pull()
        leash.drop()
        assert process.poll() is None
        held = Leash(process.pid)
        held.pull()
        assert process.wait(10) == -signal.SIGKILL
        held.pull()
        held.drop()


def test_a_worker_survives_the_thread_that_first_used_it() -> None:
    """The kernel ends a child with the thread that started it; that thread is the sandbox's own."""
    seen: list[int] = []
    with Sandbox(workers=1) as sandbox:

        def use() -> None:
            _answered(sandbox, lambda: seen.append(_worker(sandbox)))

        for _ in range(3):
            thread = threading.Thread(target=use)
            thread.start()
            thread.join()
            time.sleep(0.02)
    assert len(set(seen)) == 1


def test_a_dead_worker_is_replaced() -> None:
    """One that was killed between two runs costs nobody a run."""
    with Sandbox(workers=1) as sandbox:
        killed: list[int] = []
        _answered(sandbox, lambda: killed.append(_worker(sandbox)))
        os.kill(killed[0], signal.SIGKILL)
        assert _answered(sandbox, lambda: 7) == 7


def test_a_worker_that_dies_in_a_run_is_told() -> None:
    """The run ends with an error, and the next one has another worker."""
    with Sandbox(workers=1) as sandbox:
        with pytest.raises(SandboxCrashedError):
            _answered(sandbox, lambda: os.kill(_worker(sandbox), signal.SIGKILL))
        assert _answered(sandbox, lambda: 7) == 7


def test_a_fork_cannot_use_the_sandbox_nor_harm_it() -> None:
    """The child is refused, whatever it does, and the parent goes on with its workers."""
    with Sandbox(workers=1) as sandbox:
        assert _answered(sandbox, lambda: 7) == 7
        child = os.fork()
        if child == 0:
            try:
                _answered(sandbox, lambda: 7)
            except SandboxUnavailableError:
                sandbox.close()
                os._exit(0)
            os._exit(1)
        _, status = os.waitpid(child, 0)
        assert status == 0
        assert _answered(sandbox, lambda: 8) == 8


@pytest.mark.parametrize(
    ("program", "how"),
    [
        ("run(sandbox, SPIN)", signal.SIGKILL),
        ("run(sandbox, ASK, lambda _: (tell(), time.sleep(60)) and None)", signal.SIGKILL),
        ("run(sandbox, SPIN)", signal.SIGTERM),
        ("run(sandbox, ASK)", None),
        ("run(sandbox, ASK); os.fork() or sys.exit(0)", None),
        (
            "threading.Thread(target=run, args=(sandbox, SPIN), daemon=True).start(); time.sleep(1)",
            None,
        ),
    ],
    ids=[
        "killed while code spins",
        "killed in a call",
        "terminated",
        "ends",
        "ends by a fork",
        "ends beside a thread",
    ],
)
def test_no_worker_outlives_its_host(program: str, how: signal.Signals | None) -> None:
    """However the host ends, its worker ends with it."""
    with _host(program) as host:
        workers = _first_line(host)
        assert workers
        if how is not None:
            time.sleep(0.1)
            host.send_signal(how)
        host.wait(10)
    assert _gone(workers)


def test_ctrl_c_does_not_hang() -> None:
    """A person who interrupts waits no longer than the code's own ceiling."""
    program = "sandbox = Sandbox(limits=SandboxLimits(seconds=0.6), workers=1)\nrun(sandbox, SPIN)"
    with _host(program) as host:
        workers = _first_line(host)
        time.sleep(0.1)
        started = time.monotonic()
        host.send_signal(signal.SIGINT)
        host.wait(10)
        assert time.monotonic() - started < 3
    assert _gone(workers)


def test_workers_are_recycled_without_anybody_noticing() -> None:
    """After some two hundred runs a fresh worker serves, and no run fails."""
    with Sandbox(workers=1) as sandbox:
        seen = set()
        for _ in range(205):
            sandbox.run(ONE, entry="act", arguments={}, surface=Surface(), answer=lambda _: None)
        for _ in range(2):
            _answered(sandbox, lambda: seen.add(_worker(sandbox)))
        assert len(seen) == 1


def test_a_sandbox_that_cannot_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A launcher that fails is no reason to run code without walls."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with Sandbox(workers=1) as sandbox, pytest.raises(SandboxUnavailableError, match="started"):
        _answered(sandbox, lambda: 7)


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but generated actions needs the interpreter."""
    monkeypatch.setitem(sys.modules, "pydantic_monty", None)
    with Sandbox(workers=1) as sandbox, pytest.raises(SandboxUnavailableError) as told:
        _answered(sandbox, lambda: 7)
    assert "pip install 'actwright[sandbox]'" in str(told.value.hint)
