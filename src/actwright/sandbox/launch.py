"""Raises the walls around a worker, then becomes it.

Run by itself, as ``python -I -S launch.py HOST CPU MEMORY BINARY ARGUMENTS``, on nothing but the standard library: it
is the executable that a pool starts its workers with. Each wall is raised where the kernel has it. With ``--probe`` in
place of the binary it tries each wall out and prints which ones stand.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import platform
import resource
import signal
import struct
import sys
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG, _PR_GET_PDEATHSIG = 1, 2
_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_PR_SET_NO_NEW_PRIVS, _PR_GET_NO_NEW_PRIVS = 38, 39
_NEW_UTS, _NEW_IPC, _NEW_USER, _NEW_NET = 0x04000000, 0x08000000, 0x10000000, 0x40000000

_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_EXECUTE, _READ_FILE = 1 << 0, 1 << 2
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
"""How many rights on files each version of Landlock knows; later ones know 16."""

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435
_CLONE_THREAD = 0x00010000
_X32 = 0x40000000
_REFUSED = {
    # sockets, processes and signals, looking into others, namespaces and mounts, the kernel itself, files by handle
    "x86_64": (
        *(41, 42, 43, 49, 50, 53, 288),
        *(57, 58, 62, 200, 322, 424, 434, 438),
        *(101, 310, 311, 440),
        *(155, 161, 165, 166, 272, 308, 428, 429, 430, 431, 432, 442),
        *(103, 135, 169, 175, 176, 246, 248, 249, 250, 298, 313, 320, 321, 323, 425, 426, 427),
        *(303, 304, 319),
    ),
    "aarch64": (
        *(198, 199, 200, 201, 202, 203, 242),
        *(129, 130, 281, 424, 434, 438),
        *(117, 270, 271, 440),
        *(39, 40, 41, 51, 97, 268, 428, 429, 430, 431, 432, 442),
        *(92, 104, 105, 106, 116, 142, 217, 218, 219, 241, 273, 280, 282, 294, 425, 426, 427),
        *(264, 265, 279),
    ),
}
"""System calls a worker has no need of, by their number on each kind of machine."""

_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_EPERM, _ENOSYS = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06


def main() -> int:
    """Raise the walls, and become the worker, or tell which walls stand."""
    host, cpu, memory, binary, *arguments = sys.argv[1:]
    probing = binary == "--probe"
    _prefer_to_lose_this_one()
    apart = _unshared()
    _die_with(int(host))
    _capped(int(cpu), int(memory))
    _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    quiet = os.open(os.devnull, os.O_WRONLY)
    _fenced(Path(sys.executable if probing else binary))
    _filtered()
    if probing:
        sys.stdout.write(json.dumps(_standing(apart=apart)))
        return 0
    os.dup2(quiet, 2)
    os.closerange(3, 65536)
    return os.execve(binary, [binary, *arguments], {})  # noqa: S606 - a program and its arguments, no shell


def _prefer_to_lose_this_one() -> None:
    """Where memory runs out, a worker is to go before its host does."""
    try:
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    except OSError:
        return


def _unshared() -> bool:
    """Leave the host's network behind, and with a user namespace of its own every capability too."""
    apart = _NEW_NET | _NEW_IPC | _NEW_UTS
    return any(_LIBC.unshare(which) == 0 for which in (_NEW_USER | apart, apart))


def _die_with(host: int) -> None:
    """End with the thread that started this, also where it ended before this line. Leaving a namespace forgets it."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != host:
        raise SystemExit("the host is gone")


def _capped(cpu: int, memory: int) -> None:
    """Set ceilings the kernel holds to: processor seconds, memory, open files, nothing written, no core."""
    ceilings = {
        resource.RLIMIT_CPU: cpu,
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_NOFILE: 16,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for which, ceiling in ceilings.items():
        _, hard = resource.getrlimit(which)
        least = ceiling if hard == resource.RLIM_INFINITY else min(ceiling, hard)
        resource.setrlimit(which, (least, least))


def _fenced(binary: Path) -> None:
    """Let it read its own program and the libraries that needs, run that program, and open no other file or port."""
    version = _LIBC.syscall(_LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return
    rights = (1 << _FILE_RIGHTS.get(version, 16)) - 1
    ports, scopes = (3 if version >= 4 else 0), (3 if version >= 6 else 0)  # noqa: PLR2004 - Landlock's versions
    size = 24 if scopes else 16 if ports else 8
    rules = struct.pack("=QQQ", rights, ports, scopes)[:size]
    fence = _LIBC.syscall(_LANDLOCK_CREATE, rules, size, 0)
    if fence < 0:
        return
    for path, allowed in _readable(binary).items():
        _open_to(fence, path, allowed)
    _LIBC.syscall(_LANDLOCK_RESTRICT, fence, 0)
    os.close(fence)


def _readable(binary: Path) -> dict[Path, int]:
    """Return what a worker has to read, with the rights on it: its program, the loader, the folders of libraries."""
    mapped = {
        Path(line.split(maxsplit=5)[5].strip())
        for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
        if ".so" in line
    }
    loaders = {each for each in mapped if each.name.startswith(("ld-", "ld."))}
    folders = {each.parent for each in mapped}
    paths = dict.fromkeys((*folders, Path("/etc/ld.so.cache")), _READ_FILE)
    return paths | dict.fromkeys((*loaders, binary), _READ_FILE | _EXECUTE)


def _open_to(fence: int, path: Path, allowed: int) -> None:
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    _LIBC.syscall(_LANDLOCK_ADD, fence, 1, struct.pack("=Qi", allowed, beneath), 0)
    os.close(beneath)


def _filtered() -> None:
    """Refuse the system calls a worker has no need of."""
    machine = platform.machine()
    if machine not in _REFUSED:
        return
    code = b"".join(struct.pack("HBBI", *each) for each in _program(machine))
    kept = ctypes.create_string_buffer(code, len(code))
    filter_ = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(kept))
    _LIBC.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, filter_, 0, 0)


def _program(machine: str) -> list[tuple[int, int, int, int]]:
    """Return the filter: the machine is right, the call is none of those refused, a clone is a thread."""
    lines = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, _AUDIT_ARCH[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, _EPERM),
    ]
    for number in _REFUSED[machine]:
        lines += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _EPERM)]
    lines += [(_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _ENOSYS)]
    lines += [(_EQUAL, 1, 0, _CLONE[machine]), (_RETURN, 0, 0, _ALLOW), (_LOAD, 0, 0, 16)]
    return [
        *lines,
        (_ANY_BIT, 1, 0, _CLONE_THREAD),
        (_RETURN, 0, 0, _EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]


def _standing(*, apart: bool) -> dict[str, bool]:
    """Try each wall out, from inside."""
    told = ctypes.c_int(0)
    _LIBC.prctl(_PR_GET_PDEATHSIG, ctypes.byref(told), 0, 0, 0)
    return {
        "host": told.value == signal.SIGKILL,
        "privileges": _LIBC.prctl(_PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1,
        "ceilings": resource.getrlimit(resource.RLIMIT_FSIZE)[1] == 0,
        "network": apart or _LIBC.socket(2, 1, 0) < 0,
        "files": not _can_open(Path(__file__)),
        "processes": not _can_fork(),
        "calls": _LIBC.socket(1, 1, 0) < 0,
    }


def _can_open(path: Path) -> bool:
    try:
        os.close(os.open(path, os.O_RDONLY))
    except OSError:
        return False
    return True


def _can_fork() -> bool:
    try:
        child = os.fork()
    except OSError:
        return False
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return True


if __name__ == "__main__":
    raise SystemExit(main())
