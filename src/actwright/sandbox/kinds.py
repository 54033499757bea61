"""The declared type of a parameter, held against the value that came."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from actwright.sandbox.values import Opaque

_NONE = type(None)
_EXACT: dict[str, tuple[type, ...]] = {
    "None": (_NONE,),
    "bool": (bool,),
    "int": (int,),
    "float": (float, int),
    "str": (str,),
    "Decimal": (Decimal,),
    "date": (date,),
    "datetime": (datetime,),
    "Opaque": (Opaque,),
    "dict": (dict,),
    "list": (list,),
    "tuple": (tuple,),
}
_Test = Callable[[object], bool]


@lru_cache(maxsize=1024)
def fits(kind: str, types: str = "") -> _Test:
    """Return the test whether a value is of a declared type.

    Args:
        kind: The type's text, as a stub has it.
        types: The stub text that declares the names it uses beside the built-in ones.

    Raises:
        ValueError: The text is no type this understands; a capability was declared wrongly.
    """
    return _Reader(types).test(ast.parse(kind, mode="eval").body)


class _Reader:
    """Reads types, with the names that stub text declares."""

    def __init__(self, types: str) -> None:
        self._classes: set[str] = set()
        self._names: dict[str, ast.expr] = {}
        for node in ast.parse(types).body:
            if isinstance(node, ast.ClassDef):
                self._classes.add(node.name)
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self._names[node.targets[0].id] = node.value

    def test(self, node: ast.expr) -> _Test:
        """Return the test of one type.

        Raises:
            ValueError: It is none this understands.
        """
        match node:
            case ast.BinOp(op=ast.BitOr()):
                return _either((self.test(node.left), self.test(node.right)))
            case ast.Subscript(value=ast.Name(id="Literal")):
                return _literal(ast.literal_eval(_tuple_of(node.slice)))
            case ast.Subscript(value=ast.Name(id=name)):
                return self._generic(name, _parts(node.slice))
            case ast.Name(id=name) | ast.Constant(value=str(name)):
                return self._named(name)
            case ast.Constant(value=None):
                return self._named("None")
        raise ValueError(f"no type: {ast.unparse(node)}")

    def _named(self, name: str) -> _Test:
        if name in {"Any", "object"}:
            return lambda _: True
        if name in self._names:
            return self.test(self._names[name])
        if name in self._classes:
            return _exactly((dict,))
        if name in _EXACT:
            return _exactly(_EXACT[name])
        raise ValueError(f"no type is declared as {name}")

    def _generic(self, name: str, parts: list[ast.expr]) -> _Test:
        if name == "list":
            return _each(list, self.test(parts[0]))
        if name == "dict":
            inner = self.test(parts[1])
            return lambda value: type(value) is dict and all(map(inner, value.values()))
        if name == "tuple" and len(parts) == 2 and isinstance(parts[1], ast.Constant):  # noqa: PLR2004 - tuple[T, ...]
            return _each(tuple, self.test(parts[0]))
        if name == "tuple":
            return _fixed(tuple(self.test(each) for each in parts))
        raise ValueError(f"no type takes parameters as {name}")


def _exactly(kinds: tuple[type, ...]) -> _Test:
    return lambda value: type(value) in kinds


def _either(tests: tuple[_Test, ...]) -> _Test:
    return lambda value: any(test(value) for test in tests)


def _each(kind: type, inner: _Test) -> _Test:
    return lambda value: type(value) is kind and all(inner(each) for each in value)  # type: ignore[attr-defined] # list or tuple


def _fixed(tests: tuple[_Test, ...]) -> _Test:
    def test(value: object) -> bool:
        if type(value) is not tuple or len(value) != len(tests):
            return False
        return all(inner(each) for inner, each in zip(tests, value, strict=True))

    return test


def _literal(values: tuple[object, ...]) -> _Test:
    allowed = {(type(each), each) for each in values}
    return lambda value: type(value) in {str, int, bool, _NONE} and (type(value), value) in allowed


def _parts(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


def _tuple_of(node: ast.expr) -> ast.Tuple:
    return ast.Tuple(elts=_parts(node), ctx=ast.Load())
