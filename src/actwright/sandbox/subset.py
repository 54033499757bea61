"""The Python that runs inside: what may be imported, which names exist, and what to write instead of the rest."""

from __future__ import annotations

import ast
from typing import Final

IMPORTABLE: Final[dict[str, frozenset[str] | None]] = {
    "base64": None,
    "bisect": None,
    "collections": frozenset({"Counter", "defaultdict", "deque", "namedtuple"}),
    "copy": None,
    "csv": None,
    "datetime": frozenset({"date", "datetime", "time", "timedelta", "timezone"}),
    "decimal": None,
    "functools": frozenset({"cache", "lru_cache", "partial", "reduce"}),
    "hashlib": None,
    "itertools": None,
    "json": None,
    "math": None,
    "random": None,
    "re": None,
    "typing": frozenset(
        {
            *("Any", "Callable", "Dict", "Iterable", "Iterator", "List", "Literal", "Mapping"),
            *("Optional", "Sequence", "Set", "Tuple", "Union"),
        }
    ),
    "unicodedata": None,
}
"""The standard modules code may import, and what of them where not everything is there or of use."""

_FUNCTIONS: Final = (
    *(
        "abs",
        "all",
        "any",
        "bin",
        "chr",
        "divmod",
        "enumerate",
        "filter",
        "format",
        "hash",
        "hex",
        "isinstance",
        "iter",
    ),
    *(
        "len",
        "map",
        "max",
        "min",
        "next",
        "oct",
        "ord",
        "pow",
        "print",
        "range",
        "repr",
        "reversed",
        "round",
        "slice",
    ),
    *("sorted", "sum", "zip", "NotImplemented", "Ellipsis"),
)
_TYPES: Final = (
    "bool",
    "bytes",
    "complex",
    "dict",
    "float",
    "frozenset",
    "int",
    "list",
    "set",
    "str",
    "tuple",
    "type",
)
_ERRORS: Final = (
    *(
        "ArithmeticError",
        "AssertionError",
        "AttributeError",
        "BaseException",
        "Exception",
        "FileExistsError",
    ),
    *(
        "FileNotFoundError",
        "ImportError",
        "IndexError",
        "IsADirectoryError",
        "KeyError",
        "LookupError",
        "MemoryError",
    ),
    *(
        "ModuleNotFoundError",
        "NameError",
        "NotADirectoryError",
        "NotImplementedError",
        "OSError",
        "OverflowError",
    ),
    *(
        "PermissionError",
        "RecursionError",
        "RuntimeError",
        "StopIteration",
        "SyntaxError",
        "SystemExit",
    ),
    *("KeyboardInterrupt", "TimeoutError", "TypeError", "UnboundLocalError", "UnicodeDecodeError"),
    *("UnicodeEncodeError", "ValueError", "ZeroDivisionError"),
)

BUILTINS: Final = frozenset((*_FUNCTIONS, *_TYPES, *_ERRORS))
"""The built-in names code may use."""

BANNED_NAMES: Final = {
    "eval": "Write the expression itself.",
    "exec": "Write the statements themselves.",
    "compile": "Write the code itself.",
    "getattr": "Name the attribute: value.name, or use a dict.",
    "setattr": "Use a dict.",
    "delattr": "Use a dict.",
    "hasattr": "Use a dict and `in`.",
    "globals": "Use local variables.",
    "locals": "Use local variables.",
    "vars": "Use local variables.",
    "dir": "Name what is needed.",
    "open": "There are no files; use what the capabilities return.",
    "input": "Nobody is there to answer; take an argument.",
    "super": "Write functions instead of classes.",
    "object": "Write functions and dicts instead of classes.",
    "property": "Write a function.",
    "staticmethod": "Write a function.",
    "classmethod": "Write a function.",
    "issubclass": "Use isinstance.",
    "callable": "Call it, or do not.",
    "bytearray": "Use bytes or a list.",
    "memoryview": "Use bytes.",
    "breakpoint": "Use print.",
    "exit": "Use return.",
    "quit": "Use return.",
    "id": "Compare values.",
    "__import__": "Write an import statement at the top.",
}
"""Built-in names code may not use, and what to do instead."""

BANNED_SYNTAX: Final[dict[type[ast.AST], tuple[str, str]]] = {
    ast.ClassDef: ("a class", "Use functions, dicts, and namedtuple."),
    ast.Yield: ("yield", "Build a list and return it."),
    ast.YieldFrom: ("yield from", "Build a list and return it."),
    ast.Delete: ("del", "Build a new list or dict without it, or use pop."),
    ast.Global: ("global", "Take an argument and return the result."),
    ast.Nonlocal: ("nonlocal", "Take an argument and return the result."),
    ast.AsyncFunctionDef: ("async def", "Calls are answered at once; write def."),
    ast.Await: ("await", "Calls are answered at once; leave it out."),
    ast.AsyncFor: ("async for", "Write for."),
    ast.AsyncWith: ("async with", "Nothing inside needs it."),
    ast.With: ("with", "Nothing inside needs it."),
    ast.TryStar: ("except*", "Write except."),
}
"""Syntax that is refused, what it is called, and what to write instead."""

BANNED_METHODS: Final = {
    "format": "Write an f-string.",
    "format_map": "Write an f-string.",
}
"""Methods through which a text could walk along attributes."""
