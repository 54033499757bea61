"""Attacks that reach for the host: its files, its network, its processes, its Python."""

from __future__ import annotations

from tests.security.sandbox.attack import DENIED, ERROR, HARMLESS, VALUE, Attack, act

_OUT = ERROR | DENIED
_MODULES = (
    "subprocess", "socket", "ctypes", "sys", "os", "shutil", "pathlib", "importlib", "builtins", "pickle", "marshal", "threading",
    "multiprocessing", "signal", "gc", "inspect", "code", "io", "tempfile", "urllib.request", "http.client", "ssl", "_io", "_thread",
    "posix", "pty", "fcntl", "mmap", "resource", "site", "sysconfig", "pydantic_monty", "actwright", "__main__",
)  # fmt: skip


def _imported(name: str) -> Attack:
    code = act(f"import {name}\nreturn str({name})", imports="")
    return Attack(f"imports {name}", code, _OUT | HARMLESS | VALUE, front=True)


_SYSTEM = {
    "reads a file": "return open('/etc/passwd').read()",
    "reads its own environment": "import os\nreturn os.environ['ACTWRIGHT_TEST_SECRET']",
    "reads the environment by getenv": "import os\nreturn os.getenv('ACTWRIGHT_TEST_SECRET')",
    "reads the host's environment in proc": "return open('/proc/self/environ').read()",
    "lists a folder": "import os\nreturn os.listdir('/')",
    "runs a command": "import os\nreturn os.system('id')",
    "runs a command by popen": "import os\nreturn os.popen('id').read()",
    "forks": "import os\nreturn os.fork()",
    "replaces itself": "import os\nos.execv('/bin/sh', ['sh'])",
    "kills": "import os\nos.kill(1, 9)",
    "reads through pathlib": "from pathlib import Path\nreturn Path('/etc/passwd').read_text()",
    "writes through pathlib": "from pathlib import Path\nreturn Path('/tmp/x').write_text('x')",
    "looks whether a path exists": "import os\nreturn os.path.exists('/etc/passwd')",
    "climbs out with a relative path": "return open('../../../../etc/passwd').read()",
    "makes a folder": "import os\nos.mkdir('/tmp/made')",
    "removes a file": "import os\nos.remove('/etc/hostname')",
    "asks for the real time": "import os\nreturn os.times()",
    "asks for system randomness": "import os\nreturn os.urandom(8)",
    "changes its folder": "import os\nos.chdir('/etc')\nreturn open('passwd').read()",
    "exits the host": "import sys\nsys.exit(3)",
    "reads the modules there are": "import sys\nreturn list(sys.modules)",
    "lifts its own recursion limit": "import sys\nsys.setrecursionlimit(10**9)\nreturn 1",
    "writes on the host's output": "import sys\nsys.stdout.write('x')\nsys.stderr.write('y')\nreturn 1",
}
_WALKS = {
    "walks to all classes": "return str(().__class__.__base__.__subclasses__())",
    "walks along the resolution order": "return str(''.__class__.__mro__[1].__subclasses__())",
    "walks to a function's globals": "return str(act.__globals__)",
    "walks to a function's code": "return str(act.__code__.co_consts)",
    "walks to a closure": "return str((lambda: handle).__closure__)",
    "walks from a module to its builtins": "return str(org.__builtins__)",
    "walks from a module to its dict": "return str(org.__dict__)",
    "walks from a capability to its function": "return str(org.query.__func__)",
    "walks from a capability to its globals": "return str(org.query.__globals__)",
    "walks a traceback's frame": "try:\n    1/0\nexcept ZeroDivisionError as e:\n    return str(e.__traceback__.tb_frame.f_back.f_globals)",
    "walks an exception's context": "try:\n    1/0\nexcept ZeroDivisionError as e:\n    return str(e.__context__)",
    "asks for an attribute by name": "return str(getattr(org, '__dict__'))",
    "asks for an attribute by a made-up name": "return str(getattr((), '__cl' + 'ass__'))",
    "sets a capability": "setattr(org, 'query', lambda *a: 1)\nreturn org.query('X')",
    "overwrites a capability": "org.query = lambda *a: 1\nreturn org.query('X')",
    "imports by function": "return __import__('os').environ",
    "imports by the builtins' name": "return __builtins__['__import__']('os')",
    "evaluates text": "return eval('1+1')",
    "executes text": "exec('import os\\nx = os.environ')\nreturn 1",
    "compiles text": "return compile('1', 'x', 'eval')",
    "evaluates text out of text": 'return eval("__imp" + "ort__(\'os\').environ")',
    "asks for globals": "return str(globals())",
    "asks for locals": "return str(locals())",
    "asks for everything by dir": "return dir(org)",
    "asks for variables": "return str(vars(org))",
    "formats along an attribute": "return '{0.__class__}'.format(org)",
    "formats along attributes to globals": "return '{0.query.__globals__}'.format(org)",
    "formats by format_map": "return '{x.__class__}'.format_map({'x': org})",
    "formats a handle's value": "return '{0.value}'.format(handle)",
    "formats along an index": "return '{0[0].__class__}'.format([org])",
    "formats with an f-string": "return f'{org.__class__}'",
    "calls the type of a type": "return str(type(type(org)))",
    "makes a class by type": "return str(type('X', (), {'a': 1})().a)",
    "inherits from a type": "class X(dict):\n    pass\nreturn X()",
    "reaches a builtin's self": "return str(print.__self__)",
    "reduces a value": "return str((1).__reduce_ex__(2))",
    "breaks into the debugger": "breakpoint()",
    "asks a person": "return input('password? ')",
    "reads help": "help(org)",
    "uses a memory view": "return memoryview(b'x').obj",
    "awaits": "import asyncio\nasync def go():\n    return org.query('X')\nreturn asyncio.run(go())",
    "gathers calls": "import asyncio\nasync def go():\n    return await asyncio.gather(org.query('X'), org.query('Y'))\nreturn asyncio.run(go())",
}
_LINTED = frozenset(
    {"calls the type of a type", "makes a class by type", "overwrites a capability", "reads help"}
)

ATTACKS = [
    *map(_imported, _MODULES),
    *(
        Attack(name, act(body), _OUT | HARMLESS | VALUE, front=True)
        for name, body in _SYSTEM.items()
    ),
    *(
        Attack(name, act(body), _OUT | HARMLESS | VALUE, front=name not in _LINTED)
        for name, body in _WALKS.items()
    ),
]
